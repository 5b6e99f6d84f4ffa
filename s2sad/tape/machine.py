"""What lowered code is answered while a tape is written, and the walk back over it."""
from __future__ import annotations

import contextlib
import itertools
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from s2sad import trees
from s2sad.errors import MissingRule, NotDifferentiable, UnsupportedMutation
from s2sad.machine import callables, calls
from s2sad.machine.traced import Traced, strip, traced_in
from s2sad.rules.language import STRONG, Primitive
from s2sad.runtime import notices
from s2sad.tape.memory import same
from s2sad.tape.propagate import Propagate, TapeEntry, as_inexact, convert, finish, inexact
from s2sad.tape.questions import ArrayMachine
from s2sad.tape.trace import describe, shown


class Variable(Traced):
    """A float or complex number, or an array of them, with a unique name, whose every use is put on the tape.

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
        self._put(machine, own.copy() if isinstance(own, np.ndarray) else own, machine.fresh(name))
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
        return boxed(self)


@dataclass(frozen=True)
class Mark:
    """Where on the tape a differentiation began."""

    entry: int
    root: int
    number: int

    @property
    def first(self) -> bool:
        """Whether nothing was on the tape before."""
        return self.entry == self.root == 0


class TapeMachine(ArrayMachine):
    """A tape, and what lowered code is answered while it is written."""

    open = False

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[TapeEntry] = []
        self.verbose = False
        self.differentiations = 0
        self.sweeping = False  # whether a rule is being evaluated
        self.cotangents: set[str] = set()  # names of cotangents
        self.constants: set[str] = set()  # names that stopped being differentiated
        self._numbers = itertools.count(-1)
        self._names: set[str] = set()
        self._roots: list[str] = []
        self._pulled: set[int] = set()  # differentiations that have been swept over
        self._ended: dict[int, list[TapeEntry]] = {}  # of others, what they put on the tape
        self._lowered: dict[Any, Any] = {}

    # Variables

    def fresh(self, name: str | None = None) -> str:
        if name is None:
            name = next(candidate for n in self._numbers if (candidate := f"v{n}") not in self._names)
        elif name in self._names:
            raise ValueError(f"the name {name!r} is taken")
        self._names.add(name)
        return name

    def variable(self, value: Any) -> Variable:
        """A Variable of this tape, made without a line in the verbose trace."""
        variable = Variable.__new__(Variable)
        variable._put(self, value, self.fresh())
        return variable

    def renamed(self, variable: Any, value: Any) -> Variable:
        other = Variable.__new__(Variable)
        other._put(self, value, variable.name)
        return other

    def active(self, *values: Any) -> bool:
        """Whether a value that is being differentiated is among the values, also inside containers."""
        if any(self._is_active(variable) for variable in traced_in(values)):
            return True
        return bool(self.memory.regions) and any(True for _ in self.followed_in(values))

    def _is_active(self, variable: Any) -> bool:
        if variable.machine is not self:
            raise NotDifferentiable(f"{variable!r} belongs to another tape, or to one that has been reset",
                                    self.location(), "make a new Variable of its value")  # fmt: skip
        if self.memory.regions and isinstance(variable.value, np.ndarray):
            return bool(self.array_is_active(variable))
        return variable.name not in self.constants

    def show(self, outputs: Iterable[Any], *formula: str) -> None:
        names = ", ".join(v.name if isinstance(v, Variable) else "_" for v in outputs)
        print(" = ".join([names, *formula, ", ".join(shown(strip(v)) for v in outputs)]))

    # Operations

    def apply(self, primitive: Primitive, bound: list[Any]) -> Any:
        """The value of the operation; a Variable, with an entry on the tape, if it has a derivative here."""
        if any(isinstance(b, np.ndarray) and b.dtype == object for b in bound):
            return primitive.evaluate([boxed(b) if isinstance(b, Variable) else b for b in bound])
        value = self._evaluated(primitive, bound)
        if (primitive.kind == "zero" and not primitive.real) or not self.active(bound):
            return value
        bound = [self.kept(b) for b in bound]
        if primitive.real and any(np.iscomplexobj(v.value) for v in traced_in(bound)):
            raise MissingRule(f"{primitive.name} has no derivative rule for complex numbers", self.location(),
                              "write it out, such as z / abs(z)")  # fmt: skip
        if primitive.kind == "zero":
            return value
        bound = calls.with_arrays(self, primitive, bound)
        self._require_rules(primitive, bound)
        several = isinstance(value, (list, tuple))
        leaves, structure = trees.flatten(value) if several else ([value], None)
        results = [self.variable(leaf) if inexact(leaf) else leaf for leaf in leaves]
        answer = trees.unflatten(structure, results)
        if not self.open:
            self.noted(r for r in results if isinstance(r, Variable))
        outputs = tuple(v.name for v in results if isinstance(v, Variable))
        if outputs:
            if self.verbose:
                self.show(results, describe(primitive, bound))
            inputs = tuple(v.name for v in traced_in(bound) if self._is_active(v))
            saved = trees.unflatten(structure, [self._saved(r) for r in results])
            propagate = Propagate(self, primitive, bound, saved, frozenset(inputs))
            self.entries.append(TapeEntry(inputs, outputs, propagate))
            if self.sweeping and not self.cotangents.isdisjoint(inputs):
                self.cotangents.update(outputs)
        return answer

    def _evaluated(self, primitive: Primitive, bound: list[Any]) -> Any:
        """The value; of a product of a cotangent, while rules are evaluated, that of the strong one."""
        strong = STRONG.get(primitive) if self.sweeping else None
        if strong is not None and any(v.name in self.cotangents for v in traced_in(strong.factors(bound))):
            primitive = strong.primitive
        return primitive.evaluate(strip(bound))

    @contextlib.contextmanager
    def cotangent(self, value: Any) -> Iterator[None]:
        """A rule is being evaluated with this cotangent."""
        before, self.sweeping = self.sweeping, True
        self.cotangents.update(v.name for v in traced_in(value))
        try:
            yield
        finally:
            self.sweeping = before

    def named(self, evaluate: Callable[..., Any], g: Any, follow: bool) -> Any:
        """What is made of a plain cotangent, which has a name this time, so that its products are known."""
        before = len(self.entries)
        leaves, structure = trees.flatten(g)
        variables = [self.variable(leaf) if inexact(leaf) else leaf for leaf in leaves]
        with self.cotangent(variables):
            found = evaluate(trees.unflatten(structure, variables))
        if follow:
            return found
        del self.entries[before:]
        return strip(found)

    def _saved(self, result: Any) -> Any:
        array = strip(result)
        copied = isinstance(result, Variable) and isinstance(array, np.ndarray)
        return self.renamed(result, array.copy(order="K")) if copied else result

    def _require_rules(self, primitive: Primitive, bound: list[Any]) -> None:
        for parameter, argument in zip(primitive.parameters, bound, strict=True):
            if parameter.name not in primitive.pullbacks and self.active(argument):
                raise MissingRule(f"{primitive.name} has no derivative with respect to {parameter.name!r}",
                                  self.location(), "pass a constant there, or register a rule for it")  # fmt: skip

    def origin(self, value: Any) -> Any:
        return value.name

    def lowered(self, function: Any) -> Any:
        if function not in self._lowered:
            self._lowered[function] = calls.lowered(self, function)
        return self._lowered[function]

    # Differentiation

    def begin(self) -> Mark:
        """A differentiation begins here."""
        self.differentiations += 1
        return Mark(len(self.entries), len(self._roots), self.differentiations)

    def input(self, leaf: Any, mark: Mark, name: str) -> Variable:
        """A fresh Variable equal to the leaf, connected to it if the leaf is being differentiated already."""
        variable = self.variable(as_inexact(strip(leaf), f"the argument {name!r}"))
        self.given[id(variable.value)] = variable.value
        if self.active(leaf):
            self.entries.append(TapeEntry((self.read(leaf).name,), (variable.name,), same))
        else:
            self._roots.append(variable.name)
        self.noted([variable], True)
        return variable

    def pull(self, mark: Mark, outputs: list[Any], seeds: list[Any], inputs: list[Any]) -> list[Any]:
        """Cotangents of the inputs, each of its input's class, shape and dtype, given those of the outputs.

        The outermost sweep of a tape that is private to one call ends there: nobody can differentiate it again.
        """
        adjoints: dict[str, Any] = {}
        outputs = [self.read(output) for output in outputs]
        entries = self._ended.get(mark.number) or self.entries[mark.entry :]
        self._pulled.add(mark.number)
        for output, seed in zip(outputs, seeds, strict=True):
            if isinstance(output, Variable):
                self._add(adjoints, output.name, self._seed(seed, output.value))
        reached = _reached(entries, {x.name for x in inputs})
        self.sweep(adjoints, entries, self.open or not mark.first, reached)
        found = [self._own(finish(self, adjoints.get(x.name), x.value)) for x in inputs]
        self.cotangents.difference_update(v.name for v in traced_in(found))  # from now on values like any other
        return found

    def _own(self, gradient: Any) -> Any:
        """A gradient with memory of its own."""
        if isinstance(strip(gradient), np.ndarray):
            copy = strip(gradient).copy()
            return self.connected(copy, gradient) if self.active(gradient) else copy
        return gradient

    def _seed(self, seed: Any, value: Any) -> Any:
        if np.shape(strip(seed)) != np.shape(value):
            seed = self.call(np.broadcast_to, seed, np.shape(value))
        return convert(self, seed, np.asarray(value).dtype)

    def _add(self, adjoints: dict[str, Any], name: str, contribution: Any) -> None:
        adjoints[name] = contribution if name not in adjoints else self.binary("+", adjoints[name], contribution)

    def sweep(self, adjoints: dict[str, Any], entries: list[TapeEntry] | None = None, follow: bool = True,
              within: set[str] | None = None) -> None:  # fmt: skip
        """Walk back over the tape, or these entries of it, and add to `adjoints`; with `within`, only over what makes these names."""
        for entry in reversed(list(self.entries if entries is None else entries)):
            cotangents = [adjoints.get(name) for name in entry.outputs]
            if all(c is None for c in cotangents) or (within is not None and within.isdisjoint(entry.outputs)):
                continue
            with np.errstate(all="ignore"):  # an infinite derivative is an answer; the primal has given its warnings
                for name, contribution in zip(entry.inputs, entry.propagate(cotangents, follow=follow), strict=True):
                    if contribution is not None:
                        self._add(adjoints, name, contribution)

    def end(self, mark: Mark) -> None:
        """The differentiation is over: what depends only on its inputs is constant for those around it."""
        if mark.number not in self._pulled:  # a pullback may be called later
            self._ended[mark.number] = self.entries[mark.entry :]
        made = set(self._roots[mark.root :])
        from_outside: set[str] = set()
        for entry in self.entries[mark.entry :]:
            if any(name not in made or name in from_outside for name in entry.inputs):
                from_outside.update(entry.outputs)
            made.update(entry.outputs)
        self.constants |= made - from_outside
        self.entries[mark.entry :] = [e for e in self.entries[mark.entry :] if not from_outside.isdisjoint(e.outputs)]
        del self._roots[mark.root :]


def _reached(entries: list[TapeEntry], names: set[str]) -> set[str]:
    """The names, and all that the entries computed from them."""
    reached = set(names)
    for entry in entries:
        if not reached.isdisjoint(entry.inputs):
            reached.update(entry.outputs)
    return reached


def boxed(value: Any) -> Any:
    """An object array without axes that holds the value."""
    box = np.empty(1, object)
    box[0] = value
    return box.reshape(())


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
