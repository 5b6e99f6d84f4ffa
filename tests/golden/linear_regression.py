def linear_regression_value_and_grad(weights, x, y):
    # test_golden.py:36  prediction = weights[0] * x + weights[1]
    prediction = weights[0] * x + weights[1]
    # test_golden.py:37  return np.sum((prediction - y) ** 2) / (2 * len(x))
    t1 = prediction - y
    return ((t1 ** 2).sum() / 6,
            np.array([0.3333333333333333 * (x @ t1), 0.3333333333333333 * t1.sum()]))
