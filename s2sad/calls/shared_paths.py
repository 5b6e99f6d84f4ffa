"""Paths for functions of one code, such as `lambda x: a * x` makes in each step of a loop: compiled once, and bound to each function.

What a path knows of its function it reads anew in each call, from the function and its cells, and guards. So a path that serves one
function serves any other of the same code in the same module, once it speaks of that and of its cells. The second derivative that is
made at a place leaves a `Pattern` there, in which stand-ins are in the place of the function and of its cells: it holds the module
that they are from, and none of the values.
"""
from __future__ import annotations

import functools
import threading
import types
import weakref
from collections.abc import Iterable, Iterator
from dataclasses import field, fields, replace
from typing import Any

import numpy as np

from s2sad.calls.call import Call
from s2sad.calls.kept_paths import compiled_again
from s2sad.calls.path import Path
from s2sad.calls.recorded_paths import compiled
from s2sad.collecting import uncollected
from s2sad.emit.build import Built
from s2sad.emit.statements import Text
from s2sad.ir.program import ArrayType, Assign, Block, Const, Display, Function, Guard, If, Loop, Statement, everything
from s2sad.machine.callables import SPECIAL, Transform
from s2sad.machine.objects import is_library
from s2sad.quickly import dataclass
from s2sad.rules.language import rule_of
from s2sad.runtime import ruling
from s2sad.runtime.containers import Attribute
from s2sad.runtime.same import METHODS
from s2sad.settings import Settings

NUMBERS = (bool, int, float, complex, np.generic, np.ndarray)
TEXTS = (str, bytes, type(None))
OF_EACH = frozenset({"id", "hash"})
PLACES_KEPT, KINDS_KEPT, PATTERNS_KEPT, MET_KEPT = 128, 32, 8, 1024
_lock = threading.RLock()  # what is collected in the middle may make a derivative
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


def kind(call: Call, own: Roles, kept: bool = False) -> Any:
    """What is the same for all calls that a pattern may serve; None for arguments that are no numbers, arrays and texts."""
    found = (own.kind, ruling.state(), call.kind if kept else call.key, kept)
    try:
        hash(found)
    except TypeError:
        return None
    return found if all(isinstance(leaf, NUMBERS) or type(leaf) in TEXTS for leaf in call.leaves) else None


class Place:
    """A place in the program where functions are made: what was recorded there first, and the patterns that were made since."""

    def __init__(self, code: types.CodeType) -> None:
        self.code = code
        self.first: dict[Any, weakref.ref[Any]] = {}
        self.patterns: dict[Any, tuple[Pattern, ...]] = {}
        self.met: dict[int, weakref.ref[Any]] = {}

    def is_first(self, kind: Any, derived: Any) -> bool:
        """Whether no other derivative was recorded here for calls of a kind."""
        with _lock:
            while len(self.first) >= KINDS_KEPT and kind not in self.first:
                self.first.pop(next(iter(self.first)))
            return self.first.setdefault(kind, weakref.ref(derived))() is derived

    def has_met(self, things: Iterable[Any]) -> bool:
        """Whether all of these were met here before. What was not, may have been made for one function, and a pattern is not to hold it."""
        with _lock:
            return not [thing for thing in things if not self._meet(thing)]

    def _meet(self, thing: Any) -> bool:
        known = self.met.get(id(thing))
        if known is not None and known() is thing:
            return True
        try:
            self.met[id(thing)] = weakref.ref(thing)
        except TypeError:  # a number, a text
            return True
        while len(self.met) > MET_KEPT:
            self.met.pop(next(iter(self.met)))
        return False

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
        patterns = place(own.function.__code__).patterns
        for kept in (True, False):
            yield from (pattern.path(own) for pattern in patterns.get(kind(call, own, kept), ()))


def _is_known(function: Any) -> bool:
    """Whether anything is kept for the code of a function; what is called is asked for no name that it may have its own answer to."""
    return type(function) is types.FunctionType and id(function.__code__) in _places


def _innermost(derived: Any) -> Any:
    while isinstance(derived, Transform):
        derived = getattr(derived, "function", None)
    return derived


