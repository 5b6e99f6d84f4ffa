"""Rules of scipy.ndimage: interpolation, by the array and by where it is asked for."""
from __future__ import annotations

import math
from typing import Any

import numpy as np
import scipy.ndimage
import scipy.special

from s2sad.rules.facts import Facts
from s2sad.rules.following import instead
from s2sad.rules.language import linear, rule
from s2sad.rules.scipy.splines import filter1d_back, filtered, filtered_back, padding, sampled, scattered
from s2sad.types import filters

FRESH = Facts(fixed=("output",))

# The sum over coefficients near points, and its transpose, are the derivatives of one another; those by the points go one slope further
rule("sampled(f, coordinates, order, mode, cval, slopes)", f="scattered(g, coordinates, np.shape(f), order, mode, slopes)",
     coordinates="_by_place(g, f, coordinates, order, mode, cval, slopes)",
     jvp="sampled(f_dot, coordinates, order, mode, 0.0, slopes) + _moved(coordinates_dot, f, coordinates, order, mode, cval, slopes)",
     facts=Facts(gives=filters.at_places))  # fmt: skip
rule("scattered(c, coordinates, shape, order, mode, slopes)", c="sampled(g, coordinates, order, mode, 0.0, slopes)",
     coordinates="_by_place(c, g, coordinates, order, mode, 0.0, slopes)", facts=Facts(gives=filters.of_shape))  # fmt: skip
linear("filtered(x, order, mode, cval, prefilter)", x="filtered_back(g, order, mode, prefilter)",
       jvp="filtered(x_dot, order, mode, 0.0, prefilter)", facts=Facts(gives=filters.coefficients))  # fmt: skip
linear("filtered_back(c, order, mode, prefilter)", c="filtered(g, order, mode, 0.0, prefilter)", facts=Facts(gives=filters.samples))
linear("filter1d_back(c, order, axis, mode)", c="scipy.ndimage.spline_filter1d(g, order, axis, mode=mode)",
       facts=Facts(gives=filters.like_cotangent))  # fmt: skip


def _further(slopes: Any, axis: int) -> Any:
    return tuple([s + int(k == axis) for k, s in enumerate(slopes)])


def _by_place(g: Any, f: Any, coordinates: Any, order: int, mode: str, cval: Any, slopes: Any) -> Any:
    return np.stack([g * sampled(f, coordinates, order, mode, cval, _further(slopes, k)) for k in range(len(slopes))])


def _moved(moves: Any, f: Any, coordinates: Any, order: int, mode: str, cval: Any, slopes: Any) -> Any:
    found = 0.0
    for k in range(len(slopes)):
        found = found + moves[k] * sampled(f, coordinates, order, mode, cval, _further(slopes, k))
    return found


def _level(input: Any) -> Any:
    return (0,) * np.ndim(input)


def _input_back(g: Any, input: Any, coordinates: Any, order: int, mode: str, prefilter: bool) -> Any:
    pad = padding(order, mode, prefilter)
    shape = [n + 2 * pad for n in np.shape(input)]
    return filtered_back(scattered(g, coordinates + pad, shape, order, mode, _level(input)), order, mode, prefilter)


def _place_back(g: Any, input: Any, coordinates: Any, order: int, mode: str, cval: Any, prefilter: bool) -> Any:
    f = filtered(input, order, mode, cval, prefilter)
    return _by_place(g, f, coordinates + padding(order, mode, prefilter), order, mode, cval, _level(input))


def _place_ahead(moves: Any, input: Any, coordinates: Any, order: int, mode: str, cval: Any, prefilter: bool) -> Any:
    f = filtered(input, order, mode, cval, prefilter)
    return _moved(moves, f, coordinates + padding(order, mode, prefilter), order, mode, cval, _level(input))


GIVEN = "order, mode, prefilter"
WITH = "order, mode, cval, prefilter"
REST = "output=None, order=3, mode='constant', cval=0.0, prefilter=True"
rule(f"scipy.ndimage.map_coordinates(input, coordinates, {REST})", input=f"_input_back(g, input, np.asarray(coordinates), {GIVEN})",
     coordinates=f"_place_back(g, input, coordinates, {WITH})",
     jvp="scipy.ndimage.map_coordinates(input_dot, coordinates, None, order, mode, 0.0, prefilter)"
         f" + _place_ahead(coordinates_dot, input, coordinates, {WITH})", facts=FRESH.but(gives=filters.mapped))  # fmt: skip

