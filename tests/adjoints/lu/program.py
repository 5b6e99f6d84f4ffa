"""LU decomposition without pivoting, row by row as PolyBench has it, with dot products."""

import numpy as np

ARGNUMS = (0,)
SIZES = (5, 70, 70)


def lu(A):
    """The logarithm of the determinant's magnitude and the squares of both factors' entries."""
    LU = A.copy()
    n = LU.shape[0]
    for i in range(n):
        for j in range(i):
            LU[i, j] -= LU[i, :j] @ LU[:j, j]
            LU[i, j] /= LU[j, j]
        for j in range(i, n):
            LU[i, j] -= LU[i, :i] @ LU[:i, j]
    return np.sum(np.log(np.abs(np.diag(LU)))) + np.sum(LU * LU)


def sample(size, seed=0):
    rng = np.random.default_rng(seed)
    return (rng.uniform(-1.0, 1.0, (size, size)) + size * np.eye(size),)
