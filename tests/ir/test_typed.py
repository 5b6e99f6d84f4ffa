"""The types of a list: those of every rule sample are right, and a wrong one is a fault, as is a question that nothing asks."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from s2sad import trees
from s2sad.api.derivatives import Derivative
from s2sad.calls import kept_paths, recorded_paths
from s2sad.calls.call import arrive
from s2sad.calls.kept_paths import keep
from s2sad.errors import InvalidIR
from s2sad.ir.program import ArrayType, Assign, Const, Function, Var, type_of
from s2sad.ir.typed import well_typed
from s2sad.ir.verify import verify
from s2sad.keep.deciding import Deciding
from s2sad.rules.language import BY_NAME, Primitive
from s2sad.settings import Settings
from s2sad.types.polynomials import Symbol
from s2sad.types.sizes import Size
from tests.types.test_results import STATED
from tests.types.typed import PRIMITIVES, samples

# Each rule sample


def one_statement(primitive: Primitive, bound: list[Any]) -> Function:
    """A list that computes this alone, with the types of what NumPy gives."""
    leaves, structure = trees.flatten(found) if isinstance(found := primitive.evaluate(bound), (list, tuple)) else ([found], None)
    params = {k: Var(type_of(b)) for k, b in enumerate(bound) if isinstance(b, np.ndarray)}
    targets = tuple(Var(type_of(leaf)) for leaf in leaves)
    statement = Assign(targets, primitive, tuple(params.get(k, Const(b)) for k, b in enumerate(bound)), result=structure)
    return Function("f", tuple(params.values()), (statement,), targets)


@pytest.mark.parametrize("name", STATED)
def test_the_type_of_each_sample_is_that_of_what_numpy_gives(name: str) -> None:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for bound in samples(name):
            try:
                function = one_statement(PRIMITIVES[name], bound)
            except (ValueError, TypeError, IndexError, ZeroDivisionError, OverflowError):
                continue
            verify(function)


# Wrong types


def product_of(kind: type | ArrayType) -> Function:
    matrix, vector, product = Var(ArrayType(np.dtype(float), (3, 4))), Var(ArrayType(np.dtype(np.float32), (4,))), Var(kind)
    return Function("f", (matrix, vector), (Assign((product,), BY_NAME["@"], (matrix, vector)),), (product,))


def test_a_result_has_the_dtype_and_the_shape_that_are_told() -> None:
    verify(product_of(ArrayType(np.dtype(float), (3,))))
    for wrong in (ArrayType(np.dtype(float), (4,)), ArrayType(np.dtype(np.float32), (3,)), ArrayType(np.dtype(float), (3, 1)), float):
        with pytest.raises(InvalidIR, match=r"@.* gives \[float64\[3\]\], and is to give"):
            verify(product_of(wrong))


def test_arguments_that_do_not_go_together_are_a_fault() -> None:
    one, other, both = (Var(ArrayType(np.dtype(float), (n,))) for n in (3, 4, 3))
    with pytest.raises(InvalidIR, match="types that do not go together: operands could not be broadcast"):
        verify(Function("f", (one, other), (Assign((both,), BY_NAME["+"], (one, other)),), (both,)))


def test_a_number_of_python_is_none_of_numpy() -> None:
    x, y = Var(float), Var(np.float64)
    with pytest.raises(InvalidIR, match="is to give"):
        verify(Function("f", (x,), (Assign((y,), BY_NAME["neg"], (x,)),), (y,)))
    verify(Function("f", (x,), (Assign((y,), BY_NAME["neg"], (x,), phase=1),), (y,)))


# Faults made on purpose


def verified(function: Callable[..., Any], *args: Any, control: str = "record") -> Any:
    return Derivative(function, settings=Settings(verify=True, control=control))(*args)


def means_of_columns(x: Any) -> Any:
    return np.sum(np.mean(x, axis=0) ** 2)


@pytest.mark.parametrize("control", ["record", "auto"])
def test_a_shape_function_that_is_wrong_is_found(monkeypatch: pytest.MonkeyPatch, control: str) -> None:
    x = np.arange(6.0).reshape(2, 3)
    verified(means_of_columns, x, control=control)
    monkeypatch.setitem(BY_NAME["np.mean"].__dict__, "gives", lambda a, axis, keepdims: a.shape[:1])
    with pytest.raises(InvalidIR, match=r"np\.mean.* gives \[float64\[2\]\], and is to give \[float64\[3\]\]"):
        verified(means_of_columns, x, control=control)


@pytest.mark.parametrize("control", ["record", "keep"])
@pytest.mark.parametrize("place", [0, 20, -1])
def test_a_pass_that_makes_no_list_is_found(monkeypatch: pytest.MonkeyPatch, control: str, place: int) -> None:
    """Wherever it stands, also between passes that change nothing."""
    def without_the_last(function: Function) -> Function:
        return replace(function, statements=function.statements[:-1])

    for paths in (recorded_paths, kept_paths):
        made = list(paths.PASSES)
        made.insert(place % len(made), without_the_last)
        monkeypatch.setattr(paths, "PASSES", tuple(made))
    with pytest.raises(InvalidIR, match="not defined"):
        verified(means_of_columns, np.arange(6.0).reshape(2, 3), control=control)


def sums(x: Any, y: Any) -> Any:
    total = 0.0
    for k in range(3):
        total += np.sum(x * y) * k
    return total


def kept(function: Callable[..., Any], *args: Any) -> Function:
    return keep(arrive(Derivative(function), args, {}).walk, False)[0]


def test_a_question_about_sizes_that_no_guard_asks_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = np.ones(5), np.ones(5)
    verify(kept(sums, x, y))

    def forgetful(deciding: Deciding, kind: str, size: Size, answer: bool) -> None:
        deciding._know(kind, size, answer, deciding.symbols.depth(size))

    monkeypatch.setattr(Deciding, "_guard", forgetful)
    with pytest.raises(InvalidIR, match=r"y\.shape\[0\].*x\.shape\[0\]"):
        verify(kept(sums, x, y))


def test_what_a_loop_counts_is_known_of_sizes() -> None:
    n = Symbol("n", 5, 0)
    given, more = Var(int, size=Size.of(n)), Var(int, size=Size.of(n) + 1)
    add = Assign((more,), BY_NAME["+"], (given, Const(1)))
    well_typed(Function("f", (given,), (add,), (more,)))
    with pytest.raises(InvalidIR, match=r"gives \[n \+ 2\], and is to give \[n \+ 1\]"):
        well_typed(Function("f", (given,), (Assign((more,), BY_NAME["+"], (given, Const(2))),), (more,)))
