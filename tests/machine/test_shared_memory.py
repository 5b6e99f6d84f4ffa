"""Which arrays are one in memory, as NumPy has it: what is written into one is seen in the other, or else refused."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from s2sad import check_grads, grad, value_and_grad
from s2sad.errors import UnsupportedMutation

X = np.array([1.0, 2.0, 3.0, 4.0])
CONTROLS = pytest.mark.parametrize("control", ["record", "keep"])


def copied_by_the_function(x):
    y = np.conj(x)
    y[0] = 5.0
    return np.sum(y**2) + np.sum(x**2)


def itself_by_the_method(x):
    y = x * 1.0
    z = y.conjugate()
    z *= 2.0
    y.conj()[0] = 3.0
    return np.sum(y**2)


def of_complex_numbers_a_copy(x):
    y = x * (1.0 + 2.0j)
    z = y.conj()
    z[0] = 2.0
    return np.sum(np.abs(y) ** 2 * z.real)


def the_same_shapes(x):
    y, z = np.broadcast_arrays(x * 1.0, np.ones(4))
    y[1] = 3.0 * x[0]
    return np.sum(y * y * z)


def open_grids(x):
    y, z = np.meshgrid(x * 1.0, x * 2.0, copy=False, sparse=True)
    y[0, 1] = 0.0
    z[1] *= 2.0
    return np.sum(y * z)


def read_after_a_write(x):
    z = x * 1.0
    windows, rows = sliding_window_view(z, 2), np.broadcast_to(z, (3, 4))
    z[1] = 3.0 * x[0]
    return np.sum(windows**3) + np.sum(rows**2)


PROGRAMS = [copied_by_the_function, itself_by_the_method, of_complex_numbers_a_copy, the_same_shapes, open_grids, read_after_a_write]


@CONTROLS
@pytest.mark.filterwarnings("ignore:.*writ:FutureWarning", "ignore:.*writ:DeprecationWarning")
@pytest.mark.parametrize("function", PROGRAMS, ids=lambda f: f.__name__)
def test_a_write_is_seen_where_numpy_shows_it(function: Callable[..., Any], control: str) -> None:
    given = X.copy()
    value, found = value_and_grad(function, control=control)(given)
    assert value == function(X.copy())
    np.testing.assert_array_equal(given, X)
    np.testing.assert_allclose(found, grad(function, control="record")(X), rtol=1e-14)
    check_grads(function, (X,))


def windows(x):
    y = sliding_window_view(x * 1.0, 2, writeable=True)
    y[1, 0] = 5.0 * x[3]
    return np.sum(y**2)


def part_of_windows(x):
    y = sliding_window_view(x * 1.0, 2, writeable=True)
    part = y[1]
    part *= 2.0
    return np.sum(y**2)


def spread(x):
    y, z = np.broadcast_arrays(x * 1.0, np.ones((3, 4)))
    y[1] = 3.0 * x[1]
    return np.sum(y * z)


def grids(x):
    y, z = np.meshgrid(x * 1.0, x * 2.0, copy=False)
    z[1] *= 2.0
    return np.sum(y * z)


@CONTROLS
@pytest.mark.filterwarnings("ignore:.*writ:FutureWarning", "ignore:.*writ:DeprecationWarning")
@pytest.mark.parametrize("function", [windows, part_of_windows, spread, grids], ids=lambda f: f.__name__)
def test_an_array_that_shows_an_element_twice_is_not_written(function: Callable[..., Any], control: str) -> None:
    with pytest.raises(UnsupportedMutation, match="an array whose elements share memory with one another is written") as found:
        grad(function, control=control)(X)
    assert "write into what it shows, or into a copy" in str(found.value)


def summed(x):
    out = np.zeros(4)
    np.sum(x, 0, None, out)
    return np.sum(out**2)


def by_the_method(x):
    out = np.zeros((3, 4), np.float32)
    x.cumsum(0, None, out)
    return np.sum(out**2)


def of_a_dtype(x):
    out = np.zeros(4)
    np.mean(x, 0, np.float64, out, keepdims=False)
    return np.sum(out**2)


def along_a_diagonal(x):
    out = np.zeros(())
    np.trace(x, 0, 0, 1, None, out)
    return out * 2.0


@CONTROLS
@pytest.mark.parametrize("function", [summed, by_the_method, of_a_dtype, along_a_diagonal], ids=lambda f: f.__name__)
def test_an_array_to_write_into_is_given_by_position(function: Callable[..., Any], control: str) -> None:
    x = np.arange(12.0).reshape(3, 4)
    value, found = value_and_grad(function, control=control)(x)
    assert value == function(x)
    np.testing.assert_allclose(found, grad(function)(x), rtol=1e-14)
    check_grads(function, (x,), modes=("compiled", "tape", "forward"))


@CONTROLS
def test_parts_are_written_into_an_array_as_it_lies_in_memory(control: str) -> None:
    """The last bit of a sum depends on that."""

    def f(x):
        z = x * (1.0 + 1.0j)
        z.imag[0] = 2.0
        z.real[1] = 0.5
        return np.sum(np.abs(z) ** 3)

    rng = np.random.default_rng(0)
    derivative = value_and_grad(f, control=control)
    for _ in range(20):
        x = np.asfortranarray(rng.normal(size=(7, 5)))
        assert derivative(x)[0] == f(x)


@pytest.mark.parametrize("control", ["record", "keep", "auto"])
def test_another_number_of_bins(control: str) -> None:
    def f(x, bins):
        sums, _ = np.histogram(x, bins, (0.0, 1.0), weights=x * x)
        return np.sum(sums**2 * np.arange(sums.size)) + np.sum(np.histogram_bin_edges(x, bins) ** 2)

    x, derivative = np.array([0.1, 0.41, 0.52, 0.93, 0.33]), value_and_grad(f, control=control)
    for bins in (3, 4, 1, 2, np.int64(5), 3):
        value, found = derivative(x, bins)
        assert value == f(x, bins)
        np.testing.assert_allclose(found, value_and_grad(f)(x, bins)[1], rtol=1e-14)
        check_grads(f, (x, bins), 0, modes=("compiled", "differences"))
