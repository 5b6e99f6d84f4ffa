def jacobi_value_and_grad(a):
    # test_golden.py:98  b = a.copy()
    b = a.copy()
    # test_golden.py:100  b[1:-1] = 0.5 * (a[:-2] + a[2:])
    b[1:-1] = 0.5 * (a[:-2] + a[2:])
    if not a.flags.carray:
        raise OtherPath
    a = a.copy()
    a[1:-1] = 0.5 * (b[:-2] + b[2:])
    # test_golden.py:102  return np.sum(a * a)
    value = (a * a).sum()
    # adjoint of test_golden.py:102
    a_bar = 2 * a
    # adjoint of test_golden.py:100
    b_tail_bar = 0.5 * a_bar[1:-1]
    a_bar[1:-1] = 0.0
    b_bar = np.zeros(6)
    b_bar[2:] = b_tail_bar
    b_bar[:-2] += b_tail_bar
    a_tail_bar = 0.5 * b_bar[1:-1]
    b_bar[1:-1] = 0.0
    a_bar[2:] += a_tail_bar
    a_bar[:-2] += a_tail_bar
    return value, a_bar + b_bar
