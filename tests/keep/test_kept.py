"""Kept loops and branches: one code for every trip count and size, what is saved of a step, and where a statement stands."""

from __future__ import annotations

import functools
import inspect
import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import grad, value_and_grad
from s2sad.calls import kept_paths
from s2sad.calls.path import Path
from s2sad.ir.program import Assign, Function, If, Loop, StackType, Var, everything
from tests import golden_kept
from tests.oracles import agrees, assert_close, assert_identical, module

GRID = np.linspace(0.1, 1.0, 20).reshape(4, 5)


def keep(function: Callable[..., Any], argnums: Any = 0) -> Any:
    return value_and_grad(function, argnums=argnums, control="keep")


def kept_path(derivative: Any) -> Path:
    """The only path, which is a kept one."""
    (path,) = derivative.paths
    assert path.kept is not None
    return path  # type: ignore[no-any-return]


def loops(function: Function, reverse: bool = False) -> list[Loop]:
    """Loops of the primal, or of the adjoint, those inside others as well."""
    return [s for s in everything(function.statements) if isinstance(s, Loop) and (s.phase > 0) == reverse]


def saved(function: Callable[..., Any], argnums: Any, args: tuple[Any, ...]) -> int:
    """How many values the innermost steps of the loops of the primal save, and the outer ones beside their stacks; most go into arrays."""
    derivative = keep(function, argnums)
    derivative(*args)
    return len(stacks_of(kept_path(derivative).function, (False,))) + arrays_of(derivative)


def arrays_of(derivative: Any) -> int:
    """How many arrays loops save into."""
    return len(re.findall(r"\b\w+_saved\w* = np\.(?:zeros|empty)\(", derivative.source))


