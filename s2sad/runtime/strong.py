"""Products in a chain of derivatives, in which 0 times anything is 0: there an exact 0 says that nothing flows.

Quick code multiplies plainly. These take the place of its products where a result has come out as NaN; where the plain product holds none,
they give the same.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad.runtime.arrays import exclusive_scan, ratio_or_zero
from s2sad.runtime.functions import ratio


def strong_product(x: Any, y: Any) -> Any:
    """`x * y`, and an exact 0 where one of them is 0, also where the other is infinite or NaN: where nothing flows, nothing arrives.

    >>> strong_product(np.array([0.0, 2.0, np.nan]), np.array([np.inf, 3.0, 0.0]))
    array([0., 6., 0.])
    >>> strong_product(0.0, float("inf"))
    0.0
    """
    if type(x) is type(y) is float:
        product = x * y
        return 0.0 if product != product and (x == 0 or y == 0) else product
    with np.errstate(all="ignore"):
        product = x * y
        return _zero_where(np.equal(x, 0) | np.equal(y, 0), product) if holds_nan(product) else product


def strong_quotient(x: Any, y: Any) -> Any:
    """`x / y`, and an exact 0 where `x` is 0 or `y` infinite, whatever the other.

    >>> strong_quotient(np.array([0.0, 1.0, np.inf]), np.array([0.0, 0.0, np.inf]))
    array([ 0., inf,  0.])
    """
    with np.errstate(all="ignore"):
        quotient = ratio(x, y)
        return _zero_where(np.equal(x, 0) | np.isinf(y), quotient) if holds_nan(quotient) else quotient


def strong_ratio_or_zero(a: Any, b: Any) -> Any:
    """`ratio_or_zero(a, b)`, and an exact 0 where `a` is 0, also for a `b` that is NaN."""
    with np.errstate(all="ignore"):
        quotient = ratio_or_zero(a, b)
        return _zero_where(np.equal(a, 0) | np.isinf(b), quotient) if holds_nan(quotient) else quotient


def strong_scan(c: Any, v: Any, axis: int = -1, reverse: bool = False) -> Any:
    """`exclusive_scan(c, v, axis, reverse)` with strong products.

    >>> strong_scan(np.array([np.nan, 2.0, 3.0]), np.array([0.0, 1.0, 1.0]), -1)
    array([0., 0., 1.])
    """
    scan = exclusive_scan(c, v, axis, reverse)
    if not holds_nan(scan):
        return scan
    factors, parts = (np.moveaxis(x, axis, 0)[::-1] if reverse else np.moveaxis(x, axis, 0) for x in np.broadcast_arrays(c, v))
    found = [np.zeros_like(parts[0])] if len(parts) else []
    for factor, part in zip(factors[:-1], parts[:-1], strict=True):
        found.append(strong_product(factor, found[-1]) + part)
    return np.moveaxis(np.stack(found[::-1] if reverse else found), 0, axis)


def strong_cross(a: Any, b: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None) -> Any:
    """`np.cross` of vectors of three components, with strong products.

    >>> strong_cross(np.array([1.0, 0.0, 0.0]), np.array([np.nan, 2.0, 3.0]))
    array([ 0., -3.,  2.])
    """
    axisa, axisb, axisc = (axisa, axisb, axisc) if axis is None else (axis, axis, axis)
    x, y = np.moveaxis(np.asarray(a), axisa, 0), np.moveaxis(np.asarray(b), axisb, 0)
    parts = [strong_product(x[i - 2], y[i - 1]) - strong_product(x[i - 1], y[i - 2]) for i in range(3)]
    return np.moveaxis(np.stack(np.broadcast_arrays(*parts)), 0, axisc)


def strong_matmul(x: Any, y: Any) -> Any:
    """`x @ y` as a sum of strong products.

    >>> strong_matmul(np.array([[0.0, 1.0]]), np.array([[np.inf], [2.0]]))
    array([[2.]])
    """
    return _multilinear(np.matmul, x, y)


def strong_dot(a: Any, b: Any) -> Any:
    """`np.dot(a, b)` as a sum of strong products."""
    return _multilinear(np.dot, a, b)


def strong_outer(a: Any, b: Any) -> Any:
    """`np.outer(a, b)` of strong products."""
    return _multilinear(np.outer, a, b)


def strong_convolve(a: Any, v: Any, mode: Any = "full") -> Any:
    """`np.convolve(a, v, mode)` as sums of strong products."""
    return _multilinear(lambda a, v: np.convolve(a, v, mode), a, v)


def strong_matvec(x: Any, y: Any) -> Any:
    """`np.matvec(x, y)` as sums of strong products."""
    return _multilinear(lambda x, y: np.matmul(x, np.expand_dims(y, -1))[..., 0], x, y)


def strong_tensordot(a: Any, b: Any, axes: Any = 2) -> Any:
    """`np.tensordot(a, b, axes)` as sums of strong products."""
    return _multilinear(lambda a, b: np.tensordot(a, b, axes), a, b)


def strong_einsum(subscripts: str, *arrays: Any, optimize: Any = False) -> Any:
    """`np.einsum(subscripts, *arrays)` as sums of strong products.

    >>> strong_einsum("i,i->i", np.array([0.0, 2.0]), np.array([np.nan, 3.0]))
    array([0., 6.])
    """
    return _multilinear(lambda *arrays: np.einsum(subscripts, *arrays, optimize=optimize), *arrays)


def strong_solve(a: Any, b: Any) -> Any:
    """`np.linalg.solve(a, b)`, and an exact 0 for a right side of zeros, whatever the matrix holds.

    >>> strong_solve(np.array([[np.nan]]), np.array([0.0]))
    array([0.])
    """
    solution = np.linalg.solve(a, b)
    nothing = np.all(np.equal(b, 0), axis=-1 if np.ndim(b) == 1 else -2, keepdims=True)
    return _zero_where(nothing, solution) if holds_nan(solution) else solution


def holds_nan(value: Any) -> bool:
    """Whether a number, an array, or a sequence of those has a NaN: then the call is answered by code with strong products."""
    if isinstance(value, (list, tuple)):
        return any(map(holds_nan, value))
    inexact = isinstance(value, (float, complex)) or (isinstance(value, (np.ndarray, np.generic)) and value.dtype.kind in "fc")
    return inexact and bool(np.isnan(value).any())


def _zero_where(condition: Any, value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return np.where(condition, value.dtype.type(0), value)
    return type(value)(0) if condition else value


def _multilinear(operation: Callable[..., Any], *arrays: Any) -> Any:
    """Sums of products of the entries of the arrays, those with a 0 left out.

    Where only zeros meet what is infinite or NaN, finite entries make the sum.
    """
    with np.errstate(all="ignore"):
        result = operation(*arrays)
        if not holds_nan(result):
            return result
        there = [np.not_equal(a, 0).astype(float) for a in arrays]
        beyond = [(~np.isfinite(a)).astype(float) for a in arrays]
        touched: Any = sum(operation(*there[:k], beyond[k], *there[k + 1 :]) for k in range(len(arrays)))
        finite = operation(*(np.where(np.isfinite(a), a, np.asarray(a).dtype.type(0)) for a in arrays))
        return np.where(touched == 0, finite, result)[()]
