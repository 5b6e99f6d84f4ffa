"""Functions with loops and branches that are called in loops: helpers that return early, write, close over names, return tuples."""

from __future__ import annotations

import math
from functools import partial, reduce

import numpy as np

from . import program
from .samples import positive, wave

LIMIT = 1.1
OFFSETS = [0.3, -0.2, 0.5]


def series(x, terms, base=1.0):
    total, term = base, base
    for k in range(1, terms + 1):
        term = term * x / k
        if abs(term) < 1e-3:
            break
        total += term
    return total


def piecewise(v):
    if v < -0.5:
        return 0.2 * v
    if v < LIMIT:
        return v * v
    return math.sqrt(v)


def root(a, start=1.0, *, rounds=3):
    r = start
    for _ in range(rounds):
        if r * r > 4.0 * a:
            return 0.5 * r
        r = 0.5 * (r + a / r)
    return r


def split(v, k):
    if k % 2:
        return v * 0.5, v * v
    return v - 1.0, math.sin(v)


def smooth(y, rate):
    for i in range(1, len(y)):
        y[i] += rate * (y[i - 1] - y[i])


def first_above(values, limit):
    for i, v in enumerate(values):
        if v > limit:
            return i, v
    return -1, limit


def matrix_vector(a, x):
    y = np.zeros(a.shape[0])
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            y[i] += a[i, j] * x[j]
    return y


@program((0.7, 4), (2.0, 3), (0.01, 2), (0.7, 0), (1.2, 1))
def helper_with_a_loop_in_a_loop(x, n):
    total = x
    for k in range(n):
        total += series(x, k + 1) / (k + 1)
    return total * series(x, terms=n, base=0.5)


@program((0.7, 5), (-0.9, 5), (2.4, 3), (0.1, 0), (1.5, 1))
def helper_with_early_returns(x, n):
    y = x
    for k in range(n):
        y = piecewise(y + OFFSETS[k % 3]) - 0.3 * piecewise(x)
    return y + piecewise(2.0 * x)


@program((3.0, 0.2), (0.05, 1.4), (12.0, 0.9), argnums=(0, 1))
def helper_with_defaults_and_keywords(a, b):
    total = 0.0
    for rounds in range(3):
        total += root(a, rounds=rounds) * root(b, start=a)
        if total > 5.0:
            total -= root(a + b, 2.0, rounds=rounds + 1)
    return total


@program((0.7, 4), (1.9, 5), (0.2, 1), (0.2, 0))
def helper_that_returns_a_tuple(x, n):
    total = x
    for k in range(n):
        a, b = split(x, k)
        pair = split(b, k + 1)
        x = pair[0] if pair[1] > a else pair[1] + 0.1 * a
        total += a * b
    return total + x


@program((wave(5), 0.3, 3), (positive(2), 0.9, 1), (wave(4), 0.4, 0), (wave(3, dtype=np.float32), 0.2, 2), argnums=(0, 1))
def helper_that_writes(x, rate, rounds):
    y = x.copy()
    for k in range(rounds):
        smooth(y, rate)
        smooth(y[::-1], rate * 0.5)
        if k == 1:
            smooth(y[1:3], -rate)
    return np.sum(y**2 * x)


@program((wave(5), 0.4), (wave(5), 5.0), (positive(3), 1.2), (wave(1), 0.1), argnums=(0, 1))
def helper_that_searches(values, limit):
    total, start = 0.0, 0
    while start < len(values):
        place, found = first_above(values[start:], limit)
        if place < 0:
            total += found
            break
        total += found**2 * (place + 1)
        start += place + 1
    return total


@program((0.4 * wave(3, 3), wave(3), 3), (0.4 * wave(2, 2), positive(2), 1), (wave(2, 2), wave(2), 0), argnums=(0, 1))
def helper_with_two_loops_and_its_own_array(a, x, steps):
    for _ in range(steps):
        y = matrix_vector(a, x)
        x = y + 0.5 * matrix_vector(a.T, np.tanh(y))
    return x @ x + x[0]


@program((0.7, 4), (1.4, 2), (0.2, 1), (0.2, 0))
def closures_made_before_the_loop(x, n):
    def step(v, k):
        if k % 2:
            return v * x
        return v + 0.2 * math.cos(v * x)

    scale = lambda v: v / (1.0 + x * x)
    y = 0.5
    for k in range(n):
        y = scale(step(y, k)) + step(x, k + 1)
    return y * x


