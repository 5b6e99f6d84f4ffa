def root_value_and_grad(a, perform, read):
    # golden_scipy.py:21  return scipy.optimize.brentq(lambda x: x**3 - a * x - 1.0, 0.0, 10.0)
    [x, why, told, *_] = read(run, _run_bracketed, Tree, [a, None, None, False, 'brentq', 0.0, 10.0, 2e-12, float64, 100, True])
    if not type(x) is float or not told == 'iterations: int; function_calls: int; code: int':
        raise OtherPath
    perform(check, why)
    # adjoint of golden_scipy.py:21
    args_bar = 3 * x ** 2 - a
    [t1] = read(solved, args_bar, x ** 3 - a * x - 1.0, x)
    return x, strong_product(-(-1.0 / in_place_of(t1, args_bar)), x)
