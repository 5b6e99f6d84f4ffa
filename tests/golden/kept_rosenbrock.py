def kept_rosenbrock_value_and_grad(x):
    # golden_kept.py:37  for i in range(len(x) - 1):
    t1 = x.shape[0] - 1
    total = 0.0
    t_saved = [0.0] * t1
    for i in range(t1):
        # golden_kept.py:38  total += 100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2
        t2 = x[i + 1] - x[i] ** 2
        t_saved[i] = t2
        total += 100.0 * t2 ** 2 + (1.0 - x[i]) ** 2
    x_bar = np.zeros(x.shape)
    for i in range(t1 - 1, -1, -1):
        t3 = t_saved[i]
        # adjoint of golden_kept.py:38
        x_bar[i] = -2 * (1.0 - x[i]) + -400.0 * (t3 * x[i])
        x_bar[i + 1] += 200.0 * t3
    return total, x_bar
