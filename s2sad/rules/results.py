"""What an operation gives, told from the types of its arguments: NumPy is asked about arrays of one element for the class and the dtype,
the primitive for the shape."""
from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.rules.language import Primitive
from s2sad.runtime.notices import ignoring
from s2sad.types.arrays import Array, element, shape_of
from s2sad.types.families import broadcast
from s2sad.types.sizes import Size, is_whole


class Unstated(Exception):
    """A primitive does not say how the shape of its result follows."""


def result(primitive: Primitive, bound: list[Any]) -> Any:
    """What stands for the result: an `Array`, a number of the class, or a container of these.

    `bound` are the arguments in the order of the parameters, arrays as `Array`, unknown whole numbers as `Size`, other unknown numbers as
    a number of their class. Raises Unstated; ValueError, IndexError or TypeError where the operation would raise; Undecided.
    """
    if primitive.of_sizes and all(map(is_whole, bound)):
        kind = type(one_element(primitive, bound))
        found = primitive.evaluate(bound)
        return found.of_kind(kind) if isinstance(found, Size) else kind(found)
    if not any(_holds_array(b) for b in bound) and primitive.gives is None:
        return one_element(primitive, bound)
    given = stated(primitive, bound)
    return given if _is_whole_type(given) else shaped(one_element(primitive, bound), given)


def stated(primitive: Primitive, bound: list[Any]) -> Any:
    """What the primitive says: the shape of the result, or more."""
    if primitive.gives is not None:
        values = dict(zip((p.name for p in primitive.parameters), bound, strict=True))
        return primitive.gives(*(values[name] for name in _names(primitive.gives)))
    if primitive.kind == "elementwise":
        return broadcast(*(shape_of(b) for b in bound if not isinstance(b, (str, type, np.dtype))))
    raise Unstated(primitive.name)


@functools.cache
def _names(function: Callable[..., Any]) -> tuple[str, ...]:
    return tuple(inspect.signature(function).parameters)


def one_element(primitive: Primitive, bound: list[Any]) -> Any:
    """The result on arrays of one element: its class and its dtype are those of the result."""
    with np.errstate(all="ignore"), ignoring(Warning):
        return primitive.evaluate(element(bound))


def shaped(like: Any, shape: Any) -> Any:
    """What has the class and dtype of one thing, and this shape; a list has one for each leaf."""
    if type(shape) is list:
        leaves, structure = trees.flatten(like)
        return trees.unflatten(structure, [shaped(leaf, each) for leaf, each in zip(leaves, shape, strict=True)])
    if shape == () and not isinstance(like, np.ndarray):
        return like
    return Array(np.asarray(like).dtype, shape)


def _is_whole_type(given: Any) -> bool:
    """Whether a statement is about the class and dtype as well."""
    if type(given) is list:
        return all(map(_is_whole_type, given)) and bool(given)
    return not isinstance(given, tuple) or any(_is_whole_type(g) for g in given)


def _holds_array(value: Any) -> bool:
    return type(value) is Array or (isinstance(value, (list, tuple)) and any(map(_holds_array, value)))
