# stacks: 0
# saved values per step: none; x is never overwritten.

import numpy as np


def triangular_solve_value_and_grad(L, b):
    x = np.empty_like(b)
    for i in range(len(b)):
        x[i] = (b[i] - L[i, :i] @ x[:i]) / L[i, i]
    value = x @ x

    x_bar = 2.0 * x
    L_bar = np.zeros_like(L)
    b_bar = np.empty_like(b)
    for i in range(len(b) - 1, -1, -1):
        s_bar = x_bar[i] / L[i, i]
        b_bar[i] = s_bar
        L_bar[i, : i + 1] = -s_bar * x[: i + 1]
        x_bar[:i] -= s_bar * L[i, :i]
    return value, (L_bar, b_bar)
