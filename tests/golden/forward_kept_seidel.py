def kept_seidel_jvp(a, sweeps, a_dot, sweeps_dot):
    # the sizes this is written for
    if a_dot.shape != (a.shape[0], a.shape[1]):
        raise OtherPath
    # golden_kept.py:61  u = a.copy()
    u = a.copy()
    u_dot = np.copy(a_dot)
    for _ in range(sweeps):
        for i in range(1, a.shape[0] - 1):
            for j in range(1, a.shape[1] - 1):
                # golden_kept.py:65  u[i, j] = 0.25 * (u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1])
                u_ij_dot = 0.25 * (u_dot[i - 1, j] + u_dot[i + 1, j] + u_dot[i, j - 1] + u_dot[i, j + 1])
                u[i, j] = 0.25 * (u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1])
                u_dot[i, j] = u_ij_dot
    # golden_kept.py:66  return np.sum(u * u)
    return (u * u).sum(), np.float64(2 * (u_dot * u).sum())
