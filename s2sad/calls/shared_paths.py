"""Paths for functions of one code, such as `lambda x: a * x` makes in each step of a loop: compiled once, and bound to each function.

What a path knows of its function it reads anew in each call, from the function and its cells, and guards. So a path that serves one
function serves any other of the same code in the same module, once it speaks of that and of its cells. The second derivative that is
recorded at a place leaves a `Pattern` there, in which stand-ins are in the place of the function and of its cells: it holds the module
that they are from, and none of the values.
"""
from __future__ import annotations

import functools
import threading
import types
import weakref
from collections.abc import Iterable, Iterator
from dataclasses import field, replace
from typing import Any

import numpy as np

from s2sad.calls.call import Call
from s2sad.calls.path import Path
from s2sad.calls.recorded_paths import compiled
from s2sad.collecting import uncollected
from s2sad.emit.build import Built
from s2sad.emit.statements import Text
from s2sad.ir.program import Assign, Const, Display, Function, Guard, Operand, Statement
from s2sad.machine.callables import SPECIAL, Transform
from s2sad.machine.objects import is_library
from s2sad.quickly import dataclass
from s2sad.rules.language import rule_of
from s2sad.runtime import ruling
from s2sad.settings import Settings

NUMBERS = (bool, int, float, complex, np.generic, np.ndarray)
PLACES_KEPT, KINDS_KEPT, PATTERNS_KEPT = 128, 32, 8
_lock = threading.Lock()
_places: dict[int, Place] = {}  # by the identity of the code


class Unlike(Exception):
    """A path that speaks of its function in a way that is not known to be the same for another one."""


@dataclass(frozen=True, eq=False)
class Roles:
    """A function, its cells, and derivatives of it that are differentiated once more: what is one thing for each function of a code."""

    function: types.FunctionType
    cells: tuple[types.CellType, ...]
    derived: tuple[Any, ...]
    kind: tuple[Any, ...]
    """What is the same for all of them."""

    @property
    def all(self) -> tuple[Any, ...]:
        return (self.function, *self.cells, *self.derived)


def roles(derived: Any) -> Roles | None:
    """The roles in a derivative; None where the function is not one that is told by its code, its module, its cells and its defaults."""
    function, chain = derived.function, list[Any]()
    while isinstance(function, Transform) and hasattr(function, "options"):
        chain.append(function)
        function = function.function  # type: ignore[attr-defined]
    if type(function) is not types.FunctionType or function.__dict__ or "__class__" in function.__code__.co_freevars:
        return None
    cells = function.__closure__ or ()
    if len(set(map(id, cells))) < len(cells) or is_library(function.__module__ or ""):
        return None
    if rule_of(function) is not None or function in SPECIAL:
        return None
    options = tuple((type(each), *each.options().items()) for each in (derived, *chain))
    told = (id(function.__globals__), function.__module__, function.__name__, function.__qualname__)
    return Roles(function, cells, tuple(chain), (*told, options))


def kind(call: Call, own: Roles) -> Any:
    """What is the same for all calls that a pattern may serve; None for arguments that are no numbers and arrays."""
    found = (own.kind, ruling.state(), call.key)
    try:
        hash(found)
    except TypeError:
        return None
    return found if all(isinstance(leaf, NUMBERS) for leaf in call.leaves) else None


class Place:
    """A place in the program where functions are made: what was recorded there first, and the patterns that were made since."""

    def __init__(self, code: types.CodeType) -> None:
        self.code = code
        self.first: dict[Any, weakref.ref[Any]] = {}
        self.patterns: dict[Any, tuple[Pattern, ...]] = {}

    def is_first(self, kind: Any, derived: Any) -> bool:
        """Whether no other derivative was recorded here for calls of a kind."""
        with _lock:
            while len(self.first) >= KINDS_KEPT and kind not in self.first:
                self.first.pop(next(iter(self.first)))
            return self.first.setdefault(kind, weakref.ref(derived))() is derived

    def add(self, kind: Any, pattern: Pattern) -> None:
        with _lock:
            while len(self.patterns) >= KINDS_KEPT and kind not in self.patterns:
                self.patterns.pop(next(iter(self.patterns)))
            self.patterns[kind] = (pattern, *self.patterns.get(kind, ())[: PATTERNS_KEPT - 1])


