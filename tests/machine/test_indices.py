"""An index of an array may be anything that NumPy takes for one: a column of pandas, a range, an array of Python's."""

from __future__ import annotations

import array
from typing import Any

import numpy as np
import pandas as pd
import pytest

from s2sad import grad, tape


class Shown:
    """An object of the user's that NumPy takes for an array."""

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        return np.array([0, 1, 0, 0])


INDICES = {
    "column": pd.Series([0, 1, 0, 0], dtype="int8"),
    "labels": pd.Index([0, 1, 0, 0]),
    "object": Shown(),
    "array of Python's": array.array("l", [0, 1, 0, 0]),
}
LIKE = np.array([0, 1, 0, 0])


def read(w, index):
    return np.sum(w[index] * np.arange(4.0))


def read_along(w, index):
    return np.sum(np.outer(w, w)[:, index] * np.arange(4.0))


def taken(w, index):
    return np.sum(np.take(w, index) * np.arange(4.0))


def written(w, index):
    y = np.zeros(2)
    y[index] = w[1] * np.arange(4.0)
    return np.sum(y * w)


def written_in_place(w, index):
    y = w.copy()
    y[index] += w[0] * np.arange(4.0)
    return np.sum(y**2)


def added(w, index):
    y = np.zeros(2)
    np.add.at(y, index, w[1] * np.arange(4.0))
    return np.sum(y * w)


@pytest.mark.parametrize("control", ["record", "keep"])
@pytest.mark.parametrize("function", [read, read_along, taken, written, written_in_place, added], ids=lambda f: f.__name__)
@pytest.mark.parametrize("index", INDICES.values(), ids=list(INDICES))
def test_what_is_named_twice_counts_twice(function: Any, index: Any, control: str) -> None:
    w = np.array([1.3, 0.7])
    _, expected = tape.gradient(function, (w, LIKE))
    np.testing.assert_allclose(tape.gradient(function, (w, index))[1], expected, rtol=1e-12)

    def of_outside(w):
        return function(w, index)

    np.testing.assert_allclose(grad(of_outside, control=control)(w), expected, rtol=1e-12)
    np.testing.assert_allclose(grad(function, control=control)(w, index), expected, rtol=1e-12)


@pytest.mark.parametrize("control", ["record", "keep"])
def test_a_range_is_an_index(control: str) -> None:
    derivative = grad(lambda w: np.sum(w[range(2)] * np.arange(2.0)), control=control)
    np.testing.assert_array_equal(derivative(np.ones(3)), [0.0, 1.0, 0.0])


@pytest.mark.parametrize("control", ["record", "keep"])
def test_a_column_of_truths_is_a_mask(control: str) -> None:
    chosen = pd.Series([True, False, True])
    np.testing.assert_array_equal(grad(lambda w: np.sum(w[chosen] ** 2), control=control)(np.arange(3.0)), [0.0, 0.0, 4.0])


def test_a_column_that_changes_is_read_anew() -> None:
    frame = pd.DataFrame({"kind": [0, 1, 0, 0]})
    derivative = grad(lambda w: np.sum(w[frame["kind"]] * np.arange(4.0)))
    assert derivative(np.ones(2)).tolist() == [5.0, 1.0]
    frame["kind"] = [1, 1, 0, 0]
    assert derivative(np.ones(2)).tolist() == [5.0, 1.0] and derivative(np.ones(2)).tolist() == [5.0, 1.0]
    frame["kind"] = [1, 0, 1, 1]
    assert derivative(np.ones(2)).tolist() == [1.0, 5.0]
