"""Objects beside arrays: what says that it is an array is taken for one, and an array of objects is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad import check_grads, grad


class Row:
    def __init__(self, numbers: Any) -> None:
        self.numbers = numbers

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return self.numbers

    def __mul__(self, other: Any) -> Row:
        return Row(other * self.numbers * 3.0)

    __rmul__ = __mul__


def test_an_object_is_the_array_that_it_says() -> None:
    def f(x: Any) -> Any:
        return np.sum(np.convolve(Row(x), np.array([1.0, 2.0])) ** 2)

    check_grads(f, (np.array([1.0, 3.0]),))


def test_an_array_on_the_left_takes_an_object_for_an_array() -> None:
    def f(x: Any) -> Any:
        return np.sum(x * Row(x))

    check_grads(f, (np.array([1.0, 3.0]),), modes=("compiled", "differences"))


def test_a_number_on_the_left_leaves_it_to_the_object() -> None:
    def f(x: Any) -> Any:
        return np.sum((x * Row(np.array([1.0, 2.0]))).numbers)

    check_grads(f, (2.0,))


def test_an_array_of_objects_is_refused_beside_what_is_differentiated() -> None:
    held = np.array(None)
    held[()] = Row(np.array([1.0, 2.0]))

    def f(x: Any) -> Any:
        return np.sum((np.float64(2.0) * x * held).numbers)

    with pytest.raises(s2sad.errors.NotDifferentiable, match="an array of dtype object"):
        grad(f, control="record")(2.0)


def pulled_back(g: Any, x: Any) -> Any:
    rows = np.zeros((2, len(x)))
    part = rows[1:]
    part[0] = 2.0 * g
    return rows[1]


def total(x: Any) -> Any:
    return 2.0 * np.sum(x)


def test_a_rule_that_writes_into_a_view_is_refused() -> None:
    with s2sad.rules.override():
        s2sad.rule("total(x)", x="pulled_back(g, x)", namespace={"total": total, "pulled_back": pulled_back})
        with pytest.raises(s2sad.errors.UnsupportedMutation, match="a part of an array by another name"):
            grad(lambda x: total(x * x))(np.arange(3.0))
