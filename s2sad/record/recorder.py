"""Recording: following one call with its real values and writing down the Wengert list, with a guard wherever a value decided something."""
from __future__ import annotations

import contextlib
import enum
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from s2sad.errors import Location, UnsupportedSyntax
from s2sad.ir.program import GuardKind, Operand, type_of
from s2sad.ir.writing import Box, Sheet, is_builtin, written
from s2sad.machine import calls, finding, objects, standard_library
from s2sad.machine.calls import with_arrays
from s2sad.machine.foreign import is_code, is_method
from s2sad.machine.questions import Machine
from s2sad.machine.traced import Traced, any_traced, strip, told_by_types, traced_in
from s2sad.quickly import dataclass
from s2sad.record import items, pulling
from s2sad.record.arrays import Arrays, grows, laid_out, source_of
from s2sad.record.capture import World
from s2sad.record.changing import IN_ORDER, Attempts, Changes, Rewalk
from s2sad.record.containers import Containers
from s2sad.record.identities import Identities
from s2sad.record.levels import Levels
from s2sad.record.mirrors import Mirrors
from s2sad.record.native import NativeCalls, debugged
from s2sad.record.perform import check_followed, choosing, levels_of, product, settled_shape, varies
from s2sad.record.pins import Pinned
from s2sad.record.reached import Reached
from s2sad.record.reshaping import Reshaping
from s2sad.record.views import Step, View
from s2sad.record.writable import Writable
from s2sad.rules.language import Primitive
from s2sad.runtime.control import Effects, Ended, GivenUp


@dataclass(frozen=True)
class Mark:
    level: int
    start: int


