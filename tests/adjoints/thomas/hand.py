# stacks: 0
# saved values per step: none; cp, dp and x are never overwritten, and m is computed again.

import numpy as np


def thomas_value_and_grad(a, b, c, d):
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
    value = np.sum(x * x)

    # Back substitution. As x takes dp as it is, what x_bar ends with is what dp_bar starts with.
    x_bar = 2.0 * x
    cp_bar = np.zeros_like(b)
    for i in range(n - 1):
        s_bar = x_bar[i]
        cp_bar[i] = -s_bar * x[i + 1]
        x_bar[i + 1] -= s_bar * cp[i]
    dp_bar = x_bar

    # Elimination.
    a_bar = np.zeros_like(a)
    b_bar = np.empty_like(b)
    c_bar = np.empty_like(c)
    d_bar = np.empty_like(d)
    for i in range(n - 1, 0, -1):
        m = b[i] - a[i] * cp[i - 1]
        dp_s_bar = dp_bar[i] / m
        cp_s_bar = cp_bar[i] / m
        m_bar = -dp_s_bar * dp[i] - cp_s_bar * cp[i]
        dp_bar[i - 1] -= dp_s_bar * a[i]
        cp_bar[i - 1] -= m_bar * a[i]
        a_bar[i] = -dp_s_bar * dp[i - 1] - m_bar * cp[i - 1]
        b_bar[i] = m_bar
        c_bar[i] = cp_s_bar
        d_bar[i] = dp_s_bar
    d_bar[0] = dp_bar[0] / b[0]
    c_bar[0] = cp_bar[0] / b[0]
    b_bar[0] = -d_bar[0] * dp[0] - c_bar[0] * cp[0]
    return value, (a_bar, b_bar, c_bar, d_bar)
