# stacks: 2
# saved values per step: k + 1 in step k, the k entries of y it is about to overwrite and beta;
# alpha is the last entry of y.

import numpy as np


def durbin_value_and_grad(r):
    n = r.shape[0]
    y_saved = np.empty((n, n))
    beta_saved = np.empty(n)
    y = np.empty_like(r)
    alpha = -r[0]
    beta = 1.0
    y[0] = -r[0]
    for k in range(1, n):
        beta_saved[k] = beta
        beta *= 1.0 - alpha * alpha
        alpha = -(r[k] + np.dot(np.flip(r[:k]), y[:k])) / beta
        y_saved[k, :k] = y[:k]
        y[:k] += alpha * np.flip(y[:k])
        y[k] = alpha
    value = np.dot(y, y)

    y_bar = 2.0 * y
    r_bar = np.zeros_like(r)
    alpha_bar = 0.0
    beta_bar = 0.0
    for k in range(n - 1, 0, -1):
        # The new y, from the old one by alpha.
        y = y_saved[k, :k]
        y_flip = np.flip(y)
        alpha_bar += y_bar[k] + np.dot(y_bar[:k], y_flip)
        y_bar[:k] += alpha * np.flip(y_bar[:k])
        # The new alpha, from r and the old y.
        s_bar = -alpha_bar / beta
        beta_bar += s_bar * alpha
        r_bar[k] += s_bar
        r_bar[:k] += s_bar * y_flip
        y_bar[:k] += s_bar * np.flip(r[:k])
        # The new beta, from the old alpha and beta.
        alpha = y[k - 1]
        beta = beta_saved[k]
        alpha_bar = -2.0 * beta_bar * beta * alpha
        beta_bar *= 1.0 - alpha * alpha
    r_bar[0] -= y_bar[0] + alpha_bar
    return value, r_bar
