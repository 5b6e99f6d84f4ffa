"""What a kind of machine decides for itself: in these answers a recorder, a keeper and a tape differ from one another.

The questions of lowered code come to these. Each says here what holds where a kind of machine has nothing to decide.
"""
from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from s2sad.errors import Location, UnsupportedMutation
from s2sad.machine import belonging
from s2sad.machine.objects import made_here
from s2sad.machine.traced import Traced, any_traced, strip
from s2sad.rules.language import Primitive
from s2sad.runtime.visiting import visited


class Decisions:
    """What `Machine` asks of its kind, in five groups: operations, differentiation, arrays, functions, and the world outside."""

    levels: Any  # the differentiations that are going on: what is constant for which, and whose sweep it is
    attempts: Any  # calls that are made as they are where they cannot be followed
    on_types = False  # whether it knows values by their types alone
    raised: Exception | None = None  # what a derivative of the user's has raised
    external: dict[int, Any]  # what came from outside the function and is plain here, by its id

    def location(self) -> Location | None:
        """The user's place at which the function is."""
        raise NotImplementedError

    # Operations, and what is plain of values that are followed

    def apply(self, primitive: Primitive, bound: list[Any]) -> Any:
        """The value of a primitive."""
        raise NotImplementedError

    def lifts(self, *values: Any) -> bool:
        """Whether an operation on plain values is to be applied rather than computed."""
        return any(isinstance(v, np.ndarray) for v in values) and any_traced(*values)

    def lifts_call(self, primitive: Primitive) -> bool:
        """As `lifts`, of a call of a primitive on plain values."""
        raise NotImplementedError

    def decide(self, value: Traced) -> bool:
        """The truth value of a followed value, on which the way through the function depends."""
        return bool(value.value)

    def concrete(self, value: Any) -> Any:
        """The plain value, on which what follows depends."""
        return strip(value)

    def guard(self, kind: Any, box: Traced, value: Any, premise: bool = False) -> None:
        """What follows depends on this of a followed value; a machine whose answers do not outlive the call has no need to tell."""

    def guard_type(self, box: Traced) -> None:
        """What follows depends on the type of a followed value."""

    def shape(self, value: Any) -> tuple[Any, ...]:
        """The shape of a value; a machine that does not know a dimension follows it."""
        return np.shape(strip(value))

    def name(self, hint: str, value: Any) -> Any:
        """The value, which the user's function calls by this name."""
        return value

    def origin(self, value: Traced) -> Any:
        """What tells a followed number from others, where it may be any number; None where its value is told."""
        raise NotImplementedError

    def is_loose(self, value: Any) -> bool:
        """Whether the value may be of another class than it looks."""
        return False

    # Differentiation

    def active(self, *values: Any) -> bool:
        """Whether a value that is being differentiated is among the values, also inside containers."""
        raise NotImplementedError

    def begin(self) -> Any:
        """A differentiation begins: a mark of where."""
        raise NotImplementedError

    def input(self, leaf: Any, mark: Any, name: str) -> Any:
        """What takes the place of an argument to differentiate, inside the differentiation of this mark."""
        raise NotImplementedError

    def pull(self, mark: Any, outputs: list[Any], seeds: list[Any], inputs: list[Any]) -> list[Any]:
        """Cotangents of the inputs, given those of the outputs."""
        raise NotImplementedError

    def pull_rows(self, mark: Any, output: Any, seeds: Callable[[], Any], inputs: list[Any]) -> list[Any]:
        """The same for many cotangents of one output, which `seeds` makes, one after the other along an axis in front."""
        raise NotImplementedError

    def push(self, mark: Any, outputs: list[Any], tangents: list[Any], inputs: list[Any]) -> list[Any]:
        """Tangents of the outputs, given those of the inputs."""
        raise NotImplementedError

    def push_rows(self, mark: Any, outputs: list[Any], seeds: list[Callable[[], Any]], inputs: list[Any]) -> list[Any] | None:
        """The same for many tangents of each input, along an axis in front; None where they cannot go together."""
        raise NotImplementedError

    def linear(self, mark: Any, outputs: list[Any], tangents: list[Any], inputs: list[Any]) -> list[Any]:
        """As `push`, apart from the values: nothing of these is computed again where the tangents come later."""
        raise NotImplementedError

    def extents(self, value: Any) -> tuple[Any, ...]:
        """The sizes of a value along its axes."""
        raise NotImplementedError

    def end(self, mark: Any) -> None:
        """The differentiation of this mark is over."""
        raise NotImplementedError

    def unreached(self, argument: Any) -> None:
        """No code of the user's gets hold of this argument, which belongs to the derivative alone."""

    def awaited(self, like: Any, name: str) -> Any:
        """A cotangent that comes later, for a value like this one; asked where a pullback is compiled."""
        raise NotImplementedError

    # Arrays that change

    def write_item(self, value: Any, owner: Any, index: Any) -> None:
        """`owner[index] = value` for an array."""
        raise NotImplementedError

    def write_add_at(self, value: Any, owner: Any, index: Any) -> None:
        """`np.add.at(owner, index, value)`: an index that occurs twice receives both."""
        raise NotImplementedError

    def set_shape(self, value: Any, owner: Any) -> None:
        """`owner.shape = value`: the array itself has another shape from now on."""
        raise NotImplementedError

    def flat(self, owner: Any) -> Any:
        """`owner.flat`: the elements of an array, to read and to write."""
        raise NotImplementedError

    def base(self, owner: Any) -> Any:
        """`owner.base`: the array that an array is a view of."""
        raise NotImplementedError

    def fixed(self, value: Any) -> Any:
        """The value as it is now, whatever is written into it later."""
        return value

    def confirm(self, owner: Any, expected: Any) -> None:
        """A write has left the numbers that NumPy leaves."""
        if expected is not None and strip(owner).tobytes() != expected.tobytes():
            raise UnsupportedMutation("this write cannot be followed exactly", self.location(), "assign the items: a[...] = ...")

    def share_memory(self, a: Any, b: Any) -> Any:
        """`np.shares_memory(a, b)`."""
        return np.shares_memory(strip(a), strip(b))

    def visited(self, arrays: list[Any], flags: Any, op_flags: Any, op_dtypes: Any, order: Any, casting: Any) -> Any:
        """How `np.nditer` goes over arrays."""
        return visited(strip(arrays), flags, op_flags, op_dtypes, order, casting)

    # Functions

    def entry(self, function: Any) -> Any:
        """The function that is called first."""
        return function

    def lowered(self, function: Any) -> Any:
        """A function written in Python, such that its operations ask this machine."""
        raise NotImplementedError

    def checkpointed(self: Any, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """A call of a function whose values are rather computed again than saved."""
        return self.call(function, *args, **kwargs)

    def opaque(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], pure: bool = False) -> Any:
        """A call that is not looked into, of a function without derivative; without `pure` it may have an effect."""
        return belonging.run(self, function, args, kwargs)

    def native_method(self, owner: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """`owner.name(*args, **kwargs)` for a method that is native code, of a followed value."""
        raise NotImplementedError

    def natively(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """A call that no followed value reaches: made in each call, with what it gives read afresh."""
        return self.opaque(function, args, kwargs)

    def cached_outside(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """A call of a function from outside that keeps its results, which no followed value reaches."""
        return self.natively(function, args, kwargs)

    def run_cached(self, cache: Any, key: Any, run: Callable[[], Any]) -> Any:
        """The result of a call that is not in the cache of followed calls, and is kept there."""
        value = run()
        cache.keep(key, value)
        return value

    # The world outside the function

    def captured(self, value: Any, primitive: Primitive, args: list[Any]) -> Any:
        """A value from outside the function, read by a primitive."""
        return value

    def outside_item(self, owner: Traced, index: Any) -> Any:
        """`owner[index]` of a followed container."""
        return owner.value[strip(index)]

    def outside_items(self, value: Traced) -> Iterator[Any]:
        """What iterating over a followed container gives."""
        iterator = self.opaque(iter, (value,), {})
        while True:
            try:
                item = self.opaque(next, (iterator,), {})
            except StopIteration:
                return
            yield item

    def opened(self, argument: Any) -> Any:
        """An argument of a derivative, in which containers of any class are there to be taken apart."""
        return argument

    def changed_argument(self, container: Any) -> None:
        """A container is changed, which may be one of the arguments."""

    def holds(self, values: Any) -> bool:
        """Whether a followed value was kept outside in this call, in something that code can get at which is given the values."""
        return False

    def is_outside(self, owner: Any) -> bool:
        """Whether an object, class, module or function is from outside the function."""
        return isinstance(owner, (Traced, type, types.ModuleType, types.FunctionType)) and not made_here(owner)

    def outer(self, container: Any, what: str) -> bool:
        """Whether a write into a container is one into the world outside."""
        if not isinstance(container, Traced):
            self.check_own(container, what)
        return isinstance(container, Traced)

    def check_own(self: Any, container: Any, what: str) -> None:
        """Containers read from outside the function are copies here: writing them would be half a write."""
        if id(container) in self.external:
            self.refuse_write(f"a {type(container).__name__} from outside the function is changed: {what}")
        self.check_single(container, what)

    def change(self: Any, what: str, function: Any, owner: Any, *args: Any, **kwargs: Any) -> Any:
        """`function(owner, *args)` changes an object from outside."""
        self.refuse_write(what)
