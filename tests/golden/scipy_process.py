def process_value_and_grad(scale, x, y):
    # golden_scipy.py:35  distances = x[:, None] - x[None, :]
    distances = x[:, None] - x[None, :]
    # golden_scipy.py:36  factor = scipy.linalg.cholesky(np.exp(-0.5 * (distances / scale) ** 2) + 0.01 * np.eye(len(x)), lower=True)
    distances_scaled = distances / scale
    exp = np.exp(-0.5 * distances_scaled ** 2)
    t1 = np.eye(3)
    factor = scipy.linalg.cholesky(exp + 0.01 * t1, lower=True)
    # golden_scipy.py:37  return 0.5 * y @ scipy.linalg.cho_solve((factor, True), y) + np.sum(np.log(np.diag(factor)))
    half_y = 0.5 * y
    t2 = scipy.linalg.cho_solve((factor, True), y)
    t3 = np.diag(factor)
    value = half_y @ t2 + np.log(t3).sum()
    # adjoint of golden_scipy.py:37
    t4 = np.expand_dims(scipy.linalg.cho_solve((factor, True), half_y), -1) @ np.expand_dims(t2, -1).T
    t5 = (-t4).T - t4
    t6 = np.where(True, np.tril(factor), np.triu(factor))
    # adjoint of golden_scipy.py:36
    factor_T = factor.T
    t7 = factor_T @ (scatter_diagonal(1.0 / t3, (3, 3)) + np.where(True, np.tril(t5 @ t6), np.triu(t6 @ t5)))
    t8 = np.tril(t7)
    t9 = np.linalg.solve(factor_T, np.linalg.solve(factor_T, t8 - 0.5 * (t1 * t8)).T)
    t10 = t9.T + t9
    t11 = (distances_scaled * ((np.tril(t10) - 0.5 * (t1 * t10)) * exp * distances_scaled / scale)).sum()
    return value, float(t11)
