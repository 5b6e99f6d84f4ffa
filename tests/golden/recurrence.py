def recurrence_value_and_grad(x):
    # test_golden.py:90  y = np.zeros(4)
    y = np.zeros(4)
    # test_golden.py:91  y[0] = x
    y[0] = x
    # test_golden.py:93  y[i + 1] = np.sin(y[i])
    y0 = y[0]
    y[1] = np.sin(y0)
    y1 = y[1]
    y[2] = np.sin(y1)
    y2 = y[2]
    y[3] = np.sin(y2)
    # test_golden.py:94  return y[3]
    return y[3], float(scatter(1.0, 3, (4,))[3] * np.cos(y2) * np.cos(y1) * np.cos(y0))
