"""Functions that native code calls by name, of one element each. Numba compiles them into what calls them.

They are plain Python: the same text runs where nothing is compiled.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np


def larger(x: Any, y: Any) -> Any:
    """The larger of two numbers, as `np.maximum`: NaN if one of them is."""
    return x if x > y or x != x else y


def smaller(x: Any, y: Any) -> Any:
    """The smaller of two numbers, as `np.minimum`: NaN if one of them is."""
    return x if x < y or x != x else y


def larger_number(x: Any, y: Any) -> Any:
    """As `np.fmax`: the other where one is NaN."""
    return x if x >= y or y != y else y


def smaller_number(x: Any, y: Any) -> Any:
    """As `np.fmin`: the other where one is NaN."""
    return x if x <= y or y != y else y


def sign(x: Any) -> Any:
    """As `np.sign` of a real number."""
    return x if x != x else x * 0 + 1 if x > 0 else x * 0 - 1 if x < 0 else x * 0


def heaviside(x: Any, h0: Any) -> Any:
    """As `np.heaviside`."""
    return x if x != x else 0.0 if x < 0 else 1.0 if x > 0 else h0


def sinc(x: Any) -> Any:
    """As `np.sinc`."""
    y = math.pi * (x if x else 1.0e-20)
    return math.sin(y) / y


def logaddexp2(x: Any, y: Any) -> Any:
    """As `np.logaddexp2`."""
    return np.logaddexp(x * math.log(2.0), y * math.log(2.0)) / math.log(2.0)


def ratio_or_zero(a: Any, b: Any) -> Any:
    """`a / b`, and 0 where `b` is 0."""
    return a / b if b != 0 else a * 0.0


def share(c: Any, chosen: Any, tie: Any) -> Any:
    """The number `c` where `chosen` holds, half of it where `tie` holds as well, and 0 elsewhere, also for an infinite `c`."""
    return (0.5 * c if tie else c) if chosen else c * 0.0 if c * 0.0 == 0.0 else 0.0


def power_slope(factor: Any, p: Any) -> Any:
    """A product in which 0 times anything is 0."""
    return factor * p if factor != 0 and p != 0 else 0.0


def grown(stack: Any) -> Any:
    """A stack with room for twice as many values."""
    longer = np.empty((2 * stack.shape[0] + 16, *stack.shape[1:]), stack.dtype)
    longer[: stack.shape[0]] = stack
    return longer


def slice_start(start: Any, length: Any) -> Any:
    """Where a slice from `start` on begins in an axis of a length."""
    return max(start + length, 0) if start < 0 else min(start, length)


def wrapped(place: Any, length: Any) -> Any:
    """A place in an axis of a length, where one below zero is counted from the end."""
    return place + length if place < 0 else place


def inside(places: Any, length: Any) -> bool:
    """Whether all places are in an axis of a length."""
    for place in places.flat:
        if not -length <= place < length:
            return False
    return True


def products_of_others(values: Any) -> Any:
    """For each entry of a vector the product of all the others; zeros are no exception."""
    found = np.ones(values.shape[0])
    running = 1.0
    for i in range(values.shape[0]):
        found[i] = running
        running *= values[i]
    running = 1.0
    for i in range(values.shape[0] - 1, -1, -1):
        found[i] *= running
        running *= values[i]
    return found


def cofactors_of_regular(matrix: Any) -> Any:
    """The determinant times the inverse, transposed; no rows where the matrix is too ill conditioned for that to be exact."""
    determinant = np.linalg.det(matrix)
    if determinant == 0.0:
        return np.empty((0, 0))
    inverse = np.linalg.inv(matrix)
    if not np.sqrt(np.sum(matrix * matrix)) * np.sqrt(np.sum(inverse * inverse)) < 1e4:
        return np.empty((0, 0))
    return np.ascontiguousarray(determinant * inverse.T)
