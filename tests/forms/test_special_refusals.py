"""What scipy.special has no derivative for says so, by the argument."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.special

from s2sad import grad
from s2sad.errors import MissingRule
from tests.oracles import module

BY_ARGUMENT = [
    ("jv(v, 2.0)", "v"), ("yv(v, 2.0)", "v"), ("iv(v, 2.0)", "v"), ("kv(v, 2.0)", "v"), ("ive(v, 2.0)", "v"), ("hankel1(v, 2.0)", "v"),
    ("struve(v, 2.0)", "v"), ("airy(1.0)[0] * pbdv(v, 1.0)[0]", "v"), ("hyp2f1(a, 1.0, 2.0, 0.5)", "a"), ("hyp1f1(1.0, b, 0.5)", "b"),
    ("expn(n, 2.0)", "n"), ("eval_jacobi(2, alpha, 1.0, 0.5)", "alpha"), ("eval_legendre(n, 0.5)", "n"), ("chndtr(2.0, df, 1.0)", "df"),
    ("polygamma(n, 2.0)", "n"), ("multigammaln(3.0, d)", "d"), ("lpmv(m, 2.0, 0.5)", "m"), ("mathieu_cem(1, q, 0.5)[0]", "q"),
    ("wright_bessel(a, 1.0, 0.5)", "a"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "argument"), BY_ARGUMENT)
def test_a_parameter_without_a_formula_is_refused(call: str, argument: str) -> None:
    names = {name: getattr(scipy.special, name) for name in ("airy", "pbdv", call.partition("(")[0])}
    refused = module(f"def refused({argument}):\n    return {call}\n", **names).refused
    with pytest.raises(MissingRule, match=f"has no derivative with respect to '{argument}'"):
        grad(refused)(1.0)


@pytest.mark.parametrize(
    ("call", "why"),
    [
        ("jn_zeros(n, 3)[0]", "it is given whole numbers"),
        ("bdtrik(n, 4.0, 0.3)", "it finds a shape parameter"),
        ("roots_jacobi(2, n, 1.0)[0][0]", "nodes and weights"),
        ("mathieu_a(2, n)", "characteristic values"),
        ("lqn(2, n)[0][1]", "it gives many orders at once"),
        ("nctdtr(3.0, 1.0, n)", "its density is a series"),
    ],
)
def test_a_function_without_a_derivative_is_refused(call: str, why: str) -> None:
    refused = module(f"def refused(n):\n    return scipy.special.{call}\n", scipy=scipy).refused
    with pytest.raises(MissingRule, match=f"has no derivative: {why}"):
        grad(refused)(0.5)


def test_a_polynomial_that_was_made_is_called() -> None:
    def value(x):
        return scipy.special.legendre(3)(x)

    assert np.isclose(grad(value)(0.3), scipy.special.eval_gegenbauer(2, 1.5, 0.3), rtol=1e-14)
