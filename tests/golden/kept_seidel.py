def kept_seidel_value_and_grad(a, sweeps):
    # golden_kept.py:61  u = a.copy()
    u = a.copy()
    # golden_kept.py:63  for i in range(1, u.shape[0] - 1):
    t1 = a.shape[0] - 1
    # golden_kept.py:64  for j in range(1, u.shape[1] - 1):
    t2 = a.shape[1] - 1
    for _ in range(sweeps):
        for i in range(1, t1):
            t3 = i - 1
            t4 = i + 1
            for j in range(1, t2):
                # golden_kept.py:65  u[i, j] = 0.25 * (u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1])
                u[i, j] = 0.25 * (u[t3, j] + u[t4, j] + u[i, j - 1] + u[i, j + 1])
    # golden_kept.py:66  return np.sum(u * u)
    value = (u * u).sum()
    # adjoint of golden_kept.py:66
    u_bar = 2 * u
    for _ in range(sweeps):
        for i in range(t1 - 1, 0, -1):
            t5 = i + 1
            t6 = i - 1
            for j in range(t2 - 1, 0, -1):
                # adjoint of golden_kept.py:65
                t7 = u_bar[i, j]
                u_bar[i, j] = 0.0
                t8 = t7 * 0.25
                u_bar[i, j + 1] += t8
                u_bar[i, j - 1] += t8
                u_bar[t5, j] += t8
                u_bar[t6, j] += t8
    return value, u_bar
