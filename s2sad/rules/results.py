"""What an operation gives, told from the types of its arguments: NumPy is asked about arrays of one element for the class and the dtype,
the primitive for the shape."""
from __future__ import annotations

import cmath
import functools
import inspect
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.rules.language import Primitive
from s2sad.runtime.notices import ignoring
from s2sad.types.arrays import Array, Told, dtype_of, element, shape_of
from s2sad.types.families import elementwise, number
from s2sad.types.sizes import Size, is_whole


class Unstated(Exception):
    """A primitive does not say how the shape of its result follows."""


def result(primitive: Primitive, bound: list[Any], shown: list[Any] | None = None) -> Any:
    """What stands for the result: an `Array`, a number of the class, or a container of these.

    `bound` are the arguments in the order of the parameters, arrays as `Array`, unknown whole numbers as `Size`, other unknown numbers as
    a number of their class; `shown` are the same with a NaN for unknown numbers, for what asks how large they are. Raises Unstated;
    ValueError, IndexError or TypeError where the operation would raise; Undecided.
    """
    if primitive.of_sizes and all(map(is_whole, bound)):
        kind = type(one_element(primitive, bound))
        found = primitive.evaluate(bound)
        return found.of_kind(kind) if isinstance(found, Size) else kind(found)
    if not _of_arrays(primitive, bound):
        found = one_element(primitive, bound)
        if isinstance(found, np.ndarray) and found.ndim:
            raise Unstated(primitive.name)
        return found
    given = stated(primitive, bound if shown is None else shown)
    return told(given) if _tells_all(given) else shaped(one_element(primitive, bound), given)


def stated(primitive: Primitive, bound: list[Any]) -> Any:
    """What the primitive says: the shape of the result, or more."""
    if primitive.gives is not None:
        names = _names(primitive.gives)
        values = dict(zip((p.name for p in primitive.parameters), bound, strict=True))
        return primitive.gives(*bound) if names is None else primitive.gives(*(values[name] for name in names))
    if primitive.kind == "elementwise":
        return number(*bound) if primitive.root is not None and primitive.root[1] in (math, cmath) else elementwise(*bound)
    raise Unstated(primitive.name)


@functools.cache
def _names(function: Callable[..., Any]) -> tuple[str, ...] | None:
    """The parameters that a function is given by name; None for one that takes all there are, in their order."""
    parameters = inspect.signature(function).parameters.values()
    return None if any(p.kind is p.VAR_POSITIONAL for p in parameters) else tuple(p.name for p in parameters)


def one_element(primitive: Primitive, bound: list[Any]) -> Any:
    """The result on arrays of one element: its class and its dtype are those of the result."""
    given = [_as_array(b) if primitive.takes_array(p, bound) else b for p, b in zip(primitive.parameters, bound, strict=True)]
    with np.errstate(all="ignore"), ignoring(Warning):
        return primitive.evaluate(element(given))


def _as_array(value: Any) -> Any:
    """A list as the array that NumPy makes of it, of which the type is enough."""
    return Array(dtype_of(value), shape_of(value)) if type(value) in (list, tuple) else value


def shaped(like: Any, given: Any) -> Any:
    """What has the class and dtype of one thing, and the shape given; a list has one for each leaf."""
    if _tells_all(given):
        return told(given)
    if type(given) is list:
        leaves, structure = trees.flatten(like)
        return trees.unflatten(structure, [shaped(leaf, each) for leaf, each in zip(leaves, given, strict=True)])
    if given == () and not isinstance(like, np.ndarray):
        return like
    made = np.asarray(like)
    return Array(made.dtype, given, is_writeable(made))


def is_writeable(array: Any) -> bool:
    """Whether an array may be written; NumPy warns of the question where its answer will be another one some day."""
    with ignoring(FutureWarning):
        return bool(array.flags.writeable)


def told(given: Any) -> Any:
    return given.value if type(given) is Told else given


def _tells_all(given: Any) -> bool:
    """Whether a statement is about the class and dtype as well."""
    if type(given) is list:
        return all(map(_tells_all, given))
    return not isinstance(given, tuple) or not all(map(is_whole, given))


def _of_arrays(primitive: Primitive, bound: list[Any]) -> bool:
    """Whether the result may be an array. Python's operators take lists for arrays only beside one."""
    if primitive.root is None and not primitive.name.startswith("."):
        return any(isinstance(b, (np.ndarray, np.generic)) for b in bound)
    return primitive.gives is not None or any(map(_holds_array, bound))


def _holds_array(value: Any) -> bool:
    return type(value) is Array or (isinstance(value, (list, tuple)) and any(map(_holds_array, value)))
