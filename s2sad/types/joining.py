"""Shapes of what is joined, split, repeated, padded, and of what lies between neighbours."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.types.arrays import Array, Told, dtype_of, shape_of
from s2sad.types.families import place
from s2sad.types.given import Shape, agreed, agreed_shape, below_zero, fresh, lengths, replaced, without
from s2sad.types.indexing import Chosen, part_length
from s2sad.types.questions import undecided
from s2sad.types.shaping import at_least
from s2sad.types.sizes import is_whole, larger, product, smaller

Part = tuple[Any, Shape]  # how many arrays of which shape
DIFFER = "all the input array dimensions except for the concatenation axis must match exactly"


# Joined


def concatenated(arrays: Any, axis: Any, dtype: Any, casting: Any) -> Array:
    parts = _parts(arrays)
    if axis is None:
        return _joined([(1, (count * product(shape),)) for count, shape in parts], 0, arrays, dtype, casting)
    return _joined(parts, axis, arrays, dtype, casting)


def stacked(arrays: Any, axis: Any, dtype: Any, casting: Any) -> Array:
    parts = _parts(arrays)
    if not parts:
        raise ValueError("need at least one array to stack")
    shape = list(agreed_shape([shape for _, shape in parts], "all input arrays must have the same shape"))
    shape.insert(place(axis, len(shape) + 1), sum(count for count, _ in parts))
    return Array(_common_dtype(arrays, dtype, casting), tuple(shape))


def one_above_another(tup: Any, dtype: Any, casting: Any) -> Array:
    return _joined([(count, at_least(shape, 2)) for count, shape in _parts(tup)], 0, tup, dtype, casting)


def side_by_side(tup: Any, dtype: Any, casting: Any) -> Array:
    parts = [(count, at_least(shape, 1)) for count, shape in _parts(tup)]
    return _joined(parts, min(len(parts[0][1]) - 1, 1) if parts else 0, tup, dtype, casting)


def one_behind_another(tup: Any) -> Array:
    return _joined([(count, at_least(shape, 3)) for count, shape in _parts(tup)], 2, tup)


def as_columns(tup: Any) -> Array:
    return _joined([(count, shape if len(shape) > 1 else (product(shape), 1)) for count, shape in _parts(tup)], 1, tup)


def appended(arr: Any, values: Any, axis: Any) -> Array:
    return concatenated([arr, values], axis, None, "same_kind")


def _parts(arrays: Any) -> list[Part]:
    """What is joined; an array stands for its rows."""
    if not isinstance(arrays, np.ndarray):
        return [(1, shape_of(x)) for x in arrays]
    count, *shape = arrays.shape
    return [(count, tuple(shape))] if not count == 0 else []


def _joined(parts: list[Part], axis: int, arrays: Any, dtype: Any = None, casting: Any = "same_kind") -> Array:
    if not parts:
        raise ValueError("need at least one array to concatenate")
    shapes = [shape for _, shape in parts]
    agreed_shape([without(shape, axis) for shape in shapes], DIFFER)
    at = place(axis, len(shapes[0]))
    shape = agreed_shape([replaced(shape, at, 0) for shape in shapes], DIFFER)
    return Array(_common_dtype(arrays, dtype, casting), replaced(shape, at, sum(count * shape[at] for count, shape in parts)))


def _common_dtype(arrays: Any, dtype: Any, casting: Any) -> Any:
    given = [arrays] if isinstance(arrays, np.ndarray) else arrays
    return np.concatenate([np.empty(0, dtype_of(x)) for x in given], dtype=dtype, casting=casting).dtype


# Split


def pieces_of_equal_length(ary: Any, indices_or_sections: Any, axis: Any) -> list[Array]:
    return pieces(ary, indices_or_sections, axis)


def pieces(ary: Any, indices_or_sections: Any, axis: Any, even: bool = True) -> list[Array]:
    """The parts of an array; where they need not be `even`, the first ones have one more."""
    shape = shape_of(ary)
    n, cuts = shape[place(axis, len(shape))], indices_or_sections
    if isinstance(cuts, Array):
        raise undecided("the places where an array is split")
    if not is_whole(cuts):
        found = _between(n, lengths(cuts))
    elif cuts == 0 and even:
        raise ZeroDivisionError("integer modulo by zero")
    elif below_zero(cuts) or cuts == 0:
        raise ValueError("number sections must be larger than 0.")
    elif even and not n % cuts == 0:
        raise ValueError("array split does not result in an equal division")
    else:
        found = [n // cuts] * int(cuts) if even else [(n + int(cuts) - 1 - i) // cuts for i in range(int(cuts))]
    return [_part_of(ary, replaced(shape, axis, length)) for length in found]


def _between(n: Any, cuts: list[Any]) -> list[Any]:
    return [part_length(n, slice(*ends)) for ends in zip([None, *cuts], [*cuts, None], strict=True)]


def _part_of(ary: Any, shape: Shape) -> Array:
    return Array(dtype_of(ary), shape, writeable=getattr(ary, "writeable", True))


def pieces_nearly_even(ary: Any, indices_or_sections: Any, axis: Any) -> list[Array]:
    return pieces(ary, indices_or_sections, axis, even=False)


def pieces_of_rows(ary: Any, indices_or_sections: Any) -> list[Array]:
    return pieces(_of_rank(ary, 2), indices_or_sections, 0)


def pieces_of_columns(ary: Any, indices_or_sections: Any) -> list[Array]:
    return pieces(_of_rank(ary, 1), indices_or_sections, min(len(shape_of(ary)) - 1, 1))


def pieces_of_layers(ary: Any, indices_or_sections: Any) -> list[Array]:
    return pieces(_of_rank(ary, 3), indices_or_sections, 2)


def _of_rank(ary: Any, least: int) -> Any:
    if len(shape_of(ary)) < least:
        raise ValueError(f"it only works on arrays of {least} or more dimensions")
    return ary


def unstacked(x: Any, axis: Any) -> Told:
    """As many parts as there are along the axis, which is a number from here on."""
    shape = shape_of(x)
    rest, count = without(shape, axis), int(shape[place(axis, len(shape))])
    return Told(tuple(_part_of(x, rest) if rest else dtype_of(x).type(1) for _ in range(count)))


# Repeated


def tiled(A: Any, reps: Any) -> Array:
    counts, shape = lengths(reps), shape_of(A)
    rank = max(len(counts), len(shape))
    counts, shape = [1] * (rank - len(counts)) + counts, at_least(shape, rank) if rank < 3 else (1,) * (rank - len(shape)) + shape
    if any(map(below_zero, counts)):
        raise ValueError("negative dimensions are not allowed")
    return fresh(A, (n * count for n, count in zip(shape, counts, strict=True)))


def repeated(a: Any, repeats: Any, axis: Any) -> Array:
    """Of an array of counts, only the run knows the sum."""
    shape = (product(shape_of(a)),) if axis is None or not shape_of(a) else shape_of(a)
    at = 0 if axis is None else place(axis, len(shape))
    if type(repeats) is Chosen:
        if repeats.ndim == 0 or repeats.size == 1:
            return fresh(a, replaced(shape, at, shape[at] * repeats.count))
        agreed(shape[at], repeats.size, "operands could not be broadcast together")
        return fresh(a, replaced(shape, at, repeats.count))
    if type(repeats) is Array:
        raise undecided("the numbers that an array holds")
    counts = lengths(repeats)
    if any(map(below_zero, counts)):
        raise ValueError("repeats may not contain negative values.")
    if len(counts) == 1:
        return fresh(a, replaced(shape, at, shape[at] * counts[0]))
    agreed_shape([(shape[at],), (len(counts),)], "operands could not be broadcast together")
    return fresh(a, replaced(shape, at, sum(counts)))


# Padded


def padded(array: Any, pad_width: Any, mode: Any) -> Array:
    shape = shape_of(array)
    widths = _widths(pad_width, len(shape))
    if any(below_zero(w) for both in widths for w in both):
        raise ValueError("index can't contain negative values")
    for n, (before, after) in zip(shape, widths, strict=True):
        if mode not in ("constant", "empty") and n == 0 and not before + after == 0:
            raise ValueError(f"can't extend empty axis using modes other than 'constant' or 'empty', not {mode!r}")
    return fresh(array, (before + n + after for n, (before, after) in zip(shape, widths, strict=True)))


def _widths(given: Any, rank: int) -> list[tuple[Any, Any]]:
    """A pair for each axis, from one number, one pair, or a pair or a number for each."""
    if type(given) is Array:
        raise undecided("the numbers that an array holds")
    if isinstance(given, dict):
        return [_pair(given.get(k, given.get(k - rank, 0))) for k in range(rank)]
    if is_whole(given) or all(map(is_whole, given)):
        return [_pair(given)] * rank
    if len(given) not in (1, rank):
        raise ValueError(f"operands could not be broadcast together: {len(given)} widths for {rank} axes")
    return [_pair(each) for each in given] * (rank if len(given) == 1 else 1)


def _pair(given: Any) -> tuple[Any, Any]:
    both = lengths(given)
    before, after = both * 2 if len(both) == 1 else both
    return before, after


# Between neighbours


def differences(a: Any, n: Any, axis: Any, prepend: Any, append: Any) -> Shape:
    shape = shape_of(a)
    if below_zero(n):
        raise ValueError(f"order must be non-negative but got {n}")
    if not shape:
        raise ValueError("diff requires input that is at least one dimensional")
    if n == 0:
        return shape
    at = place(axis, len(shape))
    ends = [replaced(shape, at, 1) if not shape_of(x) else shape_of(x) for x in (prepend, append) if x is not np._NoValue]
    agreed_shape([without(s, at) for s in (shape, *ends)], DIFFER)
    return replaced(shape, at, larger(sum(s[at] for s in (shape, *ends)) - n, 0))


def differences_of_all(ary: Any) -> Shape:
    return (larger(product(shape_of(ary)) - 1, 0),)


def convolved(a: Any, v: Any, mode: Any) -> Shape:
    n, m = (_length_of_vector(x) for x in (a, v))
    if mode == "full":
        return (n + m - 1,)
    if mode == "same":
        return (larger(n, m),)
    if mode == "valid":
        return (larger(n, m) - smaller(n, m) + 1,)
    raise ValueError(f"mode must be one of 'valid', 'same', or 'full' (got {mode!r})")


def _length_of_vector(x: Any) -> Any:
    shape = at_least(shape_of(x), 1)
    if len(shape) > 1:
        raise ValueError("object too deep for desired array")
    if shape[0] == 0:
        raise ValueError("an array cannot be empty")
    return shape[0]
