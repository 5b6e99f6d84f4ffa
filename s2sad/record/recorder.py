"""Recording: following one call with its real values and writing down the Wengert list, with a guard wherever a value decided something."""
from __future__ import annotations

import collections
import enum
import functools
import operator
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.adjoint import sweep
from s2sad.errors import MissingRule, NotDifferentiable
from s2sad.ir.program import type_of
from s2sad.ir.writing import Box, Writer, inexact
from s2sad.machine import callables, calls, finding, library, objects, protocols
from s2sad.machine.calls import with_arrays
from s2sad.machine.foreign import is_code, is_method
from s2sad.machine.traced import Traced, any_traced, strip, traced_in
from s2sad.record.arrays import Arrays, grows, laid_out
from s2sad.record.capture import World
from s2sad.record.changing import IN_ORDER, Changes, Rewalk
from s2sad.record.containers import Containers
from s2sad.record.identities import Identities
from s2sad.record.mirrors import Mirrors
from s2sad.record.native import NativeCalls
from s2sad.record.perform import choosing, levels_of, product, settled_shape, varies
from s2sad.record.pins import Pinned
from s2sad.record.reshaping import Reshaping
from s2sad.record.views import Step, View, compose, is_part
from s2sad.record.writable import Writable
from s2sad.rules.language import Primitive
from s2sad.rules.operations import ASTYPE, FLOAT, GETITEM, IDENTITY
from s2sad.rules.structural import CALL, OBJECT
from s2sad.runtime import asking
from s2sad.runtime.control import Effects, is_argument
from s2sad.source.collecting import uncollected


@dataclass(frozen=True)
class Mark:
    level: int
    start: int


def is_followed() -> bool:
    """Asked by compiled code, whether it is the user's that runs."""
    return False


