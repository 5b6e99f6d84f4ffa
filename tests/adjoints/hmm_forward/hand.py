# stacks: 1
# saved values per step: what was predicted, one for each state
"""The adjoint of the forward algorithm, whose alpha the program itself keeps."""

import numpy as np


def logsumexp(a):
    top = np.max(a, axis=0)
    return top + np.log(np.sum(np.exp(a - top), axis=0))


def hmm_forward_value_and_grad(log_start, log_move, log_emit, observed):
    steps = len(observed)
    alpha = np.empty((steps, len(log_start)))
    predicted_saved = np.empty_like(alpha)
    alpha[0] = log_start + log_emit[:, observed[0]]
    for t in range(1, steps):
        predicted = logsumexp(alpha[t - 1][:, np.newaxis] + log_move)
        # A state that never emits what was observed makes alpha no guide to what was predicted.
        predicted_saved[t] = predicted
        alpha[t] = predicted + log_emit[:, observed[t]]
    value = logsumexp(alpha[-1])

    log_move_bar = np.zeros_like(log_move)
    log_emit_bar = np.zeros_like(log_emit)
    alpha_bar = np.exp(alpha[-1] - value)
    for t in range(steps - 1, 0, -1):
        log_emit_bar[:, observed[t]] += alpha_bar
        shares = np.exp(alpha[t - 1][:, np.newaxis] + log_move - predicted_saved[t])
        joint_bar = shares * alpha_bar
        log_move_bar += joint_bar
        alpha_bar = np.sum(joint_bar, axis=1)
    log_emit_bar[:, observed[0]] += alpha_bar
    return value, (alpha_bar, log_move_bar, log_emit_bar)
