"""Rules of scipy.ndimage: filters. Those that are linear have transposes, in which what lies beyond the ends is folded back."""
from __future__ import annotations

from typing import Any

import numpy as np
import scipy.ndimage
from scipy.ndimage._filters import _gaussian_kernel1d

from s2sad.rules.facts import Facts
from s2sad.rules.following import follow
from s2sad.rules.language import linear, rule
from s2sad.rules.refusing import refuse
from s2sad.rules.scipy.boundaries import axes_of, correlated, correlated_back, each, one_by_one_back, weights_back
from s2sad.rules.scipy.choosing import means, shares
from s2sad.runtime.arrays import ratio_or_zero
from s2sad.types import filters

FRESH = Facts(fixed=("output",))
LIKE = FRESH.but(gives=filters.like_input)

# The form that is linear in an array, weights and a cotangent, each of whose parts has the other two as derivatives
rule("correlated(x, weights, mode='reflect', cval=0.0, origins=())", x="correlated_back(g, weights, mode, origins)",
     weights="weights_back(g, x, np.shape(weights), mode, cval, origins)",
     jvp="correlated(x_dot, weights, mode, 0.0, origins) + correlated(x, weights_dot, mode, cval, origins)",
     facts=Facts(gives=filters.weighted_array))  # fmt: skip
rule("correlated_back(c, weights, mode='reflect', origins=())", c="correlated(g, weights, mode, 0.0, origins)",
     weights="weights_back(c, g, np.shape(weights), mode, 0.0, origins)",
     jvp="correlated_back(c_dot, weights, mode, origins) + correlated_back(c, weights_dot, mode, origins)",
     facts=Facts(gives=filters.weighted_cotangent))  # fmt: skip
rule("weights_back(c, x, shape, mode='reflect', cval=0.0, origins=())", c="correlated(x, g, mode, cval, origins)",
     x="correlated_back(c, g, mode, origins)",
     jvp="weights_back(c_dot, x, shape, mode, cval, origins) + weights_back(c, x_dot, shape, mode, 0.0, origins)",
     facts=Facts(gives=filters.of_weights))  # fmt: skip


def _kernel(weights: Any, axis: int, rank: int) -> Any:
    """Weights along one axis of an array of so many."""
    return np.reshape(weights, [-1 if k == axis % rank else 1 for k in range(rank)])


def _origins(origin: Any, axis: int, rank: int) -> Any:
    return tuple([origin if k == axis % rank else 0 for k in range(rank)])


def _turned(origin: Any, length: Any) -> Any:
    """The origin of a correlation that is a convolution, whose weights are turned around."""
    return length % 2 - 1 - origin


def _straight(weights: Any) -> Any:
    return np.conj(weights) if np.iscomplexobj(weights) else weights


def _correlate1d_back(g: Any, input: Any, weights: Any, axis: int, mode: str, origin: int) -> Any:
    rank = np.ndim(input)
    return correlated_back(g, _kernel(_straight(weights), axis, rank), mode, _origins(origin, axis, rank))


def _correlate1d_weights(g: Any, input: Any, weights: Any, axis: int, mode: str, cval: float, origin: int) -> Any:
    rank = np.ndim(input)
    shape = [np.shape(weights)[0] if k == axis % rank else 1 for k in range(rank)]
    found = np.reshape(weights_back(g, input, shape, mode, cval, _origins(origin, axis, rank)), np.shape(weights))
    return np.conj(found) if np.iscomplexobj(weights) else found


def _convolve1d_back(g: Any, input: Any, weights: Any, axis: int, mode: str, origin: int) -> Any:
    return _correlate1d_back(g, input, np.flip(_straight(weights)), axis, mode, _turned(origin, np.shape(weights)[0]))


def _convolve1d_weights(g: Any, input: Any, weights: Any, axis: int, mode: str, cval: float, origin: int) -> Any:
    found = _correlate1d_weights(g, input, np.real(weights), axis, mode, cval, _turned(origin, np.shape(weights)[0]))
    return np.flip(found)


rule("scipy.ndimage.correlate1d(input, weights, axis=-1, output=None, mode='reflect', cval=0.0, origin=0)",
     input="_correlate1d_back(g, input, weights, axis, mode, origin)",
     weights="_correlate1d_weights(g, input, weights, axis, mode, cval, origin)",
     jvp="scipy.ndimage.correlate1d(input_dot, weights, axis, None, mode, 0.0, origin)"
         " + scipy.ndimage.correlate1d(input, weights_dot, axis, None, mode, cval, origin)",
     facts=FRESH.but(gives=filters.weighted))  # fmt: skip
