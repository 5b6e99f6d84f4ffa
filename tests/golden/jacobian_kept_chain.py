def kept_chain_jacobian_reverse(x, v, steps):
    # the sizes this is written for
    if v.shape != (x.shape[0],):
        raise OtherPath
    x_len = x.shape[0]
    x_saved = np.empty((max(steps, 0), x_len))
    for step in range(steps):
        x_saved[step] = x
        # golden_kept.py:94  force = np.zeros(len(x))
        force = np.zeros(x_len)
        for i in range(x_len - 1):
            # golden_kept.py:96  pull = math.sin(x[i + 1] - x[i])
            pull = math.sin(x[i + 1] - x[i])
            # golden_kept.py:97  force[i] += pull
            force[i] += pull
            # golden_kept.py:98  force[i + 1] -= pull
            force[i + 1] -= pull
        # golden_kept.py:99  v = v + 0.1 * force
        v = v + 0.1 * force
        # golden_kept.py:100  x = x + 0.1 * v
        x = x + 0.1 * v
    x_bar = np.eye(x_len)
    v_bar = np.zeros((x_len, x_len))
    for step in range(steps - 1, -1, -1):
        x_1 = x_saved[step]
        # adjoint of golden_kept.py:100
        v_bar += 0.1 * x_bar
        # adjoint of golden_kept.py:99
        force_bar = 0.1 * v_bar
        for i in range(x_len - 2, -1, -1):
            # adjoint of golden_kept.py:96
            x_next_bar = (force_bar[:, i] - force_bar[:, i + 1]) * math.cos(x_1[i + 1] - x_1[i])
            x_bar[:, i] -= x_next_bar
            x_bar[:, i + 1] += x_next_bar
    x = x.copy()
    return x, x_bar
