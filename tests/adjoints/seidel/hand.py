# stacks: 0
# saved values per step: none, a sweep is linear in the grid
"""The adjoint of Seidel's sweeps: the same sweeps backwards, each point handing its share out."""

import numpy as np


def seidel_value_and_grad(grid, sweeps):
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
    value = np.sum(u * u)

    u_bar = 2.0 * u
    for _ in range(sweeps):
        for i in range(rows - 2, 0, -1):
            for j in range(columns - 2, 0, -1):
                share_bar = u_bar[i, j] / 9.0
                u_bar[i, j] = 0.0
                u_bar[i - 1:i + 2, j - 1:j + 2] += share_bar
    return value, u_bar
