"""Shapes of what is arranged anew: other lengths, other axes, stretched."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.types.arrays import Array, dtype_of, shape_of
from s2sad.types.families import broadcast, place
from s2sad.types.given import Shape, axes_of, below_zero, fresh, lengths, replaced
from s2sad.types.sizes import product, same


def reshaped(a: Any, shape: Any) -> Any:
    """A length that is below zero is what the others leave: `n*m` elements in n rows make m columns."""
    wanted, total = lengths(shape), product(shape_of(a))
    left = [k for k, n in enumerate(wanted) if below_zero(n)]
    if len(left) > 1:
        raise ValueError("can only specify one unknown dimension")
    known = product(n for k, n in enumerate(wanted) if k not in left)
    if left:
        wanted[left[0]] = _rest(total, known, shape)
    elif not same(total, known) and not total == known:
        raise _not_so_many(total, shape)
    return fresh(a, wanted) if wanted or not isinstance(a, np.generic) else a


def _rest(total: Any, known: Any, shape: Any) -> Any:
    if known == 0 or not total % known == 0:
        raise _not_so_many(total, shape)
    return total // known


def _not_so_many(total: Any, shape: Any) -> ValueError:
    return ValueError(f"cannot reshape array of size {total} into shape {shape}")


def flat(a: Any) -> Shape:
    return (product(shape_of(a)),)


def expanded(a: Any, axis: Any) -> Shape:
    shape = list(shape_of(a))
    for k in sorted(axes_of(axis, len(shape) + (len(axis) if isinstance(axis, (list, tuple)) else 1))):
        shape.insert(k, 1)
    return tuple(shape)


def squeezed(a: Any, axis: Any) -> Any:
    shape = shape_of(a)
    gone = [k for k, n in enumerate(shape) if n == 1] if axis is None else axes_of(axis, len(shape))
    if axis is not None and not all(shape[k] == 1 for k in gone):
        raise ValueError("cannot select an axis to squeeze out which has size not equal to one")
    if isinstance(a, np.generic):
        return a
    left = tuple(n for k, n in enumerate(shape) if k not in gone)
    return Array(dtype_of(a), left, writeable=getattr(a, "writeable", True))


# Axes


def transposed(a: Any, axes: Any) -> Shape:
    shape = shape_of(a)
    return shape[::-1] if axes is None else tuple(shape[k] for k in axes_of(axes, len(shape)))


def matrix_transposed(x: Any) -> Shape:
    shape = shape_of(x)
    if len(shape) < 2:
        raise ValueError(f"Input array must be at least 2-dimensional, but it is {len(shape)}")
    return (*shape[:-2], shape[-1], shape[-2])


def swapped(a: Any, axis1: Any, axis2: Any) -> Shape:
    return _swapped(shape_of(a), axis1, axis2)


def _swapped(given: Shape, axis1: Any, axis2: Any) -> Shape:
    shape = list(given)
    first, second = place(axis1, len(shape)), place(axis2, len(shape))
    shape[first], shape[second] = shape[second], shape[first]
    return tuple(shape)


def moved(a: Any, source: Any, destination: Any) -> Shape:
    shape = shape_of(a)
    sources, places = axes_of(source, len(shape)), axes_of(destination, len(shape))
    if len(sources) != len(places):
        raise ValueError("`source` and `destination` arguments must have the same number of elements")
    order = [k for k in range(len(shape)) if k not in sources]
    for to, k in sorted(zip(places, sources, strict=True)):
        order.insert(to, k)
    return tuple(shape[k] for k in order)


def rolled(a: Any, axis: Any, start: Any) -> Shape:
    shape = list(shape_of(a))
    axis, before = place(axis, len(shape)), start + len(shape) if start < 0 else start
    shape.insert(place(before, len(shape) + 1) - (axis < before), shape.pop(axis))
    return tuple(shape)


def turned(m: Any, k: Any, axes: Any) -> Shape:
    """By a quarter, as often as is said."""
    axes_of(axes, len(shape_of(m)))
    return shape_of(m) if k % 2 == 0 else _swapped(shape_of(m), *axes)


# Stretched


def broadcast_to(array: Any, shape: Any) -> Array:
    given, wanted = shape_of(array), tuple(lengths(shape))
    if len(given) > len(wanted) or any(map(below_zero, wanted)):
        raise ValueError("input operand has more dimensions than allowed by the axis remapping" if len(given) > len(wanted) else
                         "all elements of broadcast shape must be non-negative")  # fmt: skip
    for n, to in zip(given, wanted[len(wanted) - len(given) :], strict=True):
        if not same(n, to) and not n == 1 and not n == to:
            raise ValueError(f"operands could not be broadcast together with remapped shapes: {n} and {to} elements")
    return Array(dtype_of(array), wanted, writeable=False)


def all_broadcast(args: Any) -> list[Shape]:
    return [broadcast(*map(shape_of, args))] * len(args)


def at_least(shape: Shape, rank: int) -> Shape:
    """The shape that `np.atleast_1d`, `np.atleast_2d` or `np.atleast_3d` gives."""
    if rank == 3 and len(shape) < 3:
        return (*(1,) * (len(shape) < 2), *(shape or (1,)), 1)
    return (*(1,) * (rank - len(shape)), *shape)


def each_a_vector(arys: Any) -> Any:
    return _each_at_least(arys, 1)


def each_a_matrix(arys: Any) -> Any:
    return _each_at_least(arys, 2)


def each_a_stack(arys: Any) -> Any:
    return _each_at_least(arys, 3)


def _each_at_least(arys: Any, rank: int) -> Any:
    shapes = [at_least(shape_of(x), rank) for x in arys]
    return shapes[0] if len(shapes) == 1 else shapes


def grid(xi: Any, sparse: Any, indexing: Any) -> list[Shape]:
    """The shapes that `np.meshgrid` gives."""
    sizes = [product(shape_of(x)) for x in xi]
    places = [1, 0, *range(2, len(xi))] if indexing == "xy" and len(xi) > 1 else list(range(len(xi)))
    whole = tuple(sizes[p] for p in places)
    return [replaced((1,) * len(xi), p, n) if sparse else whole for p, n in zip(places, sizes, strict=True)]
