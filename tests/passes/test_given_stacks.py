"""What a kept function hands to its pullback on stacks is nobody else's: not an argument, not an array from outside, not its value."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import vjp
from tests.oracles import assert_close

W = np.array([0.5, 0.75, 1.0])


def argument(x):
    t = x
    for _ in range(20):
        t = np.sin(t) * 0.9 + 0.1
    return t


def outside(x):
    t, total = W, np.zeros(3)
    for _ in range(20):
        total = total + np.sin(t * x)
        t = W
    return total


def views(x):
    t = x[::-1]
    for _ in range(20):
        t = np.sin(t)[::-1] * 0.9
    return t


def swapped(x):
    a, b = x, W
    for _ in range(20):
        a, b = b, np.sin(a) * b
    return a


def nested(x):
    t = x
    for i in range(4):
        for _ in range(i + 2):
            t = np.sin(t) + W * 0.1
    return t


def branched(x):
    t = x
    for i in range(20):
        if i % 3 == 0:
            t = np.sin(t)
        else:
            t = W * t * t
    return t


def written(x):
    t = x
    for i in range(20):
        u = np.sin(t)
        u[i % 3] = 0.5
        t = u * t
    return t


@pytest.mark.parametrize("function", [argument, outside, views, swapped, nested, branched, written])
@pytest.mark.parametrize("control", ["keep", "record"])
def test_later_writes_do_not_reach_a_pullback(function: Any, control: str) -> None:
    x, seed, before = np.array([0.3, 0.6, 0.9]), np.array([1.0, 2.0, 3.0]), W.copy()
    try:
        value, pullback = vjp(function, x, control=control)
        wanted = vjp(function, x, control="record")[1](seed)
        for each in (x, W, value):
            each[:] = 7.0
            assert_close(pullback(seed), wanted)
        pullback(seed)[0][:] = 7.0
        assert_close(pullback(seed), wanted)
    finally:
        W[:] = before
