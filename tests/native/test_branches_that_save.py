"""What a branch gives to be saved is made where it is saved, by the side that makes it."""
from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad
from tests.native.plainly import uncompiled_fixture  # noqa: F401
from tests.native.test_emitted import agree

pytest.importorskip("numba")

U = np.random.default_rng(6).normal(size=7)


def upwind(u: Any, speed: float, n: int) -> Any:
    u = u * 1.0
    for _ in range(n):
        if speed > 0:
            u[1:] -= speed * (u[1:] - u[:-1])
        else:
            u[:-1] = u[:-1] - speed * (u[1:] - u[:-1])
    return np.sum(u**2)


def one_of_two(u: Any, speed: float, n: int) -> Any:
    for k in range(n):
        d = np.sin(u) if u[k] > 0 else u * speed
        u = u + d * d
    return np.sum(u**2)


def one_that_changes(u: Any, speed: float, n: int) -> Any:
    for k in range(n):
        if u[k] > 0:
            d = np.sin(u)
            e = d * 1.0
            e[0] = speed
            d[1] = e[2] * d[1]
        else:
            d = u * 2.0
            e = d
        u = u + 0.1 * d * e
    return np.sum(u**2)


def one_in_another(u: Any, speed: float, n: int) -> Any:
    for k in range(n):
        if u[k] > 0:
            if u[k + 1] > 0.2:
                d = np.exp(u * speed)
            else:
                d = u[::-1] * speed
        else:
            d = np.tanh(u)
        u = u * 0.5 + d * d
    return np.sum(u**2)


def of_what_it_takes_the_place_of(u: Any, speed: float, n: int) -> Any:
    d = u * 1.0
    for k in range(n):
        d = d[::-1] * speed if u[k] > 0 else d * d
        u = u + d * u
    return np.sum(u * d)


PROGRAMS = [upwind, one_of_two, one_that_changes, one_in_another, of_what_it_takes_the_place_of]


@pytest.mark.parametrize("function", PROGRAMS)
@pytest.mark.parametrize("speed", [0.4, -0.3])
def test_sides_make_what_is_saved_where_it_is_saved(function: Any, speed: float, uncompiled: None) -> None:
    for n in (0, 4):
        agree(function, (U, speed, n), argnums=(0, 1), control="keep")
        agree(function, (-U, speed, n), argnums=(0, 1), control="keep")


def test_nothing_is_copied_into_the_stacks_of_both_sides(uncompiled: None) -> None:
    derivative = value_and_grad(upwind, argnums=(0, 1), backend="numba", control="keep")
    derivative(U, 0.4, 5)
    forward, _, _ = derivative.source.partition("# adjoint of")
    saved = re.findall(r"^( *)t_saved(?:_1)?\[step, i\] = (.*)$", forward, re.MULTILINE)
    assert len(saved) == 2 and all(len(indent) == 16 and "u_1[i + 1] - u_1[i]" in value for indent, value in saved)


def read_in_steps(x: Any, n: int) -> Any:
    """What is the same number everywhere lies nowhere until an element is asked for, which may be in a loop without steps."""
    y, total = np.full(len(x), 2.0), 0.0
    for i in range(n):
        total += y[i] * x[i]
    return total + np.sum(y * x * x)


def read_on_one_side(x: Any, n: int) -> Any:
    y, total = np.full(len(x), 2.0), 0.0
    if n > 2:
        total += y[n - 1] * x[0]
    else:
        total += y[n] * x[0]
    return total + np.sum(y * x * x)


def computed_again(x: Any, n: int) -> Any:
    """What a loop begins with is computed, and is not where the steps have written over it."""
    y = np.sin(x)
    for _ in range(n):
        y[:] = x * x[::-1]
    return np.sum(np.sin(x)) + np.sum(x * (x[::-1] * y[::-1]))


def computed_from(x: Any, n: int) -> Any:
    """What a side writes into is not what that was computed from, which lies where it lay."""
    y = x * 1.0
    for _ in range(n):
        y = y[::-1] * x
        if n > 2:
            y[1] = 0.5
    return np.sum(x * x) + np.sum(y)


def written_once_it_lies_somewhere(x: Any, n: int) -> Any:
    """What is written over is computed in front of the region, and so is what is computed from it there: it gets the memory by that."""
    y = np.sin(x)
    z = y * x
    u = z + 1.0
    if n > 0:
        y[0] = x[1]
        z[0] = x[1] * 3.0
    return np.sum(u * x) + np.sum(y * z)


def written_in_steps_once_it_lies_somewhere(x: Any, n: int) -> Any:
    y = np.sin(x)
    z = y * 0.5 + y[::-1]
    u = z + 1.0
    for i in range(3):
        y[:] += np.where(z[::-1] > 0.1, x[::-1], z)
        for j in range(n):
            z[j] -= x[j] * x[i]
            y[j] = np.sin(x[j])
    return np.sum(u * x) + np.sum(y * z)


REGIONS = [
    read_in_steps, read_on_one_side, computed_again, computed_from, written_once_it_lies_somewhere, written_in_steps_once_it_lies_somewhere
]  # fmt: skip


@pytest.mark.parametrize("function", REGIONS)
def test_what_a_region_stores_is_there_in_that_region_alone(function: Any, uncompiled: None) -> None:
    native, plain = (value_and_grad(function, backend=b) for b in ("numba", "python"))
    for n in (3, 0, 4, 1):
        for found, expected in zip(native(U, n), plain(U, n), strict=True):
            np.testing.assert_allclose(found, expected, rtol=1e-13)
    assert all(path.interpreted is not None and path.interpreted.hits == 0 for path in native.paths)
