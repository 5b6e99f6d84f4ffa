"""What lowered code is answered while a tape is written, and the Variables of plain code."""
from __future__ import annotations

import functools
import sys
import threading
from collections.abc import Iterable
from typing import Any, NoReturn

import numpy as np

from s2sad import trees
from s2sad.errors import MissingRule, NotDifferentiable, UnsupportedMutation
from s2sad.machine import array_writes, callables, calls, finding, foreign
from s2sad.machine.array_writes import INPLACE
from s2sad.machine.attempts import Attempts
from s2sad.machine.objects import strip_object
from s2sad.machine.questions import Machine
from s2sad.machine.traced import Traced, check_result, strip, traced_in
from s2sad.rules.language import ATTRIBUTES, METHODS, Primitive
from s2sad.runtime import notices
from s2sad.tape import arrays, contents, native_calls, rows
from s2sad.tape.entries import Mark, Tape
from s2sad.tape.forward import Push
from s2sad.tape.levels import Levels
from s2sad.tape.memory import Memory, strip_array
from s2sad.tape.propagate import Propagate, as_inexact, inexact
from s2sad.tape.sweep import Sweep
from s2sad.tape.texts import Texts
from s2sad.tape.trace import describe, shown
from s2sad.tape.world import World


class Variable(Traced):
    """A float or complex number, or an array of them, with a unique name; each use of it is put on the tape.

    `value` is what it stands for, `name` a fresh `v-1`, `v0`, `v1`, ... unless one is given. An int is taken as a
    float, an array of ints as one of float64. Python's operators and NumPy's functions work on it; each result is a
    new Variable, nothing is changed in place. Raises NotDifferentiable for a value without a derivative, ValueError
    for a name that is taken.

    >>> from s2sad import tape
    >>> x = tape.Variable(np.ones(3))
    >>> (gradient,) = tape.grad(np.sum(x * x), [x])
    >>> gradient.value
    array([2., 2., 2.])
    """

    __slots__ = ("name",)
    name: str

    def __init__(self, value: Any, name: str | None = None) -> None:
        machine = current()
        own = as_inexact(strip(value), "the value of a Variable")
        self._put(machine, own.copy() if isinstance(own, np.ndarray) else own, machine.tape.fresh(name))
        if machine.verbose:
            machine.show((self,))

    def _put(self, machine: TapeMachine, value: Any, name: str) -> None:
        self.machine, self.value, self.name = machine, value, name

    def __repr__(self) -> str:
        return self._place(repr) or f"Variable({self.value!r}, name={self.name!r})"

    def __str__(self) -> str:
        return self._place(str) or str(self.value)

    def __format__(self, spec: str) -> str:
        return format(self.value, spec)

    def _leave(self, what: str) -> Any:
        if not self.machine.open:
            return super()._leave(what)
        raise MissingRule(f"native code asks for the plain {what} of {self!r}", None,
                          "NumPy's functions and those of s2sad.tape take Variables; `.value` is plain")  # fmt: skip

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        """In code that is not lowered a number becomes an element of an object array."""
        if not self.machine.open or np.ndim(self.value) or dtype not in (None, object):
            self._leave("array")
        return arrays.boxed(self)


