"""Kept loops in functions whose state grows or lies elsewhere: variables of a function around, lists of unknown length, generators."""

from __future__ import annotations

import math

import numpy as np

from . import program
from .samples import positive, wave

# Variables of a function around


@program((0.7, 4), (1.4, 2), (2.6, 3), (0.2, 0))
def state_of_a_function_two_levels_out(x, n):
    total, late = x, 0.0

    def outer():
        def inner(k):
            nonlocal total, late
            total *= 1.0 + 0.1 * k * x
            late = total

        for i in range(n):
            inner(i)
            if total > 3.0:
                break
        return lambda: total * late

    read = outer()
    result = 0.0
    for _ in range(n):
        result += read()
        if result > 10.0:
            break
    return result + total


@program((0.7, 4), (1.4, 2), (2.6, 3), (0.2, 0))
def name_that_an_inner_function_makes(x, n):
    def put(v):
        nonlocal y
        y = v * x

    y = x
    for i in range(n):
        put(math.sin(x * i))
        if y < 0.0:
            put(-y)
    return y * x


@program((wave(3), 4), (positive(2), 1), (wave(5), 0), (wave(3, dtype=np.float32), 3), argnums=0)
def two_accumulators_of_one_kind(v, n):
    def accumulator(rate):
        held, count = np.zeros(len(v), v.dtype), 0

        def add(amount):
            nonlocal held, count
            held = held + rate * amount
            count += 1
            return held * count

        return add

    one, two = accumulator(2), accumulator(3)
    for k in range(n):
        last = one(v * (k + 1))
        two(last)
    return np.sum(one(v) * two(v))


# Lists that get longer and shorter


@program((0.7, 4), (1.4, 2), (2.6, 3), (0.2, 0))
def list_read_while_it_grows(x, n):
    ys = [x]
    for k in range(n):
        ys.append(ys[-1] + 0.1 * math.sin(ys[-1]) * ys[k])
    return ys[-1] * len(ys) + np.sum(np.array(ys) ** 2) + sum(ys)


@program((0.7, 7), (1.4, 2), (-0.6, 9), (0.2, 0), order=1)
def items_only_some_steps_append(x, n):
    kept, total = [], 0.0
    for k in range(n):
        if k % 3 == 1:
            continue
        if x * k > 9.0:
            break
        kept.append(x * k)
    for i, v in enumerate(kept):
        total += v * v / (i + 1)
    return total + max(kept) if kept else total


@program((0.7, 7), (1.4, 2), (-0.6, 5), (0.2, 0))
def stack_emptied_by_a_while(x, n):
    ys, total = [x, 2 * x], 0.0
    for k in range(n):
        ys.append(x * k)
    while ys:
        v = ys.pop()
        if v > 0.5 and len(ys) > 2:
            ys[0] = ys[0] + ys.pop()
        total += v * v
    return total


@program((wave(3), 4), (positive(2), 1), (wave(3, dtype=np.float32), 3), argnums=0)
def arrays_of_every_step_stacked(v, n):
    history, w = [v], v
    for _ in range(n):
        w = w + 0.1 * np.sin(w)
        history.append(w)
        history.append(w * history[-2])
    table = np.stack(history)
    return np.sum(table[1:] * table[:-1]) + np.sum(history[1] * history[-1])


def collect(f, x, n):
    values = []
    for k in range(n):
        values.append(f(x, k))
    return values


@program((0.7, 4), (1.4, 2), (2.6, 3), argnums=0)
def lists_from_a_helper_side_by_side(x, n):
    ones = collect(lambda v, k: v * k, x, n)
    twos = collect(lambda v, k: math.cos(v + k), x, n)
    total = 0.0
    for a, b in zip(ones, twos):
        total += a * b
    for k, a in enumerate(reversed(ones)):
        total += a * k
    return total + np.dot(ones, twos)


@program((wave(3, 3), 0.3), (positive(2, 2), 0.7), (wave(1, 1), 0.2), argnums=(0, 1))
def list_made_anew_in_each_step(a, x):
    total = 0.0
    for i in range(len(a)):
        row = []
        for j in range(i + 1):
            row.append(a[i, j] * x)
        row[i] = row[i] * row[0]
        total += np.sum(np.array(row) ** 2) + row[0]
    return total


TABLE = [0.1, -0.2, 0.3]


