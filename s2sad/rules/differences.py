"""np.gradient: along an axis, the slopes of the stretches between points, of which a point has those on its two sides.

With h the lengths of stretches and s their slopes, a point inside has (1 - r) s[before] + r s[after], with r = h[before] / (h[before] +
h[after]); an end has the slope beside it, in the second order carried on by what it differs from the next one.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.rules.facts import Facts
from s2sad.rules.language import rule
from s2sad.types import dependence
from s2sad.types import statistics as types


def _over(f: Any, axis: Any) -> Any:
    return tuple(range(np.ndim(f))) if axis is None else axis if isinstance(axis, tuple) else (axis,)


def _spacings(varargs: Any, axes: Any) -> Any:
    """What is given for each axis: a distance, or places."""
    if not varargs:
        return [1.0] * len(axes)
    return list(varargs) if len(varargs) == len(axes) else [varargs[0]] * len(axes)


def _parts(g: Any, axes: Any) -> Any:
    return g if len(axes) > 1 else [g]


def _lengths(x: Any) -> Any:
    """The lengths of the stretches, or the one of all."""
    return np.diff(x) if np.ndim(x) else x


def _shares(h: Any) -> Any:
    """How much a point inside has of the slope after it."""
    return h[:-1] / (h[:-1] + h[1:]) if np.ndim(h) else 0.5


def _first(r: Any) -> Any:
    return r[0] if np.ndim(r) else r


def _last(r: Any) -> Any:
    return r[-1] if np.ndim(r) else r


def _joined(*parts: Any) -> Any:
    return np.concatenate(parts, axis=-1)


def _stretches_back(g: Any, r: Any, edge_order: int) -> Any:
    """The cotangents of the slopes of stretches, of those of points."""
    inside = g[..., 1:-1]
    found = _joined(g[..., :1], r * inside) + _joined((1.0 - r) * inside, g[..., -1:])
    if edge_order == 1:
        return found
    start, end, rest = _first(r) * g[..., :1], (1.0 - _last(r)) * g[..., -1:], np.zeros_like(g[..., 3:])
    return found + _joined(start, -start, rest) + _joined(rest, -end, end)


def _values_back(g: Any, x: Any, edge_order: int) -> Any:
    h = _lengths(x)
    return -np.diff(_stretches_back(g, _shares(h), edge_order) / h, prepend=0.0, append=0.0)


def _sum_of_rows(rows: Any) -> Any:
    return np.sum(rows, axis=tuple(range(np.ndim(rows) - 1))) if np.ndim(rows) > 1 else rows


def _shares_back(g: Any, slopes: Any, edge_order: int) -> Any:
    inside = _sum_of_rows(g[..., 1:-1] * (slopes[..., 1:] - slopes[..., :-1]))
    if edge_order == 1:
        return inside
    start = _sum_of_rows(g[..., :1] * (slopes[..., :1] - slopes[..., 1:2]))
    end = _sum_of_rows(g[..., -1:] * (slopes[..., -2:-1] - slopes[..., -1:]))
    rest = np.zeros_like(inside[1:])
    return inside + _joined(start, rest) + _joined(rest, end)


def _places_back(g: Any, f: Any, x: Any, edge_order: int) -> Any:
    """The cotangent of a distance, or of places."""
    h = _lengths(x)
    r, slopes = _shares(h), np.diff(f) / h
    own = -_stretches_back(g, r, edge_order) * slopes / h
    if np.ndim(x) == 0:
        return np.sum(own)
    by_share = _shares_back(g, slopes, edge_order) / (h[:-1] + h[1:])
    both = _joined((1.0 - r) * by_share, np.zeros(1)) - _joined(np.zeros(1), r * by_share)
    return -np.diff(_sum_of_rows(own) + both, prepend=0.0, append=0.0)


def _to_end(a: Any, axis: int) -> Any:
    return a if axis % np.ndim(a) == np.ndim(a) - 1 else np.moveaxis(a, axis, -1)


def _from_end(a: Any, axis: int) -> Any:
    return a if axis % np.ndim(a) == np.ndim(a) - 1 else np.moveaxis(a, -1, axis)


def _gradient_back(g: Any, f: Any, varargs: Any, axis: Any, edge_order: int) -> Any:
    axes, total = _over(f, axis), 0.0
    for seeds, k, x in zip(_parts(g, axes), axes, _spacings(varargs, axes), strict=True):
        total = total + _from_end(_values_back(_to_end(seeds, k), x, edge_order), k)
    return total


def _spacings_back(g: Any, f: Any, varargs: Any, axis: Any, edge_order: int) -> Any:
    axes = _over(f, axis)
    found = [_places_back(_to_end(seeds, k), _to_end(f, k), x, edge_order)
             for seeds, k, x in zip(_parts(g, axes), axes, _spacings(varargs, axes), strict=True)]  # fmt: skip
    return found if len(varargs) == len(axes) else [sum(found[1:], found[0])]


def _spread(given: Any) -> Any:
    """A point depends on its neighbours along an axis, an end in the second order on one more; all of them on all places."""
    numbers, order, rank = np.asarray(given.numbered["f"]), given.read("edge_order"), len(given.shapes[0])
    axis = given.read("axis")
    axes = range(rank) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    return [dependence.together([_along(shape, numbers, k, order), *dependence.on_all(shape, given.but("f"))])
            for shape, k in zip(given.shapes, axes, strict=True)]  # fmt: skip


def _along(shape: Any, numbers: Any, axis: int, order: int) -> Any:
    n = shape[axis]
    reached = np.abs(np.subtract.outer(np.arange(n), np.arange(n))) <= 1
    reached[0, order] = reached[-1, -1 - order] = True
    at, of = np.nonzero(reached)
    return dependence.pairs(np.moveaxis(dependence.places(shape), axis, -1)[..., at], np.moveaxis(numbers, axis, -1)[..., of])


rule("np.gradient(f, *varargs, axis=None, edge_order=1)", f="_gradient_back(g, f, varargs, axis, edge_order)",
     varargs="_spacings_back(g, f, varargs, axis, edge_order)", may_raise="sizes",
     facts=Facts(gives=types.slopes, spreads=_spread))  # fmt: skip
