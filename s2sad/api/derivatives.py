"""What users call: `grad` and its relatives, and the objects they return."""
from __future__ import annotations

import functools
import operator
import reprlib
from collections.abc import Callable, Iterable
from dataclasses import field
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast, overload

from s2sad import trees
from s2sad.api import keywords, standing_for
from s2sad.api.compiled import Compiled
from s2sad.api.halved import Halved
from s2sad.loading import at_first_use
from s2sad.machine.callables import SPECIAL, Transform
from s2sad.machine.checkpoints import CheckpointedFunction, checkpoint
from s2sad.machine.traced import Traced
from s2sad.quickly import dataclass
from s2sad.runtime.finite import nonfinite_warnings
from s2sad.runtime.same import same_key
from s2sad.settings import NATIVE, Argnums, Settings, check_argnums, check_order
from s2sad.tracebacks import entry

if TYPE_CHECKING:
    from s2sad.calls import compiler
    from s2sad.calls.compiler import Path
else:
    compiler = at_first_use("s2sad.calls.compiler")

P = ParamSpec("P")
Q = ParamSpec("Q")
R = TypeVar("R")
A = TypeVar("A")
S = TypeVar("S")
V = TypeVar("V")


class Derivative(Compiled[P, R]):
    """What `grad` and `value_and_grad` return. `source`, `wengert`, `paths` and `stages(...)` show what it did."""

    suffix = "value_and_grad"

    def __init__(self, function: Any, argnums: Argnums = 0, has_aux: bool = False, with_value: bool = True,
                 settings: Settings = Settings()) -> None:  # fmt: skip
        super().__init__(function, settings)
        if not isinstance(has_aux, bool):
            raise TypeError(f"has_aux is True or False, not {reprlib.repr(has_aux)}; call the derivative with arguments: grad(f)(x, y)")
        self.argnums: Argnums = check_argnums(argnums)
        self.has_aux, self.with_value = has_aux, with_value
        self._method: Any = None
        standing_for.say(self, f"{self.describe().capitalize()} of {self.__name__}() by {self._by()}", self._returned())

    def body(self, machine: Any, args: Any, kwargs: Any) -> Any:
        return compiler.transforms.value_and_grad(machine, self.function, self.chosen(args), self.has_aux, args, kwargs)

    def differentiated(self, args: Any, kwargs: Any) -> list[Any]:
        return compiler.transforms.chosen(self.function, self.chosen(args), args, kwargs)

    def places(self, args: Any, kwargs: Any) -> list[int | str]:
        return compiler.transforms.resolve(self.function, self.chosen(args), args, kwargs)

    def trace(self, machine: Any, args: Any, kwargs: Any) -> Any:
        return self.select(self.body(machine, args, kwargs))

    def finisher(self, path: Path) -> Callable[[tuple[Any, ...]], Any]:
        if self.with_value:
            return path.finish
        return super().finisher(path)

    def select(self, result: Any) -> Any:
        if self.with_value:
            return result
        return (result[1], result[0][1]) if self.has_aux else result[1]

    def options(self) -> dict[str, Any]:
        return {"argnums": self.argnums, "has_aux": self.has_aux, "with_value": self.with_value, "settings": self.settings}

    def _by(self) -> str:
        """The arguments that are differentiated, in words."""
        names = standing_for.parameters(self.function)
        several = self.argnums if isinstance(self.argnums, (tuple, list)) else (self.argnums,)
        titles = [one if isinstance(one, str) else names[one] if 0 <= one < len(names) else f"argument {one}" for one in several]
        return ", ".join(titles)

    def _returned(self) -> Any:
        """The annotation of what a call returns."""
        value, gradient = standing_for.annotated(self.function).get("return", standing_for.UNKNOWN), self._gradient()
        if self.with_value:
            return standing_for.together([value, gradient])
        return standing_for.together([gradient, standing_for.second(value)]) if self.has_aux else gradient

    def _gradient(self) -> Any:
        known = standing_for.annotated(self.function)
        parts = [known.get(title, standing_for.UNKNOWN) for title in self._by().split(", ")]
        return standing_for.together(parts) if isinstance(self.argnums, (tuple, list)) else parts[0]

    def describe(self) -> str:
        return "value and gradient" if self.with_value else "gradient"

    @overload  # type: ignore[override]
    def __get__(self, instance: None, owner: Any = None) -> Derivative[P, R]: ...
    @overload
    def __get__(self: Callable[Concatenate[S, A, Q], tuple[V, S]], instance: S, owner: Any = None  # type: ignore[misc]
                ) -> Callable[Concatenate[A, Q], tuple[V, A]]: ...  # fmt: skip
    @overload
    def __get__(self: Callable[Concatenate[S, A, Q], tuple[S, V]], instance: S, owner: Any = None  # type: ignore[misc]
                ) -> Callable[Concatenate[A, Q], tuple[A, V]]: ...  # fmt: skip
    @overload
    def __get__(self: Callable[Concatenate[S, A, Q], S], instance: S, owner: Any = None) -> Callable[Concatenate[A, Q], A]: ...
    @overload
    def __get__(self, instance: object, owner: Any = None) -> Any: ...
    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return super().__get__(instance, owner)

    def for_methods(self) -> Any:
        """As a method, arguments are counted after `self`, as for `grad(instance.method)`."""
        if self._method is None:
            self._method = type(self)(self.function, **{**self.options(), "argnums": self.shifted()})
        return self._method

    def shifted(self) -> Argnums:
        if isinstance(self.argnums, (tuple, list)):
            return tuple(map(_after_self, self.argnums))
        return _after_self(self.argnums)

    def chosen(self, args: Any) -> Argnums:
        """The arguments to differentiate. From Python 3.13 on a class method gets its class without asking `__get__`."""
        owner, me = args[0] if args else None, cast(Any, self)
        if isinstance(owner, type):
            for value in (v for c in owner.__mro__ for v in vars(c).values()):
                if isinstance(value, classmethod) and value.__func__ is me:
                    return self.shifted()
        return self.argnums


