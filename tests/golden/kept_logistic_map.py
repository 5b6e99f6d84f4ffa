def kept_logistic_map_value_and_grad(r, x, n):
    x_saved = [0.0] * n
    for i in range(n):
        x_saved[i] = x
        if x > 0.5:
            # golden_kept.py:23  x = r * x * (1.0 - x)
            x = r * x * (1.0 - x)
        else:
            # golden_kept.py:25  x = r * x
            x = r * x
    x_bar = 1.0
    r_bar = 0.0
    for x_1 in x_saved[::-1]:
        if x_1 > 0.5:
            # adjoint of golden_kept.py:23
            r_bar += x_bar * (1.0 - x_1) * x_1
            x_bar = x_bar * (1.0 - x_1) * r - x_bar * (r * x_1)
        else:
            # adjoint of golden_kept.py:25
            r_bar += x_bar * x_1
            x_bar *= r
    return x, r_bar, x_bar