rule("scipy.ndimage.convolve1d(input, weights, axis=-1, output=None, mode='reflect', cval=0.0, origin=0)",
     input="_convolve1d_back(g, input, weights, axis, mode, origin)",
     weights="_convolve1d_weights(g, input, weights, axis, mode, cval, origin)",
     jvp="scipy.ndimage.convolve1d(input_dot, weights, axis, None, mode, 0.0, origin)"
         " + scipy.ndimage.convolve1d(input, weights_dot, axis, None, mode, cval, origin)",
     facts=FRESH.but(gives=filters.weighted))  # fmt: skip


def _spread_out(weights: Any, input: Any, axes: Any) -> Any:
    """Weights with all axes of the array."""
    missing = [k for k in range(np.ndim(input)) if k not in _over(axes, np.ndim(input))]
    return np.expand_dims(weights, tuple(missing)) if missing else weights


def _over(axes: Any, rank: int) -> Any:
    if axes is None:
        return list(range(rank))
    return [k % rank for k in (axes if isinstance(axes, (tuple, list)) else (axes,))]


def _all_origins(origin: Any, input: Any, axes: Any) -> Any:
    rank = np.ndim(input)
    over = _over(axes, rank)
    several = list(origin) if isinstance(origin, (tuple, list)) else [origin] * len(over)
    return tuple(several) if len(over) == rank else tuple([several[over.index(k)] if k in over else 0 for k in range(rank)])


def _correlate_back(g: Any, input: Any, weights: Any, mode: str, origin: Any, axes: Any) -> Any:
    return correlated_back(g, _spread_out(_straight(weights), input, axes), mode, _all_origins(origin, input, axes))


def _correlate_weights(g: Any, input: Any, weights: Any, mode: str, cval: float, origin: Any, axes: Any) -> Any:
    shape = np.shape(_spread_out(weights, input, axes))
    found = np.reshape(weights_back(g, input, shape, mode, cval, _all_origins(origin, input, axes)), np.shape(weights))
    return np.conj(found) if np.iscomplexobj(weights) else found


def _convolved_origins(origin: Any, input: Any, weights: Any, axes: Any) -> Any:
    lengths = np.shape(_spread_out(weights, input, axes))
    return tuple([_turned(o, n) for o, n in zip(_all_origins(origin, input, axes), lengths, strict=True)])


def _convolve_back(g: Any, input: Any, weights: Any, mode: str, origin: Any, axes: Any) -> Any:
    return correlated_back(g, _spread_out(np.flip(weights), input, axes), mode, _convolved_origins(origin, input, weights, axes))


def _convolve_weights(g: Any, input: Any, weights: Any, mode: str, cval: float, origin: Any, axes: Any) -> Any:
    shape = np.shape(_spread_out(weights, input, axes))
    found = weights_back(g, input, shape, mode, cval, _convolved_origins(origin, input, weights, axes))
    return np.flip(np.reshape(found, np.shape(weights)))


for _name in ("correlate", "convolve"):
    rule(f"scipy.ndimage.{_name}(input, weights, output=None, mode='reflect', cval=0.0, origin=0, axes=None)",
         input=f"_{_name}_back(g, input, weights, mode, origin, axes)",
         weights=f"_{_name}_weights(g, input, weights, mode, cval, origin, axes)",
         jvp=f"scipy.ndimage.{_name}(input_dot, weights, None, mode, 0.0, origin, axes=axes)"
             f" + scipy.ndimage.{_name}(input, weights_dot, None, mode, cval, origin, axes=axes)",
         facts=FRESH.but(gives=filters.weighted))  # fmt: skip


# Filters along one axis after another


def _gaussians(rank: int, sigma: Any, order: Any, mode: Any, truncate: float, radius: Any, axes: Any) -> Any:
    over = axes_of(axes, rank)
    given = zip(over, *(each(value, len(over)) for value in (sigma, order, mode, radius)), strict=True)
    return [(axis, _gaussian_kernel1d(s, o, int(truncate * float(s) + 0.5) if r is None else r)[::-1], m, 0)
            for axis, s, o, m, r in given if s > 1e-15]  # fmt: skip


