"""Hessians and their products with vectors on the programs of the corpus: against the tape, by both of its modes, and differences."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from s2sad import CannotKeep, grad, hessian, hvp, tape, trees, vhp
from tests import corpus, differences
from tests.corpus import answers, single
from tests.programs import Program
from tests.tangent.test_programs import directions

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def leaves_of(tree: Any) -> list[Any]:
    return trees.flatten(tree, opened=trees.EVERY)[0]


REAL = [p for p in corpus.PROGRAMS if p.order > 1 and not any(map(np.iscomplexobj, leaves_of([c[k] for c in p.calls for k in p.argnums])))]


def first_of(program: Program, place: int) -> Callable[..., Any]:
    """The program with the argument at a place in front, where products with the Hessian have what they are for."""
    if place == 0:
        return program.function
    return lambda x, *others: program.function(*others[:place], x, *others[place:])


def close(found: Any, wanted: list[Any], rtol: float) -> None:
    """Leaf by leaf, within `rtol` of the largest number of all, or of 1."""
    scale = max(1.0, *(float(np.max(np.abs(leaf), initial=0.0)) for leaf in wanted if leaf is not None))
    for one, other in zip(found, wanted, strict=True):
        assert (one is None) == (other is None)
        if one is not None:
            assert np.shape(one) == np.shape(other)
            np.testing.assert_allclose(one, other, rtol, rtol * scale)


@pytest.mark.parametrize("control", ["record", "keep"])
@corpus.part(1000, 60, REAL)
def test_products_with_the_hessian(program: Program, control: str) -> None:
    """By each argument they are forward over reverse on the tape, and reverse over reverse on it."""
    for place in program.argnums:
        f = first_of(program, place)
        products = [kind(f, control=control) for kind in (hvp, vhp)]
        for args in program.calls[:2]:
            v, given = directions(program, args)[place], (args[place], *args[:place], *args[place + 1 :])
            before = copy.deepcopy((given, v))
            wanted = leaves_of(tape.tangent(grad(f), given, (v, *[None] * (len(given) - 1)))[1])
            rtol = 1e-3 if single(args) else 1e-9
            close(leaves_of(tape.gradient(lambda x, *rest, f=f, v=v: slope_along(grad(f)(x, *rest), v), given)[1]), wanted, rtol)
            for product in products:
                try:
                    found = leaves_of(product(given[0], v, *given[1:]))
                except CannotKeep:
                    pytest.skip("the program is recorded")
                assert corpus.identical((given, v), before)
                assert all(np.asarray(x).dtype == np.asarray(y).dtype for x, y in zip(found, leaves_of(given[0]), strict=True) if moves(y))
                close(found, wanted, rtol)


def moves(leaf: Any) -> bool:
    return np.asarray(leaf).dtype.kind == "f"


def slope_along(gradient: Any, v: Any) -> Any:
    total = 0.0
    for g, t in zip(corpus.leaves_of(gradient), leaves_of(v), strict=True):
        if t is not None:
            total = total + np.sum(g * t)
    return total


@pytest.mark.parametrize("control", ["record", "keep"])
@corpus.part(1000, 60, REAL)
def test_hessians(program: Program, control: str) -> None:
    """Times a vector on either side they are the products of the tape, and these are the differences of its gradient."""
    derivative = hessian(program.function, program.argnums, control=control)
    for number, args in enumerate(program.calls[:2]):
        tangents = directions(program, args)
        try:
            found = derivative(*args)
        except CannotKeep:
            pytest.skip("the program is recorded")
        gradients = answers(program).tape(number)[1]
        along = [tangents[k] for k in program.argnums]
        rtol = 1e-3 if single(args) else 1e-9
        wanted = leaves_of(tape.tangent(grad(program.function, program.argnums), args, tangents)[1])
        right, left = times(found, gradients, along)
        close(right, wanted, rtol)
        close(left, wanted, rtol)
        if program.differences and not single(args) and number == 0 and control == "record":
            check_differences(program, args, tangents, wanted)


def times(found: Any, gradients: Any, along: list[Any]) -> tuple[list[Any], list[Any]]:
    """A Hessian times a vector, and the vector times the Hessian."""
    vectors, blocks = leaves_of(along), iter(leaves_of(found))
    right: list[Any] = []
    left: list[Any] = [None if t is None else np.zeros(np.shape(t)) for t in vectors]
    for gradient, v in zip(leaves_of(gradients), vectors, strict=True):
        right.append(None if gradient is None else np.zeros(np.shape(gradient)))
        for k, w in enumerate(vectors if gradient is not None else ()):
            block = next(blocks)
            if v is None or w is None:
                assert block is None or not np.any(block)
                continue
            assert np.shape(block) == np.shape(gradient) + np.shape(w)
            right[-1] += np.tensordot(block, w, np.ndim(w))
            left[k] += np.tensordot(v, block, np.ndim(v))
        if gradient is None:
            assert next(blocks) is None
    assert next(blocks, None) is None
    return right, [r if t is None else lf for r, lf, t in zip(right, left, vectors, strict=True)]


def check_differences(program: Program, args: tuple[Any, ...], tangents: tuple[Any, ...], wanted: list[Any]) -> None:
    """The products against differences of fourth order of the gradient of the tape."""
    def at(distance: float) -> list[Any]:
        moved = tuple(arg if t is None else shifted(arg, t, distance) for arg, t in zip(args, tangents, strict=True))
        return leaves_of(tape.gradient(program.function, copy.deepcopy(moved), program.argnums)[1])

    def estimate(h: float) -> Iterator[Any]:
        for a, b, c, d in zip(at(h), at(-h), at(2 * h), at(-2 * h), strict=True):
            yield None if a is None else (8 * (np.asarray(a) - b) - (np.asarray(c) - d)) / (12 * h)

    for fine, coarse, mine in zip(estimate(5e-4), estimate(1e-3), wanted, strict=True):
        if mine is not None:
            error = np.abs(fine - coarse) + 1e-8 * (1.0 + np.max(np.abs(mine), initial=0.0))
            assert np.all(np.abs(mine - fine) <= program.rtol * np.maximum(1.0, np.abs(mine)) + error), (mine, fine)


def shifted(arg: Any, tangent: Any, distance: float) -> Any:
    leaves, structure = trees.flatten(differences.promote(arg), opened=trees.EVERY)
    moved = [x if t is None else x + distance * t for x, t in zip(leaves, leaves_of(tangent), strict=True)]
    return trees.unflatten(structure, moved)
