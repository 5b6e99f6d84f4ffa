"""Named operations on whole arrays that generated code calls where plain NumPy has no short form.

Each of them has a rule of its own, so each may stand on the right side of a rule.
"""
from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]
Axis = int | tuple[int, ...] | None


def scatter(v: ArrayLike, index: Any, shape: tuple[int, ...]) -> Array:
    """Zeros of `shape`, in the dtype of `v`, with `v` added at `index`: the adjoint of reading `a[index]`, where `v` goes back to.

    `index` is whatever NumPy reads with; an entry that it names twice receives both contributions. Raises IndexError
    as NumPy does.

    >>> scatter(np.array([1.0, 2.0, 3.0]), [0, 2, 0], (4,))
    array([4., 0., 2., 0.])
    """
    values = np.asarray(v)
    out = np.zeros(shape, values.dtype)
    if _may_repeat(index):
        # One flat index takes the fast path of add.at, several times faster than a tuple of indices.
        places = np.arange(out.size).reshape(shape)[index]
        np.add.at(out.reshape(-1), places.reshape(-1), np.broadcast_to(values, places.shape).reshape(-1))
    else:
        out[index] = values
    return out


def _may_repeat(index: Any) -> bool:
    """Whether an index may name an entry twice: one with whole numbers in an array, or in what NumPy takes for one."""
    parts = index if isinstance(index, tuple) else (index,)
    once = (int, slice, type(Ellipsis), type(None), np.integer, np.bool_)  # in here, as exported modules hold functions alone
    return not all(isinstance(p, once) or (isinstance(p, np.ndarray) and p.dtype == np.bool_) for p in parts)


def last_written(array: ArrayLike, index: Any) -> Array:
    """`array[index]`, with 0 for an entry that a later one of the index names again, since `array[index] = v` left nothing of it.

    >>> last_written(np.array([5.0, 7.0]), [0, 1, 0])
    array([0., 7., 5.])
    """
    values = np.asarray(array)
    return np.where(_lasts(index, values.shape), values[index], np.zeros((), values.dtype))


def scatter_last(v: ArrayLike, index: Any, shape: tuple[int, ...]) -> Array:
    """Zeros of `shape` with `v` assigned at `index`, of several entries for one place the last: the adjoint of `last_written`.

    >>> scatter_last(np.array([1.0, 2.0, 3.0]), [0, 1, 0], (2,))
    array([3., 2.])
    """
    values = np.asarray(v)
    out = np.zeros(shape, values.dtype)
    out[index] = values
    return out


def _lasts(index: Any, shape: tuple[int, ...]) -> Array:
    """Which entries of an index stay when it is assigned to: those that no later one names again."""
    places = np.arange(int(np.prod(shape))).reshape(shape)[index]
    numbers = np.arange(places.size).reshape(places.shape)
    holder = np.zeros(int(np.prod(shape)), np.intp)
    holder[places] = numbers
    return np.asarray(holder[places] == numbers)


def scatter_along_axis(v: ArrayLike, indices: ArrayLike, axis: int | None, shape: tuple[int, ...]) -> Array:
    """Zeros of `shape` with `v` added where `np.take_along_axis(a, indices, axis)` reads: its adjoint.

    >>> scatter_along_axis(np.array([[5.0, 7.0]]), np.array([[1, 1]]), 1, (1, 3))
    array([[ 0., 12.,  0.]])
    """
    size = int(np.prod(shape, dtype=np.intp))
    places = np.take_along_axis(np.arange(size).reshape(shape), np.asarray(indices), axis)
    return scatter(np.reshape(v, -1), places.reshape(-1), (size,)).reshape(shape)


def scatter_compressed(v: ArrayLike, condition: ArrayLike, axis: int | None, shape: tuple[int, ...]) -> Array:
    """Zeros of `shape` with `v` at the slices that `np.compress(condition, a, axis)` keeps: its adjoint.

    >>> scatter_compressed(np.array([1.0, 2.0]), [True, False, True], 0, (4,))
    array([1., 0., 2., 0.])
    """
    values = np.asarray(v)
    kept = np.flatnonzero(condition)
    out = np.zeros(shape, values.dtype)
    if axis is None:
        out.reshape(-1)[kept] = values
    else:
        np.moveaxis(out, axis, 0)[kept] = np.moveaxis(values, axis, 0)
    return out


