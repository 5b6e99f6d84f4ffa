def captured_rate_value_and_grad(x):
    # test_golden.py:61  return x * RATE
    RATE = test_golden.RATE
    if not type(RATE) is float:
        raise OtherPath
    return x * RATE, RATE
