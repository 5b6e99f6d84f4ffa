"""What users call: `grad` and its relatives, and the objects they return."""
from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from s2sad import protocols, transforms, trees
from s2sad.bound import Transform
from s2sad.checkpoints import CheckpointedFunction, checkpoint
from s2sad.compiled import Compiled
from s2sad.finite import nonfinite_warnings
from s2sad.pipeline import Path, Settings
from s2sad.runtime_core import Effects
from s2sad.traced import Traced
from s2sad.transforms import Argnums


class Derivative(Compiled):
    """What `grad` and `value_and_grad` return. `source`, `wengert`, `paths` and `stages(...)` show what it did."""

    suffix = "value_and_grad"

    def __init__(self, function: Any, argnums: Argnums = 0, has_aux: bool = False, with_value: bool = True,
                 settings: Settings = Settings()) -> None:  # fmt: skip
        super().__init__(function, settings)
        transforms.check_argnums(argnums)
        self.argnums, self.has_aux, self.with_value = argnums, has_aux, with_value
        self._method: Derivative | None = None

    def body(self, machine: Any, args: Any, kwargs: Any) -> Any:
        return transforms.value_and_grad(machine, self.function, self.chosen(args), self.has_aux, args, kwargs)

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

    def describe(self) -> str:
        return "value and gradient" if self.with_value else "gradient"

    def for_methods(self) -> Any:
        """As a method, arguments are counted after `self`, as for `grad(instance.method)`."""
        if self._method is None:
            self._method = type(self)(self.function, self.shifted(), self.has_aux, self.with_value, self.settings)
        return self._method

    def shifted(self) -> Argnums:
        several = self.argnums if isinstance(self.argnums, tuple) else (self.argnums,)
        shifted = tuple(n + 1 if isinstance(n, int) and n >= 0 else n for n in several)
        return shifted if isinstance(self.argnums, tuple) else shifted[0]

    def chosen(self, args: Any) -> Argnums:
        """The arguments to differentiate. From Python 3.13 on a class method gets its class without asking `__get__`."""
        owner = args[0] if args else None
        if isinstance(owner, type):
            for value in (v for c in owner.__mro__ for v in vars(c).values()):
                if isinstance(value, classmethod) and value.__func__ is self:
                    return self.shifted()
        return self.argnums


class ElementwiseGradient(Derivative):
    """What `elementwise_grad` returns."""

    suffix = "elementwise_grad"

    def body(self, machine: Any, args: Any, kwargs: Any) -> Any:
        return (transforms.elementwise_grad(machine, self.function, self.chosen(args), args, kwargs),)

    def finisher(self, path: Path) -> Callable[[tuple[Any, ...]], Any]:
        return Compiled.finisher(self, path)

    def select(self, result: Any) -> Any:
        return result[0]

    def describe(self) -> str:
        return "elementwise gradient"


class Pullback(Compiled):
    """Value and cotangents of all arguments for a cotangent of the value, the first argument."""

    suffix = "vjp"

    def body(self, machine: Any, args: Any, kwargs: Any) -> Any:
        return transforms.vjp(machine, self.function, args[0], args[1:], kwargs)

    def leaf_names(self, args: Any, kwargs: Any) -> list[str]:
        return trees.paths(args[0], "cotangent") + super().leaf_names(args[1:], kwargs)


def _decorator(kind: Any, function: Any, **options: Any) -> Any:
    if function is None:
        return lambda decorated: kind(decorated, **options)
    return kind(function, **options)


def grad(function: Any = None, *, argnums: Argnums = 0, has_aux: bool = False, control: str = "auto") -> Any:
    """The gradient of a function that returns a real scalar; decorator with and without arguments, or function.

    `argnums` chooses the arguments: a position, a parameter's name, or a tuple of those (then a tuple of gradients comes back). A
    gradient has the structure, shapes and dtypes of its argument; leaves of containers that are no floats come back as None.
    With `has_aux` the function returns `(value, aux)`, and the gradient `(gradient, aux)`. `control` says what becomes of loops and
    branches: "record" follows the way each call takes, "keep" keeps them as they are, "auto" records and keeps what becomes long or takes
    many ways. Raises NotDifferentiable for
    a result that is no real scalar, MissingRule for a function without a derivative, UnsupportedSyntax and
    UnsupportedMutation for what is not followed, CannotKeep with `control="keep"`, SourceUnavailable where there is no source text.

    >>> import math
    >>> import s2sad
    >>> @s2sad.grad
    ... def slope(x):
    ...     return math.log(x) + x * x
    >>> slope(2.0)
    4.5
    """
    return _decorator(Derivative, function, argnums=argnums, has_aux=has_aux, with_value=False, settings=Settings(control=control))


