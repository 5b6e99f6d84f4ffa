"""Shapes of what functions of scipy.special give that do not work element by element, or give several results."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.types.arrays import Array, dtype_of, shape_of
from s2sad.types.families import broadcast, elementwise
from s2sad.types.given import Shape
from s2sad.types.reductions import gathered


def log_of_sum(a: Any, axis: Any, b: Any, keepdims: Any, return_sign: Any) -> Any:
    shape = shape_of(a) if b is None else broadcast(shape_of(a), shape_of(b))
    found = gathered(shape, axis, keepdims)
    return [found, found] if return_sign else found


def like_x(x: Any, axis: Any) -> Shape:
    gathered(shape_of(x), axis)
    return shape_of(x)


def pair(*arguments: Any) -> list[Shape]:
    """Of two results, each computed element by element."""
    return [elementwise(*arguments)] * 2


def four(*arguments: Any) -> list[Shape]:
    return [elementwise(*arguments)] * 4


def summed_over_dimensions(a: Any) -> Any:
    """Of the multivariate gamma function, which has no value at 1."""
    shape = shape_of(a)
    return Array(np.result_type(dtype_of(a), np.float32), shape) if shape else np.float64(1.0)


def legendre(n: Any, z: Any, diff_n: int) -> Shape:
    """Values, and behind them along the first axis as many derivatives."""
    return (diff_n + 1, *elementwise(n, z))


def legendre_of_order(n: Any, m: Any, z: Any, diff_n: int) -> Shape:
    return (diff_n + 1, *elementwise(n, m, z))


def legendre_on_sphere(n: Any, m: Any, theta: Any) -> Shape:
    return (1, *elementwise(n, m, theta))


def all_legendre(n: Any, z: Any, diff_n: int) -> Shape:
    """The degrees up to one along an axis of their own; where there are orders, those up to one on both sides of 0."""
    return (diff_n + 1, n + 1, *shape_of(z))


def all_legendre_of_orders(n: Any, m: Any, z: Any, diff_n: int) -> Shape:
    return (diff_n + 1, n + 1, 2 * m + 1, *shape_of(z))


def all_legendre_on_sphere(n: Any, m: Any, theta: Any) -> Shape:
    return (1, n + 1, 2 * m + 1, *shape_of(theta))


def all_harmonics(n: Any, m: Any, theta: Any, phi: Any) -> Shape:
    return (n + 1, 2 * m + 1, *elementwise(theta, phi))


def orders(n: Any, x: Any) -> list[Shape]:
    return [(n + 1,)] * 2
