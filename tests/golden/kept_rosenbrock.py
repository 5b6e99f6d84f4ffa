def kept_rosenbrock_value_and_grad(x):
    total = 0.0
    for i in range(x.shape[0] - 1):
        # golden_kept.py:38  total += 100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2
        total += 100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2
    x_bar = np.zeros(x.shape)
    for i in range(x.shape[0] - 2, -1, -1):
        # adjoint of golden_kept.py:38
        x_i = x[i]
        t1 = x[i + 1] - x_i ** 2
        x_bar[i] = -2 * (1.0 - x_i) - 400.0 * (t1 * x_i)
        x_bar[i + 1] += 200.0 * t1
    return total, x_bar
