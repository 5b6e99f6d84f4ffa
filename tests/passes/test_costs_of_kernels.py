"""What generated code of kernels does not do: comparisons made twice, results kept that nothing reads, steps one element at a time."""

from __future__ import annotations

import numpy as np
import pytest

from s2sad import value_and_grad
from tests.benchmarks import corpus
from tests.benchmarks.corpus_by_hand import BY_HAND
from tests.programs import arrays_kernels_signals
from tests.programs.samples import positive, wave


def ordered(x, y):
    low, high = np.minimum(x, y), np.maximum(x, y)
    return np.sum(low * wave(5) + high * high)


def test_a_minimum_and_a_maximum_share_their_comparisons() -> None:
    slope = value_and_grad(ordered, argnums=(0, 1))
    slope(wave(5), wave(5, phase=1.0))
    assert slope.source.count(" <= ") == 2 and slope.source.count("x == y") == 1


def relaxed(d):
    for k in range(len(d)):
        for i in range(len(d)):
            d[i] = np.minimum(d[i], d[i, k] + d[k])
    return np.sum(d**2)


def test_a_minimum_in_a_loop_keeps_what_it_decided_and_no_numbers() -> None:
    slope = value_and_grad(relaxed, control="keep")
    slope(positive(5, 5))
    kept = [line.split("] = ")[1] for line in slope.source.split("\n") if "_saved" in line.split("] = ")[0] and "] = " in line]
    assert len(kept) == 3 and [sum(f" {sign} " in line for line in kept) for sign in ("<=", "==")] == [2, 1]
    assert "np.where" not in slope.source and slope.source.count("halved(") == 1


def smallest_distance(points, centre):
    total = 0.0
    for i in range(len(points)):
        total = total + np.sum(np.maximum(points[i] * centre, centre) ** 2)
    return total


def test_what_is_needed_as_numbers_is_kept_as_numbers() -> None:
    """The larger one is squared, so it is needed; the arguments are compared only."""
    slope = value_and_grad(smallest_distance, argnums=(0, 1), control="keep")
    points, centre = wave(4, 3), positive(3)
    value, (by_points, by_centre) = slope(points, centre)
    larger = points * centre > centre
    expected = np.where(larger, 2.0 * points * centre**2, 0.0)
    np.testing.assert_allclose(by_points, expected, rtol=1e-13)
    np.testing.assert_allclose(by_centre, np.sum(np.where(larger, 2.0 * points**2 * centre, 2.0 * centre), axis=0), rtol=1e-13)
    assert value == smallest_distance(points, centre)


def soft_maximum(x):
    return np.logaddexp.reduce(x) + np.sum(x * x, axis=0)


def test_a_reduction_by_a_ufunc_is_one_operation_also_in_the_adjoint() -> None:
    slope = value_and_grad(soft_maximum)
    slope(wave(100))
    assert slope.source.count("= np.logaddexp.reduce(x)") == slope.source.count("np.exp(") == 1
    assert "expand_dims" not in slope.source and slope.source.count("\n") < 10


def updated(y):
    for i in range(len(y)):
        y[i] = y[i] * y[i] + y[0]
    return np.sum(y[1] * y[2])


def updated_with_a_difference(y):
    for i in range(len(y)):
        y[i] = y[0] - y[i] * y[i]
    return np.sum(y[1] * y[2])


@pytest.mark.parametrize("control", ["record", "keep", "auto"])
@pytest.mark.parametrize("shape", [(3,), (3, 2)], ids=["numbers", "rows"])
def test_what_an_update_hands_on_is_assigned_also_where_it_reads_what_it_updates(control: str, shape: tuple[int, ...]) -> None:
    """At the first step both terms are one place: 1, 2, 3 become 2, 6, 11, or 0, -4, -9."""
    y = np.full((2, 3), [1.0, 2.0, 3.0]).T[:, : shape[-1]].reshape(shape) if len(shape) == 2 else np.array([1.0, 2.0, 3.0])
    for function, gives in ((updated, [51.0, 44.0, 36.0]), (updated_with_a_difference, [13.0, 36.0, 24.0])):
        slope = value_and_grad(function, control=control)
        for _ in range(2):
            np.testing.assert_array_equal(slope(y.copy())[1], np.broadcast_to(np.array(gives), shape[::-1]).T)
    if control == "keep":
        assert "[i] = 0.0" not in slope.source and slope.source.split("adjoint of")[-1].count(".copy()") <= 1


@pytest.mark.parametrize("name", BY_HAND)
def test_adjoints_by_hand_give_the_same(name: str) -> None:
    function, args = getattr(arrays_kernels_signals, name), corpus.LARGER[name]
    value, gradient = BY_HAND[name](*args)
    assert value == function(*args)
    np.testing.assert_allclose(gradient, value_and_grad(function)(*args)[1], rtol=1e-13, atol=1e-13)


def parts_of_rows(u):
    total = 0.0
    for i in range(len(u)):
        total = total + u[i][0] * u[i][-1] + np.sum(u[i][1:] ** 2)
    return total


@pytest.mark.parametrize("control", ["record", "keep"])
def test_parts_of_rows_are_parts_of_the_array_in_the_adjoint(control: str) -> None:
    """No row is made for one of its elements. A row of 1, 2, 3 has the derivatives 3, 4, 1 + 6."""
    slope = value_and_grad(parts_of_rows, control=control)
    for _ in range(2):
        value, gradient = slope(np.array([[1.0, 2.0, 3.0], [0.0, 1.0, 2.0]]))
    assert value == 3.0 + 13.0 + 0.0 + 5.0
    np.testing.assert_array_equal(gradient, [[3.0, 4.0, 7.0], [2.0, 2.0, 4.0]])
    assert "scatter" not in slope.source and slope.source.count("np.zeros(") <= 2  # that of the array, and where the sums begin
