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
