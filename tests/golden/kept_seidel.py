def kept_seidel_value_and_grad(a, sweeps):
    # golden_kept.py:61  u = a.copy()
    u = a.copy()
    for _ in range(sweeps):
        for i in range(1, a.shape[0] - 1):
            for j in range(1, a.shape[1] - 1):
                # golden_kept.py:65  u[i, j] = 0.25 * (u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1])
                u[i, j] = 0.25 * (u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1])
    # golden_kept.py:66  return np.sum(u * u)
    value = (u * u).sum()
    u_bar = 2 * u
    for _ in range(sweeps):
        for i in range(a.shape[0] - 2, 0, -1):
            for j in range(a.shape[1] - 2, 0, -1):
                # adjoint of golden_kept.py:65
                u_i_next_bar = 0.25 * u_bar[i, j]
                u_bar[i, j] = 0.0
                u_bar[i, j + 1] += u_i_next_bar
                u_bar[i, j - 1] += u_i_next_bar
                u_bar[i + 1, j] += u_i_next_bar
                u_bar[i - 1, j] += u_i_next_bar
    return value, u_bar
