"""Regions as they are walked: both sides of a branch, the body of a loop until nothing new changes, and what they give."""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from s2sad import adjoint_regions, trees
from s2sad.arrays import exchanged
from s2sad.errors import CannotKeep
from s2sad.ir import (
    UNDEFINED,
    ArrayType,
    Assign,
    Block,
    Const,
    Dim,
    Guard,
    If,
    Loop,
    Operand,
    Statement,
    Var,
    everything,
    reads,
    targets_of,
    type_of,
    variables,
)
from s2sad.keep_state import Contents, Key, Poison, Slot, Survey, changed, holders, put, restore, same, survey
from s2sad.machine import NUMERIC
from s2sad.primitives import Primitive
from s2sad.record import Recorder
from s2sad.runtime_core import Effects
from s2sad.samples import DIM, NOT, Samples, plain
from s2sad.traced import Traced, strip
from s2sad.views import View
from s2sad.writing import Box, inexact

RANKS: dict[type, float] = {bool: 0, np.bool_: 0.5, int: 1, np.int32: 1.5, np.int64: 2, float: 3, np.float32: 4, np.float64: 5,
                            complex: 6, np.complex64: 7, np.complex128: 8}  # fmt: skip
ROUNDS = 12  # walks of a body after which its variables should have found their types
MOVABLE = frozenset({"elementwise", "linear", "zero", "rule"})
WRITTEN = frozenset({"replaced", "accumulated", "diminished", "accumulated_at"})
CONVERT = frozenset({"float", "complex", "getitem", "dim"})
MAKES = frozenset({"identity", "np.zeros", "np.empty", "np.ones", "np.full", "np.array", "np.copy", ".copy", "copied", "replaced",
                   "accumulated", "diminished", "accumulated_at", "scatter"})  # fmt: skip


@dataclass
class Open:
    """A block that is being written down. A loop may hand on what does not change in it to the block around it; a branch does not."""

    statements: list[Statement] = field(default_factory=list)
    loop: bool = False
    views: list[View] = field(default_factory=list)


@dataclass(frozen=True)
class Exit:
    """How a block ends: it falls out of its end, has a value, continues, breaks, returns a value, raises, or it depends ("mixed").

    `going` is whether the loop goes on, `returned` whether the function has returned, `broke` whether a `break` was met.
    """

    kind: str
    value: Any = None
    going: Any = True
    returned: Any = False
    broke: Any = False


FALL = Exit("fall")


@dataclass(frozen=True)
class Joined:
    """What several values have in common: samples of the type, and the differentiations it takes part in."""

    first: Any
    second: Any
    levels: frozenset[int]
    shared: bool = False
    loose: bool = False
    """Whether the array may have another name: then it cannot be told what a write into it changes."""

    def like(self, other: Joined | None) -> bool:
        if other is None or (self.levels, self.shared, self.loose, type(self.first)) != (
                other.levels, other.shared, other.loose, type(other.first)):
            return False
        return all(np.shape(a) == np.shape(b) and getattr(a, "dtype", None) == getattr(b, "dtype", None)
                   for a, b in ((self.first, other.first), (self.second, other.second)))  # fmt: skip