# Moved arrays


def _shifted(input: Any, shift: Any) -> Any:
    """Where each entry of a shifted array comes from."""
    return np.indices(np.shape(input)) - _upright(shift, np.ndim(input), np.ndim(input))


def _upright(numbers: Any, count: int, rank: int) -> Any:
    """A number for each axis, before as many axes."""
    given = np.asarray(numbers)
    return given if np.ndim(given) == 0 else np.reshape(given, (count, *(1,) * rank))


def _shift_back(g: Any, input: Any, shift: Any, order: int, mode: str, cval: Any, prefilter: bool) -> Any:
    moved = _place_back(g, input, _shifted(input, shift), order, mode, cval, prefilter)
    return -np.sum(moved, axis=None if np.ndim(shift) == 0 else tuple(range(1, np.ndim(input) + 1)))


rule(f"scipy.ndimage.shift(input, shift, {REST})", input=f"_input_back(g, input, _shifted(input, shift), {GIVEN})",
     shift=f"_shift_back(g, input, shift, {WITH})", facts=FRESH.but(gives=filters.like_input))  # fmt: skip


def _wide(input: Any, output_shape: Any) -> Any:
    return np.shape(input) if output_shape is None else tuple(output_shape)


def _linear_part(matrix: Any, input: Any) -> Any:
    """The matrix without what is written beside it for the offset."""
    given = np.asarray(matrix)
    rank = np.ndim(input)
    return given[:rank, :rank] if np.ndim(given) == 2 and np.shape(given)[1] == rank + 1 else given


def _offset_part(matrix: Any, offset: Any, input: Any) -> Any:
    given = np.asarray(matrix)
    rank = np.ndim(input)
    return given[:rank, rank] if np.ndim(given) == 2 and np.shape(given)[1] == rank + 1 else np.asarray(offset)


def _transformed(input: Any, matrix: Any, offset: Any, output_shape: Any) -> Any:
    """Where each entry of a transformed array comes from."""
    wide, part = _wide(input, output_shape), _linear_part(matrix, input)
    grid = np.indices(wide)
    moved = np.tensordot(part, grid, 1) if np.ndim(part) == 2 else _upright(part, np.ndim(input), len(wide)) * grid
    return moved + _upright(_offset_part(matrix, offset, input), np.ndim(input), len(wide))


def _matrix_back(g: Any, input: Any, matrix: Any, offset: Any, output_shape: Any, order: int, mode: str, cval: Any, prefilter: bool) -> Any:
    moved = _place_back(g, input, _transformed(input, matrix, offset, output_shape), order, mode, cval, prefilter)
    wide, rank = _wide(input, output_shape), np.ndim(input)
    grid, over = np.indices(wide), tuple(range(1, len(wide) + 1))
    if np.ndim(matrix) == 1:
        return np.sum(moved * grid, axis=over)
    found = np.tensordot(moved, grid, (over, over))
    if np.shape(matrix)[1] == rank:
        return found
    beside = np.concatenate([found, np.expand_dims(np.sum(moved, axis=over), 1)], 1)
    return np.concatenate([beside, np.zeros((np.shape(matrix)[0] - rank, rank + 1))], 0)


def _offset_back(g: Any, input: Any, matrix: Any, offset: Any, output_shape: Any, order: int, mode: str, cval: Any, prefilter: bool) -> Any:
    if np.ndim(matrix) == 2 and np.shape(matrix)[1] != np.ndim(input):  # which says the offset itself
        return np.zeros(np.shape(offset)) * np.sum(g)
    moved = _place_back(g, input, _transformed(input, matrix, offset, output_shape), order, mode, cval, prefilter)
    return np.sum(moved, axis=None if np.ndim(offset) == 0 else tuple(range(1, np.ndim(moved))))


rule("scipy.ndimage.affine_transform(input, matrix, offset=0.0, output_shape=None, "
     "output=None, order=3, mode='constant', cval=0.0, prefilter=True)",
     input=f"_input_back(g, input, _transformed(input, matrix, offset, output_shape), {GIVEN})",
     matrix=f"_matrix_back(g, input, matrix, offset, output_shape, {WITH})",
     offset=f"_offset_back(g, input, matrix, offset, output_shape, {WITH})", facts=FRESH.but(gives=filters.transformed))  # fmt: skip


