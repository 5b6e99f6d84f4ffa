def kept_chain_jacobian_forward(x, v, steps):
    # the sizes this is written for
    if v.shape != (x.shape[0],):
        raise OtherPath
    x_len = x.shape[0]
    x_dot = np.eye(x_len + x_len, M=x_len)
    v_dot = np.eye(x_len + x_len, M=x_len, k=-x_len)
    for _ in range(steps):
        # golden_kept.py:94  force = np.zeros(len(x))
        force = np.zeros(x_len)
        force_dot = np.zeros((x_len * 2, x_len))
        for i in range(x_len - 1):
            # golden_kept.py:96  pull = math.sin(x[i + 1] - x[i])
            x_next_minus_x_i = x[i + 1] - x[i]
            pull = math.sin(x_next_minus_x_i)
            pull_dot = (x_dot[:, i + 1] - x_dot[:, i]) * math.cos(x_next_minus_x_i)
            # golden_kept.py:97  force[i] += pull
            force[i] += pull
            force_dot[:, i] += pull_dot
            # golden_kept.py:98  force[i + 1] -= pull
            force[i + 1] -= pull
            force_dot[:, i + 1] = -pull_dot
        # golden_kept.py:99  v = v + 0.1 * force
        v = v + 0.1 * force
        v_dot += 0.1 * force_dot
        # golden_kept.py:100  x = x + 0.1 * v
        x = x + 0.1 * v
        x_dot += 0.1 * v_dot
    x = x.copy()
    return x, x_dot[0:x_len].T, x_dot[x_len:x_len + x_len].T.copy()
