def softmax_cross_entropy_value_and_grad(scores, label):
    # test_golden.py:81  shifted = scores - np.max(scores)
    t1 = scores.max()
    shifted = scores - t1
    # test_golden.py:82  return np.log(np.sum(np.exp(shifted))) - shifted[label]
    t2 = np.exp(shifted)
    t3 = t2.sum()
    value = np.log(t3) - shifted[label]
    # adjoint of test_golden.py:82
    shifted_bar = t2 / t3
    shifted_bar[label] += -1.0
    # adjoint of test_golden.py:81
    t4 = np.equal(scores, t1)
    return value, shifted_bar + np.where(t4, (-shifted_bar).sum() / t4.sum(keepdims=True), 0.0)
