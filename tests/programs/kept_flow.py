"""Conditions in the midst of expressions, `try`, `with`, `match` and assignments in expressions, in loops, branches and helpers."""

from __future__ import annotations

import contextlib
import math

import numpy as np

from . import program
from .samples import positive, wave


class TooFar(ValueError):
    pass


class Doubling:
    """Doubles its factor while it is entered, and tells what it has met."""

    def __init__(self, factor):
        self.factor, self.left = factor, 0.0

    def __enter__(self):
        self.factor = self.factor * 2.0
        return self

    def __exit__(self, kind, error, trace):
        self.factor = self.factor / 2.0
        self.left = 1.0 if kind is None else 3.0
        return kind is TooFar


def root_within(x, limit):
    if x > limit:
        raise TooFar(limit)
    return math.sqrt(x)


# Conditions inside expressions


@program((0.3, 1.2, -0.4), (2.3, 1.1, 0.4), (0.1, 0.2, 0.3), argnums=(0, 1, 2))
def sorted_in_a_loop(x, y, z):
    for k in range(3):
        low, _, high = sorted((x, y * z, z + 0.3 * k), key=lambda v: -v)
        x, y = low * high, y + 0.5 * low
    return x * y + min((x, y, z), key=lambda v: (v - 0.5) ** 2)


@program((0.3, 4), (1.3, 6), (-0.3, 3))
def filtered_in_a_helper(x, n):
    def kept(*values):
        return sum(v for v in values if 0.1 < v < 2.0) + (0.0 if all(v > 0.2 for v in values) else x)

    total = 0.0
    for k in range(n):
        total = total + kept(x * k, x + 0.2, total * 0.5) * (2.0 if any(v > 1.0 for v in (x, total)) else 0.7)
    return total


@program((0.3, 0.7), (1.3, 0.7), (1.3, -0.7), (-1.0, -2.0), argnums=(0, 1))
def looked_up_by_a_condition(x, y):
    table = {(True, True): x * y, (True, False): x, (False, True): y * y, (False, False): x - y}
    return table[x > 0.5, y > 0.0] * [x, y * 3.0][x > y] + (not x > 1.0) * x + (x > 0.2) * y


@program((0.4,), (1.4,), (-0.4,))
def values_of_and_and_or(x):
    return x * (x or 1.0) + (x > 1.0 and x * 3.0 or x) + (0.0 < x < 1.0) * x


# Assignments inside expressions


@program((0.9, 3), (2.9, 5), (0.2, 0))
def assigned_in_the_condition_of_a_loop(x, n):
    total, steps = 0.0, 0
    while (steps := steps + 1) <= n and (y := x * steps) < 6.0:
        if (half := y / 2.0) > 1.5:
            continue
        total += half * x
    else:
        total = total + steps
    return total * x + [w := x * x, w * 2.0][1]


# Exceptions


@program((0.5, 5), (1.7, 5), (4.2, 2), (0.5, 0))
def raised_in_a_helper_and_caught_in_a_loop(x, n):
    total = x
    for k in range(n):
        try:
            total = total + root_within(x * k + 0.1, 4.0)
            if total > 9.0:
                raise TooFar(total)
        except TooFar as error:
            total = total * 0.25 + error.args[0]
            if total > 3.0:
                break
        else:
            total = total * 0.9
        finally:
            total = total + 0.01 * k
    return total * x


@program((0.5, 2.0), (-0.5, 2.0), (0.5, 0.0), (-0.3, 0.0), argnums=0)
def two_ways_to_raise(x, divisor):
    def inverse(v):
        try:
            return math.log(v) / divisor
        except ZeroDivisionError:
            return v * 5.0
        except ValueError:
            return v * v - 1.0

    return inverse(x) + inverse(x + 1.0) * inverse(-x)


@program((wave(4), 2), (wave(4), 4), (wave(4), -5), (wave(4), -1))
def index_outside(x, k):
    try:
        y = x[k] * 2.0
    except IndexError:
        y = x[0] ** 2
    return y * np.sum(x)


@program((0.6,), (1.4,), (2.6,))
def returned_from_a_try_with_finally(x):
    log = [0.0]

    def inner(v):
        for k in range(4):
            try:
                if v * k > 3.0:
                    return v * k
                if v > 2.0:
                    continue
            finally:
                log[0] = log[0] + v
        return v

    return inner(x) * 2.0 + inner(x * 2.0) + log[0]


@program((0.5,), (1.5,), (2.5,))
def raised_again_from_within(x):
    def inner(v):
        try:
            if v > 1.0:
                raise KeyError(v)
            return v
        except KeyError as error:
            if v > 2.0:
                raise ValueError(v * v) from error
            raise

    try:
        return inner(x) + inner(x * 0.9)
    except KeyError as error:
        return error.args[0] * 3.0
    except ValueError as error:
        return error.args[0] + error.__cause__.args[0]


# Contexts


@program((0.5, 3), (1.5, 4), (2.5, 4))
def contexts_in_a_loop(x, n):
    total, scale = 0.0, Doubling(x)
    for k in range(n):
        with scale as twice, contextlib.nullcontext(0.5) as half:
            if twice.factor * k > 7.0:
                raise TooFar
            total = total + twice.factor * half * k
            if total > 5.0:
                break
        total = total + scale.left
    return total * scale.factor + scale.left


@program((0.5,), (1.5,), (-1.5,))
def returned_from_within_a_context(x):
    scale = Doubling(x)

    def inner(v):
        with scale:
            if v > 1.0:
                return v * scale.factor
            v = v * v
        return v + scale.factor

    return inner(x) + scale.left * x


# Patterns


@program((0.5, 4), (1.5, 5), (-0.5, 3), (1.5, 0))
def patterns_in_a_loop(x, n):
    state, y = ("go", x), x
    for k in range(n):
        match (y, k % 2 == 0):
            case (v, True) if v > 2.0:
                y = v - 1.5
            case (v, False) if (w := v * x) < 0.0:
                y = -w
                continue
            case (v, flag):
                y = v * 1.2 + (0.1 if flag else x)
        match {"y": y, "kind": state[0]}:
            case {"kind": "stop"}:
                return y
            case {"y": float(v)} if v > 3.0:
                break
    return y * x


@program((positive(3),), (positive(5),))
def patterns_over_rows(x):
    def area(shape):
        match shape:
            case ["square", a]:
                return a * a
            case ["box", a, b] if a > b:
                return a * b
            case [_, *sides]:
                return sum(sides)

    return area(["square", x[0]]) + area(["box", x[0], x[1]]) * area(["box", x[1], x[0]]) + area(["other", x[0], x[1], x[2]])
