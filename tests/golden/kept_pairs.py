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
        # golden_kept.py:72  for j in range(i + 1, len(x)):
        t4 = i + 1
        t_saved = [0.0] * (t1 - t4)
        t_saved_1 = [0.0] * (t1 - t4)
        for j in range(t4, t1):
            # golden_kept.py:73  d = x[i] - x[j]
            d = t2 - x[j]
            # golden_kept.py:74  energy -= mass[i] * mass[j] / math.sqrt(d * d + 0.01)
            t5 = math.sqrt(d * d + 0.01)
            t_saved[j - t4] = t5
            t6 = t3 * mass[j] / t5
            t_saved_1[j - t4] = t6
            energy -= t6
        t_saved_saved.append(t_saved)
        t_saved_saved_1.append(t_saved_1)
    x_bar = np.zeros(x.shape)
    mass_bar = np.zeros(mass.shape)
    for i in range(t1 - 1, -1, -1):
        t_saved_2 = t_saved_saved[i]
        t_saved_3 = t_saved_saved_1[i]
        # golden_kept.py:73  d = x[i] - x[j]
        t7 = x[i]
        # golden_kept.py:74  energy -= mass[i] * mass[j] / math.sqrt(d * d + 0.01)
        t8 = mass[i]
        t9 = 0.0
        t10 = 0.0
        # golden_kept.py:72  for j in range(i + 1, len(x)):
        t11 = i + 1
        for j in range(t1 - 1, t11 - 1, -1):
            t12 = t_saved_2[j - t11]
            t13 = t_saved_3[j - t11]
            # golden_kept.py:73  d = x[i] - x[j]
            d_1 = t7 - x[j]
            # adjoint of golden_kept.py:74
            t14 = -1.0 / t12
            t15 = d_1 * (0.5 / t12 * (t13 / t12))
            t10 += t14 * mass[j]
            mass_bar[j] += t14 * t8
            # adjoint of golden_kept.py:73
            t9 += 2 * t15
            x_bar[j] += -2 * t15
        # adjoint of golden_kept.py:74
        mass_bar[i] += t10
        # adjoint of golden_kept.py:73
        x_bar[i] += t9
    return energy, x_bar, mass_bar
