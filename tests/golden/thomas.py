def thomas_value_and_grad(lower, diagonal, upper, right):
    # test_golden.py:106  d, x = diagonal.copy(), right.copy()
    d = diagonal.copy()
    x = right.copy()
    # test_golden.py:109  factor = lower[i - 1] / d[i - 1]
    t1 = d[0]
    factor = lower[0] / t1
    # test_golden.py:110  d[i] -= factor * upper[i - 1]
    t2 = upper[0]
    d[1] -= factor * t2
    # test_golden.py:111  x[i] -= factor * x[i - 1]
    t3 = x[0]
    x[1] -= factor * t3
    # test_golden.py:109  factor = lower[i - 1] / d[i - 1]
    t4 = d[1]
    factor_1 = lower[1] / t4
    # test_golden.py:110  d[i] -= factor * upper[i - 1]
    t5 = upper[1]
    d[2] -= factor_1 * t5
    # test_golden.py:111  x[i] -= factor * x[i - 1]
    t6 = x[1]
    x[2] -= factor_1 * t6
    # test_golden.py:112  x[n - 1] /= d[n - 1]
    t7 = d[2]
    t8 = x[2] / t7
    x[2] = t8
    # test_golden.py:114  x[i] = (x[i] - upper[i] * x[i + 1]) / d[i]
    t9 = x[2]
    t10 = d[1]
    t11 = (x[1] - t5 * t9) / t10
    x[1] = t11
    t12 = x[1]
    t13 = d[0]
    t14 = (x[0] - t2 * t12) / t13
    x[0] = t14
    # test_golden.py:115  return np.sum(x)
    value = x.sum()
    # adjoint of test_golden.py:114
    x_bar = np.full(3, 1.0)
    d_bar = np.zeros(3)
    d_bar[0] = -(t14 / t13)
    x_bar[1] -= t2 / t13
    upper_bar = np.zeros(2)
    upper_bar[0] = -(t12 / t13)
    x_bar[0] = 1.0 / t13
    t15 = x_bar[1]
    t16 = t15 / t10
    d_bar[1] = -(t15 * (t11 / t10))
    x_bar[2] -= t5 * t16
    x_bar[1] = t16
    # adjoint of test_golden.py:112
    t17 = x_bar[2]
    x_bar[2] = t17 / t7
    d_bar[2] = -(t17 * (t8 / t7))
    # adjoint of test_golden.py:111
    t18 = x_bar[2]
    x_bar[1] -= factor_1 * t18
    # adjoint of test_golden.py:110
    t19 = d_bar[2]
    factor_bar = -(t6 * t18) - t5 * t19
    upper_bar[1] = -(t9 * t16 + factor_1 * t19)
    # adjoint of test_golden.py:109
    d_bar[1] -= factor_bar * (factor_1 / t4)
    lower_bar = np.zeros(2)
    lower_bar[1] = factor_bar / t4
    # adjoint of test_golden.py:111
    t20 = x_bar[1]
    x_bar[0] -= factor * t20
    # adjoint of test_golden.py:110
    t21 = d_bar[1]
    factor_bar_1 = -(t3 * t20) - t2 * t21
    upper_bar[0] -= factor * t21
    # adjoint of test_golden.py:109
    d_bar[0] -= factor_bar_1 * (factor / t1)
    lower_bar[0] = factor_bar_1 / t1
    return value, lower_bar, d_bar, upper_bar, x_bar
