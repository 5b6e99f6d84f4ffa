"""What the sides of a branch save lies in one stack: which does, and that the numbers are the same whichever sides are taken."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import grad, value_and_grad
from tests.native.plainly import uncompiled_fixture  # noqa: F401
from tests.native.test_branches_that_save import upwind

pytest.importorskip("numba")
pytestmark = pytest.mark.usefixtures("uncompiled")
U = np.random.default_rng(6).normal(size=9)


def in_turn(u: Any, speed: float, n: int) -> Any:
    for k in range(n):
        u = np.sin(u) * speed if k % 2 else np.exp(-u * u) + u
    return np.sum(u**2)


def of_numbers(u: Any, speed: float, n: int) -> Any:
    x, y = u[0], u[1]
    for _ in range(n):
        if x > y:
            x = x - speed * math_sin(x) * y
        else:
            y = y * x + speed * y * y
    return x * y


def math_sin(x: Any) -> Any:
    return np.sin(x)


def of_three(u: Any, speed: float, n: int) -> Any:
    u = u * 1.0
    for k in range(n):
        if k % 3 == 0:
            u[1:] -= speed * (u[1:] - u[:-1])
        elif k % 3 == 1:
            u[:-1] -= speed * (u[1:] - u[:-1])
        else:
            u[1:] += speed * np.sin(u[1:] - u[:-1])
    return np.sum(u**2)


def of_one_side(u: Any, speed: float, n: int) -> Any:
    for _ in range(n):
        if speed > 0:
            u = np.sin(u * speed) * u
    return np.sum(u**2)


def two_and_one(u: Any, speed: float, n: int) -> Any:
    """One side saves an array more than the other, and one of another length."""
    u = u * 1.0
    for k in range(n):
        if u[k] > 0:
            u[1:] -= speed * (u[1:] - u[:-1]) * (u[1:] + u[:-1])
        else:
            u[:-1] -= speed * (u[1:] - u[:-1])
            u[1:-1] += speed * (u[2:] - u[1:-1])
    return np.sum(u**2)


def inside_another_loop(u: Any, speed: float, n: int) -> Any:
    total = u[0]
    for k in range(n):
        for i in range(k + 1):
            if u[i] > 0.1 * k:
                total = total * speed + np.sin(total + u[i])
            else:
                total = np.cos(total * total) * 0.1 - u[i]
    return total


def asked_for(u: Any, speed: float, n: int) -> Any:
    """What a side gives is asked for later in the step, whether it is there."""
    for k in range(n):
        found = np.sin(u) if u[k] > 0 else None
        other = np.cos(u) if u[k] <= 0 else None
        if found is not None:
            u = u + found * found
        if other is not None:
            u = u * other * speed
    return np.sum(u**2)


def read_later(u: Any, speed: float, n: int) -> Any:
    """What a side computes is the function's own number as well."""
    for k in range(n):
        if u[k] > 0:
            d = np.sin(u)
            e = u * 1.0
        else:
            d = u * speed
            e = np.sin(d) * d
        u = np.tanh(u + d * e)
    return np.sum(u**2)


def in_places(u: Any, speed: float, n: int) -> Any:
    """Four sides, of which each saves what is not made of what it begins with."""
    u = u * 1.0
    for k in range(n):
        if u[k] > 0.5:
            u[1:] -= speed * (u[1:] - u[:-1])
        elif u[k] > 0.0:
            u[:-1] -= speed * (u[1:] - u[:-1])
        elif k % 2:
            u[1:] += speed * np.sin(u[1:] - u[:-1])
        else:
            u[:-1] *= speed * (u[1:] * 0.5)
    return np.sum(u**2)


def one_after_the_other(u: Any, speed: float, n: int) -> Any:
    """Two branches with conditions of their own: a step may save for both."""
    u = u * 1.0
    for k in range(n):
        if u[k] > 0.0:
            u[1:] -= speed * (u[1:] - u[:-1])
        if k % 2:
            u[:-1] -= speed * (u[1:] - u[:-1])
    return np.sum(u**2)


