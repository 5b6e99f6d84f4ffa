"""Functions with a native form of their own: special functions of SciPy behind a rule of the user, and those of `math`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad import CannotBeNative, Facts, RuleError, grad, value_and_grad
from s2sad.native import pointers
from tests.native.fresh import fresh, place_fixture  # noqa: F401
from tests.native.plainly import uncompiled_fixture  # noqa: F401

special = pytest.importorskip("scipy.special")
pytest.importorskip("scipy.special.cython_special")
pytest.importorskip("numba")
CYTHON = "scipy.special.cython_special"
X = np.array([0.7, 1.5, 3.2])


def with_rules() -> Any:
    """A context with rules for the logarithm of the gamma function, and its first derivatives."""
    rules = s2sad.rules.override()
    with rules:
        names = {"special": special}
        s2sad.elementwise("special.gammaln(x)", x="special.psi(x)", facts=Facts(native=f"{CYTHON}.gammaln(x)"), namespace=names)
        s2sad.elementwise("special.psi(x)", x="special.zeta(2.0, x)", facts=Facts(native=f"{CYTHON}.psi(x)"), namespace=names)
        s2sad.elementwise("special.j0(x)", x="-special.j1(x)", facts=Facts(native=f"{CYTHON}.j0(x)"), namespace=names)
        s2sad.zero("special.j1(x)", facts=Facts(native=f"{CYTHON}.j1(x)"), namespace=names)
        s2sad.elementwise("special.erfcx(x)", x="2.0 * x * ans - 1.1283791670955126", facts=Facts(native=f"{CYTHON}.erfcx(x)"),
                          namespace=names)  # fmt: skip
    return rules


def likelihood(x: Any) -> Any:
    total = 0.0
    for k in range(3):
        total = total + np.sum(special.gammaln(x + k) * special.erfcx(x))
    return total - special.j0(np.sum(x))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_logic_of_functions_of_scipy_in_native_code(dtype: Any, uncompiled: None) -> None:
    with with_rules():
        derivative, x = value_and_grad(likelihood, backend="numba"), X.astype(dtype)
        value, gradient = derivative(x)
        want = value_and_grad(likelihood)(x)
        exact = dtype is np.float64
        assert np.allclose(value, want[0], rtol=1e-13 if exact else 1e-5) and np.allclose(gradient, want[1], rtol=1e-12 if exact else 1e-4)
        assert gradient.dtype == dtype and derivative.stats().native == (True,) and derivative.stats().left == (0,)
        assert f'cython_special_psi = function("{CYTHON}", "psi")' in derivative.source


@pytest.mark.sampled(1)
def test_functions_of_scipy_are_compiled_in_and_stored(place: Any) -> None:
    with with_rules():
        derivative = value_and_grad(likelihood, backend="numba")
        value, gradient = derivative(X)
        want = value_and_grad(likelihood)(X)
        assert np.isclose(value, want[0], rtol=1e-13) and np.allclose(gradient, want[1], rtol=1e-12) and derivative.stats().left == (0,)
        assert len([*place.iterdir()]) == 1
    text = derivative.source.partition("\n\n\n")[2]
    use = f"from s2sad.native.store import compiled\nimport numpy as np\nf = compiled({text!r}, 'likelihood_value_and_grad_native')"
    said = fresh(use, f"print(f(np.array({X.tolist()}))[0], sum(f.stats.cache_hits.values()))", S2SAD_CACHE_DIR=str(place))[0].split()
    assert float(said[0]) == value and said[1] == "1", "the next process reads it, and links it with its own SciPy"


def test_what_is_no_function_of_a_cython_module(uncompiled: None) -> None:
    for native, reason in ((f"{CYTHON}.no_such(x)", "has no function no_such of floats"), (f"{CYTHON}.spherical_jn(x)", "of floats")):
        with s2sad.rules.override():
            s2sad.elementwise("special.gammaln(x)", x="special.gammaln(x)", facts=Facts(native=native), namespace={"special": special})
            with pytest.raises(CannotBeNative, match=reason):
                grad(special.gammaln, backend="numba")(1.5)
            assert np.isfinite(grad(special.gammaln, backend="auto")(1.5))
    with pytest.raises(CannotBeNative, match="no_such_module does not load here"):
        pointers.function("no_such_module", "f")


def test_a_native_form_that_gives_something_else_is_found(uncompiled: None) -> None:
    with s2sad.rules.override():
        s2sad.elementwise("special.j0(x)", x="special.j0(x)", facts=Facts(native=f"{CYTHON}.j1(x)"), namespace={"special": special})
        derivative = value_and_grad(lambda x: special.j0(x), backend="numba")
        with pytest.warns(s2sad.FaultWarning, match="the native code of"):
            assert derivative(1.5)[0] == special.j0(1.5)


def test_a_native_form_that_does_not_read() -> None:
    with s2sad.rules.override(), pytest.raises(RuleError):
        s2sad.elementwise("special.j0(x)", x="1.0", facts=Facts(native="@sum"), namespace={"special": special})


def own(x: Any) -> Any:
    return np.tanh(x) + 1.0


def test_a_rule_of_the_user_may_say_what_numba_has(uncompiled: None) -> None:
    with s2sad.rules.override():
        s2sad.elementwise("own(x)", x="1.0 - (ans - 1.0) ** 2", facts=Facts(native="np.tanh(x) + 1.0"), namespace={"own": own, "np": np})
        derivative = grad(lambda x: np.sum(own(x)), backend="numba")
        assert np.allclose(derivative(X), 1.0 - np.tanh(X) ** 2, rtol=1e-13) and derivative.stats().left == (0,)


@pytest.mark.parametrize("function", [math.erf, math.erfc, math.gamma, math.lgamma])
def test_special_functions_of_math_need_no_scipy(function: Any, uncompiled: None) -> None:
    def twice(x: float) -> Any:
        return function(x) * function(0.5 * x)

    derivative = value_and_grad(twice, backend="numba")
    for x in (0.3, 1.7, 4.0):
        assert np.allclose(derivative(x), value_and_grad(twice)(x), rtol=1e-12)
    assert derivative.stats().native == (True,) and derivative.stats().left == (0,)