def scatter_diagonal(v: ArrayLike, shape: tuple[int, ...], offset: int = 0, axis1: int = 0, axis2: int = 1) -> Array:
    """Zeros of `shape` with `v` on the diagonals that `np.diagonal(a, offset, axis1, axis2)` reads: its adjoint.

    >>> scatter_diagonal(np.array([1.0, 2.0]), (2, 3), 1)
    array([[0., 1., 0.],
           [0., 0., 2.]])
    """
    values = np.asarray(v)
    out = np.zeros(shape, values.dtype)
    diagonal = np.diagonal(out, offset, axis1, axis2)
    diagonal.flags.writeable = True
    diagonal[...] = values
    return out


def scatter_segments(v: ArrayLike, indices: ArrayLike, axis: int, shape: tuple[int, ...]) -> Array:
    """Zeros of `shape` with each entry of `v` at all that `np.add.reduceat(a, indices, axis)` adds up for it: its adjoint.

    >>> scatter_segments(np.array([1.0, 2.0, 4.0]), [0, 2, 1], 0, (4,))
    array([1., 5., 6., 4.])
    """
    starts = np.asarray(indices, np.intp)
    lengths = np.maximum(np.append(starts[1:], shape[axis]) - starts, 1)
    places = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths - starts, lengths)
    return scatter(np.repeat(np.asarray(v), lengths, axis), (slice(None),) * (axis % len(shape)) + (places,), shape)


def ratio_or_zero(a: ArrayLike, b: ArrayLike) -> Any:
    """`a / b`, and 0 where `b` is 0: the derivative of a length at the origin, by convention.

    >>> ratio_or_zero(1.0, np.array([2.0, 0.0]))
    array([0.5, 0. ])
    """
    if np.ndim(b) == 0:
        return a / b if b else a * 0.0  # type: ignore[operator]
    at_zero = np.equal(b, 0)
    return np.where(at_zero, 0.0, np.divide(a, np.where(at_zero, 1.0, b)))


def exclusive_cumprod(a: ArrayLike, axis: int = -1, reverse: bool = False) -> Array:
    """The product of the entries before each one along `axis`, or of those after it with `reverse`: for the derivative of `np.cumprod`.

    >>> exclusive_cumprod(np.array([2.0, 3.0, 4.0]))
    array([1., 2., 6.])
    """
    values = np.moveaxis(np.asarray(a), axis, -1)
    out = np.ones_like(values)
    if reverse:
        np.cumprod(values[..., :0:-1], axis=-1, out=out[..., -2::-1])
    else:
        np.cumprod(values[..., :-1], axis=-1, out=out[..., 1:])
    return np.moveaxis(out, -1, axis)


def exclusive_scan(c: ArrayLike, v: ArrayLike, axis: int = -1, reverse: bool = False) -> Array:
    """The recurrence `s[i + 1] = v[i] + c[i] * s[i]` from `s[0] = 0` along `axis`, or from the end: the derivative of `np.cumprod`.

    It is the whole derivative of a running product, without a division, and its own transpose up to the direction.

    >>> exclusive_scan(np.array([2.0, 3.0, 4.0]), np.array([1.0, 1.0, 1.0]))
    array([0., 1., 4.])
    """
    factors, terms = np.broadcast_arrays(np.moveaxis(np.asarray(c), axis, 0), np.moveaxis(np.asarray(v), axis, 0))
    out = np.zeros(terms.shape, np.result_type(factors, terms))
    step = slice(None, None, -1 if reverse else 1)
    if out.ndim == 1:
        out[step] = list(_scan(factors[step].tolist(), terms[step].tolist()))
    else:
        for place, total in zip(out[step], _scan(list(factors[step]), list(terms[step])), strict=True):
            place[...] = total
    return np.moveaxis(out, 0, axis)


