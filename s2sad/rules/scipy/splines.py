"""Interpolation of scipy.ndimage by B-splines, as a sum over the coefficients near a point, its transpose and its derivatives.

M. Unser, Splines: a perfect fit for signal and image processing, IEEE Signal Processing Magazine 16(6), 1999: the B-splines, their
derivatives (19), and the filter that makes coefficients of samples (16). That filter is the inverse of a matrix, which is symmetric where
the samples go on by half a step or around, and up to a factor of 2 at the ends where they are mirrored at the ends.
"""
from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
import scipy.ndimage

from s2sad.rules.scipy.boundaries import folded

PADDED = 12  # how far SciPy lets an array go on in the modes that have no filter of their own
SHORT = 48  # what is longer is as good as endless for the filter, whose start SciPy then computes exactly


def padding(order: int, mode: str, prefilter: bool) -> int:
    return PADDED if prefilter and order > 1 and mode in ("nearest", "grid-constant") else 0


# Coefficients of samples


def filtered(x: Any, order: int, mode: str, cval: Any, prefilter: bool) -> Any:
    """The coefficients from which SciPy interpolates."""
    pad = padding(order, mode, prefilter)
    if pad:
        x = np.pad(x, pad, mode="edge") if mode == "nearest" else np.pad(x, pad, constant_values=cval)
    return scipy.ndimage.spline_filter(x, order, mode=mode) if prefilter and order > 1 else x


def filtered_back(c: Any, order: int, mode: str, prefilter: bool) -> Any:
    pad = padding(order, mode, prefilter)
    if prefilter and order > 1:
        for axis in range(c.ndim):
            c = filter1d_back(c, order, axis, mode)
    return folded(c, ((pad, pad),) * c.ndim, "nearest" if mode == "nearest" else "constant") if pad else c


def filter1d_back(c: Any, order: int, axis: int, mode: str) -> Any:
    """The transpose of the filter along an axis."""
    length = c.shape[axis]
    if order < 2:
        return c
    if length <= SHORT:
        matrix = scipy.ndimage.spline_filter1d(np.eye(length), order, 0, mode=mode)
        return np.moveaxis(np.tensordot(matrix, c, ((0,), (axis,))), 0, axis)
    if mode in ("reflect", "nearest", "grid-mirror", "grid-wrap"):
        return scipy.ndimage.spline_filter1d(c, order, axis, mode=mode)
    ends = np.ones([length if k == axis % c.ndim else 1 for k in range(c.ndim)])
    np.moveaxis(ends, axis, 0)[[0, -1]] = 2.0
    return scipy.ndimage.spline_filter1d(c * ends, order, axis, mode=mode) / ends


# Values between samples


def sampled(f: Any, coordinates: Any, order: int, mode: str, cval: Any, slopes: tuple[int, ...]) -> Any:
    """The sum over the coefficients near each point, or a derivative of it: so many times along each axis."""
    parts = _parts(f.shape, coordinates, order, mode, slopes)
    found = np.zeros(coordinates.shape[1:], np.result_type(f, coordinates, float))
    for index, weight, there in _products(parts):
        values = f[index]
        found += weight * (values if mode != "grid-constant" else np.where(there, values, cval))
    inside = _inside(f.shape, coordinates, mode)
    return found if inside is None else np.where(inside, found, 0.0 if any(slopes) else cval)


def scattered(c: Any, coordinates: Any, shape: Any, order: int, mode: str, slopes: tuple[int, ...]) -> Any:
    """The transpose: what belongs to each coefficient."""
    inside = _inside(shape, coordinates, mode)
    share = c if inside is None else np.where(inside, c, 0.0)
    found = np.zeros(shape, np.result_type(c, float))
    for index, weight, there in _products(_parts(shape, coordinates, order, mode, slopes)):
        np.add.at(found, index, np.where(there, weight * share, 0.0))
    return found


def _products(parts: Any) -> Iterator[tuple[tuple[Any, ...], Any, Any]]:
    for places in itertools.product(*parts):
        index, weight, there = places[0][0], places[0][1], places[0][2]
        for _, more, also in places[1:]:
            weight, there = weight * more, there & also
        yield (index, *[p[0] for p in places[1:]]), weight, there


def _parts(shape: Any, coordinates: Any, order: int, mode: str, slopes: tuple[int, ...]) -> Any:
    """For each axis, each coefficient near a point: its index, its weight, and whether it is in the array."""
    return [_along(n, at, order, mode, slope) for n, at, slope in zip(shape, coordinates, slopes, strict=True)]


def _along(length: int, at: Any, order: int, mode: str, slope: int) -> Any:
    place, sign = _mapped(np.asarray(at, float), length, mode)
    start = np.floor(place + (0.0 if order % 2 else 0.5)).astype(int) - order // 2
    found = []
    for k in range(order + 1):
        index, there = _index(start + k, length, mode)
        found.append((index, _b_spline(place - (start + k), order, slope) * sign**slope, there))
    return found


def _b_spline(x: Any, order: int, slope: int) -> Any:
    if slope:
        if order == 0:
            return np.zeros_like(x)
        return _b_spline(x + 0.5, order - 1, slope - 1) - _b_spline(x - 0.5, order - 1, slope - 1)
    if order == 0:
        return ((x >= -0.5) & (x < 0.5)).astype(float)
    half = 0.5 * (order + 1)
    return ((half + x) * _b_spline(x + 0.5, order - 1, 0) + (half - x) * _b_spline(x - 0.5, order - 1, 0)) / order


def _inside(shape: Any, coordinates: Any, mode: str) -> Any:
    """Where there are values; None if everywhere."""
    if mode != "constant":
        return None
    return np.all([(at >= 0) & (at <= n - 1) for n, at in zip(shape, coordinates, strict=True)], axis=0)


def _mapped(at: Any, length: int, mode: str) -> tuple[Any, Any]:
    """The place in the array that stands for one beyond its ends, and how it moves with it."""
    one = np.ones_like(at)
    if length <= 1 and mode in ("mirror", "reflect", "grid-mirror", "wrap"):
        return np.zeros_like(at), np.where(at == 0.0, one, 0.0)
    if mode == "mirror":
        there = at % (2.0 * length - 2.0)
        return np.where(there > length - 1, 2.0 * length - 2.0 - there, there), np.where(there > length - 1, -one, one)
    if mode in ("reflect", "grid-mirror"):
        there = (at + 0.5) % (2.0 * length)
        back = np.where(there > length, 2.0 * length - there, there) - 0.5
        return np.where((at >= 0) & (at <= length - 1), at, back), np.where(there > length, -one, one)
    if mode == "wrap":
        return np.where((at >= 0) & (at <= length - 1), at, at % (length - 1.0)), one
    if mode == "grid-wrap":
        return np.where((at >= 0) & (at < length), at, at % length), one
    return np.where((at >= 0) & (at <= length - 1), at, 0.0) if mode == "constant" else at, one


def _index(k: Any, length: int, mode: str) -> tuple[Any, Any]:
    """The index of a coefficient beyond the ends, and whether it is in the array."""
    if mode == "grid-wrap":
        return k % length, np.True_
    if mode == "nearest":
        return np.clip(k, 0, length - 1), np.True_
    if mode in ("reflect", "grid-mirror"):
        return np.minimum(k % (2 * length), (-1 - k) % (2 * length)), np.True_
    if mode == "grid-constant":
        return np.clip(k, 0, length - 1), (k >= 0) & (k < length)
    period = max(2 * length - 2, 1)
    return np.minimum(k % period, -k % period), np.True_
