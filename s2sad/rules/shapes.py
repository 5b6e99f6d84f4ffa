"""Rearranging arrays: shapes, axes, joining, splitting, repeating, padding, differences, convolutions."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.errors import MissingRule
from s2sad.rules.facts import Facts
from s2sad.rules.following import instead
from s2sad.rules.language import linear, rule
from s2sad.rules.leading import aligned, behind, count, each_flat, padding, reshaped, shaped, within
from s2sad.runtime.arrays import scatter, scatter_padded
from s2sad.runtime.functions import unbroadcast
from s2sad.types import dependence, joining, shaping
from s2sad.types.given import like_first
from s2sad.types.places import scattered_from_padding
from s2sad.types.shaping import at_least

NONE = np._NoValue


def reshape_back(g: Any, a: Any, order: str) -> Any:
    return np.reshape(g, np.shape(a), order=by_shape(order, g, a))


def by_shape(order: str, *arrays: Any) -> Any:
    """The order of the elements of arrays by their shapes alone: a derivative may lie otherwise in memory than its value does."""
    if order in ("C", "F"):
        return order
    if [x for x in arrays if np.ndim(x) != 1]:
        raise MissingRule(f"order={order!r} depends on the memory layout of the array; write 'C' or 'F'")
    return "C"


def _inverse(axes: Any) -> tuple[int, ...]:
    axes = axes if np.ndim(axes) else (axes,)
    wanted = [axis % len(axes) for axis in axes]
    return tuple([wanted.index(i) for i in range(len(wanted))])


def _rollaxis_back(g: Any, axis: int, start: int) -> Any:
    axis, start = axis % np.ndim(g), start + np.ndim(g) if start < 0 else start
    return np.moveaxis(g, start - 1 if axis < start else start, axis)


def _each_shape(g: Any, arys: Any) -> Any:
    """One cotangent per argument of `np.atleast_1d` and its like, which give one array for one argument."""
    parts = [g] if len(arys) == 1 else g
    return [np.reshape(h, np.shape(x)) for h, x in zip(parts, arys, strict=True)]


def _at(axis: int, index: Any) -> Any:
    return index if axis == 0 else (*[slice(None)] * axis, index)


def _pieces(g: Any, arrays: Any, axis: int, shapes: Any) -> Any:
    """The parts of `g` along `axis` that belong to arrays which were joined as if of `shapes`."""
    axis, start, parts = axis % np.ndim(g), 0, []
    for array, shape in zip(arrays, shapes, strict=True):
        stop = start + shape[axis]
        part = g[_at(axis, slice(start, stop))]
        parts.append(part if np.shape(array) == shape else np.reshape(part, np.shape(array)))
        start = stop
    return parts if isinstance(arrays, (list, tuple)) else np.array(parts)


def _concatenate_back(g: Any, arrays: Any, axis: Any) -> Any:
    if axis is None:
        return _pieces(g, arrays, 0, [(np.size(x),) for x in arrays])
    return _pieces(g, arrays, axis, [np.shape(x) for x in arrays])


def _stack_back(g: Any, arrays: Any, axis: int) -> Any:
    parts = [g[_at(axis % np.ndim(g), i)] for i in range(len(arrays))]
    return parts if isinstance(arrays, (list, tuple)) else np.array(parts)


def _join_back(g: Any, tup: Any, axis: int, rank: int) -> Any:
    return _pieces(g, tup, axis, [at_least(np.shape(x), rank) for x in tup])


def _columns_back(g: Any, tup: Any) -> Any:
    return _pieces(g, tup, 1, [np.shape(x) if np.ndim(x) > 1 else (np.size(x), 1) for x in tup])


def _append_back(g: Any, arr: Any, values: Any, axis: Any, which: int) -> Any:
    if axis is None:
        part = g[: np.size(arr)] if which == 0 else g[np.size(arr) :]
        return np.reshape(part, np.shape(values if which else arr))
    cut = np.shape(arr)[axis]
    return g[_at(axis % np.ndim(g), slice(cut, None) if which else slice(0, cut))]


def _split_back(g: Any, ary: Any, axis: int) -> Any:
    if sum([np.shape(h)[axis] for h in g]) != np.shape(ary)[axis]:
        raise MissingRule("a split whose pieces overlap or leave entries out; index with slices instead")
    return np.concatenate(g, axis=axis)


def _tile_back(g: Any, A: Any, reps: Any) -> Any:
    counts = list(reps) if np.ndim(reps) else [reps]
    rank = max(len(counts), np.ndim(A))
    counts = [1] * (rank - len(counts)) + counts
    shape = [1] * (rank - np.ndim(A)) + list(np.shape(A))
    apart = [int(n) for both in zip(counts, shape, strict=True) for n in both]
    return np.reshape(np.sum(np.reshape(g, apart), axis=tuple(range(0, 2 * rank, 2))), np.shape(A))


def _repeat_back(g: Any, a: Any, repeats: Any, axis: Any) -> Any:
    shape = (np.size(a),) if axis is None or np.ndim(a) == 0 else np.shape(a)
    axis = 0 if axis is None else axis % len(shape)
    if not isinstance(repeats, np.ndarray) and np.size(repeats) == 1:
        each = repeats[0] if np.ndim(repeats) else repeats
        apart = np.reshape(g, (*shape[: axis + 1], each, *shape[axis + 1 :]))
        return np.reshape(np.sum(apart, axis=axis + 1), np.shape(a))
    copied = np.repeat(np.arange(shape[axis]), repeats)
    return np.reshape(scatter(g, _at(axis, copied), shape), np.shape(a))


def _minus(shift: Any) -> Any:
    return tuple([-s for s in shift]) if np.ndim(shift) else -shift


def _inside(g: Any, array: Any, pad_width: Any) -> Any:
    before = _before(pad_width, np.ndim(array))
    return g[tuple([slice(start, start + n) for start, n in zip(before, np.shape(array), strict=True)])]


def _before(pad_width: Any, rank: int) -> Any:
    """How much is put in front along each axis: one number or pair for all axes, or one for each."""
    given = pad_width.tolist() if isinstance(pad_width, np.ndarray) else _by_axis(pad_width, rank)
    if isinstance(given, (list, tuple)) and [each for each in given if isinstance(each, (list, tuple))]:
        firsts = [each[0] if isinstance(each, (list, tuple)) else each for each in given]
        return firsts if len(firsts) == rank else firsts * rank
    return [given[0] if isinstance(given, (list, tuple)) else given] * rank


def _by_axis(pad_width: Any, rank: int) -> Any:
    """Widths that are given for some axes by their numbers, as pairs for all."""
    if not isinstance(pad_width, dict):
        return pad_width
    each = [pad_width.get(k, pad_width.get(k - rank, 0)) for k in range(rank)]
    return [w if isinstance(w, (list, tuple)) else (w, w) for w in each]


def _pad_back(g: Any, array: Any, pad_width: Any, mode: str, reflect_type: str) -> Any:
    if mode in ("constant", "empty"):
        return _inside(g, array, pad_width)
    if reflect_type == "odd":
        return _odd_back(g, array, pad_width, 1 if mode == "reflect" else 0)
    return scatter_padded(g, _by_axis(pad_width, np.ndim(array)), mode, np.shape(array))


def _odd_back(g: Any, array: Any, pad_width: Any, inner: int) -> Any:
    """Of what is mirrored about the points at the edges, which repeat themselves (`inner` 0) or do not (1).

    An array goes on for ever so: its q-th image is `x[m] + q (x[-1] - x[0])` for even q, and `x[0] + x[-1] + q (x[-1] - x[0]) - x[m]`, from
    behind, for odd ones.
    """
    before = _before(pad_width, np.ndim(array))
    for axis in range(np.ndim(array)):
        n, moved = np.shape(array)[axis], np.moveaxis(g, axis, -1)
        places, period = np.arange(np.shape(moved)[-1]) - before[axis], np.maximum(n - inner, 1)
        image, rest = np.floor_divide(places, period), np.mod(places, period)
        odd = np.mod(image, 2)
        own = scatter((1 - 2 * odd) * moved, (Ellipsis, np.where(odd == 1, n - 1 - rest, rest)), (*np.shape(moved)[:-1], n))
        last, first = np.sum((odd + image) * moved, axis=-1, keepdims=True), np.sum((odd - image) * moved, axis=-1, keepdims=True)
        numbers = np.arange(n)
        g = np.moveaxis(own + last * np.equal(numbers, n - 1) + first * np.equal(numbers, 0), -1, axis)
    return g


def _pads_with_computed(array: Any, pad_width: Any, mode: Any = "constant", **options: Any) -> bool:
    """Whether a padding is of other numbers than constants and those of the array, mirrored perhaps."""
    return mode not in ("constant", "empty", "edge", "reflect", "symmetric", "wrap")


def _pad_ahead(array: Any, values: Any, pad_width: Any, mode: Any, reflect_type: str) -> Any:
    if mode in ("constant", "empty"):
        return np.pad(array, pad_width, constant_values=values)
    return np.pad(array, pad_width, mode, reflect_type=reflect_type) if reflect_type == "odd" else np.pad(array, pad_width, mode)


def _pad_value_back(g: Any, array: Any, pad_width: Any, constant_values: Any) -> Any:
    """Each axis is filled in as far as the axes before it are wide, and those behind it are not yet."""
    if np.ndim(constant_values) == 0:
        return np.sum(g) - np.sum(_inside(g, array, pad_width))
    before, sums = _before(pad_width, np.ndim(array)), []
    for axis in range(np.ndim(array) - 1, -1, -1):
        start, stop = before[axis], before[axis] + np.shape(array)[axis]
        sums.append([np.sum(g[_at(axis, slice(0, start))]), np.sum(g[_at(axis, slice(stop, None))])])
        g = g[_at(axis, slice(start, stop))]
    return unbroadcast(np.array(sums[::-1]), np.shape(constant_values))


def _diff_back(g: Any, n: int, axis: int) -> Any:
    """The cotangent of the array whose n-th differences have the cotangent `g`, ends included."""
    if n == 1:
        return -np.diff(g, axis=axis, prepend=0.0, append=0.0)
    margin = [(n, n) if i == axis % np.ndim(g) else (0, 0) for i in range(np.ndim(g))]
    return (-1) ** n * np.diff(np.pad(g, margin), n=n, axis=axis)


def _diff_part(g: Any, a: Any, n: int, axis: int, prepend: Any, append: Any, which: int) -> Any:
    """The part of that cotangent for `prepend` (0), `a` (1) or `append` (2)."""
    lengths = [0 if x is NONE else np.shape(x)[axis] if np.ndim(x) else 1 for x in (prepend, a, append)]
    if sum(lengths) < n:  # there are no differences, and no place for their cotangents
        return np.zeros_like((prepend, a, append)[which])
    start = sum(lengths[:which])
    full = _diff_back(g, n, axis) if n else g
    scalar = np.ndim((prepend, a, append)[which]) == 0
    if lengths[which] == np.shape(full)[axis] and not scalar:
        return full
    part = full[_at(axis % np.ndim(g), slice(start, start + lengths[which]))]
    return np.sum(part) if scalar else part


def _full_convolution(g: Any, a: Any, v: Any, mode: str) -> Any:
    """The cotangent of the full convolution, of which `mode` keeps a part."""
    long, short = max(np.size(a), np.size(v)), min(np.size(a), np.size(v))
    start = {"full": 0, "same": (short - 1) // 2, "valid": short - 1}[mode]
    rest = long + short - 1 - start - np.size(g)
    return np.pad(g, (start, rest)) if start or rest else g


def _convolve_back(g: Any, a: Any, v: Any, mode: str, which: int) -> Any:
    full = _full_convolution(g, a, v, mode)
    here, other = (v, a) if which else (a, v)
    return np.reshape(np.convolve(full, np.flip(np.ravel(other)), mode="valid"), np.shape(here))


def _correlate_back(g: Any, a: Any, v: Any, mode: str, which: int) -> Any:
    """`np.correlate(a, v)` is the convolution of `a` with the conjugate of `v` reversed."""
    if mode == "same" and np.size(a) < np.size(v):
        # NumPy swaps the operands first, which moves the middle of an even length.
        g, mode = np.pad(g, ((np.size(a)) // 2, (np.size(a) - 1) // 2)), "full"
    kernel = np.conj(np.flip(np.ravel(v)))
    if which == 0:
        return _convolve_back(g, a, kernel, mode, 0)
    return np.reshape(np.conj(np.flip(_convolve_back(g, a, kernel, mode, 1))), np.shape(v))


def _meshgrid_back(g: Any, xi: Any, indexing: str) -> Any:
    places = [1, 0, *range(2, len(xi))] if indexing == "xy" and len(xi) > 1 else range(len(xi))
    sums = [np.sum(h, axis=tuple([i for i in range(len(xi)) if i != p])) for h, p in zip(g, places, strict=True)]
    return [np.reshape(total, np.shape(x)) for total, x in zip(sums, xi, strict=True)]


def _orders(axes: Any, rank: int) -> Any:
    """The axes of many arrays that are transposed, each for itself."""
    return (0, *range(rank - 1, 0, -1)) if axes is None else (0, *[k % (rank - 1) + 1 for k in axes])


def _spread(rows: Any, shape: Any) -> Any:
    whole = shaped(rows, shape)
    return np.broadcast_to(aligned(rows, len(whole) - 1), whole)


def _rolled(rows: Any, shift: Any, axis: Any) -> Any:
    if axis is None:
        return np.reshape(np.roll(each_flat(rows), shift, 1), np.shape(rows)) if np.ndim(shift) == 0 else None
    return np.roll(rows, shift, behind(axis))


def _padded(rows: Any, pad_width: Any, mode: Any, constant_values: Any, reflect_type: Any) -> Any:
    if np.ndim(constant_values) or isinstance(pad_width, dict):
        return None
    widths = padding(pad_width, np.ndim(rows) - 1)
    return np.pad(rows, widths, mode, constant_values=constant_values, reflect_type=reflect_type)


def _differences(rows: Any, n: int, axis: int, prepend: Any, append: Any) -> Any:
    if [x for x in (prepend, append) if x is not NONE and np.ndim(x)]:
        return None
    return np.diff(rows, n, behind(axis), prepend, append)


RESHAPED = Facts(memory="layout", order="C")
VIEW = Facts(memory="view")
SPLIT = Facts(memory="view", gives=joining.pieces_of_equal_length)
LIKE_FIRST = Facts(gives=like_first)

linear("np.reshape(a, shape, order='C', copy=None)", a="reshape_back(g, a, order)",
       jvp="np.reshape(a_dot, shape, by_shape(order, a, ans))",
       facts=RESHAPED.but(gives=shaping.reshaped, mapped="np.reshape(a, reshaped(a, shape)) if order == 'C' else None",
       spreads=dependence.moves))  # fmt: skip
linear("np.ravel(a, order='C')", a="reshape_back(g, a, order)", jvp="np.ravel(a_dot, by_shape(order, a, ans))",
       facts=RESHAPED.but(gives=shaping.flat, mapped="each_flat(a) if order == 'C' else None", spreads=dependence.moves))  # fmt: skip
linear("np.expand_dims(a, axis)", a="np.reshape(g, np.shape(a))",
       facts=VIEW.but(gives=shaping.expanded, mapped="np.expand_dims(a, behind(axis))", spreads=dependence.moves))  # fmt: skip
linear("np.squeeze(a, axis=None)", a="np.reshape(g, np.shape(a))",
       facts=VIEW.but(gives=shaping.squeezed, mapped="None if axis is None else np.squeeze(a, axis=behind(axis))",
       spreads=dependence.moves))  # fmt: skip
linear("np.transpose(a, axes=None)", a="np.transpose(g) if axes is None else np.transpose(g, _inverse(axes))",
       facts=VIEW.but(gives=shaping.transposed, mapped="np.transpose(a, _orders(axes, np.ndim(a)))", spreads=dependence.moves))  # fmt: skip
linear("np.matrix_transpose(x)", x="np.matrix_transpose(g)",
       facts=VIEW.but(gives=shaping.matrix_transposed, mapped="np.matrix_transpose(x)", spreads=dependence.moves))  # fmt: skip
linear("np.swapaxes(a, axis1, axis2)", a="np.swapaxes(g, axis1, axis2)",
       facts=VIEW.but(gives=shaping.swapped, mapped="np.swapaxes(a, behind(axis1), behind(axis2))", spreads=dependence.moves))  # fmt: skip
linear("np.moveaxis(a, source, destination)", a="np.moveaxis(g, destination, source)",
       facts=VIEW.but(gives=shaping.moved, mapped="np.moveaxis(a, behind(source), behind(destination))",
       spreads=dependence.moves))  # fmt: skip
linear("np.rollaxis(a, axis, start=0)", a="_rollaxis_back(g, axis, start)", facts=VIEW.but(gives=shaping.rolled, spreads=dependence.moves))
linear("np.broadcast_to(array, shape, subok=False)", array="unbroadcast(g, np.shape(array))",
       facts=Facts(memory="spread", gives=shaping.broadcast_to, mapped="_spread(array, shape)", spreads=dependence.moves))  # fmt: skip
linear("np.broadcast_arrays(*args, subok=False)", args="[unbroadcast(h, np.shape(x)) for h, x in zip(g, args, strict=True)]",
       facts=VIEW.but(memory="shown", gives=shaping.all_broadcast, spreads=dependence.moves))  # fmt: skip
linear("np.atleast_1d(*arys)", arys="_each_shape(g, arys)", facts=VIEW.but(gives=shaping.each_a_vector, spreads=dependence.moves))
linear("np.atleast_2d(*arys)", arys="_each_shape(g, arys)", facts=VIEW.but(gives=shaping.each_a_matrix, spreads=dependence.moves))
linear("np.atleast_3d(*arys)", arys="_each_shape(g, arys)", facts=VIEW.but(gives=shaping.each_a_stack, spreads=dependence.moves))

linear("np.concatenate(arrays, axis=0, dtype=None, casting='same_kind')", arrays="_concatenate_back(g, arrays, axis)", as_given=True,
       facts=Facts(gives=joining.concatenated, mapped="None if axis is None else np.concatenate(arrays, axis=behind(axis))",
       spreads=dependence.moves))  # fmt: skip
linear("np.stack(arrays, axis=0, dtype=None, casting='same_kind')", arrays="_stack_back(g, arrays, axis)", as_given=True,
       facts=Facts(gives=joining.stacked, mapped="np.stack(arrays, axis=behind(axis))", spreads=dependence.moves))  # fmt: skip
linear("np.vstack(tup, dtype=None, casting='same_kind')", tup="_join_back(g, tup, 0, 2)", as_given=True,
       facts=Facts(gives=joining.one_above_another, spreads=dependence.moves))  # fmt: skip
linear("np.hstack(tup, dtype=None, casting='same_kind')", tup="_join_back(g, tup, min(np.ndim(g) - 1, 1), 1)", as_given=True,
       facts=Facts(gives=joining.side_by_side, spreads=dependence.moves))  # fmt: skip
linear("np.dstack(tup)", tup="_join_back(g, tup, 2, 3)", as_given=True,
       facts=Facts(gives=joining.one_behind_another, spreads=dependence.moves))  # fmt: skip
linear("np.column_stack(tup)", tup="_columns_back(g, tup)", as_given=True, facts=Facts(gives=joining.as_columns, spreads=dependence.moves))
linear("np.append(arr, values, axis=None)", arr="_append_back(g, arr, values, axis, 0)",
       values="_append_back(g, arr, values, axis, 1)", facts=Facts(gives=joining.appended, spreads=dependence.moves))  # fmt: skip
linear("np.split(ary, indices_or_sections, axis=0)", ary="_split_back(g, ary, axis)", as_given=True,
       facts=SPLIT.but(mapped="np.split(ary, indices_or_sections, axis=behind(axis))", spreads=dependence.moves))  # fmt: skip
linear("np.array_split(ary, indices_or_sections, axis=0)", ary="_split_back(g, ary, axis)",
       facts=SPLIT.but(gives=joining.pieces_nearly_even, spreads=dependence.moves))  # fmt: skip
linear("np.vsplit(ary, indices_or_sections)", ary="_split_back(g, ary, 0)", as_given=True,
       facts=SPLIT.but(gives=joining.pieces_of_rows, spreads=dependence.moves))  # fmt: skip
linear("np.hsplit(ary, indices_or_sections)", ary="_split_back(g, ary, min(np.ndim(ary) - 1, 1))", as_given=True,
       facts=SPLIT.but(gives=joining.pieces_of_columns, spreads=dependence.moves))  # fmt: skip
linear("np.dsplit(ary, indices_or_sections)", ary="_split_back(g, ary, 2)", as_given=True,
       facts=SPLIT.but(gives=joining.pieces_of_layers, spreads=dependence.moves))  # fmt: skip
linear("np.unstack(x, axis=0)", x="np.stack(g, axis=axis)", as_given=True,
       facts=VIEW.but(gives=joining.unstacked, spreads=dependence.moves))  # fmt: skip

linear("np.tile(A, reps)", A="_tile_back(g, A, reps)", facts=Facts(gives=joining.tiled, spreads=dependence.moves))
linear("np.repeat(a, repeats, axis=None)", a="_repeat_back(g, a, repeats, axis)", dynamic=True,
       facts=Facts(adds="repeats", gives=joining.repeated,
                   mapped="np.repeat(each_flat(a), repeats, axis=1) if axis is None"
                          " else np.repeat(a, repeats, axis=behind(axis))", spreads=dependence.moves))  # fmt: skip
linear("np.flip(m, axis=None)", m="np.flip(g, axis)", alias=True,
       facts=LIKE_FIRST.but(mapped="np.flip(m, within(axis, m))", spreads=dependence.moves))  # fmt: skip
linear("np.fliplr(m)", m="np.fliplr(g)", alias=True, facts=LIKE_FIRST.but(mapped="np.flip(m, 2)", spreads=dependence.moves))
linear("np.flipud(m)", m="np.flipud(g)", alias=True, facts=LIKE_FIRST.but(mapped="np.flip(m, 1)", spreads=dependence.moves))
linear("np.roll(a, shift, axis=None)", a="np.roll(g, _minus(shift), axis)",
       facts=LIKE_FIRST.but(mapped="_rolled(a, shift, axis)", spreads=dependence.moves))  # fmt: skip
linear("np.rot90(m, k=1, axes=(0, 1))", m="np.rot90(g, -k, axes)", facts=VIEW.but(gives=shaping.turned, spreads=dependence.moves))
linear("np.pad(array, pad_width, mode='constant', constant_values=0, reflect_type='even', end_values=0, stat_length=None)",
       array="_pad_back(g, array, pad_width, mode, reflect_type)",
       constant_values="_pad_value_back(g, array, pad_width, constant_values)",
       jvp="_pad_ahead(array_dot, constant_values_dot, pad_width, mode, reflect_type)",
       facts=Facts(gives=joining.padded, mapped={"array": "_padded(array, pad_width, mode, constant_values, reflect_type)"},
       spreads=dependence.padded))  # fmt: skip
instead("np.pad", "s2sad.rules.padding.pad", when=_pads_with_computed)
linear("scatter_padded(v, pad_width, mode, shape)", v="np.pad(g, pad_width, mode)",
       facts=Facts(gives=scattered_from_padding, spreads=dependence.placed(dependence.by_padding)))  # fmt: skip
linear("np.diff(a, n=1, axis=-1, prepend=NONE, append=NONE)", a="_diff_part(g, a, n, axis, prepend, append, 1)",
       prepend="_diff_part(g, a, n, axis, prepend, append, 0)",
       append="_diff_part(g, a, n, axis, prepend, append, 2)",
       facts=Facts(gives=joining.differences, mapped={"a": "_differences(a, n, axis, prepend, append)"},
       spreads=dependence.differences))  # fmt: skip
linear("np.ediff1d(ary)", ary="np.reshape(_diff_part(g, np.ravel(ary), 1, 0, NONE, NONE, 1), np.shape(ary))",
       facts=Facts(gives=joining.differences_of_all, spreads=dependence.neighbours))  # fmt: skip
rule("np.convolve(a, v, mode='full')", a="_convolve_back(g, a, v, mode, 0)", v="_convolve_back(g, a, v, mode, 1)",
     jvp="np.convolve(a_dot, v, mode) + np.convolve(a, v_dot, mode)",
       facts=Facts(gives=joining.convolved, spreads=dependence.convolved))  # fmt: skip
rule("np.correlate(a, v, mode='valid')", a="_correlate_back(g, a, v, mode, 0)", v="_correlate_back(g, a, v, mode, 1)",
     jvp="np.correlate(a_dot, v, mode) + np.correlate(a, v_dot, mode)",
       facts=Facts(gives=joining.convolved, spreads=dependence.correlated))  # fmt: skip
linear("np.meshgrid(*xi, copy=True, sparse=False, indexing='xy')", xi="_meshgrid_back(g, xi, indexing)",
       facts=Facts(gives=shaping.grid, spreads=dependence.moves, fixed=("copy",)))  # fmt: skip
