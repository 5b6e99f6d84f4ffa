def process_value_and_grad(scale, x, y):
    # golden_scipy.py:35  distances = x[:, None] - x[None, :]
    distances = x[:, None] - x[None, :]
    # golden_scipy.py:36  factor = scipy.linalg.cho_factor(np.exp(-0.5 * (distances / scale) ** 2) + 0.01 * np.eye(len(x)), lower=True)
    distances_scaled = distances / scale
    exp = np.exp(-0.5 * distances_scaled ** 2)
    t1 = np.eye(3)
    t2, t3 = scipy.linalg.cho_factor(exp + 0.01 * t1, lower=True)
    # golden_scipy.py:37  return 0.5 * y @ scipy.linalg.cho_solve(factor, y) + np.sum(np.log(np.diag(factor[0])))
    half_y = 0.5 * y
    t4 = scipy.linalg.cho_solve((t2, t3), y)
    t5 = np.diag(t2)
    value = half_y @ t4 + np.log(t5).sum()
    # adjoint of golden_scipy.py:37
    t6 = np.expand_dims(scipy.linalg.cho_solve((t2, t3), half_y), -1) @ np.expand_dims(t4, -1).T
    t7 = (-t6).T - t6
    t8 = np.tril(t2)
    # golden_scipy.py:37  return 0.5 * y @ scipy.linalg.cho_solve(factor, y) + np.sum(np.log(np.diag(factor[0])))
    if not t3 == True:
        raise OtherPath
    # adjoint of golden_scipy.py:37
    t9 = np.where(True, t8, np.triu(t2))
    t10 = scatter_diagonal(1.0 / t5, (3, 3)) + np.where(True, np.tril(t7 @ t9), np.triu(t9 @ t7))
    # adjoint of golden_scipy.py:36
    t11 = t8.T
    t12 = np.tril(t11 @ np.tril(t10))
    t13 = np.linalg.solve(t11, np.linalg.solve(t11, t12 - 0.5 * (t1 * t12)).T)
    t14 = t13.T + t13
    t15 = (np.tril(t14) - 0.5 * (t1 * t14) + np.triu(t10, k=1)) * exp * distances_scaled / scale
    return value, float((distances_scaled * t15).sum())
