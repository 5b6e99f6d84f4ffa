def article_jvp(x1, x2, x1_dot, x2_dot):
    # test_golden.py:22  return math.log(x1) + x1 * math.sin(x2)
    sin_x2 = math.sin(x2)
    return math.log(x1) + x1 * sin_x2, x1_dot / x1 + (x1_dot * sin_x2 + x2_dot * math.cos(x2) * x1)
