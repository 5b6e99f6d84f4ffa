def kept_back_substitution_value_and_grad(u, b):
    t1 = u.shape[0]
    if not u.shape[1] == t1:
        raise OtherPath
    t2 = b.shape[0]
    if not t2 == t1:
        raise OtherPath
    # golden_kept.py:79  x = np.zeros(len(b))
    x = np.zeros(t2)
    # golden_kept.py:80  for i in range(len(b) - 1, -1, -1):
    t3 = t2 - 1
    t_saved = [0.0] * (t3 + 1)
    t_saved_1 = []
    for i in range(t3, -1, -1):
        # golden_kept.py:81  x[i] = (b[i] - u[i, i + 1 :] @ x[i + 1 :]) / u[i, i]
        t4 = i + 1
        t5 = x[t4:]
        t_saved_1.append(t5.copy())
        t6 = (b[i] - u[i, t4:] @ t5) / u[i, i]
        t_saved[t3 - i] = t6
        x[i] = t6
    # golden_kept.py:82  return np.sum(x)
    t7 = x.sum()
    t8 = np.full(x.shape, 1.0)
    b_bar = np.zeros(b.shape)
    u_bar = np.zeros(u.shape)
    for i in range(t3 + 1):
        t9 = t_saved[t3 - i]
        t10 = t_saved_1[t3 - i]
        # golden_kept.py:81  x[i] = (b[i] - u[i, i + 1 :] @ x[i + 1 :]) / u[i, i]
        t11 = u[i, i]
        t12 = i + 1
        # adjoint of golden_kept.py:81
        t13 = t8[i]
        t8[i] = 0.0
        t14 = t13 / t11
        u_bar[i, i] -= t13 * (t9 / t11)
        t8[t12:] -= u[i, t12:] * t14
        u_bar[i, t12:] -= t10 * t14
        b_bar[i] += t14
    return t7, u_bar, b_bar
