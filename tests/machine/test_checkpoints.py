"""Checkpoints: the same numbers to the last bit, with no more snapshots than asked for and no more work than binomial distances need."""
from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad import CannotKeep, checkpoint, grad, value_and_grad
from s2sad.ir.program import Loop, everything
from s2sad.machine import checkpoints


def identical(one: Any, other: Any) -> bool:
    return type(one) is type(other) and np.array_equal(one, other)


def plain(x: float, n: int) -> float:
    for _ in range(n):
        x = 1.1 * math.sin(x) + 0.01 * x
    return x


def with_three(x: float, n: int) -> float:
    for _ in checkpoint(range(n), snapshots=3):
        x = 1.1 * math.sin(x) + 0.01 * x
    return x


def with_enough(x: float, n: int) -> float:
    for _ in checkpoint(range(n)):
        x = 1.1 * math.sin(x) + 0.01 * x
    return x


def left_early(x: float, n: int) -> float:
    t = 0.0
    for _ in checkpoint(range(n), snapshots=2):
        t = math.sin(t) + x
        if t > 1.5:
            break
    return t


def skipping(x: float, n: int) -> float:
    t = 0.0
    for i in checkpoint(range(n)):
        if i % 3 == 1:
            continue
        t = math.sin(t) + x * i
    return t


def returning(x: float, n: int) -> float:
    t = 0.0
    for _ in checkpoint(range(1, n, 2), snapshots=3):
        t = math.sin(t) + x
        if t > 1.7:
            return t * 2
    else:
        t = t * 3
    return t


@pytest.mark.parametrize("function", [left_early, skipping, returning])
def test_loops_that_are_left_early(function: Callable[..., Any]) -> None:
    kept, recorded = value_and_grad(function, control="keep"), value_and_grad(function, control="record")
    for args in ((1.0, 4), (0.3, 7), (1.5, 9), (0.2, 0), (0.9, 1)):
        assert identical(kept(*args), recorded(*args))
    assert [path.kept for path in kept.paths] == [True]


def from_two_on(x: float, n: int) -> float:
    for i in checkpoint(range(2, n), snapshots=2):
        x = math.sin(x * i)
    return x


def test_the_index_of_a_loop_that_does_not_begin_at_0() -> None:
    kept, recorded = value_and_grad(from_two_on, control="keep"), value_and_grad(from_two_on, control="record")
    assert kept(0.3, 3) == (math.sin(0.6), 2.0 * math.cos(0.6))
    for n in (4, 8, 2, 1):
        (value, slope), (expected, other) = kept(0.3, n), recorded(0.3, n)
        assert identical(value, expected)
        assert math.isclose(slope, other, rel_tol=1e-15)
    assert [path.kept for path in kept.paths] == [True]


@pytest.mark.parametrize("control", ["keep", "record"])
def test_no_snapshots_are_none_also_where_it_is_differentiated(control: str) -> None:
    def none(x: float, n: int) -> float:
        for _ in checkpoint(range(n), snapshots=0):
            x = math.sin(x)
        return x

    with pytest.raises((ValueError, CannotKeep), match="at least one snapshot is needed, not 0"):
        grad(none, control=control)(0.5, 3)


@pytest.mark.parametrize("function", [with_three, with_enough])
def test_the_numbers_are_the_same_to_the_last_bit(function: Callable[..., Any]) -> None:
    derivative, expected = value_and_grad(function, control="keep"), value_and_grad(plain, control="keep")
    for n in (0, 1, 2, 3, 7, 100):
        assert derivative(0.5, n) == expected(0.5, n)
    assert [path.kept for path in derivative.paths] == [True]


def growth(u: Any, n: int, rate: float, mark: Callable[[Any], Any]) -> Any:
    u = u.copy()
    for k in mark(range(n, 0, -1)):
        if u[0] > 0.05:
            u[1:-1] += rate * u[1:-1] * (u[2:] - u[:-2]) * k
        else:
            u[0] += 0.01
        for i in range(1, len(u)):
            u[i] = u[i] * (1.0 - rate * u[i - 1])
    return np.sum(u * u)


