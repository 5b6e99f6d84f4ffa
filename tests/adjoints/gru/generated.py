# What is generated for `program.py`, as it is; `python -m tests.adjoints.test_generated` writes it anew.
def gru_value_and_grad(W, U, b, xs, targets):
    # program.py:15  H = U.shape[0]
    H = U.shape[0]
    # the sizes this is written for
    if (W.shape[1] != 3 * H or U.shape[1] != 3 * H or b.shape != (3 * H,)
        or xs.shape[1] != W.shape[0] or targets.shape[1] != H):
        raise OtherPath
    # program.py:16  h = np.zeros(H)
    h = np.zeros(H)
    # program.py:18  for t in range(xs.shape[0]):
    xs_rows = xs.shape[0]
    g_saved, h_saved = np.empty((xs_rows, H)), np.empty((xs_rows, H))
    exp_saved = np.empty((xs_rows, 2 * H))
    loss = 0.0
    for t in range(xs_rows):
        h_saved[t] = h
        # program.py:19  z = xs[t] @ W + b
        z = xs[t] @ W + b
        # program.py:10  return 1.0 / (1.0 + np.exp(-z))
        exp_saved[t] = exp = np.exp(-(z[:2 * H] + h @ U[:, :2 * H]))
        gates = 1.0 / (1.0 + exp)
        # program.py:21  r = gates[:H]
        r = gates[:H]
        # program.py:22  u = gates[H:]
        u = gates[H:]
        # program.py:23  g = np.tanh(z[2 * H :] + (r * h) @ U[:, 2 * H :])
        g_saved[t] = g = np.tanh(z[2 * H:] + r * h @ U[:, 2 * H:])
        # program.py:24  h = u * h + (1.0 - u) * g
        h = u * h + (1.0 - u) * g
        # program.py:25  error = h - targets[t]
        error = h - targets[t]
        # program.py:26  loss += np.sum(error * error)
        loss += (error * error).sum()
    h_bar, xs_bar, W_bar = np.zeros(h.shape), np.zeros(xs.shape), np.zeros(W.shape)
    b_bar, U_bar = np.zeros(b.shape), np.zeros(U.shape)
    for t in range(xs_rows - 1, -1, -1):
        h_1, g = h_saved[t], g_saved[t]
        # adjoint of program.py:25
        error = h - targets[t]
        denominator = 1.0 + exp_saved[t]
        gates = 1.0 / denominator
        u, r = gates[H:], gates[:H]
        h_bar_1 = h_bar + 2 * error
        # adjoint of program.py:23
        z_tail_bar = h_bar_1 * (1.0 - u) * (1.0 - g * g)
        t1 = U[:, 2 * H:] @ z_tail_bar
        U_bar[:, 2 * H:] += np.outer(r * h_1, z_tail_bar)
        z_bar = np.zeros(H * 3)
        z_bar[2 * H:] = z_tail_bar
        # adjoint of program.py:22
        gates_bar = np.zeros(2 * H)
        gates_bar[H:] = h_bar_1 * h_1 - h_bar_1 * g
        # adjoint of program.py:21
        gates_bar[:H] = t1 * h_1
        # adjoint of program.py:10
        z_head_bar = exp_saved[t] * (gates * (gates_bar / denominator))
        # adjoint of program.py:20
        h_bar = h_bar_1 * u + t1 * r + U[:, :2 * H] @ z_head_bar
        U_bar[:, :2 * H] += np.outer(h_1, z_head_bar)
        z_bar[:2 * H] = z_head_bar
        # adjoint of program.py:19
        b_bar += z_bar
        W_bar += np.outer(xs[t], z_bar)
        xs_bar[t] = W @ z_bar
        h = h_1
    return loss, W_bar, U_bar, b_bar, xs_bar
