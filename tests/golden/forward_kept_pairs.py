def kept_pairs_jvp(x, mass, x_dot, mass_dot):
    # the sizes this is written for
    if x_dot.shape != (x.shape[0],) or mass.shape[0] < x.shape[0]:
        raise OtherPath
    energy = energy_dot = 0.0
    for i in range(x.shape[0]):
        x_i, x_i_dot, mass_i = x[i], x_dot[i], mass[i]
        for j in range(i + 1, x.shape[0]):
            # golden_kept.py:73  d = x[i] - x[j]
            d = x_i - x[j]
            d_dot = x_i_dot - x_dot[j]
            # golden_kept.py:74  energy -= mass[i] * mass[j] / math.sqrt(d * d + 0.01)
            sqrt = math.sqrt(d * d + 0.01)
            t1 = mass_i * mass[j] / sqrt
            energy -= t1
            energy_dot += t1 * (2 * (0.5 / sqrt * (d_dot * d)) / sqrt)
    return energy, of_class(np.float64(energy_dot), energy)
