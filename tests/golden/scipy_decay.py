def decay_value_and_grad(rate, perform, read):
    # golden_scipy.py:30  found = scipy.integrate.solve_ivp(lambda t, y: -rate * y, (0.0, 1.0), np.array([1.0]), method=s2sad.continuous("RK45"))
    start = np.array([1.0]) * 1.0
    [y, why, told, t1, *_] = read(run, _run_ivp, Tree, [start, 0.0, 1.0, None, rate, None, None, 'RK45', False])
    if not (type(y) is np.ndarray and y.dtype == np.float64 and y.shape == (1, 3)):
        raise OtherPath
    if not told == 't: float64[3]; nfev: int; njev: int; nlu: int; status: int; message: str; success: bool':
        raise OtherPath
    # golden_scipy.py:31  return found.y[0, -1]
    value = y[0, -1]
    perform(check, why)
    [t2, t3, t4, rate_bar] = read(swept, _run_ivp, _rate, Tree, [start, 0.0, 1.0, None, rate, None, None, 'RK45', False], t1, scatter(1.0, (0, -1), (1, 3)))
    return value, rate_bar
