"""Functions of several elements at a time: as right as those that they stand for, over all numbers."""
from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad
from s2sad.native.vectors import quick_exp, quick_tanh
from tests.native.plainly import uncompiled_fixture  # noqa: F401
from tests.native.test_emitted import agree

pytest.importorskip("numba")

RANDOM = np.random.default_rng(9)
SIZES = RANDOM.normal(size=900) * 10.0 ** RANDOM.uniform(-300, 3, 900)
EDGES = [0.0, -0.0, 5e-324, -5e-324, 1e-310, 2e-308, 709.78, 709.79, 710.0, 711.0, -708.5, -745.1, -745.2, -750.0, 1e300, -1e300,
         0.34657359, -0.34657359, 19.0, 19.1, 20.1, -19.1, math.inf, -math.inf, math.nan]  # fmt: skip
NUMBERS = np.concatenate([EDGES, SIZES, RANDOM.uniform(-745, 710, 900), RANDOM.normal(size=900)])


@pytest.mark.parametrize("quick, function", [(quick_exp, np.exp), (quick_tanh, np.tanh)])
def test_they_are_right_to_some_units_in_the_last_place(quick: Any, function: Any) -> None:
    with np.errstate(all="ignore"):
        found, wanted = np.array([quick(x) for x in NUMBERS]), function(NUMBERS)
        assert np.array_equal(np.isnan(found), np.isnan(wanted)) and np.array_equal(np.isinf(found), np.isinf(wanted))
        assert np.array_equal(np.signbit(found), np.signbit(wanted)), "a zero has its sign"
        finite = np.isfinite(wanted)
        apart = np.abs(found - wanted)[finite]
    assert np.all(apart <= 4 * np.spacing(np.abs(wanted[finite])))


def layers(w: Any, x: Any, n: int) -> Any:
    for _ in range(n):
        x = np.tanh(w @ x) + np.exp(-x * x)
    return np.sum(x)


W, X = RANDOM.normal(size=(4, 4)), RANDOM.normal(size=4)


def test_elements_of_doubles_take_them_and_others_do_not(uncompiled: None) -> None:
    agree(layers, (W, X, 3), argnums=(0, 1))
    derivative = value_and_grad(layers, backend="numba")
    derivative(W, X, 3)
    assert "quick_tanh(" in derivative.source and "quick_exp(" in derivative.source
    derivative(W.astype(np.float32), X.astype(np.float32), 3)
    assert "np.tanh(" in derivative.source and "quick" not in derivative.source


def test_compiled_they_give_the_same() -> None:
    agree(layers, (W, X, 3), argnums=(0, 1))