class TapeMachine(Machine):
    """What lowered code is answered while a tape is written.

    It holds the tape, the sweep back over it, the memory of arrays that are written, the world outside the function, and the texts
    that were made of what is differentiated; each says in its class what it asks of the machine.
    """

    open = False

    def __init__(self) -> None:
        super().__init__()
        self.verbose = False
        self.tape = Tape()
        self.sweep = Sweep(self)
        self.levels, self.attempts = Levels(self), Attempts(self)
        self.memory = Memory(self)
        self.world = World(self)
        self.texts = Texts(self)

    # Variables

    def variable(self, value: Any, name: str | None = None) -> Variable:
        """A Variable of this tape, made without a line in the verbose trace; under a name that is new, or one that another has."""
        variable = Variable.__new__(Variable)
        variable._put(self, value, self.tape.fresh() if name is None else name)
        return variable

    def active(self, *values: Any) -> bool:
        if any(self._is_active(variable) for variable in traced_in(values)):
            return True
        return bool(self.memory.written) and any(True for _ in self.memory.followed_in(values))

    def _is_active(self, variable: Any) -> bool:
        if variable.machine is not self:
            raise NotDifferentiable(f"{variable!r} belongs to another tape, or to one that has been reset",
                                    self.location(), "make a new Variable of its value")  # fmt: skip
        if self.memory.written and isinstance(variable.value, np.ndarray):
            return bool(self.memory.is_active(variable))
        return variable.name not in self.tape.constants

    def origin(self, value: Any) -> Any:
        return value.name

    def show(self, outputs: Iterable[Any], *formula: str) -> None:
        """A line of the verbose trace."""
        names = ", ".join(v.name if isinstance(v, Variable) else "_" for v in outputs)
        print(" = ".join([names, *formula, ", ".join(shown(strip(v)) for v in outputs)]))

    # Operations

    def apply(self, primitive: Primitive, bound: list[Any]) -> Any:
        """The value of the operation; a Variable, with an entry on the tape, if it has a derivative here."""
        if any(isinstance(b, np.ndarray) and b.dtype == object for b in bound):
            return primitive.evaluate([arrays.boxed(b) if isinstance(b, Variable) else b for b in bound])
        value = self.sweep.evaluated(primitive, bound)
        if (primitive.kind == "zero" and not primitive.real) or not self.active(bound):
            return value
        bound = [self.memory.kept(b) for b in bound]
        if primitive.real and any(np.iscomplexobj(v.value) for v in traced_in(bound)):
            raise MissingRule(f"{primitive.name} has no derivative rule for complex numbers", self.location(),
                              "write it out, such as z / abs(z)")  # fmt: skip
        if primitive.kind == "zero":
            return value
        bound = calls.with_arrays(self, primitive, bound)
        self._require_rules(primitive, bound)
        return self.recorded(primitive, bound, value)

    def recorded(self, primitive: Primitive, bound: list[Any], value: Any) -> Any:
        """The value as Variables, with the entry that computed them."""
        several = isinstance(value, (list, tuple))
        leaves, structure = trees.flatten(value) if several else ([value], None)
        check_result(leaves, self.location())
        self.texts.check_arrays(leaves)
        results = [self.variable(leaf) if inexact(leaf) else leaf for leaf in leaves]
        if not self.open:
            self.memory.noted(r for r in results if isinstance(r, Variable))
        outputs = tuple(v.name for v in results if isinstance(v, Variable))
        if outputs:
            if self.verbose:
                self.show(results, describe(primitive, bound))
            inputs = tuple(v.name for v in traced_in(bound) if self._is_active(v))
            saved = trees.unflatten(structure, [self._saved(r) for r in results])
            back = Propagate(self, primitive, bound, saved, frozenset(inputs))
            stops = bound[primitive.index(primitive.stops)] if primitive.stops else sys.maxsize
            self.tape.put(inputs, outputs, back, Push(back, inputs), stops)
            self.sweep.made(inputs, outputs)
        return trees.unflatten(structure, results)

    def _saved(self, result: Any) -> Any:
        array = strip(result)
        copied = isinstance(result, Variable) and isinstance(array, np.ndarray)
        return self.variable(array.copy(order="K"), result.name) if copied else result

    def _require_rules(self, primitive: Primitive, bound: list[Any]) -> None:
        for parameter, argument in zip(primitive.parameters, bound, strict=True):
            if parameter.name not in primitive.pullbacks and self.active(argument):
                raise MissingRule(f"{primitive.name} has no derivative with respect to {parameter.name!r}",
                                  self.location(), "pass a constant there, or register a rule for it")  # fmt: skip

    def lifts(self, *values: Any) -> bool:
        return super().lifts(*values) or any(self.memory.is_followed(v) for v in values)

    def lifts_call(self, primitive: Primitive) -> bool:
        return bool(self.memory.written)

    def unary(self, symbol: str, operand: Any) -> Any:
        return super().unary(symbol, self.memory.lifted(operand))

    def inplace(self, symbol: str, target: Any, value: Any) -> Any:
        if arrays.in_place(self, target, value):
            self.world.check_write(target, f"{symbol}= on it")
            return INPLACE[symbol](target, value if target.dtype == object else strip(value))
        return super().inplace(symbol, target, value)

    def contains(self, container: Any, item: Any) -> bool:
        found = finding.found_in(self, container, item) if type(container) in (list, tuple) else None
        return super().contains(container, item) if found is None else found

    # Which objects are one

    def identical(self, left: Any, right: Any) -> bool:
        return self.object_of(left) is self.object_of(right)

    def identity(self, value: Any) -> int:
        return id(self.object_of(value))

    def object_of(self, value: Any) -> Any:
        """The object that a value is in the plain call."""
        outer = self.identities.stands_for(value) or self.identities.stands_for(strip_object(value))
        return strip_object(value) if outer is None else outer.value

    # Parts of objects, which are from outside where the object is

    def attribute(self, owner: Any, name: str) -> Any:
        array = strip_array(owner)
        if array is not None:
            if name in ("flags", "strides"):
                return getattr(array, name)
            if name == "base":
                return self.base(owner)
            if name in ATTRIBUTES or name in METHODS:
                owner = self.memory.lifted(owner)
            elif name in array_writes.METHODS:
                return functools.partial(array_writes.METHODS[name], owner)
        return self.world.part(owner, super().attribute(owner, name), ("attribute", id(owner), name))

    def set_attribute(self, value: Any, owner: Any, name: str) -> None:
        if strip_array(owner) is None:
            super().set_attribute(value, owner, name)
        else:
            arrays.set_attribute(self, value, owner, name)

    def item(self, owner: Any, index: Any) -> Any:
        arrays.check_flat(self, owner)
        owner = self.memory.lifted(owner)
        return self.world.item(owner, index, super().item(owner, index))

    def set_item(self, value: Any, owner: Any, index: Any) -> None:
        arrays.check_flat_write(self, owner, value)
        super().set_item(value, owner, index)

    def iterate(self, value: Any, hint: Any = None) -> Any:
        if arrays.is_iterated(value):
            return arrays.iterated(self, value, hint)
        items = super().iterate(value, hint)
        return (self.world.part(value, item) for item in items) if id(value) in self.external else items

    def flat(self, owner: Any) -> NoReturn:
        arrays.refuse_flat(self)

    def base(self, owner: Any) -> Any:
        return arrays.base(self, owner)

    # Writes

    def write_item(self, value: Any, owner: Any, index: Any) -> None:
        self.memory.write(value, owner, index)

    def write_add_at(self, value: Any, owner: Any, index: Any) -> None:
        self.memory.add_at(value, owner, index)

    def set_shape(self, value: Any, owner: Any) -> None:
        arrays.set_shape(self, value, owner)

    def fixed(self, value: Any) -> Any:
        return self.memory.kept(value)

    # Calls

    def call(self, function: Any, *args: Any, **kwargs: Any) -> Any:
        self.texts.check(function, args)
        return native_calls.call(self, function, args, kwargs)

    def native_method(self, owner: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return native_calls.method_of_followed(self, owner, name, args, kwargs)

    def opaque(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], pure: bool = False) -> Any:
        result = super().opaque(function, args, kwargs, pure)
        if not pure and foreign.runs_users_code(function, strip(args), strip(kwargs)):
            self.world.check_staying()
        return self.texts.made(result, args, kwargs)

    def natively(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return self.world.outside(super().natively(function, args, kwargs))

    def lowered(self, function: Any) -> Any:
        if function not in self.lowerings:
            self.lowerings[function] = calls.lowered(self, function)
        return self.lowerings[function]

    # The world outside

    def captured(self, value: Any, primitive: Primitive, args: list[Any]) -> Any:
        return self.world.read(value, primitive, args)

    def holds(self, values: Any) -> bool:
        return self.world.holds(values)

    def is_outside(self, owner: Any) -> bool:
        return id(owner) in self.external or super().is_outside(owner)

    def outer(self, container: Any, what: str) -> bool:
        return self.world.outer(container, what)

    def changed_argument(self, container: Any) -> None:
        self.world.changed_argument(container)

    def change(self, what: str, function: Any, owner: Any, *args: Any, **kwargs: Any) -> Any:
        return self.world.change(function, owner, *args, **kwargs)

    # Differentiation

    def begin(self) -> Mark:
        return self.tape.begin()

    def input(self, leaf: Any, mark: Mark, name: str) -> Variable:
        """A fresh Variable equal to the leaf, connected to it if the leaf is being differentiated already."""
        variable = self.variable(as_inexact(strip(leaf), f"the argument {name!r}"))
        self.world.given[id(variable.value)] = variable.value
        if self.active(leaf):
            self.tape.put((self.memory.read(leaf).name,), (variable.name,), contents.same, contents.same)
        else:
            self.tape.root(variable.name)
        self.tape.taken(mark, variable.name)
        self.memory.noted([variable], True)
        return variable

    def pull(self, mark: Mark, outputs: list[Any], seeds: list[Any], inputs: list[Any]) -> list[Any]:
        with self.levels.sweep(mark.number):
            return self.sweep.pull(mark, outputs, seeds, inputs)

    def push(self, mark: Mark, outputs: list[Any], tangents: list[Any], inputs: list[Any]) -> list[Any]:
        with self.levels.sweep(mark.number):
            return self.sweep.push(mark, outputs, tangents, inputs)

    linear = push
    pull_rows, push_rows, extents = rows.pull_rows, rows.push_rows, rows.extents

    def end(self, mark: Mark) -> None:
        self.tape.end(mark)


class OpenTape(TapeMachine):
    """The tape that plain code, which is not lowered, writes on by using Variables."""

    open = True

    def apply(self, primitive: Primitive, bound: list[Any]) -> Any:
        """Each operation warns where the code stands that uses Variables."""
        with notices.warning():
            return super().apply(primitive, bound)

    def write_item(self, value: Any, owner: Any, index: Any) -> None:
        self._refuse("an item of an array is assigned")

    def write_add_at(self, value: Any, owner: Any, index: Any) -> None:
        self._refuse("np.add.at() writes into an array")

    def _refuse(self, what: str) -> NoReturn:
        raise UnsupportedMutation(f"{what}, which code that is not lowered would not see", self.location(),
                                  "build it with np.where, np.concatenate or np.stack; tape.gradient follows writes")  # fmt: skip

    def number_attribute(self, owner: Traced, name: str) -> Any:
        """NumPy's functions ask the elements of an object array for a method of their name."""
        if not hasattr(owner.value, name) and isinstance(getattr(np, name, None), np.ufunc):
            return callables.Bound(getattr(np, name), owner)
        return super().number_attribute(owner, name)


class _Threads(threading.local):
    """One open tape per thread."""

    def __init__(self) -> None:
        self.tape = OpenTape()


_threads = _Threads()


def current() -> OpenTape:
    """The open tape of this thread."""
    return _threads.tape


def renew() -> None:
    """Open a new tape in this thread, as verbose as the one before."""
    verbose = _threads.tape.verbose
    _threads.tape = OpenTape()
    _threads.tape.verbose = verbose