class Regions(Recorder):
    """The part of keeping that knows of blocks."""

    def __init__(self, effects: Effects | None, series: int) -> None:
        self.blocks: list[Open] = [Open()]
        super().__init__(effects)
        self.samples = Samples(series)
        self.depths: dict[Var, int] = {}
        self.known: set[Var] = set()
        self.shared: dict[int, Box] = {}
        self.frames: list[dict[str, Any]] = []
        self.steps: dict[Any, tuple[int, int]] = {}
        self.lifted: set[Var] = set()  # what branches give for the sake of their adjoints alone
        self.loose: set[Var] = set()  # what may be an int where a float is meant, or a number of Python's where one of NumPy's is

    @property
    def statements(self) -> list[Statement]:  # type: ignore[override]
        return self.blocks[-1].statements

    @statements.setter
    def statements(self, value: list[Statement]) -> None:
        self.blocks[-1].statements = value

    @property
    def nested(self) -> bool:
        return len(self.blocks) > 1

    # Boxes and statements

    def paired(self, first: Any, second: Any, levels: frozenset[int]) -> Box:
        kind = type_of(first)
        if isinstance(first, np.ndarray) and first.shape != second.shape:
            kind = ArrayType(first.dtype, tuple(a if a == b else Dim(a) for a, b in zip(first.shape, second.shape, strict=True)))
        box = Box(self, first, Var(kind), levels)
        self.boxes[box.var] = box
        self.samples.second[box.var] = second
        self.depths[box.var] = len(self.blocks) - 1
        if isinstance(first, np.ndarray) and not first.flags.writeable:
            box.layout = np.empty(first.shape, first.dtype)
        return box

    def twin(self, var: Var, name: str | None = None) -> Box:
        """Another variable of the same type, with the same samples."""
        like = self.boxes[var]
        box = Box(self, like.value, Var(var.type), like.levels)
        self.boxes[box.var] = box
        self.samples.second[box.var] = self.samples.second.get(var, like.value)
        self.depths[box.var] = len(self.blocks) - 1
        if var in self.loose:
            self.loose.add(box.var)
        if name or var in self.names:
            self.names[box.var] = name or self.names[var]
        return box

    def is_loose(self, value: Any) -> bool:
        return isinstance(value, Box) and value.var in self.loose

    def overwritten(self) -> set[Var]:
        """The arrays that are written over somewhere, or handed to a loop that may do so."""
        found: set[Var] = set()
        for opened in self.blocks:
            for statement in everything(tuple(opened.statements)):
                if isinstance(statement, Assign) and statement.primitive.name in WRITTEN:
                    found.update(v for v in variables(statement.args[0]))
                elif isinstance(statement, Loop):
                    found.update(v for o in statement.inits for v in variables(o))
        return found

    def emit_pair(self, primitive: Primitive, args: list[Any], first: Any, second: Any, levels: frozenset[int] = frozenset(),
                  whole: bool = True) -> Any:  # fmt: skip
        """A statement whose result has these samples."""
        leaves, structure = ([first], None) if whole else trees.flatten(first)
        others = [second] if whole else trees.flatten(second)[0]
        boxes = [self.paired(a, b, levels if inexact(a) else frozenset()) for a, b in zip(leaves, others, strict=True)]
        operands = tuple(self.operand(a) for a in args)
        self.put(Assign(tuple(b.var for b in boxes), primitive, operands, self.location(), self.phase, structure))
        if primitive.name not in CONVERT and any(v in self.loose for o in operands for v in variables(o)):
            self.loose.update(b.var for b in boxes)
        return trees.unflatten(structure, boxes) if structure is not None else boxes[0]

    def put(self, statement: Statement) -> None:
        """Write a statement down, in the outermost block where it may stand."""
        lowest = max((self.depths.get(v, 0) for v in reads(statement)), default=0)
        depth = len(self.blocks) - 1
        while depth > lowest and self.moves(statement, self.blocks[depth]):
            depth -= 1
        self.blocks[depth].statements.append(statement)
        for target in targets_of(statement):
            self.depths[target] = depth

    def moves(self, statement: Statement, out_of: Open) -> bool:
        if isinstance(statement, Guard):
            return statement.kind != "truth" or statement.premise
        if not isinstance(statement, Assign):
            return False
        primitive = statement.primitive
        if primitive is DIM or (primitive.callee is None and not primitive.name.startswith(".") and not primitive.effect):
            return True
        fine = primitive.kind in MOVABLE and not primitive.may_raise and not primitive.effect and primitive.name not in MAKES
        return out_of.loop and fine

    @contextmanager
    def block(self, loop: bool) -> Iterator[Open]:
        opened = Open(loop=loop)
        self.blocks.append(opened)
        try:
            yield opened
        finally:
            assert self.blocks.pop() is opened
            for view in opened.views:  # what a view was in there is not known out here
                view.stamp = -1

    def read_again(self, view: View) -> None:
        super().read_again(view)
        if self.nested:
            self.blocks[-1].views.append(view)

    def layouts(self, primitive: Primitive, bound: list[Any], result: Any, bases: list[Box]) -> Any:
        """The result as NumPy would lay it out, on arrays that share memory as those of the function do."""
        if not primitive.alias:
            return strip(result)
        if primitive.name == "getitem":
            shape = np.shape(strip(result))
            base = bases[0].layout
            basic = all(not isinstance(strip(i), (np.ndarray, list)) for i in (bound[1] if isinstance(bound[1], tuple) else (bound[1],)))
            if basic and isinstance(strip(result), np.ndarray):
                return np.lib.stride_tricks.as_strided(base, shape, (0,) * len(shape))  # nobody reads it
            return strip(result)
        with np.errstate(all="ignore"):
            return primitive.evaluate(strip(exchanged(bound, {id(b): b.layout for b in bases})))

    # Truth

    def is_open(self, value: Any) -> bool:
        """Whether a truth value is to be asked by the code, not now."""
        return isinstance(value, Box) and value.var not in self.known and isinstance(value.value, NUMERIC)

    def negated(self, value: Any) -> Any:
        if not self.is_open(value):
            return not self.truth(value)
        return self.emit_pair(NOT, [value], True, True)

    def choose(self, test: Any, then: Callable[[], Any], orelse: Callable[[], Any]) -> Any:
        if not self.is_open(test):
            return then() if self.truth(test) else orelse()
        return self.branch(test, lambda: Exit("value", then()), lambda: Exit("value", orelse())).value

    def both(self, value: Any, rest: Callable[[], Any]) -> Any:
        if not self.is_open(value):
            return rest() if self.truth(value) else value
        return self.choose(value, rest, lambda: self.falsy(value))

    def either(self, value: Any, rest: Callable[[], Any]) -> Any:
        if not self.is_open(value):
            return value if self.truth(value) else rest()
        return self.choose(value, lambda: True if isinstance(value.value, (bool, np.bool_)) else value, rest)

    def falsy(self, value: Any) -> Any:
        return False if isinstance(value.value, (bool, np.bool_)) else value

    def chain(self, first: Any, rest: Callable[[], Any]) -> Any:
        middle = self.stack.pop()

        def more() -> Any:
            self.stack.append(middle)
            return rest()

        return self.both(first, more)

    def certain(self, value: Any) -> None:
        """`assert`: where it fails, another path does what the function does."""
        if self.is_open(value):
            self.guard("truth", value, True)
        elif not self.truth(value):
            raise CannotKeep("an assertion fails", self.location())

    # Joining

    def join(self, values: list[Any], key: Any) -> Joined | str:
        """What values of one variable have in common, or the reason why there is nothing."""
        there = [v for v in values if v is not UNDEFINED]
        samples = [(strip(v), self.samples.of(v, 1)) for v in there]
        levels = frozenset().union(*(v.levels for v in there if isinstance(v, Box)))
        kinds = {type(a) for a, _ in samples}
        if kinds == {np.ndarray}:
            return self.join_arrays(samples, levels, key)
        if not all(issubclass(k, (int, float, complex, np.generic)) for k in kinds) or not kinds:
            return f"a variable is {' or '.join(sorted(k.__name__ for k in kinds))} in a loop or after a branch"
        if len(kinds) > 1 and not kinds <= set(RANKS):
            return f"a variable is {' or '.join(sorted(k.__name__ for k in kinds))} in a loop or after a branch"
        kind: Any = kinds.pop() if len(kinds) == 1 else max(kinds, key=RANKS.__getitem__)
        if issubclass(kind, (int, np.integer)) and not issubclass(kind, bool):
            pair = self.step(key)
            return Joined(kind(pair[0]), kind(pair[1]), frozenset(), loose=len({type(a) for a, _ in samples}) > 1)
        if issubclass(kind, (bool, np.bool_)):
            return Joined(kind(True), kind(True), frozenset())
        if not issubclass(kind, (float, complex, np.inexact)):
            return f"a variable is {kind.__name__} in a loop or after a branch"
        number = kind(0.5)
        mixed = len({type(a) for a, _ in samples}) > 1 or any(isinstance(v, Box) and v.var in self.loose for v in there)
        return Joined(number, number, levels, loose=mixed)

    def join_arrays(self, samples: list[tuple[Any, Any]], levels: frozenset[int], key: Any) -> Joined | str:
        (first, _), *others = samples
        if any(a.dtype != first.dtype or a.ndim != first.ndim for a, _ in others):
            return "a variable is an array of different dtype or rank in a loop or after a branch"
        shapes: tuple[list[int], list[int]] = ([], [])
        for axis in range(first.ndim):
            sizes = {(a.shape[axis], b.shape[axis]) for a, b in samples}
            pair = sizes.pop() if len(sizes) == 1 else self.step((key, axis))
            shapes[0].append(pair[0])
            shapes[1].append(pair[1])
        one, other = (plain(np.broadcast_to(np.zeros((), first.dtype), s)) for s in shapes)
        return Joined(one, other, levels)

    def step(self, key: Any) -> tuple[int, int]:
        if key not in self.steps:
            self.steps[key] = self.samples.pairs.step()
        return self.steps[key]

    def box_of(self, joined: Joined, hint: Any = None) -> Box:
        box = self.paired(joined.first, joined.second, joined.levels)
        if joined.loose:
            self.loose.add(box.var)
        if isinstance(hint, str) and hint.isidentifier() and self.phase == 0:
            self.names[box.var] = hint
        return box

    def as_operand(self, value: Any) -> Operand:
        return Const(UNDEFINED) if value is UNDEFINED else self.operand(value)

    # Branches

    def branch(self, test: Box, then: Callable[[], Exit], orelse: Callable[[], Exit]) -> Exit:
        """Walk both sides from the same state; the condition is asked by the code."""
        place = self.location()
        before = survey(self.frames, self.made)
        sides: list[tuple[list[Statement], Survey, Exit]] = []
        decided = set(self._decided)
        for side in (then, orelse):
            with self.block(loop=False) as opened:
                ended = side()
                sides.append((opened.statements, survey(self.frames, self.made), ended))
            restore(before, sides[-1][1])
            self._decided = set(decided)
        for (_, _, ended), (statements, after, other), truth in ((*sides, False), (*sides[::-1], True)):
            if ended.kind == "raise":
                if other.kind == "raise":
                    return other
                self.at(place)
                self.guard("truth", test, truth)
                self.at(None)
                return self.inlined(statements, after, other, before)
        return self.merged(test, before, sides, place)

    def inlined(self, statements: list[Statement], after: Survey, ended: Exit, before: Survey) -> Exit:
        """A branch of which only one side is left."""
        here = len(self.blocks) - 1
        for statement in statements:
            self.statements.append(statement)
            for target in targets_of(statement):
                self.depths[target] = here
        for _, (slot, _, new) in changed(before, after).items():
            put(slot, new)
        return ended

    def merged(self, test: Box, before: Survey, sides: list[Any], place: Any) -> Exit:
        (s1, after1, e1), (s2, after2, e2) = sides
        one, other = changed(before, after1), changed(before, after2)
        merges = _Merges(self, holders(after1) | holders(after2))
        news: list[tuple[Slot, Any]] = []
        for key in dict.fromkeys((*one, *other)):
            slot, old = (one.get(key) or other[key])[:2]
            a, b = (side[key][2] if key in side else old for side in (one, other))
            news.append((slot, merges.add(a, b, key)))
        ended = _merge_exits(merges, e1, e2)
        results = [tuple(self.as_operand(pair[k]) for pair in merges.pairs) for k in (0, 1)]
        targets = tuple(box.var for box in merges.boxes)
        region = If(targets, test.var, Block((), tuple(s1), results[0]), Block((), tuple(s2), results[1]), place, self.phase)
        self.put(region)
        for slot, value in news:
            put(slot, value)
        return ended

    # Loops

    def loop(self, key: Any, run_over: tuple[Any, Any, Any] | None, test: Callable[[], Any] | None, body: Callable[[Any], Exit]) -> Exit:
        """Walk the body until the variables it changes have found their types; how the loop ended."""
        place = self.location()
        before = survey(self.frames, self.made)
        plan: dict[Any, tuple[Any, list[Joined]]] = {}
        decided = set(self._decided)
        for _ in range(ROUNDS):
            self._decided = set(decided)
            with self.block(loop=True) as opened:
                walked = _Walked(self, key, plan, before, run_over, test, body)
                try:
                    more = walked.run()
                finally:
                    restore(before, survey(self.frames, self.made))
                if not more:
                    return walked.close(opened.statements, place)
            plan = more
        raise CannotKeep("the types of the variables of a loop do not settle", place)

    def pull(self, mark: Any, outputs: list[Any], seeds: list[Any], inputs: list[Any]) -> list[Any]:
        return adjoint_regions.pull(self, mark.start, outputs, seeds, inputs)


