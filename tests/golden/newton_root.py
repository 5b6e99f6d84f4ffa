def newton_root_value_and_grad(a):
    # test_golden.py:55  while abs(x * x - a) > 1e-6:
    if not abs(a * a - a) > 1e-06:
        raise OtherPath
    # test_golden.py:56  x = 0.5 * (x + a / x)
    t1 = a / a
    x = 0.5 * (a + t1)
    # test_golden.py:55  while abs(x * x - a) > 1e-6:
    if not abs(x * x - a) > 1e-06:
        raise OtherPath
    # test_golden.py:56  x = 0.5 * (x + a / x)
    t2 = a / x
    x_1 = 0.5 * (x + t2)
    # test_golden.py:55  while abs(x * x - a) > 1e-6:
    if not abs(x_1 * x_1 - a) > 1e-06:
        raise OtherPath
    # test_golden.py:56  x = 0.5 * (x + a / x)
    t3 = a / x_1
    x_2 = 0.5 * (x_1 + t3)
    # test_golden.py:55  while abs(x * x - a) > 1e-6:
    if not abs(x_2 * x_2 - a) > 1e-06:
        raise OtherPath
    # test_golden.py:56  x = 0.5 * (x + a / x)
    t4 = a / x_2
    x_3 = 0.5 * (x_2 + t4)
    # test_golden.py:55  while abs(x * x - a) > 1e-6:
    if abs(x_3 * x_3 - a) > 1e-06:
        raise OtherPath
    # adjoint of test_golden.py:56
    x_bar = 0.5 + -0.5 * (t4 / x_2)
    t5 = 0.5 * x_bar
    x_bar_1 = t5 - 0.5 * (t3 / x_1 * x_bar)
    t6 = 0.5 * x_bar_1
    x_bar_2 = t6 - 0.5 * (t2 / x * x_bar_1)
    t7 = 0.5 * x_bar_2
    return x_3, 0.5 / x_2 + t5 / x_1 + t6 / x + t7 + t7 / a - 0.5 * (t1 / a * x_bar_2)