class Recorder(Machine):
    """One recording: how primitives are applied, derivatives taken, and what lowered code asks answered.

    What it knows is held by its parts. The methods that they call through it are those about which a machine built on this one decides
    in another way. `effects` knows of what was performed already in this call of the gradient.
    """

    def __init__(self, effects: Effects | None = None) -> None:
        super().__init__()
        self.sheet = Sheet(self)
        self.performed = effects or Effects()
        self.performed.begin()
        self.performed.place = self.location
        self.memo: dict[Any, Any] = {}  # what has been asked of the world outside
        self.pins: Pinned = Pinned(self)
        self.identities: Identities = Identities(self)
        self.levels: Levels = Levels(self)
        self.world = World(self)
        self.containers = Containers(self)
        self.changes, self.attempts = Changes(self), Attempts(self)
        self.reached = Reached(self)
        self.native = NativeCalls(self)
        self.arrays = Arrays(self)
        self.writable = Writable(self)
        self.mirrors = Mirrors(self)
        self.reshaping = Reshaping(self)

    # Writing down

    def location(self) -> Location | None:
        return self.sheet.place or super().location()

    def parameter(self, value: Any, name: str) -> Any:
        """An argument of the recorded function."""
        return self.sheet.parameter(value, name)

    def emit(self, primitive: Primitive, args: list[Any], value: Any, levels: frozenset[int] = frozenset(), whole: bool = True) -> Any:
        """A statement whose result is `value`; unless it is to be kept whole, a container becomes one variable per leaf."""
        return self.sheet.emit(primitive, args, value, levels, whole)

    def operand(self, value: Any) -> Operand:
        """A value as a statement has it."""
        return value.var if isinstance(value, Box) else written(self, value)

    def guard(self, kind: GuardKind, box: Traced, value: Any, premise: bool = False) -> None:
        """The path holds for this value of the box alone; a premise is asked before it starts."""
        self.sheet.guard(kind, box, value, premise)

    def guard_type(self, box: Traced) -> None:
        self.guard("type", box, type_of(strip(box)))

    def give_up(self, reason: GivenUp) -> NoReturn:
        """End the walk: nothing that the function would do on its way out is done."""
        self.performed = Ended(reason)
        raise reason

    def name(self, hint: str, value: Any) -> Any:
        if isinstance(value, Box) and self.sheet.phase == 0 and value.var not in self.sheet.names and hint.isidentifier():
            self.sheet.names[value.var] = hint
        return value

    # What is plain of values that are followed

    def decide(self, value: Traced) -> bool:
        answer = bool(value.value)
        self.guard("truth", value, answer)
        return answer

    def concrete(self, value: Any) -> Any:
        if isinstance(value, Box):
            if isinstance(value.value, np.ndarray) and value.value.ndim:
                raise UnsupportedSyntax("an array decides about control flow or a shape", self.location(),
                                        "take the numbers out with .tolist() or .item()")  # fmt: skip
            self.sheet.guard_value(value, value.value)
            return value.value
        if type(value) in (list, tuple):
            return type(value)(self.concrete(v) for v in value)
        return value

    def lifts(self, *values: Any) -> bool:
        return any(isinstance(v, np.ndarray) for v in values)

    def lifts_call(self, primitive: Primitive) -> bool:
        """NumPy calls on constants are written down too: arrays can change, and `np.sqrt(2.0)` reads better than its digits."""
        return primitive.root is not None and primitive.root[0] != "math" and not is_builtin(primitive)

    def origin(self, value: Traced) -> Any:
        assert isinstance(value, Box)
        return value.var if isinstance(value.value, (float, complex, np.inexact)) else None

    def is_absent(self, value: Any) -> bool:
        """Whether the value may not be there on some way."""
        return False

    # Operations

    def apply(self, primitive: Primitive, bound: list[Any]) -> Any:
        return self.arrays.linked(primitive, bound, self.perform(primitive, bound))

    def perform(self, primitive: Primitive, bound: list[Any]) -> Any:
        """Evaluate an operation and write it down."""
        if primitive.asks and told_by_types(bound):
            return self.by_type(primitive, choosing(self, primitive, bound))
        bound = self.settle(primitive, with_arrays(self, primitive, bound))
        levels = levels_of(self, primitive, bound)
        try:
            if self.sheet.phase:  # what a division by zero means in an adjoint is said once, by the report of NaN and infinity
                with np.errstate(all="ignore"):
                    value = product(self, primitive, bound, primitive.evaluate(strip(bound)))
            else:
                value = primitive.evaluate(strip(bound))
        except Exception as error:
            self.sheet.raised(primitive, bound, error)
            raise
        if value is None or isinstance(value, (np.dtype, type)):
            return value
        check_followed(self, value, levels)
        result = self.emit(primitive, bound, value, levels, whole=not isinstance(value, (list, tuple)))
        if primitive.dynamic in (True, "fractions") or varies(primitive, bound):
            for box in traced_in(result):
                self.guard("type", box, type_of(box.value))
        return result

    def by_type(self, primitive: Primitive, bound: list[Any]) -> Any:
        return primitive.evaluate(strip(bound))

    def settle(self, primitive: Primitive, bound: list[Any]) -> list[Any]:
        """Parameters that shape the result (an axis, a slice bound) become constants under a guard."""
        if primitive.indexed:
            return [bound[0], *(self.settle_index(b) for b in bound[1:])]
        if primitive.kind not in ("linear", "rule"):
            return bound
        return [b if p.name in primitive.pullbacks and not p.variadic and p.name != primitive.how_many else settled_shape(self, b)
                for p, b in zip(primitive.parameters, bound, strict=True)]  # fmt: skip

    def settle_index(self, index: Any) -> Any:
        if isinstance(index, slice):
            return slice(*(self.concrete(p) for p in (index.start, index.stop, index.step)))
        if isinstance(index, list) and any_traced(index):
            return self.call(np.array, index)
        return tuple(self.settle_index(i) for i in index) if isinstance(index, tuple) else index

    # Differentiation

    def begin(self) -> Mark:
        return Mark(self.levels.begin(), len(self.sheet.statements))

    def end(self, mark: Mark) -> None:
        self.levels.end(mark.level)

    def input(self, leaf: Any, mark: Mark, name: str) -> Any:
        return self.levels.input(leaf, mark.level, name)

    def active(self, *values: Any) -> bool:
        return self.levels.active(values)

    def cotangent(self, value: Any) -> contextlib.AbstractContextManager[None]:
        """A rule is being evaluated with this cotangent."""
        return self.sheet.cotangent(value)

    def unreached(self, argument: Any) -> None:
        self.reached.unreached.add(argument.var)

    awaited, stand_in, extents = pulling.awaited, pulling.stand_in, pulling.extents
    pull, pull_rows, push, push_rows = pulling.pull, pulling.pull_rows, pulling.push, pulling.push_rows
    linear = push

    # The world outside

    def once(self, key: Any, ask: Callable[[], Any]) -> Any:
        """What was asked of the world outside, with the statements that say so: asked once, and remembered as long as these stand."""
        if key not in self.memo:
            self.memo[key] = ask()
        return self.memo[key]

    def captured(self, value: Any, primitive: Primitive, args: list[Any]) -> Any:
        return self.world.read(value, primitive, args)

    def admit(self, box: Box, value: Any, fixed: bool, stable: bool = False, premise: bool = False) -> Any:
        """What a value from outside is to the function; `fixed` says that it is the same in every call, or the path is left."""
        found = self.world.admit(box, value, fixed, stable, premise)
        return self.mirrors.own(box, value) if fixed and isinstance(value, np.ndarray) and id(value) in self.changes.changing else found

    def opened(self, argument: Any) -> Any:
        return self.containers.opened(argument)

    def changed_argument(self, container: Any) -> None:
        self.containers.changed_argument(container)

    def check_apart(self, box: Box) -> None:
        """A container from outside is not to be one of the arguments: a change of one would have to be seen in the other."""
        self.containers.check_apart(box)

    def is_outside(self, owner: Any) -> bool:
        return isinstance(owner, enum.Enum) or super().is_outside(owner)

    def change(self, what: str, function: Any, owner: Any, *args: Any, **kwargs: Any) -> Any:
        return self.changes.change(function, owner, args, kwargs)

    def check_own(self, container: Any, what: str) -> None:
        self.changes.check_own(container, what)
        super().check_own(container, what)

    def rewalk(self, array: Any) -> None:
        """An array from outside is written: the recording begins anew, and works on one of its own in its place."""
        if id(array) not in self.changes.changing:
            self.give_up(Rewalk(array))

    def holds(self, values: Any) -> bool:
        return self.changes.holds(values)

    def outside_items(self, value: Traced) -> Any:
        return self.changes.items(value) if type(value.value) in IN_ORDER else super().outside_items(value)

    def outside_item(self, owner: Traced, index: Any) -> Any:
        return self.world.outside_item(owner, index)

    def contains(self, container: Any, item: Any) -> bool:
        found = finding.found_in(self, container, item)
        return super().contains(container, item) if found is None else found

    def item(self, owner: Any, index: Any) -> Any:
        finding.settle(self, owner, index)
        if (found := items.item(self, owner, index)) is not items.NO_METHOD:
            return found
        method = self.method(index, "__index__")
        return super().item(owner, index if method is None or type(owner) not in (list, tuple) else self.call(method, index))

    def iterate(self, value: Any, hint: Any = None) -> Any:
        found = items.iterate(self, value)
        return super().iterate(value, hint) if found is items.NO_METHOD else found

    def set_item(self, value: Any, owner: Any, index: Any) -> None:
        finding.settle(self, owner, index)
        super().set_item(value, owner, index)

    def entry(self, function: Any) -> Any:
        return self.world.entry(function)

    def natively(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        result = super().natively(function, args, kwargs)
        if isinstance(result, Box) and is_code(result.value) and not is_method(result.value):  # the same one in every call
            self.guard("is", result, result.value)
            return result.value
        return result

    def lowered(self, function: Any) -> Any:
        if function not in self.lowerings:
            if not objects.is_library(function.__module__ or ""):
                self.pins.code(function)
            self.lowerings[function] = calls.lowered(self, function)
        return self.lowerings[function]

    def opaque(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], pure: bool = False) -> Any:
        result = self.native.call(function, args, kwargs, pure)
        if not pure:
            self.mirrors.confirm()
        return result

    def native_method(self, owner: Traced, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return self.native.method(owner, name, args, kwargs)

    def debugger(self, function: Any) -> Any:
        debugged(self, function)
        return standard_library.debugger(self, function)

    # Which objects are one

    def identical(self, left: Any, right: Any) -> bool:
        self.writable.depend_on_identity(left, right)
        known = self.identities.identical(left, right)
        return super().identical(left, right) if known is None else known

    def made_as_one(self, left: Any, right: Any) -> bool:
        """Whether what the function made is one object: `float(x)` of a float is; an array would be one here as well."""
        return strip(left) is strip(right) and not isinstance(strip(left), np.ndarray)

    def identity(self, value: Any) -> Any:
        return self.identities.number(value)

    # Arrays

    def layouts(self, primitive: Primitive, bound: list[Any], result: Any, bases: list[Box]) -> Any:
        """The result as NumPy would have laid it out: what it is a view of was written in place there, not copied."""
        return laid_out(result, bases)

    def source_of(self, layout: Any, bases: list[Box]) -> Box | None:
        """The array that one with this layout is a view of: the smallest, where that is a part of others."""
        return source_of(layout, bases)

    def depend_on_layout(self, step: Step, *arrays: Box) -> None:
        """Whether such an operation gives a view or a copy may be a matter of layout."""
        self.writable.depend_on_layout(step, *arrays)

    def share_memory(self, a: Any, b: Any) -> bool:
        return self.writable.share_memory(a, b)

    def visited(self, arrays: list[Any], *given: Any) -> Any:
        return self.writable.visited(arrays, *given)

    def base(self, owner: Any) -> Any:
        return self.arrays.base(owner)

    def flat(self, owner: Any) -> Any:
        return self.arrays.flat(owner)

    def fixed(self, value: Any) -> Any:
        """The value as it is now, whatever is written into the array later."""
        if not isinstance(value, Box) or not isinstance(value.value, np.ndarray):
            return value
        return Box(self, value.value, value.var, value.levels)

    def read_again(self, view: View) -> None:
        """Bring a view up to the current version of its source."""
        self.arrays.renew(view, self.reshaping.read(view))

    # Writes

    def write_item(self, value: Any, owner: Any, index: Any) -> None:
        self.arrays.write_item(value, owner, index)

    def write_add_at(self, value: Any, owner: Any, index: Any) -> None:
        self.arrays.write_add_at(value, owner, index)

    def inplace_item(self, symbol: str, owner: Any, index: Any, value: Any) -> None:
        if grows(symbol, owner) and not self.method(value, "__radd__"):
            index = self.settle_index(index)
            if self.arrays.grow(symbol, owner, index, value):
                return
        super().inplace_item(symbol, owner, index, value)

    def set_shape(self, value: Any, owner: Any) -> None:
        self.reshaping.set_shape(value, owner)

    def place_of(self, owner: Box, index: Any) -> tuple[Box, Any]:
        """The array to write into, and where, for a write into a view made by basic indices."""
        return self.arrays.place_of(owner, index)

    def check_writable(self, owner: Any) -> None:
        """Refuse a write that would be seen outside the function, or that cannot be followed."""
        self.writable.check(owner)

    def own_argument(self, root: Box) -> None:
        """An argument, perhaps, is written."""
        self.writable.own(root)
