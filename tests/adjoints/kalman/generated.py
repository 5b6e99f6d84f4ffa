# What is generated for `program.py`, as it is; `python -m tests.adjoints.test_generated` writes it anew.
def kalman_value_and_grad(y, F, H, Q, R, m0, P0):
    # the sizes this is written for
    if (F.shape[1] != F.shape[0] or H.shape != (y.shape[1], F.shape[0])
        or Q.shape != (F.shape[0], F.shape[0]) or R.shape != (y.shape[1], y.shape[1])
        or m0.shape != (F.shape[0],) or P0.shape != (F.shape[0], F.shape[0])):
        raise OtherPath
    # program.py:12  constant = len(R) * np.log(2.0 * np.pi)
    constant = R.shape[0] * np.log(2.0 * np.pi)
    # program.py:14  for t in range(len(y)):
    y_rows = y.shape[0]
    S_inv_saved = np.empty((y_rows, y.shape[1], y.shape[1]))
    P_saved, m_saved = np.empty((y_rows, F.shape[0], F.shape[0])), np.empty((y_rows, F.shape[0]))
    loss = 0.0
    for t in range(y_rows):
        m_saved[t], P_saved[t] = m0, P0
        # program.py:16  m = F @ m
        m = F @ m0
        # program.py:17  P = F @ P @ F.T + Q
        P = F @ P0 @ F.T + Q
        # program.py:19  v = y[t] - H @ m
        v = y[t] - H @ m
        # program.py:20  S = H @ P @ H.T + R
        S = H @ P @ H.T + R
        # program.py:21  S_inv = np.linalg.inv(S)
        S_inv_saved[t] = S_inv = np.linalg.inv(S)
        # program.py:22  K = P @ H.T @ S_inv
        K = P @ H.T @ S_inv
        # program.py:23  m = m + K @ v
        m0 = m + K @ v
        # program.py:24  P = P - K @ H @ P
        P0 = P - K @ H @ P
        # program.py:25  loss += 0.5 * (np.linalg.slogdet(S)[1] + v @ S_inv @ v + constant)
        t1, t2 = np.linalg.slogdet(S)
        loss += 0.5 * (t2 + v @ S_inv @ v + constant)
    H_T, F_T = H.T, F.T
    m_bar, P_bar, F_bar = np.zeros(m0.shape), np.zeros(P0.shape), np.zeros(F.shape)
    Q_bar, y_bar, H_bar = np.zeros(Q.shape), np.zeros(y.shape), np.zeros(H.shape)
    R_bar = np.zeros(R.shape)
    for t in range(y_rows - 1, -1, -1):
        S_inv = S_inv_saved[t]
        # adjoint of program.py:25
        m = F @ m_saved[t]
        v = y[t] - H @ m
        F_times_P = F @ P_saved[t]
        P = F_times_P @ F.T + Q
        P_times_H_T = P @ H.T
        K = P_times_H_T @ S_inv
        half_v = 0.5 * v
        S_inv_T = S_inv.T
        # adjoint of program.py:24
        minus_P_bar = -P_bar
        P_T = P.T
        t3 = minus_P_bar @ P_T
        # adjoint of program.py:23
        K_bar = t3 @ H_T + np.outer(m_bar, v)
        v_bar = 0.5 * (v @ S_inv) + S_inv @ half_v + K.T @ m_bar
        # adjoint of program.py:22
        t4 = K_bar @ S_inv_T
        # adjoint of program.py:21
        S_bar = 0.5 * S_inv_T - S_inv_T @ (np.outer(v, half_v) + P_times_H_T.T @ K_bar) @ S_inv_T
        # adjoint of program.py:20
        R_bar += S_bar
        S_bar_times_H = S_bar @ H
        P_bar_1 = P_bar + (K @ H).T @ minus_P_bar + t4 @ H + H_T @ S_bar_times_H
        # adjoint of program.py:19
        minus_v_bar = -v_bar
        # adjoint of program.py:20
        H_bar = H_bar + K.T @ t3 + (P_T @ t4 + (H @ P).T @ S_bar).T + S_bar_times_H @ P_T
        # adjoint of program.py:19
        H_bar = H_bar + np.outer(minus_v_bar, m)
        m_bar_1 = m_bar + H_T @ minus_v_bar
        y_bar[t] = v_bar
        # adjoint of program.py:17
        Q_bar += P_bar_1
        P_bar_times_F = P_bar_1 @ F
        P_bar = F_T @ P_bar_times_F
        F_bar = F_bar + (F_times_P.T @ P_bar_1).T + P_bar_times_F @ P_saved[t].T
        # adjoint of program.py:16
        F_bar = F_bar + np.outer(m_bar_1, m_saved[t])
        m_bar = F_T @ m_bar_1
    return loss, y_bar, F_bar, H_bar, Q_bar, R_bar, m_bar, P_bar
