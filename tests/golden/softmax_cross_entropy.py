def softmax_cross_entropy_value_and_grad(scores, label):
    # test_golden.py:81  shifted = scores - np.max(scores)
    scores_max = scores.max()
    shifted = scores - scores_max
    # test_golden.py:82  return np.log(np.sum(np.exp(shifted))) - shifted[label]
    exp_shifted = np.exp(shifted)
    t1 = exp_shifted.sum()
    value = np.log(t1) - shifted[label]
    # adjoint of test_golden.py:82
    shifted_bar = exp_shifted / t1
    shifted_bar[label] += -1.0
    return value, shifted_bar + shared_where(scores == scores_max, -shifted_bar.sum())
