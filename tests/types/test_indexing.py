"""Parts of arrays: the shape that types tell is NumPy's, with numbers and with symbols for sizes."""
from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2sad.types.arrays import Array
from s2sad.types.indexing import Chosen, part, part_length
from s2sad.types.polynomials import Symbol
from s2sad.types.questions import Undecided
from s2sad.types.sizes import Size, same, value_at_hints
from tests.at_random import profile

SIDES = st.integers(0, 6)


@st.composite
def parts(draw: Any) -> tuple[tuple[int, ...], Any]:
    """A shape, and an index within it: numbers, slices, new axes, arrays of places."""
    shape = tuple(draw(st.lists(SIDES, min_size=1, max_size=4)))
    items: list[Any] = []
    for n in shape[: draw(st.integers(0, len(shape)))]:
        bounds = st.none() | st.integers(-n - 2, n + 2)
        slices = st.builds(slice, bounds, bounds, st.sampled_from((None, 1, 2, -1, -2)))
        arrays = st.lists(st.integers(-n, n - 1), min_size=2, max_size=2).map(np.array) if n > 1 else slices
        items.append(draw(slices | arrays | (st.integers(-n, n - 1) if n else slices)))
    if draw(st.booleans()):
        items.insert(draw(st.integers(0, len(items))), None)
    if draw(st.booleans()):
        items.insert(draw(st.integers(0, len(items))), Ellipsis)
    return shape, items[0] if len(items) == 1 and draw(st.booleans()) else tuple(items)


@pytest.mark.sampled(3)
def test_the_shape_of_a_part_is_that_of_numpy() -> None:
    @profile(600)
    @given(parts())
    def check(given_: tuple[tuple[int, ...], Any]) -> None:
        shape, index = given_
        try:
            expected = np.zeros(shape)[index]
        except IndexError:  # of places beyond an axis; which the types do not tell
            return
        for sizes in (shape, tuple(Size.of(Symbol("n", n, 0)) for n in shape)):
            found = part(Array(float, sizes), index)
            assert tuple(map(value_at_hints, np.shape(found))) == expected.shape
            assert isinstance(found, np.ndarray) == isinstance(expected, np.ndarray)

    check()


def test_the_length_of_a_part_is_that_of_numpy() -> None:
    """For all small axes and bounds, known or not."""
    bounds = [None, *range(-6, 7)]
    for number, start, stop, step in itertools.product(range(5), bounds, bounds, (None, 1, 2, 3, -1, -2)):
        expected = len(range(number)[start:stop:step])
        n = Size.of(Symbol("n", number, 0))
        assert value_at_hints(part_length(n, slice(start, stop, step))) == expected, (number, start, stop, step)
        if step is None or step > 0:
            first, last = (None if b is None else Size.of(Symbol("b", b)) for b in (start, stop))
            assert value_at_hints(part_length(n, slice(first, last, step))) == expected, (number, start, stop, step)


def test_parts_that_are_equally_long_have_one_length() -> None:
    n = Size.of(Symbol("n", 5, 0))
    assert same(part_length(n, slice(1, None)), part_length(n, slice(None, -1)))
    assert same(part_length(n, slice(2, None)), part_length(n, slice(1, -1)))
    assert same(part_length(n, slice(None)), n) and same(part_length(n, slice(None, None, -1)), n)
    step = Size.of(Symbol("i", None, 0, n - 3))
    assert part_length(n, slice(step, step + 3)) == 3


@pytest.mark.parametrize("index, shape", [
    ((np.array([0, 1]), slice(None), np.array([0, 1])), (2, 4)), ((slice(None), np.array([0, 1]), np.array([[0], [1]])), (3, 2, 2)),
    ((0, slice(None), np.array([0, 1])), (2, 4)), (np.ones((3, 4), bool), (12, 5)), ((slice(None), np.ones(4, bool)), (3, 4, 5)),
    (([0, 1],), (2, 4, 5)), ((None, 0, [0, 1]), (1, 2, 5)),
], ids=repr)  # fmt: skip
def test_arrays_in_an_index(index: Any, shape: tuple[int, ...]) -> None:
    assert np.zeros((3, 4, 5))[index].shape == shape == np.shape(part(Array(float, (3, 4, 5)), index))


def test_a_mask_chooses_a_number_of_its_own() -> None:
    n, count = Size.of(Symbol("n", 5, 0)), Size.of(Symbol("count", None, 0))
    assert str(part(Array(float, (n, 2)), Chosen(bool, (n,), count))) == "float64[count, 2]"
    with pytest.raises(Undecided, match="how many elements a mask chooses"):
        part(Array(float, (n,)), Array(bool, (n,)))


def test_too_many_indices() -> None:
    with pytest.raises(IndexError, match="too many indices"):
        part(Array(float, (3,)), (0, 0))
