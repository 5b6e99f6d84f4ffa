def kept_seidel_value_and_grad(a, sweeps):
    result, u_bar = kept_seidel_value_and_grad_native(a, sweeps)
    return np.float64(result), u_bar


import math

import numpy as np

from s2sad.native.support import finite, plus


def kept_seidel_value_and_grad_native(a, sweeps):
    u = np.empty((a.shape[0], a.shape[1]))
    # golden_kept.py:63  for i in range(1, u.shape[0] - 1):
    a_rows_minus_1 = a.shape[0] - 1
    # golden_kept.py:64  for j in range(1, u.shape[1] - 1):
    a_cols_minus_1 = a.shape[1] - 1
    for k in range(a.shape[0]):
        for l in range(a.shape[1]):
            u[k, l] = a[k, l]
    for step in range(sweeps):
        for i in range(1, a_rows_minus_1):
            # golden_kept.py:65  u[i, j] = 0.25 * (u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1])
            i_prev = i - 1
            i_next = i + 1
            for j in range(1, a_cols_minus_1):
                # golden_kept.py:65  u[i, j] = 0.25 * (u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1])
                u_prev_j = u[i_prev, j]
                u_next_j = u[i_next, j]
                u_i_prev = u[i, j - 1]
                u_i_next = u[i, j + 1]
                u[i, j] = 0.25 * (u_prev_j + u_next_j + u_i_next + u_i_prev)
    total = 0.0
    # golden_kept.py:66  return np.sum(u * u)
    for k in range(a.shape[0]):
        for l in range(a.shape[1]):
            t1 = u[k, l]
            total = plus(total, t1 * t1)
    u_bar = u
    # adjoint of golden_kept.py:66
    for k in range(a.shape[0]):
        for l in range(a.shape[1]):
            u_bar[k, l] = 2 * u[k, l]
    for step_1 in range(sweeps - 1, -1, -1):
        for i_4 in range(a_rows_minus_1 - 1, 1 - 1, -1):
            # golden_kept.py:65  u[i, j] = 0.25 * (u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1])
            i_next_1 = i_4 + 1
            i_prev_1 = i_4 - 1
            for j_4 in range(a_cols_minus_1 - 1, 1 - 1, -1):
                # adjoint of golden_kept.py:65
                u_ij_bar = u_bar[i_4, j_4]
                u_i_next_bar = 0.25 * u_ij_bar
                u_bar[i_4, j_4] = 0.0
                u_bar[i_4, j_4 + 1] += u_i_next_bar
                u_bar[i_4, j_4 - 1] += u_i_next_bar
                u_bar[i_next_1, j_4] += u_i_next_bar
                u_bar[i_prev_1, j_4] += u_i_next_bar
    if not finite(u_bar):
        return np.nan, np.empty((0, 0))
    return total, u_bar
