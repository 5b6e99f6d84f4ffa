"""Branches and loops: early exits, `else` of a loop, nesting, trip counts that the values decide."""

from __future__ import annotations

import math

import numpy as np

from . import program
from .samples import positive, wave


@program((3.0, 2.0), (1.0, 2.0), (-0.5, -1.5), argnums=(0, 1))
def article_loop_and_branch(a: float, b: float) -> float:
    c: float = 0.0
    if a > b:
        for i in range(10):
            c += a * i
    else:
        c = a * b
    return c


@program((-2.0,), (0.3,), (1.5,), (4.0,), (9.0,))
def elif_ladder(x):
    if x < -1:
        y = x**2
    elif x < 1:
        y = math.sin(x)
        if x > 0:
            y = y + x**3
    elif 1 <= x < 3:
        y = math.log(x)
    elif x > 8.0:
        y = 1.0 / x
    else:
        y = -x
    return 3 * y + x


@program((0.5, 0), (0.5, 1), (0.5, 7), (-1.5, 3))
def power_series(x, terms):
    total, term = 1.0 + 0.1 * x, 1.0
    for k in range(1, terms + 1):
        term = term * x / k
        total += term
    return total


@program((1.7,), (0.2,), (50.0,))
def sqrt_by_newton_with_break(a):
    guess = 0.5 * (1.0 + a)
    for _ in range(60):
        better = 0.5 * (guess + a / guess)
        if abs(better - guess) < 1e-13 * abs(guess):
            guess = better
            break
        guess = better
    return guess * a


@program(
    (wave(7),),
    (positive(4),),
    (-positive(3),),
    (wave(5, dtype=np.float32),),
)
def continue_skips_negatives(values):
    total = 0.0
    for i, v in enumerate(values):
        if v < 0:
            continue
        if v > 1.2 and i % 2 == 0:
            total += v
            continue
        total += v**2 * (i + 1)
    return total + 0.5 * values.sum()


@program((wave(6), 0.5), (wave(6), 5.0), (positive(3), 0.9), argnums=(0, 1))
def for_else_search(values, threshold):
    for v in values:
        if v > threshold:
            found = v * v
            break
    else:
        found = threshold * 3.0 + values[0]
    return found * threshold


@program((2.0, 20), (2.0, 3), (0.5, 20), argnums=0)
def while_else_budget(x, budget):
    n = 0
    while n < budget:
        x = 1.1 * x + 0.3 * math.cos(x)
        if x > 10.0:
            x = x / 3
            break
        n += 1
    else:
        x = x**2 - n * x
    return x


@program((wave(3, 4),), (positive(2, 2),), (wave(1, 5, dtype=np.float32),))
def nested_loops_with_breaks(grid):
    rows, cols = grid.shape
    total = 0.0
    for i in range(rows):
        for j in range(cols):
            if grid[i, j] > 1.2:
                break
            if grid[i, j] < -1.2:
                continue
            total += grid[i, j] * (i + 1) / (j + 1)
        else:
            total *= 1.5
            continue
        total -= math.cos(grid[i, 0])
    return total


@program((0.5, 1.2), (2.0, 1.2), (-1.0, 1.2), (2.0, -3.0), argnums=(0, 1))
def early_returns(x, y):
    if x < 0:
        return y * math.exp(x)
    if y < 0:
        for k in range(4):
            x = x - 0.1 * y
            if x > 2.5:
                return x * y + k
    if x > 1:
        return x / y
    return x * y


@program((1.4, 0.3), (1.4, 4.7), (6.0, 0.2), argnums=(0, 1))
def return_inside_while_true(x, rate):
    step = 0
    while True:
        x = x * (1 - 0.2 * rate) + 0.1
        step += 1
        if x < 0.5:
            return x - step
        if step >= 6:
            return x**2


@program((2.5, 5), (0.3, 1), (1.1, 0))
def recursion_power(x, n):
    if n == 0:
        return 1.0 + 0.0 * x
    half = recursion_power(x, n // 2)
    return half * half * x if n % 2 else half * half


@program((0.4, 6), (1.3, 3), argnums=0)
def recursion_fibonacci_like(x, n):
    def fib(k):
        if k < 2:
            return x if k else math.cos(x)
        return fib(k - 1) * 0.7 + fib(k - 2) / x

    return fib(n)


@program((7.0, 0.4), (2.2, 1.7), argnums=(0, 1))
def mutual_recursion(x, damping):
    def shrink(v, depth):
        return v if v < 1.0 or depth > 8 else twist(v / 2, depth + 1)

    def twist(v, depth):
        return shrink(v - damping * math.sin(v) * 0.5, depth + 1) * 1.25

    return shrink(x, 0) * damping


@program((12.3,), (27.9,), (0.9,))
def collatz_like_trip_count(x):
    count = 0
    while x > 1.5 and count < 30:
        if int(x) % 2 == 0:
            x = x / 2
        else:
            x = (3 * x + 1) / 4 - 0.3 if x > 6 else x / 3
        count += 1
    return x * (1 + count)


@program((1.2, 0.8), (-1.2, 0.8), argnums=(0, 1))
def variable_defined_in_one_branch(x, y):
    if x > 0:
        scale = y**2
        offset = 1.0
    else:
        scale = 2.0
    total = scale * x
    if x > 0:
        total = total + offset * y
    return total


@program((0.9, 10, 2), (0.9, 2, 10), (1.4, -3, 5))
def range_with_start_stop_step(x, start, stop):
    direction = 2 if stop > start else -3
    total = x
    for k in range(start, stop, direction):
        total = total * 0.9 + math.sin(k * x)
    for k in reversed(range(3)):
        total += x**k / (1 + k)
    return total


@program((2.0, 1.0), (0.4, 0.9), (0.4, -0.9), argnums=(0, 1))
def flags_decide_later(x, y):
    big = x > 1.0
    mixed = not big and y > 0
    total = 0.0
    for k in range(4):
        if big and k % 2:
            total += x * y
            big = total < 3.0
        elif mixed or k == 3:
            total -= x / (y + 2.0)
    return total if total > 0 else total * x


@program((0.3, 12), (2.9, 12), (1.0, 0))
def loop_after_loop_reuses_names(x, n):
    y = x
    for i in range(n):
        if y > 4.0:
            break
        y = y * 1.3 + 0.1
    stopped = i if n else -1
    for i in range(stopped + 1):
        y = y - x / (i + 2)
    return y * (stopped + 2)


@program((wave(4),), (positive(4),), (-positive(6),))
def pass_and_empty_bodies(x):
    total = 0.0
    for v in x:
        if v > 1.0:
            pass
        elif v > 0.0:
            total += v
        else:
            total += v * v
        while False:
            total = 0.0
    for _ in []:
        total = -1.0
    return total + x[0] * x[-1]
