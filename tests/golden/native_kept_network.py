def kept_network_value_and_grad(w, v, x):
    # the sizes this is written for
    if w.shape[1] != w.shape[0] or v.shape[0] != w.shape[0] or x.shape[1] != v.shape[1]:
        raise OtherPath
    result, w_bar, v_bar = kept_network_value_and_grad_native(w, v, x)
    return np.float64(result), w_bar, v_bar


import math

import numpy as np

from s2sad.native.support import finite


def kept_network_value_and_grad_native(w, v, x):
    h_saved = np.empty((x.shape[0], w.shape[0]))
    h = np.zeros(w.shape[0])
    t1 = x.shape[0]
    w_times_h = np.empty(w.shape[0])
    v_times_x_t = np.empty(w.shape[0])
    for step in range(t1):
        # golden_kept.py:88  h = np.tanh(w @ h + v @ x[t])
        np.dot(w, h, w_times_h)
        np.dot(v, x[step], v_times_x_t)
        for i in range(w.shape[0]):
            h_saved[step, i] = h[i]
        for i in range(w.shape[0]):
            h[i] = np.tanh(w_times_h[i] + v_times_x_t[i])
    total = 0.0
    # golden_kept.py:89  return np.sum(h * h)
    for i in range(w.shape[0]):
        t2 = h[i]
        total += t2 * t2
    h_bar = np.empty(w.shape[0])
    # adjoint of golden_kept.py:89
    for i in range(w.shape[0]):
        h_bar[i] = 2 * h[i]
    w_bar = np.zeros((w.shape[0], w.shape[0]))
    v_bar = np.zeros((w.shape[0], v.shape[1]))
    t3 = x.shape[0]
    operand = np.empty(w.shape[0])
    for step_1 in range(t3 - 1, -1, -1):
        # adjoint of golden_kept.py:88
        for i in range(w.shape[0]):
            for j in range(v.shape[1]):
                t4 = h[i]
                v_bar[i, j] += h_bar[i] * (1.0 - t4 * t4) * x[step_1, j]
        for i in range(w.shape[0]):
            for j in range(w.shape[0]):
                t5 = h[i]
                w_bar[i, j] += h_bar[i] * (1.0 - t5 * t5) * h_saved[step_1, j]
        for i in range(w.shape[0]):
            t6 = h[i]
            operand[i] = h_bar[i] * (1.0 - t6 * t6)
        np.dot(w.T, operand, h_bar)
        for i in range(w.shape[0]):
            h[i] = h_saved[step_1, i]
    if not (finite(w_bar) and finite(v_bar)):
        return np.nan, np.empty((0, 0)), np.empty((0, 0))
    return total, w_bar, v_bar
