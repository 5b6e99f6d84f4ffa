"""Sums of arrays with several axes, which native code adds up in loops within loops."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad
from tests.native.plainly import uncompiled_fixture  # noqa: F401
from tests.native.test_emitted import agree

pytest.importorskip("numba")

RANDOM = np.random.default_rng(11)
X = RANDOM.normal(size=(4, 9))


def weighted(x: Any, y: Any) -> Any:
    return np.sum(x * y) * np.sum(x[:, 1:] * y[:, :-1]) + np.sum(x * x)


def in_steps(x: Any, k: float, n: int) -> Any:
    x, total = x.copy(), 0.0
    for step in range(n):
        x[1:-1] += k * (x[2:] - 2 * x[1:-1] + x[:-2])
        total += np.sum(x * x) if step % 2 else 0.5 * np.sum(x)
    return total


def of_layers(x: Any, k: float) -> Any:
    total = 0.0
    for i in range(x.shape[0]):
        for layer in range(i):
            total = total * 0.5 + k * np.sum(x[: i + 1] * x[layer])
    return total


def of_several_kinds(x: Any) -> Any:
    return np.sum(x) + np.max(x * x) + np.prod(np.sum(x, axis=1)) + np.sum(np.arange(12).reshape(3, 4))


def of_sines(x: Any) -> Any:
    return np.sum(np.sin(x))


def of_a_row(x: Any) -> Any:
    return np.sum(x[0] * x[1]) + np.sum(x[:, :2] ** 2)


def mean(x: Any) -> Any:
    return np.mean(x) * np.var(x)


@pytest.mark.parametrize("function, arguments, options", [
    (weighted, (X, X + 1), {"argnums": (0, 1)}), (weighted, (X[:, :1].copy(), X[:, :1] + 1), {"argnums": (0, 1)}),
    (weighted, (X[:, :5].astype(np.float32), X[:, 1:6].astype(np.float32)), {}), (weighted, (X.T, X.T + 1), {}),
    (in_steps, (X, 0.1, 5), {"argnums": (0, 1)}), (in_steps, (X[:2], 0.1, 1), {}), (in_steps, (np.zeros((3, 0)), 0.1, 2), {}),
    (of_layers, (X, 0.3), {"argnums": (0, 1)}), (of_several_kinds, (X,), {}), (of_sines, (X,), {}), (of_a_row, (X,), {}), (mean, (X,), {}),
])  # fmt: skip
def test_the_numbers_are_those_of_python(function: Any, arguments: Any, options: Any, uncompiled: None) -> None:
    if arguments[0].dtype == np.float32:
        native = value_and_grad(function, backend="numba", **options)
        value, slope = native(*arguments)
        expected = value_and_grad(function, **options)(*arguments)
        assert type(value) is type(expected[0]) and slope.dtype == np.float32
        np.testing.assert_allclose(value, expected[0], rtol=1e-5)
        np.testing.assert_allclose(slope, expected[1], rtol=1e-5)
        return
    agree(function, arguments, **options)
