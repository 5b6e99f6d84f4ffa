"""Forward mode on the corpus: compiled with each control against the tape, and the tape against its gradient."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import CannotKeep, jvp, tape, trees
from s2sad.machine.transforms import differentiable, promoted
from tests import corpus
from tests.corpus import answers, close, identical, single
from tests.programs import Program

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def directions(program: Program, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """A tangent for each argument that is differentiated, None for the others."""
    rng = np.random.default_rng(len(program.name))
    chosen = program.argnums if isinstance(program.argnums, tuple) else (program.argnums,)
    return tuple(direction(rng, arg) if k in chosen else None for k, arg in enumerate(args))


def direction(rng: np.random.Generator, argument: Any) -> Any:
    leaves, structure = trees.flatten(argument, opened=trees.EVERY)
    return trees.unflatten(structure, [drawn(rng, leaf) if differentiable(leaf) or (structure is None and promoted(leaf)) else None
                                       for leaf in leaves])  # fmt: skip


def drawn(rng: np.random.Generator, like: Any) -> Any:
    found = rng.uniform(-1.0, 1.0, np.shape(like)) * (1.0 + 0.5j if np.iscomplexobj(like) else 1.0)
    return np.asarray(found, like.dtype if differentiable(like) else float) if isinstance(like, np.ndarray) else \
        np.asarray(found, np.asarray(like).dtype if differentiable(like) else float)[()].item()  # fmt: skip


def pushed(program: Program, args: tuple[Any, ...], tangents: tuple[Any, ...], control: str) -> Any:
    try:
        return jvp(program.function, args, tangents, control=control)
    except CannotKeep:
        return None


@corpus.part(100, 8)
def test_tangents_are_those_of_the_tape(program: Program) -> None:
    for number, args in enumerate(program.calls):
        tangents = directions(program, args)
        value, found = tape.tangent(program.function, args, tangents)
        rtol = 2e-4 if single(args) else 1e-12
        for control in ("record", "keep"):
            mine = pushed(program, args, tangents, control)
            if mine is not None:
                assert identical(mine[0], value), control
                close_numbers(mine[1], found, rtol)
        check_against_the_gradient(program, number, tangents, found, rtol)


def close_numbers(one: Any, other: Any, rtol: float) -> None:
    """As `close`; where control flow is kept, a number is one of Python's or of NumPy's as in a call with other numbers."""
    (a, s), (b, t) = ((list(map(unboxed, found[0])), found[1]) for found in (trees.flatten(one), trees.flatten(other)))
    close(trees.unflatten(s, a), trees.unflatten(t, b), rtol)


def unboxed(leaf: Any) -> Any:
    return leaf.item() if isinstance(leaf, np.float64) else leaf


def check_against_the_gradient(program: Program, number: int, tangents: Any, found: Any, rtol: float) -> None:
    """The tangent of a number is the sum of the products of its gradient with the tangents."""
    gradients = trees.flatten(answers(program).tape(number)[1], opened=trees.EVERY)[0]
    along = trees.flatten([t for t in tangents if t is not None], opened=trees.EVERY)[0]
    terms = [np.real(np.ravel(np.asarray(g) * np.asarray(t))) for g, t in zip(gradients, along, strict=True) if g is not None]
    terms = np.concatenate([np.zeros(0), *terms])
    if np.all(np.isfinite(terms)):
        assert abs(found - np.sum(terms)) <= rtol * (1e-2 + np.sum(np.abs(terms)) + abs(found))
