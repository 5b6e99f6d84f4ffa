"""The walk of a function whose control flow is kept: statement by statement, over a namespace that holds its variables."""
from __future__ import annotations

import types
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import gast
import numpy as np

from s2sad.errors import CannotKeep, Location, MissingRule, S2sadError, UnsupportedMutation
from s2sad.keep import compound, truth
from s2sad.keep.closures import InnerUnit
from s2sad.keep.exits import BREAK, CONTINUE, FALL, OVER, STOP, Exit
from s2sad.keep.iteration import Checkpointed, Items, Sequence, Span, sequence
from s2sad.keep.slots import restore
from s2sad.keep.syntax import NAMES, VALUE, Parts, after_ways_out, falls, is_literal, is_short, jumps, parts, yields
from s2sad.machine import calls
from s2sad.machine.callables import Callback
from s2sad.machine.traced import Traced
from s2sad.rules.structural import DEFAULT
from s2sad.runtime.notices import MACHINE
from s2sad.source import lookup
from s2sad.source.nodes import LOWERED, UNIT

STEPS = 512  # items of a container or a generator that a loop takes one by one
RECURSION = 50  # calls of a function within itself that no value decides about
WALKED = 20_000  # statements of a function, those walked again included, after which the walk is given up
WAYS_OUT = 16  # statements one after the other that may leave their block, each with those after it on one side; further ones start anew
UNROLLED = 64  # steps up to which a loop over a known number of items may be unrolled


class LongWalk(CannotKeep):
    """A walk that takes too long, whatever is taken for granted."""


class Walks:
    """The functions that are being walked, the innermost last: the names of each, and how many blocks were open when it began.

    `alive` are the names of all that were walked, for a survey tells them by their ids. `way` leads to what is being walked: the
    statements, calls and loops around it, each with its number among those alike, for a statement may hold two calls of one function.
    """

    def __init__(self) -> None:
        self.functions: list[tuple[Parts, int]] = []
        self.frames: list[dict[str, Any]] = []
        self.alive: list[dict[str, Any]] = []
        self.statements = 0  # as often as they were walked
        self.way: list[tuple[Any, int]] = []
        self.begun: list[Counter[Any]] = [Counter()]

    @contextmanager
    def within(self, part: Any) -> Iterator[None]:
        """What is walked now belongs to this: a statement, a call, a loop. The way there is the same when it is walked once more."""
        self.begun[-1][part] += 1
        self.way.append((part, self.begun[-1][part]))
        self.begun.append(Counter())
        try:
            yield
        finally:
            self.way.pop()
            self.begun.pop()

    def once_more(self) -> None:
        """What the innermost part consists of is walked from the start."""
        self.begun[-1].clear()

    @contextmanager
    def entered(self, parts: Parts, namespace: dict[str, Any], opened: int) -> Iterator[None]:
        self.alive.append(namespace)
        self.functions.append((parts, opened))
        self.frames.append(namespace)
        try:
            yield
        finally:
            self.frames.pop()
            self.functions.pop()

    def of(self, parts: Parts) -> list[int]:
        """How many blocks were open at each call of a function that is being walked."""
        return [opened for walking, opened in self.functions if walking is parts]

    def count(self, node: Any, place: Callable[[Any], Location]) -> None:
        """One more statement is walked."""
        self.statements += 1
        if self.statements > WALKED:
            raise LongWalk(f"to walk the loops and branches takes more than {WALKED} statements", place(node), 'use control="record"')