class _Merges:
    """The results of an `if`, as they are found."""

    def __init__(self, machine: Regions, held: Counter[int]) -> None:
        self.machine, self.held = machine, held
        self.pairs: list[tuple[Any, Any]] = []
        self.boxes: list[Box] = []

    def add(self, a: Any, b: Any, key: Any) -> Any:
        """The value that stands for both."""
        if isinstance(a, Contents):
            box = self.leaf(a.var, b.var, key)
            return Contents(box.value, box.var, box.levels)
        if a is UNDEFINED or b is UNDEFINED:
            there = b if a is UNDEFINED else a
            leaves, structure = trees.flatten(there)
            nothing = [UNDEFINED] * len(leaves)
            first, second = (nothing, leaves) if a is UNDEFINED else (leaves, nothing)
        else:
            (first, structure), (second, other) = trees.flatten(a), trees.flatten(b)
            if structure != other:
                return Poison(self.machine, "a variable holds containers of different structure after a branch")
        return trees.unflatten(structure, [self.each(x, y, (key, i)) for i, (x, y) in enumerate(zip(first, second, strict=True))])

    def each(self, x: Any, y: Any, key: Any) -> Any:
        if x is not UNDEFINED and same(x, y):
            return x
        if not all(v is UNDEFINED or isinstance(v, (Box, int, float, complex, np.generic, np.ndarray)) for v in (x, y)):
            there = y if x is UNDEFINED else x
            if (x is UNDEFINED or y is UNDEFINED) and not isinstance(there, Traced):
                return there
            return Poison(self.machine, "a variable holds different things after a branch")
        return self.leaf(x, y, key)

    def leaf(self, x: Any, y: Any, key: Any) -> Any:
        machine = self.machine
        values = [machine.boxes[v] if isinstance(v, Var) else v for v in (x, y)]
        joined = machine.join(values, key)
        if isinstance(joined, str):
            return Poison(machine, joined)
        for k, (one, other) in enumerate(self.pairs):
            if one is x and other is y:
                return self.boxes[k]
        box = machine.box_of(joined, _hint(key))
        if not isinstance(x, Var) and any(_is_shared(v, self.held, 0 if key[0][0] == "exit" else 1) for v in values):
            machine.shared[id(box)] = box
        self.pairs.append((values[0] if isinstance(x, Var) else x, values[1] if isinstance(y, Var) else y))
        self.boxes.append(box)
        return box


