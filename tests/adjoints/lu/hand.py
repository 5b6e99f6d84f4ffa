# stacks: 0
# saved values per step: none; each entry that is read has its last value, which stays in LU.

import numpy as np


def lu_value_and_grad(A):
    LU = A.copy()
    n = LU.shape[0]
    for i in range(n):
        for j in range(i):
            LU[i, j] -= LU[i, :j] @ LU[:j, j]
            LU[i, j] /= LU[j, j]
        for j in range(i, n):
            LU[i, j] -= LU[i, :i] @ LU[:i, j]
    value = np.sum(np.log(np.abs(np.diag(LU)))) + np.sum(LU * LU)

    # LU_bar turns, entry by entry, into the cotangent of the matrix that was copied.
    LU_bar = 2.0 * LU + np.diag(1.0 / np.diag(LU))
    for i in range(n - 1, -1, -1):
        for j in range(n - 1, i - 1, -1):
            s_bar = LU_bar[i, j]
            LU_bar[i, :i] -= s_bar * LU[:i, j]
            LU_bar[:i, j] -= s_bar * LU[i, :i]
        for j in range(i - 1, -1, -1):
            s_bar = LU_bar[i, j] / LU[j, j]
            LU_bar[i, j] = s_bar
            LU_bar[j, j] -= s_bar * LU[i, j]
            LU_bar[i, :j] -= s_bar * LU[:j, j]
            LU_bar[:j, j] -= s_bar * LU[i, :j]
    return value, LU_bar
