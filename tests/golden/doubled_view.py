def doubled_view_value_and_grad(x):
    # test_golden.py:119  y = x**2
    y = x ** 2
    # test_golden.py:120  v = y[1:]
    v = y[1:]
    # test_golden.py:121  v *= 2.0
    y[1:] = v * 2.0
    v_1 = y[1:]
    # test_golden.py:122  y.T[0] = v[0]
    y_T = y.T
    y_T[0] = v_1[0]
    y_1 = y_T.T
    # test_golden.py:123  return np.sum(y * x)
    value = (y_1 * x).sum()
    # adjoint of test_golden.py:122
    x_T = x.T
    x_T_1 = x_T.copy()
    x_T_1[0] = 0.0
    y_bar = x_T_1.T
    # adjoint of test_golden.py:121
    y_bar[1:] += np.array([x_T[0], 0.0])
    # adjoint of test_golden.py:120
    y_bar[1:] = 2.0 * y_bar[1:]
    return value, y_1 + 2.0 * (y_bar * x)
