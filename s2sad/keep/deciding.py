"""Questions about sizes that their normal form does not answer: from the present call, under a guard, or not at all."""
from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from s2sad.ir.program import ArrayType
from s2sad.keep.conditions import Conditions
from s2sad.keep.symbols import Symbols
from s2sad.rules.operations import EQUAL, LESS
from s2sad.types.equations import apart, latest, mentions, sides
from s2sad.types.indexing import part_length
from s2sad.types.polynomials import Symbol, lone_symbols
from s2sad.types.questions import Undecided, undecided
from s2sad.types.sizes import Size, at_least_zero, at_worst, larger, settled, smaller, value_at_hints, with_sizes

REMADE: dict[str, Any] = {"min": smaller, "max": larger, "//": lambda a, b: a // b, "%": lambda a, b: a % b}


class Deciding:
    """What is known of sizes while a function is kept: what symbols are, and what guards say about them.

    Sizes ask it (`is_zero`, `is_negative`, `number`). What is about numbers that are known in the present call is answered from there, and
    a guard says so; what is about numbers that change in a loop is answered if their bounds tell, or is asked by the code of each step
    where it is what nearly every program means: that the bounds of a part lie within its axis. Of the machine it uses the blocks, and lets
    it write down sizes and guards.
    """

    def __init__(self, machine: Any) -> None:
        self.machine = machine
        self.symbols = Symbols(machine, self)
        self.facts: dict[Symbol, Any] = {}  # what a symbol is, by a guard or a condition
        self.answers: dict[Any, bool] = {}  # by what was asked, in the normal form of then
        self.known: dict[Any, bool] | None = {}  # the same in the normal form of now; None where that has to be made
        self.conditions = Conditions(self)
        self.normals: dict[Any, Any] = {}  # normal forms of now
        self.stored: dict[Any, Any] = {}  # what was learnt in a block, for its adjoint
        self.assumed: list[Any] = []  # sizes that are not negative on the way that is walked
        self.supposed: Any = None  # who answers what nobody knows, where that is tried

    # Normal forms

    def normal(self, size: Any) -> Any:
        """A size with all that is known of its symbols."""
        if not isinstance(size, Size):
            return size
        key = size.terms, size.kind, size.asked
        if key not in self.normals:
            self.normals[key] = self._normal(size)
        return self.normals[key]

    def _normal(self, size: Any) -> Any:
        for _ in range(64):
            now = with_sizes(size, self._exchanged(size))
            if not isinstance(now, Size):
                return now
            if now.terms == size.terms:
                return size
            size = now.of_kind(size.kind)
        return size

    def bound(self, symbol: Symbol, low: Any, high: Any) -> None:
        """What is known of a number that changes: it lies between these."""
        symbol.low, symbol.high = map(settled, (low, high))
        self.normals.clear()

    def learn_hint(self, symbol: Symbol, hint: int | None) -> None:
        symbol.hint = hint
        self.normals.clear()

    def changed(self) -> None:
        """Normal forms are others by now."""
        self.known = None
        self.normals.clear()

    def _exchanged(self, size: Size) -> dict[Symbol, Any]:
        answer = {}
        for symbol in size.symbols():
            if symbol in self.facts:
                answer[symbol] = self.facts[symbol]
            elif symbol.operands:
                operands = [self.normal(self._asked(o)) for o in symbol.operands]
                answer[symbol] = self._asked(self._made_again(symbol.operation, operands))
        return answer

    def _made_again(self, operation: str, operands: list[Any]) -> Any:
        if operation == "length":
            n, start, stop, step = operands
            return part_length(n, slice(start, stop, step), self._from_end)
        if operation in ("min", "max"):
            one, other = operands
            less = self._sign(one - other)
            return REMADE[operation](one, other) if less is None else one if less is (operation == "min") else other
        return REMADE[operation](*operands)

    def _asked(self, size: Any) -> Any:
        return Size(size.terms, self, size.kind) if isinstance(size, Size) else size

    def shape(self, shape: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(map(self.normal, shape))

    def settle_types(self) -> None:
        """What is known of sizes in the end stands in the types of all variables."""
        for var in self.machine.sheet.boxes:
            if isinstance(var.type, ArrayType):
                object.__setattr__(var, "type", ArrayType(var.type.dtype, tuple(map(settled, self.shape(var.type.shape)))))

    # Questions

    def is_zero(self, given: Size) -> bool:
        size = self.normal(given)
        if not isinstance(size, Size):
            return bool(size == 0)
        if self._above_zero(size) or self._above_zero(-size):
            return False
        known = self._known().get(("zero", size.terms))
        if known is not None:
            return known
        if self.supposed is not None:
            return self._suppose("zero", given, size)
        if self._resolved(size):
            return self.is_zero(size)
        hint = value_at_hints(size)
        if hint is None:
            raise self._undecided(size, "is")
        self._guard("zero", size, hint == 0)
        return hint == 0

    def is_negative(self, given: Size) -> bool:
        size = self.normal(given)
        if not isinstance(size, Size):
            return bool(size < 0)
        known = self._sign(size)
        if known is not None:
            return known
        if self.supposed is not None:
            return self._suppose("negative", given, size)
        if self._resolved(size):
            return self.is_negative(size)
        return self._by_hint(size)

    def number(self, size: Size) -> int:
        found = self.normal(size)
        if not isinstance(found, Size):
            return int(found)
        hint = value_at_hints(found)
        if hint is None:
            raise undecided(f"the number that {found} is")
        self.is_zero(found - hint)
        return hint

    def _undecided(self, size: Size, words: str) -> Undecided:
        changes = any(mentions(size, symbol) for symbol in self.machine.joins.changing)
        return undecided(f"whether {sides(size, words)}{', which changes in a loop' if changes else ''}")

    def _sign(self, size: Any) -> bool | None:
        """Whether a size is negative, if that is known."""
        if not isinstance(size, Size):
            return bool(size < 0)
        if self._not_negative(size):
            return False
        return True if self._not_negative(-size - 1) else self._known().get(("negative", size.terms))

    def _known(self) -> dict[Any, bool]:
        """The answers so far, in the normal form of now."""
        if self.known is None:
            self.known = {}
            for (kind, terms), answer in self.answers.items():
                self._enter(kind, self.normal(Size(terms, self)), answer)
            self.normals.clear()  # which were made when some of the answers were not there
        return self.known

    def _enter(self, kind: str, size: Any, answer: bool) -> None:
        if isinstance(size, Size) and self.known is not None:
            self.known[kind, size.terms] = answer
            turned, opposite = (-size - 1, not answer) if kind == "negative" else (-size, answer)
            self.known[kind, turned.terms] = opposite

    def holds(self, size: Any) -> bool:
        """Whether a size is not negative, whatever way is walked: told, or asked of the present call before anything else is done."""
        size = self.normal(size)
        size = at_worst(size) if value_at_hints(size) is None else size
        if not isinstance(size, Size):
            return size is not None and bool(size >= 0)
        known = self._known().get(("negative", size.terms))
        if at_least_zero(size) or known is not None:
            return not known
        hint = None if self.machine.sheet.phase else value_at_hints(size)
        if hint is None or hint < 0:
            return False
        with contextlib.suppress(Undecided):
            self._guard("negative", size, False)
            return True
        return False

    def _above_zero(self, size: Any) -> bool:
        return self._not_negative(size - 1)

    def _not_negative(self, size: Any) -> bool:
        """Whether bounds, or the conditions of the way that is walked, tell that a size is not negative."""
        return at_least_zero(size) or any(at_least_zero(size - a) for a in self.assumed)

    def _by_hint(self, size: Size) -> bool:
        hint = value_at_hints(size)
        if hint is not None:
            self._guard("negative", size, hint < 0)
            return hint < 0
        for answer, worst in ((False, at_worst(size)), (True, at_worst(-size - 1))):
            found = value_at_hints(worst) if isinstance(worst, Size) else None
            if found is not None and found >= 0:  # it holds in every step of this call
                self._guard("negative", worst, False)
                self._know("negative", size, answer, self.symbols.depth(size))
                return answer
        raise self._undecided(size, "is below")

    # Lengths of parts: the smaller of two bounds

    def _resolved(self, size: Size) -> bool:
        """Ask which one of two numbers is the smaller, where a size depends on it. The answer is a fact from then on."""
        for symbol in size.symbols():
            if symbol.operation in ("min", "max"):
                self._resolve(symbol)
                return True
            if symbol.operation == "length":
                self._see_ends(symbol)
                return True
        return False

    def _resolve(self, symbol: Symbol) -> None:
        one, other = (self.normal(self._asked(o)) for o in symbol.operands)
        less = self._smaller(one, other)
        if less is None:
            chosen = self._within(symbol.operation, one, other)
        else:
            chosen = less if symbol.operation == "min" else one + other - less
        self._learn(symbol, chosen, self.symbols.depth(one - other))

    def _smaller(self, one: Any, other: Any) -> Any:
        """The smaller of two sizes, or one of two equal ones; None where that is not known of numbers that change."""
        for first, second in ((one, other), (other, one)):
            with contextlib.suppress(Undecided):
                return second if second < first else first
        return None

    def _see_ends(self, symbol: Symbol) -> None:
        """From which end the bounds of a part are counted. Where that is not known, the code asks in each step: as they are written, with a
        minus sign or without."""
        for bound in (self.normal(self._asked(o)) for o in symbol.operands[1:3]):
            try:
                _ = bound < 0
            except Undecided:
                if self.machine.sheet.phase:
                    raise
                self._guard("negative", bound, all(factor < 0 for _, factor in bound.terms))

    def _from_end(self, bound: Any) -> bool | None:
        """Whether a bound is counted from the end of the axis, if that is known."""
        return self._sign(self.normal(bound))

    def _within(self, operation: str, one: Any, other: Any) -> Any:
        """The bound of a part that changes from step to step; the code asks in each whether it lies within the axis."""
        bound, changing = sorted((one, other), key=latest)
        beyond = bound - changing if operation == "min" else changing - bound
        worst = at_worst(beyond)
        if self.machine.sheet.phase or (worst is not None and (value_at_hints(worst) or 0) < 0):
            raise self._undecided(beyond, "is below")
        self._guard("negative", beyond, False)
        return changing

    # What is supposed

    @contextlib.contextmanager
    def supposing(self, world: Any, answer: Any) -> Iterator[None]:
        """Ask what follows if it is so: what nobody knows is answered by `answer`, and known to the world from then on."""
        before = self.state
        self.state = world.known or (dict(self.facts), dict(self.answers), None, {}, (world, answer, before))
        try:
            yield
        finally:
            world.known, self.state = self.state, before

    @contextlib.contextmanager
    def in_fact(self) -> Iterator[None]:
        """Ask what is so, while something is supposed."""
        now, self.state = self.state, self.supposed[2]
        try:
            yield
        finally:
            self.state = now

    @property
    def state(self) -> Any:
        """What is known by now, or supposed."""
        return self.facts, self.answers, self.known, self.normals, self.supposed

    @state.setter
    def state(self, state: Any) -> None:
        self.facts, self.answers, self.known, self.normals, self.supposed = state

    def _suppose(self, kind: str, given: Size, size: Size) -> bool:
        world, ask, _ = self.supposed
        answer: bool = ask(world, kind, given, size)
        self._know(kind, size, answer, 0)
        return answer

    # What is learnt

    def _guard(self, kind: str, size: Size, answer: bool) -> None:
        """Let the code ask, in the outermost block where it can, and know the answer from now on."""
        depth = self.symbols.depth(size)
        machine = self.machine
        with machine.blocks.further_out(depth):
            left, right = (self.symbols.code(s) for s in apart(size))
            asked = machine.emit_typed(EQUAL if kind == "zero" else LESS, [left, right], True)
            machine.guard("truth", asked, answer)
        self._know(kind, size, answer, depth)

    def know(self, kind: str, size: Size, answer: bool) -> None:
        """What the block says that is being written."""
        self._know(kind, size, answer, self.machine.blocks.depth)

    def _know(self, kind: str, size: Size, answer: bool, depth: int) -> None:
        self._remember(("sizes", kind, size.terms), depth)
        self.answers[kind, size.terms] = answer
        self._enter(kind, size, answer)
        self.normals.clear()
        if kind == "zero" and answer:
            self._solve(size, depth)

    def _solve(self, size: Size, depth: int) -> None:
        """One of the symbols is what the others say."""
        for symbol in sorted(lone_symbols(size.terms), key=self._rank, reverse=True):
            factor = dict(size.terms)[symbol,]
            rest = size - factor * Size.of(symbol)
            if not mentions(rest, symbol):
                self._learn(symbol, rest * -factor, depth)
                return

    def _rank(self, symbol: Symbol) -> Any:
        """Numbers with a name of their own are the last to be exchanged for something else."""
        return bool(symbol.operation), symbol in self.symbols.places and self.symbols.places[symbol][1] is not None, symbol.number

    def _learn(self, symbol: Symbol, size: Any, depth: int) -> None:
        self._remember(("fact", symbol), depth)
        self.facts[symbol] = self._asked(size)
        self.changed()
        if self.supposed is None:
            self.machine.variables.settle(depth)

    def _remember(self, key: Any, depth: int) -> None:
        if self.supposed is None:
            self.machine.blocks.remember(key, depth)

    def forget(self, key: Any) -> None:
        """A guard is gone with its block."""
        if type(key) is tuple and key[0] == "fact":
            self.facts.pop(key[1], None)
            self.changed()
        elif type(key) is tuple and key[0] == "sizes":
            self.answers.pop(key[1:], None)
            self.changed()

    def store(self, key: Any, remembered: list[Any]) -> None:
        """What has been learnt in a block is known again where its adjoint is written down."""
        facts = {k[1]: self.facts[k[1]] for k in remembered if type(k) is tuple and k[0] == "fact" and k[1] in self.facts}
        answers = {k[1:]: self.answers[k[1:]] for k in remembered if type(k) is tuple and k[0] == "sizes" and k[1:] in self.answers}
        self.stored[key] = facts, answers

    @contextlib.contextmanager
    def again(self, key: Any) -> Iterator[None]:
        """Walk the adjoint of a block."""
        before = self.facts, self.answers
        facts, answers = self.stored.get(key, ({}, {}))
        self.facts, self.answers = {**facts, **self.facts}, {**answers, **self.answers}
        self.changed()
        try:
            yield
        finally:
            learnt = {s: f for s, f in self.facts.items() if s not in facts}, {k: a for k, a in self.answers.items() if k not in answers}
            self.facts, self.answers = {**learnt[0], **before[0]}, {**learnt[1], **before[1]}
            self.changed()
