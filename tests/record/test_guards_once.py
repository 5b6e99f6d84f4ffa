"""Guards as one would write them: each asked once, of values that are there, and none where the answer is known."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad

INDICES, STARTS = np.array([0, 2, 1, 0, 2]), np.array([0, 2, 3, 5])
Array = Any


def sparse_product(data: Array, indices: Array, starts: Array, x: Array) -> Any:
    y = np.zeros(len(starts) - 1)
    for i in range(len(starts) - 1):
        columns = indices[starts[i] : starts[i + 1]]
        values = data[starts[i] : starts[i + 1]]
        y[i] = values @ x[columns]
    return np.sum(y)


def test_the_type_of_a_part_put_back_is_known() -> None:
    derivative = value_and_grad(sparse_product, argnums=(0, 3), control="record")
    data, x = np.array([1.0, 2.0, 3.0, 4.0, 5.0]), np.array([10.0, 20.0, 30.0])
    value, (by_data, by_x) = derivative(data, INDICES, STARTS, x)
    assert value == (10.0 + 2 * 30.0) + 3 * 20.0 + (4 * 10.0 + 5 * 30.0)
    assert by_data.tolist() == [10.0, 30.0, 20.0, 10.0, 30.0]
    assert by_x.tolist() == [1.0 + 4.0, 3.0, 2.0 + 5.0]
    assert "type(" not in derivative.source
    assert derivative.source.count("scatter(") == 1


def test_a_number_that_is_read_twice_is_asked_for_once() -> None:
    derivative = value_and_grad(sparse_product, argnums=3, control="record")
    derivative(np.ones(5), INDICES, STARTS, np.ones(3))
    assert derivative.source.count(" == int64") == len(STARTS)
    others = np.array([0, 1, 3, 5])
    assert derivative(np.ones(5), INDICES, others, np.ones(3))[1].tolist() == [2.0, 1.0, 2.0]
    assert len(derivative.paths) == 2


@pytest.mark.parametrize("call", [lambda x, i: np.take(x, i), lambda x, i: np.take_along_axis(x, i, 0), lambda x, i: x[i]])
def test_what_indices_choose_has_their_shape(call: Any) -> None:
    derivative = value_and_grad(lambda x, i: np.sum(call(x, i) ** 2), control="record")
    value, gradient = derivative(np.array([1.0, 2.0, 3.0]), np.array([2, 0, 2]))
    assert (value, gradient.tolist()) == (19.0, [2.0, 0.0, 12.0])
    assert "type(" not in derivative.source


def positive(x: Array) -> Any:
    return np.sum(x) * x[x > 0.0].shape[0]


def test_what_a_guard_alone_asks_for_is_evaluated_once() -> None:
    derivative = value_and_grad(positive, control="record")
    assert derivative(np.array([1.0, -2.0, 4.0]))[1].tolist() == [2.0, 2.0, 2.0]
    assert derivative.source.count("x[x > 0.0]") == 2  # the user's line and ours
    assert derivative(np.array([1.0, 2.0, 4.0]))[1].tolist() == [3.0, 3.0, 3.0]
