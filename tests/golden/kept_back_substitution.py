def kept_back_substitution_value_and_grad(u, b):
    # golden_kept.py:79  x = np.zeros(len(b))
    t1 = b.shape[0]
    x = np.zeros(t1)
    # golden_kept.py:80  for i in range(len(b) - 1, -1, -1):
    t2 = t1 - 1
    # golden_kept.py:81  x[i] = (b[i] - u[i, i + 1 :] @ x[i + 1 :]) / u[i, i]
    t3 = u.shape[1]
    if t3 < t1:
        raise OtherPath
    if not t3 == t1:
        raise OtherPath
    t_saved = [0.0] * (t2 + 1)
    t_saved_1 = []
    for i in range(t2, -1, -1):
        # golden_kept.py:81  x[i] = (b[i] - u[i, i + 1 :] @ x[i + 1 :]) / u[i, i]
        t4 = i + 1
        t5 = x[t4:]
        t_saved_1.append(t5.copy())
        t6 = (b[i] - u[i, t4:] @ t5) / u[i, i]
        t_saved[t2 - i] = t6
        x[i] = t6
    # golden_kept.py:82  return np.sum(x)
    t7 = x.sum()
    x_bar = np.full(x.shape, 1.0)
    b_bar = np.zeros(b.shape)
    u_bar = np.zeros(u.shape)
    for i in range(t2 + 1):
        t8 = t_saved[t2 - i]
        t9 = t_saved_1[t2 - i]
        # golden_kept.py:81  x[i] = (b[i] - u[i, i + 1 :] @ x[i + 1 :]) / u[i, i]
        t10 = u[i, i]
        t11 = i + 1
        # adjoint of golden_kept.py:81
        t12 = x_bar[i]
        x_bar[i] = 0.0
        t13 = t12 / t10
        u_bar[i, i] -= t12 * (t8 / t10)
        x_bar[t11:] -= u[i, t11:] * t13
        u_bar[i, t11:] -= t9 * t13
        b_bar[i] += t13
    return t7, u_bar, b_bar