def stacks_of(function: Function, reverse: tuple[bool, ...] = (False, True)) -> list[Var]:
    """The stacks that loops give, but for stacks of stacks."""
    stacks = [s for side in reverse for each in loops(function, side) for s in each.stacks]
    return [s for s in stacks if not isinstance(s.type.element, StackType)]  # type: ignore[union-attr]


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the functions that were compiled with their control flow, one for each attempt."""
    made: list[str] = []
    attempt = kept_paths._kept

    @functools.wraps(attempt)
    def counted(walk: Any, *rest: Any) -> Any:
        made.append(walk.name)
        return attempt(walk, *rest)

    monkeypatch.setattr(kept_paths, "_kept", counted)
    return made


# One code


def test_one_code_for_every_trip_count(compilations: list[str]) -> None:
    derivative = keep(golden_kept.kept_recurrence)
    for n in (2, 0, 1, 2, 1000, 0):
        agrees(derivative, golden_kept.kept_recurrence, 0.3, n)
    assert len(derivative.paths) == 1
    assert compilations == ["kept_recurrence_value_and_grad"]


def test_one_code_for_every_way_through_the_branches(compilations: list[str]) -> None:
    def f(x, y):
        total = 0.0
        for k in range(3):
            if x > 0.5 and y > k:
                total += x * y
            elif x > -0.5 or y < 0.0:
                total -= x * x
            else:
                total += y * total
            x = x - 0.4
        return total if total > 0.0 else 2.0 * total

    derivative = keep(f, (0, 1))
    for x in (-1.0, -0.2, 0.3, 0.6, 1.4, 3.0):
        for y in (-1.0, 0.5, 1.5, 4.0):
            agrees(derivative, f, x, y, argnums=(0, 1))
    assert len(derivative.paths) == len(compilations) == 1


def test_one_code_for_arrays_of_every_size(compilations: list[str]) -> None:
    derivative = keep(golden_kept.kept_seidel)
    for shape in ((4, 5), (3, 3), (7, 4), (5, 5), (2, 6), (4, 5)):
        agrees(derivative, golden_kept.kept_seidel, np.random.default_rng(0).normal(size=shape), 2)
    assert kept_path(derivative).kept is True
    assert len(compilations) == 1


def test_a_second_kind_of_arguments_has_a_code_of_its_own(compilations: list[str]) -> None:
    derivative = keep(golden_kept.kept_rosenbrock)
    for dtype in (float, np.float32, float, np.float32):
        agrees(derivative, golden_kept.kept_rosenbrock, np.linspace(0.0, 1.0, 5, dtype=dtype))
    assert len(derivative.paths) == len(compilations) == 2


def test_the_text_does_not_depend_on_the_trip_count() -> None:
    short, long = keep(golden_kept.kept_logistic_map, (0, 1)), keep(golden_kept.kept_logistic_map, (0, 1))
    short(1.1, 0.3, 1_000)
    value, _ = long(1.1, 0.3, 1_000_000)
    assert short.source == long.source != ""
    assert value == golden_kept.kept_logistic_map(1.1, 0.3, 1_000_000)
    assert len(long.source.splitlines()) < 40


def test_one_code_for_rows_of_half_the_size(compilations: list[str]) -> None:
    """A reshape into rows of unknown length: whether the size is even is asked, and no more."""

    def f(x):
        halves = np.reshape(x, (2, -1))
        total = 0.0
        for k in range(halves.shape[1]):
            total += halves[0, k] * halves[1, k] ** 2
        return total

    derivative = keep(f)
    for size in (4, 6, 8):
        agrees(derivative, f, np.linspace(0.3, 1.0, size))
    assert [p.kept for p in derivative.paths] == [True] and len(compilations) == 1


# What is saved


def linear_jacobi(a, sweeps):
    u = a.copy()
    for _ in range(sweeps):
        new = u.copy()
        for i in range(1, len(u) - 1):
            new[i] = 0.5 * (u[i - 1] + u[i + 1])
        u = new
    return np.sum(u * u)


def sum_of_squares(x):
    total = 0.0
    for i in range(len(x)):
        total += x[i] * x[i] * (i + 1)
    return total


def shifted_products(x, n):
    total = 0.0
    for i in range(n):
        j = (3 * i + 1) % n
        total += x[j] * x[n - 1 - i]
    return total


def hunters_and_hunted(start, n):
    y = start.copy()
    total = 0.0
    for _ in range(n):
        total += y[0] * y[1]
        y[0] += 0.1 * (y[0] - y[0] * y[1])
        y[1] -= 0.1 * (y[1] - y[0] * y[1])
    return total


@pytest.mark.parametrize(("function", "argnums", "args", "expected"), [
    (golden_kept.kept_seidel, 0, (GRID, 2), 0),
    (linear_jacobi, 0, (GRID[0], 3), 0),
    (sum_of_squares, 0, (GRID[0],), 0),
    (shifted_products, 0, (np.linspace(0.1, 1.0, 5), 5), 0),
    (hunters_and_hunted, 0, (GRID[0], 3), 4),  # both items, before a write and after it; each is read twice
    (golden_kept.kept_rosenbrock, 0, (GRID[0],), 0),  # the items are read again
    (golden_kept.kept_logistic_map, (0, 1), (2.5, 0.3, 4), 1),
    (golden_kept.kept_pendulum, (0, 1, 2), (0.3, 0.1, 0.01, 4), 2),
    (golden_kept.kept_pendulum, (0, 1), (0.3, 0.1, 0.01, 4), 1),
], ids=lambda v: getattr(v, "__name__", None) or str(v)[:12])  # fmt: skip
def test_values_saved_of_a_step(function: Callable[..., Any], argnums: Any, args: tuple[Any, ...], expected: int) -> None:
    assert saved(function, argnums, args) == expected
    agrees(keep(function, argnums), function, *args, argnums=argnums)


STEP = "3.9 * {0} * (1 - {0})"
FROM_ONE = {
    "a loop": (f"    for i in range(n):\n        x = {STEP.format('x')}\n", 1, 3),
    "a loop with a condition": (f"    k = 0\n    while k < n:\n        x = {STEP.format('x')}\n        k += 1\n", 1, 3),
    "a nested loop": (f"    for i in range(n):\n        for j in range(i, n):\n            x = {STEP.format('x')}\n", 1, 2),
    "a function": (f"    for i in range(n):\n        u = math.sin(x)\n        x = {STEP.format('u')}\n", 1, 3),
    "a sum": (f"    y = x\n    for i in range(n):\n        v = x + y\n        x, y = {STEP.format('v')}, y * 0.5\n", 1, 3),
    "from two": ("    y = x\n    for i in range(n):\n        x, y = (x + y) * (x - y) * (x - 2 * y), 0.1 * (x + 2 * y) * (x + y)\n", 2, 6),
    "a branch in a loop": (f"    for i in range(n):\n        if x > 0.5:\n            x = {STEP.format('x')}\n        else:\n"
                           "            x = 2.5 * x * (2 - x)\n", 1, 3),
    "in a branch": (f"    for i in range(n):\n        if x > 0.5:\n            u = math.sin(x)\n            x = {STEP.format('u')}\n"
                    "        else:\n            x = 2.5 * x * (1 - x)\n", 1, 3),
    "one for one": ("    t = 1.0\n    for i in range(n):\n        t = t * (x + i * 0.5 + t)\n    x = t\n", 1, 3),
}  # fmt: skip


@pytest.mark.parametrize(("x", "rtol"), ((0.3, 1e-15), (np.float32(0.3), 1e-6)), ids=("float", "float32"))
@pytest.mark.parametrize("form", FROM_ONE)
def test_what_comes_from_one_value_is_computed_again(form: str, x: Any, rtol: float) -> None:
    body, once, twice = FROM_ONE[form]
    function = module(f"import math\n\n\ndef f(x, n):\n{body}    return x\n").f
    assert saved(function, 0, (x, 3)) == once
    agrees(keep(function), function, x, 3)
    gradient = grad(function, control="record")
    assert_close(keep(function)(x, 3)[1], gradient(x, 3), rtol)
    second = keep(gradient)
    assert_close(second(x, 3)[1], grad(gradient)(x, 3), rtol=max(1e-12, 10 * rtol))
    assert len(stacks_of(kept_path(second).function)) + arrays_of(second) == twice


def test_of_arrays_that_come_from_one_that_one_is_saved() -> None:
    def f(x, n):
        for _ in range(n):
            x = 3.9 * x * (1 - x)
        return np.sum(x)

    assert saved(f, 0, (GRID[0] * 0.1, 3)) == 1


# Where statements stand


def inside(function: Function, reverse: bool = False) -> set[str]:
    """The names of the operations in the loops of the primal, or of the adjoint."""
    found = (s for each in loops(function, reverse) for s in everything(each.body.statements))
    return {s.primitive.name for s in found if isinstance(s, Assign)}


def test_what_does_not_change_stands_before_the_loop() -> None:
    def f(x, w, n):
        total = 0.0
        for k in range(n):
            total += np.cos(x) * np.exp(w)[0] * k + total * np.sin(x)
        return total

    derivative = keep(f, (0, 1))
    agrees(derivative, f, 0.3, np.ones(3), 5, argnums=(0, 1))
    path = kept_path(derivative)
    assert not inside(path.function) & {"np.cos", "np.sin", "np.exp"}
    assert not inside(path.function, True) & {"np.cos", "np.sin", "np.exp"}
    before = {s.primitive.name for s in path.function.statements if isinstance(s, Assign)}
    assert {"np.cos", "np.sin", "np.exp"} <= before


def test_what_may_raise_stays_in_the_loop() -> None:
    """A loop of no steps does not take the logarithm of a negative number."""

    def f(x, n):
        total = x
        for _ in range(n):
            total += math.log(x)
        return total

    derivative = keep(f)
    assert derivative(-1.0, 0) == (-1.0, 1.0)
    agrees(derivative, f, 2.0, 3)
    with pytest.raises(ValueError, match="domain"):
        derivative(-1.0, 1)
    path = next(p for p in derivative.paths if p.kept is not None)
    assert "math.log" in inside(path.function)


# Loops of every form


FORMS = {
    "steps": "for k in range(1, n, 2):\n        y = y * x + k\n    return y",
    "backwards": "for k in range(n, -1, -1):\n        y = y * x + k\n    return y",
    "bounds that leave nothing": "for k in range(n, 1):\n        y = y * x + k\n    return y",
    "reversed": "for k in reversed(range(n)):\n        y = y * x - k\n    return y",
    "while": "while y < n:\n        y = y * 1.5 + x * x\n    return y",
    "while with two conditions": "k = 0\n    while k < n and y < 9.0:\n        y = y * x + 1.0\n        k += 1\n    return y * k",
    "break": "for k in range(n):\n        y = y * x + 0.5\n        if y > 2.5:\n            break\n        y = y + x\n    return y * x",
    "continue": "for k in range(n):\n        if k % 2:\n            continue\n        y = y * x + k\n    return y",
    "return": "for k in range(n):\n        y = y * x + 0.5\n        if y > 2.5:\n            return y * k\n    return -y",
    "else": "for k in range(n):\n        y = y + x\n        if y > 3.0:\n            break\n    else:\n        y = y * y\n    return y",
    "while and else": "while y < n:\n        y = y + x\n        if y > 3.0:\n            break\n    else:\n        y = -y\n    return y",
    "triangle": "for i in range(n):\n        for j in range(i, n):\n            y += x ** j * i\n    return y",
    "break of the inner": "for i in range(n):\n        for j in range(n):\n            y = y + x * j\n            if j > i:\n"
                          "                break\n        y *= 0.5\n    return y",
    "return from both": "for i in range(n):\n        for j in range(n):\n            y = y + x * j\n            if y > 2.5:\n"
                        "                return y * i\n    return y",
    "continue and break": "k = 0\n    while True:\n        k += 1\n        if k == 2:\n            continue\n        y = y * x + k\n"
                          "        if k >= n:\n            break\n    return y",
    "no steps are no statement": "z = x\n    for k in range(n):\n        z = y * x\n        y = z\n    return z * y",
    "one of two loops": "if x > 0.5:\n        for k in range(n):\n            y = y * x\n    else:\n        while y < n:\n"
                        "            y = y + 1.0 + x\n    return y",
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_loops_of_every_form(form: str) -> None:
    function = module(f"def f(x, y, n):\n    {FORMS[form]}\n").f
    derivative = keep(function, (0, 1))
    for n in (3, 0, 1, 2, 6, 3):
        for x in (0.7, 1.3, 0.2):
            agrees(derivative, function, x, 0.9, n, argnums=(0, 1))
    assert kept_path(derivative).kept is True
    assert loops(kept_path(derivative).function)


def test_loops_over_arrays() -> None:
    def f(x, w):
        total = 0.0
        for a, (k, row) in zip(x, enumerate(w)):  # noqa: B905
            total += a * np.sum(row) * k
        for a in reversed(x):
            total = total * 0.5 + a * a
        return total

    derivative = keep(f, (0, 1))
    for m, n in ((3, 3), (2, 4), (4, 2), (5, 3), (3, 3)):
        agrees(derivative, f, np.linspace(0.2, 1.0, m), np.linspace(-1.0, 1.0, 2 * n).reshape(n, 2), argnums=(0, 1))
    assert all(p.kept for p in derivative.paths)


def test_a_branch_stays_a_branch() -> None:
    derivative = keep(golden_kept.kept_logistic_map, (0, 1))
    derivative(2.5, 0.3, 3)
    branches = [s for s in everything(kept_path(derivative).function.statements) if isinstance(s, If)]
    assert any(s.phase == 0 for s in branches) and any(s.phase == 1 for s in branches)


def test_a_helper_with_a_loop_in_a_loop() -> None:
    def power(x, n):
        total = 1.0
        for _ in range(n):
            total = total * x
        return total

    def f(x, n):
        total = 0.0
        for k in range(n):
            total += power(x, k) / (k + 1)
        return total

    derivative = keep(f)
    for n in (0, 1, 4, 9):
        agrees(derivative, f, 0.7, n)
    assert len(loops(kept_path(derivative).function)) == 2


def test_results_are_those_of_the_recorded_path_bit_for_bit_in_value() -> None:
    for name, (function, argnums, args) in golden_kept.KEPT.items():
        kept, recorded = keep(function, argnums), value_and_grad(function, argnums=argnums, control="record")
        value, gradient = kept(*args)
        assert_identical(value, recorded(*args)[0])
        assert_close(gradient, recorded(*args)[1], 1e-13)
        assert name in kept.source and inspect.isfunction(function)
