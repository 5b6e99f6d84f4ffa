# stacks: 1
# saved values per step: the positions the forces are taken at, three for each body
"""The adjoint of the leapfrog steps; each pair's distance is worked out again, not saved."""

import numpy as np


def accelerations(x, mass):
    n = len(mass)
    a = np.zeros_like(x)
    for i in range(n):
        for j in range(i + 1, n):
            d = x[i] - x[j]
            r2 = d @ d
            inv_r3 = 1.0 / (r2 * np.sqrt(r2))
            a[i] -= mass[j] * inv_r3 * d
            a[j] += mass[i] * inv_r3 * d
    return a


def accelerations_adjoint(x, mass, a_bar, x_bar, mass_bar):
    """Adds to x_bar and mass_bar."""
    n = len(mass)
    for i in range(n - 1, -1, -1):
        for j in range(n - 1, i, -1):
            d = x[i] - x[j]
            r2 = d @ d
            inv_r3 = 1.0 / (r2 * np.sqrt(r2))
            along_i = a_bar[i] @ d
            along_j = a_bar[j] @ d
            mass_bar[i] += inv_r3 * along_j
            mass_bar[j] -= inv_r3 * along_i
            inv_r3_bar = mass[i] * along_j - mass[j] * along_i
            d_bar = inv_r3 * (mass[i] * a_bar[j] - mass[j] * a_bar[i])
            d_bar -= 3.0 * inv_r3_bar * inv_r3 / r2 * d
            x_bar[i] += d_bar
            x_bar[j] -= d_bar


def energy_and_adjoint(x, v, mass):
    n = len(mass)
    total = 0.0
    for i in range(n):
        total += 0.5 * mass[i] * (v[i] @ v[i])
        for j in range(i + 1, n):
            d = x[i] - x[j]
            total -= mass[i] * mass[j] / np.sqrt(d @ d)

    x_bar = np.zeros_like(x)
    v_bar = np.zeros_like(v)
    mass_bar = np.zeros_like(mass)
    for i in range(n - 1, -1, -1):
        for j in range(n - 1, i, -1):
            d = x[i] - x[j]
            r2 = d @ d
            inv_r = 1.0 / np.sqrt(r2)
            mass_bar[i] -= mass[j] * inv_r
            mass_bar[j] -= mass[i] * inv_r
            d_bar = mass[i] * mass[j] * inv_r / r2 * d
            x_bar[i] += d_bar
            x_bar[j] -= d_bar
        mass_bar[i] += 0.5 * (v[i] @ v[i])
        v_bar[i] = mass[i] * v[i]
    return total, x_bar, v_bar, mass_bar


def nbody_value_and_grad(position, velocity, mass, dt, steps):
    x_saved = np.empty((steps, len(mass), 3))
    x = position.copy()
    v = velocity.copy()
    a = accelerations(x, mass)
    for step in range(steps):
        v += 0.5 * dt * a
        x += dt * v
        x_saved[step] = x
        a = accelerations(x, mass)
        v += 0.5 * dt * a
    value, x_bar, v_bar, mass_bar = energy_and_adjoint(x, v, mass)

    # The velocities act linearly, so that the way back needs none of them.
    a_bar = np.zeros_like(x)
    for step in range(steps - 1, -1, -1):
        a_bar += 0.5 * dt * v_bar
        accelerations_adjoint(x_saved[step], mass, a_bar, x_bar, mass_bar)
        v_bar += dt * x_bar
        a_bar = 0.5 * dt * v_bar
    accelerations_adjoint(position, mass, a_bar, x_bar, mass_bar)
    return value, (x_bar, v_bar, mass_bar)
