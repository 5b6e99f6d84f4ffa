def softmax_cross_entropy_value_and_grad(scores, label):
    # test_golden.py:81  shifted = scores - np.max(scores)
    t1 = scores.max()
    shifted = scores - t1
    # test_golden.py:82  return np.log(np.sum(np.exp(shifted))) - shifted[label]
    exp_shifted = np.exp(shifted)
    t2 = exp_shifted.sum()
    value = np.log(t2) - shifted[label]
    # adjoint of test_golden.py:82
    shifted_bar = exp_shifted / t2
    shifted_bar[label] += -1.0
    return value, shifted_bar + shared_where(scores == t1, (-shifted_bar).sum())
