def doubled_view_jvp(x, x_dot):
    # test_golden.py:119  y = x**2
    y = x ** 2
    y_dot = 2.0 * (x_dot * x)
    # test_golden.py:120  v = y[1:]
    v = y[1:]
    v_dot = y_dot[1:]
    # test_golden.py:121  v *= 2.0
    y[1:] = v * 2.0
    y_dot[1:] = 2.0 * v_dot
    v = y[1:]
    v_dot = y_dot[1:]
    # test_golden.py:122  y.T[0] = v[0]
    y_T = y.T
    y_dot_T = y_dot.T
    y_T[0] = v[0]
    y_dot_T[0] = v_dot[0]
    y = y_T.T
    y_dot = y_dot_T.T
    # test_golden.py:123  return np.sum(y * x)
    return (y * x).sum(), (y_dot * x + x_dot * y).sum()
