"""Values that stand for any value: sizes that are told apart, and the shapes of parts."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2sad.errors import CannotKeep
from s2sad.ir.program import Var
from s2sad.ir.writing import Box
from s2sad.keep.samples import LARGE, Pairs, Samples, part_shape, plain, within
from tests.at_random import profile

SIDES = st.integers(1, 6)


@st.composite
def parts(draw: Any) -> tuple[tuple[int, ...], Any]:
    """A shape, and a basic index within it."""
    shape = tuple(draw(st.lists(SIDES, min_size=1, max_size=3)))
    items: list[Any] = []
    for n in shape[: draw(st.integers(0, len(shape)))]:
        bounds = st.none() | st.integers(-n - 2, n + 2)
        items.append(draw(st.integers(-n, n - 1) | st.builds(slice, bounds, bounds, st.sampled_from((None, 1, 2, -1, -2)))))
    if draw(st.booleans()):
        items.insert(draw(st.integers(0, len(items))), None)
    if draw(st.booleans()):
        items.append(Ellipsis)
    return shape, items[0] if len(items) == 1 and draw(st.booleans()) else tuple(items)


def test_the_shape_of_a_part_is_that_of_numpy() -> None:
    @profile(300)
    @given(parts())
    def check(given_: tuple[tuple[int, ...], Any]) -> None:
        shape, index = given_
        array = np.zeros(shape)
        for which in (0, 1):
            assert part_shape(array, index, which, Samples(0)) == array[index].shape

    check()


@pytest.mark.parametrize("index", [[0, 1], np.array([0]), np.array([True, False]), True, (0, [1]), "a"], ids=repr)
def test_other_indices_are_not_basic(index: Any) -> None:
    assert part_shape(np.zeros((2, 2)), index, 0, Samples(0)) is None


def test_too_many_indices() -> None:
    with pytest.raises(CannotKeep, match="too many indices"):
        part_shape(np.zeros(3), (0, 0), 0, Samples(0))


def test_a_position_that_is_a_sample_names_an_element_of_every_array() -> None:
    """Whatever position stands in the index, one axis goes."""
    assert part_shape(np.zeros((3, 4)), 10**6, 0, Samples(0)) == (4,)
    assert part_shape(np.zeros((3, 4)), (slice(None), np.int64(99)), 0, Samples(0)) == (3,)


def test_a_part_between_bounds_that_are_not_known_has_a_length_that_is_not_known() -> None:
    """Two numbers from outside, on an axis that is not known either."""
    samples = Samples(0)

    def box(pair: tuple[Any, Any]) -> Box:
        made = Box(None, pair[0], Var(type(pair[0])), frozenset())
        samples.second[made.var] = pair[1]
        return made

    sizes = samples.pairs.size()
    array = box((np.zeros(sizes[0]), np.zeros(sizes[1])))
    start, stop = box(samples.pairs.number()), box(samples.pairs.number())
    for index in (slice(start, stop), slice(start, None), slice(None, stop), slice(start, None, 2)):
        lengths = {part_shape(array, index, which, samples) for which in (0, 1)}
        assert len(lengths) == 2, f"{index} has a known length"


@pytest.mark.parametrize("series", [0, 1])
def test_pairs_are_distinct(series: int) -> None:
    pairs = Pairs(series)
    sizes, steps = [pairs.size() for _ in range(60)], [pairs.step() for _ in range(10)]
    assert all(a != b for a, b in sizes + steps)
    assert len(set(sizes)) == len(sizes) and len(set(steps)) == len(steps)
    for offset in (-1, 1):  # so that `n - 1` and `m` are told apart
        assert not {(a + offset, b + offset) for a, b in sizes} & set(sizes)


def test_a_difference_of_two_sizes_does_not_look_known_in_both_series() -> None:
    found = [[pairs.size() for _ in range(12)] for pairs in (Pairs(0), Pairs(1))]
    for i, j in itertools.combinations(range(12), 2):
        differences = [(sizes[j][0] - sizes[i][0], sizes[j][1] - sizes[i][1]) for sizes in found]
        assert len({d for pair in differences for d in pair}) > 1


def test_the_two_series_share_no_pair() -> None:
    one, other = Pairs(0), Pairs(1)
    assert not {one.size() for _ in range(50)} & {other.size() for _ in range(50)}
    assert not {one.step() for _ in range(10)} & {other.step() for _ in range(10)}


@pytest.mark.parametrize("value", [1.5, np.float32(2.0), 2.0 + 1j, np.arange(3.0), np.ones((2, 0)), np.array([True, False]),
                                   np.ones(2, complex), 7, np.zeros(LARGE + 1, np.float32)], ids=lambda v: type(v).__name__)  # fmt: skip
def test_plain_values_have_the_type_and_no_numbers(value: Any) -> None:
    found = plain(value)
    assert type(found) is type(value)
    if isinstance(value, np.ndarray):
        assert (found.shape, found.dtype) == (value.shape, value.dtype)
        assert value.dtype.kind == "b" or not np.array_equal(found, value) or not value.size or not value.any()
    else:
        assert found == value if isinstance(value, int) else found != value


def test_indices_within_any_array() -> None:
    assert within((5, slice(1, 2), np.int64(9))) == (0, slice(1, 2), 0)
    np.testing.assert_array_equal(within(np.array([4, 5])), [0, 0])
