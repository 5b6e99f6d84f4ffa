"""The tape: reverse mode at its plainest, the reference that compiled gradients are held against.

Every operation on a `Variable` computes its value and appends an entry to the tape: the names of its inputs and
outputs, and a closure that propagates cotangents from the outputs to the inputs. `grad` walks the tape backwards.
Adjoints are Variables themselves, so the backward sweep is recorded as well and can be differentiated in its turn.

>>> x, y = Variable(2.0), Variable(1.0)
>>> dx, dy = grad(ln(x) + x * sin(y), [x, y])
>>> dx.value, dy.value
(1.3414709848078965, 1.0806046117362795)

Each thread has a tape of its own. `gradient` differentiates a function written for plain numbers and arrays.
"""
from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

import s2sad.rules  # noqa: F401  (registers them)
from s2sad import trees
from s2sad.errors import NotDifferentiable, refusals
from s2sad.machine import jacobians, transforms
from s2sad.machine import tangents as forward
from s2sad.machine.recursion import deep
from s2sad.machine.traced import strip
from s2sad.runtime import asking, notices
from s2sad.runtime.control import GivenUp
from s2sad.settings import Argnums
from s2sad.tape.entries import TapeEntry
from s2sad.tape.machine import TapeMachine, Variable, current, renew
from s2sad.tracebacks import entry

__all__ = ["TapeEntry", "TapeMachine", "Variable", "cos", "differentiate", "exp", "grad", "gradient", "inv", "jacobian", "ln",
           "reset_tape", "set_verbose", "sin", "tangent", "tangent_on"]  # fmt: skip

LINE = "-" * 24


def reset_tape() -> None:
    """Start a new tape in this thread; names begin at `v-1` again.

    Variables made before keep their values and stay on the old tape; using one together with a new one raises
    NotDifferentiable.

    >>> reset_tape()
    >>> Variable(2.0).name
    'v-1'
    """
    renew()


def set_verbose(verbose: bool) -> None:
    """Print every Variable as it is made in this thread, and every backward sweep, or stop doing so.

    >>> reset_tape()
    >>> set_verbose(True)
    >>> y = Variable(2.0) * 3.0
    v-1 = 2.000
    v0 = v-1 * 3.0 = 6.000
    >>> set_verbose(False)
    """
    current().verbose = verbose


@entry
def grad(L: Any, desired: Iterable[Variable]) -> list[Variable | None]:
    """The derivatives of `L` by the desired Variables; None for one that never reached `L`.

    Walks the tape backwards: entries none of whose outputs has an adjoint are skipped, contributions are summed by
    the name of the input. Each adjoint is a Variable of the shape and dtype of the one it belongs to. Raises
    NotDifferentiable if `L` is not one real number, or if a Variable belongs to another tape.

    >>> x = Variable(3.0)
    >>> (slope,) = grad(x * x * x, [x])
    >>> (curvature,) = grad(slope, [x])
    >>> slope.value, curvature.value
    (27.0, 18.0)
    """
    wanted = list(desired)
    transforms.check_scalar(grad, L)
    if not isinstance(L, Variable):
        return [None for _ in wanted]
    machine = L.machine
    machine.active(wanted)  # refuses Variables of another tape
    one = np.ones_like(L.value) if isinstance(L.value, np.ndarray) else type(L.value)(1)
    adjoints: dict[str, Any] = {L.name: machine.variable(one)}
    if machine.verbose:
        print(f"d{L.name} {LINE}")
    machine.sweep.back(adjoints)
    found = {name: a if isinstance(a, Variable) else machine.variable(a) for name, a in adjoints.items()}
    if machine.verbose:
        for name, adjoint in found.items():
            print(f"d{L.name}_d{name} = {adjoint.name}")
        print(LINE)
    return [found.get(x.name) for x in wanted]


def ln(x: Any) -> Any:
    """The natural logarithm of a Variable, a number or an array."""
    return _apply(math.log, np.log, x)


def sin(x: Any) -> Any:
    """The sine of a Variable, a number or an array."""
    return _apply(math.sin, np.sin, x)


def cos(x: Any) -> Any:
    """The cosine of a Variable, a number or an array."""
    return _apply(math.cos, np.cos, x)


def exp(x: Any) -> Any:
    """The exponential of a Variable, a number or an array."""
    return _apply(math.exp, np.exp, x)


def inv(x: Any) -> Any:
    """The reciprocal of a Variable, a number or an array."""
    return 1.0 / x