def _zoomed(input: Any, wide: Any, grid_mode: bool) -> Any:
    """Where each entry of an array comes from whose ends, or whose edges, are those of another one."""
    less = 0 if grid_mode else 1
    steps = [(n - less) / (m - less) if m != less else 1.0 for n, m in zip(np.shape(input), wide, strict=True)]
    grid = np.indices(wide)
    factor = _upright(steps, len(steps), len(steps))
    return (grid + 0.5) * factor - 0.5 if grid_mode else grid * factor


def _zoom_back(g: Any, input: Any, zoom: Any, order: int, mode: str, prefilter: bool, grid_mode: bool) -> Any:
    factors = zoom if isinstance(zoom, (tuple, list)) else [zoom] * np.ndim(input)
    if prefilter and all(z == 1 for z in factors):
        return g
    return _input_back(g, input, _zoomed(input, np.shape(g), grid_mode), order, mode, prefilter)


rule(f"scipy.ndimage.zoom(input, zoom, {REST}, grid_mode=False)", input=f"_zoom_back(g, input, zoom, {GIVEN}, grid_mode)",
     jvp="scipy.ndimage.zoom(input_dot, zoom, None, order, mode, 0.0, prefilter, grid_mode=grid_mode)",
     facts=FRESH.but(gives=filters.zoomed))  # fmt: skip


def rotate(input: Any, angle: Any, axes: Any = (1, 0), reshape: bool = True, output: Any = None, order: int = 3, mode: str = "constant",
           cval: Any = 0.0, prefilter: bool = True) -> Any:  # fmt: skip
    """What SciPy does, plane by plane, without an array to write into."""
    first, second = sorted([k % np.ndim(input) for k in axes])
    cosine, sine = scipy.special.cosdg(angle), scipy.special.sindg(angle)
    matrix = np.array([[cosine, sine], [-sine, cosine]])
    shape = (np.shape(input)[first], np.shape(input)[second])
    wide = _wide_enough(float(angle), shape) if reshape else shape
    offset = (np.array(shape) - 1) / 2 - matrix @ ((np.array(wide) - 1) / 2)
    if np.ndim(input) == 2:
        return scipy.ndimage.affine_transform(input, matrix, offset, wide, None, order, mode, cval, prefilter)
    planes = np.moveaxis(input, (first, second), (-2, -1))
    flat = np.reshape(planes, (-1, *shape))
    turned = np.stack([scipy.ndimage.affine_transform(plane, matrix, offset, wide, None, order, mode, cval, prefilter) for plane in flat])
    return np.moveaxis(np.reshape(turned, (*np.shape(planes)[:-2], *wide)), (-2, -1), (first, second))


def _wide_enough(angle: float, shape: Any) -> Any:
    """The shape that a turned plane fits into."""
    cosine, sine = float(scipy.special.cosdg(angle)), float(scipy.special.sindg(angle))
    rows, columns = shape
    corners = [[r * cosine + c * sine for r, c in ((0, 0), (0, columns), (rows, 0), (rows, columns))],
               [-r * sine + c * cosine for r, c in ((0, 0), (0, columns), (rows, 0), (rows, columns))]]  # fmt: skip
    return tuple([math.floor(max(line) - min(line) + 0.5) for line in corners])


def _alone(input: Any, angle: Any, axes: Any = (1, 0), reshape: bool = True, output: Any = None, *rest: Any, **named: Any) -> bool:
    return output is None


instead("scipy.ndimage.rotate", "s2sad.rules.scipy.ndimage_splines.rotate", when=_alone)

# The filter that makes coefficients
linear("scipy.ndimage.spline_filter1d(input, order=3, axis=-1, output=np.float64, mode='mirror')",
       input="filter1d_back(g, order, axis, mode)", facts=FRESH.but(gives=filters.wide))  # fmt: skip
linear("scipy.ndimage.spline_filter(input, order=3, output=np.float64, mode='mirror')", input="filtered_back(g, order, mode, True)",
       facts=FRESH.but(gives=filters.wide))  # fmt: skip
