def kept_newton_value_and_grad(a):
    x = a
    trips = 0
    t_saved = [False] * 50
    x_saved = [0.0] * 50
    for i in range(50):
        x_saved[i] = x
        # golden_kept.py:45  better = 0.5 * (x + a / x)
        better = 0.5 * (x + a / x)
        # golden_kept.py:46  if abs(better - x) < 1e-12:
        t1 = abs(better - x) < 1e-12
        t_saved[i] = t1
        if not t1:
            x = better
        trips += 1
        if t1:
            break
    x_bar = 1.0
    a_bar = 0.0
    for i in range(trips - 1, -1, -1):
        t2 = t_saved[i]
        x_1 = x_saved[i]
        # adjoint of golden_kept.py:45
        t3 = a / x_1
        if t2:
            x_bar_1 = x_bar
            better_bar = 0.0
        else:
            x_bar_1 = 0.0
            better_bar = x_bar
        t4 = better_bar * 0.5
        a_bar += t4 / x_1
        x_bar = x_bar_1 + t4 - t4 * (t3 / x_1)
    return x, x_bar + a_bar