class Recorder(Writer):
    """One recording: how primitives are applied, derivatives taken, and what lowered code asks answered.

    What it knows is held by its parts. The methods that they call through it are those about which a machine built on this one decides
    in another way.
    """

    def __init__(self, effects: Effects | None = None) -> None:
        super().__init__(effects)
        self.pins: Pinned = Pinned(self)
        self.identities: Identities = Identities(self)
        self.world = World(self)
        self.containers = Containers(self)
        self.changes = Changes(self)
        self.native = NativeCalls(self)
        self.arrays = Arrays(self)
        self.writable = Writable(self)
        self.mirrors = Mirrors(self)
        self.reshaping = Reshaping(self)

    def apply(self, primitive: Primitive, bound: list[Any]) -> Any:
        return self.arrays.linked(primitive, bound, self.perform(primitive, bound))

    def perform(self, primitive: Primitive, bound: list[Any]) -> Any:
        """Evaluate an operation and write it down."""
        if primitive.asks:
            return self.by_type(primitive, choosing(self, primitive, bound))
        bound = self._settle(primitive, with_arrays(self, primitive, bound))
        levels = levels_of(self, primitive, bound)
        try:
            if self.phase:  # what a division by zero means in an adjoint is said once, by the report of NaN and infinity
                with np.errstate(all="ignore"):
                    value = product(self, primitive, bound, primitive.evaluate(strip(bound)))
            else:
                value = primitive.evaluate(strip(bound))
        except Exception as error:
            self._raised(primitive, bound, error)
            raise
        if value is None or isinstance(value, (np.dtype, type)):
            return value
        result = self._emit(primitive, bound, value, levels, whole=not isinstance(value, (list, tuple)))
        if primitive.dynamic in (True, "fractions") or varies(primitive, bound):
            for box in traced_in(result):
                self.guard("type", box, type_of(box.value))
        return result

    def by_type(self, primitive: Primitive, bound: list[Any]) -> Any:
        return primitive.evaluate(strip(bound))

    def _settle(self, primitive: Primitive, bound: list[Any]) -> list[Any]:
        """Parameters that shape the result (an axis, a slice bound) become constants under a guard."""
        if primitive.indexed:
            return [bound[0], *(self._settle_index(b) for b in bound[1:])]
        if primitive.kind not in ("linear", "rule"):
            return bound
        return [b if p.name in primitive.pullbacks and not p.variadic else settled_shape(self, b)
                for p, b in zip(primitive.parameters, bound, strict=True)]  # fmt: skip

    def _settle_index(self, index: Any) -> Any:
        if isinstance(index, slice):
            return slice(*(self.concrete(p) for p in (index.start, index.stop, index.step)))
        if isinstance(index, list) and any_traced(index):
            return self.call(np.array, index)
        return tuple(self._settle_index(i) for i in index) if isinstance(index, tuple) else index

    # Differentiation

    def begin(self) -> Mark:
        level = next(self._levels)
        self._open.add(level)
        return Mark(level, len(self.statements))

    def end(self, mark: Mark) -> None:
        self._open.discard(mark.level)

    def input(self, leaf: Any, mark: Mark, name: str) -> Any:
        """A fresh variable for an argument to differentiate: floats as they are, ints as floats."""
        value = strip(leaf)
        if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
            leaf = self.apply(FLOAT, [leaf])
        elif isinstance(value, np.ndarray) and value.dtype.kind in "iu":
            leaf = self.apply(ASTYPE, ASTYPE.bind((leaf, np.float64), {}))
        elif not inexact(value):
            raise NotDifferentiable(f"the argument {name!r} is a {type(value).__name__}, which has no derivative", self.location(),
                                    "choose another argument with argnums")  # fmt: skip
        levels = (leaf.levels if isinstance(leaf, Box) else frozenset()) | {mark.level}
        box = self._emit(IDENTITY, [leaf], strip(leaf), levels)
        self.names.setdefault(box.var, name)
        if isinstance(leaf, Box):
            box.given = leaf.root.passed
            box.layout = leaf.layout
        return box

    def pull(self, mark: Mark, outputs: list[Any], seeds: list[Any], inputs: list[Any]) -> list[Any]:
        with uncollected():
            return sweep.pull(self, mark.start, outputs, seeds, inputs)

    # The world outside

    def once(self, key: Any, ask: Callable[[], Any]) -> Any:
        """What was asked of the world outside, with the statements that say so: asked once, and remembered as long as these stand."""
        if key not in self._memo:
            self._memo[key] = ask()
        return self._memo[key]

    def captured(self, value: Any, primitive: Primitive, args: list[Any]) -> Any:
        return self.world.read(value, primitive, args)

    def _admit(self, box: Box, value: Any, fixed: bool, stable: bool = False, premise: bool = False) -> Any:
        """What a value from outside is to the function; `fixed` says that it is the same in every call, or the path is left."""
        found = self.world.admit(box, value, fixed, stable, premise)
        return self.mirrors.own(box, value) if fixed and isinstance(value, np.ndarray) and id(value) in self.changes.changing else found

    def opened(self, argument: Any) -> Any:
        return self.containers.opened(argument)

    def changed_argument(self, container: Any) -> None:
        self.containers.changed_argument(container)

    def check_apart(self, box: Box) -> None:
        """A container from outside is not to be one of the arguments: a change of one would have to be seen in the other."""
        found = self.performed.read(is_argument, box.value)
        if found:
            self.refuse_write(f"a {type(box.value).__name__} is changed that is an argument, and an object from outside as well")
        self.guard("truth", self._emit(CALL, [is_argument, [box], {}], found), found)

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
        index = self.concrete(index)
        if hasattr(type(owner.value), "__missing__") and type(owner.value) is not collections.Counter:
            return self.opaque(operator.getitem, (owner, index), {})  # which may put an item there
        return self.world.item(owner, owner.value, index)

    def contains(self, container: Any, item: Any) -> bool:
        found = finding.found_in(self, container, item)
        return super().contains(container, item) if found is None else found

    def item(self, owner: Any, index: Any) -> Any:
        finding.settle(self, owner, index)
        if isinstance(owner, type):
            found = objects.defined(owner, "__class_getitem__")
            self.pins.attribute(owner, "__class_getitem__", found)
            if isinstance(found, classmethod) and objects.is_users(owner):
                return self.call(found.__func__, owner, index)
        if isinstance(owner, dict) and (absent := self.method(owner, "__missing__")) is not None and index not in owner:
            return self.call(absent, owner, index)
        method = self.method(index, "__index__")
        return super().item(owner, index if method is None or type(owner) not in (list, tuple) else self.call(method, index))

    def iterate(self, value: Any, hint: Any = None) -> Any:
        if self.method(value, "__iter__") is None and not hasattr(type(objects.strip_object(value)), "__iter__"):
            if self.method(value, "__getitem__") is not None:
                return protocols.counted(self, value)
        return super().iterate(value, hint)

    def set_item(self, value: Any, owner: Any, index: Any) -> None:
        finding.settle(self, owner, index)
        super().set_item(value, owner, index)

    def entry(self, function: Any) -> Any:
        """The function to differentiate: what it is bound to comes from outside."""
        plain = isinstance(function, (Traced, types.FunctionType, type, np.ufunc, callables.Transform)) or id(function) in self.made
        if plain or (isinstance(function, types.BuiltinFunctionType) and not is_method(function)):
            return function
        held = (function.args, function.keywords) if isinstance(function, functools.partial) else asking.receiver(function)
        if any_traced(held) or id(asking.receiver(function)) in self.made:
            return function
        return self.captured(function, OBJECT, [function])

    def natively(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        result = super().natively(function, args, kwargs)
        if isinstance(result, Box) and is_code(result.value) and not is_method(result.value):  # the same one in every call
            self.guard("is", result, result.value)
            return result.value
        return result

    def lowered(self, function: Any) -> Any:
        if function not in self._lowered:
            if not objects.is_library(function.__module__ or ""):
                self.pins.code(function)
            self._lowered[function] = calls.lowered(self, function)
        return self._lowered[function]

    def opaque(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], pure: bool = False) -> Any:
        result = self.native.call(function, args, kwargs, pure)
        if not pure:
            self.mirrors.confirm()
        return result

    def native_method(self, owner: Traced, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return self.native.method(owner, name, args, kwargs)

    def debugger(self, function: Any) -> Any:
        """Each call is followed anew, so that a debugger stops in the user's code: the path holds for none but this one."""
        if library.starts_debugger(function):
            self.guard("truth", self._emit(CALL, [is_followed, [], {}], True), True, premise=not self._effects)
            self.opaque(is_followed, (), {})  # to stop is an effect
        return library.debugger(self, function)

    # Which objects are one

    def identical(self, left: Any, right: Any) -> bool:
        known = self.identities.identical(left, right)
        return super().identical(left, right) if known is None else known

    def made_as_one(self, left: Any, right: Any) -> bool:
        """Whether what the function made is one object: `float(x)` of a float is; an array would be one here as well."""
        return strip(left) is strip(right) and not isinstance(strip(left), np.ndarray)

    def identity(self, value: Any) -> Any:
        return self.identities.number(value)

    # Arrays

    def layouts(self, primitive: Primitive, bound: list[Any], result: Any, bases: list[Box]) -> Any:
        """The result as NumPy would have laid it out: what it is a view of was written in place there, not copied.

        Each version of an array lies in memory as the array does, so a part of the version is the same part of the array.
        """
        leaves, structure = trees.flatten(strip(result))
        return trees.unflatten(structure, [laid_out(leaf, bases) for leaf in leaves])

    def source_of(self, layout: Any, bases: list[Box]) -> Box | None:
        """The array that one with this layout is a view of: the smallest, where that is a part of others."""
        whole = [b for b in bases if layout is b.layout] or [b for b in bases if is_part(layout, b.layout)]
        return min(whole, key=lambda b: b.layout.size, default=None)

    def depend_on_layout(self, step: Step, *arrays: Box) -> None:
        """Whether such an operation gives a view or a copy may be a matter of layout."""
        self.writable.depend_on_layout(step, *arrays)

    def share_memory(self, a: Any, b: Any) -> bool:
        return self.writable.share_memory(a, b)

    def base(self, owner: Any) -> Any:
        if isinstance(owner, View):
            return owner.root
        if id(owner) in self.reshaping.reshaped:
            return None
        if owner.passed.var in self.inputs or id(owner) in self.external or owner.layout.base is not None:
            raise MissingRule("the attribute base of an array that was not made by the function", self.location(), "use np.shares_memory")
        return None

    def flat(self, owner: Any) -> Any:
        return self.arrays.flat(owner)

    def fixed(self, value: Any) -> Any:
        """The value as it is now, whatever is written into the array later."""
        if not isinstance(value, Box) or not isinstance(value.value, np.ndarray):
            return value
        return Box(self, value.value, value.var, value.levels)

    def read_again(self, view: View) -> None:
        """Bring a view up to the current version of its source."""
        result = self.perform(view.step.primitive, view.step.bound)
        self.arrays.renew(view, trees.flatten(result)[0][view.step.place])

    # Writes

    def write_item(self, value: Any, owner: Any, index: Any) -> None:
        self.arrays.write_item(value, owner, index)

    def write_add_at(self, value: Any, owner: Any, index: Any) -> None:
        self.arrays.write_add_at(value, owner, index)

    def inplace_item(self, symbol: str, owner: Any, index: Any, value: Any) -> None:
        if grows(symbol, owner) and not self.method(value, "__radd__"):
            index = self._settle_index(index)
            if self.arrays.grow(symbol, owner, index, value):
                return
        super().inplace_item(symbol, owner, index, value)

    def set_shape(self, value: Any, owner: Any) -> None:
        self.reshaping.set_shape(value, owner)

    def place_of(self, owner: Box, index: Any) -> tuple[Box, Any]:
        """The array to write into, and where, for a write into a view made by basic indices."""
        while isinstance(owner, View) and owner.step.primitive is GETITEM:
            joined = compose(self, owner.step.bound[1], index, owner.source.layout.shape)
            if joined is None:
                break
            owner, index = owner.source, joined
        return owner, index

    def check_writable(self, owner: Any) -> None:
        """Refuse a write that would be seen outside the function, or that cannot be followed."""
        self.writable.check(owner)

    def own_argument(self, root: Box) -> None:
        """An argument, perhaps, is written."""
        self.writable.own(root)
