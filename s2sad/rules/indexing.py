"""Reading parts of an array: by index, along an axis, on a diagonal, by a condition."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.rules.facts import Facts
from s2sad.rules.language import linear, zero
from s2sad.rules.leading import behind, each_flat, every, shaped, together
from s2sad.runtime.arrays import scatter, scatter_along_axis, scatter_compressed, scatter_diagonal, scatter_segments
from s2sad.types import dependence, places
from s2sad.types.given import like_first
from s2sad.types.indexing import part
from s2sad.types.linear import trace


def _take_back(g: Any, a: Any, indices: Any, axis: Any, mode: str) -> Any:
    length = np.size(a) if axis is None else np.shape(a)[axis]
    if mode == "wrap":
        indices = np.mod(indices, length)
    elif mode == "clip":
        indices = np.clip(indices, 0, length - 1)
    if axis is None:
        return np.reshape(scatter(g, indices, (length,)), np.shape(a))
    return scatter(g, (slice(None),) * (axis % np.ndim(a)) + (indices,), np.shape(a))


def _diag_back(g: Any, v: Any, k: int) -> Any:
    return np.diagonal(g, k) if np.ndim(v) == 1 else scatter_diagonal(g, np.shape(v), k)


def _trace_back(g: Any, a: Any, offset: int, axis1: int, axis2: int) -> Any:
    if np.ndim(a) == 2 and axis1 % 2 == 0:
        return g * np.eye(np.shape(a)[0], np.shape(a)[1], offset)
    along = np.diagonal(a, offset, axis1, axis2)
    return scatter_diagonal(np.broadcast_to(np.expand_dims(g, -1), np.shape(along)), np.shape(a), offset, axis1, axis2)


def _triangle_back(triangle: Any, m: Any) -> Any:
    # A vector is broadcast to a square matrix first.
    return np.sum(triangle, axis=0) if np.ndim(m) == 1 else triangle


PLACED = Facts(placed=True)
INDEXED = PLACED.but(indexed=True)
DIAGONAL = Facts(memory="shown")
ORDER = Facts(gives=places.order)

linear("a[index]", a="scatter(g, index, np.shape(a))",
       facts=INDEXED.but(result_type="first", memory="view", gives=part,
                         mapped="a[every(index)] if together(index) else None", spreads=dependence.moves))  # fmt: skip
linear("scatter(v, index, shape)", v="g[index]",
       facts=INDEXED.but(anew=True, gives=places.scattered,
                         mapped="scatter(v, every(index), shaped(v, shape)) if together(index) else None",
       spreads=dependence.placed(dependence.by_index)))  # fmt: skip

linear("np.take(a, indices, axis=None, mode='raise')", a="_take_back(g, a, indices, axis, mode)",
       facts=PLACED.but(gives=places.taken, mapped="np.take(each_flat(a), indices, axis=1, mode=mode) if axis is None"
                        " else np.take(a, indices, axis=behind(axis), mode=mode)", spreads=dependence.moves))  # fmt: skip
linear("np.take_along_axis(arr, indices, axis=-1)",
       arr="scatter_along_axis(g, indices, axis, np.shape(arr))", as_given=True,
       facts=PLACED.but(gives=places.taken_along, mapped="None if axis is None else np.take_along_axis(arr, indices[None], behind(axis))",
                        spreads=dependence.moves))  # fmt: skip
linear("scatter_along_axis(v, indices, axis, shape)", v="np.take_along_axis(g, indices, axis=axis)",
       facts=PLACED.but(gives=places.scattered_along_axis, mapped="None if axis is None"
                        " else scatter_along_axis(v, indices[None], behind(axis), shaped(v, shape))",
                        spreads=dependence.placed(dependence.along_axis)))  # fmt: skip

linear("np.compress(condition, a, axis=None)", a="scatter_compressed(g, condition, axis, np.shape(a))",
       dynamic=True, facts=Facts(counts="condition", gives=places.compressed, spreads=dependence.moves))  # fmt: skip
linear("np.extract(condition, arr)", arr="scatter_compressed(g, np.ravel(condition), None, np.shape(arr))",
       dynamic=True, facts=Facts(counts="condition", gives=places.extracted, spreads=dependence.moves))  # fmt: skip
linear("scatter_compressed(v, condition, axis, shape)", v="np.compress(condition, g, axis=axis)",
       facts=Facts(counts="condition", gives=places.scattered_where, spreads=dependence.moves))  # fmt: skip

linear("np.diagonal(a, offset=0, axis1=0, axis2=1)", a="scatter_diagonal(g, np.shape(a), offset, axis1, axis2)",
       facts=DIAGONAL.but(gives=places.diagonal, mapped="np.diagonal(a, offset, behind(axis1), behind(axis2))",
       spreads=dependence.moves))  # fmt: skip
linear("scatter_diagonal(v, shape, offset=0, axis1=0, axis2=1)", v="np.diagonal(g, offset, axis1, axis2)",
       facts=Facts(gives=places.scattered_on_diagonal,
                   mapped="scatter_diagonal(v, shaped(v, shape), offset, behind(axis1), behind(axis2))",
       spreads=dependence.moves))  # fmt: skip
linear("np.add.reduceat(array, indices, axis=0)", array="scatter_segments(g, indices, axis, np.shape(array))", may_raise=True,
       facts=PLACED.but(gives=places.added_by_segments))  # fmt: skip
linear("scatter_segments(v, indices, axis, shape)", v="np.add.reduceat(g, indices, axis=axis)",
       facts=PLACED.but(gives=places.scattered_to_segments))  # fmt: skip
linear("np.diag(v, k=0)", v="_diag_back(g, v, k)",
       facts=DIAGONAL.but(gives=places.diagonal_matrix, mapped="np.diagonal(v, k, 1, 2) if np.ndim(v) == 3 else None",
       spreads=dependence.moves))  # fmt: skip
linear("np.diagflat(v, k=0)", v="np.reshape(np.diagonal(g, k), np.shape(v))",
       facts=Facts(gives=places.flat_on_diagonal, spreads=dependence.moves))  # fmt: skip
linear("np.trace(a, offset=0, axis1=0, axis2=1, dtype=None)", a="_trace_back(g, a, offset, axis1, axis2)",
       facts=Facts(in_dtype_of_out=True, gives=trace, mapped="np.trace(a, offset, behind(axis1), behind(axis2), dtype=dtype)",
       spreads=dependence.traced("a")))  # fmt: skip
linear("np.tril(m, k=0)", m="_triangle_back(np.tril(g, k), m)",
       facts=Facts(gives=places.triangle, mapped="np.tril(m, k) if np.ndim(m) > 2 else None", spreads=dependence.moves))  # fmt: skip
linear("np.triu(m, k=0)", m="_triangle_back(np.triu(g, k), m)",
       facts=Facts(gives=places.triangle, mapped="np.triu(m, k) if np.ndim(m) > 2 else None", spreads=dependence.moves))  # fmt: skip

zero("np.nonzero(a)", dynamic=True, facts=Facts(counts="a", gives=places.nonzero))
zero("np.flatnonzero(a)", dynamic=True, facts=Facts(counts="a", gives=places.flat_nonzero))
zero("np.argwhere(a)", dynamic=True, facts=Facts(counts="a", gives=places.places_of_nonzero))
zero("np.argsort(a, axis=-1, kind=None, stable=None)", facts=ORDER)
zero("np.searchsorted(a, v, side='left', sorter=None)", facts=Facts(gives=places.sorted_in))
zero("np.argpartition(a, kth, axis=-1, kind='introselect')", may_raise="sizes", facts=Facts(gives=places.order_around))
zero("np.digitize(x, bins, right=False)", may_raise=True, facts=Facts(gives=like_first))
for _call, _gives in (
    ("np.diag_indices(n, ndim=2)", places.diagonal_places), ("np.unravel_index(indices, shape, order='C')", places.unravelled),
    ("np.tril_indices(n, k=0, m=None)", places.lower_places), ("np.triu_indices(n, k=0, m=None)", places.upper_places),
    ("np.tril_indices_from(arr, k=0)", places.lower_places_of), ("np.triu_indices_from(arr, k=0)", places.upper_places_of),
):  # fmt: skip
    zero(_call, may_raise="sizes", facts=Facts(gives=_gives))
