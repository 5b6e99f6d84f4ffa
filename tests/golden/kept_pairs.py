def kept_pairs_value_and_grad(x, mass):
    # golden_kept.py:71  for i in range(len(x)):
    t1 = x.shape[0]
    # golden_kept.py:74  energy -= mass[i] * mass[j] / math.sqrt(d * d + 0.01)
    if mass.shape[0] < t1:
        raise OtherPath
    energy = 0.0
    t_saved_saved = []
    t_saved_saved_1 = []
    for i in range(t1):
        # golden_kept.py:73  d = x[i] - x[j]
        t2 = x[i]
        # golden_kept.py:74  energy -= mass[i] * mass[j] / math.sqrt(d * d + 0.01)
        t3 = mass[i]
        t_saved = [0.0] * (t1 - i - 1)
        t_saved_1 = [0.0] * (t1 - i - 1)
        for j in range(i + 1, t1):
            # golden_kept.py:73  d = x[i] - x[j]
            d = t2 - x[j]
            # golden_kept.py:74  energy -= mass[i] * mass[j] / math.sqrt(d * d + 0.01)
            t4 = math.sqrt(d * d + 0.01)
            t_saved[j - i - 1] = t4
            t5 = t3 * mass[j] / t4
            t_saved_1[j - i - 1] = t5
            energy -= t5
        t_saved_saved.append(t_saved)
        t_saved_saved_1.append(t_saved_1)
    x_bar = np.zeros(x.shape)
    mass_bar = np.zeros(mass.shape)
    for i in range(t1 - 1, -1, -1):
        t_saved_2 = t_saved_saved[i]
        t_saved_3 = t_saved_saved_1[i]
        # golden_kept.py:73  d = x[i] - x[j]
        t6 = x[i]
        # golden_kept.py:74  energy -= mass[i] * mass[j] / math.sqrt(d * d + 0.01)
        t7 = mass[i]
        t8 = 0.0
        t9 = 0.0
        for j in range(t1 - 1, i, -1):
            t10 = t_saved_2[j - i - 1]
            t11 = t_saved_3[j - i - 1]
            # golden_kept.py:73  d = x[i] - x[j]
            d_1 = t6 - x[j]
            # adjoint of golden_kept.py:74
            t12 = -1.0 / t10
            t13 = d_1 * (0.5 / t10 * (t11 / t10))
            t9 += t12 * mass[j]
            mass_bar[j] += t12 * t7
            # adjoint of golden_kept.py:73
            t8 += 2 * t13
            x_bar[j] += -2 * t13
        # adjoint of golden_kept.py:74
        mass_bar[i] += t9
        # adjoint of golden_kept.py:73
        x_bar[i] += t8
    return energy, x_bar, mass_bar
