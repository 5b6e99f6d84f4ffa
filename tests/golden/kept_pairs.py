def kept_pairs_value_and_grad(x, mass):
    # the sizes this is written for
    if mass.shape[0] < x.shape[0]:
        raise OtherPath
    # golden_kept.py:71  for i in range(len(x)):
    t1 = x.shape[0]
    t_saved = np.zeros((t1, t1))
    t_saved_1 = np.zeros((t1, t1))
    energy = 0.0
    for i in range(t1):
        t2 = x[i]
        t3 = mass[i]
        for j in range(i + 1, t1):
            # golden_kept.py:73  d = x[i] - x[j]
            d = t2 - x[j]
            # golden_kept.py:74  energy -= mass[i] * mass[j] / math.sqrt(d * d + 0.01)
            t4 = math.sqrt(d * d + 0.01)
            t_saved[i, j] = t4
            t5 = t3 * mass[j] / t4
            t_saved_1[i, j] = t5
            energy -= t5
    x_bar = np.zeros(x.shape)
    mass_bar = np.zeros(mass.shape)
    for i in range(t1 - 1, -1, -1):
        t6 = x[i]
        t7 = mass[i]
        t8 = 0.0
        t9 = 0.0
        for j in range(t1 - 1, i, -1):
            t10 = float(t_saved[i, j])
            # adjoint of golden_kept.py:74
            d = t6 - x[j]
            t11 = -1.0 / t10
            t12 = d * (0.5 / t10 * (t_saved_1[i, j] / t10))
            t9 += t11 * mass[j]
            mass_bar[j] += t11 * t7
            # adjoint of golden_kept.py:73
            t8 += 2 * t12
            x_bar[j] -= 2 * t12
        # adjoint of golden_kept.py:74
        mass_bar[i] = t9
        # adjoint of golden_kept.py:73
        x_bar[i] = t8
    return energy, x_bar, mass_bar
