"""Strides as NumPy has them: of arrays in another shape on the same memory, and of parts."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import numpy as np
from hypothesis import given, settings

from s2sad.types.strides import is_packed, of_part, packed, reshaped


@st.composite
def arrays(draw: Any) -> Any:
    """An array of few elements, with gaps, its axes in any order and direction."""
    sizes = draw(st.lists(st.sampled_from([0, 1, 2, 2, 3, 4, 6]), max_size=4))
    steps = [draw(st.sampled_from([1, 1, 2])) for _ in sizes]
    whole = np.zeros([n * s for n, s in zip(sizes, steps, strict=True)], np.int8)
    part = whole[tuple(slice(None, None, s) for s in steps)]
    turned = part.transpose(draw(st.permutations(range(len(sizes)))))
    return turned[(..., *(slice(None, None, draw(st.sampled_from([1, 1, -1]))) for _ in sizes))]


@st.composite
def shapes(draw: Any, size: int) -> tuple[int, ...]:
    """A shape for so many elements."""
    answer, left = [], size
    while left > 1:
        answer.append(draw(st.sampled_from([d for d in range(2, left + 1) if left % d == 0])))
        left //= answer[-1]
    ones = draw(st.integers(0, 2))
    return tuple(draw(st.permutations([*answer, *[1] * ones]))) if size else (*[1] * ones, 0)


@given(st.data())
@settings(max_examples=400, derandomize=True, deadline=None)
def test_another_shape_on_the_same_memory_is_found_where_numpy_finds_it(data: Any) -> None:
    array = data.draw(arrays())
    new = data.draw(shapes(array.size))
    there = np.reshape(array, new)
    found = reshaped(array.shape, array.strides, new)
    assert (found is not None) == (not array.size or np.shares_memory(there, array))
    if found is not None and array.size:
        assert all(n == 1 or a == b for n, a, b in zip(new, found, there.strides, strict=True))


@given(arrays())
@settings(max_examples=200, derandomize=True, deadline=None)
def test_what_is_packed_has_no_gaps_in_the_order_of_c(array: Any) -> None:
    assert not is_packed(array.shape, array.strides) or array.flags.c_contiguous
    assert is_packed(array.shape, packed(array.shape))


def test_parts() -> None:
    array = np.zeros((3, 4, 5), np.int8)
    assert of_part(array.strides, [1, slice(None), slice(1, None, 2)]) == array[1, :, 1::2].strides == (5, 2)
    assert of_part(array.strides, [slice(None, None, -1), None, 0, 2]) == (-20, 0)
    assert of_part((1,), [slice(None, None, np.int64(2))]) is None
