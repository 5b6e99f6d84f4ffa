"""What native code calls by name gives what NumPy and Python give, at the ends of ranges, of NaN, infinities and empty arrays as well."""
from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from s2sad.native import support
from s2sad.runtime import functions

R = np.random.default_rng(5)
INF, NAN = math.inf, math.nan


def test_places_in_tables() -> None:
    for table in (np.array([]), np.array([1.0]), np.array([-INF, 0.0, 0.0, 2.0, INF]), np.array([0, 0, 3]), np.array([1, 2], np.float32)):
        for x, right in itertools.product((-INF, -1.0, 0.0, -0.0, 1.0, 2.5, INF, NAN, 3), (False, True)):
            assert support.place_in(table, x, right) == np.searchsorted(table, x, side="right" if right else "left")
    told = {(): True, (0.0, 0.0, 1.0): True, (1.0, 0.0): False, (0.0, NAN): False, (NAN,): False}
    assert [support.is_increasing(np.array(t)) for t in told] == list(told.values())


@pytest.mark.parametrize("xp", [[0.0], [0.0, 1.0], [-1.0, 0.5, 0.5, 2.0], [0.0, 1.0, INF]])
def test_interpolation(xp: list[float]) -> None:
    knots, heights = np.array(xp), R.normal(size=len(xp))
    for x in (-INF, -2.0, -1.0, 0.0, -0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 7.0, NAN):
        with np.errstate(all="ignore"):
            found = support.interpolated(x, knots, heights, heights[0], 9.0)
            assert found == np.interp(x, knots, heights, right=9.0) or (found != found and x != x) or math.isinf(xp[-1])
            if x == x and len(set(xp)) == len(xp):
                assert support.interp_slope(x, knots, heights) == functions.interp_slope(x, knots, heights)
                each = np.array([x, 0.3]), knots
                if not np.isinf(x):
                    np.testing.assert_allclose(support.interp_spread(np.ones(2), *each, True, False),
                                               functions.interp_spread(np.ones(2), *each, True, False), 1e-13)  # fmt: skip
                    np.testing.assert_allclose(support.interp_slope_spread(np.ones(2), *each),
                                               functions.interp_slope_spread(np.ones(2), *each), 1e-13)  # fmt: skip


def test_padded_places() -> None:
    for length, before, after in itertools.product((1, 2, 3, 5), (0, 1, 4, 11), (0, 2, 9)):
        for number, mode in enumerate(("edge", "wrap", "symmetric", "reflect")):
            wanted = np.pad(np.arange(length), (before, after), mode)  # type: ignore[call-overload]
            assert [support.padded_place(k - before, length, number) for k in range(len(wanted))] == wanted.tolist()


def test_convolutions() -> None:
    for n, m in itertools.product((1, 2, 3, 4, 7), repeat=2):
        for kind, (number, mode) in itertools.product((float, int, complex), enumerate(("valid", "same", "full"))):
            a, v = (R.normal(size=k) * 9 + (1j * R.normal(size=k) if kind is complex else 0) for k in (n, m))
            a, v = a.astype(kind), v.astype(kind)
            np.testing.assert_allclose(support.convolved(a, v, number), np.convolve(a, v, mode), 1e-12, 1e-12)
            np.testing.assert_allclose(support.correlated(a, v, number), np.correlate(a, v, mode), 1e-12, 1e-12)


