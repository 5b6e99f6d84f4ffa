"""Sums of arrays are added up in any order, several numbers at a time; what a loop of the user's adds up keeps its order. Parts of an array
that overlap are added to in loops of their own."""

from __future__ import annotations

import math
import re
import warnings
from typing import Any

import numpy as np
import pytest

from s2sad import NonFiniteWarning, value_and_grad
from tests.native.plainly import compiled_at_last_fixture, uncompiled_fixture  # noqa: F401

pytest.importorskip("numba")
LONG = np.random.default_rng(4).normal(size=37)


def squares(x: Any) -> Any:
    return np.sum(x * x) + np.dot(x, x) / np.mean(np.abs(x))


def neighbours(x: Any) -> Any:
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def in_a_loop(x: Any) -> Any:
    total = 0.0
    for v in x:
        total += v * v
    return total


def counted(x: Any) -> Any:
    return np.sum(x) * np.sum(np.arange(len(x)))


def compared(function: Any, *arguments: Any) -> Any:
    derived, plain = value_and_grad(function, backend="numba"), value_and_grad(function)
    for x in arguments:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            warnings.simplefilter("ignore", NonFiniteWarning)
            for one, other in zip(derived(x), plain(x), strict=True):
                near = 1e-6 if x.dtype == np.float32 else 1e-13
                np.testing.assert_allclose(one, other, rtol=near, atol=near * np.max(np.abs(other), where=np.isfinite(other), initial=0.0))
    return derived._last


@pytest.mark.usefixtures("uncompiled")
@pytest.mark.parametrize(("function", "sums", "ordered"), [(squares, 3, 0), (neighbours, 1, 0), (in_a_loop, 0, 1), (counted, 1, 1)])
def test_sums_of_arrays_have_no_order(function: Any, sums: int, ordered: int) -> None:
    text = compared(function, LONG).native_text
    assert len(re.findall(r"(\w+) = plus\(\1, ", text)) == sums, text
    assert len(re.findall(r"(total\w*) (?:\+= |= \1 \+ |= round_sum\(\1, )", text)) == ordered, text


@pytest.mark.usefixtures("uncompiled")
def test_parts_that_overlap_have_loops_of_their_own() -> None:
    text = compared(neighbours, LONG).native_text
    loops = [part for part in text.split("    for i in ")[1:] if "x_bar[" in part]
    assert [re.findall(r"x_bar\[(.*?)\] \+=", part) for part in loops] == [["i"], ["i + 1"]], text


@pytest.mark.usefixtures("compiled_at_last")
@pytest.mark.parametrize("function", [squares, neighbours])
def test_any_number_of_elements(function: Any) -> None:
    sizes = [LONG[:n].copy() for n in (1, 2, 3, 4, 5, 8, 15, 16, 17, 33)]
    compared(function, *sizes, LONG[::2], *(at(value, k) for value in (math.inf, math.nan) for k in (0, 36)))


@pytest.mark.usefixtures("uncompiled")
def test_numbers_of_other_precisions() -> None:
    compared(neighbours, LONG.astype(np.float32))
    compared(lambda x: np.sum(np.abs(x * (1.0 + 2.0j)) * x.real), LONG)


def at(value: float, place: int) -> Any:
    """The numbers, with another one among them."""
    found = LONG.copy()
    found[place] = value
    return found
