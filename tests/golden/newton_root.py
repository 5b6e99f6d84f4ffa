def newton_root_value_and_grad(a):
    # test_golden.py:55  while abs(x * x - a) > 1e-6:
    if not abs(a * a - a) > 1e-06:
        raise OtherPath
    # test_golden.py:56  x = 0.5 * (x + a / x)
    a_over_a = a / a
    x = 0.5 * (a + a_over_a)
    # test_golden.py:55  while abs(x * x - a) > 1e-6:
    if not abs(x * x - a) > 1e-06:
        raise OtherPath
    # test_golden.py:56  x = 0.5 * (x + a / x)
    a_over_x = a / x
    x_1 = 0.5 * (x + a_over_x)
    # test_golden.py:55  while abs(x * x - a) > 1e-6:
    if not abs(x_1 * x_1 - a) > 1e-06:
        raise OtherPath
    # test_golden.py:56  x = 0.5 * (x + a / x)
    a_over_x_1 = a / x_1
    x_2 = 0.5 * (x_1 + a_over_x_1)
    # test_golden.py:55  while abs(x * x - a) > 1e-6:
    if not abs(x_2 * x_2 - a) > 1e-06:
        raise OtherPath
    # test_golden.py:56  x = 0.5 * (x + a / x)
    a_over_x_2 = a / x_2
    x_3 = 0.5 * (x_2 + a_over_x_2)
    # test_golden.py:55  while abs(x * x - a) > 1e-6:
    if abs(x_3 * x_3 - a) > 1e-06:
        raise OtherPath
    # adjoint of test_golden.py:56
    half_x_bar = 0.5 * (0.5 + -0.5 / x_2 * a_over_x_2)
    half_x_bar_1 = 0.5 * (half_x_bar - a_over_x_1 * (half_x_bar / x_1))
    half_x_bar_2 = 0.5 * (half_x_bar_1 - a_over_x * (half_x_bar_1 / x))
    t1 = 0.5 / x_2 + half_x_bar / x_1 + half_x_bar_1 / x + half_x_bar_2 + half_x_bar_2 / a
    return x_3, t1 - a_over_a * (half_x_bar_2 / a)