def offer(call: Call, path: Path, recorded: Function, settings: Settings) -> None:
    """Leave a pattern of a path, and of the list that was recorded for it, where functions of this code are made again and again."""
    if path.built.text.effects or path.pullback is not None or path.interpreted is not None or path.fills or path.catches:
        return
    own = roles(call.derived)
    where = None if own is None else place(own.function.__code__)
    if own is None or where is None or (what := kind(call, own, path.kept is not None)) is None:
        return
    known = where.has_met(_things(own, recorded))
    if where.is_first(what, call.derived) or path.pattern is not None or not known:
        return
    try:
        with uncollected():
            where.add(what, pattern(own, path, recorded, settings))
    except Unlike:
        pass


def withdraw(call: Call) -> None:
    """Forget what functions of this code share, as one of them has found a fault in it, or in the path that it was made of."""
    if _is_known(function := _innermost(call.derived)):
        with _lock:
            _places.pop(id(function.__code__), None)


# Patterns


@dataclass(frozen=True, eq=False)
class Pattern:
    """A path that speaks of stand-ins, and the names that it has for them."""

    made: Path
    stand_ins: Roles
    names: tuple[tuple[str, int], ...] = field(default=())
    """In the namespace: the names, and which of the roles they are of."""

    def path(self, own: Roles) -> Path:
        """The path for another function."""
        made, others = self.made, own.all
        built = _built(made.built, {**made.built.namespace, **{name: others[k] for name, k in self.names}})
        again = functools.partial(self.again, own) if made.again is not None else None
        path = object.__new__(Bound)
        path.__dict__.update(self.same_for_all, built=built, again=again, pattern=self, own=own)
        return path

    @functools.cached_property
    def same_for_all(self) -> dict[str, Any]:
        """The fields of its paths, but for those that speak of a function."""
        return {f.name: getattr(self.made, f.name) for f in fields(Path) if f.name != "function"}

    def function(self, own: Roles) -> Function:
        """The list for another function, which is asked for where it is looked at."""
        return Exchange(self.stand_ins.all, own.all).function(self.made.function)

    def again(self, own: Roles) -> tuple[Function, Text]:
        """The text with strong products, which is made for all of them once, and compiled for each that asks for it."""
        strong, exchanged = self.made.strong, Exchange(self.stand_ins.all, own.all)
        assert strong is not None
        text = strong.built.text
        return exchanged.function(strong.function), replace(text, namespace={k: exchanged.value(v) for k, v in text.namespace.items()})


class Bound(Path):
    """The path of a pattern for a function. Most are called once, and nobody asks for the list."""

    @functools.cached_property
    def function(self) -> Function:  # type: ignore[override]
        found: Function = self.pattern.function(self.__dict__["own"])
        return found


def _built(built: Built, namespace: dict[str, Any]) -> Built:
    """The same code, which speaks of other objects."""
    run = types.FunctionType(built.run.__code__, namespace, built.run.__name__)
    namespace[built.text.name] = run
    applies = None if built.applies is None else types.FunctionType(built.applies.__code__, namespace)
    text = replace(built.text, namespace={name: namespace[name] for name in built.text.namespace})
    sides = None if built.sides is None else built.sides.of(namespace)
    return replace(built, run=run, applies=applies, text=text, namespace=namespace, sides=sides)


def pattern(own: Roles, path: Path, recorded: Function, settings: Settings) -> Pattern:
    """The pattern of a path. Raises Unlike."""
    _check_alone(own, recorded)
    if not _is_plain(path.structure):
        raise Unlike
    stand_ins = standing_in(own)
    with_stand_ins = Exchange(own.all, stand_ins.all).function(recorded)
    made = compiled(with_stand_ins, path.structure, settings) if path.kept is None else compiled_again(with_stand_ins, path, settings)
    roles_of = {id(one): k for k, one in enumerate(stand_ins.all)}
    found = tuple((name, roles_of[id(v)]) for name, v in made.built.namespace.items() if id(v) in roles_of)
    users = set(map(id, own.all))
    if any(id(v) in users for value in made.built.namespace.values() for v in (value, *_held(value))):
        raise Unlike
    pattern = Pattern(made, stand_ins, found)
    if not pattern.path(own).built.same(path.built):  # which was made of the same list
        raise Unlike
    return pattern


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


def _is_plain(structure: Any) -> bool:
    """Whether a result has texts and numbers for keys, which are the same for all functions of a code."""
    if structure is None:
        return True
    known = (*structure.keys, *(structure.state or ()))
    return all(isinstance(k, (*NUMBERS, Attribute, type)) or type(k) in TEXTS for k in known) and all(map(_is_plain, structure.children))


