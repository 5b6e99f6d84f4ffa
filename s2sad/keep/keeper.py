"""Keeping control flow: the machine that writes down loops and branches as regions, on types instead of the values of a call."""
from __future__ import annotations

import contextlib
import operator
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.errors import CannotKeep
from s2sad.ir.program import UNDEFINED, ArrayType, Guard, GuardKind
from s2sad.ir.writing import Box, inexact, is_text
from s2sad.keep import iteration, outside_calls, outside_state, pulling, raising, truth, walk
from s2sad.keep.aliases import Aliases
from s2sad.keep.blocks import Blocks
from s2sad.keep.choices import Choices
from s2sad.keep.deciding import Deciding
from s2sad.keep.forks import Forks
from s2sad.keep.iteration import KEPT, Sequence
from s2sad.keep.joins import Joins
from s2sad.keep.lists import Lists, Stacks
from s2sad.keep.orders import Orders, laid_out, visited_as_known
from s2sad.keep.outside_state import OutsideState
from s2sad.keep.regions import Regions
from s2sad.keep.reshaping import KeptReshaping
from s2sad.keep.results import Results, Unfit
from s2sad.keep.sizes import ATTRIBUTES, Sizes
from s2sad.keep.things import Things
from s2sad.keep.ties import Ties
from s2sad.keep.variables import Variables, of_any_size
from s2sad.keep.walk import Kept
from s2sad.keep.walks import Walks
from s2sad.machine import calls, objects, standard_library
from s2sad.machine.questions import OPERATOR
from s2sad.machine.standing import Outer
from s2sad.machine.traced import Traced, check_array, strip, told_by_types, traced_in
from s2sad.record.capture import NUMBERS
from s2sad.record.perform import check_followed, choosing, levels_of, varies
from s2sad.record.views import Step, View
from s2sad.rules.language import BY_NAME, Primitive
from s2sad.runtime.control import Effects
from s2sad.types.arrays import class_of
from s2sad.types.questions import Undecided
from s2sad.types.sizes import Size, is_whole

ASKS_THE_CLASS = (isinstance, type, hasattr, np.result_type)
OF_ANY_NUMBER = frozenset({"shape", "size", "ndim", "T", "real", "imag"})


