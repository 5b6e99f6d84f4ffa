def network_jvp(params_w1, params_b1, params_w2, params_b2, x, y, params_w1_dot, params_b1_dot, params_w2_dot, params_b2_dot, x_dot, y_dot):
    # test_golden.py:45  return np.tanh(x @ w + b)
    hidden = np.tanh(x @ params_w1 + params_b1)
    hidden_dot = (x @ params_w1_dot + params_b1_dot) * (1.0 - hidden * hidden)
    tanh = np.tanh(hidden @ params_w2 + params_b2)
    t1 = (hidden_dot @ params_w2 + hidden @ params_w2_dot + params_b2_dot) * (1.0 - tanh * tanh)
    # test_golden.py:50  return np.mean((layer(params["w2"], params["b2"], hidden) - y) ** 2)
    tanh_minus_y = tanh - y
    return (tanh_minus_y ** 2).sum() / 8, 2.0 * (t1 * tanh_minus_y).sum() / 8
