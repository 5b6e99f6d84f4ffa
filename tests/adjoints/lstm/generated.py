# What is generated for `program.py`, as it is; `python -m tests.adjoints.test_generated` writes it anew.
def lstm_value_and_grad(W, U, b, xs, targets):
    # program.py:15  H = U.shape[0]
    H = U.shape[0]
    # the sizes this is written for
    if (W.shape[1] != 4 * H or U.shape[1] != 4 * H or b.shape != (4 * H,)
        or xs.shape[1] != W.shape[0] or targets.shape[1] != H):
        raise OtherPath
    # program.py:16  h = np.zeros(H)
    h = np.zeros(H)
    # program.py:17  c = np.zeros(H)
    c = np.zeros(H)
    # program.py:19  for t in range(xs.shape[0]):
    xs_rows = xs.shape[0]
    c_saved, h_saved = np.empty((xs_rows, H)), np.empty((xs_rows, H))
    z_saved = np.empty((xs_rows, H * 4))
    loss = 0.0
    for t in range(xs_rows):
        h_saved[t], c_saved[t] = h, c
        # program.py:20  z = xs[t] @ W + h @ U + b
        z_saved[t] = z = xs[t] @ W + h @ U + b
        # program.py:10  return 1.0 / (1.0 + np.exp(-z))
        i = 1.0 / (1.0 + np.exp(-z[:H]))
        f = 1.0 / (1.0 + np.exp(-z[H:2 * H]))
        o = 1.0 / (1.0 + np.exp(-z[2 * H:3 * H]))
        # program.py:24  g = np.tanh(z[3 * H :])
        g = np.tanh(z[3 * H:])
        # program.py:25  c = f * c + i * g
        c = f * c + i * g
        # program.py:26  h = o * np.tanh(c)
        h = o * np.tanh(c)
        # program.py:27  error = h - targets[t]
        error = h - targets[t]
        # program.py:28  loss += np.sum(error * error)
        loss += (error * error).sum()
    h_bar, c_bar, xs_bar = np.zeros(h.shape), np.zeros(c.shape), np.zeros(xs.shape)
    W_bar, U_bar, b_bar = np.zeros(W.shape), np.zeros(U.shape), np.zeros(b.shape)
    for t in range(xs_rows - 1, -1, -1):
        z = z_saved[t]
        # adjoint of program.py:27
        error = h - targets[t]
        tanh_c = np.tanh(c)
        exp_minus_z_part = np.exp(-z[2 * H:3 * H])
        denominator = 1.0 + exp_minus_z_part
        o = 1.0 / denominator
        g = np.tanh(z[3 * H:])
        exp_minus_z_head = np.exp(-z[:H])
        denominator_1 = 1.0 + exp_minus_z_head
        i = 1.0 / denominator_1
        exp_minus_z_part_1 = np.exp(-z[H:2 * H])
        denominator_2 = 1.0 + exp_minus_z_part_1
        f = 1.0 / denominator_2
        h_bar = h_bar + 2 * error
        # adjoint of program.py:26
        c_bar_1 = c_bar + h_bar * o * (1.0 - tanh_c * tanh_c)
        # adjoint of program.py:25
        c_bar = c_bar_1 * f
        # adjoint of program.py:24
        z_bar = np.zeros(H * 4)
        z_bar[3 * H:] = c_bar_1 * i * (1.0 - g * g)
        # adjoint of program.py:23
        z_bar[2 * H:3 * H] = exp_minus_z_part * (o * (h_bar * tanh_c / denominator))
        # adjoint of program.py:22
        z_bar[H:2 * H] = exp_minus_z_part_1 * (f * (c_bar_1 * c_saved[t] / denominator_2))
        # adjoint of program.py:21
        z_bar[:H] = exp_minus_z_head * (i * (c_bar_1 * g / denominator_1))
        # adjoint of program.py:20
        b_bar += z_bar
        h_bar = U @ z_bar
        U_bar += np.outer(h_saved[t], z_bar)
        W_bar += np.outer(xs[t], z_bar)
        xs_bar[t] = W @ z_bar
        h, c = h_saved[t], c_saved[t]
    return loss, W_bar, U_bar, b_bar, xs_bar
