# stacks: 4
# saved values per step: with n states and d observed, n and n*n before the step, d*d and n*d in it
"""The adjoint of the Kalman filter, from the mean and covariance that each step began with."""

import numpy as np


def kalman_forward(y, F, H, Q, R, m0, P0):
    steps = len(y)
    n = len(m0)
    d = len(R)
    m_saved = np.empty((steps, n))
    P_saved = np.empty((steps, n, n))
    S_inv_saved = np.empty((steps, d, d))
    K_saved = np.empty((steps, n, d))
    m = m0
    P = P0
    constant = d * np.log(2.0 * np.pi)
    loss = 0.0
    for t in range(steps):
        m_saved[t] = m
        P_saved[t] = P
        # Predict.
        m = F @ m
        P = F @ P @ F.T + Q
        # Update.
        v = y[t] - H @ m
        S = H @ P @ H.T + R
        S_inv = np.linalg.inv(S)
        K = P @ H.T @ S_inv
        S_inv_saved[t] = S_inv
        K_saved[t] = K
        m = m + K @ v
        P = P - K @ H @ P
        loss += 0.5 * (np.linalg.slogdet(S)[1] + v @ S_inv @ v + constant)
    return loss, m_saved, P_saved, S_inv_saved, K_saved


def kalman_value_and_grad(y, F, H, Q, R, m0, P0):
    loss, m_saved, P_saved, S_inv_saved, K_saved = kalman_forward(y, F, H, Q, R, m0, P0)

    y_bar = np.empty_like(y)
    F_bar = np.zeros_like(F)
    H_bar = np.zeros_like(H)
    Q_bar = np.zeros_like(Q)
    R_bar = np.zeros_like(R)
    m_bar = np.zeros_like(m0)
    P_bar = np.zeros_like(P0)
    for t in range(len(y) - 1, -1, -1):
        m_before = m_saved[t]
        P_before = P_saved[t]
        S_inv = S_inv_saved[t]
        K = K_saved[t]
        m = F @ m_before
        FP = F @ P_before
        P = FP @ F.T + Q
        v = y[t] - H @ m
        # The likelihood, and the mean's update.
        left = v @ S_inv
        right = S_inv @ v
        S_bar = 0.5 * (S_inv.T - left[:, np.newaxis] * right)
        v_bar = 0.5 * (left + right) + m_bar @ K
        K_bar = m_bar[:, np.newaxis] * v
        # The covariance's update.
        KH_bar = -P_bar @ P.T
        H_bar += K.T @ KH_bar
        K_bar += KH_bar @ H.T
        P_bar = P_bar - (K @ H).T @ P_bar
        # The gain, where d(S_inv) is -S_inv dS S_inv.
        PHt_bar = K_bar @ S_inv.T
        S_bar -= K.T @ PHt_bar
        # S, and P and H as the gain has them.
        HP_bar = S_bar @ H
        R_bar += S_bar
        H_bar += (PHt_bar.T + S_bar.T @ H) @ P + HP_bar @ P.T
        P_bar += PHt_bar @ H + H.T @ HP_bar
        # What the prediction missed.
        y_bar[t] = v_bar
        H_bar -= v_bar[:, np.newaxis] * m
        m_bar = m_bar - v_bar @ H
        # Predict.
        FP_bar = P_bar @ F
        Q_bar += P_bar
        F_bar += P_bar.T @ FP + FP_bar @ P_before.T + m_bar[:, np.newaxis] * m_before
        P_bar = F.T @ FP_bar
        m_bar = m_bar @ F
    return loss, (y_bar, F_bar, H_bar, Q_bar, R_bar, m_bar, P_bar)
