def thomas_value_and_grad(lower, diagonal, upper, right):
    # test_golden.py:106  d, x = diagonal.copy(), right.copy()
    d, x = diagonal.copy(), right.copy()
    # test_golden.py:109  factor = lower[i - 1] / d[i - 1]
    d0 = d[0]
    factor = lower[0] / d0
    # test_golden.py:110  d[i] -= factor * upper[i - 1]
    d[1] -= factor * upper[0]
    # test_golden.py:111  x[i] -= factor * x[i - 1]
    x0 = x[0]
    x[1] -= factor * x0
    # test_golden.py:109  factor = lower[i - 1] / d[i - 1]
    d1 = d[1]
    factor_1 = lower[1] / d1
    # test_golden.py:110  d[i] -= factor * upper[i - 1]
    d[2] -= factor_1 * upper[1]
    # test_golden.py:111  x[i] -= factor * x[i - 1]
    x1 = x[1]
    x[2] -= factor_1 * x1
    # test_golden.py:112  x[n - 1] /= d[n - 1]
    x[2] = x2_over_d2 = x[2] / d[2]
    # test_golden.py:114  x[i] = (x[i] - upper[i] * x[i + 1]) / d[i]
    x2 = x[2]
    x[1] = x1_1 = (x[1] - upper[1] * x2) / d[1]
    x1_2 = x[1]
    d0_1 = d[0]
    x[0] = x0_1 = (x[0] - upper[0] * x1_2) / d0_1
    # test_golden.py:115  return np.sum(x)
    value = x.sum()
    # adjoint of test_golden.py:114
    x_bar = np.full(3, 1.0)
    x_bar[1] -= upper[0] / d0_1
    x_bar[0] = 1.0 / d0_1
    x1_bar = x_bar[1] / d[1]
    x_bar[2] -= upper[1] * x1_bar
    x_bar[1] = x1_bar
    # adjoint of test_golden.py:112
    x2_bar = x_bar[2] / d[2]
    t1 = x2_over_d2 * x2_bar
    x_bar[2] = x2_bar
    d_bar = np.array([-(x0_1 / d0_1), -(x1_1 * x1_bar), -t1])
    # adjoint of test_golden.py:111
    x_bar[1] -= factor_1 * x2_bar
    # adjoint of test_golden.py:109
    t2 = (-(x1 * x2_bar) + upper[1] * t1) / d1
    d_bar[1] -= factor_1 * t2
    # adjoint of test_golden.py:111
    t3 = -(x0 * x_bar[1])
    x_bar[0] -= factor * x_bar[1]
    # adjoint of test_golden.py:109
    t4 = (t3 - upper[0] * d_bar[1]) / d0
    # adjoint of test_golden.py:110
    upper_bar = np.array([-(x1_2 / d0_1) - factor * d_bar[1], -(x2 * x1_bar - factor_1 * t1)])
    # adjoint of test_golden.py:109
    d_bar[0] -= factor * t4
    return value, np.array([t4, t2]), d_bar, upper_bar, x_bar
