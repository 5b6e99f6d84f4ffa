"""Arrays that take over the memory of others, which nothing reads any more: which do, and that the numbers are the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad
from s2sad.native.taking_over import taken_over
from tests.native.plainly import uncompiled_fixture  # noqa: F401

TEXT = """\
def f(u, m):
    k = u.shape[0]
    a = np.empty({a})
    for i in range(k):
        for j in range(k):
            a[i, j] = u[i] * u[j]
    {between}
    b = np.empty({b})
    for i in range({first}):
        for j in range(k):
            {step}
    {after}
    return b
"""
PLAIN = {"a": "(k, k)", "b": "(k, k)", "between": "pass", "first": "k", "step": "b[i, j] = a[i, j] + 1.0", "after": "pass"}
TAKEN = [
    {}, {"step": "t = a[i, j]; b[i, j] = t; b[i, j] += t"}, {"between": "t = a[0, 0]", "step": "b[i, j] = t"},
    {"between": "np.dot(a, a, u)", "step": "b[i, j] = 1.0"}, {"a": "(k, k), np.int64", "b": "(k, k), np.int64"},
]  # fmt: skip
NOT_TAKEN = [
    {"after": "t = a[0, 0]"}, {"step": "b[i, j] = a[j, i]"}, {"step": "b[i, j] = a[i, j - 1]"}, {"step": "b[j, i] = a[i, j]"},
    {"step": "b[i, j] = 1.0; t = a[i, j]"}, {"step": "b[i, j] += a[i, j]"}, {"step": "t = b[i, j]; b[i, j] = a[i, j] + t"},
    {"step": "b[i, j] = b[i, j] + a[i, j]"}, {"a": "(k, m)"}, {"a": "(k, k), np.int64"}, {"between": "u = a"}, {"between": "keep(a)"},
    {"between": "k = m"}, {"between": "u = u[0]", "a": "(u.shape[0], u.shape[0])", "b": "(u.shape[0], u.shape[0])"},
    {"first": "a.shape[0]"}, {"step": "b[i, j] = a[i, j] + a.shape[0]"}, {"step": "i = 0; b[i, j] = a[i, j]"},
    {"step": "np.dot(a, a, b)"}, {"step": "if u[0]: b[i, j] = a[i, j]"}, {"after": "b = np.empty(3)"}, {"between": "t = a[0]"},
    {"between": "b = u"}, {"after": "b, u = u, 1.0"},
]  # fmt: skip


@pytest.mark.parametrize("change", TAKEN)
def test_an_array_takes_over_what_nothing_reads_later(change: dict[str, str]) -> None:
    text = TEXT.format(**PLAIN | change)
    assert taken_over(text) == text.replace(f"b = np.empty({(PLAIN | change)['b']})", "b = a")


@pytest.mark.parametrize("change", NOT_TAKEN)
def test_an_array_that_may_be_read_later_is_left(change: dict[str, str]) -> None:
    text = TEXT.format(**PLAIN | change)
    assert taken_over(text) == text


def test_memory_is_taken_once_and_handed_on() -> None:
    text = TEXT.format(**PLAIN).replace(
        "    return b", "    c = np.empty((k, k))\n    d = np.empty((k, k))\n    c[0, 0] = b[0, 0]\n    d[0, 0] = c[0, 0]\n    return c, d"
    )
    found = taken_over(text)
    assert "    b = a\n" in found
    assert "    c = np.empty((k, k))\n    d = b\n" in found, "one that is written at an element while the other is read there stays"


@pytest.mark.parametrize("made", [
    "if m:\n        b = np.empty((k, k))", "for _ in range(m):\n        b = np.empty((k, k))", "b = np.zeros((k, k))",
])  # fmt: skip
def test_others_are_made_anew(made: str) -> None:
    text = TEXT.format(**PLAIN).replace("b = np.empty((k, k))", made)
    assert taken_over(text) == text


def slopes(w: Any, x: Any, y: Any) -> Any:
    scores = x @ w
    return np.mean(np.log1p(np.exp(scores)) - y * scores) + np.sum(np.tanh(x @ w + 0.5)[1:] * y[:-1])


def walls(u: Any, k: float, n: int) -> Any:
    u = u.copy()
    for _ in range(n):
        flux = k * (u[1:] - u[:-1])
        u[1:-1] += flux[1:] - flux[:-1]
        u[0] = u[1] * u[0]
    return np.sum(u**2) + u[0]


def turned(u: Any, k: float, n: int) -> Any:
    """The adjoint reads an array transposed, and from behind, at the place of which it would write another."""
    a = np.sin(u)[:, None] * u[None, :]
    b = np.exp(a.T * k) + a[::-1] ** n
    return np.sum(b * b[:, ::-1])


@pytest.mark.usefixtures("uncompiled")
@pytest.mark.parametrize("function, others", [
    (slopes, [(4, 3), (1, 3), (7, 1), (40, 5)]), (walls, [(5, 3), (3, 0), (2, 1), (9, 4)]), (turned, [(3, 2), (1, 1), (6, 3)]),
])  # fmt: skip
def test_numbers_are_the_same(function: Any, others: list[tuple[int, int]]) -> None:
    draw = np.random.default_rng(5)
    native, python = (value_and_grad(function, argnums=(0, 1), backend=backend) for backend in ("numba", "python"))
    for n, m in others:
        rows = draw.normal(size=m), draw.normal(size=(n, m)), draw.normal(size=n)
        given = rows if function is slopes else (rows[2], 0.3, m)
        (value, grads), (value_1, grads_1) = native(*given), python(*given)
        np.testing.assert_allclose(value, value_1, rtol=1e-12)
        for one, other in zip(grads, grads_1, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-11, atol=1e-13)
    assert sum(native.stats().left) <= 1
    assert {slopes: "tanh = scores\n", walls: "u_bar = u_1\n", turned: "u_bar = t2\n"}[function] in native._last.native_text
