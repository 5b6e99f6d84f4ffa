"""Durbin's recursion for the Yule-Walker equations, as PolyBench and NPBench have it."""

import numpy as np

ARGNUMS = (0,)
SIZES = (5, 400, 400)


def durbin(r):
    """The square of the length of y where T y = -r, T the Toeplitz matrix of 1 and r[:-1]."""
    y = np.empty_like(r)
    alpha = -r[0]
    beta = 1.0
    y[0] = -r[0]
    for k in range(1, r.shape[0]):
        beta *= 1.0 - alpha * alpha
        alpha = -(r[k] + np.dot(np.flip(r[:k]), y[:k])) / beta
        y[:k] += alpha * np.flip(y[:k])
        y[k] = alpha
    return np.dot(y, y)


def sample(size, seed=0):
    """The Toeplitz matrix is dominated by its diagonal."""
    rng = np.random.default_rng(seed)
    return (rng.uniform(-0.3, 0.3, size) / np.arange(1, size + 1) ** 2,)
