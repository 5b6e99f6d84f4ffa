"""Shapes of products: each contracts some axes of both, which must be of one length."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.types.arrays import Array, dtype_of, shape_of
from s2sad.types.families import broadcast, place
from s2sad.types.given import Shape, agreed, without
from s2sad.types.operators import matmul
from s2sad.types.sizes import product

ALIGNED = "shapes are not aligned"
CROSSES_PLANES = np.lib.NumpyVersion(np.__version__) < "2.5.0"  # vectors of two components


def matmul_of_arrays(x1: Any, x2: Any) -> Shape:
    return matmul(x1, x2)


def dot(a: Any, b: Any) -> Shape:
    left, right = shape_of(a), shape_of(b)
    if not left or not right:
        return left or right
    agreed(left[-1], right[-2:][0], ALIGNED)
    return (*left[:-1], *right[:-2], *right[-2:][1:])


def inner(a: Any, b: Any) -> Shape:
    left, right = shape_of(a), shape_of(b)
    if not left or not right:
        return left or right
    agreed(left[-1], right[-1], ALIGNED)
    return (*left[:-1], *right[:-1])


def vdot(a: Any, b: Any) -> Shape:
    agreed(product(shape_of(a)), product(shape_of(b)), "cannot reshape array")
    return ()


def outer(*both: Any) -> Shape:
    return tuple(product(shape_of(x)) for x in both)


def tensordot(a: Any, b: Any, axes: Any) -> Shape:
    left, right = shape_of(a), shape_of(b)
    if np.ndim(axes) == 0:
        own, others = list(range(len(left) - int(axes), len(left))), list(range(int(axes)))
        if axes > min(len(left), len(right)):
            raise IndexError("shape-mismatch for sum: there are not so many axes")
    else:
        own, others = ([place(k, len(s)) for k in ([some] if np.ndim(some) == 0 else some)]
                       for some, s in zip(axes, (left, right), strict=True))  # fmt: skip
    if len(own) != len(others):
        raise ValueError("shape-mismatch for sum")
    for i, j in zip(own, others, strict=True):
        agreed(left[i], right[j], "shape-mismatch for sum")
    return (*without(left, *own), *without(right, *others))


def kron(a: Any, b: Any) -> Shape:
    left, right = shape_of(a), shape_of(b)
    rank = max(len(left), len(right))
    padded = [(*(1,) * (rank - len(s)), *s) for s in (left, right)]
    return tuple(n * m for n, m in zip(*padded, strict=True))


def einsum(inputs: list[str], shapes: list[Shape], output: str) -> Shape:
    """Of terms with their subscripts spelt out: each letter is of one length, or of length 1 and broadcast."""
    found: dict[str, Any] = {}
    for letters, shape in zip(inputs, shapes, strict=True):
        for letter, n in _by_letter(letters, shape).items():
            found[letter], = broadcast((found.get(letter, 1),), (n,))
    return tuple(found[letter] for letter in output)


def _by_letter(letters: str, shape: Shape) -> dict[str, Any]:
    """The lengths in one term, where a letter that stands twice reads a diagonal."""
    found: dict[str, Any] = {}
    for letter, n in zip(letters, shape, strict=True):
        found[letter] = agreed(found.get(letter, n), n, f"dimensions for collapsing index {letter!r} don't match")
    return found


def cross(a: Any, b: Any, axisa: Any, axisb: Any, axisc: Any, axis: Any) -> Array:
    axisa, axisb, axisc = (axisa, axisb, axisc) if axis is None else (axis, axis, axis)
    left, right = shape_of(a), shape_of(b)
    components = [_components(s[place(k, len(s))]) for s, k in ((left, axisa), (right, axisb))]
    if 2 in components and not CROSSES_PLANES:
        raise ValueError("Both input arrays must be (arrays of) 3-dimensional vectors")
    shape = list(broadcast(without(left, axisa), without(right, axisb)))
    if components != [2, 2]:
        shape.insert(place(axisc, len(shape) + 1), 3)
    return Array(np.result_type(dtype_of(a), dtype_of(b)), tuple(shape))


def _components(n: Any) -> int:
    if n == 3 or n == 2:
        return 3 if n == 3 else 2
    raise ValueError(f"incompatible dimensions for cross product (dimension must be 2 or 3): {n}")


def cross_of_three(x1: Any, x2: Any, axis: Any) -> Array:
    return cross_of_three_along(x1, x2, axis, axis, axis, None)


def cross_of_three_along(a: Any, b: Any, axisa: Any, axisb: Any, axisc: Any, axis: Any) -> Array:
    for shape, k in ((shape_of(a), axisa), (shape_of(b), axisb)):
        along = shape[place(k if axis is None else axis, len(shape))]
        agreed(along, 3, "Both input arrays must be (arrays of) 3-dimensional vectors")
    return cross(a, b, axisa, axisb, axisc, axis)
