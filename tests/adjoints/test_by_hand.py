"""The adjoints by hand: their values are the programs' to the bit, their gradients those of differences."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np
import pytest

SMALLEST = {
    "cavity_flow": 2, "cholesky": 0, "deriche": 2, "durbin": 1, "dynamic_time_warping": 1, "gru": 0, "hmm_forward": 1, "kalman": 0,
    "kernel_matrix": 0, "lstm": 0, "lu": 0, "nbody": 0, "rk4": 0, "seidel": 0, "thomas": 1, "triangular_solve": 0,
}  # fmt: skip
ANALYTIC = ("thomas", "cholesky", "triangular_solve", "durbin", "lstm", "gru")
CASES = [(name, size, seed) for name, least in SMALLEST.items() for size, seed in ((least, 0), (least + 1, 1), (5, 2), (7, 3))]
every_case = pytest.mark.parametrize(("name", "size", "seed"), CASES)


def both(name: str) -> tuple[Any, Callable[..., Any], Callable[..., Any]]:
    """The module of a program, the program and its adjoint."""
    module = import_module(f"tests.adjoints.{name}.program")
    return module, getattr(module, name), getattr(import_module(f"tests.adjoints.{name}.hand"), f"{name}_value_and_grad")


def bits(value: Any) -> Any:
    return np.asarray(value).dtype, np.asarray(value).tobytes()


def parts(module: Any, gradient: Any) -> tuple[Any, ...]:
    """The gradients, one for each argument that is differentiated."""
    assert isinstance(gradient, tuple) == (len(module.ARGNUMS) > 1)
    return gradient if isinstance(gradient, tuple) else (gradient,)


def slopes(args: tuple[Any, ...], position: int, kind: type, slope: Callable[[Callable[..., Any], Any], float]) -> np.ndarray:
    """At each entry of an argument what `slope` says of it; it is given a function that moves the entry."""
    at = np.array(args[position], dtype=float)
    found = np.zeros_like(at)
    for index in np.ndindex(at.shape):

        def moved(by: Any, index: tuple[int, ...] = index) -> list[Any]:
            given = [a.astype(kind) if getattr(a, "dtype", None) == np.float64 else a for a in args]
            there = at.astype(kind)
            there[index] += by
            given[position] = there if there.ndim else kind(there)
            return given

        found[index] = slope(moved, at[index])
    return found


def differences(function: Callable[..., Any], args: tuple[Any, ...], position: int) -> np.ndarray:
    """Central differences of the fourth order."""

    def slope(moved: Callable[..., Any], entry: Any) -> float:
        step = 1e-3 * max(1.0, abs(entry))
        far_below, below, above, far_above = (function(*moved(times * step)) for times in (-2.0, -1.0, 1.0, 2.0))
        return (8.0 * (above - below) - (far_above - far_below)) / (12.0 * step)

    return slopes(args, position, float, slope)


def by_complex_step(function: Callable[..., Any], args: tuple[Any, ...], position: int) -> np.ndarray:
    return slopes(args, position, complex, lambda moved, _: function(*moved(1e-30j)).imag / 1e-30)


@every_case
def test_the_value_is_the_programs_to_the_bit(name: str, size: int, seed: int) -> None:
    module, program, adjoint = both(name)
    args = module.sample(size, seed)
    value, gradient = adjoint(*args)
    expected = program(*args)
    assert isinstance(expected, float) and bits(value) == bits(expected)
    assert [np.shape(g) for g in parts(module, gradient)] == [np.shape(args[n]) for n in module.ARGNUMS]


@every_case
def test_the_arguments_stay_and_the_gradient_is_fresh(name: str, size: int, seed: int) -> None:
    module, _, adjoint = both(name)
    args = module.sample(size, seed)
    before = [bits(a) for a in args]
    found = parts(module, adjoint(*args)[1])
    assert [bits(a) for a in args] == before
    held = [*(a for a in args if isinstance(a, np.ndarray)), *found]
    assert not any(np.shares_memory(one, other) for one in found for other in held if other is not one)


@every_case
def test_the_gradient_is_that_of_differences(name: str, size: int, seed: int) -> None:
    module, program, adjoint = both(name)
    args = module.sample(size, seed)
    for position, part in zip(module.ARGNUMS, parts(module, adjoint(*args)[1]), strict=True):
        expected = differences(program, args, position)
        largest = np.max(np.abs(expected), initial=0.0)
        np.testing.assert_allclose(part, expected, rtol=1e-6, atol=1e-7 * largest + 1e-9)


@pytest.mark.parametrize(("name", "size", "seed"), [case for case in CASES if case[0] in ANALYTIC])
def test_the_gradient_is_that_of_the_complex_step(name: str, size: int, seed: int) -> None:
    module, program, adjoint = both(name)
    args = module.sample(size, seed)
    for position, part in zip(module.ARGNUMS, parts(module, adjoint(*args)[1]), strict=True):
        expected = by_complex_step(program, args, position)
        assert np.max(np.abs(part - expected), initial=0.0) <= 1e-12 * np.max(np.abs(expected), initial=1e-3)


@pytest.mark.parametrize("name", SMALLEST)
def test_the_value_is_the_programs_at_the_size_for_benchmarks(name: str) -> None:
    module, program, adjoint = both(name)
    args = module.sample(module.SIZES[1])
    value, gradient = adjoint(*args)
    assert bits(value) == bits(program(*args))
    assert all(np.isfinite(g).all() for g in parts(module, gradient))