def _scan(factors: Sequence[Any], terms: Sequence[Any]) -> Iterator[Any]:
    total: Any = 0.0
    for factor, term in zip(factors, terms, strict=True):
        yield total
        total = term + factor * total


def product_of_others(a: ArrayLike, axis: Axis = None) -> Array:
    """For each entry the product of all the others that `np.prod(a, axis)` multiplies it with: its derivative, also where entries are 0.

    >>> product_of_others(np.array([2.0, 0.0, 5.0]))
    array([ 0., 10.,  0.])
    """
    values = np.asarray(a)
    total = np.prod(values, axis=axis, keepdims=True)
    if values.dtype.kind in "fc" and np.all((np.abs(total) > np.finfo(values.dtype).tiny) & np.isfinite(total)):
        return np.asarray(total / values)
    axes = tuple(range(values.ndim)) if axis is None else np.atleast_1d(axis)
    last = tuple(range(values.ndim - len(axes), values.ndim))
    moved = np.moveaxis(values, axes, last)
    rows = moved.reshape(*moved.shape[: last[0]], -1) if last and values.size else moved[..., None]
    others = exclusive_cumprod(rows) * exclusive_cumprod(rows, reverse=True)
    return np.moveaxis(others.reshape(moved.shape), last, axes)


def shared_where(chosen: ArrayLike, c: ArrayLike, axis: Axis = None, others: Any = 0) -> Array:
    """`c` in equal parts to those along `axis` that are `chosen`, and to so many `others`; 0 to the rest: the adjoint of `np.max`.

    >>> x = np.array([[1.0, 3.0, 3.0], [5.0, 4.0, 0.0]])
    >>> shared_where(x == [[3.0], [5.0]], np.array([1.0, 8.0]), axis=1)
    array([[0. , 0.5, 0.5],
           [8. , 0. , 0. ]])
    """
    parts = np.asarray(c if axis is None or np.ndim(c) in (0, np.ndim(chosen)) else _with_axes(c, axis, np.ndim(chosen)))
    return _of_shape(np.where(chosen, parts / _sharing(chosen, axis, others), 0.0), chosen).astype(_as_inexact(parts.dtype))


def mean_where(chosen: ArrayLike, v: ArrayLike, axis: Axis = None, keepdims: bool = False, others: Any = 0) -> Any:
    """The mean along `axis` of what is `chosen` of `v`, and of zeros for so many `others`: the derivative of `np.max`, where several tie.

    >>> float(mean_where(np.array([False, True, True]), np.array([1.0, 2.0, 4.0])))
    3.0
    """
    values = np.asarray(v)
    means = np.sum(_of_shape(np.where(chosen, values, 0.0), chosen), axis=axis, keepdims=True) / _sharing(chosen, axis, others)
    return (means if keepdims else np.squeeze(means, axis)).astype(_as_inexact(values.dtype))[()]


def _with_axes(array: ArrayLike, axis: int | tuple[int, ...], rank: int) -> Array:
    """The array with axes of length 1, of so many axes. `np.expand_dims` does so in twice the time, and each call
    leaves a tuple to the interpreter, which keeps some thousands of them."""
    new = {k % rank for k in (axis if isinstance(axis, tuple) else (axis,))}
    return np.asarray(array)[tuple([None if k in new else slice(None) for k in range(rank)])]


def _of_shape(array: Array, chosen: ArrayLike) -> Array:
    if array.shape != np.shape(chosen):
        raise ValueError(f"what is shared has the shape {array.shape}, and what is chosen {np.shape(chosen)}")
    return array


def _sharing(chosen: ArrayLike, axis: Axis, others: Any) -> Any:
    return np.maximum(np.count_nonzero(chosen, axis=axis, keepdims=True) + others, 1)


def _as_inexact(dtype: np.dtype[Any]) -> np.dtype[Any]:
    return dtype if dtype.kind in "fc" else np.dtype(float)


