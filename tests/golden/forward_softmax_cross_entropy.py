def softmax_cross_entropy_jvp(scores, label, scores_dot, label_dot):
    # test_golden.py:81  shifted = scores - np.max(scores)
    scores_max = scores.max()
    shifted = scores - scores_max
    shifted_dot = scores_dot - mean_where(scores == scores_max, scores_dot)
    # test_golden.py:82  return np.log(np.sum(np.exp(shifted))) - shifted[label]
    exp_shifted = np.exp(shifted)
    t1 = exp_shifted.sum()
    return np.log(t1) - shifted[label], shifted_dot @ exp_shifted / t1 - shifted_dot[label]
