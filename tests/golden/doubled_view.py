def doubled_view_value_and_grad(x):
    # test_golden.py:119  y = x**2
    y = x ** 2
    # test_golden.py:120  v = y[1:]
    v = y[1:]
    # test_golden.py:121  v *= 2.0
    y[1:] = v * 2.0
    v = y[1:]
    # test_golden.py:122  y.T[0] = v[0]
    y_T = y.T
    y_T[0] = v[0]
    y = y_T.T
    # test_golden.py:123  return np.sum(y * x)
    value = (y * x).sum()
    # adjoint of test_golden.py:122
    x_T = x.T.copy()
    x_T[0] = 0.0
    y_bar = x_T.T
    # adjoint of test_golden.py:121
    y_bar[1:] += np.array([x.T[0], 0.0])
    # adjoint of test_golden.py:120
    y_bar[1:] = 2.0 * y_bar[1:]
    return value, y + 2.0 * (y_bar * x)