def once_more(u: Any, speed: float, n: int) -> Any:
    """A loop that is left early, backwards, from somewhere on."""
    u = u * 1.0
    for k in range(n + 1, 1, -2):
        if k % 3:
            u[1:] -= speed * (u[1:] - u[:-1])
        else:
            u[:-1] -= speed * (u[1:] - u[:-1])
        if u[0] > 1.5:
            break
    return np.sum(u**2)


PROGRAMS = [
    upwind, in_turn, of_numbers, of_three, of_one_side, two_and_one, inside_another_loop, asked_for, read_later, in_places,
    one_after_the_other, once_more,
]  # fmt: skip


def agree(function: Any, arguments: list[tuple[Any, float, int]]) -> None:
    native, python = (value_and_grad(function, argnums=(0, 1), backend=backend, control="keep") for backend in ("numba", "python"))
    for given in arguments:
        flat, flat_1 = (np.concatenate([np.ravel(x) for x in _leaves(derivative(*given))]) for derivative in (native, python))
        np.testing.assert_allclose(flat, flat_1, rtol=1e-10, atol=1e-13)
    assert sum(native.stats().left) == 0


def _leaves(found: Any) -> list[Any]:
    return [x for part in found for x in _leaves(part)] if isinstance(found, tuple) else [found]


@pytest.mark.parametrize("function", PROGRAMS)
def test_numbers_are_the_same(function: Any) -> None:
    agree(function, [
        (sign, speed, n) for sign in (U, -U, np.abs(U), -np.abs(U)) for speed in (0.4, -0.3) for n in (6, 1, 0)
    ] + [(U[:3], 0.4, 2)])  # fmt: skip


def of_what_a_step_before_gave(w: Any, u: Any) -> Any:
    """The derivative by `w` reads an array where the function reads it: that may be of a step before, or not there."""
    total = 0.0
    for k in range(3):
        if u[k] > 0:
            d = np.sin(u)
        else:
            e = np.cos(u)
        if u[k + 1] > 0:
            total += np.sum(w * d)
        else:
            total += np.sum(w * w * e)
    return total


@pytest.mark.parametrize("signs", ["++++", "+-++", "-+-+", "--+-", "+--+", "-++-", "++-+"])
def test_what_is_not_assigned_is_told_as_by_the_function(signs: str) -> None:
    u, w = np.array([0.3 if s == "+" else -0.7 for s in signs]), np.arange(4.0)
    try:
        of_what_a_step_before_gave(w, u)
    except UnboundLocalError:
        for backend in ("numba", "python"):
            with pytest.raises(UnboundLocalError):
                grad(of_what_a_step_before_gave, backend=backend, control="keep")(w, u)
        return
    native, python = (grad(of_what_a_step_before_gave, backend=backend, control="keep")(w, u) for backend in ("numba", "python"))
    np.testing.assert_allclose(native, python, rtol=1e-13)


@pytest.mark.parametrize("function", [upwind, in_turn, of_three])
def test_derivatives_of_derivatives_are_the_same(function: Any) -> None:
    def squared(u: Any, speed: float, n: int) -> Any:
        one, other = grad(function, argnums=(0, 1), control="keep")(u, speed, n)
        return np.sum(one * one) + other * other

    agree(squared, [(u, speed, n) for u in (U[:4], -U[:4]) for speed in (0.4, -0.3) for n in (3, 0)])


@pytest.mark.parametrize("function, arrays", [
    (upwind, 1), (of_three, 1), (two_and_one, 3), (in_places, 2), (one_after_the_other, 2),
])  # fmt: skip
def test_both_sides_cost_what_one_costs(function: Any, arrays: int) -> None:
    native = value_and_grad(function, argnums=(0, 1), backend="numba", control="keep")
    native(U, 0.4, 4)
    text = native._last.native_text
    assert sum("= np.empty((count, " in line for line in text.splitlines()) == arrays, text