def _is_shared(value: Any, held: Counter[int], own: int) -> bool:
    """Whether an array is held by more than its own slot, or is a part of another."""
    if not isinstance(value, Box) or not isinstance(value.value, np.ndarray):
        return False
    return isinstance(value, View) or held[id(value.root)] > own


def _hint(key: Any) -> Any:
    while isinstance(key, tuple) and key and isinstance(key[0], tuple):
        key = key[0]
    return key[2] if isinstance(key, tuple) and len(key) > 2 and key[0] == "name" else None


def _merge_exits(merges: _Merges, e1: Exit, e2: Exit) -> Exit:
    if e1.kind == e2.kind and e1.kind in ("fall", "continue", "break"):
        return e1
    if e1.kind == e2.kind and e1.kind in ("value", "return"):
        value = merges.add(e1.value, e2.value, ("exit", 0, None))
        if isinstance(value, Poison):
            raise CannotKeep(value.reason, merges.machine.location())
        return Exit(e1.kind, value, e1.going, e1.returned, e1.broke)
    flags = {}
    for name in ("going", "returned", "broke"):
        flags[name] = merges.add(getattr(e1, name), getattr(e2, name), ("exit", 0, name))
    has = [e.returned is not False for e in (e1, e2)]
    values = [e.value if h else UNDEFINED for e, h in zip((e1, e2), has, strict=True)]
    value = merges.add(*values, ("exit", 0, None)) if any(has) else None
    if isinstance(value, Poison):
        raise CannotKeep(value.reason, merges.machine.location())
    return Exit("mixed", value, **flags)


