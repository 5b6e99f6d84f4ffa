def loop_and_branch_value_and_grad(a, b):
    # test_golden.py:27  if a > b:
    if not a > b:
        raise OtherPath
    # test_golden.py:29  c += a * i
    c = 0.0 + a * 0
    c += a * 1
    c += a * 2
    c += a * 3
    return c, 6.0, 0.0
