"""Making arrays: from nested sequences, from numbers, by casting; and questions about arrays, without derivative."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.rules.facts import Facts
from s2sad.rules.language import linear, rule, zero
from s2sad.rules.leading import aligned, count, each_flat
from s2sad.rules.refusing import refuse
from s2sad.rules.shapes import by_shape, reshape_back
from s2sad.runtime.arrays import scatter
from s2sad.runtime.functions import unbroadcast
from s2sad.types import creation as types
from s2sad.types import dependence, operators


def _array_back(g: Any, object: Any) -> Any:
    """The cotangent of a nested sequence, in its structure; `np.array` may have put axes of length 1 in front."""
    in_front = np.ndim(g) - _rank(object)
    if in_front > 0:
        g = np.reshape(g, np.shape(g)[in_front:])
    if isinstance(object, (list, tuple)):
        return [_array_back(g[i], part) for i, part in enumerate(object)]
    return g


def _rank(object: Any) -> int:
    """Of a nested sequence, in which arrays may stand of which the type alone is known."""
    if not isinstance(object, (list, tuple)):
        return np.ndim(object)
    return 1 + (_rank(object[0]) if object else 0)


def _array_of(rows: Any) -> Any:
    """The arrays of many lists of numbers or arrays; arrays as they are."""
    if not isinstance(rows, (list, tuple)):
        return rows
    return None if not rows or isinstance(rows[0], (list, tuple)) else np.stack(rows, axis=1)


def _filled(rows: Any, shape: Any) -> Any:
    """Arrays full of one value each; they are written into, perhaps."""
    shape = shape if isinstance(shape, (tuple, list)) else (shape,)
    return np.broadcast_to(aligned(rows, len(shape)), (count(rows), *shape)).copy()


def _item_back(g: Any, x: Any, args: Any) -> Any:
    if not args:
        return np.reshape(g, np.shape(x))
    if len(args) == 1 and np.ndim(args[0]) == 0:
        return np.reshape(scatter(g, args[0], (np.size(x),)), np.shape(x))
    return scatter(g, tuple(args[0]) if len(args) == 1 else args, np.shape(x))


def _ends_back(g: Any, end: Any, weights: Any, axis: int) -> Any:
    """The cotangent of an end of `np.linspace`, whose entries hold `weights` of it along `axis`."""
    along = np.reshape(weights, (-1, *(1,) * (np.ndim(g) - 1)))
    return unbroadcast(np.sum(along * (np.moveaxis(g, axis, 0) if axis else g), axis=0), np.shape(end))


def _first(num: Any, endpoint: Any) -> Any:
    return 1.0 - np.linspace(0.0, 1.0, num, endpoint)


def _last(num: Any, endpoint: Any) -> Any:
    return np.linspace(0.0, 1.0, num, endpoint)


SAME_SHAPE = Facts(gives=types.same_shape, mapped="x")
BY_LAYOUT = SAME_SHAPE.but(memory="layout")
OF_ARRAY = BY_LAYOUT.but(mapped="None if isinstance(a, (list, tuple)) else a")
AS_ARRAY = OF_ARRAY.but(gives=types.as_array, mapped="_array_of(a)")
COPIED = Facts(order="kept", anew=True, again=True)
MADE = Facts(gives=types.made, order="C", anew=True)  # as large as is asked for, to be written into
QUESTION = Facts(asks="type")

linear("np.array(object, dtype=None, copy=True, order='K', subok=False, ndmin=0)", object="_array_back(g, object)",
       as_given=True,
       facts=COPIED.but(gives=types.array, memory="asked", mapped="_array_of(object) if ndmin == 0 else None",
                        spreads=dependence.moves))  # fmt: skip
linear("np.asarray(a, dtype=None, order=None, copy=None)", "np.asanyarray(a, dtype=None, order=None, copy=None)",
       "np.asarray_chkfinite(a, dtype=None, order=None)", a="_array_back(g, a)", as_given=True,
       facts=AS_ARRAY.but(spreads=dependence.moves))  # fmt: skip
linear("np.asfortranarray(a, dtype=None)", a="_array_back(g, a)", as_given=True,
       facts=OF_ARRAY.but(gives=types.with_an_axis, order="F", spreads=dependence.moves))  # fmt: skip
linear("np.ascontiguousarray(a, dtype=None)", a="_array_back(g, a)", as_given=True,
       facts=OF_ARRAY.but(gives=types.with_an_axis, order="C", spreads=dependence.moves))  # fmt: skip
linear("np.copy(a, order='K', subok=False)", a="_array_back(g, a)", as_given=True,
       facts=COPIED.but(gives=types.copied, mapped="_array_of(a)", spreads=dependence.moves))  # fmt: skip
linear("x.astype(dtype, order='K', casting='unsafe', subok=True, copy=True)", x="g", facts=BY_LAYOUT.but(spreads=dependence.elementwise))
linear("np.astype(x, dtype, copy=True)", x="g", as_given=True, facts=BY_LAYOUT.but(spreads=dependence.elementwise))
linear("x.copy(order='C')", x="g", facts=MADE.but(gives=types.same_shape, again=True, mapped="x.copy()", spreads=dependence.moves))
linear("x.flatten(order='C')", x="reshape_back(g, x, order)", jvp="np.ravel(x_dot, by_shape(order, x, ans))",
       facts=Facts(gives=types.flattened, order="C", mapped="each_flat(x) if order == 'C' else None",
       spreads=dependence.moves))  # fmt: skip
linear("x.item(*args)", x="_item_back(g, x, args)",
       facts=Facts(gives=types.item, mapped="None if args else np.reshape(x, np.shape(x)[:1])", spreads=dependence.moves))  # fmt: skip
linear("x.tolist()", x="np.reshape(np.array(g), np.shape(x))", facts=Facts(gives=types.nested, spreads=dependence.moves))

linear("np.float16(x)", "np.float32(x)", "np.float64(x)", "np.longdouble(x)", "np.complex64(x)", "np.complex128(x)",
       "np.clongdouble(x)", x="g", facts=SAME_SHAPE.but(spreads=dependence.elementwise))  # fmt: skip
zero("np.int64(x)", may_raise=True, facts=Facts(gives=operators.as_int64))
zero("np.int8(x)", "np.int16(x)", "np.int32(x)", "np.uint8(x)", "np.uint16(x)", "np.uint32(x)",
     "np.uint64(x)", "np.bool_(x)", may_raise=True, facts=SAME_SHAPE)  # fmt: skip

linear("np.full(shape, fill_value, dtype=None, order='C')", fill_value="unbroadcast(g, np.shape(fill_value))",
       facts=MADE.but(gives=types.full, filled="fill_value", mapped="_filled(fill_value, shape)", spreads=dependence.moves))  # fmt: skip
linear("np.full_like(a, fill_value, dtype=None, order='K', subok=True, shape=None)",
       fill_value="unbroadcast(g, np.shape(fill_value))",
       a="np.zeros_like(g) if shape is None else 0.0 * np.zeros(np.shape(a))",
       facts=Facts(gives=types.full_like, filled="fill_value", spreads=dependence.moves))  # fmt: skip
linear("np.linspace(start, stop, num=50, endpoint=True, dtype=None, axis=0)",
       start="_ends_back(g, start, _first(num, endpoint), axis)",
       stop="_ends_back(g, stop, _last(num, endpoint), axis)", facts=Facts(gives=types.linspace))  # fmt: skip
rule("np.logspace(start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0)",
     start="_ends_back(g * ans * np.log(base), start, _first(num, endpoint), axis)",
     stop="_ends_back(g * ans * np.log(base), stop, _last(num, endpoint), axis)",
     jvp="np.linspace(start_dot, stop_dot, num, endpoint, axis=axis) * (ans * np.log(base))",
     facts=Facts(gives=types.logspace))  # fmt: skip
rule("np.geomspace(start, stop, num=50, endpoint=True, dtype=None, axis=0)",
     start="_ends_back(g * ans, start, _first(num, endpoint), axis) / start",
     stop="_ends_back(g * ans, stop, _last(num, endpoint), axis) / stop",
     jvp="np.linspace(start_dot / start, stop_dot / stop, num, endpoint, axis=axis) * ans", may_raise=True,
     facts=Facts(gives=types.geomspace))  # fmt: skip
# The entries are start + i * step; the stop only decides how many there are.
rule("np.arange(start, stop=None, step=1, dtype=None)", start="0.0 * np.sum(g) if stop is None else np.sum(g)",
     stop="0.0 * np.sum(g)", step="np.sum(g * np.arange(len(g)))",
     jvp="(0.0 * start_dot if stop is None else start_dot) + 0.0 * stop_dot + step_dot * np.arange(len(ans))",
     facts=Facts(gives=types.arange, dynamic="fractions"))  # fmt: skip

zero("np.zeros(shape, dtype=None, order='C')", may_raise="sizes", facts=MADE.but(zeros=True))
zero("np.ones(shape, dtype=None, order='C')", "np.empty(shape, dtype=None, order='C')", may_raise="sizes", facts=MADE)
zero("np.eye(N, M=None, k=0, dtype=float, order='C')", may_raise="sizes", facts=Facts(gives=types.eye, order="C", ones="k"))
zero("np.identity(n, dtype=None)", may_raise="sizes", facts=Facts(gives=types.identity, order="C"))
zero("np.tri(N, M=None, k=0, dtype=float)", may_raise="sizes", facts=Facts(gives=types.tri))
zero("np.indices(dimensions, dtype=int, sparse=False)", may_raise="sizes", facts=Facts(gives=types.indices))
zero("np.ix_(*args)", may_raise="sizes", facts=Facts(gives=types.open_mesh))
zero("np.zeros_like(a, dtype=None, order='K', subok=True, shape=None)", facts=Facts(gives=types.like, order="kept"))
zero("np.ones_like(a, dtype=None, order='K', subok=True, shape=None)", facts=Facts(gives=types.like))
zero("np.empty_like(prototype, dtype=None, order='K', subok=True, shape=None)", facts=Facts(gives=types.like_prototype))

zero("np.shape(a)", facts=Facts(asks="shape"))
zero("np.ndim(a)", facts=Facts(asks="ndim"))
zero("np.size(a, axis=None)", facts=Facts(asks="size"))
zero("np.isscalar(element)", "np.result_type(*arrays_and_dtypes)", facts=QUESTION)
zero("np.broadcast_shapes(*args)", facts=Facts(gives=types.broadcast_shapes))
zero("np.promote_types(type1, type2)", "np.can_cast(from_, to, casting='safe')",
     "np.finfo(dtype)", "np.iinfo(int_type)", "np.issubdtype(arg1, arg2)", "np.isdtype(dtype, kind)", facts=QUESTION)  # fmt: skip
zero("np.common_type(*arrays)", facts=Facts(gives=types.common_type))
zero("np.shares_memory(a, b, max_work=-1)", "np.may_share_memory(a, b, max_work=0)", dynamic=True)

refuse("np.load", "np.loadtxt", "np.genfromtxt", "np.fromfile", "np.fromregex", why="it reads a file")
refuse("np.save", "np.savez", "np.savez_compressed", "np.savetxt", why="it writes a file")
refuse("np.array2string", "np.array_repr", "np.array_str", "np.base_repr", "np.binary_repr", "np.format_float_positional",
       "np.format_float_scientific", why="it gives text")  # fmt: skip