def value_and_grad(function: Any = None, *, argnums: Argnums = 0, has_aux: bool = False, control: str = "auto") -> Any:
    """As `grad`, returning `(value, gradient)`, with `has_aux` `((value, aux), gradient)`.

    >>> import s2sad
    >>> s2sad.value_and_grad(lambda x, y: x * y, argnums=(0, "y"))(2.0, 3.0)
    (6.0, (3.0, 2.0))
    """
    return _decorator(Derivative, function, argnums=argnums, has_aux=has_aux, with_value=True, settings=Settings(control=control))


def elementwise_grad(function: Any = None, *, argnums: Argnums = 0, control: str = "auto") -> Any:
    """The gradient of the sum of the results: for an elementwise function, its derivative at each element.

    >>> import numpy as np, s2sad
    >>> s2sad.elementwise_grad(np.square)(np.array([1.0, 2.0]))
    array([2., 4.])
    """
    return _decorator(ElementwiseGradient, function, argnums=argnums, settings=Settings(control=control))


def vjp(function: Any, *args: Any, **kwargs: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
    """The value, and the pullback: from a cotangent of the value's structure and shapes to a tuple with the cotangent of each argument.

    The pullback belongs to the arguments as they were at this call; effects of the function happen once, here.

    >>> import numpy as np, s2sad
    >>> value, pullback = s2sad.vjp(lambda x: x ** 2, np.array([1.0, 3.0]))
    >>> pullback(np.array([1.0, 10.0]))
    (array([ 2., 60.]),)
    """
    leaves, structure = trees.flatten((args, kwargs))
    kept_args, kept_kwargs = trees.unflatten(structure, [leaf.copy() if isinstance(leaf, np.ndarray) else leaf for leaf in leaves])
    effects = Effects()
    forward, backward = _vjp_pair(function)
    value = forward.evaluate(kept_args, kept_kwargs, effects)[0]

    def pullback(cotangent: Any) -> tuple[Any, ...]:
        again = Effects(list(effects.entries))
        gradients: tuple[Any, ...] = backward.evaluate((cotangent, *kept_args), kept_kwargs, again)[1]
        return gradients

    return value, pullback


class _TracedPullback(Transform):
    """The pullback of a `vjp` taken inside a function that is followed."""

    def __init__(self, inputs: transforms.Inputs, value: Any) -> None:
        self.inputs, self.value = inputs, value

    def trace(self, machine: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return transforms.pull_back(machine, self.inputs, self.value, *args)

    def __call__(self, cotangent: Any) -> Any:
        return self.trace(self.inputs.machine, (cotangent,), {})


def _traced_vjp(machine: Any, function: Any, *args: Any, **kwargs: Any) -> Any:
    inputs = transforms.Inputs(machine, function, tuple(range(len(args))), args, kwargs)
    value = machine.call(inputs.function, *inputs.args, **inputs.kwargs)
    leaves, structure = trees.flatten(value)
    returned = trees.unflatten(structure, [machine.fixed(leaf) for leaf in leaves])  # the value may be written into later
    inputs.close()
    return value, _TracedPullback(inputs, returned)


def _traced_checkpoint(machine: Any, target: Any, snapshots: Any = None) -> Any:
    if not isinstance(snapshots, Traced):
        checkpoint((), snapshots)  # which says what is wrong with their number
    return CheckpointedFunction(target) if callable(target) and not isinstance(target, (Traced, Iterable)) else target


protocols.SPECIAL[vjp] = _traced_vjp
protocols.SPECIAL[checkpoint] = _traced_checkpoint


class _Forward(Compiled):
    suffix = "value"

    def body(self, machine: Any, args: Any, kwargs: Any) -> Any:
        return (machine.call(machine.entry(self.function), *args, **kwargs),)


@functools.lru_cache(maxsize=256)
def _vjp_pair(function: Any) -> tuple[Compiled, Compiled]:
    return _Forward(function), Pullback(function)


__all__ = ["Compiled", "Derivative", "checkpoint", "elementwise_grad", "grad", "nonfinite_warnings", "value_and_grad", "vjp"]
