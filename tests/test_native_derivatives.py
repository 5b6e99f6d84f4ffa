"""Derivatives of the corpus with backend="numba" beside those in Python: Jacobians, tangents, Hessians, gradients of gradients.

The text runs as plain Python; some of the programs are compiled in the run of everything.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import grad, hessian, jacfwd, jacrev, jvp, trees, value_and_grad
from s2sad.errors import S2sadError
from tests import corpus
from tests.corpus import single
from tests.native.plainly import uncompiled_fixture  # noqa: F401
from tests.programs import Program, of_its_class
from tests.tangent.test_programs import directions
from tests.test_native_programs import native_ones

pytest.importorskip("numba")
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning", "error::s2sad.FaultWarning")
Derivative = Callable[[Program, str], Callable[..., Any]]


def tangents(program: Program, backend: str) -> Callable[..., Any]:
    return lambda *args: jvp(program.function, args, directions(program, args), backend=backend)  # type: ignore[call-overload]


def of_a_gradient(program: Program, backend: str) -> Callable[..., Any]:
    """The gradient of a weighted sum of the gradient, which is taken inside."""
    def total(*args: Any) -> Any:
        found = corpus.leaves_of(grad(program.function, argnums=program.argnums)(*args))
        result = 0.0
        for k, each in enumerate(found):
            result = result if each is None else result + np.sum(each) * (k + 1.0)
        return result

    return value_and_grad(total, argnums=program.argnums, backend=backend)  # type: ignore[call-overload, no-any-return]


def by(transform: Any) -> Derivative:
    return lambda program, backend: transform(program.function, argnums=program.argnums, backend=backend)  # type: ignore[no-any-return]


KINDS: dict[str, Derivative] = {"jacrev": by(jacrev), "jacfwd": by(jacfwd), "jvp": tangents, "hessian": by(hessian), "twice": of_a_gradient}
SECOND = ("hessian", "twice")


def outcome(derivative: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    """What a call gives, or how it is refused or raises."""
    try:
        return derivative(*copy.deepcopy(args))
    except S2sadError:
        pytest.skip("it is refused")
    except Exception as error:
        return type(error), str(error)


def close(found: Any, wanted: Any, rtol: float) -> None:
    """Leaf by leaf, within `rtol` of the largest number of all, or of 1."""
    (ours, s), (theirs, t) = trees.flatten(found), trees.flatten(wanted)
    assert s == t
    scale = max(1.0, *(float(np.max(np.abs(y), initial=0.0, where=np.isfinite(y))) for y in theirs if isinstance(y, NUMBERS)))
    for one, other in zip(ours, theirs, strict=True):
        assert type(of_its_class(one, other)) is type(other) and np.shape(one) == np.shape(other)
        if isinstance(other, NUMBERS):
            assert np.asarray(one).dtype == np.asarray(other).dtype
            np.testing.assert_allclose(one, other, rtol, rtol * scale)


NUMBERS = (int, float, complex, np.number, np.ndarray)


def same_numbers(program: Program, kind: str) -> None:
    """Each call there and back, natively and in Python."""
    if kind in SECOND and program.order < 2:
        pytest.skip("it has no second derivative")
    native, plain = (KINDS[kind](program, backend) for backend in ("numba", "python"))
    for number in corpus.numbers(program):
        args = program.calls[number]
        wanted, found = outcome(plain, args), outcome(native, args)
        if isinstance(wanted, tuple) and isinstance(wanted[0], type):
            assert found == wanted
        else:
            close(found, wanted, 2e-4 if single(args) else 1e-11)


@pytest.mark.parametrize("kind", KINDS)
@corpus.part(300, 24, native_ones())
def test_native_text_gives_the_derivatives_of_python(program: Program, kind: str, uncompiled: None) -> None:
    same_numbers(program, kind)


@pytest.mark.parametrize("kind", KINDS)
@corpus.part(5000, 300, native_ones())
def test_compiled_code_gives_the_derivatives_of_python(program: Program, kind: str) -> None:
    same_numbers(program, kind)