def gaussian_back(c: Any, sigma: Any, order: Any, mode: Any, truncate: float, radius: Any, axes: Any) -> Any:
    return one_by_one_back(c, _gaussians(c.ndim, sigma, order, mode, truncate, radius, axes))


def uniform_back(c: Any, size: Any, mode: Any, origin: Any, axes: Any) -> Any:
    over = axes_of(axes, c.ndim)
    given = zip(over, *(each(value, len(over)) for value in (size, mode, origin)), strict=True)
    return one_by_one_back(c, [(axis, np.full(int(n), 1.0 / int(n)), m, o) for axis, n, m, o in given if n > 1])


def _slope_back(c: Any, beside: list[float], axis: int, mode: Any) -> Any:
    modes = each(mode, c.ndim)
    others = [(k, beside, modes[k], 0) for k in range(c.ndim) if k != axis % c.ndim]
    return one_by_one_back(c, [(axis, [-1.0, 0.0, 1.0], modes[axis], 0), *others])


def sobel_back(c: Any, axis: int, mode: Any) -> Any:
    return _slope_back(c, [1.0, 2.0, 1.0], axis, mode)


def prewitt_back(c: Any, axis: int, mode: Any) -> Any:
    return _slope_back(c, [1.0, 1.0, 1.0], axis, mode)


def laplace_back(c: Any, mode: Any, axes: Any) -> Any:
    over = axes_of(axes, c.ndim)
    return sum(one_by_one_back(c, [(axis, [1.0, -2.0, 1.0], m, 0)]) for axis, m in zip(over, each(mode, len(over)), strict=True))


def gaussian_laplace_back(c: Any, sigma: Any, mode: Any, axes: Any, truncate: float, radius: Any) -> Any:
    over = axes_of(axes, c.ndim)
    widths = [0.0] * c.ndim
    for axis, s in zip(over, each(sigma, len(over)), strict=True):
        widths[axis] = s
    curved = [[2 if k == axis else 0 for k in range(c.ndim)] for axis in over]
    return sum(gaussian_back(c, widths, order, m, truncate, radius, None) for order, m in zip(curved, each(mode, len(over)), strict=True))


def _transposed(name: str, back: str, given: str, left: str, again: str) -> None:
    """A filter that is linear, and its transpose: what it is given in that order, and in its own order without an offset."""
    call = f"scipy.ndimage.{name}({{}}, {again})"
    linear(f"scipy.ndimage.{name}(input, {left})", input=f"{back}(g, {given})", jvp=call.format("input_dot"), facts=LIKE,
           namespace=globals())  # fmt: skip
    if name not in ("gaussian_filter1d", "uniform_filter1d"):
        linear(f"{back}(c, {given})", c=call.format("g"), facts=Facts(gives=filters.like_cotangent), namespace=globals())


_transposed("gaussian_filter", "gaussian_back", "sigma, order, mode, truncate, radius, axes",
            "sigma, order=0, output=None, mode='reflect', cval=0.0, truncate=4.0, radius=None, axes=None",
            "sigma, order, None, mode, 0.0, truncate, radius=radius, axes=axes")  # fmt: skip
_transposed("gaussian_filter1d", "gaussian_back", "sigma, order, mode, truncate, radius, (axis,)",
            "sigma, axis=-1, order=0, output=None, mode='reflect', cval=0.0, truncate=4.0, radius=None",
            "sigma, axis, order, None, mode, 0.0, truncate, radius=radius")  # fmt: skip
_transposed("uniform_filter", "uniform_back", "size, mode, origin, axes",
            "size=3, output=None, mode='reflect', cval=0.0, origin=0, axes=None",
            "size, None, mode, 0.0, origin, axes=axes")  # fmt: skip
_transposed("uniform_filter1d", "uniform_back", "size, mode, origin, (axis,)",
            "size, axis=-1, output=None, mode='reflect', cval=0.0, origin=0",
            "size, axis, None, mode, 0.0, origin")  # fmt: skip
for _name in ("sobel", "prewitt"):
    _transposed(_name, f"{_name}_back", "axis, mode", "axis=-1, output=None, mode='reflect', cval=0.0", "axis, None, mode, 0.0")
_transposed("laplace", "laplace_back", "mode, axes", "output=None, mode='reflect', cval=0.0, axes=None", "None, mode, 0.0, axes=axes")
_transposed("gaussian_laplace", "gaussian_laplace_back", "sigma, mode, axes, truncate, radius",
            "sigma, output=None, mode='reflect', cval=0.0, axes=None, truncate=4.0, radius=None",
            "sigma, None, mode, 0.0, axes=axes, truncate=truncate, radius=radius")  # fmt: skip


