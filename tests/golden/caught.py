def caught_value_and_grad(x):
    # test_golden.py:71  return math.log(x)
    t1 = raised(lambda : math.log(x))
    if not type(t1) is ValueError or not t1.args == ('math domain error',):
        raise OtherPath
    # test_golden.py:73  return x * x
    return x * x, 2 * x