def scatter_padded(v: ArrayLike, pad_width: Any, mode: str, shape: tuple[int, ...]) -> Array:
    """Each entry of `v` added to the entry of an array of `shape` that `np.pad` would have copied: its adjoint.

    `mode` is one in which padding copies entries: "edge", "reflect", "symmetric" or "wrap".

    >>> scatter_padded(np.array([1.0, 2.0, 4.0]), (1, 0), "edge", (2,))
    array([3., 4.])
    """
    widths = np.broadcast_to(pad_width, (len(shape), 2))
    pad: Any = np.pad
    copied = [pad(np.arange(n), width, mode=mode) for n, width in zip(shape, widths, strict=True)]
    return scatter(v, np.ix_(*copied), shape)


def cofactors(a: ArrayLike, *directions: ArrayLike) -> Array:
    """The matrix of cofactors of `a`, which is the gradient of its determinant; singular matrices included.

    With directions, the derivative of that matrix along each of them in turn. In the basis of singular vectors `a` is
    diagonal, and a derivative of order m has one term for each m + 1 rows: the product of the other singular values
    times the mixed minors of the directions in those rows. Nothing is divided, so any rank is right.

    >>> cofactors(np.array([[1.0, 2.0], [2.0, 4.0]])).round(12)
    array([[ 4., -2.],
           [-2.,  1.]])
    """
    matrix = np.asarray(a)
    n, order = matrix.shape[-1], len(directions)
    if order == 0 and (regular := _cofactors_of_regular(matrix)) is not None:
        return regular
    u, s, vh = np.linalg.svd(matrix)
    turned = [np.swapaxes(u.conj(), -1, -2) @ np.asarray(d) @ np.swapaxes(vh.conj(), -1, -2) for d in directions]
    out = np.zeros(np.broadcast_shapes(matrix.shape, *[d.shape for d in turned]), np.result_type(matrix, *turned))
    rows = np.array(list(itertools.combinations(range(n), order + 1)), dtype=np.intp).reshape(-1, order + 1)
    taken = (rows[:, :, None] == np.arange(n)).any(axis=1)
    others = np.prod(np.where(taken, 1.0, s[..., None, :]), axis=-1)
    for i, j in itertools.product(range(order + 1), repeat=2):
        minor = _mixed_minor(turned, np.delete(rows, i, axis=1), np.delete(rows, j, axis=1))
        # A pair of rows and columns occurs once for each set of rows around it.
        np.add.at(out, (..., rows[:, i], rows[:, j]), (-1) ** (i + j) * minor * others)  # type: ignore[arg-type]
    sign = (np.linalg.det(u) * np.linalg.det(vh))[..., None, None]
    return np.asarray(sign * (u.conj() @ out @ vh.conj()), out.dtype)


def _cofactors_of_regular(matrix: Array) -> Array | None:
    """The determinant times the inverse, several times faster, unless too ill conditioned for that to be exact."""
    try:
        inverse = np.linalg.inv(matrix)
    except np.linalg.LinAlgError:
        return None
    condition = np.linalg.norm(matrix, axis=(-2, -1)) * np.linalg.norm(inverse, axis=(-2, -1))
    if not np.all(condition < 1e4):
        return None
    return np.asarray(np.linalg.det(matrix)[..., None, None] * np.swapaxes(inverse, -1, -2))


def _mixed_minor(directions: list[Array], rows: Array, columns: Array) -> Any:
    """The sum, over all ways to take one row from each direction, of the determinants in these rows and columns."""
    total: Any = 1.0 if not directions else 0.0
    for chosen in itertools.permutations(directions) if directions else ():
        picked = [d[..., rows[:, r, None], columns] for r, d in enumerate(chosen)]
        total = total + np.linalg.det(np.stack(np.broadcast_arrays(*picked), axis=-2))
    return total


def with_real(z: Any, part: Any) -> Any:
    """A complex array with other real parts.

    >>> with_real(np.array([1.0 + 2.0j]), np.array([5.0]))
    array([5.+2.j])
    """
    made = z.copy(order="K")
    made.real = part
    return made


def with_imag(z: Any, part: Any) -> Any:
    """A complex array with other imaginary parts.

    >>> with_imag(np.array([1.0 + 2.0j]), np.array([5.0]))
    array([1.+5.j])
    """
    made = z.copy(order="K")
    made.imag = part
    return made