class ElementwiseGradient(Derivative[P, R]):
    """What `elementwise_grad` returns."""

    suffix = "elementwise_grad"

    def __init__(self, function: Any, argnums: Argnums = 0, has_aux: bool = False, with_value: bool = True,
                 settings: Settings = Settings(), order: int = 1) -> None:  # fmt: skip
        check_order(order, argnums)
        self.order = operator.index(order)
        super().__init__(function, argnums, has_aux, with_value, settings)

    def body(self, machine: Any, args: Any, kwargs: Any) -> Any:
        """The value stands in front where it is asked for, to be compared with that of the function."""
        found = compiler.transforms.elementwise_grad(machine, self.function, self.chosen(args), self.order, args, kwargs)
        return found if machine.compared else found[1:]

    def finisher(self, path: Path) -> Callable[[tuple[Any, ...]], Any]:
        return Compiled.finisher(self, path)

    def select(self, result: Any) -> Any:
        return result[-1]

    def options(self) -> dict[str, Any]:
        return {**super().options(), "order": self.order}

    def _returned(self) -> Any:
        return self._gradient()

    def describe(self) -> str:
        return "elementwise gradient" if self.order == 1 else f"elementwise derivative of order {self.order}"


class Vjp(Halved):
    """A function with its pullback: each of its paths has two halves, and the second waits for a cotangent."""

    suffix = "vjp"

    def __init__(self, function: Any, argnums: Argnums | None = None, settings: Settings = Settings()) -> None:
        super().__init__(function, settings)
        self.argnums = None if argnums is None else check_argnums(argnums)

    def body(self, machine: Any, args: Any, kwargs: Any) -> Any:
        return compiler.transforms.vjp(machine, self.function, self.argnums, args, kwargs)

    def differentiated(self, args: Any, kwargs: Any) -> list[Any]:
        return compiler.transforms.chosen(self.function, self.argnums, args, kwargs)

    def places(self, args: Any, kwargs: Any) -> list[int | str]:
        return [*range(len(args))] if self.argnums is None else compiler.transforms.resolve(self.function, self.argnums, args, kwargs)

    def waited_for(self, args: Any, values: Any) -> list[Any]:
        return list(values)

    def seeds(self, given: tuple[Any, ...], structure: Any, types: list[Any]) -> list[Any]:
        if len(given) != 1:
            raise TypeError(f"the pullback of {self.__name__}() takes one cotangent, of the structure of the value, not {len(given)}")
        (cotangent,) = given
        return compiler.transforms.seeds_of(cotangent, structure, types)


