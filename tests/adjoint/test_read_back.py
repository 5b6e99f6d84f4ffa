"""Reading back what is still there gives what saving everything gives, whatever the indices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import tape, value_and_grad
from s2sad.adjoint import regions
from s2sad.ir import order
from tests.adjoint.test_still_there import saved
from tests.generate_index_patterns import program
from tests.oracles import assert_identical, module

SIZES = (4, 5, 8)


def sample(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    grid = np.linspace(0.1, 0.9, n * n).reshape(n, n)
    return np.linspace(0.9, 0.2, n), np.linspace(0.3, 0.8, n), grid.T.copy()


def compiled(function: Callable[..., Any]) -> tuple[list[Any], int]:
    """Values and gradients for each size, and how many stacks the code for them makes."""
    derivative = value_and_grad(function, argnums=(0, 1, 2), control="keep")
    with np.errstate(all="ignore"):
        found = [derivative(*sample(n)) for n in SIZES]
    return found, sum(saved(path.function) for path in derivative.paths)


def compared(seed: int, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """The stacks of a program, with nothing read back and with all that is told to be there."""
    text = program(seed)
    found, stacks = compiled(module(text).f)
    with monkeypatch.context() as patched:
        patched.setattr(regions, "readings", lambda machine, statements: {})
        wanted, before = compiled(module(text).f)
    by_tape = tape.gradient(module(text).f, sample(SIZES[1]), (0, 1, 2))
    for (value, slopes), (same, others) in zip([*found, found[1]], [*wanted, by_tape], strict=True):
        assert_identical(value, same)
        for slope, other in zip(slopes, others, strict=True):
            scale = max(1.0, float(np.max(np.abs(other), initial=0.0)))
            np.testing.assert_allclose(slope, other, rtol=0, atol=1e-12 * scale, err_msg=text)
    return before, stacks


@pytest.mark.sampled(8)
@pytest.mark.parametrize("seed", range(40))
def test_the_numbers_are_the_same(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    compared(seed, monkeypatch)


@pytest.mark.sampled(8)
def test_most_programs_save_less(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = [compared(seed, monkeypatch) for seed in range(100, 112)]
    assert sum(stacks < before for before, stacks in pairs) >= 7


def test_a_wrong_order_of_the_steps_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = order._index
    monkeypatch.setattr(order, "_index", lambda *loop: {v: (symbol, -by) for v, (symbol, by) in steps(*loop).items()})
    for seed in (12, 24, 28):
        with pytest.raises(AssertionError):
            compared(seed, monkeypatch)
