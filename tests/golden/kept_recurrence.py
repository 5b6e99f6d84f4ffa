def kept_recurrence_value_and_grad(x, n):
    s = x
    s_saved = [0.0] * n
    for i in range(n):
        s_saved[i] = s
        # golden_kept.py:14  s = s * x + math.sin(s)
        s = s * x + math.sin(s)
        if s > 3.0:
            # golden_kept.py:16  s = s - 1.0
            s -= 1.0
    s_bar = 1.0
    x_bar = 0.0
    for s_1 in s_saved[::-1]:
        # adjoint of golden_kept.py:14
        x_bar += s_bar * s_1
        s_bar = s_bar * math.cos(s_1) + s_bar * x
    return s, s_bar + x_bar
