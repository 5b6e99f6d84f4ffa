# stacks: 0
# saved values per step: none; each entry that is read has its last value, which stays in L.

import numpy as np


def cholesky_value_and_grad(A, weights):
    L = A.copy()
    for i in range(L.shape[0]):
        for j in range(i):
            L[i, j] -= np.dot(L[i, :j], L[j, :j])
            L[i, j] /= L[j, j]
        L[i, i] -= np.dot(L[i, :i], L[i, :i])
        L[i, i] = np.sqrt(L[i, i])
    value = np.sum(np.tril(L) * weights)

    # L_bar turns, entry by entry, into the cotangent of the matrix that was copied.
    L_bar = np.tril(weights)
    for i in range(L.shape[0] - 1, -1, -1):
        L_bar[i, i] /= 2.0 * L[i, i]
        L_bar[i, :i] -= 2.0 * L_bar[i, i] * L[i, :i]
        for j in range(i - 1, -1, -1):
            s_bar = L_bar[i, j] / L[j, j]
            L_bar[i, j] = s_bar
            L_bar[j, j] -= s_bar * L[i, j]
            L_bar[i, :j] -= s_bar * L[j, :j]
            L_bar[j, :j] -= s_bar * L[i, :j]
    return value, L_bar
