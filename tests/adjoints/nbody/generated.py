# What is generated for `program.py`, as it is; `python -m tests.adjoints.test_generated` writes it anew.
def nbody_value_and_grad(position, velocity, mass, dt, steps):
    # the sizes this is written for
    if velocity.shape != (position.shape[0], position.shape[1]):
        raise OtherPath
    # program.py:34  x = position.copy()
    x = position.copy()
    # program.py:35  v = velocity.copy()
    v = velocity.copy()
    # program.py:10  n = len(mass)
    n = mass.shape[0]
    a = np.zeros_like(x)
    # program.py:36  a = accelerations(x, mass)
    for i in range(n):
        mass_i = mass[i]
        # program.py:36  a = accelerations(x, mass)
        for j in range(i + 1, n):
            # program.py:14  d = x[i] - x[j]
            d = x[i] - x[j]
            # program.py:15  r2 = d @ d
            r2 = d @ d
            # program.py:16  inv_r3 = 1.0 / (r2 * np.sqrt(r2))
            inv_r3 = 1.0 / (r2 * np.sqrt(r2))
            # program.py:17  a[i] -= mass[j] * inv_r3 * d
            a[i] -= mass[j] * inv_r3 * d
            # program.py:18  a[j] += mass[i] * inv_r3 * d
            a[j] += mass_i * inv_r3 * d
    half_dt = 0.5 * dt
    x_saved = np.empty((max(steps, 0), position.shape[0], position.shape[1]))
    x_1 = x
    for step in range(steps):
        # program.py:38  v += 0.5 * dt * a
        v = v + half_dt * a
        # program.py:39  x += dt * v
        x_saved[step] = x_1 = x_1 + dt * v
        # program.py:11  a = np.zeros_like(x)
        a = np.zeros_like(x_1)
        # program.py:40  a = accelerations(x, mass)
        for i in range(n):
            mass_i = mass[i]
            # program.py:40  a = accelerations(x, mass)
            for j in range(i + 1, n):
                # program.py:14  d = x[i] - x[j]
                d = x_1[i] - x_1[j]
                # program.py:15  r2 = d @ d
                r2 = d @ d
                # program.py:16  inv_r3 = 1.0 / (r2 * np.sqrt(r2))
                inv_r3 = 1.0 / (r2 * np.sqrt(r2))
                # program.py:17  a[i] -= mass[j] * inv_r3 * d
                a[i] -= mass[j] * inv_r3 * d
                # program.py:18  a[j] += mass[i] * inv_r3 * d
                a[j] += mass_i * inv_r3 * d
        # program.py:41  v += 0.5 * dt * a
        v = v + half_dt * a
    total = 0.0
    # program.py:42  return energy(x, v, mass)
    for i in range(n):
        # program.py:26  total += 0.5 * mass[i] * (v[i] @ v[i])
        mass_i = mass[i]
        total += 0.5 * mass_i * (v[i] @ v[i])
        # program.py:42  return energy(x, v, mass)
        for j in range(i + 1, n):
            # program.py:28  d = x[i] - x[j]
            d = x_1[i] - x_1[j]
            # program.py:29  total -= mass[i] * mass[j] / np.sqrt(d @ d)
            total -= mass_i * mass[j] / np.sqrt(d @ d)
    mass_bar, v_bar, x_bar = np.zeros(mass.shape), np.zeros(v.shape), np.zeros(x_1.shape)
    # adjoint of program.py:42
    for i in range(n - 1, -1, -1):
        mass_i, v_i = mass[i], v[i]
        mass_i_bar = 0.0
        for j in range(n - 1, i, -1):
            # adjoint of program.py:29
            d = x_1[i] - x_1[j]
            sqrt = np.sqrt(d @ d)
            d_bar = 2 * (mass_i * mass[j] / sqrt / sqrt * (0.5 / sqrt) * d)
            mass_i_bar -= mass[j] / sqrt
            mass_bar[j] -= mass_i / sqrt
            # adjoint of program.py:28
            x_bar[j] -= d_bar
            x_bar[i] += d_bar
        # adjoint of program.py:26
        v_bar[i] = 2 * (0.5 * mass_i) * v_i
        mass_bar[i] = mass_i_bar + 0.5 * (v_i @ v_i)
    a_bar = np.zeros(a.shape)
    for step in range(steps - 1, -1, -1):
        x_1 = x_saved[step]
        # adjoint of program.py:41
        a_bar += v_bar * half_dt
        # adjoint of program.py:40
        for i in range(n - 1, -1, -1):
            mass_i = mass[i]
            mass_i_bar = 0.0
            for j in range(n - 1, i, -1):
                # adjoint of program.py:18
                d = x_1[i] - x_1[j]
                r2 = d @ d
                sqrt = np.sqrt(r2)
                r2_times_sqrt = r2 * sqrt
                inv_r3 = 1.0 / r2_times_sqrt
                a_j_bar_dot_d = a_bar[j] @ d
                mass_i_bar += a_j_bar_dot_d * inv_r3
                # adjoint of program.py:17
                d_dot_a_i_bar = d @ a_bar[i]
                mass_bar[j] -= inv_r3 * d_dot_a_i_bar
                # adjoint of program.py:16
                t1 = inv_r3 * ((a_j_bar_dot_d * mass_i - mass[j] * d_dot_a_i_bar) / r2_times_sqrt)
                # adjoint of program.py:17
                d_bar = a_bar[j] * (mass_i * inv_r3) - mass[j] * inv_r3 * a_bar[i]
                # adjoint of program.py:15
                d_bar = d_bar + 2 * (-(sqrt * t1) - 0.5 / sqrt * (r2 * t1)) * d
                # adjoint of program.py:14
                x_bar[j] -= d_bar
                x_bar[i] += d_bar
            # adjoint of program.py:18
            mass_bar[i] += mass_i_bar
        # adjoint of program.py:39
        v_bar += x_bar * dt
        # adjoint of program.py:38
        a_bar = v_bar * half_dt
    # adjoint of program.py:36
    for i in range(n - 1, -1, -1):
        mass_i = mass[i]
        mass_i_bar = 0.0
        for j in range(n - 1, i, -1):
            # adjoint of program.py:18
            d = x[i] - x[j]
            r2 = d @ d
            sqrt = np.sqrt(r2)
            r2_times_sqrt = r2 * sqrt
            inv_r3 = 1.0 / r2_times_sqrt
            a_j_bar_dot_d = a_bar[j] @ d
            mass_i_bar += a_j_bar_dot_d * inv_r3
            # adjoint of program.py:17
            d_dot_a_i_bar = d @ a_bar[i]
            mass_bar[j] -= inv_r3 * d_dot_a_i_bar
            # adjoint of program.py:16
            t2 = inv_r3 * ((a_j_bar_dot_d * mass_i - mass[j] * d_dot_a_i_bar) / r2_times_sqrt)
            # adjoint of program.py:17
            d_bar = a_bar[j] * (mass_i * inv_r3) - mass[j] * inv_r3 * a_bar[i]
            # adjoint of program.py:15
            d_bar = d_bar + 2 * (-(sqrt * t2) - 0.5 / sqrt * (r2 * t2)) * d
            # adjoint of program.py:14
            x_bar[j] -= d_bar
            x_bar[i] += d_bar
        # adjoint of program.py:18
        mass_bar[i] += mass_i_bar
    return total, x_bar, v_bar, mass_bar
