def kept_network_jvp(w, v, x, w_dot, v_dot, x_dot):
    # the sizes this is written for
    if (w.shape[1] != w.shape[0] or v.shape[0] != w.shape[0] or x.shape[1] != v.shape[1]
        or w_dot.shape != (w.shape[0], w.shape[0]) or v_dot.shape != (w.shape[0], v.shape[1])):
        raise OtherPath
    # golden_kept.py:86  h = np.zeros(w.shape[0])
    h = np.zeros(w.shape[0])
    h_dot = np.zeros(h.shape)
    for t in range(x.shape[0]):
        # golden_kept.py:88  h = np.tanh(w @ h + v @ x[t])
        h_dot = w_dot @ h + w @ h_dot + v_dot @ x[t]
        h = np.tanh(w @ h + v @ x[t])
        h_dot = h_dot * (1.0 - h * h)
    # golden_kept.py:89  return np.sum(h * h)
    return (h * h).sum(), np.float64(2 * (h_dot @ h))
