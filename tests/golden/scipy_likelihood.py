def likelihood_value_and_grad(mean, spread, x):
    # golden_scipy.py:49  return -np.sum(scipy.stats.norm.logpdf(x, mean, spread))
    value = -scipy.stats.norm.logpdf(x, loc=mean, scale=spread).sum()
    # adjoint of golden_scipy.py:49
    t1 = (x - mean) / spread
    return value, float(-(t1 / spread).sum()), float(-((t1 * t1 - 1.0).sum() / spread))