class Keeper(Lists):
    """A recording in which control flow stays.

    What is asked of it by lowered code, and what it decides differently from a recording, is here. Each part that it holds knows one
    thing: the blocks that are being written, the variables in them, what different ways leave in one of these, which arrays may be one,
    how they lie in memory, the functions and the regions that are walked, and the sizes.
    """

    compared = on_types = True

    def __init__(self, exact: bool = False, changed: dict[Any, Any] | None = None, settles: bool = False) -> None:
        super().__init__(Effects())
        self.blocks = Blocks(self.sheet, self.forget)
        self.deciding = Deciding(self)
        self.variables = Variables(self, self.blocks)
        self.joins = Joins(self, self.deciding, self.variables)
        self.aliases = Aliases(self, self.variables)
        self.orders, self.walks = Orders(self, settles), Walks()
        self.reshaping = KeptReshaping(self, self.deciding)
        self.regions = Regions(self, self.walks.frames)
        self.forks, self.choices = Forks(self), Choices(self)
        self.ties = Ties(self, self.deciding, self.variables, exact)
        self.sizes, self.results = Sizes(self, self.deciding), Results(self, self.deciding)
        self.stacks, self.things = Stacks(self), Things(self)
        self.used: dict[int, Sequence] = {}  # iterators whose items were taken
        self.outside = OutsideState(self, changed or {})
        self.filled: set[int] = set()  # functions that keep their results, in a cache of the user's

    # Truth

    negated, choose, both, either, chain, certain, let = (truth.negated, truth.choose, truth.both, truth.either, truth.chain,
                                                          truth.certain, truth.let)  # fmt: skip

    awaited, stand_in, extents = pulling.awaited, pulling.stand_in, pulling.extents
    pull, pull_rows, push, push_rows = pulling.pull, pulling.pull_rows, pulling.push, pulling.push_rows
    linear = pulling.linear

    # Values from outside, as types

    def parameter(self, value: Any, name: str) -> Any:
        box = self.ties.box(value, name)
        self.sheet.names[box.var] = name
        self.sheet.inputs.append(box.var)
        self.ties.tie(box, value)
        self.variables.is_now(box, value)
        box.outer = Outer(value, box.var)
        return box

    def admit(self, box: Box, value: Any, fixed: bool, stable: bool = False, premise: bool = False) -> Any:
        if not isinstance(value, np.ndarray):
            self.outside.meet(box)
            return super().admit(box, value, fixed, stable, premise)
        check_array(value, self.location())
        if fixed:
            self.external[id(box)] = box
            self.writable.admitted(box)
        self.guard("type", box, ArrayType(value.dtype, value.shape) if self.ties.exact else of_any_size(value))
        with self.blocks.further_out(self.blocks.depth_of(box.var)):
            self.ties.tie(box, value)
        return box

    # Statements

    def emit_typed(self, primitive: Primitive, args: list[Any], value: Any, levels: frozenset[int] = frozenset(),
                   whole: bool = True, unsure: bool = False) -> Any:  # fmt: skip
        """A statement; `value` stands for its result. It is `unsure` where only the run knows whether sizes go together."""
        self.outside.check(primitive, args)
        leaves, structure = ([value], None) if whole else trees.flatten(value)
        boxes = [self.variables.made(leaf, levels if inexact(leaf) else frozenset()) for leaf in leaves]
        if self.sheet.telling or is_text(value):
            self.sheet.tell(args, boxes)
        operands = tuple(self.operand(a) for a in args)
        statement = self.sheet.statement(tuple(b.var for b in boxes), primitive, operands, structure, unsure)
        self.blocks.put(statement, is_safe=lambda: not unsure and self.results.is_safe(primitive, args))
        self.variables.loosen(primitive, args, operands, boxes)
        for box in boxes:
            self.deciding.symbols.found(box)
        return trees.unflatten(structure, boxes) if structure is not None else boxes[0]

    emit = outside_state.emit

    def apply(self, primitive: Primitive, bound: list[Any]) -> Any:
        return raising.applied(self, super().apply, primitive, bound)

    def perform(self, primitive: Primitive, bound: list[Any]) -> Any:
        if primitive.of_numbers and not any(isinstance(b.value, np.ndarray) for b in traced_in(bound)):
            primitive = BY_NAME[primitive.of_numbers]  # where that raises, the call is recorded
        if primitive.asks and told_by_types(bound):
            return self.by_type(primitive, choosing(self, primitive, bound))
        if primitive.asks:
            bound = [self.settled_type(b) for b in bound]
        bound = [self.variables.plain(b) if p.name in primitive.plain else b for p, b in zip(primitive.parameters, bound, strict=True)]
        bound = self.settle(primitive, calls.with_arrays(self, primitive, bound))
        levels = levels_of(self, primitive, bound)
        if primitive.averages:
            self.results.have_some(primitive, bound)
        try:
            value = self.results.of(primitive, bound)
        except CannotKeep as error:
            raise CannotKeep(error.reason, error.location or self.location(), error.hint) from error
        except Unfit as error:
            raise ValueError(*error.args) from None
        if self.results.is_plain(primitive, bound, value):
            return value
        check_followed(self, value, levels)
        result = self.emit_typed(primitive, bound, value, levels, not isinstance(value, (list, tuple)), self.results.unsure)
        self.orders.note(primitive, bound, result)
        self.results.note(primitive, bound, result)
        self.variables.follow(primitive, bound, result)
        if isinstance(result, Box) and varies(primitive, bound) and not isinstance(value, np.ndarray):
            self.guard("type", result, class_of(value))
        return result

    def settled_type(self, value: Any) -> Any:
        """A dtype that is followed as what it is now, so that the answer is the one for it."""
        if type(value) in (tuple, list):
            return type(value)(self.settled_type(v) for v in value)
        return self.concrete(value) if isinstance(value, Box) and isinstance(value.value, (np.dtype, type)) else value

    def by_type(self, primitive: Primitive, bound: list[Any]) -> Any:
        if primitive.asks in ("shape", "size") and isinstance(bound[0], Box) and isinstance(bound[0].value, np.ndarray):
            return self.sizes.dimensions(primitive, *bound)
        return primitive.evaluate(strip(bound))

    def settle(self, primitive: Primitive, bound: list[Any]) -> list[Any]:
        if primitive.indexed:
            return [bound[0], *(self.settle_index(b) for b in bound[1:])]
        if primitive.kind == "elementwise":
            return bound
        return [b if p.name in primitive.pullbacks and not p.variadic else self.variables.shaping(b)
                for p, b in zip(primitive.parameters, bound, strict=True)]  # fmt: skip

    def settle_index(self, index: Any) -> Any:
        if isinstance(index, slice):
            return slice(*map(self.variables.shaping, (index.start, index.stop, index.step)))
        return super().settle_index(index)

    # What is known of a value

    def concrete(self, value: Any) -> Any:
        if self.variables.is_number(value):
            return value.value
        if isinstance(value, Box) and isinstance(value.value, Size):
            with contextlib.suppress(Undecided):
                return value.value.kind(self.deciding.number(value.value))
            self.variables.refuse_open(value)
        if isinstance(value, Box) and isinstance(value.value, str) and not self.variables.is_known(value):
            self.variables.refuse_open(value)  # a text that is made of a number
        if self.variables.is_open(value):
            if isinstance(value.value, (bool, np.bool_)):
                return type(value.value)(self.decide(value))
            self.variables.refuse_open(value)
        return super().concrete(value)

    def decide(self, value: Traced) -> bool:
        if self.variables.is_number(value) or (self.formulas and isinstance(value.value, Size)):
            return bool(value.value)
        return self.forks.decide(value) if self.variables.is_open(value) else super().decide(value)

    def compare(self, symbol: str, left: Any, right: Any) -> Any:
        if self.formulas and all(_whole(v) for v in (left, right)):
            return OPERATOR[symbol](strip(left), strip(right))
        if isinstance(left, Sequence) or isinstance(right, Sequence) or (symbol in ("==", "!=") and truth.are_unlike(left, right)):
            return iteration.compared(self, symbol, left, right)
        return super().compare(symbol, left, right)

    def rows(self, array: Traced, hint: Any) -> Iterator[Any]:
        length = self.sizes.length(array)
        try:
            count = operator.index(length)
        except CannotKeep:
            raise CannotKeep("an array of unknown length is taken apart", self.location(), "write a loop over it") from None
        return (self.name_as(hint, self.item(array, i)) for i in range(count))

    def name(self, hint: str, value: Any) -> Any:
        if not self.sheet.phase and hint.isidentifier():
            self.deciding.symbols.call(value, hint, anew=False)
        return super().name(hint, value)

    # Sizes

    def shape(self, value: Any) -> tuple[Any, ...]:
        return self.sizes.shape(value)

    def number_attribute(self, owner: Traced, name: str) -> Any:
        if name not in OF_ANY_NUMBER:
            self.variables.refuse_loose(owner)
        if isinstance(owner.value, np.ndarray) and name in ATTRIBUTES:
            return self.sizes.attribute(owner, name)
        return super().number_attribute(owner, name)

    def attribute(self, owner: Any, name: str) -> Any:
        return owner.asked(name) if isinstance(owner, Sequence) else self.choices.picked(super().attribute(owner, name))

    # Calls

    def item(self, owner: Any, index: Any) -> Any:
        return self.choices.picked(super().item(owner, index))

    def call(self, function: Any, *args: Any, **kwargs: Any) -> Any:
        return self.choices.picked(self.handed_on(function, *args, **kwargs))

    def handed_on(self, function: Any, *args: Any, **kwargs: Any) -> Any:
        kept = KEPT.get(objects.hashable(function))
        if kept is not None:
            return kept(self, *args, **kwargs)
        if args and any(function is asks for asks in ASKS_THE_CLASS):
            self.variables.refuse_loose(args[0])
        if function is len and len(args) == 1 and self.sizes.has_length(args[0]):
            return self.sizes.length(args[0])
        if (function is min or function is max) and not kwargs and len(args) > 1 and any(isinstance(a, Box) for a in args):
            return self.sizes.extreme(function, args)
        return super().call(function, *args, **kwargs)

    def entry(self, function: Any) -> Any:
        return function if isinstance(function, Kept) else super().entry(function)

    opaque, cached_outside, run_cached = outside_calls.opaque, outside_calls.cached_outside, outside_calls.run_cached
    visited = visited_as_known  # type: ignore[assignment]

    def origin(self, value: Traced) -> Any:
        assert isinstance(value, Box)
        return None if value.var in self.variables.known or not isinstance(value.value, NUMBERS) else value.var

    def debugger(self, function: Any) -> Any:
        if standard_library.starts_debugger(function):
            raise CannotKeep("a debugger is started, which needs the values of a call", self.location(), 'use control="record"')
        return standard_library.debugger(self, function)

    def checkpointed(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        with self.blocks.computed_again():
            return super().checkpointed(function, args, kwargs)

    def lowered(self, function: Any) -> Any:
        return self.once(("lowered", function), lambda: walk.lowered(self, function))

    def own_argument(self, root: Box) -> None:
        with self.blocks.further_out(0):
            super().own_argument(root)

    # What is remembered

    def made_as_one(self, left: Any, right: Any) -> bool:
        return self.aliases.made_as_one(left, right)

    def is_absent(self, value: Any) -> bool:
        return value is UNDEFINED or (isinstance(value, Box) and value.var in self.variables.maybe)

    def is_loose(self, value: Any) -> bool:
        return isinstance(value, Box) and value.var in self.variables.loose

    def once(self, key: Any, ask: Callable[[], Any]) -> Any:
        if key not in self.memo:
            with self.blocks.asking(key):
                super().once(key, ask)
        self.blocks.rely_on(key)
        return self.memo[key]

    def guard(self, kind: GuardKind, box: Traced, value: Any, premise: bool = False) -> None:
        assert isinstance(box, Box)
        key = box.var, kind
        if key not in self.sheet.decided:
            self.sheet.decided.add(key)
            stays = kind == "truth" and not premise and box.var not in self.variables.known
            self.blocks.remember(key, self.blocks.put(Guard(kind, box.var, value, self.location(), premise), stays))
        self.blocks.rely_on(key)

    def forget(self, key: Any) -> None:
        self.memo.pop(key, None)
        self.sheet.decided.discard(key)
        self.deciding.forget(key)

    def read_again(self, view: View) -> None:
        super().read_again(view)
        if self.blocks.depth:
            self.blocks.innermost.views.append(view)

    # Arrays

    def layouts(self, primitive: Primitive, bound: list[Any], result: Any, bases: list[Box]) -> Any:
        return strip(result) if self.orders.is_copy(Step(primitive, bound, 0), result) else laid_out(primitive, bound, result, bases)

    def source_of(self, layout: Any, bases: list[Box]) -> Box | None:
        """Parts of one array are not told apart by where they lie, which is not known."""
        if len({id(b) for b in bases if np.may_share_memory(layout, b.layout)}) > 1:
            raise CannotKeep("a view may be one of several parts of an array", self.location(), "use a copy")
        return super().source_of(layout, bases)

    def depend_on_layout(self, step: Step, *arrays: Box) -> None:
        if self.orders.depends(step, arrays):
            super().depend_on_layout(step, *arrays)

    def share_memory(self, a: Any, b: Any) -> bool:
        raise CannotKeep("the memory layout of arrays is known on a recorded path only", self.location(), 'use control="record"')

    # Writes

    def change(self, what: str, function: Any, owner: Any, *args: Any, **kwargs: Any) -> Any:
        return self.outside.change(what, function, owner, *args, **kwargs)

    def check_apart(self, box: Box) -> None:
        if self.blocks.depth_of(box.var):
            raise CannotKeep(f"a {type(box.value).__name__} among the arguments is changed, and another one is read from outside",
                             self.location(), "read it before the loop or the branch")  # fmt: skip
        with self.blocks.further_out(0):
            super().check_apart(box)

    def rewalk(self, array: Any) -> None:
        self.outside.refuse("an array is written")

    def check_own(self, container: Any, what: str) -> None:
        if id(container) in self.external:
            self.outside.not_taken_apart(container, what)
        self.check_single(container, what)

    def place_of(self, owner: Box, index: Any) -> tuple[Box, Any]:
        try:
            return super().place_of(owner, index)
        except CannotKeep:
            return owner, index

    def confirm(self, owner: Any, expected: Any) -> None:
        left = strip(owner)
        if expected is not None and (left.dtype != expected.dtype or left.shape != expected.shape):
            raise CannotKeep("a write into an array of another dtype", self.location(), "assign the items: a[...] = ...")

    def check_writable(self, owner: Any) -> None:
        if isinstance(owner, Box) and self.aliases.had_two_names(owner.root):
            raise CannotKeep("a write into an array that had two names, or was a part of another, when a loop or a branch ended",
                             self.location(), "use a copy")  # fmt: skip
        if isinstance(owner, Box):
            self.orders.refuse_doubtful(owner.root)
            self.variables.refuse_loose(owner.root)
        super().check_writable(owner)

    def fixed(self, value: Any) -> Any:
        self.aliases.refuse_stale(value)  # the value as it is now is not known
        return super().fixed(value)

    def operand(self, value: Any) -> Any:
        self.aliases.refuse_stale(value)
        if isinstance(value, Traced) and not isinstance(value, Box):
            strip(value)  # refuses what has no value
        return super().operand(self.deciding.symbols.code(value))  # a size that was read as a plain number is computed


def _whole(value: Any) -> bool:
    return is_whole(strip(value) if isinstance(value, Traced) else value)
