def clipped_in_place_value_and_grad(x):
    # test_golden.py:127  y = np.sqrt(x)
    y = np.sqrt(x)
    # test_golden.py:128  y[x < 1.0] = 0.0
    t1 = x < 1.0
    y_saved = y.copy()
    y[t1] = 0.0
    # test_golden.py:129  np.add.at(y, [0, 0, 2], x)
    np.add.at(y, [0, 0, 2], x)
    # test_golden.py:130  return np.sum(y)
    value = y.sum()
    # adjoint of test_golden.py:129
    y_bar = np.full(3, 1.0)
    # adjoint of test_golden.py:128
    y_bar[t1] = 0.0
    return value, 1.0 + y_bar * (0.5 / y_saved)