def _after_self(argnum: int | str) -> int | str:
    return argnum + 1 if isinstance(argnum, int) and argnum >= 0 else argnum


def _decorator(kind: Any, function: Any, **options: Any) -> Any:
    if function is None:
        return entry(lambda decorated: kind(decorated, **options))
    return kind(function, **options)


@keywords.helpful
def grad(function: Any = None, argnums: Argnums = 0, has_aux: bool = False, *, control: str = "auto", backend: str | None = None,
         parallel: bool = False, reassociate: bool = False) -> Any:  # fmt: skip
    """The gradient of a function that returns a real scalar; used as a function or a decorator, with or without arguments.

    `argnums` chooses the arguments: a position, a parameter's name, or a tuple or list of these (then the result is a tuple of gradients).
    A gradient has the structure, container classes, shapes and dtypes of its argument. Inside a container, a whole number has a gradient of
    zero (0.0, or a float64 array), and what is not a number has None. With `has_aux` the function returns `(value, aux)`, and its gradient
    returns `(gradient, aux)`. `control` chooses what happens to loops and branches: "record" follows the path of each call, "keep" leaves
    them as they are, "auto" keeps them where a loop takes more than a dozen steps or calls take many paths, and records what is short or
    cannot be kept. `backend` chooses what runs: "python", "numba" for native code, or "auto" for what pays. Without it, the default at the
    time of the call counts (`s2sad.backend`). With native code, `parallel` runs independent loops in threads, with the same numbers in each
    run, and `reassociate` allows sums in another order. Raises NotDifferentiable for a result that is not a real scalar, MissingRule for a
    function without a derivative, UnsupportedSyntax and UnsupportedMutation for code that is not followed, CannotKeep with
    `control="keep"`, CannotBeNative with `backend="numba"`, SourceUnavailable where there is no source text.

    >>> import math
    >>> import s2sad
    >>> @s2sad.grad
    ... def slope(x):
    ...     return math.log(x) + x * x
    >>> slope(2.0)
    4.5
    """
    return _decorator(Derivative, function, argnums=argnums, has_aux=has_aux, with_value=False,
                      settings=Settings.of(control, backend, parallel, reassociate))  # fmt: skip


@keywords.helpful
def value_and_grad(function: Any = None, argnums: Argnums = 0, has_aux: bool = False, *, control: str = "auto",
                   backend: str | None = None,
                   parallel: bool = False, reassociate: bool = False) -> Any:  # fmt: skip
    """As `grad`, returning `(value, gradient)`, with `has_aux` `((value, aux), gradient)`.

    >>> import s2sad
    >>> s2sad.value_and_grad(lambda x, y: x * y, argnums=(0, "y"))(2.0, 3.0)
    (6.0, (3.0, 2.0))
    """
    return _decorator(Derivative, function, argnums=argnums, has_aux=has_aux, with_value=True,
                      settings=Settings.of(control, backend, parallel, reassociate))  # fmt: skip


@keywords.helpful
def elementwise_grad(function: Any = None, argnums: Argnums = 0, *, order: int = 1, control: str = "auto",
                     backend: str | None = None,
                     parallel: bool = False, reassociate: bool = False) -> Any:  # fmt: skip
    """The gradient of the sum of the results: for an elementwise function, its derivative at each element.

    `order` is the order of the derivative by one argument, a number or an array: 2 gives second derivatives, 0 the value itself. `argnums`,
    `control` and `backend` are those of `grad`. The function may return arrays of any shape; otherwise this raises what `grad` raises.
    Raises TypeError for an order that is not a whole number, ValueError for one below 0, or for one other than 1 with a tuple of arguments.

    >>> import numpy as np, s2sad
    >>> s2sad.elementwise_grad(np.square)(np.array([1.0, 2.0]))
    array([2., 4.])
    >>> s2sad.elementwise_grad(lambda x: x ** 4, order=3)(np.array([1.0, 2.0]))
    array([24., 48.])
    """
    settings = Settings.of(control, backend, parallel, reassociate)
    return _decorator(ElementwiseGradient, function, argnums=argnums, settings=settings, order=order)


