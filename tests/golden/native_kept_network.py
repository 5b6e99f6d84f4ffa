def kept_network_value_and_grad(w, v, x):
    # the sizes this is written for
    if w.shape[1] != w.shape[0] or v.shape[0] != w.shape[0] or x.shape[1] != v.shape[1]:
        raise OtherPath
    result, w_bar, v_bar = kept_network_value_and_grad_native(w, v, x)
    return np.float64(result), w_bar, v_bar


import math

import numpy as np

from s2sad.native.support import finite, plus, quick_tanh


def kept_network_value_and_grad_native(w, v, x):
    h_saved = np.empty((x.shape[0], w.shape[0]))
    x_times_v_T = np.empty((x.shape[0], w.shape[0]))
    # golden_kept.py:88  h = np.tanh(w @ h + v @ x[t])
    np.dot(x, v.T, x_times_v_T)
    h = np.zeros(w.shape[0])
    t1 = x.shape[0]
    w_times_h = np.empty(w.shape[0])
    for step in range(t1):
        # golden_kept.py:88  h = np.tanh(w @ h + v @ x[t])
        np.dot(w, h, w_times_h)
        for i in range(w.shape[0]):
            h_saved[step, i] = h[i]
        for i in range(w.shape[0]):
            h[i] = quick_tanh(w_times_h[i] + x_times_v_T[step, i])
    total = 0.0
    # golden_kept.py:89  return np.sum(h * h)
    for i in range(w.shape[0]):
        t2 = h[i]
        total = plus(total, t2 * t2)
    h_bar = w_times_h
    # adjoint of golden_kept.py:89
    for i in range(w.shape[0]):
        h_bar[i] = 2 * h[i]
    t3 = x.shape[0]
    count = max(t3, 0)
    saved = np.empty((count, w.shape[0]))
    for step_1 in range(t3 - 1, -1, -1):
        # adjoint of golden_kept.py:88
        for i in range(w.shape[0]):
            t4 = h[i]
            saved[step_1, i] = h_bar[i] * (1.0 - t4 * t4)
        np.dot(w.T, saved[step_1], h_bar)
        for i in range(w.shape[0]):
            h[i] = h_saved[step_1, i]
    w_bar = np.empty((w.shape[0], w.shape[0]))
    # adjoint of golden_kept.py:88
    np.dot(saved.T, h_saved, w_bar)
    v_bar = np.empty((w.shape[0], v.shape[1]))
    np.dot(saved.T, x, v_bar)
    if not (finite(w_bar) and finite(v_bar)):
        return np.nan, np.empty((0, 0)), np.empty((0, 0))
    return total, w_bar, v_bar
