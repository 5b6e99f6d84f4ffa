def kept_network_value_and_grad(w, v, x):
    # the sizes this is written for
    if w.shape[1] != w.shape[0] or v.shape[0] != w.shape[0] or x.shape[1] != v.shape[1]:
        raise OtherPath
    # golden_kept.py:86  h = np.zeros(w.shape[0])
    h = np.zeros(w.shape[0])
    h_saved = np.empty((x.shape[0], w.shape[0]))
    for t in range(x.shape[0]):
        h_saved[t] = h
        # golden_kept.py:88  h = np.tanh(w @ h + v @ x[t])
        h = np.tanh(w @ h + v @ x[t])
    # golden_kept.py:89  return np.sum(h * h)
    value = (h * h).sum()
    # adjoint of golden_kept.py:89
    w_T = w.T
    h_bar = 2 * h
    w_bar, v_bar = np.zeros(w.shape), np.zeros(v.shape)
    for t in range(x.shape[0] - 1, -1, -1):
        # adjoint of golden_kept.py:88
        t1 = h_bar * (1.0 - h * h)
        v_bar += np.outer(t1, x[t])
        w_bar += np.outer(t1, h_saved[t])
        h_bar = w_T @ t1
        h = h_saved[t]
    return value, w_bar, v_bar
