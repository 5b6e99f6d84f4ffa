def rosenbrock_value_and_grad(x):
    # test_golden.py:41  return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)
    x_head = x[:-1]
    t1 = x[1:] - x_head ** 2
    t2 = 1.0 - x_head
    value = (100.0 * t1 ** 2 + t2 ** 2).sum()
    # adjoint of test_golden.py:41
    x_bar = np.zeros(10)
    x_bar[:-1] = -2.0 * t2 - 400.0 * (t1 * x_head)
    x_bar[1:] += 200.0 * t1
    return value, x_bar