def _apply(of_number: Callable[..., Any], of_array: Callable[..., Any], x: Any) -> Any:
    function = of_number if type(strip(x)) in (int, float) else of_array
    return x.machine.call(function, x) if isinstance(x, Variable) else function(x)


@entry
def gradient(f: Callable[..., Any], args: tuple[Any, ...], argnums: Argnums = 0,
             kwargs: dict[str, Any] | None = None) -> tuple[Any, Any]:  # fmt: skip
    """The value of `f(*args, **kwargs)` and its gradient, by a fresh tape.

    `argnums` chooses the arguments: a position or a parameter name, or a tuple of them, which gives a tuple of
    gradients. A gradient has the structure, types, shapes and dtypes of its argument. It has zeros where the argument
    does not reach the value, zeros as floats for whole numbers in containers, and None for what is not a number. Raises
    what `f` raises, NotDifferentiable unless the value is one real number, and the errors of s2sad for what it does not
    differentiate.

    >>> gradient(lambda x, y: math.log(x) + x * math.sin(y), (2.0, 1.0), (0, 1))
    (2.3760891501757384, (1.3414709848078965, 1.0806046117362795))
    """
    return differentiate(TapeMachine(), f, args, argnums, kwargs or {})


@entry
def jacobian(f: Callable[..., Any], args: tuple[Any, ...], argnums: Argnums = 0,
             kwargs: dict[str, Any] | None = None) -> tuple[Any, Any]:  # fmt: skip
    """The value of `f(*args, **kwargs)` and its Jacobian, by a fresh tape that is walked back once for each element of the value.

    It gives and raises the same as `s2sad.jacobian`.

    >>> jacobian(lambda x: x ** 2, (np.array([1.0, 3.0]),))[1]
    array([[2., 0.],
           [0., 6.]])
    """
    return differentiate(TapeMachine(), f, args, argnums, kwargs or {}, jacobians.jacobian)


def differentiate(machine: TapeMachine, f: Callable[..., Any], args: tuple[Any, ...], argnums: Argnums, kwargs: dict[str, Any],
                  transform: Callable[..., tuple[Any, Any]] = transforms.value_and_grad) -> tuple[Any, Any]:  # fmt: skip
    """`gradient`, or another transform, on a given tape."""
    arguments, keywords = _admitted(machine, f, transforms.chosen(f, argnums, args, kwargs), args, kwargs)
    with notices.warning(given_up=GivenUp), deep(), refusals():
        value, gradients = transform(machine, f, argnums, False, arguments, keywords)
    return strip(value), _own(gradients)


@entry
def tangent(f: Callable[..., Any], primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> tuple[Any, Any]:
    """The value of `f(*primals)` and its derivative along `tangents`, in forward mode, by a fresh tape.

    `tangents` has one item for each primal, of its structure and shapes; None for an argument or a leaf means that it does not change. The
    tangent of the value has the structure, shapes and dtypes of the value. It has zeros where no tangent reaches it and for whole numbers,
    and None for what is not a number. Raises what `f` raises, NotDifferentiable where primals and tangents do not fit, and the errors of
    s2sad for what it does not differentiate.

    >>> tangent(lambda x, y: math.log(x) + x * math.sin(y), (2.0, 1.0), (1.0, 0.0))
    (2.3760891501757384, 1.3414709848078965)
    """
    return tangent_on(TapeMachine(), f, primals, tangents)


def tangent_on(machine: TapeMachine, f: Callable[..., Any], primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> tuple[Any, Any]:
    """`tangent` on a given tape."""
    arguments, _ = _admitted(machine, f, [p for p, t in zip(primals, tangents, strict=False) if t is not None], primals, {})
    with notices.warning(given_up=GivenUp), deep(), refusals():
        value, found = forward.jvp(machine, f, False, arguments, tangents)
    return strip(value), _own(found)


def _admitted(machine: TapeMachine, f: Callable[..., Any], chosen: list[Any], args: Any, kwargs: Any) -> tuple[Any, Any]:
    """The arguments, as the function is given them; `chosen` are those that are differentiated."""
    machine.world.outside(f)
    machine.world.outside(asking.receiver(f))
    opened = trees.within(chosen)
    try:
        return machine.world.admit(args, opened), machine.world.admit(kwargs, opened)
    except NotDifferentiable as error:
        raise transforms.refused(error, f) from None


def _own(found: Any) -> Any:
    """Derivatives whose arrays are of their own."""
    leaves, structure = trees.flatten(strip(found), opened=trees.EVERY)
    return trees.unflatten(structure, [leaf.copy() if isinstance(leaf, np.ndarray) else leaf for leaf in leaves])
