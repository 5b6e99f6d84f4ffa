"""The Kalman filter of a linear model; the negative log likelihood of what was observed."""

import numpy as np

ARGNUMS = (0, 1, 2, 3, 4, 5, 6)
SIZES = (5, 200, 200)


def kalman(y, F, H, Q, R, m0, P0):
    m = m0
    P = P0
    constant = len(R) * np.log(2.0 * np.pi)
    loss = 0.0
    for t in range(len(y)):
        # Predict.
        m = F @ m
        P = F @ P @ F.T + Q
        # Update.
        v = y[t] - H @ m
        S = H @ P @ H.T + R
        S_inv = np.linalg.inv(S)
        K = P @ H.T @ S_inv
        m = m + K @ v
        P = P - K @ H @ P
        loss += 0.5 * (np.linalg.slogdet(S)[1] + v @ S_inv @ v + constant)
    return loss


def sample(size, seed=0):
    rng = np.random.default_rng(seed)
    # Places and speeds in the plane, of which the places are observed.
    F = np.eye(4) + 0.1 * np.eye(4, k=2) + 0.01 * rng.standard_normal((4, 4))
    H = np.eye(2, 4) + 0.05 * rng.standard_normal((2, 4))
    Q = 0.1 * np.eye(4)
    R = 0.5 * np.eye(2)
    y = np.cumsum(0.3 * rng.standard_normal((size, 2)), axis=0)
    return y, F, H, Q, R, 0.1 * rng.standard_normal(4), np.eye(4)
