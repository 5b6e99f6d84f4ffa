"""Blocks that are being written down: their statements, the variables in them with both samples, and what may stand further out."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.errors import CannotKeep
from s2sad.ir.program import (
    UNDEFINED,
    ArrayType,
    Assign,
    Dim,
    Guard,
    GuardKind,
    Loop,
    StackType,
    Statement,
    Var,
    everything,
    reads,
    targets_of,
    type_of,
    variables,
)
from s2sad.ir.writing import Box, inexact
from s2sad.keep.samples import Samples
from s2sad.machine.attributes import RESHAPED
from s2sad.machine.traced import Traced, strip, traced_in
from s2sad.record.arrays import exchanged, layout_decides
from s2sad.record.recorder import Recorder
from s2sad.record.views import Step, View
from s2sad.rules.language import Primitive
from s2sad.rules.operations import GETITEM
from s2sad.rules.structural import DIM
from s2sad.runtime.control import Effects

NUMBERS = (int, float, complex, np.generic)


@dataclass
class Open:
    """A block that is being written down. A loop may hand on what does not change in it to the block around it; a branch does not."""

    statements: list[Statement] = field(default_factory=list)
    loop: bool = False
    mark: Any = None
    views: list[View] = field(default_factory=list)
    remembered: list[Any] = field(default_factory=list)  # what its statements have decided, or asked of the world outside


class Blocks(Recorder):
    """The part of keeping that knows of blocks."""

    def __init__(self, effects: Effects | None, series: int) -> None:
        self.blocks: list[Open] = [Open()]
        super().__init__(effects)
        self.samples = Samples(series)
        self.depths: dict[Var, int] = {}
        self.known: set[Var] = set()
        self.frames: list[dict[str, Any]] = []
        self.step_pairs: dict[Any, tuple[int, int]] = {}
        self.alive: list[Any] = []  # what is known by its id
        self.standing: dict[Any, int] = {}  # for what is remembered, how deep the statements stand that say so
        self.walked = 0  # statements of the function, as often as they were walked
        self.deepest = 0  # how deep those stand that were written, or relied upon, for what is being asked
        self.again: set[Var] = set()  # what a checkpointed function computes
        self.checkpoints = 0
        self.lifted: set[Var] = set()  # what branches give for the sake of their adjoints alone
        self.ordered: dict[int, Box] = {}  # arrays that surely lie in the order of C without gaps
        self.doubtful: dict[int, Box] = {}  # those whose layout decides about what is a view, and is not known
        self.unsure: dict[int, Box] = {}  # what a loop or a branch hands on, which may be one object or another
        self.maybe: set[Var] = set()  # arrays and stacks that are not there on every way: None, or no name
        self.whole: set[Var] = set()  # what may be an int where a float is meant
        self.loose: set[Var] = set()  # what may be an int where a float is meant, or a number of Python's where one of NumPy's is

    @property
    def statements(self) -> list[Statement]:
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
            box.layout = np.zeros(first.shape, first.dtype)
        return box

    def twin(self, var: Var, name: str | None = None) -> Box:
        """Another variable of the same type, with the same samples."""
        like = self.boxes[var]
        box = Box(self, like.value, Var(var.type), like.levels)
        self.boxes[box.var] = box
        self.samples.second[box.var] = self.samples.second.get(var, like.value)
        self.depths[box.var] = len(self.blocks) - 1
        self.unsure[id(box)] = box
        if var in self.loose:
            self.loose.add(box.var)
        if var in self.whole:
            self.whole.add(box.var)
        if var in self.maybe:
            self.maybe.add(box.var)
        if name or var in self.names:
            self.names[box.var] = name or self.names[var]
        return box

    def may_be_absent(self, var: Var) -> None:
        """A number that is not there counts as zero, and needs no care."""
        if isinstance(var.type, (ArrayType, StackType)):
            self.maybe.add(var)

    def made_as_one(self, left: Any, right: Any) -> bool:
        """Samples say nothing of which numbers are one object, and nothing of what a loop or a branch hands on."""
        if any(id(v) in self.unsure or isinstance(strip(v), NUMBERS) for v in (left, right)):
            raise CannotKeep("whether two variables are one object depends on the way", self.location(), 'use control="record"')
        return False

    def is_absent(self, value: Any) -> bool:
        return value is UNDEFINED or (isinstance(value, Box) and value.var in self.maybe)

    def is_loose(self, value: Any) -> bool:
        return isinstance(value, Box) and value.var in self.loose

    def may_be_whole(self, value: Any) -> bool:
        """Whether a number is an int, or may be one although it is meant to be none."""
        return isinstance(strip(value), (int, np.integer)) or (isinstance(value, Box) and value.var in self.whole)

    def overwritten(self) -> set[Var]:
        """The arrays that are written over somewhere, or handed to a loop that may do so."""
        found: set[Var] = set()
        for opened in self.blocks:
            for statement in everything(tuple(opened.statements)):
                if isinstance(statement, Assign) and statement.primitive.writes:
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
        if self.telling or isinstance(first, (str, bytes)):
            self.tell(args, boxes)
        operands = tuple(self.operand(a) for a in args)
        self.put(self.statement(tuple(b.var for b in boxes), primitive, operands, structure))
        deciding = {"mixed": operands, "first": operands[:1], "own": ()}[primitive.result_type]
        if any(v in self.loose for o in deciding for v in variables(o)):
            self.loose.update(b.var for b in boxes)
            if all(map(self.may_be_whole, args)):
                self.whole.update(b.var for b in boxes)
        return trees.unflatten(structure, boxes) if structure is not None else boxes[0]

    def put(self, statement: Statement) -> int:
        """Write a statement down, in the outermost block where it may stand; how deep that is."""
        lowest = max((self.depths.get(v, 0) for v in reads(statement)), default=0)
        depth = len(self.blocks) - 1
        while depth > lowest and self.moves(statement, self.blocks[depth]):
            depth -= 1
        mark = self.blocks[-1].mark
        if depth < len(self.blocks) - 1 and mark is not None and isinstance(statement, Assign) and not statement.primitive.structural:
            statement = replace(statement, within=((mark, statement.location),))
        self.blocks[depth].statements.append(statement)
        if self.checkpoints and not self.phase:
            self.again.update(targets_of(statement))
        for target in targets_of(statement):
            self.depths[target] = depth
        self.deepest = max(self.deepest, depth)
        return depth

    # What is remembered, as long as the statements stand that say so

    def once(self, key: Any, ask: Callable[[], Any]) -> Any:
        if key not in self._memo:
            around, self.deepest = self.deepest, 0
            try:
                super().once(key, ask)
                self.remember(key, self.deepest)
            finally:
                self.deepest = max(around, self.deepest)
        self.deepest = max(self.deepest, self.standing[key])
        return self._memo[key]

    def guard(self, kind: GuardKind, box: Traced, value: Any, premise: bool = False) -> None:
        assert isinstance(box, Box)
        key = box.var, kind
        if key not in self._decided:
            self._decided.add(key)
            self.remember(key, self.put(Guard(kind, box.var, value, self.location(), premise)))
        self.deepest = max(self.deepest, self.standing[key])

    def remember(self, key: Any, depth: int) -> None:
        self.standing[key] = depth
        self.blocks[depth].remembered.append(key)

    def forget(self, opened: Open) -> None:
        """A block is over, or thrown away: what its statements say is not said outside."""
        for key in opened.remembered:
            self._memo.pop(key, None)
            self._decided.discard(key)

    @contextmanager
    def further_out(self, depth: int) -> Iterator[None]:
        """What is written down here goes into a block around those that are being walked."""
        inner, self.blocks = self.blocks, self.blocks[: depth + 1]
        try:
            yield
        finally:
            self.blocks = inner

    def moves(self, statement: Statement, out_of: Open) -> bool:
        if isinstance(statement, Guard):
            return statement.kind != "truth" or statement.premise or statement.atom in self.known
        if not isinstance(statement, Assign):
            return False
        primitive = statement.primitive
        if primitive is DIM:  # of an array that may be there in the branch alone
            return out_of.loop
        if primitive.structural and not primitive.effect:
            return True
        return out_of.loop and primitive.may_raise is not True and not primitive.effect and not primitive.anew

    @contextmanager
    def block(self, loop: bool) -> Iterator[Open]:
        opened = Open(loop=loop)
        self.blocks.append(opened)
        try:
            yield opened
        finally:
            self.blocks.pop()
            self.forget(opened)
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
        if primitive is GETITEM:
            shape = np.shape(strip(result))
            base = bases[0].layout
            basic = all(not isinstance(strip(i), (np.ndarray, list)) for i in (bound[1] if isinstance(bound[1], tuple) else (bound[1],)))
            if basic and isinstance(strip(result), np.ndarray):
                return np.lib.stride_tricks.as_strided(base, shape, (0,) * len(shape))  # nobody reads it
            return strip(result)
        with np.errstate(all="ignore"):
            return primitive.evaluate(strip(exchanged(bound, {id(b): b.layout for b in bases})))

    def source_of(self, layout: Any, bases: list[Box]) -> Box | None:
        """Parts of one array are not told apart by where they lie, which is not known."""
        if len({id(b) for b in bases if np.may_share_memory(layout, b.layout)}) > 1:
            raise CannotKeep("a view may be one of several parts of an array", self.location(), "use a copy")
        return super().source_of(layout, bases)

    # How arrays lie in memory

    def set_shape(self, value: Any, owner: Any) -> None:
        self.check_shapable(owner)
        raise CannotKeep("an array is given another shape in place", self.location(), RESHAPED)

    def note_order(self, primitive: Primitive, bound: list[Any], result: Any) -> None:
        """Remember an array that surely lies in the order of C without gaps, as its sample does."""
        if not isinstance(result, Box) or not isinstance(result.value, np.ndarray):
            return
        arrays = [b for b in traced_in(bound) if isinstance(b, Box) and isinstance(b.value, np.ndarray)]
        order = next((b for p, b in zip(primitive.parameters, bound, strict=True) if p.name == "order"), "C")
        if ((result.value.ndim < 2 and not primitive.alias) or (primitive.order == "C" and order in ("C", None))
                or (primitive.order == "kept" and all(map(self.in_order, arrays)))):  # fmt: skip
            self.ordered[id(result)] = result

    def in_order(self, array: Box) -> bool:
        if isinstance(array, View):
            return array.step.primitive.order == "C" and self.in_order(array.source)
        return id(array) in self.ordered

    def depend_on_layout(self, step: Step, *arrays: Box) -> None:
        """Of arrays from outside the layout is guarded. Of those that the function makes it has to be known."""
        if layout_decides(step) and not all(self.in_order(a) or self.is_from_outside(a) for a in arrays):
            self.doubtful.update((id(a.root), a.root) for a in arrays)
            for array in arrays:
                if array.root.version:
                    self.refuse_doubtful(array.root)
        super().depend_on_layout(step, *arrays)

    def is_from_outside(self, array: Box) -> bool:
        return not isinstance(array, View) and (array.passed.var in self.inputs or id(array) in self.external)

    def refuse_doubtful(self, root: Box) -> None:
        if id(root) in self.doubtful:
            raise CannotKeep("how arrays lie in memory decides whether one that is written is a view or a copy", self.location(),
                             "use a copy")  # fmt: skip

    def share_memory(self, a: Any, b: Any) -> bool:
        raise CannotKeep("how arrays lie in memory is known on a recorded path only", self.location(), 'use control="record"')
