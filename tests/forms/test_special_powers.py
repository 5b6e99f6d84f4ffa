"""The derivative by a power where SciPy has another formula for it: that of powers beside it, or none that is said."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import spatial, stats

from s2sad import MissingRule, check_grads, grad, value_and_grad
from tests.forms.form import allow_deprecated
from tests.oracles import assert_close, assert_identical, differences, module

A, X, W = np.array([1.0, 2.0, 4.0, 3.0]), np.array([-0.5, 0.3, 0.0, 1.2, -1.1]), np.array([0.2, 1.0, 3.0, 0.5])
ROWS = np.outer(A, W) + np.eye(4)
NAMES = {"np": np, "stats": stats, "spatial": spatial, "A": A, "X": X, "W": W, "ROWS": ROWS}

POWERS = {
    "stats.yeojohnson(X, p)": (0.0, 2.0, 1.0, -0.5),
    "stats.yeojohnson(X + p, p)": (0.0, 2.0, 1.0),
    "stats.yeojohnson(0.5, p)": (0.0, 2.0),
    "stats.yeojohnson([-1, 2], p)": (0.0, 2.0),
    "stats.boxcox(A, p)": (0.0, 1.0),
    "stats.boxcox_llf(p, A)": (0.0, 1.0, -900.0),
    "stats.boxcox_llf(p, [1, 2, 4])": (0.0, 1.0),
    "stats.boxcox_llf(p, ROWS, axis=1)": (0.0, 0.5, 2.5),
    "stats.boxcox_llf(p, ROWS, axis=1, keepdims=True)": (0.0, 2.5),
    "stats.boxcox_llf(p, ROWS, axis=None)": (0.0, 2.5),
    "stats.pmean(A, p)": (0.0, 1.0, -1.0),
    "stats.pmean(ROWS + p, p, axis=1, weights=W * (2.0 + p))": (0.0, 1.0),
    "spatial.minkowski_distance(ROWS, A, p)": (1.0, 2.0, 3.0),
    "spatial.minkowski_distance_p(ROWS, A + 0.3 * p, p)": (1.0, 2.0),
    "spatial.distance_matrix(ROWS, ROWS[:2] + 0.5, p)": (1.0, 2.0),
}
KEPT = [call for call in POWERS if "spatial" not in call and "boxcox(" not in call]
CASES = [(call, p) for call, powers in POWERS.items() for p in powers]


def called(call: str) -> Any:
    return module(f"def f(p):\n    r = {call}\n    return np.sum(r * np.arange(1.0, 1.0 + np.size(r)).reshape(np.shape(r)))\n", **NAMES).f


@pytest.mark.parametrize(("call", "p"), CASES)
def test_the_derivative_by_a_power(call: str, p: float) -> None:
    f = called(call)
    allow_deprecated()
    for control in ("record", "keep") if call in KEPT else ("record",):
        value, gradient = value_and_grad(f, control=control)(p)
        assert_identical(value, f(p))
        np.testing.assert_allclose(gradient, differences(f, (p,), step=1e-4), rtol=1e-5, atol=1e-6)
    check_grads(f, (p,))


TRUE = {  # at 0: of x positive log(1 + x)**2 / 2 and of powers the variance of logarithms, at 2 of x negative the same
    "stats.yeojohnson(np.array([1.0, 2.0]), p)": (0.0, 0.5 * (math.log(2.0) ** 2 + math.log(3.0) ** 2)),
    "stats.yeojohnson(np.array([-1.0, -2.0]), p)": (2.0, 0.5 * (math.log(2.0) ** 2 + math.log(3.0) ** 2)),
    "stats.pmean(A, p)": (0.0, math.exp(np.mean(np.log(A))) * 0.5 * float(np.var(np.log(A)))),
    "stats.boxcox_llf(p, [1, 2, 4])": (0.0, 0.0),
}


@pytest.mark.parametrize("call", TRUE)
@pytest.mark.parametrize("beside", [0.0, 1e-9, -1e-9])
def test_near_a_special_power_nothing_cancels(call: str, beside: float) -> None:
    p, true = TRUE[call]
    f = module(f"def f(p):\n    return np.sum({call})\n", **NAMES).f
    np.testing.assert_allclose(grad(f)(p + beside), true, rtol=1e-7, atol=1e-7)


def divergence(p: Any) -> Any:
    return stats.power_divergence(A, lambda_=p).statistic


@pytest.mark.parametrize("p", [1.0, 0.0, -1.0, 1e-9, -1.0 + 1e-9])
def test_divergences_refuse_powers_with_another_formula(p: float) -> None:
    with pytest.raises(MissingRule, match="no derivative by lambda_ at 1, and near 0 and -1"):
        grad(divergence)(p)


def of_frequencies(a: Any, p: Any) -> Any:
    return stats.power_divergence(a, lambda_=p).statistic


@pytest.mark.parametrize("p", [1.0, 0.0, -1.0, 0.5, "neyman", None])
def test_divergences_by_frequencies(p: Any) -> None:
    value, gradient = value_and_grad(of_frequencies)(A, p)
    assert_identical(value, of_frequencies(A, p))
    assert_close(gradient, differences(lambda a: of_frequencies(a, p), (A,)), rtol=1e-6)


def test_divergences_by_other_powers() -> None:
    assert_close(grad(divergence)(0.5), differences(divergence, (0.5,)), rtol=1e-6)