def marked(u: Any, n: int, rate: float) -> Any:
    return growth(u, n, rate, lambda steps: checkpoint(steps, snapshots=2))


def unmarked(u: Any, n: int, rate: float) -> Any:
    return growth(u, n, rate, lambda steps: steps)


def test_arrays_that_are_written_branches_and_loops_inside() -> None:
    derivative, expected = (value_and_grad(f, argnums=(0, 2), control="keep") for f in (marked, unmarked))
    for n in (0, 1, 5):
        u = np.linspace(0.0, 0.3, 6)
        value, gradients = derivative(u, n, 0.1)
        wanted, others = expected(u, n, 0.1)
        assert identical(value, wanted)
        assert all(map(identical, gradients, others))
        assert np.array_equal(u, np.linspace(0.0, 0.3, 6))
    assert all(path.kept for path in derivative.paths)


def test_the_forward_loop_saves_nothing() -> None:
    derivative = value_and_grad(with_three, control="keep")
    derivative(0.5, 4)
    loops = [s for s in everything(derivative.paths[0].function.statements) if isinstance(s, Loop)]
    assert loops
    assert not any(loop.stacks for loop in loops)


@checkpoint
def layer(x: Any, w: Any) -> Any:
    h = np.tanh(w @ x)
    return np.tanh(w @ h) + x


def network(x: Any, w: Any, n: int) -> Any:
    for _ in range(n):
        x = layer(x, w)
    return np.sum(x)


def test_a_function_saves_its_arguments_alone() -> None:
    x, w = np.linspace(0.0, 1.0, 3), 0.3 * np.eye(3) + 0.1
    derivative = value_and_grad(network, argnums=(0, 1), control="keep")
    value, gradients = derivative(x, w, 4)
    wanted, others = value_and_grad(network, argnums=(0, 1), control="record")(x, w, 4)
    assert identical(value, wanted)
    for one, other in zip(gradients, others, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-13)
    assert re.findall(r"^ +(\w+_saved\w*)(?:\.append|\[)", derivative.source, re.MULTILINE) == ["x_saved"]
    assert np.array_equal(layer(x, w), layer.function(x, w))


@pytest.mark.parametrize("steps", [1, 2, 5, 10, 33, 200])
@pytest.mark.parametrize("count", [1, 2, 3, 5, 0])
def test_snapshots_are_few_and_so_is_the_work(steps: int, count: int) -> None:
    """Each step is run again at most `r` times, the least number with which so many snapshots reach so many steps."""
    snapshots = checkpoints.Snapshots(steps, count, 0)
    available = snapshots.count
    again = next(r for r in range(steps + 1) if math.comb(available + r, available) >= steps)
    runs = dict.fromkeys(range(steps), 0)
    most = 0
    for step in reversed(range(steps)):
        start, state = checkpoints.nearest(snapshots, step)
        assert start == state <= step
        for k in range(start, step):
            checkpoints.offer(snapshots, k, state)
            runs[k] += 1
            state += 1
            most = max(most, len(snapshots.held))
    assert most <= available
    assert max(runs.values()) <= again
    if count == 0:
        assert again <= 2
        assert available <= math.isqrt(2 * steps) + 1


def test_what_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one snapshot"):
        checkpoint(range(3), snapshots=0)
    with pytest.raises(TypeError, match="neither a function nor something to loop over"):
        checkpoint(3)
    with pytest.raises(CannotKeep, match="a derivative of a derivative through checkpoint"):
        grad(grad(with_three, control="keep"), control="keep")(0.5, 4)
    assert grad(grad(with_three))(0.5, 4) == pytest.approx(grad(grad(plain))(0.5, 4), rel=1e-13)


def test_recorded_code_and_the_tape_take_it_as_it_is() -> None:
    assert value_and_grad(with_three, control="record")(0.5, 5) == value_and_grad(plain, control="record")(0.5, 5)
    assert s2sad.tape.gradient(with_three, (0.5, 5), (0,)) == s2sad.tape.gradient(plain, (0.5, 5), (0,))
