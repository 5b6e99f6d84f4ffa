# What is generated for `program.py`, as it is; `python -m tests.adjoints.test_generated` writes it anew.
def dynamic_time_warping_value_and_grad(a, b):
    # program.py:11  n = len(a)
    n = a.shape[0]
    # program.py:12  m = len(b)
    m = b.shape[0]
    # the sizes this is written for
    if m < 1:
        raise OtherPath
    # program.py:13  D = np.full((n + 1, m + 1), np.inf)
    D = np.full((n + 1, m + 1), np.inf)
    # program.py:14  D[0, 0] = 0.0
    D[0, 0] = 0.0
    for i in range(1, n + 1):
        a_prev = a[i - 1]
        for j in range(1, m + 1):
            # program.py:17  cost = (a[i - 1] - b[j - 1]) ** 2
            cost = (a_prev - b[j - 1]) ** 2
            # program.py:18  D[i, j] = cost + min(D[i - 1, j], D[i, j - 1], D[i - 1, j - 1])
            D[i, j] = cost + min(D[i - 1, j], D[i, j - 1], D[i - 1, j - 1])
    # program.py:19  return np.mean(D[n, 1:])
    D_n = D[n, 1:]
    value = D_n.sum() / D_n.shape[0]
    # adjoint of program.py:19
    D_bar = np.zeros(D.shape)
    D_bar[n, 1:] = np.full(D_n.shape, 1.0 / D_n.shape[0])
    a_bar, b_bar = np.zeros(a.shape), np.zeros(b.shape)
    for i in range(n, 0, -1):
        a_prev = a[i - 1]
        a_prev_bar = 0.0
        for j in range(m, 0, -1):
            # adjoint of program.py:18
            D_i_prev = D[i, j - 1]
            D_prev_j = D[i - 1, j]
            cost_bar = D_bar[i, j]
            if D[i - 1, j - 1] < (D_i_prev if D_i_prev < D_prev_j else D_prev_j):
                D_prev_prev_bar = cost_bar
                cost_bar_1 = 0.0
            else:
                D_prev_prev_bar = 0.0
                cost_bar_1 = cost_bar
            cost_bar_1, D_prev_j_bar = (cost_bar_1, 0.0) if D_i_prev < D_prev_j else (0.0, cost_bar_1)
            D_bar[i - 1, j - 1] = D_prev_prev_bar
            D_bar[i, j - 1] += cost_bar_1
            D_bar[i - 1, j] += D_prev_j_bar
            # adjoint of program.py:17
            t1 = cost_bar * (a_prev - b[j - 1])
            a_prev_bar += t1
            b_bar[j - 1] -= 2 * t1
        a_bar[i - 1] = 2 * a_prev_bar
    return value, a_bar, b_bar
