# stacks: 0
# saved values per step: none, K, L and z still hold all that is needed
"""The adjoint of a Gaussian process's log likelihood, through the loops that work it out."""

import numpy as np


def cholesky(K):
    n = len(K)
    L = np.zeros_like(K)
    for j in range(n):
        L[j, j] = np.sqrt(K[j, j] - L[j, :j] @ L[j, :j])
        for i in range(j + 1, n):
            L[i, j] = (K[i, j] - L[i, :j] @ L[j, :j]) / L[j, j]
    return L


def cholesky_adjoint(L, L_bar):
    """Uses L_bar up; the cotangent it returns is of the lower triangle, all that is read of K."""
    n = len(L)
    K_bar = np.zeros_like(L)
    for j in range(n - 1, -1, -1):
        for i in range(n - 1, j, -1):
            rest_bar = L_bar[i, j] / L[j, j]
            K_bar[i, j] = rest_bar
            L_bar[i, :j] -= rest_bar * L[j, :j]
            L_bar[j, :j] -= rest_bar * L[i, :j]
            L_bar[j, j] -= rest_bar * L[i, j]
        square_bar = 0.5 * L_bar[j, j] / L[j, j]
        K_bar[j, j] = square_bar
        L_bar[j, :j] -= 2.0 * square_bar * L[j, :j]
    return K_bar


def solve_lower(L, y):
    z = np.zeros_like(y)
    for i in range(len(y)):
        z[i] = (y[i] - L[i, :i] @ z[:i]) / L[i, i]
    return z


def solve_lower_adjoint(L, z, z_bar, L_bar):
    """Uses z_bar up, adds to L_bar, and returns the cotangent of y."""
    y_bar = np.zeros_like(z)
    for i in range(len(z) - 1, -1, -1):
        rest_bar = z_bar[i] / L[i, i]
        y_bar[i] = rest_bar
        L_bar[i, i] -= rest_bar * z[i]
        L_bar[i, :i] -= rest_bar * z[:i]
        z_bar[:i] -= rest_bar * L[i, :i]
    return y_bar


def kernel_matrix_value_and_grad(x, y, s, theta, noise):
    n = len(x)
    K = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            K[i, j] = s**2 * np.exp(-0.5 * (x[i] - x[j])**2 / theta**2)
        K[i, i] += noise**2
    L = cholesky(K)
    z = solve_lower(L, y)
    value = -0.5 * (z @ z) - np.sum(np.log(np.diag(L))) - 0.5 * n * np.log(2.0 * np.pi)

    L_bar = np.diag(-1.0 / np.diag(L))
    y_bar = solve_lower_adjoint(L, z, -z, L_bar)
    K_bar = cholesky_adjoint(L, L_bar)
    x_bar = np.zeros_like(x)
    s_bar = 0.0
    theta_bar = 0.0
    noise_bar = 0.0
    for i in range(n - 1, -1, -1):
        # On the diagonal the distance is nothing, and the kernel s**2.
        noise_bar += 2.0 * noise * K_bar[i, i]
        s_bar += 2.0 * s * K_bar[i, i]
        for j in range(i - 1, -1, -1):
            d = x[i] - x[j]
            exponent_bar = K_bar[i, j] * K[i, j]
            s_bar += 2.0 * exponent_bar / s
            theta_bar += exponent_bar * d**2 / theta**3
            d_bar = -exponent_bar * d / theta**2
            x_bar[i] += d_bar
            x_bar[j] -= d_bar
    return value, (x_bar, y_bar, s_bar, theta_bar, noise_bar)
