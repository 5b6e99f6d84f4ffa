"""In the steps of loops, what waits for the step before comes last in sums, and is multiplied by once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import trees, value_and_grad
from tests.native.plainly import uncompiled_fixture  # noqa: F401

pytest.importorskip("numba")
pytestmark = pytest.mark.usefixtures("uncompiled")
GRID = np.random.default_rng(2).normal(size=(6, 6))


def logistic(x: Any, r: Any, steps: int) -> Any:
    total = 0.0
    for _ in range(steps):
        if x > 0.6:
            x = 0.5 * x
        else:
            x = r * x * (1.0 - x)
        total = total + x
    return total


def swept(a: Any, steps: int) -> Any:
    a = a.copy()
    for _ in range(steps):
        for i in range(1, len(a) - 1):
            for j in range(1, len(a) - 1):
                a[i, j] = (a[i, j - 1] + a[i - 1, j] + a[i, j] + a[i, j + 1] + a[i + 1, j]) / 5.0
    return np.sum(a * a)


def swept_back(a: Any) -> Any:
    b = a[0].copy()
    for j in range(len(b) - 2, -1, -1):
        b[j] = (b[j + 1] + b[j] + a[1, j]) * 0.3
    return np.sum(b * b)


def down_a_column(a: Any) -> Any:
    a = a.copy()
    for j in range(len(a)):
        for i in range(2, len(a), 2):
            a[i, j] = a[i - 2, j] + a[i - 1, j] + a[i, j] * a[i, j] + 1.0
    return np.sum(a)


def accumulated(x: Any) -> Any:
    total = 0.0
    for i in range(len(x)):
        total = total + x[i, 0] * x[i, 1] + x[i, 2] * 3.0
    return total * total


def with_rest(x: Any) -> Any:
    """A sum that keeps what it rounds off, which is a difference of what is late and what is not."""
    total, rest = 0.0, 0.0
    for i in range(len(x)):
        term = x[i, 0]
        following = total + term
        rest += (total - following) + term if abs(total) >= abs(term) else (term - following) + total
        total = following
    return total + rest


CASES = {
    "logistic": (logistic, (0.3, 3.1, 9), "x_bar_1 = t1 * (t2 * r - r * x_3)"),
    "swept": (swept, (GRID, 2), "(a_prev_j + a_ij + a_i_next + a_next_j + a_i_prev) / 5.0"),
    "swept_back": (swept_back, (GRID,), "(b_j + a_1j + b_next)"),
    "down_a_column": (down_a_column, (GRID,), "1.0 + "),
    "accumulated": (accumulated, (GRID,), "total = x_i0 * x_i1 + x_i2 * 3.0 + total"),
    "with_rest": (with_rest, (GRID,), "total - following + term"),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_late_comes_last(name: str) -> None:
    function, arguments, line = CASES[name]
    places = tuple(k for k, a in enumerate(arguments) if not isinstance(a, int))
    native, plain = value_and_grad(function, argnums=places, backend="numba"), value_and_grad(function, argnums=places)
    for given in (arguments, (GRID[:4, :4].copy(), *arguments[1:]) if arguments[0] is GRID else (0.7, 2.9, 4)):
        found, expected = (trees.flatten(f(*given))[0] for f in (native, plain))
        for one, other in zip(found, expected, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-14)
    path = native._last
    assert path.interpreted is not None and path.interpreted.hits == 0
    assert line in path.native_text, path.native_text


def test_a_rest_is_kept() -> None:
    x = np.tile([[1.0], [1e100], [1.0], [-1e100]], (1, 3))
    assert value_and_grad(with_rest, backend="numba")(x)[0] == 2.0
