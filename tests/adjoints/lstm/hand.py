# stacks: 3
# saved values per step: six times the number of hidden units, the four gates and h and c as they
# were before the step; tanh(c) is computed again.

import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def lstm_value_and_grad(W, U, b, xs, targets):
    T = xs.shape[0]
    H = U.shape[0]
    gates_saved = np.empty((T, 4, H))
    h_saved = np.empty((T, H))
    c_saved = np.empty((T, H))
    h = np.zeros(H)
    c = np.zeros(H)
    loss = 0.0
    for t in range(T):
        h_saved[t] = h
        c_saved[t] = c
        z = xs[t] @ W + h @ U + b
        i = sigmoid(z[:H])
        f = sigmoid(z[H : 2 * H])
        o = sigmoid(z[2 * H : 3 * H])
        g = np.tanh(z[3 * H :])
        gates_saved[t] = i, f, o, g
        c = f * c + i * g
        h = o * np.tanh(c)
        error = h - targets[t]
        loss += np.sum(error * error)

    W_bar = np.zeros_like(W)
    U_bar = np.zeros_like(U)
    b_bar = np.zeros_like(b)
    xs_bar = np.empty_like(xs)
    z_bar = np.empty(4 * H)
    h_bar = np.zeros(H)
    c_bar = np.zeros(H)
    for t in range(T - 1, -1, -1):
        i, f, o, g = gates_saved[t]
        tanh_c = np.tanh(c)
        h_bar += 2.0 * (h - targets[t])
        c_bar += h_bar * o * (1.0 - tanh_c * tanh_c)
        # From here on, the states are those before the step.
        h = h_saved[t]
        c = c_saved[t]
        z_bar[:H] = c_bar * g * i * (1.0 - i)
        z_bar[H : 2 * H] = c_bar * c * f * (1.0 - f)
        z_bar[2 * H : 3 * H] = h_bar * tanh_c * o * (1.0 - o)
        z_bar[3 * H :] = c_bar * i * (1.0 - g * g)
        c_bar *= f
        W_bar += np.outer(xs[t], z_bar)
        U_bar += np.outer(h, z_bar)
        b_bar += z_bar
        xs_bar[t] = W @ z_bar
        h_bar = U @ z_bar
    return loss, (W_bar, U_bar, b_bar, xs_bar)
