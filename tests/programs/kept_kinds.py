"""Variables that hold values of different kinds, by the way that was taken: None, texts, functions, tuples, numbers and arrays."""

from __future__ import annotations

import math

import numpy as np

from . import program
from .samples import positive, wave


class Last:
    """Remembers a value, if it was worth it."""

    def __init__(self):
        self.last = None

    def step(self, value):
        if self.last is not None and value < self.last:
            value = value + self.last
        self.last = value if value > 0.3 else None
        return value


@program((0.5, 2.0), (6.0, 2.0), argnums=(0, 1))
def nothing_or_a_number(x, y):
    scale = None if x > 5.0 else x * y
    if not scale:
        return x * y
    if scale is not None:
        x = x + scale**2
    return x


@program((0.65, 6), (1.4, 6), (2.9, 4), (0.5, 20), (0.7, 0))
def three_modes_in_turn(x, n):
    mode, y = "rise", x
    for _ in range(n):
        if mode == "rise":
            y = y * 1.3
            mode = "fall" if y > 2.0 else "rise"
        elif mode == "fall":
            y = y * x * 0.4
            if y < 0.3:
                mode = "end"
        else:
            break
    return y * {"rise": 1.0, "fall": x, "end": 3.0}[mode]


@program((0.5, -0.4), (-0.5, -2.0), (-3.0, 1.0), argnums=(0, 1))
def three_kinds_from_a_helper(x, y):
    def pick(c):
        if c > 0.0:
            return None
        if c > -1.0:
            return c * x
        return (c, y)

    total = 0.0
    for c in (x, y, x - y):
        p = pick(c)
        if p is None:
            continue
        total += p[0] * p[1] if isinstance(p, tuple) else p * p
    return total


@program((0.4, 5), (2.2, 5), (1.5, 10), (0.9, 0))
def found_in_a_loop_or_not(x, n):
    def first_above(limit):
        for k in range(n):
            if x * k > limit:
                return x * k, k

    pair = first_above(2.0)
    total = (first_above(1.0) or (x, 1))[0]
    if pair:
        value, place = pair
        total = total + value * place
    return total


@program((0.5, 5), (2.7, 3), (0.1, 7))
def functions_change_places(x, n):
    op, wave_of = max, math.sin
    for k in range(n):
        x = op(wave_of(x) * 1.3, 0.1 * k) + x
        op = min if op is max else max
        wave_of = math.cos if x > 1.0 else (lambda v: v * v)
    return wave_of(x) + op(x, x * x)


@program((0.5, 5), (2.5, 3), (0.1, 7), (1.3, 12))
def attribute_that_is_there_at_times(x, n):
    memory, total = Last(), 0.0
    for k in range(n):
        total = total + memory.step(math.sin(x * k + 0.2))
    return total + (x if memory.last is None else memory.last)


@program((wave(3), 3), (wave(3) * 2.0, 5), (positive(2), 4), (wave(3), 1))
def array_number_or_matrix(x, n):
    y, total = x, 0.0
    for _ in range(n):
        if np.sum(y) > 3.0:
            y = np.sum(y) * 0.1
        elif np.sum(y) < 1.0:
            y = x[:, None] * x * 3.0
        else:
            y = y * 1.7
        total = total + np.sum(y * x)
    return total + np.max(y)


@program((wave(3), 4), (positive(2), 3), (wave(3), 0), (wave(3), 1))
def array_that_comes_into_being(x, n):
    kept = None
    for k in range(n):
        if kept is None:
            kept = x * k
        elif x[0] * k > 0.3:
            kept = kept + x
            kept[0] = 1.0
        else:
            kept = None
    return np.sum(x) if kept is None else np.sum(kept * x)


@program((0.4,), (1.7,), (3.4,))
def known_from_a_condition(x):
    first = second = None
    if x > 1.0:
        first = x * 2.0
    if x > 3.0:
        second = (first, x)
    if first is None:
        first = x**3
    while second is None or second[1] < 5.0:
        second = (x, 1.0) if second is None else (second[0] * first, second[1] + 2.0)
    return first * second[0]
