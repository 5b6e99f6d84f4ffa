"""Arrays in another shape where control flow is kept: in place, and as views or copies, by how they lie in memory."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from s2sad import errors, value_and_grad


def there_and_back(x: Any, n: int) -> Any:
    y = x * 2.0
    for k in range(n):
        y.shape = (2, -1)
        y[1] *= x[k]
        y.shape = y.size
    return np.sum(y)


def test_one_path_serves_all_sizes() -> None:
    derivative = value_and_grad(there_and_back, control="keep")
    for size in (6, 4, 2, 10):
        x = np.arange(1.0, size + 1)
        value, gradient = derivative(x, 1)  # the second half is multiplied by x[0], which is 1
        assert value == 2.0 * np.sum(x)
        expected = np.full(size, 2.0)
        expected[0] += 2.0 * np.sum(x[size // 2 :])
        np.testing.assert_array_equal(gradient, expected)
    assert len(derivative.paths) == 1


def test_a_size_that_does_not_fit_raises_what_numpy_raises() -> None:
    with pytest.raises(ValueError, match="cannot reshape"):
        value_and_grad(there_and_back)(np.arange(3.0), 1)


def test_what_is_caught_says_what_numpy_says() -> None:
    def f(x: Any, n: int) -> Any:
        y, said = np.zeros(n), []
        try:
            y[:] = x
        except ValueError as error:
            said += [type(error), str(error)]
        try:
            y.shape = (2, -1)
        except ValueError as error:
            said += [type(error), str(error)]
        return np.sum(x**2) * len(str(said)), said

    derivative = value_and_grad(f, control="keep", has_aux=True)
    for size, n in ((3, 2), (3, 3), (12, 14), (2, 5), (3, 2)):
        x = np.arange(1.0, size + 1)
        (value, said), gradient = derivative(x, n)
        assert (value, said) == f(x, n)
        np.testing.assert_allclose(gradient, 2.0 * x * len(str(said)))


def transposed(m: Any, n: int) -> Any:
    y = m * 1.0
    z = y.T.reshape(-1)
    for k in range(n):
        z[k] = 5.0
    return np.sum(y)


@pytest.mark.parametrize(("shape", "written"), [((3, 2), 0), ((1, 4), 2), ((4, 1), 2), ((1, 1), 1), ((2, 2), 0)])
def test_of_one_row_or_column_a_transpose_in_another_shape_is_a_view(shape: tuple[int, int], written: int) -> None:
    m = np.zeros(shape)
    derivative = value_and_grad(transposed, control="keep")
    for _ in range(2):
        value, gradient = derivative(m, min(2, m.size))
        assert value == 5.0 * written
        assert np.sum(gradient) == m.size - written


def test_an_argument_in_another_order_takes_another_path() -> None:
    derivative = value_and_grad(transposed)
    for m, written in ((np.zeros((3, 2)), 0), (np.zeros((2, 3)).T, 2), (np.zeros((4, 4))[::2, ::2], 0)):
        for _ in range(3):
            value, gradient = derivative(m, 2)
            assert value == transposed(m, 2) == 5.0 * written
            assert np.sum(gradient) == m.size - written


def test_code_that_writes_nothing_asks_nothing_of_layouts() -> None:
    derivative = value_and_grad(lambda m: np.sum(m.T.reshape(-1)[1:] ** 2), control="keep")
    for m in (np.ones((3, 2)), np.ones((2, 3)).T, np.ones((4, 4))[::2, ::2]):
        derivative(m)
    assert len(derivative.paths) == 1


def test_an_order_that_is_not_known_is_refused_where_it_decides() -> None:
    def f(m: Any) -> Any:
        y = m @ m.T
        z = y.reshape(-1)
        z[0] = 1.0
        return np.sum(y)

    with pytest.raises(errors.CannotKeep, match="depends on its memory layout"):
        value_and_grad(f, control="keep")(np.ones((3, 2)))


@pytest.mark.skipif(np.lib.NumpyVersion(np.__version__) < "2.5.0", reason="NumPy does not warn that shapes are assigned")
@pytest.mark.parametrize("control", ["record", "keep"])
def test_numpy_warns_at_the_line_of_the_user(control: Any) -> None:
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        value_and_grad(there_and_back, control=control)(np.ones(4), 1)
    assert {w.filename for w in found} == {__file__}
    assert {w.category for w in found} == {DeprecationWarning}
