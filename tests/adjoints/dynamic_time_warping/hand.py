# stacks: 0
# saved values per step: none; D is never overwritten, and says again which entry was the least.

import numpy as np


def dynamic_time_warping_value_and_grad(a, b):
    n = len(a)
    m = len(b)
    D = np.full((n + 1, m + 1), np.inf)
    D[0, 0] = 0.0
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            cost = (a[i - 1] - b[j - 1]) ** 2
            D[i, j] = cost + min(D[i - 1, j], D[i, j - 1], D[i - 1, j - 1])
    value = np.mean(D[n, 1:])

    a_bar = np.zeros_like(a)
    b_bar = np.zeros_like(b)
    D_bar = np.zeros_like(D)
    D_bar[n, 1:] = 1.0 / m
    for i in range(n, 0, -1):
        for j in range(m, 0, -1):
            s_bar = D_bar[i, j]
            # Of equal entries, min takes the first.
            above = D[i - 1, j]
            left = D[i, j - 1]
            corner = D[i - 1, j - 1]
            if above <= left and above <= corner:
                D_bar[i - 1, j] += s_bar
            elif left <= corner:
                D_bar[i, j - 1] += s_bar
            else:
                D_bar[i - 1, j - 1] += s_bar
            difference_bar = 2.0 * s_bar * (a[i - 1] - b[j - 1])
            a_bar[i - 1] += difference_bar
            b_bar[j - 1] -= difference_bar
    return value, (a_bar, b_bar)
