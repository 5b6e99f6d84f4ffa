"""Operations that are known to raise, or are asked beforehand within a `try`: division by zero, a domain of `math`, an index."""
from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad.errors import CannotKeep, S2sadError
from s2sad.ir.writing import Box
from s2sad.machine.traced import Traced, strip, traced_in
from s2sad.record.capture import NUMBERS
from s2sad.rules.language import Primitive
from s2sad.rules.operations import GETITEM
from s2sad.types.arrays import class_of, element


def applied(machine: Any, apply: Callable[..., Any], primitive: Primitive, bound: list[Any]) -> Any:
    """The operation; within a `try` after it has been asked, and an exception that types lead to then says nothing of a call."""
    types_fit(primitive, bound)
    if not machine.forks.trying or machine.sheet.phase:
        return apply(primitive, bound)
    ask(machine, primitive, bound)
    try:
        return apply(primitive, bound)
    except S2sadError:
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}, as far as it is known without the values of a call"
        raise CannotKeep(reason, machine.location()) from None


def types_fit(primitive: Primitive, bound: list[Any]) -> None:
    """Raise what Python raises for None or a container where there is a number on other ways."""
    single = [b for p, b in zip(primitive.parameters, bound, strict=False) if not p.variadic]
    if primitive.kind == "elementwise" and any(b is None or isinstance(b, (str, tuple)) for b in single):
        with contextlib.suppress(ArithmeticError, ValueError):  # which the values raise that stand for others
            primitive.evaluate(element(strip(bound)))


def ask(machine: Any, primitive: Primitive, bound: list[Any]) -> None:
    """Raise what the operation raises, on the way on which it does."""
    if all(_is_given(machine, box) for box in traced_in(bound)):
        primitive.evaluate(machine.concrete(bound))
    elif primitive.divides:
        _divide(machine, primitive, *bound)
    elif primitive.outside:
        _compute(machine, primitive, bound)
    elif primitive is GETITEM or primitive.writes:
        look_up(machine, bound[0], bound[1])


def _is_given(machine: Any, box: Traced) -> bool:
    """Whether a value is one that every call of the code has."""
    return isinstance(box.value, str) or (isinstance(box.value, NUMBERS) and machine.variables.is_known(box))


def _divide(machine: Any, primitive: Primitive, left: Any, right: Any) -> None:
    kinds = class_of(strip(left)), class_of(strip(right))
    if all(kind in (bool, int, float, complex) for kind in kinds) and machine.truth(machine.compare("==", right, 0)):
        primitive.evaluate([kinds[0](1), kinds[1](0)])


def _compute(machine: Any, primitive: Primitive, bound: list[Any]) -> None:
    number, *others = bound
    if any(others) or not isinstance(number, Box):
        return
    for symbol, bounds in primitive.outside:
        if machine.truth(machine.compare(symbol, number, bounds)):
            primitive.evaluate([bounds - 1.0 if symbol[0] == "<" else bounds + 1.0])


def look_up(machine: Any, owner: Any, index: Any) -> None:
    """Raise where an index lies outside its axis."""
    if not isinstance(strip(owner), np.ndarray):
        return
    places = index if isinstance(index, tuple) else (index,)
    if not all(isinstance(strip(p), (int, np.integer)) for p in places):
        return
    for axis, (place, size) in enumerate(zip(places, machine.shape(owner), strict=False)):
        if isinstance(place, Traced) or isinstance(size, Traced):
            low = machine.unary("neg", size) if isinstance(size, Traced) else -size
            if machine.truth(machine.compare(">=", place, size)) or machine.truth(machine.compare("<", place, low)):
                raise IndexError(f"index is out of bounds for axis {axis}")
