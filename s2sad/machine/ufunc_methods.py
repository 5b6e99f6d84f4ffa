"""The methods of ufuncs, said in terms of functions that have rules: `np.add.reduce`, `np.multiply.outer`, `np.maximum.accumulate`, ...

Where there is no such function and the method has no rule itself, the ufunc is applied one element after the other, as its method does;
the numbers are compared with NumPy's own, bit for bit.
"""
from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad.errors import MissingRule
from s2sad.machine import array_writes
from s2sad.machine.traced import strip
from s2sad.rules.language import rule_of
from s2sad.runtime import asking

Machine = Any
REDUCTIONS: dict[np.ufunc, Any] = {np.add: np.sum, np.multiply: np.prod, np.maximum: np.max, np.minimum: np.min,
                                   np.logical_and: np.all, np.logical_or: np.any}  # fmt: skip
RUNNING: dict[np.ufunc, Any] = {np.add: np.cumsum, np.multiply: np.cumprod}


def followed(function: Any) -> Callable[..., Any] | None:
    """How a method of a ufunc is followed; None for anything else."""
    ufunc = asking.receiver(function)
    if not isinstance(ufunc, np.ufunc):
        return None
    makers = {"at": array_writes.at, "reduce": _reduce, "accumulate": _accumulate, "outer": _outer, "reduceat": _reduceat}
    make = makers.get(function.__name__)
    return None if make is None else make(ufunc)


def _reduce(ufunc: np.ufunc) -> Callable[..., Any]:
    def reduce(machine: Machine, array: Any, axis: Any = 0, dtype: Any = None, out: Any = None, **options: Any) -> Any:
        if dtype is not None:
            options["dtype"] = dtype
        if _given(out):
            return array_writes.into(machine, ufunc.reduce, out, (array,), {"axis": axis, **options})
        if ufunc in REDUCTIONS:
            return machine.call(REDUCTIONS[ufunc], array, axis=axis, **options)
        if (primitive := rule_of(ufunc.reduce)) is not None:
            return machine.call(primitive, array, axis=axis, **options)
        if options or not isinstance(axis, int):
            raise _missing(machine, ufunc, "reduce with these options")
        return confirmed(machine, ufunc.reduce(strip(array), axis), _steps(machine, ufunc, _along(machine, array, axis))[-1])

    return reduce


def _accumulate(ufunc: np.ufunc) -> Callable[..., Any]:
    def accumulate(machine: Machine, array: Any, axis: Any = 0, dtype: Any = None, out: Any = None) -> Any:
        if _given(out):
            return array_writes.into(machine, ufunc.accumulate, out, (array,), {"axis": axis, "dtype": dtype})
        if ufunc in RUNNING:
            return machine.call(RUNNING[ufunc], array, axis=axis, dtype=dtype)
        if dtype is not None:
            raise _missing(machine, ufunc, "accumulate with a dtype")
        running = _steps(machine, ufunc, _along(machine, array, axis))
        return confirmed(machine, ufunc.accumulate(strip(array), axis), _stacked(machine, running, array, axis))

    return accumulate


def _outer(ufunc: np.ufunc) -> Callable[..., Any]:
    def outer(machine: Machine, a: Any, b: Any, **options: Any) -> Any:
        spread = machine.call(np.reshape, a, (*np.shape(strip(a)), *(1,) * np.ndim(strip(b))))
        return machine.call(ufunc, spread, b, **options)

    return outer


def _reduceat(ufunc: np.ufunc) -> Callable[..., Any]:
    def reduceat(machine: Machine, array: Any, indices: Any, axis: Any = 0, dtype: Any = None, out: Any = None) -> Any:
        if (primitive := rule_of(ufunc.reduceat)) is not None and dtype is None and not _given(out):
            return machine.call(primitive, array, indices, axis=axis)
        expected = ufunc.reduceat(strip(array), strip(indices), axis, dtype)
        if dtype is not None or _given(out):
            raise _missing(machine, ufunc, "reduceat with dtype or out")
        starts = [int(machine.concrete(machine.item(indices, i))) for i in range(len(strip(indices)))]
        rows = _along(machine, array, axis)
        parts = []
        for start, end in itertools.pairwise([*starts, len(rows)]):
            parts.append(_steps(machine, ufunc, rows[start : max(end, start + 1)])[-1])
        return confirmed(machine, expected, _stacked(machine, parts, array, axis))

    return reduceat


def _given(out: Any) -> bool:
    return any(o is not None for o in (out if isinstance(out, tuple) else (out,)))


def _along(machine: Machine, array: Any, axis: int) -> list[Any]:
    before = (slice(None),) * (axis % np.ndim(strip(array)))
    return [machine.item(array, (*before, i)) for i in range(np.shape(strip(array))[axis])]


def _stacked(machine: Machine, rows: list[Any], array: Any, axis: int) -> Any:
    if rows:
        return machine.call(np.stack, rows, axis=axis)
    empty = machine.item(array, (*(slice(None),) * (axis % np.ndim(strip(array))), slice(0)))
    return machine.call(np.copy, empty)


def _steps(machine: Machine, ufunc: np.ufunc, rows: list[Any]) -> list[Any]:
    steps = rows[:1]
    for row in rows[1:]:
        steps.append(machine.call(ufunc, steps[-1], row))
    return steps


def confirmed(machine: Machine, expected: Any, found: Any) -> Any:
    """The value found, if it is NumPy's to the last bit."""
    if np.asarray(strip(found)).tobytes() != np.asarray(expected).tobytes():
        raise MissingRule("NumPy adds these in another order than one after the other", machine.location(), "use np.sum of parts")
    return found


def _missing(machine: Machine, ufunc: np.ufunc, what: str) -> MissingRule:
    return MissingRule(f"np.{ufunc.__name__}.{what} has no derivative rule", machine.location(), "write a loop, or use np.sum or np.prod")
