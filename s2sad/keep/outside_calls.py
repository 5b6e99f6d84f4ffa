"""Calls of functions that are not looked into, or that keep their results."""
from __future__ import annotations

import contextlib
import types
from typing import Any

import numpy as np

from s2sad.errors import CannotKeep
from s2sad.keep.outside_state import LEAVES
from s2sad.keep.slots import changed
from s2sad.keep.variables import of_any_size
from s2sad.machine import foreign, labelled, standard_library
from s2sad.machine.caches import Followed
from s2sad.machine.traced import strip, traced_in
from s2sad.record.capture import NUMBERS
from s2sad.rules import effects, following
from s2sad.rules.language import Primitive
from s2sad.rules.structural import CALL, PERFORM
from s2sad.types.arrays import Array, class_of
from s2sad.types.sizes import is_whole


def opaque(machine: Any, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], pure: bool = False) -> Any:
    name = getattr(strip(function), "__name__", "a function")
    if not pure:
        return performed(machine, name, function, args, kwargs)
    if any(isinstance(b.value, np.ndarray) for b in traced_in((args, kwargs))):
        if isinstance(function, types.FunctionType) and following.is_followed(function) and following.in_packages(function.__module__):
            return labelled.followed(machine, function, machine.lowered(function), args, kwargs)
        raise not_looked_into(machine, name)
    primitive = Primitive(name, CALL.call, lambda f, a, k: f(*a, **k))
    value = machine.results.of(primitive, [function, list(args), dict(kwargs)])
    with contextlib.nullcontext() if isinstance(value, LEAVES) else machine.blocks.in_place():  # another object in each step
        return machine.emit_typed(CALL, [function, list(args), dict(kwargs)], value)


def performed(machine: Any, name: str, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """An effect that gives what is known before, and changes nothing that the function reads."""
    plain = strip(function), strip(args), strip(kwargs)
    if standard_library.asks_for_exception(plain[0], plain[2]):
        raise CannotKeep(f"{name}() asks for the exception that is handled", machine.location(), 'use control="record"')
    known = effects.gives(*plain)
    if known is None or machine.blocks.checkpoints or foreign.meddles(*plain[:2], effects.beside_output(plain[2])):
        raise not_looked_into(machine, name)
    try:
        value = known()
    except (TypeError, ValueError) as error:
        raise CannotKeep(f"what {name}() gives cannot be told from the types of its arguments ({error})", machine.location(),
                         'use control="record"') from None  # fmt: skip
    machine.sheet.acted = True
    box = machine.emit_typed(PERFORM, [function, list(args), dict(kwargs)], machine.outside.stood_for(name, value))
    if value is None:
        return None
    machine.guard("type", box, of_any_size(value) if type(value) is Array else class_of(value))
    return box


def not_looked_into(machine: Any, name: str) -> CannotKeep:
    return CannotKeep(f"{name}() is called, which s2sad does not follow", machine.location(), 'use control="record"')


def cached_outside(machine: Any, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """What the user's cache holds is read before the function begins, as any value from outside."""
    machine.filled.add(id(function))
    arguments = [function, machine.concrete(list(args)), {k: machine.concrete(v) for k, v in kwargs.items()}]
    value = function(*arguments[1], **arguments[2])
    with machine.blocks.further_out(0):
        return machine.admit(machine.emit(CALL, arguments, value), value, fixed=True)


def run_cached(machine: Any, cache: Any, key: Any, run: Any) -> Any:
    """Where the code may come by more often than the walk, a result is only kept if nobody can tell that it is computed again."""
    machine.filled.add(id(cache.function))
    before = machine.regions.surveyed()
    value = run()
    single = not isinstance(strip(value), (*NUMBERS, str, type(None))) or changed(before, machine.regions.surveyed())
    loose = type(key) is tuple and any(isinstance(p, Followed) and is_whole(strip(machine.sheet.boxes[p.origin])) for p in key[0])
    if single and (machine.blocks.depth or loose):
        raise CannotKeep("a function that keeps its results is called in a loop or a branch, and does more than compute a number",
                         machine.location(), 'use control="record"')  # fmt: skip
    if not machine.blocks.depth:
        cache.keep(key, value)
    return value
