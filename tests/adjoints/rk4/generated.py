# What is generated for `program.py`, as it is; `python -m tests.adjoints.test_generated` writes it anew.
def rk4_value_and_grad(u0, rates, target, h, steps):
    # the sizes this is written for
    if u0.shape != (2,) or rates.shape != (4,) or target.shape != (2,):
        raise OtherPath
    half_h = 0.5 * h
    # program.py:11  birth, hunt, feed, death = rates
    birth, hunt, feed, death = rates
    t_saved, t_saved_1 = np.empty((max(steps, 0), 2)), np.empty((max(steps, 0), 2))
    t_saved_2, u_saved = np.empty((max(steps, 0), 2)), np.empty((max(steps, 0), 2))
    for i in range(steps):
        u_saved[i] = u0
        # program.py:10  prey, predators = u
        prey, predators = u0
        # program.py:12  return np.array([
        k1 = np.array([birth * prey - hunt * prey * predators, feed * prey * predators - death * predators])
        # program.py:22  k2 = lotka_volterra(u + 0.5 * h * k1, rates)
        t_saved_2[i] = t1 = u0 + half_h * k1
        # program.py:10  prey, predators = u
        prey, predators = t1
        # program.py:12  return np.array([
        k2 = np.array([birth * prey - hunt * prey * predators, feed * prey * predators - death * predators])
        # program.py:23  k3 = lotka_volterra(u + 0.5 * h * k2, rates)
        t_saved_1[i] = t2 = u0 + half_h * k2
        # program.py:10  prey, predators = u
        prey, predators = t2
        # program.py:12  return np.array([
        k3 = np.array([birth * prey - hunt * prey * predators, feed * prey * predators - death * predators])
        # program.py:24  k4 = lotka_volterra(u + h * k3, rates)
        t_saved[i] = t3 = u0 + h * k3
        # program.py:10  prey, predators = u
        prey, predators = t3
        # program.py:12  return np.array([
        k4 = np.array([birth * prey - hunt * prey * predators, feed * prey * predators - death * predators])
        # program.py:25  u = u + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
        u0 = u0 + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
    # program.py:26  misfit = u - target
    misfit = u0 - target
    # program.py:27  return misfit @ misfit
    value = misfit @ misfit
    # adjoint of program.py:26
    target_bar = -2 * misfit
    u_bar = 2 * misfit
    birth_bar = hunt_bar = feed_bar = death_bar = 0.0
    for i in range(steps - 1, -1, -1):
        # adjoint of program.py:25
        prey, predators = t_saved[i]
        prey_1, predators_1 = t_saved_1[i]
        prey_2, predators_2 = t_saved_2[i]
        prey_3, predators_3 = u_saved[i]
        k4_bar = u_bar * (h / 6.0)
        twice_k4_bar = 2.0 * k4_bar
        # adjoint of program.py:12
        k4_0_bar, k4_1_bar = k4_bar
        t4 = predators * k4_1_bar
        predators_bar = k4_1_bar * (feed * prey) - death * k4_1_bar - hunt * prey * k4_0_bar
        # adjoint of program.py:10
        t5 = np.array([t4 * feed - hunt * (predators * k4_0_bar) + k4_0_bar * birth, predators_bar])
        # adjoint of program.py:24
        k3_bar = twice_k4_bar + t5 * h
        # adjoint of program.py:12
        k3_0_bar, k3_1_bar = k3_bar
        t6 = predators_1 * k3_1_bar
        predators_bar_1 = k3_1_bar * (feed * prey_1) - death * k3_1_bar - hunt * prey_1 * k3_0_bar
        # adjoint of program.py:10
        t7 = np.array([t6 * feed - hunt * (predators_1 * k3_0_bar) + k3_0_bar * birth, predators_bar_1])
        # adjoint of program.py:23
        k2_bar = twice_k4_bar + t7 * half_h
        # adjoint of program.py:12
        k2_0_bar, k2_1_bar = k2_bar
        t8 = predators_2 * k2_1_bar
        hunt_bar = hunt_bar - prey * (predators * k4_0_bar) - prey_1 * (predators_1 * k3_0_bar)
        predators_bar_2 = k2_1_bar * (feed * prey_2) - death * k2_1_bar - hunt * prey_2 * k2_0_bar
        # adjoint of program.py:10
        t9 = np.array([t8 * feed - hunt * (predators_2 * k2_0_bar) + k2_0_bar * birth, predators_bar_2])
        # adjoint of program.py:22
        u_bar = u_bar + t5 + t7 + t9
        k1_bar = k4_bar + t9 * half_h
        # adjoint of program.py:12
        k1_0_bar, k1_1_bar = k1_bar
        t10 = predators_3 * k1_1_bar
        death_bar = death_bar - t4 - t6 - t8 - t10
        feed_bar = feed_bar + t4 * prey + t6 * prey_1 + t8 * prey_2 + t10 * prey_3
        hunt_bar = hunt_bar - prey_2 * (predators_2 * k2_0_bar) - prey_3 * (predators_3 * k1_0_bar)
        birth_bar = birth_bar + k4_0_bar * prey + k3_0_bar * prey_1 + k2_0_bar * prey_2
        birth_bar += k1_0_bar * prey_3
        # adjoint of program.py:10
        u_bar[1] += k1_1_bar * (feed * prey_3) - death * k1_1_bar - hunt * prey_3 * k1_0_bar
        u_bar[0] += t10 * feed - hunt * (predators_3 * k1_0_bar) + k1_0_bar * birth
    return value, u_bar, np.array([birth_bar, hunt_bar, feed_bar, death_bar]), target_bar
