def kept_pairs_value_and_grad(x, mass):
    # the sizes this is written for
    if mass.shape[0] < x.shape[0]:
        raise OtherPath
    # golden_kept.py:71  for i in range(len(x)):
    t1 = x.shape[0]
    energy = 0.0
    for i in range(t1):
        t2 = x[i]
        t3 = mass[i]
        for j in range(i + 1, t1):
            # golden_kept.py:73  d = x[i] - x[j]
            d = t2 - x[j]
            # golden_kept.py:74  energy -= mass[i] * mass[j] / math.sqrt(d * d + 0.01)
            energy -= t3 * mass[j] / math.sqrt(d * d + 0.01)
    x_bar = np.zeros(x.shape)
    mass_bar = np.zeros(mass.shape)
    for i in range(t1 - 1, -1, -1):
        t4 = x[i]
        t5 = mass[i]
        t6 = 0.0
        t7 = 0.0
        for j in range(t1 - 1, i, -1):
            # adjoint of golden_kept.py:74
            d = t4 - x[j]
            t8 = math.sqrt(d * d + 0.01)
            t9 = -1.0 / t8
            t10 = d * (0.5 / t8 * (t5 * mass[j] / t8 / t8))
            t7 += t9 * mass[j]
            mass_bar[j] += t9 * t5
            # adjoint of golden_kept.py:73
            t6 += 2 * t10
            x_bar[j] -= 2 * t10
        # adjoint of golden_kept.py:74
        mass_bar[i] = t7
        # adjoint of golden_kept.py:73
        x_bar[i] = t6
    return energy, x_bar, mass_bar