def place(code: types.CodeType) -> Place:
    """The place of code."""
    known = _places.get(id(code))
    if known is None:
        with _lock:
            while len(_places) >= PLACES_KEPT:
                _places.pop(next(iter(_places)))
            known = _places[id(code)] = Place(code)
    return known


def bound(call: Call) -> Iterator[Path]:
    """Paths for a call that were compiled for other functions of the same code."""
    own = roles(call.derived) if not call.effects.happened and _is_known(_innermost(call.derived)) else None
    if own is not None:  # which asks more than whether anything is known of its code
        known = place(own.function.__code__).patterns.get(kind(call, own), ())
        yield from (pattern.path(own) for pattern in known)


def _is_known(function: Any) -> bool:
    """Whether anything is kept for the code of a function; what is called is asked for no name that it may have its own answer to."""
    return type(function) is types.FunctionType and id(function.__code__) in _places


def _innermost(derived: Any) -> Any:
    while isinstance(derived, Transform):
        derived = getattr(derived, "function", None)
    return derived


def offer(call: Call, path: Path, recorded: Function, settings: Settings) -> None:
    """Leave a pattern of a path, and of the list that was recorded for it, where functions of this code are made again and again."""
    if path.built.text.effects or path.pullback is not None or path.interpreted is not None or path.kept is not None:
        return
    own = roles(call.derived)
    where = None if own is None else place(own.function.__code__)
    if own is None or where is None or (what := kind(call, own)) is None:
        return
    if where.is_first(what, call.derived):
        return
    try:
        with uncollected():
            where.add(what, pattern(own, path, recorded, settings))
    except Unlike:
        pass


# Patterns


@dataclass(frozen=True, eq=False)
class Pattern:
    """A path that speaks of stand-ins, and where it does."""

    made: Path
    stand_ins: Roles
    names: tuple[tuple[str, int], ...] = field(default=())
    """In the namespace: the names, and which of the roles they are of."""
    speaking: tuple[int, ...] = ()
    """The statements that speak of them."""

    def path(self, own: Roles) -> Path:
        """The path for another function."""
        exchanged = Exchange(self.stand_ins.all, own.all)
        made, others = self.made, own.all
        built = _built(made.built, {**made.built.namespace, **{name: others[k] for name, k in self.names}})
        again = functools.partial(self.again, exchanged) if made.again is not None else None
        statements = [*made.function.statements]
        for k in self.speaking:
            statements[k] = exchanged.statement(statements[k])
        return replace(made, built=built, function=replace(made.function, statements=tuple(statements)), again=again, pattern=self)

    def again(self, exchanged: Exchange) -> tuple[Function, Text]:
        """The text with strong products, which is made for all of them once, and compiled for each that asks for it."""
        strong = self.made.strong
        assert strong is not None
        text = strong.built.text
        return exchanged.function(strong.function), replace(text, namespace={k: exchanged.value(v) for k, v in text.namespace.items()})


def _built(built: Built, namespace: dict[str, Any]) -> Built:
    """The same code, which speaks of other objects."""
    run = types.FunctionType(built.run.__code__, namespace, built.run.__name__)
    namespace[built.text.name] = run
    applies = None if built.applies is None else types.FunctionType(built.applies.__code__, namespace)
    text = replace(built.text, namespace={name: namespace[name] for name in built.text.namespace})
    return replace(built, run=run, applies=applies, text=text, namespace=namespace)


