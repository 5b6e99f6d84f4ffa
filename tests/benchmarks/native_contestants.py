"""The ways to a value and its gradients that are measured where native code is: interpreted, native, by hand for Numba, JAX."""
from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import Any

import numpy as np

import s2sad

from .native_rows import Row

Call = Callable[[], Any]

# Other orders of sums, and products and sums in one instruction; a million steps add their roundings.
TOLERANCE = 1e-11
TOLERANCE_OF_THE_LONGEST = 1e-9
LONGEST = 100_000


class CannotTakePart(Exception):
    """Why a contestant has no column in a row."""


def derivative(row: Row, **options: Any) -> Callable[..., Any]:
    kind: Any = s2sad.jacobian if row.jacobian else s2sad.value_and_grad
    made: Callable[..., Any] = kind(row.function, argnums=row.argnums, **options)
    return made


def bound(call: Callable[..., Any], arguments: tuple[Any, ...]) -> Call:
    return lambda: call(*arguments)


def interpreted(row: Row) -> Call:
    return bound(derivative(row), row.arguments)


def native(row: Row) -> Call:
    """The derivative by `backend="numba"`; its first call compiles."""
    if not hasattr(s2sad, "backend"):
        raise CannotTakePart("this version has no native code")
    made: Any = derivative(row, backend="numba")
    call = bound(made, row.arguments)
    try:
        call()
    except s2sad.CannotBeNative as error:
        raise CannotTakePart(" ".join(str(error).split())) from error
    counts = made.stats()
    if counts.faults or sum(counts.left) or not all(counts.native):
        raise CannotTakePart("its native code does not serve the call, Python does")
    return call


def by_hand(row: Row) -> Call:
    return bound(row.hand, row.arguments)


def by_jax(row: Row) -> Call:
    if row.against_function:
        raise CannotTakePart("not rewritten for it")
    if importlib.util.find_spec("jax") is None:
        raise CannotTakePart("JAX is not installed")
    from . import native_jax

    return native_jax.derivative(row)


CONTESTANTS: dict[str, Callable[[Row], Call]] = {"hand": by_hand, "interpreted": interpreted, "native": native, "JAX": by_jax}


def numbers(result: Any) -> list[Any]:
    """The arrays and numbers of a result, in order."""
    if isinstance(result, tuple | list):
        return [leaf for part in result for leaf in numbers(part)]
    return [np.asarray(result)]


def tolerance(row: Row) -> float:
    longest = any(isinstance(each, int) and each > LONGEST for each in row.arguments)
    return TOLERANCE_OF_THE_LONGEST if longest else TOLERANCE


def difference(found: Any, expected: Any) -> float:
    """The largest difference of two results, each entry against the largest of its array; infinite where they are not alike."""
    pairs = list(zip(numbers(found), numbers(expected), strict=False))
    if len(numbers(found)) != len(numbers(expected)) or any(one.shape != other.shape for one, other in pairs):
        return float("inf")
    apart = [np.max(np.abs(one - other), initial=0.0) / (np.max(np.abs(other), initial=0.0) or 1.0) for one, other in pairs]
    return float("inf") if np.isnan(apart).any() else float(max(apart, default=0.0))


def assert_agree(row: Row, found: Any, expected: Any, who: str = "") -> None:
    apart = difference(found, expected)
    assert apart <= tolerance(row), f"{row.name}: {who} differs by {apart:.2g}"
