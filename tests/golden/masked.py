def masked_value_and_grad(x):
    # test_golden.py:77  return np.sum(np.where(x > 0.0, np.sqrt(x), 0.0))
    t1 = x > 0.0
    sqrt_x = np.sqrt(x)
    return np.where(t1, sqrt_x, 0.0).sum(), np.where(t1, np.full(3, 1.0), 0.0) * (0.5 / sqrt_x)
