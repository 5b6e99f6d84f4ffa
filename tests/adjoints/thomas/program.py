"""Thomas' algorithm for a tridiagonal system, and the square of the solution's length."""

import numpy as np

ARGNUMS = (0, 1, 2, 3)
SIZES = (5, 2000, 2000)


def thomas(a, b, c, d):
    """`a` below the diagonal `b`, `c` above it, all as long as `d`: a[0] and c[-1] do not count."""
    n = len(b)
    cp = np.empty_like(b)
    dp = np.empty_like(b)
    x = np.empty_like(b)
    cp[0] = c[0] / b[0]
    dp[0] = d[0] / b[0]
    for i in range(1, n):
        m = b[i] - a[i] * cp[i - 1]
        cp[i] = c[i] / m
        dp[i] = (d[i] - a[i] * dp[i - 1]) / m
    x[n - 1] = dp[n - 1]
    for i in range(n - 2, -1, -1):
        x[i] = dp[i] - cp[i] * x[i + 1]
    return np.sum(x * x)


def sample(size, seed=0):
    rng = np.random.default_rng(seed)
    a = rng.uniform(-1.0, 1.0, size)
    b = rng.uniform(3.0, 4.0, size)
    c = rng.uniform(-1.0, 1.0, size)
    d = rng.standard_normal(size)
    return a, b, c, d
