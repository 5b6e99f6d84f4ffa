"""A Gaussian process: kernel matrix, Cholesky factor and log likelihood, all in loops."""

import numpy as np

ARGNUMS = (0, 1, 2, 3, 4)
SIZES = (5, 50, 50)


def cholesky(K):
    n = len(K)
    L = np.zeros_like(K)
    for j in range(n):
        L[j, j] = np.sqrt(K[j, j] - L[j, :j] @ L[j, :j])
        for i in range(j + 1, n):
            L[i, j] = (K[i, j] - L[i, :j] @ L[j, :j]) / L[j, j]
    return L


def solve_lower(L, y):
    z = np.zeros_like(y)
    for i in range(len(y)):
        z[i] = (y[i] - L[i, :i] @ z[:i]) / L[i, i]
    return z


def kernel_matrix(x, y, s, theta, noise):
    n = len(x)
    K = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            K[i, j] = s**2 * np.exp(-0.5 * (x[i] - x[j])**2 / theta**2)
        K[i, i] += noise**2
    L = cholesky(K)
    z = solve_lower(L, y)
    return -0.5 * (z @ z) - np.sum(np.log(np.diag(L))) - 0.5 * n * np.log(2.0 * np.pi)


def sample(size, seed=0):
    rng = np.random.default_rng(seed)
    x = np.arange(size) + 0.2 * rng.standard_normal(size)
    y = np.sin(x) + 0.1 * rng.standard_normal(size)
    return x, y, 1.2, 1.5, 0.5
