"""Adjoints multiply by the reciprocal of a root that they divide by several times; what the function divides stays a division."""

from __future__ import annotations

import cmath
import math
import re
import warnings
from typing import Any

import numpy as np
import pytest

from s2sad import NonFiniteWarning, trees, value_and_grad
from tests.native.plainly import uncompiled_fixture  # noqa: F401

pytest.importorskip("numba")
pytestmark = pytest.mark.usefixtures("uncompiled")
X = np.array([0.3, -1.2, 2.5, 0.7])


def energy(x: Any) -> Any:
    total = 0.0
    for i in range(len(x)):
        for j in range(i + 1, len(x)):
            d = x[i] - x[j]
            total -= x[j] / math.sqrt(d * d + 0.01)
    return total


def of_numpy(x: Any) -> Any:
    total = 0.0
    for v in x:
        total += v / np.sqrt(1.0 + v * v)
    return total


def of_numbers(x: float, y: float) -> float:
    return y / math.sqrt(x)


def on_a_side(x: Any) -> Any:
    total = 0.0
    for v in x:
        root = math.sqrt(v * v + 1.0)
        if v > 0.0:
            total += 2.0 / root
        else:
            total += v
    return total


def asked(x: Any) -> Any:
    """Divided by itself a number is 1, which its product with the reciprocal need not be."""
    total = 0.0
    for v in x:
        root = math.sqrt(v * v)
        if root / root == 1.0 and math.floor(abs(v) / root) == 1:
            total += v / root
    return total


def single(x: Any) -> Any:
    total = np.float32(0.0)
    for v in x:
        total = total + v / np.sqrt(np.float32(1.0) + v * v)
    return total


def of_complex_numbers(x: float) -> float:
    root = cmath.sqrt(x + 1j)
    return abs(x / root)


def other_divisors(x: Any) -> Any:
    total = 0.0
    for v in x:
        total += v / (v * v + 1.0)
    return total


CASES: dict[str, tuple[Any, tuple[Any, ...], int]] = {
    "energy": (energy, (X,), 1),
    "of_numpy": (of_numpy, (X,), 1),
    "of_numbers": (of_numbers, (0.7, 3.0), 1),
    "on_a_side": (on_a_side, (X,), 0),
    "asked": (asked, (np.array([49.0, 0.1, 3.0, -7.3]),), 1),
    "single": (single, (X.astype(np.float32),), 0),
    "of_complex_numbers": (of_complex_numbers, (0.4,), 0),
    "other_divisors": (other_divisors, (X,), 0),
}


def compared(derived: Any, plain: Any, arguments: tuple[Any, ...]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", (RuntimeWarning, NonFiniteWarning))
        found, expected = (trees.flatten(f(*arguments))[0] for f in (derived, plain))
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=4e-15 if np.asarray(one).dtype != np.float32 else 1e-6, atol=0.0)


@pytest.mark.parametrize("name", CASES)
def test_a_root_is_divided_by_once(name: str) -> None:
    function, arguments, reciprocals = CASES[name]
    argnums = tuple(range(len(arguments)))
    derived, plain = value_and_grad(function, argnums, backend="numba"), value_and_grad(function, argnums)
    compared(derived, plain, arguments)
    path = derived._last
    assert path is not None and path.interpreted is not None and path.interpreted.hits == 0
    assert len(re.findall(r"reciprocal\w* = 1.0 / ", path.native_text)) == reciprocals, path.native_text


@pytest.mark.parametrize("x", [1.0, 5e-324, 1e-310, 1e-160, 1e160, 1.7e308, math.inf, math.nan])
@pytest.mark.parametrize("y", [1.0, -0.0, 1e-300, 1e300, math.inf, math.nan])
def test_numbers_of_any_size(x: float, y: float) -> None:
    compared(value_and_grad(of_numbers, (0, 1), backend="numba"), value_and_grad(of_numbers, (0, 1)), (x, y))


def test_a_root_that_is_zero_raises_as_in_python() -> None:
    derived = value_and_grad(of_numbers, backend="numba")
    derived(2.0, 3.0)
    with pytest.raises(ZeroDivisionError):
        derived(0.0, 3.0)
    compared(value_and_grad(of_numpy, backend="numba"), value_and_grad(of_numpy), (np.array([0.0, math.inf, -1.0]),))
