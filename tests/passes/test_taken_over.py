"""A cotangent that begins as a copy of another one is that one; and only where all of it is copied, and it is not needed any more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad.passes import taken_over
from tests.passes.test_elements import X, kept


def substituted(x, y):
    n = len(x)
    d = np.empty_like(x)
    s = np.empty_like(x)
    for i in range(n):
        d[i] = np.sin(x[i]) * y[i]
    s[n - 1] = d[n - 1]
    for i in range(n - 2, -1, -1):
        s[i] = d[i] - y[i] * s[i + 1]
    return np.sum(s * s)


def in_each_step(x, y):
    n = len(x)
    total = 0.0
    for k in range(3):
        d = np.empty_like(x)
        s = np.empty_like(x)
        for i in range(n):
            d[i] = np.sin(x[i]) * y[i] + k
        s[n - 1] = d[n - 1]
        for i in range(n - 2, -1, -1):
            s[i] = d[i] - y[i] * s[i + 1]
        total = total + np.sum(s * s)
    return total


def without_the_last(x, y):
    n = len(x)
    d = np.empty_like(x)
    s = np.empty_like(x)
    for i in range(n):
        d[i] = np.sin(x[i]) * y[i]
    s[n - 1] = y[n - 1]
    for i in range(n - 2, -1, -1):
        s[i] = d[i] - y[i] * s[i + 1]
    return np.sum(s * s)


def added_to_the_last_copied(x, y):
    n = len(x)
    d = np.empty_like(x)
    s = np.empty_like(x)
    for i in range(n):
        d[i] = np.sin(x[i]) * y[i]
    s[0] = d[0]
    for i in range(1, n):
        s[i] = d[i] - y[i] * s[0]
    return np.sum(s * s)


def read_again(x, y):
    n = len(x)
    s = np.cos(x)
    d = np.empty_like(x)
    for i in range(n):
        d[i] = np.sin(x[i]) * y[i]
    for i in range(n):
        s[i] = s[i] + d[i]
    return np.sum(s * s)


def needed_before(x, y):
    n = len(x)
    s = np.cos(x)
    d = np.empty_like(x)
    total = 0.0
    for i in range(n):
        d[i] = np.sin(x[i]) * y[i]
    for i in range(n):
        total = total + s[i] * s[i]
        s[i] = d[i]
    return np.sum(s * s) + total


def on_one_side(x, y):
    n = len(x)
    d = np.empty_like(x)
    s = np.zeros(n)
    for i in range(n):
        d[i] = np.sin(x[i]) * y[i]
    for i in range(n):
        if x[i] > 0.5:
            s[i] = d[i]
    return np.sum(s * s) + 1.0


def taken(function: Callable[..., Any]) -> bool:
    lines = kept(function, X, X[::-1].copy(), argnums=(0, 1))
    return any(line.endswith("_bar") and " = " in line and "[" not in line and line.split(" = ")[1].isidentifier() for line in lines)


@pytest.mark.parametrize("function", [substituted, in_each_step, added_to_the_last_copied])
def test_a_copy_is_the_other_one(function: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    assert taken(function)
    monkeypatch.setattr(taken_over, "covered", lambda parts, shape: False)
    assert not taken(function)


@pytest.mark.parametrize("function", [without_the_last, needed_before, read_again, on_one_side])
def test_what_is_not_all_copied_or_is_needed_is_not_taken(function: Callable[..., Any]) -> None:
    assert not taken(function)
