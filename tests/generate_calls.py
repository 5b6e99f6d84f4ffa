"""What generated programs share: the module around them, and the calls they are tried with."""

from __future__ import annotations

import types
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests.oracles import module

PRELUDE = """\
import functools
import math

import numpy as np

K = 0.75
W = [0.4, 1.2]
TABLE = {1: 0.5, 2: 1.5}


class Pair:
    weight = 0.5

    def __init__(self, first, second):
        self.first, self.second = first, second

    def both(self):
        return self.first * self.weight + self.second * K

    def __add__(self, other):
        return self.both() + other


def helper(v, k=0.5, *, shift=0.25):
    if k > 0.6:
        return v * k + shift
    return v * k - shift * v * v


def deep(v, n):
    if n <= 0:
        return v
    return deep(v * 0.5 + K, n - 1)


def twice(function, v):
    return function(function(v))


def first(*values, scale=1.0):
    for value in values:
        return value * scale * W[0]


def check(number):
    if number < 0.2:
        raise ValueError("too small", n_of(number))


def n_of(number):
    return int(number > -1.0)


def stream(n):
    total = 0.5
    for k in range(n):
        total = total * 0.5 + k
        yield total


def make(k):
    def one(v):
        return v * k

    return [one, lambda v: v + k * K]


def f(x, y, n):
"""


def load(text: str) -> types.ModuleType:
    return module(text)


# Inputs

NUMBERS = (0.37, -0.82, 1.31, 0.05, -1.7, 2.3)
SHAPES = ((), (1,), (3,), (2, 3), (0,), (2,))


def wave(shape: tuple[int, ...], phase: float, dtype: Any) -> np.ndarray:
    count = int(np.prod(shape))
    return np.asarray(1.3 * np.sin(1.7 * np.arange(1, count + 1) + phase) + 0.1, dtype).reshape(shape)


@dataclass(frozen=True)
class Call:
    """One call of a program: its arguments, and the globals as they are at that time."""

    x: Any
    y: float
    n: int
    k: Any
    w: tuple[float, ...]

    def prepare(self, program: types.ModuleType) -> tuple[Any, float, int]:
        program.K, program.W[:] = self.k, self.w  # type: ignore[attr-defined]
        return self.x, self.y, self.n


@st.composite
def calls(draw: Any, arrays: bool) -> Call:
    """Arguments of different types, shapes and dtypes, values on different sides of the branches."""
    kind = draw(st.sampled_from((float, float, np.float64, np.float32)))
    x: Any = kind(draw(st.sampled_from(NUMBERS)))
    if arrays and draw(st.integers(0, 4)):
        dtype = draw(st.sampled_from((np.float64, np.float64, np.float32)))
        x = wave(draw(st.sampled_from(SHAPES)), draw(st.sampled_from((0.0, 1.0, 2.5, 4.0))), dtype)
    k = draw(st.sampled_from((0.75, 0.5, -0.25, np.int64(1), np.float64(0.6))))
    w = draw(st.sampled_from(((0.4, 1.2), (1.2, 0.4), (0.1,), (0.3, -0.2, 0.9), (2.0, 0.5))))
    return Call(x, draw(st.sampled_from((0.8, -0.6, 0.1))), draw(st.integers(0, 4)), k, w)
