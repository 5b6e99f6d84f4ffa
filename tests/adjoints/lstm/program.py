"""A layer of long short-term memory over a sequence, and how far its states are from targets."""

import numpy as np

ARGNUMS = (0, 1, 2, 3)
SIZES = (5, 64, 64)


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def lstm(W, U, b, xs, targets):
    """The squared error; W, U and b have columns for input, forget, output gate and candidate."""
    H = U.shape[0]
    h = np.zeros(H)
    c = np.zeros(H)
    loss = 0.0
    for t in range(xs.shape[0]):
        z = xs[t] @ W + h @ U + b
        i = sigmoid(z[:H])
        f = sigmoid(z[H : 2 * H])
        o = sigmoid(z[2 * H : 3 * H])
        g = np.tanh(z[3 * H :])
        c = f * c + i * g
        h = o * np.tanh(c)
        error = h - targets[t]
        loss += np.sum(error * error)
    return loss


def sample(size, seed=0):
    """As many steps as hidden units, and half as many inputs."""
    rng = np.random.default_rng(seed)
    inputs = size // 2 + 1
    W = rng.standard_normal((inputs, 4 * size)) / np.sqrt(inputs)
    U = rng.standard_normal((size, 4 * size)) / np.sqrt(size + 1)
    b = rng.standard_normal(4 * size)
    xs = rng.standard_normal((size, inputs))
    targets = rng.uniform(-1.0, 1.0, (size, size))
    return W, U, b, xs, targets
