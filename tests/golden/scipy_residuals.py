def residuals_value_and_grad(poles, y):
    # golden_scipy.py:45  return np.sum(scipy.signal.lfilter([1.0], [1.0, *poles], y) ** 2)
    t1 = np.array([1.0])
    t2 = np.array([1.0, poles[0], poles[1]])
    t3 = scipy.signal.lfilter(t1, t2, y)
    value = (t3 ** 2).sum()
    # adjoint of golden_scipy.py:45
    t4 = -lags(2.0 * t3, scipy.signal.lfilter(t1, t2, t3), 3, -1)
    return value, np.array([t4[1], t4[2]])