class Kept(Callback):
    """A function that is walked when it is called. `function` binds its arguments, and holds the attributes that the user gives it."""

    __slots__ = ("parts", "unit")

    def __init__(self, machine: Any, parts: Parts, unit: Any, defaults: Any = (), keywords: Any = None) -> None:
        own = {"__builtins__": {"locals": locals}, MACHINE: machine}
        super().__init__(machine, types.FunctionType(parts.signature, own, parts.name, tuple(defaults) or None))
        self.parts, self.unit = parts, unit
        self.function.__kwdefaults__ = keywords or None

    @property
    def around(self) -> Any:
        """The names of the function that this one is defined in."""
        return self.unit.around if isinstance(self.unit, InnerUnit) else None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        machine = self.machine
        around = machine.walks.of(self.parts)
        if len(around) > RECURSION or (around and not all(b.loop for b in machine.blocks.open[around[-1] :])):
            raise CannotKeep(f"{self.parts.name}() calls itself", machine.location(), 'use control="record"')
        namespace = {MACHINE: machine, UNIT: self.unit, "__builtins__": __builtins__, "__name__": LOWERED}
        namespace[NAMES] = namespace
        namespace.update(self.function(*args, **kwargs))
        try:
            with machine.walks.within(self.parts), machine.walks.entered(self.parts, namespace, len(machine.blocks.open)):
                return _Walk(machine, self, namespace).run()
        except CannotKeep as error:
            if self.unit.library and error.location is not None and error.location.file == self.parts.source.file:
                raise type(error)(error.reason, machine.location(), 'use control="record"').with_traceback(error.__traceback__) from None
            raise


def lowered(machine: Any, function: Any) -> Any:
    """A function of the user's as one that is walked; a generator is followed as it runs."""
    if calls._is_own(function.__module__ or ""):
        return calls.lowered(machine, function)
    machine.pins.code(function)
    own = parts(lookup.find(function.__code__, function.__globals__))
    if yields(own):
        return calls.lowered(machine, function)
    with machine.blocks.further_out(0):
        defaults = tuple(machine.captured(v, DEFAULT, [function, i]) for i, v in enumerate(function.__defaults__ or ()))
        keywords = {k: machine.captured(v, DEFAULT, [function, k]) for k, v in (function.__kwdefaults__ or {}).items()}
    return Kept(machine, own, calls.Unit(function), defaults, keywords)


