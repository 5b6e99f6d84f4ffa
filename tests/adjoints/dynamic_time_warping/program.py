"""Dynamic time warping with an open end."""

import numpy as np

ARGNUMS = (0, 1)
SIZES = (5, 100, 70)


def dynamic_time_warping(a, b):
    """What it costs to warp `a` to a beginning of `b`, in the mean over all beginnings."""
    n = len(a)
    m = len(b)
    D = np.full((n + 1, m + 1), np.inf)
    D[0, 0] = 0.0
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            cost = (a[i - 1] - b[j - 1]) ** 2
            D[i, j] = cost + min(D[i - 1, j], D[i, j - 1], D[i - 1, j - 1])
    return np.mean(D[n, 1:])


def sample(size, seed=0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal(size), rng.standard_normal(size + 2)
