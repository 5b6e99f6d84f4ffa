"""Forward mode as users call it: `jvp` and `linearize`."""
from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from s2sad import trees
from s2sad.api.compiled import Compiled
from s2sad.api.derivatives import Chosen, followed
from s2sad.api.halved import Halved
from s2sad.loading import at_first_use
from s2sad.machine.callables import SPECIAL, Transform
from s2sad.runtime.same import same_key
from s2sad.settings import Settings
from s2sad.tracebacks import entry

if TYPE_CHECKING:
    from s2sad.calls import compiler
else:
    compiler = at_first_use("s2sad.calls.compiler")


class Jvp(Compiled):
    """A function with its tangent, of `(primals, tangents)`."""

    suffix = "jvp"
    stage = "tangent"

    def __init__(self, function: Any, has_aux: bool = False, settings: Settings = Settings()) -> None:
        super().__init__(function, settings)
        self.has_aux = has_aux

    def body(self, machine: Any, args: Any, kwargs: Any) -> Any:
        machine.writable.pass_beside(args[1])
        return self.trace(machine, args, kwargs)

    def trace(self, machine: Any, args: Any, kwargs: Any) -> Any:
        return compiler.tangents.jvp(machine, self.function, self.has_aux, *args)

    def differentiated(self, args: Any, kwargs: Any) -> list[Any]:
        return [part for given in args for part in given]

    def leaf_names(self, args: Any, structure: Any) -> list[str]:
        """Those of the parameters, and `x_dot` for the tangent of `x`."""
        parts, named = structure.children[0].children, trees.flatten({})[1]
        primals, tangents = (compiler.transforms.leaf_names(self.function, given, SimpleNamespace(children=(part, named)))
                             for given, part in zip(args, parts, strict=True))  # fmt: skip
        return [*primals, *(f"{name}_dot" for name in tangents)]

    def plainly(self, args: Any, kwargs: Any) -> Any:
        primals, tangents = args
        given, _ = compiler.transforms.with_floats([*compiler.tangents.changing(primals, tangents)], primals, {})
        return self.function(*given)

    def options(self) -> dict[str, Any]:
        return {"has_aux": self.has_aux, "settings": self.settings}

    def describe(self) -> str:
        return "value and tangent"


class Linearized(Halved):
    """A function with its linear map at the arguments of a call."""

    suffix = "linearize"
    stage = "tangent"

    def body(self, machine: Any, args: Any, kwargs: Any) -> Any:
        return compiler.tangents.linearize(machine, self.function, args)

    def differentiated(self, args: Any, kwargs: Any) -> list[Any]:
        return list(args)

    def waited_for(self, args: Any, values: Any) -> list[Any]:
        return list(filter(compiler.transforms.differentiable, trees.flatten(args, opened=trees.EVERY)[0]))

    def shape_of(self, args: Any, structure: Any) -> Any:
        return args

    def seeds(self, given: tuple[Any, ...], structure: Any, types: list[Any]) -> list[Any]:
        return compiler.tangents.tangents_of(given, structure, types)


@entry
def jvp(function: Any, primals: Sequence[Any], tangents: Sequence[Any], *, has_aux: bool = False, control: str = "auto",
        backend: str | None = None, parallel: bool = False, reassociate: bool = False) -> Any:  # fmt: skip
    """The value of a function and its tangent, in forward mode: the derivative at `primals` along `tangents`.

    `primals` are the positional arguments, a tuple or a list; `tangents` has one of floats for each, with the same structure and shapes.
    None for an argument or a leaf means that it does not change, and costs nothing. The tangent has the structure, shapes and dtypes of the
    value. As in gradients, a whole number has a tangent of zero (0.0, or a float64 array), and what is not a number has None. With
    `has_aux` the function returns `(value, aux)`, and `jvp` `(value, tangent, aux)`. `control`, `backend`, `parallel` and `reassociate` are
    those of `grad`. The result may have any shape; otherwise this raises what `grad` raises.

    >>> import math, s2sad
    >>> s2sad.jvp(lambda x, y: x * math.sin(y), (2.0, 0.0), (1.0, 3.0))
    (0.0, 6.0)
    """
    both = []
    for what, given in (("primals", primals), ("tangents", tangents)):
        if not isinstance(given, (tuple, list)):
            raise TypeError(f"{what} must be a tuple or a list with one item per argument, not {type(given).__name__}")
        both.append(tuple(given))
    settings = Settings.of(control, backend, parallel, reassociate)
    return _jvp_of(Chosen((same_key(function), has_aux, settings), function, has_aux, settings))(*both)


