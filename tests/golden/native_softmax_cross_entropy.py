def softmax_cross_entropy_value_and_grad(scores, label):
    # the sizes this is written for
    if scores.shape[0] == 0:
        raise OtherPath
    result, scores_bar = softmax_cross_entropy_value_and_grad_native(scores, label)
    return np.float64(result), scores_bar


import math

import numpy as np

from s2sad.native.support import finite, larger, plus, quick_exp, round_sum, wrapped


def softmax_cross_entropy_value_and_grad_native(scores, label):
    # test_golden.py:81  shifted = scores - np.max(scores)
    if scores.shape[0] == 0:
        return np.nan, np.empty(0)
    scores_max = -np.inf
    for i in range(scores.shape[0]):
        scores_max = larger(scores_max, scores[i])
    # test_golden.py:82  return np.log(np.sum(np.exp(shifted))) - shifted[label]
    index = wrapped(label, scores.shape[0])
    if not 0 <= index < scores.shape[0]:
        return np.nan, np.empty(0)
    shifted = np.empty(scores.shape[0])
    exp_shifted = np.empty(scores.shape[0])
    total = 0.0
    # test_golden.py:81  shifted = scores - np.max(scores)
    for i in range(scores.shape[0]):
        t1 = scores[i]
        shifted_1 = t1 - scores_max
        exp_shifted_1 = quick_exp(shifted_1)
        exp_shifted[i] = exp_shifted_1
        total = plus(total, exp_shifted_1)
        shifted[i] = shifted_1
    # test_golden.py:82  return np.log(np.sum(np.exp(shifted))) - shifted[label]
    shifted_label = shifted[index]
    shifted_bar = exp_shifted
    # adjoint of test_golden.py:82
    index_1 = wrapped(label, scores.shape[0])
    if not 0 <= index_1 < scores.shape[0]:
        return np.nan, np.empty(0)
    for i in range(scores.shape[0]):
        shifted_bar[i] = exp_shifted[i] / total
    shifted_bar[index_1] += -1.0
    total_1 = 0.0
    # adjoint of test_golden.py:81
    for i in range(scores.shape[0]):
        total_1 = plus(total_1, shifted_bar[i])
    total_2 = 0
    for i in range(scores.shape[0]):
        total_2 = round_sum(total_2, 1 if scores[i] == scores_max else 0)
    t2 = max(total_2, 1)
    t3 = -total_1
    scores_bar = shifted_bar
    for i in range(scores.shape[0]):
        scores_bar[i] = shifted_bar[i] + (t3 / t2 if scores[i] == scores_max else 0.0)
    if not finite(scores_bar):
        return np.nan, np.empty(0)
    return np.log(total) - shifted_label, scores_bar