@program((0.7, 4), (1.4, 2), (0.2, 1), (0.2, 0))
def closures_made_in_the_loop(x, n):
    total, functions = x, []
    for k in range(n):
        weight = x**k
        f = lambda v, k=k: v * weight + k
        if k != 1:
            functions.append(f)
        total = f(total) * 0.5
    for f in functions:
        total += 0.1 * f(x)
    return total


@program((0.7, 4), (1.4, 2), (2.6, 3), (0.2, 0))
def closure_that_counts_and_writes(x, n):
    history, count = np.zeros(n + 1), 0
    history[0] = x

    def push(v):
        nonlocal count
        count += 1
        history[count] = v * history[count - 1] if v < 2.0 else v
        return count

    for k in range(n):
        if push(x + 0.3 * k) > 3:
            break
    return np.sum(history**2) + count * history[count]


@program((0.9, 3), (1.6, 2), (0.3, 1), (0.3, 0))
def functions_as_arguments(x, n):
    def repeat(f, v, times):
        for _ in range(times):
            v = f(v)
            if v > 3.0:
                return v / 2
        return v

    total = 0.0
    for k in range(n + 1):
        total += repeat(lambda v: v * x + 0.1 * k, x, k)
        total += repeat(math.sin, total, n)
    return total + repeat(piecewise, x, n)


@program((0.9, 3), (-1.6, 4), (0.3, 1), (0.3, 0))
def function_chosen_in_the_loop(x, n):
    table = {"grow": lambda v: 1.2 * v + 0.1, "wave": math.sin}
    name, total = "grow", x
    for k in range(n):
        f = table[name] if total < 1.0 else partial(root, rounds=k)
        total = f(total) + 0.2 * x
        name = "wave" if total > 0.5 else "grow"
    return total * x


@program((0.9, 3), (1.6, 4), (0.3, 1), (0.3, 0))
def recursion_in_a_loop(x, n):
    def descend(v, depth):
        if depth == 0 or v < 0.1:
            return v
        total = 0.0
        for k in range(2):
            total += 0.6 * descend(v * math.cos(x) - 0.1 * k, depth - 1)
        return total

    y = x
    for depth in range(n):
        y += descend(y, depth)
    return y


@program((wave(5), 3), (positive(2), 1), (wave(3), 0), argnums=0)
def generators_and_comprehensions_in_a_loop(values, n):
    def pairs(v):
        for i in range(len(v) - 1):
            if v[i] < v[i + 1]:
                yield v[i] * v[i + 1]

    total = values[0] ** 2
    for k in range(n):
        total += sum(pairs(values[k % len(values) :]))
        total += sum([v**k for v in values if v > 0]) + reduce(lambda a, b: a * 0.5 + b, values[: k + 1])
        values = values * 0.9
    return total


@program((0.3, 1.2, 6), (1.1, 0.4, 1), (0.7, 0.9, 0), argnums=(0, 1))
def runge_kutta_of_two_equations(p, q, steps):
    def slope(p, q):
        return q, (1.0 - p * p) * q - p

    h = 0.2
    for _ in range(steps):
        a, b = slope(p, q)
        c, d = slope(p + h / 2 * a, q + h / 2 * b)
        e, f = slope(p + h / 2 * c, q + h / 2 * d)
        g, i = slope(p + h * e, q + h * f)
        p, q = p + h / 6 * (a + 2 * c + 2 * e + g), q + h / 6 * (b + 2 * d + 2 * f + i)
        if p > 1.5:
            q = -0.5 * q
    return p * p + p * q


@program((0.3, 2.0, 3), (1.1, 1.4, 1), (0.5, 0.5, 2), argnums=(0, 1))
def simpson_of_an_integral(a, b, panels):
    def integral(f, low, high):
        h = (high - low) / (2 * panels)
        total = f(low) + f(high)
        for k in range(1, 2 * panels):
            total += (4 if k % 2 else 2) * f(low + k * h)
        return total * h / 3

    def inner(t):
        return integral(lambda s: math.exp(-s * t), a, t) if t > 0.6 else t * a

    return integral(inner, a, b) + a * b
