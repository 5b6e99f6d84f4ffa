"""Arrays that steps of loops make anew, made once in front of the loop: which are, and that the numbers are the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad
from s2sad.native.work_arrays import made_once
from tests.native.plainly import uncompiled_fixture  # noqa: F401

STEP = """\
def f(u, n, m):
    total = 0.0
    k = u.shape[0]
    held = np.empty(k)
    # the loop
    for i in range(n):
        {made}
        for j in range(k):
            t[j] = u[j] + t[j]
        {used}
        total += t[0]
    return total, held
"""
MOVED = [
    ("t = np.empty(k)", "total += t[1]"), ("t = np.zeros(u.shape[0])", "pass"), ("t = np.empty(k)", "np.dot(u, t, held)"),
    ("t = np.empty(m - 1)", "pass"), ("t = np.empty(k, np.int64)", "pass"), ("t = np.empty(max(0, m - 2))", "pass"),
    ("t = np.empty(min(k, m))", "pass"),
]  # fmt: skip
LEFT = [
    ("t = np.empty(k)", "held = t"), ("t = np.empty(k)", "held, t = t, held"), ("t = np.empty(k)", "held[:] = t[:]"),
    ("t = np.empty(i)", "pass"), ("t = np.empty(m // n)", "pass"), ("t = np.empty(k)", "keep(t)"), ("t = np.ones(k)", "pass"),
    ("t = np.empty(k)", "m = m + 1; t = np.empty(m)"), ("t = np.empty(m)", "m = m + 1"), ("t = np.empty((k, k))", "held = t[0]"),
    ("t = np.empty(max(m, i))", "pass"), ("t = np.empty(max(m // n, 1))", "pass"),
]  # fmt: skip


@pytest.mark.parametrize(("made", "used"), MOVED)
def test_an_array_of_a_step_is_made_in_front_of_the_loop(made: str, used: str) -> None:
    lines = [line.strip() for line in made_once(STEP.format(made=made, used=used)).splitlines()]
    line = next(line for line in lines if line.startswith("t = np.empty("))
    assert lines.index(line) + 2 == lines.index("for i in range(n):"), "in front of the comment, too"
    assert line.count("max(") == any(n in made for n in ("m - 1", "m - 2", "m)")), "what may be below zero is where the loop has no step"
    assert ("t[place] = 0.0" in lines) == ("zeros" in made)


@pytest.mark.parametrize(("made", "used"), LEFT)
def test_an_array_that_may_outlive_its_step_stays_in_it(made: str, used: str) -> None:
    text = STEP.format(made=made, used=used)
    assert made_once(text) == text


def test_the_side_of_a_branch_makes_its_own() -> None:
    text = STEP.format(made="if u[0] > 0.0:\n            t = np.empty(k)\n            t[0] = 1.0", used="pass")
    assert made_once(text) == text


def gated(w: Any, x: Any, n: int) -> Any:
    """Steps that make arrays, which begin with zeros or are filled, and keep some of them."""
    h, total = np.zeros(len(x)), 0.0
    for t in range(n):
        z = np.zeros(2 * len(x))
        z[: len(x)] = np.tanh(w @ h + x)
        z[len(x) :] += h * t
        h = z[: len(x)] * 0.5 + z[len(x) :] ** 2
        total += np.sum(h * z[: len(x)])
    return total


def by_turns(w: Any, x: Any, n: int) -> Any:
    """The array of the step before is read in the next."""
    old, total = x, 0.0
    for _ in range(n):
        new = np.empty(len(x))
        for j in range(len(x)):
            new[j] = np.sin(old[j - 1]) * w[0, j] + old[j]
        old = new
        total += np.sum(old * old)
    return total


def one_less(w: Any, x: Any, n: int) -> Any:
    """Where the loop has no step, the length of the array would be below zero."""
    total = w[0, 0] * x[0]
    for i in range(n - 1):
        t = np.zeros(n - 1)
        for j in range(n - 1):
            t[j] = x[0] * j + w[0, 0]
        total += np.sum(t * t) * i
    return total


@pytest.mark.usefixtures("uncompiled")
@pytest.mark.parametrize("function", [gated, by_turns, one_less])
def test_numbers_are_the_same(function: Callable[..., Any]) -> None:
    draw = np.random.default_rng(7)
    w, x = draw.normal(size=(3, 3)), draw.normal(size=3)
    native, python = (value_and_grad(function, argnums=(0, 1), backend=backend) for backend in ("numba", "python"))
    for n in (3, 5, 1, 0):
        (value, grads), (value_1, grads_1) = native(w, x, n), python(w, x, n)
        np.testing.assert_allclose(value, value_1, rtol=1e-12)
        for one, other in zip(grads, grads_1, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-11, atol=1e-13)
    assert sum(native.stats().left) <= 1, "a sum of no steps is a float"


@pytest.mark.usefixtures("uncompiled")
def test_no_step_of_a_network_makes_an_array() -> None:
    native = value_and_grad(gated, argnums=(0, 1), backend="numba")
    native(np.eye(3), np.ones(3), 4)
    text = native._last.native_text
    in_loops = [line for line in text.splitlines() if line.startswith(" " * 8) and ("= np.empty(" in line or "= np.zeros(" in line)]
    assert not in_loops, in_loops