@entry
def vjp(function: Any, *args: Any, argnums: Argnums | None = None, control: str = "auto", backend: str | None = None,
        parallel: bool = False, reassociate: bool = False, **kwargs: Any) -> tuple[Any, Callable[[Any], Any]]:  # fmt: skip
    """The value, and the pullback: it takes a cotangent with the value's structure and shapes, and gives a tuple with the cotangent of each
    argument.

    `argnums` chooses arguments as for `grad`; without it there is a cotangent for each positional argument, None for one that holds no
    numbers. `control`, `backend`, `parallel` and `reassociate` are those of `grad`. The pullback belongs to this call: to its arguments,
    and to what the function read from outside. It reads nothing again and may be called many times. Effects of the function happen once, in
    this call. Raises, in this call, what `grad` raises.

    >>> import numpy as np, s2sad
    >>> value, pullback = s2sad.vjp(lambda x: x ** 2, np.array([1.0, 3.0]))
    >>> pullback(np.array([1.0, 10.0]))
    (array([ 2., 60.]),)
    """
    keywords.meant_for("vjp()", ("argnums", "backend", "control", *NATIVE), function, kwargs)
    argnums = None if argnums is None else check_argnums(argnums)
    settings = Settings.of(control, backend, parallel, reassociate)
    return _vjp_of(Chosen((same_key(function), argnums, settings), function, argnums, settings)).halves(args, kwargs)


@dataclass(frozen=True)
class Chosen:
    """A function, told by identity, the arguments chosen of it, and how it is compiled."""

    key: Any
    function: Any = field(compare=False)
    argnums: Any = field(compare=False)
    settings: Settings = field(compare=False)


@functools.lru_cache(maxsize=256)
def _vjp_of(chosen: Chosen) -> Vjp:
    return Vjp(chosen.function, chosen.argnums, chosen.settings)


def followed(machine: Any, *choices: Any) -> None:
    """Check the choices of a transform inside a function that is followed: it is compiled as the function around it is."""
    Settings.of(*map(machine.concrete, choices)).check()


class _TracedPullback(Transform):
    """The pullback of a `vjp` taken inside a function that is followed."""

    def __init__(self, inputs: compiler.transforms.Inputs, value: Any) -> None:
        self.inputs, self.value = inputs, value

    def trace(self, machine: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return compiler.transforms.pull_back(machine, self.inputs, self.value, *args)

    def __call__(self, cotangent: Any) -> Any:
        return self.trace(self.inputs.machine, (cotangent,), {})


def _traced_vjp(machine: Any, function: Any, *args: Any, argnums: Argnums | None = None, control: Any = "auto", backend: Any = None,
                parallel: Any = False, reassociate: Any = False, **kwargs: Any) -> Any:  # fmt: skip
    followed(machine, control, backend, parallel, reassociate)
    argnums = machine.concrete(argnums)
    if argnums is not None:
        argnums = check_argnums(argnums)
    inputs = compiler.transforms.Inputs(machine, function, argnums, args, kwargs)
    value = machine.call(inputs.function, *inputs.args, **inputs.kwargs)
    leaves, structure = trees.flatten(value, opened=trees.EVERY)
    returned = trees.unflatten(structure, [machine.fixed(leaf) for leaf in leaves], machine.adopt)  # the value may be written into later
    inputs.close()
    return value, _TracedPullback(inputs, returned)


def _traced_checkpoint(machine: Any, target: Any, snapshots: Any = None) -> Any:
    if not isinstance(snapshots, Traced):
        checkpoint((), snapshots)  # which says what is wrong with their number
    return CheckpointedFunction(target) if callable(target) and not isinstance(target, (Traced, Iterable)) else target


SPECIAL[vjp] = _traced_vjp
SPECIAL[checkpoint] = _traced_checkpoint


__all__ = ["Compiled", "Derivative", "checkpoint", "elementwise_grad", "grad", "nonfinite_warnings", "value_and_grad", "vjp"]