class _Walked:
    """One walk of the body of a loop, with parameters for what is known to change."""

    def __init__(self, machine: Regions, key: Any, plan: dict[Any, tuple[Any, list[Joined]]], before: Survey, run_over: Any,
                 test: Any, body: Any) -> None:  # fmt: skip
        self.machine, self.key, self.plan, self.before = machine, key, plan, before
        self.run_over, self.test, self.body = run_over, test, body
        self.params: dict[Any, list[Box]] = {}
        self.index: Box | None = None
        self.test_block: Block | None = None

    def run(self) -> dict[Any, tuple[Any, list[Joined]]] | None:
        """Walk; the grown plan where another walk is needed, None where this one holds."""
        machine = self.machine
        if self.run_over is not None:
            self.index = machine.paired(*machine.step(("index", self.key)), frozenset())
        for key, (structure, joined) in self.plan.items():
            self.params[key] = [machine.box_of(j, _hint(key)) for j in joined]
            self.enter(key, structure)
        start = survey(machine.frames, machine.made)
        if self.test is not None:
            self.ask()
        self.ended = self.body(self.index)
        self.after = survey(machine.frames, machine.made)
        self.held_before, self.held_after = holders(self.before), holders(self.after)
        return self.grown(changed(start, self.after))

    def slot(self, key: Any) -> Slot:
        if key in self.before:
            return self.before[key]
        frame = next((f for f in self.machine.frames if id(f) == key[1]), None)
        return Slot(key, frame, UNDEFINED)

    def enter(self, key: Any, structure: Any) -> None:
        """Let the slot hold the parameters."""
        if key[0] == "exit":
            return
        boxes = self.params[key]
        slot = self.slot(key)
        if structure == "poison":
            put(slot, Poison(self.machine, str(self.machine.steps["reason", key])))
            return
        if key[0] == "contents":
            self.freeze(slot.owner)
            put(slot, Contents(boxes[0].value, boxes[0].var, boxes[0].levels))
            return
        self.share(boxes, self.plan[key][1])
        put(slot, trees.unflatten(structure, list(boxes)))

    def freeze(self, box: Box) -> None:
        machine = self.machine
        if machine.boxes[box.var] is box:
            machine.boxes[box.var] = Box(machine, box.value, box.var, box.levels)

    def ask(self) -> None:
        """The condition of a `while`, in a block of its own."""
        machine = self.machine
        with machine.block(loop=False) as opened:
            before = survey(machine.frames, machine.made)
            answer = self.test()
            if changed(before, survey(machine.frames, machine.made)):
                raise CannotKeep("the condition of a loop changes variables", machine.location())
            self.answer = answer
            self.test_block = Block((), tuple(opened.statements), (machine.operand(answer),))

    def old(self, key: Any) -> Any:
        return self.before[key].value if key in self.before else UNDEFINED

    def grown(self, now: dict[Key, tuple[Slot, Any, Any]]) -> dict[Any, tuple[Any, list[Joined]]] | None:
        plan, again = dict(self.plan), False
        values: dict[Any, Any] = {key: new for key, (_, _, new) in now.items() if key[0] != "contents" or key in self.before}
        values = {**{key: self.after[key].value for key in plan if key in self.after}, **values}
        if self.ended.kind in ("mixed", "return") and self.ended.returned is not False:
            values["exit", 0, None] = self.ended.value
        for key in dict.fromkeys((*self.plan, *values)):
            if key not in values:
                continue
            found = self.joined(key, values[key])
            if isinstance(found, str):
                if key in plan and plan[key][0] == "poison":
                    continue
                if key[0] == "contents":
                    raise CannotKeep(found, self.machine.location())
                plan[key] = ("poison", [])
                again = True
                self.machine.steps["reason", key] = found  # type: ignore[assignment]
                continue
            known = plan.get(key)
            if known is None or known[0] != found[0] or not all(a.like(b) for a, b in zip(found[1], known[1], strict=True)):
                plan[key] = found
                again = True
        return plan if again else None

    def joined(self, key: Any, new: Any) -> Any:
        """Structure and joined leaves of what a slot held before the loop, in it, and holds after the body."""
        machine, old = self.machine, self.old(key)
        if isinstance(new, Contents):
            answer = machine.join([machine.boxes[old.var], machine.boxes[new.var]], key)
            return answer if isinstance(answer, str) else (None, [answer])
        if isinstance(new, Poison):
            return new.reason
        if new is UNDEFINED:
            return "a variable is deleted in a loop"
        leaves, structure = trees.flatten(new)
        olds, other = trees.flatten(old) if old is not UNDEFINED else ([UNDEFINED] * len(leaves), structure)
        params = self.params.get(key) or [UNDEFINED] * len(leaves)
        if structure != other or len(params) != len(leaves):
            return "a variable holds containers of different structure in the steps of a loop"
        found = []
        own = 0 if key[0] == "exit" else 1
        for i, (a, b, c) in enumerate(zip(olds, params, leaves, strict=True)):
            if not all(v is UNDEFINED or isinstance(v, (Box, int, float, complex, np.generic, np.ndarray)) for v in (a, c)):
                return "a variable that changes in a loop is no number or array"
            one = machine.join([a, b, c], (self.key, key, i))
            if isinstance(one, str):
                return one
            shared = _is_shared(a, self.held_before, own) or _is_shared(c, self.held_after, own)
            found.append(replace(one, shared=shared or (i < len(params) and id(params[i]) in machine.shared)))
        return structure, found

    def close(self, statements: list[Statement], place: Any) -> Exit:
        """Write the loop down, and let the slots hold what it gives. Runs inside the block, which is left right after."""
        machine, ended = self.machine, self.ended
        inits: list[Operand] = []
        nexts: list[Operand] = []
        params: list[Var] = []
        targets: list[Var] = []
        outer = machine.blocks.pop()
        news: list[tuple[Slot, Any]] = []
        values: dict[str, Any] = {}
        try:
            after = self.results()
            for key, (structure, joined) in self.plan.items():
                if structure == "poison":
                    news.append((self.slot(key), Poison(machine, str(machine.steps["reason", key]))))
                    continue
                boxes = [machine.box_of(j, _hint(key)) for j in joined]
                inits += self.operands(self.old(key), len(boxes))
                nexts += self.operands(after.get(key, UNDEFINED), len(boxes), self.params[key])
                params += [b.var for b in self.params[key]]
                targets += [b.var for b in boxes]
                if key[0] == "exit":
                    values["value"] = trees.unflatten(structure, list(boxes))
                elif key[0] == "contents":
                    news.append((self.slot(key), Contents(boxes[0].value, boxes[0].var, boxes[0].levels)))
                    self.freeze(self.slot(key).owner)
                else:
                    self.share(boxes, joined)
                    news.append((self.slot(key), trees.unflatten(structure, list(boxes))))
            exits = ended.kind in ("mixed", "break", "return")
            results: list[Operand] = [machine.operand(ended.going)] if exits else []
            for name in ("returned", "broke"):
                values[name] = self.flag(name, getattr(ended, name), inits, nexts, params, targets)
            body = Block((*(() if self.index is None else (self.index.var,)), *params), tuple(statements), (*results, *nexts))
            span: Any = None if self.run_over is None else tuple(machine.operand(p) for p in self.run_over)
            machine.at(place)
            machine.put(Loop(tuple(targets), body, tuple(inits), span, self.test_block, (), exits, False, place, machine.phase))
            machine.at(None)
            for slot, value in news:
                put(slot, value)
        finally:
            machine.blocks.append(outer)
        return Exit("mixed" if exits else "fall", values.get("value"), True, values["returned"], values["broke"])

    def share(self, boxes: list[Box], joined: list[Joined]) -> None:
        for box, one in zip(boxes, joined, strict=True):
            if one.shared:
                self.machine.shared[id(box)] = box

    def results(self) -> dict[Any, Any]:
        answer = {key: slot.value for key, slot in self.after.items()}
        answer["exit", 0, None] = self.ended.value if self.ended.returned is not False else UNDEFINED
        return answer

    def operands(self, value: Any, count: int, params: list[Box] | None = None) -> list[Operand]:
        if value is UNDEFINED:
            return [Const(UNDEFINED)] * count if params is None else [p.var for p in params]
        if isinstance(value, Contents):
            return [value.var]
        return [self.machine.as_operand(leaf) for leaf in trees.flatten(value)[0]]

    def flag(self, name: str, value: Any, inits: list[Operand], nexts: list[Operand], params: list[Var], targets: list[Var]) -> Any:
        """Whether the loop ended in this way, as one more carried value."""
        if value is False:
            return False
        machine = self.machine
        param, target = (machine.paired(True, True, frozenset()) for _ in range(2))
        machine.names[param.var] = machine.names[target.var] = name
        inits.append(Const(False))
        nexts.append(machine.operand(value))
        params.append(param.var)
        targets.append(target.var)
        return target
