# stacks: 3
# saved values per step: four times the number of hidden units, the two gates, the candidate and
# h as it was before the step.

import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def gru_value_and_grad(W, U, b, xs, targets):
    T = xs.shape[0]
    H = U.shape[0]
    h_saved = np.empty((T, H))
    gates_saved = np.empty((T, 2 * H))
    g_saved = np.empty((T, H))
    h = np.zeros(H)
    loss = 0.0
    for t in range(T):
        h_saved[t] = h
        z = xs[t] @ W + b
        gates = sigmoid(z[: 2 * H] + h @ U[:, : 2 * H])
        gates_saved[t] = gates
        r = gates[:H]
        u = gates[H:]
        g = np.tanh(z[2 * H :] + (r * h) @ U[:, 2 * H :])
        g_saved[t] = g
        h = u * h + (1.0 - u) * g
        error = h - targets[t]
        loss += np.sum(error * error)

    W_bar = np.zeros_like(W)
    U_bar = np.zeros_like(U)
    b_bar = np.zeros_like(b)
    xs_bar = np.empty_like(xs)
    z_bar = np.empty(3 * H)
    h_bar = np.zeros(H)
    for t in range(T - 1, -1, -1):
        h_bar += 2.0 * (h - targets[t])
        # From here on, the state is that before the step.
        h = h_saved[t]
        r = gates_saved[t, :H]
        u = gates_saved[t, H:]
        g = g_saved[t]
        z_bar[2 * H :] = h_bar * (1.0 - u) * (1.0 - g * g)
        z_bar[H : 2 * H] = h_bar * (h - g) * u * (1.0 - u)
        rh_bar = U[:, 2 * H :] @ z_bar[2 * H :]
        z_bar[:H] = rh_bar * h * r * (1.0 - r)
        h_bar = h_bar * u + rh_bar * r + U[:, : 2 * H] @ z_bar[: 2 * H]
        U_bar[:, : 2 * H] += np.outer(h, z_bar[: 2 * H])
        U_bar[:, 2 * H :] += np.outer(r * h, z_bar[2 * H :])
        W_bar += np.outer(xs[t], z_bar)
        b_bar += z_bar
        xs_bar[t] = W @ z_bar
    return loss, (W_bar, U_bar, b_bar, xs_bar)
