def kept_newton_value_and_grad(a):
    x = a
    x_saved = []
    for _ in range(50):
        x_saved.append(x)
        # golden_kept.py:45  better = 0.5 * (x + a / x)
        better = 0.5 * (x + a / x)
        # golden_kept.py:46  if abs(better - x) < 1e-12:
        t1 = abs(better - x) < 1e-12
        if not t1:
            x = better
        if t1:
            break
    x_bar = 1.0
    a_bar = 0.0
    for x_1 in x_saved[::-1]:
        # adjoint of golden_kept.py:45
        a_over_x = a / x_1
        better = 0.5 * (x_1 + a_over_x)
        x_bar_1, better_bar = (x_bar, 0.0) if abs(better - x_1) < 1e-12 else (0.0, x_bar)
        a_bar += 0.5 * better_bar / x_1
        x_bar = x_bar_1 + 0.5 * better_bar - a_over_x * (0.5 * better_bar / x_1)
    return x, x_bar + a_bar