def _slopes(input: Any, sigma: Any, mode: Any, cval: float, axes: Any, truncate: float, radius: Any) -> Any:
    """The derivatives along each axis."""
    over = _over(axes, np.ndim(input))
    modes = list(mode) if isinstance(mode, (tuple, list)) else [mode] * len(over)
    return [scipy.ndimage.gaussian_filter(input, sigma, [int(k == axis) for k in range(np.ndim(input))], None, m, cval, truncate,
                                          radius=radius) for axis, m in zip(over, modes, strict=True)]  # fmt: skip


def _magnitude_back(g: Any, input: Any, ans: Any, sigma: Any, mode: Any, cval: float, axes: Any, truncate: float, radius: Any) -> Any:
    over = _over(axes, np.ndim(input))
    modes = list(mode) if isinstance(mode, (tuple, list)) else [mode] * len(over)
    found = np.zeros_like(g)
    for axis, m, slope in zip(over, modes, _slopes(input, sigma, mode, cval, axes, truncate, radius), strict=True):
        order = [int(k == axis) for k in range(np.ndim(input))]
        found = found + gaussian_back(g * ratio_or_zero(slope, ans), sigma, order, m, truncate, radius, None)
    return found


rule("scipy.ndimage.gaussian_gradient_magnitude(input, sigma, output=None, mode='reflect', cval=0.0, axes=None, truncate=4.0, radius=None)",
     input="_magnitude_back(g, input, ans, sigma, mode, cval, axes, truncate, radius)", facts=LIKE)

# Filters that choose

GIVEN = "size, footprint, structure, mode, cval, origin, axes"
rule(f"shares(c, x, chosen, kind, {GIVEN})", c=f"means(g, x, chosen, kind, {GIVEN})", x="0.0 * g", chosen="0.0 * g",
     jvp=f"shares(c_dot, x, chosen, kind, {GIVEN})", facts=Facts(gives=filters.like_cotangent))  # fmt: skip
rule(f"means(v, x, chosen, kind, {GIVEN})", v=f"shares(g, x, chosen, kind, {GIVEN})", x="0.0 * g", chosen="0.0 * g",
     jvp=f"means(v_dot, x, chosen, kind, {GIVEN})", facts=Facts(gives=filters.like_values))  # fmt: skip


def _choosing(name: str, left: str, given: str, kind: str = "filter") -> None:
    rule(f"scipy.ndimage.{name}(input, {left})", input=f"shares(g, input, ans, '{kind}', {given})",
         jvp=f"means(input_dot, input, ans, '{kind}', {given})", facts=LIKE, namespace=globals())  # fmt: skip


WHOLE = "size=None, footprint=None, output=None, mode='reflect', cval=0.0, origin=0, axes=None"
for _name in ("maximum_filter", "minimum_filter", "median_filter"):
    _choosing(_name, WHOLE, GIVEN.replace("structure", "None"))
_choosing("rank_filter", f"rank, {WHOLE}", GIVEN.replace("structure", "None"))
_choosing("percentile_filter", f"percentile, {WHOLE}", GIVEN.replace("structure", "None"))
for _name in ("maximum_filter1d", "minimum_filter1d"):
    _choosing(_name, "size, axis=-1, output=None, mode='reflect', cval=0.0, origin=0", "size, None, None, mode, cval, origin, (axis,)")
WITH = WHOLE.replace("output", "structure=None, output")
_choosing("grey_erosion", WITH, GIVEN)
_choosing("grey_dilation", WITH, GIVEN, "dilation")
follow("scipy.ndimage.gaussian_filter1d")  # by sigma
follow("scipy.ndimage.grey_opening", "scipy.ndimage.grey_closing", "scipy.ndimage.morphological_gradient",
       "scipy.ndimage.morphological_laplace", "scipy.ndimage.white_tophat", "scipy.ndimage.black_tophat")  # fmt: skip
refuse("scipy.ndimage.generic_filter", "scipy.ndimage.generic_filter1d", "scipy.ndimage.generic_laplace",
       "scipy.ndimage.generic_gradient_magnitude", "scipy.ndimage.vectorized_filter", "scipy.ndimage.geometric_transform",
       why="it calls a function of the user's from within, which is not followed there")  # fmt: skip
