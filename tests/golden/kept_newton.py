def kept_newton_value_and_grad(a):
    x = a
    trips = 0
    x_saved = [0.0] * 50
    t_saved = [0.0] * 50
    t_saved_1 = [False] * 50
    for i in range(50):
        x_saved[i] = x
        # golden_kept.py:45  better = 0.5 * (x + a / x)
        t1 = a / x
        t_saved[i] = t1
        better = 0.5 * (x + t1)
        # golden_kept.py:46  if abs(better - x) < 1e-12:
        t2 = abs(better - x) < 1e-12
        t_saved_1[i] = t2
        if not t2:
            x = better
        trips += 1
        if t2:
            break
    x_bar = 1.0
    a_bar = 0.0
    for i in range(trips - 1, -1, -1):
        x_1 = x_saved[i]
        t3 = t_saved[i]
        t4 = t_saved_1[i]
        if t4:
            x_bar_1 = x_bar
            better_bar = 0.0
        else:
            x_bar_1 = 0.0
            better_bar = x_bar
        # adjoint of golden_kept.py:45
        t5 = better_bar * 0.5
        a_bar += t5 / x_1
        x_bar = x_bar_1 + t5 - t5 * (t3 / x_1)
    return x, float(x_bar + a_bar)
