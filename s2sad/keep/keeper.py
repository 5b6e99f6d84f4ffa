"""Keeping control flow: the machine that writes down loops and branches as regions, on samples instead of the values of a call."""
from __future__ import annotations

import functools
import operator
from collections.abc import Iterator
from typing import Any

import numpy as np

from s2sad.errors import CannotKeep
from s2sad.ir.program import ArrayType, Var
from s2sad.ir.writing import Box, inexact
from s2sad.keep.samples import Cut, is_whole, plain
from s2sad.keep.sizes import How, Sizes
from s2sad.keep.state import changed
from s2sad.keep.syntax import Parts, parts, yields
from s2sad.keep.walk import Kept
from s2sad.machine import calls, library
from s2sad.machine.caches import Followed
from s2sad.machine.questions import NUMERIC
from s2sad.machine.standing import Outer
from s2sad.machine.traced import Traced, check_array, strip, traced_in
from s2sad.record.capture import NUMBERS
from s2sad.rules.language import BY_NAME, Primitive
from s2sad.rules.operations import EQUAL, GETITEM, IDENTITY
from s2sad.rules.structural import CALL, DEFAULT, OBJECT
from s2sad.runtime.control import Effects, copied
from s2sad.source import lookup


class Keeper(Sizes):
    """A recording in which control flow stays."""

    def __init__(self, how: How, series: int = 0) -> None:
        super().__init__(Effects(), series)
        self.how, self.generic, self.unify = how, how.generic, how.unify
        self.cuts: list[Cut] = []
        self.numbers: dict[Any, tuple[int, int]] = {}
        self.sizes: dict[int, tuple[tuple[int, int], Box, int | None]] = {}
        self.walking: list[Any] = []
        self.witnesses: dict[tuple[int, int], tuple[Box, int]] = {}  # for each size an array from outside all loops that has it

    # Values from outside, as samples

    def parameter(self, value: Any, name: str) -> Any:
        box = self.from_value(value)
        self.names[box.var] = name
        self.inputs.append(box.var)
        if isinstance(value, np.ndarray):
            for axis, sizes in enumerate(zip(box.value.shape, self.samples.of(box, 1).shape, strict=True)):
                self.witnesses.setdefault(sizes, (self.fixed(box), axis))
        if isinstance(value, np.ndarray) and not self.generic:
            self.guard("type", box, ArrayType(value.dtype, value.shape))
        self.tie(box, value)
        box.outer = Outer(value, box.var)
        return box

    def awaited(self, like: Any, name: str) -> Box:
        box = self.twin((like if isinstance(like, Box) else self.from_value(like)).var, name)
        box.levels = frozenset()
        self.inputs.append(box.var)
        return box

    def from_value(self, value: Any) -> Box:
        """A box for a real value from outside."""
        if isinstance(value, np.ndarray):
            shapes = [self.size_of(n) if self.generic else (n, n) for n in value.shape]
            first, second = (plain(np.broadcast_to(np.zeros((), value.dtype), tuple(s[k] for s in shapes))) for k in (0, 1))
            box = self.paired(first, second, frozenset())
            if not self.generic:
                box.layout = value if value.flags.writeable else copied(value)
            return box
        if isinstance(value, (int, np.integer)) and not isinstance(value, (bool, np.bool_)) and self.generic:
            pair = self.size_of(int(value)) if self.unify and value > 1 else self.samples.pairs.number()
            return self.paired(type(value)(pair[0]), type(value)(pair[1]), frozenset())
        if isinstance(value, (bool, str)) or (not self.generic and isinstance(value, (int, np.integer))):
            box = self.paired(value, value, frozenset())
            self.known.add(box.var)
            return box
        shown = plain(value) if isinstance(value, NUMBERS) else value
        return self.paired(shown, shown, frozenset())

    def size_of(self, real: int) -> tuple[int, int]:
        if real == 1:
            return 1, 1
        if real not in self.sizes:
            self.sizes[real] = self.samples.pairs.size(), None, None  # type: ignore[assignment]
        return self.sizes[real][0]

    def tie(self, box: Box, value: Any) -> None:
        """Guard what the samples assume about sizes: which are 1, and which are the same."""
        if not self.generic:
            return
        if isinstance(value, np.ndarray):
            for axis, n in enumerate(value.shape):
                self.tie_one(n, box, axis)
        elif self.unify and isinstance(value, int) and not isinstance(value, bool) and value > 1:
            self.tie_one(value, box, None)

    def tie_one(self, real: int, box: Box, axis: int | None) -> None:
        if real == 1:
            self.guard("truth", self.apply(EQUAL, [self.extent(box, axis), 1]), True)
            return
        pair, witness, at = self.sizes[real]
        if witness is None:
            self.sizes[real] = pair, box, axis
            return
        equal = self.apply(EQUAL, [self.extent(box, axis), self.extent(witness, at)])
        self.guard("truth", equal, True)

    def _admit(self, box: Box, value: Any, fixed: bool, stable: bool = False, premise: bool = False) -> Any:
        if not isinstance(value, np.ndarray):
            return super()._admit(box, value, fixed, stable, premise)
        check_array(value, self.location())
        if fixed:
            self.external[id(box)] = box
            self.admitted(box)
        shape = tuple(None if self.generic else n for n in value.shape)
        self.guard("type", box, ArrayType(value.dtype, shape))  # type: ignore[arg-type]
        with self.further_out(self.depths[box.var]):
            self.tie(box, value)
        return box

    # Statements

    def _emit(self, primitive: Primitive, args: list[Any], value: Any, levels: frozenset[int] = frozenset(), whole: bool = True) -> Any:
        """A read from outside: the box holds samples of the real value."""
        if primitive.callee is not None or not whole:
            second = self.samples.of(args[0], 1) if primitive is IDENTITY else value
            return self.emit_pair(primitive, args, value, second, levels, whole)
        box = self.from_value(value) if isinstance(value, (*NUMBERS, np.ndarray, str)) else self.paired(value, value, levels)
        operands = tuple(self.operand(a) for a in args)
        self.put(self.statement((box.var,), primitive, operands))
        box.outer = Outer(value, box.var)
        if self.telling or isinstance(value, (str, bytes)):
            self.tell(args, [box])
        return box

    def perform(self, primitive: Primitive, bound: list[Any]) -> Any:
        if primitive.of_numbers and not any(isinstance(b.value, np.ndarray) for b in traced_in(bound)):
            primitive = BY_NAME[primitive.of_numbers]  # where that raises, the call is recorded
        if primitive.asks:
            return self.by_type(primitive, self.choosing(primitive, bound))
        if primitive.dynamic is True or (primitive.dynamic == "fractions" and any(isinstance(b, Traced) and not _whole(b) for b in bound)):
            raise CannotKeep(f"the shape of what {primitive.name} gives depends on values", self.location(), 'use control="record"')
        bound = [self.concrete(b) if p.name in primitive.plain else b for p, b in zip(primitive.parameters, bound, strict=True)]
        bound = self._settle(primitive, calls.with_arrays(self, primitive, bound))
        levels = self._levels_of(primitive, bound)
        try:
            first, second = self.evaluated(primitive, bound)
        except CannotKeep as error:
            raise CannotKeep(error.reason, error.location or self.location(), error.hint) from None
        if first is None or isinstance(first, (np.dtype, type)):
            return first
        if primitive.writes:
            self.check_cuts(bound)
        result = self.emit_pair(primitive, bound, first, second, levels, whole=not isinstance(first, (list, tuple)))
        self.note_order(primitive, bound, result)
        if primitive is GETITEM:
            self.check_cuts(bound, result)
        if self.is_known(bound) and isinstance(result, Box) and _whole(result):
            self.known.add(result.var)
        if isinstance(result, Box) and self._varies(primitive, bound):
            if isinstance(first, np.ndarray):
                if primitive is GETITEM:
                    raise CannotKeep("a mask chooses elements: how many depends on values", self.location(), "use np.where")
            else:
                self.guard("type", result, type(first))
        return result

    def evaluated(self, primitive: Primitive, bound: list[Any]) -> tuple[Any, Any]:
        """The samples of a result."""
        if primitive.indexed:
            self.cuts = []
            return self.apart(primitive, bound, (self.indexed(primitive, bound, 0), self.indexed(primitive, bound, 1)))
        known = self.is_known(bound)
        first, second = self.samples.evaluate(primitive, bound)
        if type(first) is not type(second) or getattr(first, "dtype", None) != getattr(second, "dtype", None):
            raise CannotKeep(f"the type of what {primitive.name} gives depends on values", self.location())
        if primitive.kind != "elementwise" and not self.samples.follows(primitive, bound, (first, second)):
            raise CannotKeep(f"the shape of what {primitive.name} gives depends on how large its arguments are", self.location(),
                             'use control="record"')  # fmt: skip
        if known and not isinstance(first, np.ndarray):
            return first, second
        return self.apart(primitive, bound, (_plain(first), _plain(second)))

    def is_known(self, bound: list[Any]) -> bool:
        """Whether an operation is on numbers that are known, so that its result is as well."""
        return not self.generic and not self.nested and all(b.var in self.known for b in traced_in(bound) if isinstance(b, Box))

    def by_type(self, primitive: Primitive, bound: list[Any]) -> Any:
        if primitive.asks in ("shape", "size") and isinstance(bound[0], Box) and isinstance(bound[0].value, np.ndarray):
            return self.dimensions(primitive, *bound)
        if self.samples.differs(bound) and primitive.asks != "ndim":
            first, second = (primitive.evaluate(self.samples.of(bound, k)) for k in (0, 1))
            if first != second:
                raise CannotKeep(f"{primitive.name} of this depends on what is not known", self.location())
        return primitive.evaluate(strip(bound))

    def dimensions(self, primitive: Primitive, array: Box, axis: Any = None) -> Any:
        """`np.shape(array)` or `np.size(array, axis)`."""
        if axis is None:
            return self.attribute(array, primitive.asks)
        primitive.evaluate(strip([array, axis]))  # raises what NumPy raises
        shape = self.attribute(array, "shape")
        return functools.reduce(operator.mul, [shape[n] for n in (axis if isinstance(axis, tuple) else (axis,))])

    def _settle(self, primitive: Primitive, bound: list[Any]) -> list[Any]:
        if primitive.indexed:
            return [bound[0], *(self._settle_index(b) for b in bound[1:])]
        if primitive.kind == "elementwise":
            return bound
        return [b if p.name in primitive.pullbacks and not p.variadic else self.shaping(b)
                for p, b in zip(primitive.parameters, bound, strict=True)]  # fmt: skip

    def shaping(self, value: Any) -> Any:
        """What shapes a result: a number that is known and a text become constants, under a guard; other numbers have to look unknown."""
        if type(value) in (tuple, list):
            return type(value)(self.shaping(v) for v in value)
        if not isinstance(value, Box) or not isinstance(value.value, (int, np.integer, str)):
            return value
        if value.var in self.known or isinstance(value.value, str):
            return self.concrete(value)
        if value.value == self.samples.of(value, 1) and not isinstance(value.value, bool):
            raise CannotKeep("a number that is not known looks as if it were", self.location(), 'use control="record"')
        return value

    def _settle_index(self, index: Any) -> Any:
        if isinstance(index, slice):
            return slice(*map(self.shaping, (index.start, index.stop, index.step)))
        return super()._settle_index(index)

    # What is known of a value

    def concrete(self, value: Any) -> Any:
        if isinstance(value, Box) and not (value.var in self.known or not isinstance(value.value, NUMERIC)):
            if not (isinstance(value.value, np.ndarray) and value.value.ndim):
                raise CannotKeep("a number that may be another one in the next call, or the next step of a loop, decides about the code",
                                 self.location(), 'use control="record"')  # fmt: skip
        return super().concrete(value)

    def decide(self, value: Traced) -> bool:
        assert isinstance(value, Box)
        if value.var not in self.known and isinstance(value.value, NUMERIC):
            raise CannotKeep("a condition inside an expression", self.location(), "write it as an `if` statement")
        return super().decide(value)

    def compare(self, symbol: str, left: Any, right: Any) -> Any:
        if self.formulas and symbol in ("==", "!=") and all(_whole(v) for v in (left, right)):
            answers = {bool(operator.eq(self.samples.of(left, k), self.samples.of(right, k))) for k in (0, 1)}
            if len(answers) == 1:
                return answers.pop() is (symbol == "==")
        return super().compare(symbol, left, right)

    def rows(self, array: Traced, hint: Any) -> Iterator[Any]:
        length = self.length(array)  # type: ignore[arg-type]
        if isinstance(length, Traced):
            raise CannotKeep("an array of unknown length is taken apart", self.location(), "write a loop over it")
        return super().rows(array, hint)

    # Calls

    def entry(self, function: Any) -> Any:
        return function if isinstance(function, Kept) else super().entry(function)

    def opaque(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], pure: bool = False) -> Any:
        name = getattr(strip(function), "__name__", "a function")
        if not pure or any(isinstance(b.value, np.ndarray) for b in traced_in((args, kwargs))):
            raise CannotKeep(f"{name}() is called, which s2sad does not look into", self.location(), 'use control="record"')
        primitive = Primitive(name, CALL.call, lambda f, a, k: f(*a, **k))
        bound = [strip(function), list(args), dict(kwargs)]
        first, second = self.apart(primitive, [strip(function), list(args), list(kwargs.values())], self.samples.evaluate(primitive, bound))
        return self.emit_pair(CALL, [function, list(args), dict(kwargs)], first, second)

    def cached_outside(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """What the user's cache holds is read before the function begins, as any value from outside."""
        arguments = [function, self.concrete(list(args)), {k: self.concrete(v) for k, v in kwargs.items()}]
        value = function(*arguments[1], **arguments[2])
        with self.further_out(0):
            return self._admit(self._emit(CALL, arguments, value), value, fixed=True)

    def run_cached(self, cache: Any, key: Any, run: Any) -> Any:
        """Where the code may come by more often than the walk, a result is only kept if nobody can tell that it is computed again."""
        before = self.surveyed()
        value = run()
        single = not isinstance(strip(value), (*NUMBERS, str, type(None))) or changed(before, self.surveyed())
        loose = type(key) is tuple and any(isinstance(p, Followed) and _whole(self.boxes[p.origin]) for p in key[0])
        if single and (self.nested or loose):
            raise CannotKeep("a function that keeps its results is called in a loop or a branch, and does more than compute a number",
                             self.location(), 'use control="record"')  # fmt: skip
        if not self.nested:
            cache.keep(key, value)
        return value

    def origin(self, value: Traced) -> Any:
        assert isinstance(value, Box)
        return None if value.var in self.known or not isinstance(value.value, NUMBERS) else value.var

    def debugger(self, function: Any) -> Any:
        if library.starts_debugger(function):
            raise CannotKeep("a debugger is started, which is to see the values of a call", self.location(), 'use control="record"')
        return library.debugger(self, function)

    def checkpointed(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        self.checkpoints += 1
        try:
            return super().checkpointed(function, args, kwargs)
        finally:
            self.checkpoints -= 1

    def lowered(self, function: Any) -> Any:
        return self.once(("lowered", function), lambda: self._lower(function))

    def _lower(self, function: Any) -> Any:
        if calls._is_own(function.__module__ or ""):
            return calls.lowered(self, function)
        self.pin_code(function)
        own = parts(lookup.find(function.__code__, function.__globals__))
        return calls.lowered(self, function) if yields(own) else self.kept_function(function, own)

    def kept_function(self, function: Any, own: Parts) -> Kept:
        with self.further_out(0):
            defaults = tuple(self.captured(v, DEFAULT, [function, i]) for i, v in enumerate(function.__defaults__ or ()))
            keywords = {k: self.captured(v, DEFAULT, [function, k]) for k, v in (function.__kwdefaults__ or {}).items()}
        return Kept(self, own, calls.Unit(function), defaults, keywords)

    def own_argument(self, root: Box) -> None:
        with self.further_out(0):
            super().own_argument(root)

    # Writes

    def change(self, what: str, function: Any, owner: Any, *args: Any, **kwargs: Any) -> Any:
        raise CannotKeep(f"state outside the function changes: {what}", self.location(), 'use control="record"')

    def check_apart(self, box: Box) -> None:
        if self.depths[box.var] > 0:
            raise CannotKeep(f"a {type(box.value).__name__} among the arguments is changed, and another one is read from outside",
                             self.location(), "read it before the loop or the branch")  # fmt: skip
        with self.further_out(0):
            super().check_apart(box)

    def rewalk(self, array: Any) -> None:
        self.change("an array is written", None, array)

    def check_own(self, container: Any, what: str) -> None:
        if id(container) in self.external:
            self.change(f"{what} of a {type(container).__name__}", None, container)
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
        if isinstance(owner, Box) and id(owner.root) in self.shared:
            raise CannotKeep("an array is written that had two names, or was a part of another, when a loop or a branch ended",
                             self.location(), "use a copy")  # fmt: skip
        if isinstance(owner, Box):
            self.refuse_doubtful(owner.root)
            self.refuse_loose(owner.root)
        super().check_writable(owner)

    def operand(self, value: Any) -> Any:
        self.refuse_stale(value)
        if isinstance(value, Traced) and not isinstance(value, Box):
            strip(value)  # refuses what has no value
        return super().operand(value)


def _plain(value: Any) -> Any:
    return type(value)([_plain(v) for v in value]) if type(value) in (list, tuple) else plain(value)


def _whole(value: Any) -> bool:
    return is_whole(strip(value) if isinstance(value, Traced) else value)


__all__ = ["OBJECT", "Keeper", "Var", "inexact"]
