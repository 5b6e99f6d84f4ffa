"""What is computed of sums waits: the adjoint of what is added up is computed in the sweep of the sum, and nothing is stored for it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad
from tests.native.plainly import uncompiled_fixture  # noqa: F401

pytest.importorskip("numba")
pytestmark = pytest.mark.usefixtures("uncompiled")


def logistic(w: Any, bias: Any, x: Any, y: Any) -> Any:
    scores = x @ w + bias
    return np.mean(np.logaddexp(0.0, scores) - y * scores) + 0.01 * np.sum(w * w)


def of_a_sum(w: Any, bias: Any, x: Any, y: Any) -> Any:
    """The cotangent of each element needs the sum of all."""
    return np.sin(np.sum(np.exp(x @ w + bias)) * 0.1) + np.mean(y * y) ** 2


def of_two_sums(w: Any, bias: Any, x: Any, y: Any) -> Any:
    """What waits for one sum is needed in another one, and in a loop."""
    scale = np.sum(x * x) / 3.0 + bias
    total = np.sum(np.tanh(w) / scale)
    for k in range(len(y)):
        total = total * 0.5 + y[k] * scale
    return total / np.sum(y * y + 1.0)


def overwritten(w: Any, bias: Any, x: Any, y: Any) -> Any:
    """A sum of what is written over before what is made of the sum is needed."""
    a = np.sin(y)
    one = np.sum(a * y) / 7.0
    a[:] = a[::-1] * 2.0
    two = a @ y - one
    return (one * two + np.sum(x @ w)) * bias


def guarded(w: Any, bias: Any, x: Any, y: Any) -> Any:
    """A number made of a sum decides."""
    mean = np.mean(y)
    if mean > 0.0:
        return np.sum(np.cos(w)) * mean + bias
    return np.sum(x @ w) / mean - bias * np.sum(np.sqrt(y - mean + 9.0))


def given(n: int, m: int, seed: int) -> tuple[Any, ...]:
    draw = np.random.default_rng(seed)
    return draw.normal(size=m), 0.3, draw.normal(size=(n, m)), draw.normal(size=n)


@pytest.mark.parametrize("function", [logistic, of_a_sum, of_two_sums, overwritten, guarded])
def test_numbers_are_the_same(function: Any) -> None:
    native, python = (value_and_grad(function, argnums=(0, 1, 2, 3), backend=backend) for backend in ("numba", "python"))
    for seed, (n, m) in enumerate([(4, 3), (1, 1), (9, 2), (30, 4), (2, 5), (7, 3)]):
        (value, grads), (value_1, grads_1) = native(*given(n, m, seed)), python(*given(n, m, seed))
        np.testing.assert_allclose(value, value_1, rtol=1e-12)
        for one, other in zip(grads, grads_1, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-11, atol=1e-13)
    assert sum(native.stats().left) == 0


def test_logistic_regression_holds_one_array_of_rows() -> None:
    native = value_and_grad(logistic, argnums=(0, 1), backend="numba")
    native(*given(6, 2, 0))
    text = native._last.native_text
    assert text.count("= np.empty(x.shape[0])") == 1, text
    assert text.count("for i in range(x.shape[0]):") == 1, text
