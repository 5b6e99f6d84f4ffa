"""Arrays that are filled first and then handed to operations that look at their numbers."""
# ruff: noqa: ANN001, ANN201, D103
from __future__ import annotations

import numpy as np

from tests.programs import program
from tests.programs.samples import positive, wave


@program((wave(3, 3) + 4.0 * np.eye(3),), (wave(2, 2) + 4.0 * np.eye(2),))
def inverse_of_an_accumulator(a):
    t = np.zeros(a.shape)
    t += a
    return np.sum(np.linalg.inv(t) * a)


@program((positive(3),), (positive(4),))
def matrix_filled_in_a_loop_and_solved(x):
    n = len(x)
    matrix, right = np.zeros((n, n)), np.zeros(n)
    for i in range(n):
        for j in range(n):
            matrix[i, j] = x[j] * 0.5 + (4.0 if i == j else 0.0)
        right[i] = x[i] ** 2
    return np.sum(np.linalg.solve(matrix, right) ** 2)


@program((wave(3, 3),), (wave(2, 2),))
def factors_of_a_covariance_filled_by_rows(a):
    n = len(a)
    t = np.zeros((n, n))
    for i in range(n):
        t[i] = a[i] @ a.T
    t[np.arange(n), np.arange(n)] += 1.0
    factor = np.linalg.cholesky(t)
    sign, size = np.linalg.slogdet(t)
    return np.sum(factor) + sign * size + np.linalg.eigvalsh(t)[0]


@program((wave(4),), (positive(3),))
def places_that_are_filled_in(x):
    places = np.full(2, 100)
    places[0], places[1] = 1, 2
    y = x * 2.0
    y[places] = 3.0 * x[places]
    return np.sum(y**2 * y[places][0])


@program((wave(4),), (positive(4),), order=2)
def finite_by_now(x):
    t = np.full(x.shape, np.nan)
    t[:] = x
    u = np.asarray_chkfinite(t)
    u[0] = x[1] * 3.0
    return np.sum(t * t)


@program((wave(4),), (positive(4),))
def shape_that_is_filled_in(x):
    shape = np.zeros(2, int)
    shape[:] = 2
    y = np.reshape(x * 1.0, shape)
    y[0, 0] = 5.0 * x[1]
    return np.sum(y * x[0])


@program((wave(2),), (positive(2),))
def written_as_a_whole_and_apart_again(x):
    y, v = np.zeros(2), x * 2.0
    y[...] = v
    one, other = np.atleast_2d(y, v)
    v[0] = x[0] * 7.0
    y[1] = x[1] * 5.0
    return np.sum(one * other)


@program((wave(4),), (positive(6),))
def parts_that_lie_between_one_another(x):
    t = x * 1.0
    t[0] = 2.0 * x[0]
    even, odd = np.atleast_1d(t[::2], t[1::2])
    t[1] = x[0] * 7.0
    odd[1] = x[1] ** 2
    return np.sum(even * odd) + np.sum(t)
