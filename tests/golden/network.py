def network_value_and_grad(params_w1, params_b1, params_w2, params_b2, x, y):
    # test_golden.py:45  return np.tanh(x @ w + b)
    hidden = np.tanh(x @ params_w1 + params_b1)
    tanh = np.tanh(hidden @ params_w2 + params_b2)
    # test_golden.py:50  return np.mean((layer(params["w2"], params["b2"], hidden) - y) ** 2)
    t1 = tanh - y
    value = (t1 ** 2).sum() / 8
    # adjoint of test_golden.py:45
    t2 = 0.25 * ((1.0 - tanh * tanh) * t1)
    t3 = t2 @ params_w2.T * (1.0 - hidden * hidden)
    return value, x.T @ t3, t3.sum(axis=0), hidden.T @ t2, t2.sum(axis=0)
