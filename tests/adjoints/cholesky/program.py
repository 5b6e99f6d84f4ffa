"""Cholesky's decomposition row by row as PolyBench has it, with dot products."""

import numpy as np

ARGNUMS = (0,)
SIZES = (5, 80, 80)


def cholesky(A, weights):
    """The entries of the lower factor, weighted and added; only the lower triangle of A counts."""
    L = A.copy()
    for i in range(L.shape[0]):
        for j in range(i):
            L[i, j] -= np.dot(L[i, :j], L[j, :j])
            L[i, j] /= L[j, j]
        L[i, i] -= np.dot(L[i, :i], L[i, :i])
        L[i, i] = np.sqrt(L[i, i])
    return np.sum(np.tril(L) * weights)


def sample(size, seed=0):
    rng = np.random.default_rng(seed)
    M = rng.uniform(-1.0, 1.0, (size, size))
    return M @ M.T + size * np.eye(size), rng.standard_normal((size, size))
