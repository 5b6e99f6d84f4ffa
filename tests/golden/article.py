def article_value_and_grad(x1, x2):
    # test_golden.py:22  return math.log(x1) + x1 * math.sin(x2)
    t1 = math.sin(x2)
    return math.log(x1) + x1 * t1, t1 + 1.0 / x1, x1 * math.cos(x2)
