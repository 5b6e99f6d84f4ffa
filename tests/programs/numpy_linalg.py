"""Linear algebra: products in all ranks, `numpy.linalg`."""

from __future__ import annotations

import numpy as np
from numpy import linalg
from numpy.linalg import norm

from . import program
from .samples import invertible, positive, spd, wave


@program(
    (wave(3), wave(3)),
    (wave(2, 3), wave(3)),
    (wave(3), wave(3, 2)),
    (wave(2, 3), wave(3, 4)),
    (wave(2, 3, dtype=np.float32), wave(3, 4, dtype=np.float32)),
    argnums=(0, 1),
)
def dot_in_ranks_one_and_two(a, b):
    return np.sum(np.dot(a, b) ** 2) + np.sum(np.sin(a.dot(b)))


@program(
    (0.5, wave(3)),
    (wave(2, 2), -1.5),
    (wave(2, 3, 4), wave(4)),
    (wave(2, 3), wave(2, 3, 4)),
    (wave(2, 1, 3), wave(2, 3, 2)),
    (wave(3), wave(2, 3, 2)),
    argnums=(0, 1),
)
def dot_with_scalars_and_higher_ranks(a, b):
    product = np.dot(a, b)
    return np.sum(product * np.arange(1.0, np.size(product) + 1).reshape(np.shape(product)) ** 0.5 * product)


@program(
    (wave(3), wave(3)),
    (wave(2, 3), wave(3)),
    (wave(3), wave(3, 2)),
    (wave(2, 3), wave(3, 4)),
    (wave(5, 2, 3), wave(5, 3, 2)),
    (wave(2, 3), wave(5, 3, 2)),
    (wave(4, 1, 2, 3), wave(3, 3, 2)),
    (wave(3), wave(2, 3, 2)),
    (wave(2, 2, 3), wave(3)),
    (wave(1, 2, 3), wave(4, 3, 1)),
    argnums=(0, 1),
)
def matmul_in_all_ranks(a, b):
    c = a @ b
    return np.sum(c * c) + np.sum(np.cos(np.matmul(a, b * 2))) * 0.5


@program((wave(3), wave(4)), (wave(2), wave(2)), (wave(2, 2), positive(3)), argnums=(0, 1))
def outer_and_inner(a, b):
    table = np.outer(a, b)
    scale = np.inner(a.ravel(), a.ravel()) + np.inner(b, b * 2)
    return np.sum(table**2) * scale + np.sum(np.outer(b, b)[0] * b)


@program((wave(2, 3), wave(4, 3)), (wave(3), wave(2, 2, 3)), (wave(2, 3), 1.5), argnums=(0, 1))
def inner_in_higher_ranks(a, b):
    c = np.inner(a, b)
    return np.sum(c**2) + np.sum(a) * np.sum(b)


@program((invertible(3),), (invertible(2),), (invertible(2, 3),), (invertible(3, dtype=np.float32),))
def inverse_and_determinant(a):
    inverse = np.linalg.inv(a)
    return np.sum(np.log(np.abs(np.linalg.det(a)))) + np.sum(inverse @ inverse * a) * 3 + np.sum(inverse**2)


@program(
    (np.array([[1.0, 2.0], [2.0, 4.0]]),),
    (np.array([[1.0, 0.0, 2.0], [0.0, 0.0, 0.0], [0.5, 1.0, 3.0]]),),
    (invertible(3),),
)
def determinant_of_singular_matrices(a):
    return np.linalg.det(a) * 2 + np.linalg.det(a @ a.T + np.eye(len(a)))


@program((spd(3), 0.5), (invertible(2), 1.5), (spd(2, 2), 0.3), argnums=(0, 1))
def slogdet_unpacked_and_named(a, s):
    sign, logdet = np.linalg.slogdet(a * s)
    named = linalg.slogdet(a + s * np.eye(a.shape[-1]))
    return np.sum(sign * logdet) + np.sum(named.logabsdet * named.sign)


@program(
    (invertible(3), wave(3)),
    (invertible(2), wave(2, 4)),
    (invertible(2, 3), wave(3, 2, 1)),
    (invertible(2), wave(3, 2, 2)),
    (invertible(2, dtype=np.float32), wave(2, dtype=np.float32)),
    argnums=(0, 1),
)
def linear_systems(a, b):
    x = np.linalg.solve(a, b)
    y = np.linalg.solve(np.swapaxes(a, -1, -2), 2 * b)
    return np.sum(x * y) + np.sum(x**2)


@program((wave(4),), (wave(2, 3),), (positive(3, dtype=np.float32),))
def norms_of_everything(x):
    return np.linalg.norm(x) ** 3 + norm(x - 3.0) * norm(x.ravel(), 2)


@program((wave(4),), (positive(3),), (wave(2, dtype=np.float32),))
def vector_norms_by_order(v):
    total = norm(v, 1) * norm(v, np.inf) + norm(v, -np.inf) + norm(v, ord=3) ** 2
    return total + np.linalg.norm(v / norm(v) + 1.0, ord=0.5) + norm(v, 0)


@program((wave(3, 4),), (positive(2, 2),), (wave(2, 3, dtype=np.float32),))
def matrix_norms_and_axes(a):
    rows = np.linalg.norm(a, axis=1)
    kept = norm(a, axis=0, keepdims=True)
    total = np.sum(rows**3) + np.sum(a / kept) + norm(a, "fro") * norm(a, ord=1) + norm(a, np.inf)
    return (
        total + norm(a, ord=1, axis=-1)[0] + norm(a, axis=(0, 1)) + norm(a[None] * np.ones((2, 1, 1)), axis=(1, 2))[1]
    )


@program((spd(3),), (spd(2),), (spd(2, 3),), (spd(3, dtype=np.float32),))
def cholesky_factor(a):
    lower = np.linalg.cholesky(a)
    diagonal = np.diagonal(lower, axis1=-2, axis2=-1)
    return 2 * np.sum(np.log(diagonal)) + np.sum(lower[..., -1, :] ** 2 * lower[..., 0, 0:1])


@program((wave(6, 3), wave(6), 0.5), (wave(4, 2), positive(4), 2.0), argnums=(0, 1, 2))
def ridge_regression(x, y, penalty):
    gram = x.T @ x + penalty * np.identity(x.shape[1])
    w = np.linalg.solve(gram, x.T @ y)
    residual = y - x @ w
    return residual @ residual + penalty * w @ w
