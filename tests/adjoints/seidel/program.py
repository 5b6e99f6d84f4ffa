"""Gauss-Seidel smoothing of a grid by its nine-point mean, as PolyBench's seidel-2d."""

import numpy as np

ARGNUMS = (0,)
SIZES = (5, 24, 24)


def seidel(grid, sweeps):
    u = grid.copy()
    rows, columns = u.shape
    for _ in range(sweeps):
        for i in range(1, rows - 1):
            for j in range(1, columns - 1):
                u[i, j] = (
                    u[i - 1, j - 1] + u[i - 1, j] + u[i - 1, j + 1]
                    + u[i, j - 1] + u[i, j] + u[i, j + 1]
                    + u[i + 1, j - 1] + u[i + 1, j] + u[i + 1, j + 1]
                ) / 9.0
    return np.sum(u * u)


def sample(size, seed=0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((size, size)), 10
