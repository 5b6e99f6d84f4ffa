"""The first power of a matrix is the matrix itself, not a copy of it: for paths of other powers, and for the derivative by the power."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.linalg

from s2sad import check_grads, value_and_grad
from tests.oracles import assert_close, assert_identical, differences

A = np.array([[2.0, 0.3], [0.1, 1.5]])
WEIGHTS = np.array([1.0, 2.0])


def written(a: Any, t: Any) -> Any:
    s = a * 1.0
    f = scipy.linalg.fractional_matrix_power(s, t)
    s[0, 0] = 0.0
    return np.sum(f * WEIGHTS)


def written_into(a: Any, t: Any) -> Any:
    s = a * 1.0
    f = scipy.linalg.fractional_matrix_power(s, t)
    f[0, 0] = 0.0
    return np.sum(s * WEIGHTS)


def whole(a: Any, t: Any) -> Any:
    s = a * 1.0
    f = np.linalg.matrix_power(s, t)
    s[0, 0] = 0.0
    return np.sum(f * WEIGHTS)


@pytest.mark.parametrize("powers", [(2, 0, 1), (1, 0), (1.0, 0.5), (0.5, 1.0)])
@pytest.mark.parametrize("f", [written, written_into, whole])
def test_one_function_takes_several_powers(f: Any, powers: Any) -> None:
    derived = value_and_grad(f)
    for t in powers if f is not whole else map(round, powers):
        value, gradient = derived(A, t)
        assert_identical(value, f(A, t))
        assert_close(gradient, differences(lambda a, t=t: f(a, t), (A,)), rtol=1e-6)


def of_a_constant(t: Any) -> Any:
    return np.sum(scipy.linalg.fractional_matrix_power(A, t) * WEIGHTS)


def of_both(t: Any) -> Any:
    return np.sum(scipy.linalg.fractional_matrix_power(A * t, t) * WEIGHTS)


def of_complex(t: Any) -> Any:
    f = scipy.linalg.fractional_matrix_power(A + 1j * t, t)
    return np.sum(np.abs(f) ** 2)


@pytest.mark.parametrize("t", [1.0, 0.5, 2.0])
@pytest.mark.parametrize("f", [of_a_constant, of_both, of_complex])
def test_the_derivative_by_the_power(f: Any, t: float) -> None:
    value, gradient = value_and_grad(f)(t)
    assert_identical(value, f(t))
    assert_close(gradient, differences(f, (t,)), rtol=1e-6)
    check_grads(f, (t,))


@pytest.mark.parametrize("t", [1.0, 0.5])
def test_complex_matrices_where_control_flow_is_kept(t: float) -> None:
    value, gradient = value_and_grad(of_complex, control="keep")(t)
    assert_identical(value, of_complex(t))
    assert_close(gradient, differences(of_complex, (t,)), rtol=1e-6)


def test_the_first_power_is_not_written_where_the_derivative_by_the_power_is_asked_for() -> None:
    with pytest.raises(ValueError, match="read-only"):
        value_and_grad(written_into, (0, 1))(A, 1.0)
