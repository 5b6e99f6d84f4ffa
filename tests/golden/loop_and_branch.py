def loop_and_branch_value_and_grad(a, b):
    # test_golden.py:27  if a > b:
    if not a > b:
        raise OtherPath
    # test_golden.py:29  c += a * i
    c = 0.0 + a * 0
    c_1 = c + a * 1
    c_2 = c_1 + a * 2
    c_3 = c_2 + a * 3
    return c_3, 6.0, 0.0
