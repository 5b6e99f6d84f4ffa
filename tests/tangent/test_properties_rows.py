"""Jacobians and Hessians of programs written by hypothesis: many seeds through loops, branches and writes at once, against the tape.

`S2SAD_EXAMPLES=2000` in the environment searches longer, and at random.
"""
from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from s2sad import grad, hessian, jacfwd, jacrev, tape, trees
from s2sad.errors import CannotKeep
from tests import generate_kept, generate_writes
from tests.at_random import profile, quiet
from tests.oracles import module
from tests.tangent.test_properties import direction

pytestmark = [pytest.mark.sampled(6), pytest.mark.long(3)]
WEIGHTS = np.array([1.0, -2.0, 0.5])


def rows(text: str, kind: Any, control: str) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The Jacobian of three multiples of a program, and its multiples of the gradient."""
    made = module(text, WEIGHTS=WEIGHTS)

    def wanted(args: Any, chosen: Any) -> list[Any]:
        gradients = trees.flatten(tape.gradient(made.f, args, chosen)[1])[0]
        return [WEIGHTS.reshape(3, *(1,) * np.ndim(g)) * g for g in gradients]

    known: dict[Any, Any] = {}

    def found(args: Any, chosen: Any) -> list[Any]:
        if chosen not in known:
            known[chosen] = kind(lambda *a: made.f(*a) * WEIGHTS, chosen, control=control)
        return trees.flatten(known[chosen](*args))[0]

    return found, wanted


def curved(text: str, kind: Any, control: str) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The Hessian of a program times a vector, and the product with it that the tape finds."""
    made, known = module(text), {}  # type: ignore[var-annotated]

    def vectors(args: Any, chosen: Any) -> list[Any]:
        return [direction(args[k], k) for k in chosen]

    def wanted(args: Any, chosen: Any) -> list[Any]:
        tangents = tuple(direction(x, k) if k in chosen else None for k, x in enumerate(args))
        return trees.flatten(tape.tangent(grad(made.f, chosen), args, tangents)[1])[0]

    def found(args: Any, chosen: Any) -> list[Any]:
        if chosen not in known:
            known[chosen] = kind(made.f, chosen, control=control)
        return [sum(np.tensordot(block, v, np.ndim(v)) for block, v in zip(row, vectors(args, chosen), strict=True))
                for row in known[chosen](*args)]  # fmt: skip

    return found, wanted


def right_on_every_path(pair: Any, calls: list[tuple[Any, ...]]) -> None:
    found, wanted = pair
    with quiet():
        for args in (*calls, *reversed(calls)):
            chosen = tuple(k for k, x in enumerate(args) if not isinstance(x, int))
            try:
                expected = wanted(copy.deepcopy(args), chosen)
                ours = found(copy.deepcopy(args), chosen)
            except (ValueError, OverflowError, ZeroDivisionError) as error:  # numbers have grown beyond what `math` takes
                event(f"the function raises {type(error).__name__}")
                return
            except CannotKeep as error:
                event(f"cannot be kept: {error.reason}")
                return
            rtol = 2e-3 if any(isinstance(x, np.ndarray) and x.dtype == np.float32 for x in args) else 1e-8
            size = max((float(np.max(np.abs(e[np.isfinite(e)]), initial=0.0)) for e in map(np.asarray, expected)), default=0.0)
            for one, other in zip(ours, expected, strict=True):
                np.testing.assert_allclose(one, other, rtol, rtol * (1.0 + size))


KINDS = {"jacfwd": (rows, jacfwd), "jacrev": (rows, jacrev), "hessian": (curved, hessian)}


@pytest.mark.parametrize("control", ["record", "keep"])
@pytest.mark.parametrize("name", KINDS)
def test_loops_and_branches(name: str, control: str) -> None:
    pair, kind = KINDS[name]

    @profile(3)
    @given(generate_kept.programs(True), st.lists(generate_kept.inputs(), min_size=2, max_size=2))
    def check(text: str, calls: list[Any]) -> None:
        right_on_every_path(pair(text, kind, control), calls)

    check()


@pytest.mark.parametrize("control", ["record", "keep"])
@pytest.mark.parametrize("name", KINDS)
def test_writes(name: str, control: str) -> None:
    pair, kind = KINDS[name]

    @profile(3)
    @given(generate_writes.programs(), st.lists(generate_writes.inputs(), min_size=2, max_size=2))
    def check(text: str, calls: list[Any]) -> None:
        right_on_every_path(pair(text, kind, control), calls)

    check()