@program((0.7, 4), (1.4, 2), (2.6, 7), (0.2, 0))
def items_chosen_by_number(x, n):
    state, weights = [x, 2.0 * x, x * x], (x, 0.5 * x)
    for k in range(n):
        state[k % 3] += TABLE[(k + 1) % 3] * weights[k % 2]
        state[-1] = state[k % 2] * 0.5
    return state[0] * state[1] + state[2]


# Comprehensions and generators over ranges


@program((0.7, 4), (1.4, 2), (2.6, 3))
def comprehension_over_a_range(x, n):
    powers = [x**k for k in range(n)]
    odd = [p * k for k, p in enumerate(powers) if k % 2]
    pairs = [x * i + j for i in range(n) for j in range(i) if (i + j) % 3]
    return sum(powers) + powers[-1] * len(odd) + sum(odd) + sum(pairs)


@program((wave(4), wave(4)), (positive(3), positive(3)), (wave(5, dtype=np.float32), wave(5, dtype=np.float32)), argnums=(0, 1))
def generator_expressions_taken_by_functions(v, w):
    total = sum(a * b for a, b in zip(v, w))
    largest = max(a * b for a, b in zip(v, w)) - min(a for a in v)
    squares = np.array([a * a for a in v])
    signs = any(a > 1.0 for a in v) + 2 * all(b > -2.0 for b in w)
    return total * largest + np.sum(squares * w) * signs


@program((0.7, 4), (1.4, 2), (2.6, 3), (0.2, 0))
def sum_for_each_row_in_a_loop(x, n):
    y = np.zeros(n)
    for i in range(n):
        y[i] = x * i - sum(y[j] * (i - j) for j in range(i)) * 0.1
        y[i] += math.prod([1.0 + 0.1 * y[j] for j in range(i + 1)])
    return np.sum(y**2)


@program((0.7, 4), (1.4, 2), (2.6, 3), (0.2, 1))
def generator_inside_that_shares_state(x, n):
    scale, calls = 1.0, 0

    def terms(k):
        nonlocal scale, calls
        for i in range(k):
            scale *= x
            if scale > 9.0:
                return
            calls += 1
            yield scale / (i + 1)
        yield -x

    total = 0.0
    for term in terms(n):
        total += term * scale
        if total > 20.0:
            scale = 1.0
    return total + sum(terms(n)) * calls


def changes(values):
    before = 0.0
    for value in values:
        yield before, value
        before = value


def kept_low(values, limit):
    for value in values:
        if value > limit:
            yield limit
            continue
        yield value


@program((wave(4), 0.5), (positive(6), 1.5), argnums=(0, 1))
def generators_through_one_another(v, gain):
    total = 0.0
    for k, (a, b) in enumerate(changes(kept_low((x * gain for x in v), 0.4)), start=1):
        total += a * b * k
    return total + sum(list(kept_low(v, gain)))


def iterates(a, guess, rounds):
    for _ in range(rounds):
        yield guess
        guess = 0.5 * (guess + a / guess)


def first_close(a, tolerance, rounds):
    before = 0.0
    for guess in iterates(a, 1.0 + a, rounds):
        if abs(guess - before) < tolerance:
            return guess
        if guess > 50.0:
            break
        before = guess
    return before * 0.5


@program((2.0, 1e-6, 30), (9.0, 1e-2, 30), (0.3, 1e-6, 2), (60.0, 1e-2, 30), argnums=0)
def generator_left_early(a, tolerance, rounds):
    total = 0.0
    for k in range(3):
        total += first_close(a + k, tolerance, rounds) * (k + 1)
    return total


@program((0.7, 4), (1.4, 2), (2.6, 3), (0.2, 1))
def parts_of_lists(x, n):
    ys = [x * k + 1 for k in range(n)]
    total = sum(ys[1:]) + sum(ys[:-1]) * ys[-1] + sum(ys[::-1][1:3]) + np.sum(np.array(ys[-2:]))
    for a, b in zip(ys, ys[1:]):
        total += a * b
    return total * len(ys[1:])


@program((0.4, 3), (1.3, 7), (-0.6, 4), (0.4, 12))
def list_of_work_that_is_left(x, n):
    work, total = [x], 0.0
    while work and total < 50.0:
        v = work.pop()
        total += v * v
        if len(work) < n and v < 3.0:
            work.append(v * 1.5)
            work.append(v + 0.5)
    return total + (work[-1] if work and work[0] > 0.5 else x)
