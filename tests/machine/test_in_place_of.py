"""What Python's classes do besides: an instance of a subclass is made, an operator in place leaves it to the other one; and what is
followed in place of native methods."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import MissingRule, grad


class Shape:
    def __new__(cls, size: float) -> Any:
        return super().__new__(Round if cls is Shape else cls)

    def __init__(self, size: float) -> None:
        self.area = size * size


class Round(Shape):
    def __init__(self, size: float) -> None:
        self.area = np.pi * size * size


class Amount:
    def __init__(self, value: float) -> None:
        self.value = value

    def __iadd__(self, other: Any) -> Any:
        return NotImplemented

    def __add__(self, other: Any) -> Amount:
        return Amount(self.value + 3.0 * other)


def test_an_instance_is_initialised_by_its_own_class() -> None:
    assert grad(lambda x: Shape(x).area)(2.0) == 4.0 * np.pi


def test_an_operator_in_place_that_declines_is_the_other_one() -> None:
    def f(x: float) -> float:
        amount = Amount(x)
        amount += x
        return amount.value  # type: ignore[no-any-return]

    assert grad(f)(2.0) == 4.0


def test_methods_of_native_objects_of_scipy() -> None:
    sparse, linalg = pytest.importorskip("scipy.sparse"), pytest.importorskip("scipy.sparse.linalg")
    factors = linalg.splu(sparse.csc_array(np.diag([2.0, 4.0])))
    solve = factors.solve
    for f in (lambda b: np.sum(factors.solve(b)), lambda b: np.sum(solve(b))):
        np.testing.assert_array_equal(grad(f)(np.ones(2)), [0.5, 0.25])
    with pytest.raises(MissingRule, match="trans='H' has no rule"):
        grad(lambda b: np.sum(factors.solve(b, "H")))(np.ones(2))
