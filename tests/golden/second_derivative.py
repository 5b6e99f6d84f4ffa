def cube_value_and_grad(x):
    # test_golden.py:86  return x**3 + 2.0 * x
    x ** 3
    # adjoint of test_golden.py:86
    return 2.0 + 3 * x ** 2, 6 * x
