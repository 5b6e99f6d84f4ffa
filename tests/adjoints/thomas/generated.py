# What is generated for `program.py`, as it is; `python -m tests.adjoints.test_generated` writes it anew.
def thomas_value_and_grad(a, b, c, d):
    # program.py:11  n = len(b)
    n = b.shape[0]
    # program.py:12  cp = np.empty_like(b)
    cp = np.empty_like(b)
    # program.py:13  dp = np.empty_like(b)
    dp = np.empty_like(b)
    # program.py:14  x = np.empty_like(b)
    x = np.empty_like(b)
    # program.py:15  cp[0] = c[0] / b[0]
    cp[0] = c[0] / b[0]
    # program.py:16  dp[0] = d[0] / b[0]
    dp[0] = d[0] / b[0]
    for i in range(1, n):
        # program.py:18  m = b[i] - a[i] * cp[i - 1]
        m = b[i] - a[i] * cp[i - 1]
        # program.py:19  cp[i] = c[i] / m
        cp[i] = c[i] / m
        # program.py:20  dp[i] = (d[i] - a[i] * dp[i - 1]) / m
        dp[i] = (d[i] - a[i] * dp[i - 1]) / m
    # program.py:21  x[n - 1] = dp[n - 1]
    x[n - 1] = dp[n - 1]
    for i in range(n - 2, -1, -1):
        # program.py:23  x[i] = dp[i] - cp[i] * x[i + 1]
        x[i] = dp[i] - cp[i] * x[i + 1]
    # program.py:24  return np.sum(x * x)
    value = (x * x).sum()
    x_bar = 2 * x
    cp_bar = np.zeros(cp.shape)
    for i in range(n - 1):
        # adjoint of program.py:23
        cp_i_bar = -(x[i + 1] * x_bar[i])
        x_bar[i + 1] -= cp[i] * x_bar[i]
        cp_bar[i] = cp_i_bar
    dp_bar = x_bar
    b_bar, a_bar, c_bar = np.zeros(b.shape), np.zeros(a.shape), np.zeros(c.shape)
    d_bar = np.zeros(d.shape)
    for i in range(n - 1, 0, -1):
        # adjoint of program.py:20
        a_i = a[i]
        m = b[i] - a_i * cp[i - 1]
        d_i_bar = dp_bar[i] / m
        dp_bar[i - 1] -= a_i * d_i_bar
        d_bar[i] = d_i_bar
        # adjoint of program.py:19
        m_bar = -(dp[i] * d_i_bar) - cp[i] * (cp_bar[i] / m)
        c_bar[i] = cp_bar[i] / m
        # adjoint of program.py:18
        cp_bar[i - 1] -= a_i * m_bar
        a_bar[i] = -(dp[i - 1] * d_i_bar) - cp[i - 1] * m_bar
        b_bar[i] = m_bar
    # adjoint of program.py:16
    d_bar[0] = dp_bar[0] / b[0]
    # adjoint of program.py:15
    b_bar[0] = -(dp[0] * (dp_bar[0] / b[0])) - cp[0] * (cp_bar[0] / b[0])
    c_bar[0] = cp_bar[0] / b[0]
    return value, a_bar, b_bar, c_bar, d_bar
