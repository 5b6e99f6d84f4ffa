def kept_pairs_value_and_grad(x, mass):
    # the sizes this is written for
    if mass.shape[0] < x.shape[0]:
        raise OtherPath
    # golden_kept.py:71  for i in range(len(x)):
    x_len = x.shape[0]
    energy = 0.0
    for i in range(x_len):
        x_i, mass_i = x[i], mass[i]
        for j in range(i + 1, x_len):
            # golden_kept.py:73  d = x[i] - x[j]
            d = x_i - x[j]
            # golden_kept.py:74  energy -= mass[i] * mass[j] / math.sqrt(d * d + 0.01)
            energy -= mass_i * mass[j] / math.sqrt(d * d + 0.01)
    x_bar, mass_bar = np.zeros(x.shape), np.zeros(mass.shape)
    for i in range(x_len - 1, -1, -1):
        x_i, mass_i = x[i], mass[i]
        x_i_bar = mass_i_bar = 0.0
        for j in range(x_len - 1, i, -1):
            # adjoint of golden_kept.py:74
            d = x_i - x[j]
            sqrt = math.sqrt(d * d + 0.01)
            t1 = mass_i * mass[j] / sqrt / sqrt * (0.5 / sqrt) * d
            mass_i_bar += -1.0 / sqrt * mass[j]
            mass_bar[j] += -1.0 / sqrt * mass_i
            # adjoint of golden_kept.py:73
            x_i_bar += t1
            x_bar[j] -= 2 * t1
        # adjoint of golden_kept.py:74
        mass_bar[i] = mass_i_bar
        # adjoint of golden_kept.py:73
        x_bar[i] = 2 * x_i_bar
    return energy, x_bar, mass_bar
