def own_argument_value_and_grad(x):
    # test_golden.py:134  x[0] = x[1] * x[2]
    if not x.flags.carray:
        raise OtherPath
    x_1 = x.copy()
    x_1[0] = x[1] * x[2]
    # test_golden.py:135  x[1:] += 1.0
    x_1[1:] += 1.0
    # test_golden.py:136  return np.sum(x * x)
    value = (x_1 * x_1).sum()
    # adjoint of test_golden.py:136
    x_bar = 2 * x_1
    # adjoint of test_golden.py:134
    x1_bar = x_bar[0] * x[2]
    x_bar[2] += x_bar[0] * x[1]
    x_bar[1] += x1_bar
    x_bar[0] = 0.0
    return value, x_bar