class _Walk:
    def __init__(self, machine: Any, function: Kept, namespace: dict[str, Any]) -> None:
        self.machine, self.function, self.parts, self.namespace = machine, function, function.parts, namespace

    def run(self) -> Any:
        ended = self.block(self.parts.body)
        if ended.kind == "return":
            return ended.value
        if ended.kind == "fall":
            return None
        if ended.kind == "raise":
            raise CannotKeep(f"{self.parts.name}() always raises")
        raise CannotKeep(f"{self.parts.name}() returns a value on some ways through it and none on others", self.place(self.parts.body[-1]))

    def place(self, node: Any) -> Location:
        return self.parts.source.location(node)

    def block(self, statements: list[Any]) -> Exit:
        """Walk statements to the end of the block; a statement that may jump takes those after it along."""
        cut = after_ways_out(statements, WAYS_OUT)
        if cut is not None:
            first, rest = self.block(statements[:cut]), statements[cut:]
            return self.onward(first, rest) or self.block(rest)
        for position, node in enumerate(statements):
            rest = statements[position + 1 :]
            try:
                with self.machine.walks.within(id(node)):
                    ended = self.statement(node, rest)
            except (MissingRule, NameError):
                if self.machine.blocks.depth:
                    return Exit("raise")  # on this way alone; where it is taken, the recorded path says so
                raise
            except S2sadError as error:
                if error.location is not None:
                    raise
                raise type(error)(error.reason, self.place(node), error.hint).with_traceback(error.__traceback__) from None
            except Exception as error:
                if self.machine.forks.trying:
                    raise  # to the `try` around
                raise CannotKeep(f"{type(error).__name__}: {error}, as far as it is known without the values of a call", self.place(node)
                                 ) from error  # fmt: skip
            if ended is not None:
                return ended
        return FALL

    def statement(self, node: Any, rest: list[Any]) -> Exit | None:
        """Walk one statement; how the block ends where that is decided here."""
        self.machine.walks.count(node, self.place)
        match node:
            case gast.If():
                return self.branch(node, rest)
            case gast.For():
                ended = self.machine.forks.walked(self.parts.asking, node, lambda: self.run_for(node))
                return self.after_loop(ended, node, rest)
            case gast.While():
                return self.after_loop(self.run_while(node), node, rest)
            case gast.Match() | gast.Try() | gast.With():
                return compound.walk(self, node, rest)
            case gast.Return(value=value):
                return Exit("return", None if value is None else self.value(value), False, True)
            case gast.Break():
                return BREAK
            case gast.Continue():
                return CONTINUE
            case gast.Raise() if not self.machine.forks.trying:
                return Exit("raise")
            case gast.Pass() | gast.Nonlocal() | gast.Global():  # what belongs to another function is assigned there
                return None
            case gast.FunctionDef():
                self.define(node)
                return None
        return self.anew(node, lambda: self.plain(node))

    def evaluated(self, code: types.CodeType) -> Any:
        return eval(code, self.namespace)

    def plain(self, node: Any) -> Exit:
        exec(self.parts.statement(node), self.namespace)
        return FALL

    def anew(self, node: Any, walk: Callable[[], Exit]) -> Exit | None:
        """Walk what Python may ask for truth values in."""
        ended = self.machine.forks.walked(self.parts.asking, node, walk)
        return None if ended.kind == "fall" else ended

    def value(self, node: Any) -> Any:
        def evaluated() -> Exit:
            return Exit("value", self.evaluated(self.parts.expression(node)))

        return self.machine.forks.walked(self.parts.asking, node, evaluated).value

    def define(self, node: Any) -> None:
        """A function inside the function."""
        try:
            inner = self.parts.function(node)
        except UnsupportedMutation as error:
            raise CannotKeep(error.reason, error.location, "return the value, and assign it") from None
        if yields(inner):
            raise CannotKeep("a generator defined inside the function", self.place(node), "define it outside, or return a list")
        unit = InnerUnit(self.namespace, self.parts.scope.names, self.function.unit)
        defaults = [self.value(d) for d in node.args.defaults]
        named = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
        keywords = {a.id: self.value(d) for a, d in named if d is not None}
        kept: Any = Kept(self.machine, inner, unit, defaults, keywords)
        for decorator in reversed(node.decorator_list):
            kept = self.machine.call(self.value(decorator), kept)
        self.namespace[node.name] = kept

    # Branches

    def branch(self, node: Any, rest: list[Any]) -> Exit | None:
        test = self.value(node.test)
        machine = self.machine
        if not machine.variables.is_open(test):
            taken = node.body if machine.truth(test) else node.orelse
            return self.block([*taken, *rest]) if jumps(taken) else self.onward(self.block(taken), rest)
        within = rest if jumps([node]) and (is_short(rest) or not all(map(falls, (node.body, node.orelse)))) else []
        ended = machine.regions.branch(test, lambda: self.block([*node.body, *within]), lambda: self.block([*node.orelse, *within]))
        return ended if within else self.onward(ended, rest)

    def onward(self, ended: Exit, rest: list[Any]) -> Exit | None:
        """What follows statements that leave the block on some ways: it is walked once, where they do not."""
        if ended.kind == "fall":
            return None
        if not rest or "fall" not in ended.possible:
            return ended
        return self.machine.regions.branch(ended.fell, lambda: self.block(rest), ended.left)  # type: ignore[no-any-return]

    # Loops

    def after_loop(self, ended: Exit, node: Any, rest: list[Any]) -> Exit | None:
        """What follows a loop: its `else`, and the statements after it unless the function has returned."""
        machine = self.machine
        if ended.kind == "raise":
            return ended
        if ended.returned is True:
            return Exit("return", ended.value, False, True)
        otherwise = [] if ended.broke is True else node.orelse
        if machine.variables.is_open(ended.returned):
            return machine.regions.branch(ended.returned, lambda: Exit("return", ended.value, False, True),  # type: ignore[no-any-return]
                                  lambda: self.go_on(ended, otherwise, rest) or self.block(rest))  # fmt: skip
        return self.go_on(ended, otherwise, rest)

    def go_on(self, ended: Exit, otherwise: list[Any], rest: list[Any]) -> Exit | None:
        """The `else` of a loop from which the function does not return."""
        if otherwise and self.machine.variables.is_open(ended.broke):
            return self.onward(self.machine.regions.branch(ended.broke, lambda: FALL, lambda: self.block(otherwise)), rest)
        return self.block([*otherwise, *rest]) if otherwise else None

    def run_while(self, node: Any) -> Exit:
        machine = self.machine

        def body(index: Any) -> Exit:
            return _normal(self.block(node.body))

        if any(isinstance(n, gast.NamedExpr) for n in gast.walk(node.test)):
            return machine.regions.loop(self.key(node), None, lambda: True, lambda _: self.asked(node))  # type: ignore[no-any-return]
        return machine.regions.loop(self.key(node), None, lambda: self.value(node.test), body)  # type: ignore[no-any-return]

    def asked(self, node: Any) -> Exit:
        """A step of a loop whose condition changes variables: it is asked in the step."""
        test = self.value(node.test)
        return truth.way(self.machine, test, lambda: _normal(self.block(node.body)), lambda: STOP)

    def key(self, node: Any) -> Any:
        return id(node), len(self.machine.walks.frames)

    def run_for(self, node: Any) -> Exit:
        value = self.value(node.iter)
        items = sequence(self.machine, value)
        if items is None:
            if isinstance(value, Traced):
                raise CannotKeep("a loop over something from outside that is no array", self.place(node.iter))
            return self.unrolled(node, self.machine.iterate(value))
        if items.fixed is not None and _over_containers(items):
            return self.unrolled(node, items.one_by_one())
        if items.fixed is None or items.fixed > UNROLLED:
            return self.kept(node, items)
        machine = self.machine
        before = machine.regions.surveyed()
        state = machine.sheet.statements[:], dict(machine.memo), set(machine.sheet.decided)
        try:
            return self.kept(node, items)
        except S2sadError as error:
            # Few steps over items of lists, say: they are walked one by one, unless they are as many as this call has sizes for.
            if not (machine.how.generic or is_literal(node.iter)):
                raise
            restore(before, machine.regions.surveyed())
            machine.sheet.statements[:], machine.memo, machine.sheet.decided = state
            try:
                return self.unrolled(node, items.one_by_one())
            except S2sadError:
                raise error from None

    def kept(self, node: Any, items: Sequence) -> Exit:
        machine = self.machine
        snapshots = items.snapshots if isinstance(items, Checkpointed) else None
        inner = items.inner if isinstance(items, Checkpointed) else items

        def body(index: Any) -> Exit:
            self.assign(node.target, index if isinstance(inner, Span) else inner.item(index))
            return _normal(self.block(node.body))

        over = (inner.start, inner.stop, inner.step) if isinstance(inner, Span) else (0, inner.length(), 1)
        return machine.regions.loop(self.key(node), over, None, body, snapshots)  # type: ignore[no-any-return]

    def assign(self, target: Any, value: Any) -> None:
        self.namespace[VALUE] = value
        exec(self.parts.target(target), self.namespace)
        del self.namespace[VALUE]

    def unrolled(self, node: Any, items: Iterable[Any]) -> Exit:
        """A loop over the items of a container: its steps one after the other."""
        return self.steps(node, iter(items), 0)

    def steps(self, node: Any, items: Iterator[Any], number: int) -> Exit:
        """The steps from one on: those after a step that may leave the loop are walked under the condition that it does not."""
        for item in items:
            if number >= STEPS:
                raise CannotKeep(f"a loop over more than {STEPS} items of a container or a generator", self.place(node))
            number += 1
            self.assign(node.target, item)
            ended = _normal(self.block(node.body))
            if ended.kind == "raise":
                return ended
            if ended.kind != "continue":
                return truth.way(self.machine, ended.going, lambda: self.steps(node, items, number), ended.over)  # noqa: B023
        return OVER


def _normal(ended: Exit) -> Exit:
    """The end of a body: falling out of it is going on."""
    return CONTINUE if ended.kind == "fall" else ended


def _over_containers(items: Sequence) -> bool:
    if isinstance(items, Items):
        return not isinstance(items.owner, (Traced, np.ndarray))
    inner = getattr(items, "inner", None)
    several = inner if isinstance(inner, list) else [inner] if inner is not None else []
    return any(_over_containers(each) for each in several)