def pattern(own: Roles, path: Path, recorded: Function, settings: Settings) -> Pattern:
    """The pattern of a path. Raises Unlike."""
    _check_alone(own, recorded)
    stand_ins = standing_in(own)
    made = compiled(Exchange(own.all, stand_ins.all).function(recorded), path.structure, settings)
    roles_of = {id(one): k for k, one in enumerate(stand_ins.all)}
    found = tuple((name, roles_of[id(v)]) for name, v in made.built.namespace.items() if id(v) in roles_of)
    users = set(map(id, own.all))
    if any(id(v) in users for value in made.built.namespace.values() for v in (value, *_held(value))):
        raise Unlike
    nobody = Exchange(stand_ins.all, own.all)
    speaking = tuple(k for k, s in enumerate(made.function.statements) if nobody.statement(s) is not s)
    return Pattern(made, stand_ins, found, speaking)


def standing_in(own: Roles) -> Roles:
    """Objects to stand in for those of a function, which hold nothing of it."""
    function, cells = own.function, tuple(types.CellType() for _ in own.cells)
    made = types.FunctionType(function.__code__, function.__globals__, function.__name__, None, cells)
    made.__module__, made.__qualname__ = function.__module__, function.__qualname__
    chain, inner = list[Any](), made
    for each in reversed(own.derived):
        inner = type(each)(inner, **each.options())
        chain.insert(0, inner)
    return Roles(made, cells, tuple(chain), own.kind)


def _check_alone(own: Roles, recorded: Function) -> None:
    """No other function that was followed has one of the cells: what it reads there is not what another function of this code reads."""
    cells = set(map(id, own.cells))
    for statement in recorded.statements:
        if not isinstance(statement, (Assign, Guard)):
            raise Unlike
        for value in _constants(statement):
            inner = value.__func__ if type(value) is types.MethodType else value
            if isinstance(inner, types.FunctionType) and inner is not own.function:
                if not cells.isdisjoint(map(id, inner.__closure__ or ())):
                    raise Unlike


def _constants(statement: Assign | Guard) -> Iterator[Any]:
    """All that is held in a statement but its variables."""
    operands: list[Any] = [statement.atom, Const(statement.value)] if isinstance(statement, Guard) else [*statement.args]
    for operand in operands:  # which grow
        if isinstance(operand, Display):
            operands += operand.items
        elif isinstance(operand, Const):
            yield operand.value
            yield from _held(operand.value)


def _held(value: Any) -> Iterable[Any]:
    return value if isinstance(value, (tuple, list, frozenset, set)) else value.values() if isinstance(value, dict) else ()


class Exchange:
    """Puts some objects in the place of others."""

    def __init__(self, old: tuple[Any, ...], new: tuple[Any, ...]) -> None:
        self.new = {id(one): other for one, other in zip(old, new, strict=True)}

    def value(self, value: Any) -> Any:
        return self.new.get(id(value), value)

    def function(self, function: Function) -> Function:
        statements = tuple(map(self.statement, function.statements))
        return replace(function, statements=statements, results=tuple(map(self.operand, function.results)))

    def statement(self, statement: Statement) -> Statement:
        if isinstance(statement, Guard):
            atom, value = self.operand(statement.atom), self.value(statement.value)
            same = atom is statement.atom and value is statement.value
            return statement if same else replace(statement, atom=atom, value=value)
        assert isinstance(statement, Assign)
        args = tuple(map(self.operand, statement.args))
        return statement if all(map(_is, args, statement.args)) else replace(statement, args=args)

    def operand(self, operand: Operand) -> Any:
        if isinstance(operand, Const):
            return Const(self.new[id(operand.value)]) if id(operand.value) in self.new else operand
        if isinstance(operand, Display):
            items = tuple(map(self.operand, operand.items))
            return operand if all(map(_is, items, operand.items)) else replace(operand, items=items)
        return operand


def _is(one: Any, other: Any) -> bool:
    return one is other
