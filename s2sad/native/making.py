"""A path with native code: the text of the native function, compiled, and the code in Python that stands in front of it."""

from __future__ import annotations

import re
import threading
import types
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.emit.build import build
from s2sad.emit.late import computed_late
from s2sad.emit.regions import emit
from s2sad.emit.sizes_first import SizesFirst, sizes_first
from s2sad.errors import CannotBeNative
from s2sad.ir.program import ArrayType, Assign, Const, Display, Function, Guard, Statement, Type, Var, targets_of
from s2sad.native.core import Parts, is_number, native_text
from s2sad.native.parallel import Threads, over_threads
from s2sad.native.small_arrays import few_arrays
from s2sad.native.store import CONTRACT, REASSOCIATED, compiled, machine_code
from s2sad.rules.language import BY_FUNCTION, Primitive
from s2sad.runtime import notices

HEAD = "import math\n\nimport numpy as np\n"
SUPPORT = re.compile(r"\bsupport\.(\w+)")
CYTHON, SPECIAL_NAME = "scipy.special.cython_special", "cython_special_"
SPECIAL = re.compile(rf"\b{re.escape(CYTHON)}\.(\w+)")
PLAIN = (int, float, complex, bool)


def native_path(path: Any, settings: Any) -> Any:
    """The same path with native code; the path itself is to answer what that leaves. Raises CannotBeNative."""
    label = f"{path.function.name}_native"
    text, parts, leaves, hints = native_text(path.function, label, looks=True)
    threads = arranged(text, label, parts, settings)
    module = module_text(threads.text)
    fast = REASSOCIATED if settings.reassociate else CONTRACT
    function = plain(compiled(module, label, parallel=threads.parallel, fastmath=fast, title=path.function.name))
    function = one_at_a_time(function) if threads.parallel else function
    door = sizes_first(in_front(path.function, parts, label, function, leaves, hints))
    built = build(emit(computed_late(door)), False)
    asked = asked_before(door)
    again = built if asked is None else build(emit(computed_late(asked)), False)
    classes = handed_on(again.text.source, asked or door, parts)
    if classes is not None:
        built = replace(built, again=function, classes=classes if any(classes) else ())
    elif asked is not None:
        built = replace(built, again=again.run)
    if asked is None and built.again is not None and not built.classes:
        built = replace(built, run=built.again, again=None)
    built = replace(built, entry=machine_code)
    return replace(path, serial=tuple(threads.serial), built=built, function=path.function, again=None, native_text=module)


def arranged(text: str, label: str, parts: Parts, settings: Any) -> Threads:
    """The text of a native function with its loops over threads if that is asked for, or else with arrays made as seldom as they may."""
    return over_threads(text, label, parts.of_steps) if settings.parallel else Threads(few_arrays(text))


def asked_before(door: Function) -> Function | None:
    """What stands in front, for arrays of sizes that it has let in before; None where it asks nothing of their sizes alone."""
    first = [s for s in door.statements if isinstance(s, Guard) and isinstance(getattr(s.atom, "value", None), SizesFirst)]
    if not first or any(d.axis is None for s in first for d in s.atom.value.known.values()):  # type: ignore[union-attr]
        return None
    return replace(door, statements=tuple(s for s in door.statements if s not in first))


def handed_on(text: str, door: Function, parts: Parts) -> tuple[Any, ...] | None:
    """Where the code in front does no more than hand on what it is given, and make what comes back numbers of their classes: these, None
    for what is as it is. So calls may do without that code."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    if len(lines) != 3 or (parts.inputs, parts.tables) != (door.params, ()):  # the function, the call, and the return
        return None
    assigned = [s for s in door.statements if isinstance(s, Assign)]
    call = next(s for s in assigned if isinstance(s.args[0], Display) and s.args[0].items == parts.inputs)
    made = {s.targets[0]: s.args for s in assigned[assigned.index(call) + 1 :]}
    given = tuple(made[r][0] if r in made else r for r in door.results)
    if given != call.targets or any(len(args) != 1 for args in made.values()):
        return None
    return tuple(r.type if r in made else None for r in door.results)


def plain(function: Any) -> Any:
    """The function; where nothing is compiled (NUMBA_DISABLE_JIT=1), one that gives Python's numbers as compiled code does, and warns
    of nothing."""
    if not isinstance(function, types.FunctionType):
        return function
    return lambda *args: tuple(r.item() if isinstance(r, np.generic) else r for r in notices.unheard(function, *args))


_threads = threading.Lock()


def one_at_a_time(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, of which one call runs at a time: some of the ways in which Numba starts threads do not bear more."""

    def called(*args: Any) -> Any:
        with _threads:
            return function(*args)

    return called


def module_text(text: str) -> str:
    """A module that holds a native function, and imports what it calls."""
    code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    names, special = sorted(set(SUPPORT.findall(text))), sorted(set(SPECIAL.findall(code)))
    threads = "\nfrom numba import prange\n" if "prange(" in text else ""
    imports = f"\nfrom s2sad.native.support import {', '.join(names)}\n" if names else ""
    if special:
        found = "".join(f'{SPECIAL_NAME}{name} = function("{CYTHON}", "{name}")\n' for name in special)
        imports = f"{imports}\nfrom s2sad.native.pointers import function\n\n{found}del function\n"
        text = SPECIAL.sub(lambda m: SPECIAL_NAME + m[1], text)
    return f"{HEAD}{threads}{imports}\n\n{SUPPORT.sub(lambda m: m[1], text)}"


def in_front(function: Function, parts: Parts, label: str, called: Any, leaves: bool, hints: list[str]) -> Function:
    """The list of what Python is asked, and of the call of the native function; its numbers are made those of their classes."""
    primitive = Primitive(label, f"{label}(*args)", called, (label, called))
    computed = [r for r in function.results if is_number(r)]
    found = [Var(native_type(r)) for r in computed]
    serves = Var(bool)
    names = dict(function.names) | {serves: "served"} | dict(zip(found, hints, strict=True))
    targets = (serves, *found) if leaves else tuple(found)
    statements: list[Statement] = [
        *parts.door,
        Assign(targets, primitive, (Display(tuple, (*parts.inputs, *parts.tables)),), result=trees.flatten(tuple(range(len(targets))))[1]),
    ]
    if leaves:
        statements.append(Guard("truth", serves, True))
    there = {*function.params, *(t for s in parts.door for t in targets_of(s))}
    results: list[Any] = []
    following = iter(found)
    for given in function.results:
        if not is_number(given):
            if isinstance(given, Var) and given not in there:
                raise CannotBeNative("the function gives something other than numbers and arrays", None)
            results.append(given)
            continue
        var = next(following)
        results.append(var)
        kind = given.type if isinstance(given, Var) else type(given.value)
        if needs_class(kind):
            results[-1] = Var(kind)
            made = BY_FUNCTION[np.asarray] if isinstance(kind, ArrayType) else BY_FUNCTION[kind]
            rest = (Const(kind.dtype.type), Const(None), Const(None)) if isinstance(kind, ArrayType) else ()
            statements.append(Assign((results[-1],), made, (var, *rest)))
    return Function(function.name, function.params, tuple(statements), tuple(results), names)


def needs_class(kind: Type) -> bool:
    """Whether a number that native code gives is of another class than the function's."""
    return (isinstance(kind, ArrayType) and not kind.shape) or (isinstance(kind, type) and kind not in PLAIN)


def native_type(operand: Any) -> Type:
    kind = operand.type if isinstance(operand, Var) else type(operand.value)
    return float if needs_class(kind) else kind