def _check_alone(own: Roles, recorded: Function) -> None:
    """No other function that was followed has one of the cells: what it reads there is not what another function of this code reads.
    And none asks for numbers that each function has of its own."""
    cells = set(map(id, own.cells))
    for value in _spoken_of(recorded):
        if isinstance(value, types.CodeType) and not OF_EACH.isdisjoint(value.co_names):
            raise Unlike
        if isinstance(value, types.FunctionType) and value is not own.function and not cells.isdisjoint(map(id, value.__closure__ or ())):
            raise Unlike


def _things(own: Roles, recorded: Function) -> Iterator[Any]:
    """What a list speaks of beside the function itself, but for containers, whose contents are among it, arrays that it has made,
    and their types, which each recording makes anew."""
    users = set(map(id, own.all))
    return (v for v in _spoken_of(recorded) if id(v) not in users and not isinstance(v, (*NUMBERS, *METHODS, ArrayType, frozenset, set)))


def _spoken_of(recorded: Function) -> Iterator[Any]:
    """All that is held in a list but its variables, of methods what they are made of."""
    constants = (v for s in everything(recorded.statements) for v in _constants(s))
    for value in (*constants, *(r.value for r in recorded.results if isinstance(r, Const))):
        yield value
        if isinstance(value, METHODS):
            yield from (value.__self__, getattr(value, "__func__", None))


def _constants(statement: Statement) -> Iterator[Any]:
    """All that is held in a statement but its variables, and but for what is in its blocks."""
    operands: list[Any] = [*_operands(statement)]
    for operand in operands:  # which grow
        if isinstance(operand, Display):
            operands += operand.items
        elif isinstance(operand, Const):
            yield operand.value
            yield from _held(operand.value)


def _operands(statement: Statement) -> Iterable[Any]:
    if isinstance(statement, Guard):
        return statement.atom, Const(statement.value)
    if isinstance(statement, Assign):
        return statement.args
    inside = [result for block in statement.blocks for result in block.results]
    return *_outer(statement), *inside


def _held(value: Any) -> Iterator[Any]:
    """What is held in a container, and in those in it."""
    inside = (*value, *value.values()) if isinstance(value, dict) else value if isinstance(value, (tuple, list, frozenset, set)) else ()
    for one in inside:
        yield one
        yield from _held(one)


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
        if not isinstance(statement, Assign):
            return self.region(statement)
        args = tuple(map(self.operand, statement.args))
        return statement if all(map(_is, args, statement.args)) else replace(statement, args=args)

    def region(self, region: Loop | If) -> Loop | If:
        blocks = tuple(map(self.block, region.blocks))
        operands = self.operands(_outer(region))
        if all(map(_is, blocks, region.blocks)) and all(map(_is, operands, _outer(region))):
            return region
        if isinstance(region, If):
            return replace(region, atom=operands[0], then=blocks[0], orelse=blocks[1])
        snapshots, inits, steps = operands[0], operands[1 : len(region.inits) + 1], operands[len(region.inits) + 1 :]
        test, body = (None, *blocks)[-2:]
        return replace(region, snapshots=snapshots, inits=inits, range=steps or None, test=test, body=body)  # type: ignore[arg-type]

    def block(self, block: Block) -> Block:
        statements, results = tuple(map(self.statement, block.statements)), self.operands(block.results)
        same = all(map(_is, (*statements, *results), (*block.statements, *block.results)))
        return block if same else replace(block, statements=statements, results=results)

    def operands(self, operands: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(map(self.operand, operands))

    def operand(self, operand: Any) -> Any:
        if isinstance(operand, Const):
            return Const(self.new[id(operand.value)]) if id(operand.value) in self.new else operand
        if isinstance(operand, Display):
            items = tuple(map(self.operand, operand.items))
            return operand if all(map(_is, items, operand.items)) else replace(operand, items=items)
        return operand


def _outer(region: Loop | If) -> tuple[Any, ...]:
    """What stands in a region, but for its blocks."""
    return (region.atom,) if isinstance(region, If) else (region.snapshots, *region.inits, *(region.range or ()))


def _is(one: Any, other: Any) -> bool:
    return one is other
