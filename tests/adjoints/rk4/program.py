"""The classical Runge-Kutta method on the equations of Lotka and Volterra."""

import numpy as np

ARGNUMS = (0, 1, 2)
SIZES = (5, 300, 300)


def lotka_volterra(u, rates):
    prey, predators = u
    birth, hunt, feed, death = rates
    return np.array([
        birth * prey - hunt * prey * predators,
        feed * prey * predators - death * predators,
    ])


def rk4(u0, rates, target, h, steps):
    u = u0
    for _ in range(steps):
        k1 = lotka_volterra(u, rates)
        k2 = lotka_volterra(u + 0.5 * h * k1, rates)
        k3 = lotka_volterra(u + 0.5 * h * k2, rates)
        k4 = lotka_volterra(u + h * k3, rates)
        u = u + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
    misfit = u - target
    return misfit @ misfit


def sample(size, seed=0):
    rng = np.random.default_rng(seed)
    u0 = np.array([1.0, 0.8]) + 0.1 * rng.standard_normal(2)
    rates = np.array([1.1, 0.6, 0.5, 0.9]) + 0.05 * rng.standard_normal(4)
    target = np.array([1.5, 1.2]) + 0.1 * rng.standard_normal(2)
    return u0, rates, target, 0.02, size
