def kept_newton_jvp(a, a_dot):
    x, x_dot = a, a_dot
    for _ in range(50):
        # golden_kept.py:45  better = 0.5 * (x + a / x)
        a_over_x = a / x
        better = 0.5 * (x + a_over_x)
        better_dot = 0.5 * (x_dot + (a_dot / x - a_over_x * (x_dot / x)))
        # golden_kept.py:46  if abs(better - x) < 1e-12:
        t1 = abs(better - x) < 1e-12
        if not t1:
            x, x_dot = better, better_dot
        if t1:
            break
    return x, x_dot