@functools.lru_cache(maxsize=256)
def _jvp_of(chosen: Chosen) -> Jvp:
    return Jvp(chosen.function, chosen.argnums, chosen.settings)


@entry
def linearize(function: Any, *primals: Any, control: str = "auto", backend: str | None = None, parallel: bool = False,
              reassociate: bool = False) -> tuple[Any, Callable[..., Any]]:  # fmt: skip
    """The value of a function, and its derivative at `primals` as a linear map: it takes a tangent for each argument and gives the tangent
    of the value.

    The map belongs to this call: to its arguments, and to what the function read from outside. It may be applied many times, and computes
    nothing of the function again: this call saves what it needs. Its tangents are those of `jvp`. Whole numbers among the primals do not
    change: pass None for them. The keywords are those of `grad`. Raises what `jvp` raises.

    >>> import numpy as np, s2sad
    >>> value, derivative = s2sad.linearize(lambda x: x ** 2, np.array([1.0, 3.0]))
    >>> derivative(np.array([1.0, 10.0]))
    array([ 2., 60.])
    """
    settings = Settings.of(control, backend, parallel, reassociate)
    return _linearized(Chosen((same_key(function), None, settings), function, None, settings)).halves(primals, {})


@functools.lru_cache(maxsize=256)
def _linearized(chosen: Chosen) -> Linearized:
    return Linearized(chosen.function, chosen.settings)


def _traced_jvp(machine: Any, function: Any, primals: Any, tangents: Any, *, has_aux: Any = False, control: Any = "auto",
                backend: Any = None, parallel: Any = False, reassociate: Any = False) -> Any:  # fmt: skip
    followed(machine, control, backend, parallel, reassociate)
    return compiler.tangents.jvp(machine, function, machine.concrete(has_aux), tuple(primals), tuple(tangents))


class _TracedMap(Transform):
    """The linear map of a `linearize` inside a function that is followed."""

    def __init__(self, inputs: compiler.transforms.Inputs, value: Any) -> None:
        self.inputs, self.value = inputs, value

    def trace(self, machine: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        moving = [args[k] for k in self.inputs.places if isinstance(k, int)]
        tangents = [trees.unflatten(structure, [None] * trees.count(structure)) if given is None else given
                    for given, (structure, *_) in zip(moving, self.inputs.plans, strict=True)]  # fmt: skip
        return self.inputs.push(self.value, self.inputs.tangents(tangents), machine.linear)

    def __call__(self, *tangents: Any) -> Any:
        return self.trace(self.inputs.machine, tangents, {})


def _traced_linearize(machine: Any, function: Any, *primals: Any, control: Any = "auto", backend: Any = None, parallel: Any = False,
                      reassociate: Any = False) -> Any:  # fmt: skip
    followed(machine, control, backend, parallel, reassociate)
    inputs = compiler.transforms.Inputs(machine, function, compiler.tangents.of_floats(primals), primals, {})
    value = machine.call(inputs.function, *inputs.args)
    leaves, structure = trees.flatten(value, opened=trees.EVERY)
    returned = trees.unflatten(structure, [machine.fixed(leaf) for leaf in leaves], machine.adopt)  # the value may be written into later
    inputs.close()
    return value, _TracedMap(inputs, returned)


SPECIAL[jvp] = _traced_jvp
SPECIAL[linearize] = _traced_linearize
