def kept_recurrence_jvp(x, n, x_dot, n_dot):
    s, s_dot = x, x_dot
    for _ in range(n):
        # golden_kept.py:14  s = s * x + math.sin(s)
        t1 = s_dot * x + x_dot * s
        s_dot *= math.cos(s)
        s = s * x + math.sin(s)
        s_dot = t1 + s_dot
        if s > 3.0:
            # golden_kept.py:16  s = s - 1.0
            s -= 1.0
    return s, s_dot
