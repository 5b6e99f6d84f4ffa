def article_value_and_grad(x1, x2):
    # test_golden.py:22  return math.log(x1) + x1 * math.sin(x2)
    sin_x2 = math.sin(x2)
    return math.log(x1) + x1 * sin_x2, sin_x2 + 1.0 / x1, x1 * math.cos(x2)
