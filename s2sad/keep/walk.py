"""The walk of a function whose control flow is kept: statement by statement, over a namespace that holds its variables."""
from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import gast
import numpy as np

from s2sad.errors import CannotKeep, Location, MissingRule, NotDifferentiable, S2sadError, UnsupportedMutation
from s2sad.front import lookup
from s2sad.front.nodes import NAMES, UNIT
from s2sad.keep import compound, reading, truth
from s2sad.keep.closures import InnerUnit
from s2sad.keep.exits import BREAK, CONTINUE, FALL, OVER, STOP, Exit
from s2sad.keep.generators import Lazy, Taker
from s2sad.keep.iteration import Checkpointed, Items, Sequence, Span, sequence
from s2sad.keep.syntax import VALUE, WALK, Parts, after_ways_out, falls, is_literal, is_short, jumps, parts, yields
from s2sad.machine import calls, units
from s2sad.machine.callbacks import Callback
from s2sad.machine.traced import Traced
from s2sad.rules import following
from s2sad.rules.structural import DEFAULT
from s2sad.runtime.notices import MACHINE
from s2sad.tracebacks import LOWERED

STEPS = 512  # items of a container or a generator that a loop takes one by one
WAYS_OUT = 16  # statements one after the other that may leave their block, each with those after it on one side; further ones start anew
UNROLLED = 64  # steps up to which a loop over a known number of items may be unrolled


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
        self.check_recursion()
        return self.walked(self.names(*args, **kwargs), _Walk.run)

    def check_recursion(self) -> None:
        if self.machine.walks.too_deep(self.parts, self.machine.blocks.open):
            raise CannotKeep(f"{self.parts.name}() calls itself", self.machine.location(), 'use control="record"')

    def names(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The variables at the beginning."""
        namespace = {MACHINE: self.machine, UNIT: self.unit, "__builtins__": __builtins__, "__name__": LOWERED}
        namespace[NAMES] = namespace
        namespace.update(self.function(*args, **kwargs))
        return namespace

    def walked(self, namespace: dict[str, Any], walk: Callable[[_Walk], Any]) -> Any:
        machine = self.machine
        try:
            with machine.walks.within(self.parts), machine.walks.entered(self.parts, namespace, len(machine.blocks.open)):
                return walk(_Walk(machine, self, namespace))
        except CannotKeep as error:
            if self.unit.library and error.location is not None and error.location.file == self.parts.source.file:
                raise type(error)(error.reason, machine.location(), 'use control="record"').with_traceback(error.__traceback__) from None
            raise


class Generating(Kept):
    """A function that makes a generator; it is walked when the values are taken."""

    __slots__ = ("native",)
    native: Callable[..., Any]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        native = getattr(self, "native", None)
        namespace = self.names(*args, **kwargs)

        def run(take: Taker) -> Exit:
            self.check_recursion()
            return self.walked(namespace, lambda walk: walk.giving(take).block(self.parts.body))  # type: ignore[no-any-return]

        plain = native and (lambda: native(*args, **kwargs))
        return Lazy(self.machine, f"{self.parts.name}()", self.parts.scope.names, namespace, run, plain, self.unit.library and bool(native))


def lowered(machine: Any, function: Any) -> Any:
    """A function of the user's as one that is walked; a generator is followed as it runs."""
    module = function.__module__ or ""
    if calls.is_own(module) and module not in (calls.STEPWISE, *following.LOOPING):
        return calls.lowered(machine, function)
    own = parts(lookup.find(function.__code__, function.__globals__))
    if module in (calls.STEPWISE, *following.LOOPING) or following.in_packages(module):
        return _made(machine, function, own, units.FixedUnit.of(function), function.__defaults__ or (), function.__kwdefaults__)
    machine.pins.code(function)
    with machine.blocks.further_out(0):
        defaults = tuple(machine.captured(v, DEFAULT, [function, i]) for i, v in enumerate(function.__defaults__ or ()))
        keywords = {k: machine.captured(v, DEFAULT, [function, k]) for k, v in (function.__kwdefaults__ or {}).items()}
    return _made(machine, function, own, units.Unit(function), defaults, keywords)


def _made(machine: Any, function: Any, own: Any, *rest: Any) -> Kept:
    kept = (Generating if yields(own) else Kept)(machine, own, *rest)
    if isinstance(kept, Generating):
        kept.native = calls.lowered(machine, function)
    return kept


class _Walk:
    def __init__(self, machine: Any, function: Kept, namespace: dict[str, Any]) -> None:
        self.machine, self.function, self.parts, self.namespace = machine, function, function.parts, namespace
        self.take: Taker | None = None  # of a generator, who takes its values
        namespace[WALK] = self

    def giving(self, take: Taker) -> _Walk:
        self.take = take
        return self

    def run(self) -> Any:
        ended = self.block(self.parts.body)
        if ended.kind == "fall":
            return None
        if ended.kind == "raise":
            raise CannotKeep(f"{self.parts.name}() always raises")
        value = ended.value if ended.kind == "return" else self.returned(ended)
        return value if len(self.machine.walks.frames) > 1 else self.machine.choices.answer(value)

    def returned(self, ended: Exit) -> Any:
        """What a function returns that returns a value on some ways through it, and none on others."""
        return truth.way(self.machine, ended.returned, lambda: Exit("value", ended.value), lambda: Exit("value", None)).value

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
            except (MissingRule, NotDifferentiable, NameError):
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
                return self.loop_over(lambda: self.value(node.iter), node, None, rest)
            case gast.While():
                return self.after_loop(self.run_while(node), node, rest)
            case gast.Match() | gast.Try() | gast.With():
                return compound.walk(self, node, rest)
            case gast.Return(value=None) if self.take is not None:
                return Exit("return", False, False, True)
            case gast.Expr(value=gast.Yield(value=value)) if self.take is not None:
                return self.given(None if value is None else self.value(value), rest)
            case gast.Expr(value=gast.YieldFrom(value=value)) if self.take is not None:
                return self.loop_over(lambda: self.value(value), node, self.take, rest)
            case gast.Return(value=value):
                return Exit("return", self.handed_on(value), False, True)
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
        ended = self.anew(node, lambda: self.plain(node))
        return None if ended.kind == "fall" else ended

    def evaluated(self, code: types.CodeType) -> Any:
        return eval(code, self.namespace)

    def plain(self, node: Any) -> Exit:
        exec(self.parts.statement(node), self.namespace)
        return FALL

    def anew(self, node: Any, walk: Callable[[], Exit]) -> Exit:
        """Walk what Python may ask for truth values in, and what reads a variable that holds one thing or another, or nothing."""
        walk = reading.told(self.machine, self.namespace, self.parts, node, walk)
        return self.machine.forks.walked(self.parts.asking, node, walk)  # type: ignore[no-any-return]

    def value(self, node: Any) -> Any:
        return self.anew(node, lambda: Exit("value", self.evaluated(self.parts.expression(node)))).value

    def condition(self, node: Any) -> Any:
        """A truth value, or a number that the code asks for its truth."""
        return self.anew(node, lambda: Exit("value", truth.asked(self.machine, self.evaluated(self.parts.condition(node))))).value

    def handed_on(self, node: Any) -> Any:
        """A value that is returned; a variable may hold one thing or another."""
        if isinstance(node, gast.Name) and node.id in self.namespace:
            return self.namespace[node.id]
        self.parts.lowering.handed_on.add(id(node))
        return None if node is None else self.value(node)

    def define(self, node: Any) -> None:
        """A function inside the function."""
        try:
            inner = self.parts.function(node)
        except UnsupportedMutation as error:
            raise CannotKeep(error.reason, error.location, "return the value, and assign it") from None
        unit = InnerUnit(self.namespace, self.parts.scope.names, self.function.unit, inner.scope.shared)
        defaults = [self.value(d) for d in node.args.defaults]
        named = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
        keywords = {a.id: self.value(d) for a, d in named if d is not None}
        kept: Any = (Generating if yields(inner) else Kept)(self.machine, inner, unit, defaults, keywords)
        for decorator in reversed(node.decorator_list):
            kept = self.machine.call(self.value(decorator), kept)
        self.namespace[node.name] = kept

    # Branches

    def branch(self, node: Any, rest: list[Any]) -> Exit | None:
        test = self.condition(node.test)
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

    # Generators

    def given(self, value: Any, rest: list[Any]) -> Exit | None:
        """What follows a `yield`, unless the loop that runs over the generator has been left."""
        assert self.take is not None
        ended = self.take(value)
        return ended if ended.kind in ("return", "raise") else self.onward(ended, rest)

    # Loops

    def loop_over(self, value: Callable[[], Any], node: Any, take: Taker | None, rest: list[Any]) -> Exit | None:
        """A `for`, or a `yield from`, and what follows it."""
        target = node.target if isinstance(node, gast.For) else None

        def step(item: Any) -> Exit:
            if take is not None:
                return _normal(take(item))
            self.assign(target, item)
            return _normal(self.block(node.body))

        ended = self.machine.forks.walked(self.parts.asking, node, lambda: self.run_for(node, value(), step))
        return self.after_loop(ended, node, rest)

    def after_loop(self, ended: Exit, node: Any, rest: list[Any]) -> Exit | None:
        """What follows a loop: its `else`, and the statements after it unless the function has returned."""
        machine = self.machine
        if ended.kind == "raise":
            return ended
        if ended.returned is True:
            return Exit("return", ended.value, False, True)
        otherwise = [] if ended.broke is True else getattr(node, "orelse", [])
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
        return machine.regions.loop(self.key(node), None, lambda: self.condition(node.test), body)  # type: ignore[no-any-return]

    def asked(self, node: Any) -> Exit:
        """A step of a loop whose condition changes variables: it is asked in the step."""
        test = self.condition(node.test)
        return truth.way(self.machine, test, lambda: _normal(self.block(node.body)), lambda: STOP)

    def key(self, node: Any) -> Any:
        return id(node), len(self.machine.walks.frames)

    def run_for(self, node: Any, value: Any, step: Taker) -> Exit:
        if isinstance(value, Lazy):
            return value.consume(step)
        items = sequence(self.machine, value)
        if items is None:
            if isinstance(value, Traced):
                raise CannotKeep("a loop over something from outside that is not an array", self.place(getattr(node, "iter", node)))
            value = self.machine.own_iterator(value)
            return value.consume(step) if isinstance(value, Lazy) else self.unrolled(node, self.machine.iterate(value), step)
        items.begin()
        if items.fixed is not None and _over_containers(items):
            return self.unrolled(node, items.one_by_one(), step)
        sized = self.machine.ties.exact and not (isinstance(node, gast.For) and is_literal(node.iter))
        if items.fixed is None or items.fixed > UNROLLED or sized:  # as many as this call has sizes for
            return self.kept(node, items, step)
        # Few steps over items of lists, say: they are walked one by one.
        tried = self.machine.regions.tried
        return tried(lambda: self.kept(node, items, step, short=True), lambda: self.unrolled(node, items.one_by_one(), step))  # type: ignore[no-any-return]

    def kept(self, node: Any, items: Sequence, step: Taker, short: bool = False) -> Exit:
        machine = self.machine
        snapshots, inner = (items.snapshots, items.inner) if isinstance(items, Checkpointed) else (None, items)

        def body(index: Any) -> Exit:
            if isinstance(inner, Span) and isinstance(node.target, gast.Name):
                machine.deciding.symbols.call(index, node.target.id)
            ended = step(index if isinstance(inner, Span) else inner.item(index))
            inner.check_length()
            return ended

        over = (inner.start, inner.stop, inner.step) if isinstance(inner, Span) else (0, inner.length(), 1)
        self.namespace[name := f"run over by {id(node)}"] = tuple(inner.arrays())  # a name of what is read, whatever becomes of others
        try:
            return machine.regions.loop(self.key(node), over, None, body, snapshots, short)  # type: ignore[no-any-return]
        finally:
            self.namespace.pop(name, None)

    def assign(self, target: Any, value: Any) -> None:
        self.namespace[VALUE] = value
        exec(self.parts.target(target), self.namespace)
        del self.namespace[VALUE]

    def unrolled(self, node: Any, items: Iterable[Any], step: Taker) -> Exit:
        """A loop over the items of a container: its steps one after the other."""
        return self.steps(node, iter(items), step, 0)

    def steps(self, node: Any, items: Iterator[Any], step: Taker, number: int) -> Exit:
        """The steps from one on: those after a step that may leave the loop are walked under the condition that it does not."""
        for item in items:
            if number >= STEPS:
                raise CannotKeep(f"a loop over more than {STEPS} items of a container or a generator", self.place(node))
            number += 1
            ended = step(item)
            if ended.kind == "raise":
                return ended
            if ended.kind != "continue":
                return truth.way(self.machine, ended.going, lambda: self.steps(node, items, step, number), ended.over)  # noqa: B023
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
