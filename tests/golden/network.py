def network_value_and_grad(params_w1, params_b1, params_w2, params_b2, x, y):
    # test_golden.py:45  return np.tanh(x @ w + b)
    hidden = np.tanh(x @ params_w1 + params_b1)
    tanh = np.tanh(hidden @ params_w2 + params_b2)
    # test_golden.py:50  return np.mean((layer(params["w2"], params["b2"], hidden) - y) ** 2)
    tanh_minus_y = tanh - y
    value = (tanh_minus_y ** 2).sum() / 8
    # adjoint of test_golden.py:45
    t1 = 0.25 * ((1.0 - tanh * tanh) * tanh_minus_y)
    t2 = t1 @ params_w2.T * (1.0 - hidden * hidden)
    return value, x.T @ t2, t2.sum(axis=0), hidden.T @ t1, t1.sum(axis=0)
