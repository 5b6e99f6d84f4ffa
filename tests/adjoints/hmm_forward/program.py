"""The forward algorithm of a hidden Markov model, in logarithms; the log likelihood."""

import numpy as np

ARGNUMS = (0, 1, 2)
SIZES = (5, 300, 300)


def logsumexp(a):
    top = np.max(a, axis=0)
    return top + np.log(np.sum(np.exp(a - top), axis=0))


def hmm_forward(log_start, log_move, log_emit, observed):
    steps = len(observed)
    alpha = np.empty((steps, len(log_start)))
    alpha[0] = log_start + log_emit[:, observed[0]]
    for t in range(1, steps):
        predicted = logsumexp(alpha[t - 1][:, np.newaxis] + log_move)
        alpha[t] = predicted + log_emit[:, observed[t]]
    return logsumexp(alpha[-1])


def sample(size, seed=0):
    rng = np.random.default_rng(seed)
    log_start = np.log(rng.dirichlet(np.full(4, 5.0)))
    log_move = np.log(rng.dirichlet(np.full(4, 5.0), 4))
    log_emit = np.log(rng.dirichlet(np.full(6, 5.0), 4))
    return log_start, log_move, log_emit, rng.integers(0, 6, size)
