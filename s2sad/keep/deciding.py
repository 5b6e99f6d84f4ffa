"""Questions about sizes that their normal form does not answer: from the present call, under a guard, or not at all."""
from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from s2sad.ir.program import ArrayType
from s2sad.keep.conditions import Conditions
from s2sad.keep.symbols import Symbols
from s2sad.machine.traced import strip
from s2sad.rules.operations import EQUAL, LESS
from s2sad.rules.results import one_element
from s2sad.types.equations import apart, latest, mentions, sides
from s2sad.types.known import Known
from s2sad.types.polynomials import Symbol
from s2sad.types.questions import Undecided, undecided
from s2sad.types.sizes import Size, at_least_zero, at_worst, is_whole, settled, value_at_hints


class Deciding(Known):
    """What is known of sizes while a function is kept: what symbols are, and what guards say about them.

    Sizes ask it (`is_zero`, `is_negative`, `number`). What is about numbers that are known in the present call is answered from there, and
    a guard says so; what is about numbers that change in a loop is answered if their bounds tell, or is asked by the code of each step
    where it is what nearly every program means: that the bounds of a part lie within its axis. Of the machine it uses the blocks, and lets
    it write down sizes and guards.
    """

    def __init__(self, machine: Any) -> None:
        super().__init__()
        self.machine = machine
        self.symbols = Symbols(machine, self)
        self.conditions = Conditions(self)
        self.stored: dict[Any, Any] = {}  # what was learnt in a block, for its adjoint
        self.supposed: Any = None  # who answers what nobody knows, where that is tried

    def settle_types(self) -> None:
        """What is known of sizes in the end stands in the types of all variables but those of what comes from outside: that these are so
        is what guards ask."""
        for var, box in self.machine.sheet.boxes.items():
            if is_whole(box.value):
                object.__setattr__(var, "size", settled(box.value))
            elif isinstance(var.type, ArrayType) and box.outer is None:
                object.__setattr__(var, "type", ArrayType(var.type.dtype, tuple(map(settled, self.shape(var.type.shape)))))

    # Questions

    def is_zero(self, given: Size) -> bool:
        size = self.normal(given)
        known = self._zero(size)
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

    def numbers(self, shape: tuple[Any, ...]) -> tuple[int, ...]:
        """The shape in the present call, which the path is then for."""
        return tuple(self.number(n) if isinstance(n, Size) else n for n in shape)

    def _undecided(self, size: Size, words: str) -> Undecided:
        changes = any(mentions(size, symbol) for symbol in self.machine.joins.changing)
        return undecided(f"whether {sides(size, words)}{', which changes in a loop' if changes else ''}")

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
            question = EQUAL if kind == "zero" else LESS
            asked = machine.emit_typed(question, [left, right], one_element(question, strip([left, right])))
            machine.guard("truth", asked, answer)
        self._know(kind, size, answer, depth)

    def know(self, kind: str, size: Size, answer: bool) -> None:
        """What the block says that is being written."""
        self._know(kind, size, answer, self.machine.blocks.depth)

    def _rank(self, symbol: Symbol) -> Any:
        """Numbers with a name of their own are the last to be exchanged for something else."""
        return bool(symbol.operation), symbol in self.symbols.places and self.symbols.places[symbol][1] is not None, symbol.number

    def _learn(self, symbol: Symbol, size: Any, depth: int) -> None:
        super()._learn(symbol, size, depth)
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
