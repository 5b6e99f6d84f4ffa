"""`cfunc`: gradients and compiled functions that SciPy's solvers call without Python between."""

from __future__ import annotations

import ctypes
import math
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad import cfunc, compiled, grad, value_and_grad
from s2sad.export import NotExported

pytest.importorskip("numba")
GAIN = 0.25


def damped(x: float, steps: int, rate: float) -> float:
    """Leaves native code where the rate is 0."""
    for _ in range(steps):
        x = x - GAIN * math.sin(x) / rate
    return x


def cubed(x: float) -> float:
    return x * x * x


@pytest.mark.sampled(2)
def test_quad_integrates_a_gradient_and_a_value() -> None:
    import scipy.integrate

    for function, python in ((grad(damped, "rate", backend="numba"), grad(damped, "rate")), (compiled(damped), damped)):
        for_c = scipy.LowLevelCallable(cfunc(function, 1.0, 3, 2.0).ctypes)
        assert for_c.signature == "double (int, double *)"
        found, _ = scipy.integrate.quad(for_c, 0.5, 1.5, args=(4, 2.0))
        want, _ = scipy.integrate.quad(lambda x, f=python: f(x, 4, 2.0), 0.5, 1.5)
        assert abs(found - want) < 1e-12
    slope = cfunc(grad(cubed), 1.0)
    assert scipy.LowLevelCallable(slope.ctypes).signature == "double (double)"
    assert abs(scipy.integrate.quad(scipy.LowLevelCallable(slope.ctypes), 0.0, 2.0)[0] - 8.0) < 1e-12
    assert ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)(slope.address)(3.0) == 27.0


@pytest.mark.sampled(1)
def test_where_python_would_raise_it_gives_nan_and_what_is_outside_is_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    slope = cfunc(grad(damped), 1.0, 3, 2.0)
    values = (ctypes.c_double * 3)(0.5, 4.0, 2.0)
    before = slope.ctypes(3, values)
    assert abs(before - grad(damped)(0.5, 4, 2.0)) < 1e-14
    monkeypatch.setitem(globals(), "GAIN", 0.5)
    assert slope.ctypes(3, values) == before != grad(damped)(0.5, 4, 2.0)
    assert math.isnan(slope.ctypes(3, (ctypes.c_double * 3)(0.5, 4.0, 0.0)))


@pytest.mark.parametrize("given", [cubed, value_and_grad(cubed), s2sad.elementwise_grad(cubed), s2sad.hessian(cubed), 3.0])
def test_what_it_takes(given: Any) -> None:
    with pytest.raises(TypeError, match=r"cfunc\(\) takes what grad\(\) or compiled\(\) returns"):
        cfunc(given, 1.0)


def test_what_is_no_function_for_c() -> None:
    with pytest.raises(NotExported, match=r"damped\(\) cannot be called from C: what it gives is not one number"):
        cfunc(grad(damped, (0, 2)), 1.0, 3, 2.0)
    with pytest.raises(NotExported, match=r"its arguments are not numbers alone(.|\n)*takes numbers, and gives one float"):
        cfunc(grad(lambda x: np.sum(x)), np.ones(3))
    with pytest.raises(ValueError, match='this one has backend="python"'):
        cfunc(grad(cubed, backend="python"), 1.0)
