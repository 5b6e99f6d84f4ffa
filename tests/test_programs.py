"""Every program of the corpus against every oracle: the function itself, the tape, differences, and the unoptimised code."""
from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from s2sad import tape, trees, value_and_grad
from s2sad.api import Derivative
from s2sad.settings import Settings
from tests import differences, sampling
from tests.programs import Program, load

PROGRAMS = load()
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def identical(one: Any, other: Any) -> bool:
    """Same structure, types, dtypes and bits."""
    (a, s), (b, t) = trees.flatten(one), trees.flatten(other)
    return s == t and all(type(x) is type(y) and np.array_equal(x, y, equal_nan=isinstance(x, float)) for x, y in zip(a, b, strict=True)
                          if isinstance(x, (float, int, complex, str, np.generic, np.ndarray)))  # fmt: skip


def close(one: Any, other: Any, rtol: float) -> None:
    """Same structure and types; numbers within `rtol` of the largest of their leaf."""
    (a, s), (b, t) = trees.flatten(one), trees.flatten(other)
    assert s == t
    for x, y in zip(a, b, strict=True):
        assert type(x) is type(y)
        if x is not None:
            assert np.asarray(x).dtype == np.asarray(y).dtype
            np.testing.assert_allclose(x, y, rtol=rtol, atol=rtol * float(np.max(np.abs(y), initial=0.0)))


def leaves_of(tree: Any) -> list[Any]:
    """As `trees.flatten`, in a form that is differentiated through."""
    found = trees.parts(tree)
    return [tree] if found is None else [leaf for part in found[1] for leaf in leaves_of(part)]


def single(args: tuple[Any, ...]) -> bool:
    return any(getattr(leaf, "dtype", None) == np.float32 for leaf in trees.flatten(args)[0])


@sampling.PROGRAMS
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.name)
def test_value_gradient_and_paths(program: Program) -> None:
    derivative = value_and_grad(program.function, argnums=program.argnums)
    plain = Derivative(program.function, program.argnums, settings=Settings(optimise=False, verify=True))
    for args in (*program.calls, *reversed(program.calls)):
        before = copy.deepcopy(args)
        expected = program.function(*copy.deepcopy(args))
        value, gradients = derivative(*args)
        assert identical(value, expected)
        assert identical(args, before)
        rtol = 2e-4 if single(args) else 1e-9
        close(gradients, plain(*args)[1], rtol)
        close(gradients, tape.gradient(program.function, args, program.argnums)[1], rtol)
        if program.differences:
            differences.check(program.function, args, program.argnums, gradients, 2e-3 if single(args) else program.rtol)
    known = derivative.paths
    for args in program.calls:
        derivative(*args)
    assert derivative.paths == known, "a path serves the arguments it was compiled for"


@sampling.PROGRAMS
@pytest.mark.parametrize("program", [p for p in PROGRAMS if p.order > 1], ids=lambda p: p.name)
def test_second_order(program: Program) -> None:
    gradient = value_and_grad(program.function, argnums=program.argnums)

    def total(*args: Any) -> Any:
        _, found = gradient(*args)
        return float(sum(np.sum(g * (i + 1.0)) for i, g in enumerate(trees.flatten(found)[0]) if g is not None))

    def traced_total(*args: Any) -> Any:
        _, found = gradient(*args)
        sums = [np.sum(g * (i + 1.0)) for i, g in enumerate(leaves_of(found)) if g is not None]
        result = 0.0
        for each in sums:
            result = result + each
        return result

    second = value_and_grad(traced_total, argnums=program.argnums)
    for args in program.calls[:2]:
        if not single(args):
            _, gradients = second(*args)
            differences.check(total, args, program.argnums, gradients, max(program.rtol, 1e-6))
