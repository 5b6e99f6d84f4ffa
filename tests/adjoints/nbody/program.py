"""Bodies that attract each other, by leapfrog steps; the energy at the end."""

import numpy as np

ARGNUMS = (0, 1, 2)
SIZES = (5, 12, 24)


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


def energy(x, v, mass):
    n = len(mass)
    total = 0.0
    for i in range(n):
        total += 0.5 * mass[i] * (v[i] @ v[i])
        for j in range(i + 1, n):
            d = x[i] - x[j]
            total -= mass[i] * mass[j] / np.sqrt(d @ d)
    return total


def nbody(position, velocity, mass, dt, steps):
    x = position.copy()
    v = velocity.copy()
    a = accelerations(x, mass)
    for _ in range(steps):
        v += 0.5 * dt * a
        x += dt * v
        a = accelerations(x, mass)
        v += 0.5 * dt * a
    return energy(x, v, mass)


def sample(size, seed=0):
    rng = np.random.default_rng(seed)
    position = rng.uniform(-0.3, 0.3, (size, 3))
    # Well apart from each other, so that no pair comes close within the steps.
    position[:, 0] += 2.0 * np.arange(size)
    velocity = 0.3 * rng.standard_normal((size, 3))
    mass = rng.uniform(0.5, 1.5, size)
    return position, velocity, mass, 0.05, 10
