def captured_rate_value_and_grad(x):
    # test_golden.py:61  return x * RATE
    t1 = test_golden.RATE
    if not type(t1) is float:
        raise OtherPath
    return x * t1, t1
