"""Forms of calls that mean another form: unbound methods, arguments by position, `dtype=`, `np.broadcast`, `argnums` by a variable."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import MissingRule, grad, tape, value_and_grad, vjp
from tests.oracles import assert_close, assert_identical

X = np.array([1.0, 2.0, 3.0, 4.0])
MATRIX = X.reshape(2, 2)


def broadcast_pairs(x: Any) -> Any:
    return sum(a * b for a, b in np.broadcast(x, [[2.0], [a_third()]]))


def a_third() -> float:
    return 3.0


def broadcast_sizes(x: Any) -> Any:
    together = np.broadcast(x, np.zeros((3, 1)))
    return np.sum(x) * (together.shape[0] + together.size + together.ndim + together.nd + together.numiter)


def viewed(x: Any) -> Any:
    y = x * 1.0
    y.view(np.ndarray)[0] = x[1] * 2.0
    return np.sum(y.view(type=np.ndarray) * y)


CASES: list[tuple[Any, Any, list[Any]]] = [
    (lambda x: np.sum(np.transpose(x * x, 0) * X), X, [2.0, 8.0, 18.0, 32.0]),
    (lambda x: np.sum(np.ndarray.flatten(x) ** 2), MATRIX, [[2.0, 4.0], [6.0, 8.0]]),
    (lambda x: np.ndarray.sum(x * x) + 4.0 * np.ndarray.mean(x) + np.ndarray.dot(x, X), X, [4.0, 7.0, 10.0, 13.0]),
    (lambda x: np.sum(np.ndarray.reshape(x, 2, 2)[1]) + np.ndarray.item(x, 0) * np.float64.conjugate(x[0]), X, [2.0, 0.0, 1.0, 1.0]),
    (lambda x: np.sum(x.var(1, None, None, 1)), MATRIX, [[-1.0, 1.0], [-1.0, 1.0]]),  # (a - b)^2 / 2 in each row
    (lambda x: np.sum(np.var(x, 1, None, None, 1, True)), MATRIX, [[-1.0, 1.0], [-1.0, 1.0]]),
    (lambda x: np.mean(x, 0, None) * 4.0 + np.max(x, 0, None) + np.sum(np.round(x, 1, None)), X, [1.0, 1.0, 1.0, 2.0]),
    (lambda x: np.sum(np.add(x, x, dtype=float) * np.multiply(x, 2.0, dtype="float64")), X, [8.0, 16.0, 24.0, 32.0]),
    (lambda x: np.sum(np.multiply(x, [1, 2, 3, 4], dtype=np.float64)), X, [1.0, 2.0, 3.0, 4.0]),
    (broadcast_pairs, X, [5.0] * 4),
    (broadcast_sizes, X, [21.0] * 4),
    (viewed, X, [0.0, 20.0, 6.0, 8.0]),  # 4 b^2 + b^2 + c^2 + d^2, by b: 8 b + 2 b
]


@pytest.mark.parametrize("control", ["record", "keep", "auto", "tape"])
@pytest.mark.parametrize(("function", "x", "expected"), CASES)
def test_a_form_means_what_numpy_means(function: Any, x: Any, expected: Any, control: str) -> None:
    found = tape.gradient(function, (x,), 0) if control == "tape" else value_and_grad(function, control=control)(x)
    assert_identical(found[0], function(x))
    assert_close(found[1], np.array(expected), 1e-12)


def test_a_broadcast_array_is_not_the_one_it_is_made_of() -> None:
    def f(x: Any) -> Any:
        return np.sum(np.broadcast_arrays(x, np.array([[2.0], [3.0]]))[1]) * x[0]  # 5 n x_0

    derivative = value_and_grad(f, control="keep")
    for n in (4, 6, 4):
        value, gradient = derivative(X[np.arange(n) % 4])
        assert value == 5.0 * n
        assert_close(gradient, np.array([5.0 * n] + [0.0] * (n - 1)), 1e-12)
    assert not derivative.reasons and len(derivative.paths) == 1


def test_a_ufunc_computes_in_the_dtype_it_is_told() -> None:
    def f(x: Any) -> Any:
        return np.multiply(np.sin(x, dtype=np.float32), 3.0, dtype=np.float32)

    x = np.float64(0.3)
    for value, gradient in (value_and_grad(f, control="record")(x), tape.gradient(f, (x,), 0)):
        assert_identical(value, f(x))
        assert type(gradient) is np.float64 and abs(gradient - 3.0 * np.cos(0.3)) < 1e-6
    with pytest.raises(TypeError, match="Cannot cast ufunc 'add'"):
        grad(lambda x: np.sum(np.add(x, 1j, dtype=float)))(X)


def test_argnums_by_a_variable() -> None:
    def f(x: Any, which: Any) -> Any:
        value, pullback = vjp(lambda a, b: a * b * b, x, 3.0, argnums=which)
        return grad(lambda a, b: a * a * b * b, argnums=which)(x, 3.0) + pullback(1.0) * value

    for control in ("record", "auto"):
        derivative = value_and_grad(f, control=control)
        for which, value, gradient in ((0, 36.0 + 162.0, 18.0 + 81.0), (1, 24.0 + 216.0, 24.0 + 216.0), (0, 198.0, 99.0)):
            assert f(2.0, which) == value
            assert_close(derivative(2.0, which), (value, gradient), 1e-12)


def test_what_stays_refused() -> None:
    with pytest.raises(MissingRule, match="reads the bytes"):
        grad(lambda x: np.sum(x.view(np.int64)))(X)
    with pytest.raises(TypeError, match=r"descriptor 'flatten' for 'numpy\.ndarray' objects doesn't apply to a 'float' object"):
        grad(lambda x: np.ndarray.flatten(x))(1.0)
