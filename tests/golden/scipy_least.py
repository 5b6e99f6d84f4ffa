def least_value_and_grad(a, perform, read):
    # golden_scipy.py:25  found = scipy.optimize.minimize(lambda x: np.sum((x - a) ** 2) + np.prod(x) ** 2, np.ones(2))
    args_5 = np.ones(2)
    [x, why, told, *_] = read(run, _run_minimize, Tree, [a, None, None, False, None, args_5, None, None, None, None, None, None, None])
    if not (type(x) is np.ndarray and x.dtype == np.float64 and x.shape == (2,)):
        raise OtherPath
    if not told == 'fun: float64; jac: float64[2]; hess_inv: float64[2, 2]; nfev: int; njev: int; status: int; success: bool; message: str; nit: int':
        raise OtherPath
    x_minus_a = x - a
    x_prod = x.prod()
    x_prod ** 2
    t1 = read(copied, a)
    # golden_scipy.py:26  return np.sum(found.x)
    t2 = x.sum()
    perform(check, why)
    t3 = read(same_bits, a, t1)
    if not t3:
        raise OtherPath
    # golden_scipy.py:25  found = scipy.optimize.minimize(lambda x: np.sum((x - a) ** 2) + np.prod(x) ** 2, np.ones(2))
    np_1 = read(getattr, golden_scipy, 'np')
    if not np_1 is np:
        raise OtherPath
    t4 = np.eye(2)
    t5 = product_of_others(x)
    # adjoint of golden_scipy.py:25
    t6 = strong_product(strong_product(t4, t5).sum(axis=(1,)), power_derivative(x_prod, 2, dx=2))
    t7 = np.moveaxis(x, (0,), (0,))
    t8 = exclusive_cumprod(t7)
    t9 = exclusive_cumprod(t7, reverse=True)
    t10 = np.moveaxis(t4, (1,), (1,))
    t11 = np.broadcast_to(t7, (2, 2))
    t12 = strong_product(strong_scan(t11, strong_product(t10, t9), reverse=True), t8)
    t13 = np.moveaxis(t12 + strong_product(strong_scan(t11, strong_product(t10, t8)), t9), (1,), (1,))
    t14 = power_derivative(x_minus_a, 2, dx=2)
    t15 = strong_product(t6[:, None], t5) + strong_product(t13, 2 * x_prod)
    x_bar_dot_T = (t15 + strong_product(t4, t14)).T
    [t16] = read(solved, x_bar_dot_T, strong_product(2 * x_prod, t5) + 2.0 * x_minus_a, x)
    # golden_scipy.py:25  found = scipy.optimize.minimize(lambda x: np.sum((x - a) ** 2) + np.prod(x) ** 2, np.ones(2))
    np_1 = read(getattr, golden_scipy, 'np')
    if not np_1 is np:
        raise OtherPath
    # adjoint of golden_scipy.py:25
    t17 = strong_product(-np.linalg.solve(in_place_of(t16, x_bar_dot_T).T, np.full(2, 1.0)), t14)
    return t2, -t17