def test_rows() -> None:
    rows = np.array([[3.0, 0.0, -1.0, 0.0], [2.0, -0.0, INF, 1.0]])
    assert np.array_equal(support.sorted_rows(rows), np.sort(rows, axis=1))
    assert np.array_equal(support.argsorted(rows, True), np.argsort(rows, axis=1, kind="stable"))
    assert not len(support.argsorted(rows, False)) and not len(support.argsorted(np.array([[NAN]]), True))
    assert not len(support.sorted_rows(np.array([[1.0, NAN]]))) and support.sorted_rows(np.empty((2, 0))).shape == (2, 0)
    starts = np.array([0, 2, 1, 1, 3])
    assert np.array_equal(support.added_by_segments(rows, starts), np.add.reduceat(rows, starts, axis=1))
    assert not len(support.added_by_segments(rows, np.array([4])))
    assert np.array_equal(support.repeated_places(np.array([2, 0, 3])), [0, 0, 2, 2, 2])
    for upper, k, shape in itertools.product((False, True), (-2, 0, 1, 9), ((3, 3), (2, 4), (0, 2))):
        found = support.triangle_places(*shape, k, upper)
        assert np.array_equal(found, (np.triu_indices if upper else np.tril_indices)(shape[0], k, shape[1]))
    for rows in (np.array([[2.0, 0.0, 5.0], [0.0, 0.0, 1.0]]), np.ones((2, 1), np.float32), np.empty((2, 0))):
        wanted = [[np.prod(np.delete(row, k)) for k in range(len(row))] for row in rows]
        assert np.array_equal(support.products_of_others(rows), np.reshape(wanted, rows.shape))


def test_numbers() -> None:
    numbers = [0.0, -0.0, 0.5, 1.5, -2.5, 7.25, 1e-9, 1e300, -3.7, INF, -INF, NAN]
    for x, y in itertools.product(numbers, repeat=2):
        found = support.remainder(np.float64(x), np.float64(y))
        try:
            wanted = math.remainder(x, y)
        except ValueError:
            wanted = NAN
        assert found == wanted or (found != found and wanted != wanted), (x, y)
        with np.errstate(all="ignore"):
            assert np.array_equal(support.made_finite(x, 0.5, 1.0, -2.0), np.nan_to_num(x, nan=0.5, posinf=1.0, neginf=-2.0))
    for n, x in itertools.product((0, 1, 2, 3, 4), (0.0, 0.3, -1.7, 2.0, 5.1, -30.0)):
        if n:
            assert support.sinc_derivative(x, n) == pytest.approx(functions.sinc_derivative(x, n), 1e-12, 1e-12)
        assert support.i0_derivative(x, n) == pytest.approx(float(functions.i0_derivative(x, n)) if n else np.i0(x), 1e-12)
    assert not np.array_equal(support.i0_derivative(0.5, 0), 1.0)


def test_decimals() -> None:
    """What is rounded without Python is what Python rounds to; where a float lies half way, all but, Python is asked."""
    asked = 0
    for x, places in itertools.product([2.675, 0.125, 1.005, -0.0, 1e17, 0.45, *(R.normal(size=300) * 100)], (-2, -1, 0, 1, 2, 5, 12)):
        scaled = x * 10.0**places if places > 0 else x / 10.0**-places
        if support.is_half_way(scaled):
            asked += 1
            continue
        whole = np.rint(scaled)
        found = math.copysign(whole / 10.0**places if places > 0 else whole * 10.0**-places, x)
        assert repr(found) == repr(float(round(float(x), places))), (x, places)
    assert 5 < asked < 60


def test_matrices() -> None:
    stack = np.array([a @ a.T + 2 * np.eye(3) for a in R.normal(size=(4, 3, 3))])
    right = R.normal(size=(4, 3, 2))
    for function, name in (("inverses", "inv"), ("factors", "cholesky"), ("determinants", "det")):
        np.testing.assert_allclose(getattr(support, function)(stack), getattr(np.linalg, name)(stack), 1e-12, 1e-12)
    np.testing.assert_allclose(support.solutions(stack, right), np.linalg.solve(stack, right), 1e-12)
    lower = np.tril(stack)
    for upper, one in ((False, lower), (True, np.swapaxes(lower, 1, 2).copy())):
        np.testing.assert_allclose(support.eigenvalues(one, upper), np.linalg.eigvalsh(one, "U" if upper else "L"), 1e-12)
        values, vectors = support.values_and_vectors(one, upper)
        np.testing.assert_allclose(vectors * values[:, None, :] @ np.swapaxes(vectors, 1, 2), stack, 1e-12, 1e-12)
    assert [p.shape for p in support.singular_parts(right, True)] == [p.shape for p in np.linalg.svd(right)]
    assert not len(support.cofactors_of_regular(np.zeros((2, 3, 3))))
