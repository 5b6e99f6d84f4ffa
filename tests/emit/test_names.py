"""Names in generated code: those of the source, with what an adjoint adds to them."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad
from tests.generated_names import assigned

LINE = np.linspace(0.5, 1.5, 6)


def source(function: Any, *args: Any, argnums: Any = 0, control: str = "keep") -> str:
    compiled = value_and_grad(function, argnums=argnums, control=control)
    compiled(*args)
    return compiled.source


# What belongs to a named array


def thomas(a: Any, b: Any, c: Any, d: Any) -> Any:
    n = len(d)
    cp = np.zeros(n)
    dp = np.zeros(n)
    x = np.zeros(n)
    cp[0] = c[0] / b[0]
    dp[0] = d[0] / b[0]
    for i in range(1, n):
        m = b[i] - a[i] * cp[i - 1]
        cp[i] = c[i] / m
        dp[i] = (d[i] - a[i] * dp[i - 1]) / m
    x[n - 1] = dp[n - 1]
    for i in range(n - 2, -1, -1):
        x[i] = dp[i] - cp[i] * x[i + 1]
    return np.sum(x * x)


def kernel_matrix(x: Any, s: Any) -> Any:
    n = len(x)
    K = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            K[i, j] = s**2 * np.exp(-0.5 * (x[i] - x[j]) ** 2)
    return np.sum(K)


def filled_in_a_branch(x: Any, flag: Any) -> Any:
    y = np.zeros(len(x))
    for i in range(len(x)):
        if x[i] > flag:
            y[i] = np.sin(x[i])
        else:
            y[i] = x[i] ** 3
    return np.sum(y * y)


def in_a_helper(x: Any) -> Any:
    return np.sum(running(x) ** 2)


def running(values: Any) -> Any:
    sums = np.zeros(len(values))
    for k in range(1, len(values)):
        sums[k] = sums[k - 1] * values[k] + values[k]
    return sums


@pytest.mark.parametrize(
    ("function", "args", "argnums", "names"),
    [
        (thomas, (LINE, LINE + 4, LINE, LINE), (0, 1, 2, 3), ("cp_bar", "dp_bar", "x_bar", "a_bar", "b_bar", "c_bar", "d_bar", "m_bar")),
        (kernel_matrix, (LINE, 0.7), (0, 1), ("K_bar", "x_bar", "s_bar")),
        (filled_in_a_branch, (LINE, 1.0), 0, ("y_bar", "x_bar")),
        (in_a_helper, (LINE,), 0, ("sums_bar",)),
    ],
)
def test_the_cotangent_of_a_named_array_is_called_after_it(function: Any, args: Any, argnums: Any, names: tuple[str, ...]) -> None:
    assert set(names) <= set(assigned(source(function, *args, argnums=argnums)))
