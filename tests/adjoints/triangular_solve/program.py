"""Forward substitution, and the square of the solution's length."""

import numpy as np

ARGNUMS = (0, 1)
SIZES = (5, 1000, 1000)


def triangular_solve(L, b):
    """The square of the length of x where L x = b; only the lower triangle of L counts."""
    x = np.empty_like(b)
    for i in range(len(b)):
        x[i] = (b[i] - L[i, :i] @ x[:i]) / L[i, i]
    return x @ x


def sample(size, seed=0):
    rng = np.random.default_rng(seed)
    L = rng.uniform(-1.0, 1.0, (size, size)) / (size + 1)
    return L + np.diag(rng.uniform(1.0, 2.0, size)), rng.standard_normal(size)
