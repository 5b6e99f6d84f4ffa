"""The kept loops for peers that know NumPy's functions but not those of `math`, nor the methods of arrays.

Without annotations, which one of them evaluates where they mean nothing.
"""
import numpy as np


def pendulum(th, om, dt, steps):
    for _ in range(steps):
        th, om = th + dt * om, om - dt * np.sin(th)
    return th * th + om * om


def rosenbrock_scalars(x):
    total = 0.0
    for i in range(len(x) - 1):
        total += 100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2
    return total


def pair_energy(positions, masses):
    energy = 0.0
    for i in range(len(masses)):
        for j in range(i + 1, len(masses)):
            dx = positions[i, 0] - positions[j, 0]
            dy = positions[i, 1] - positions[j, 1]
            dz = positions[i, 2] - positions[j, 2]
            energy -= masses[i] * masses[j] / np.sqrt(dx * dx + dy * dy + dz * dz + 0.01)
    return energy


def seidel_2d(a, sweeps):
    a = 1.0 * a
    n = len(a)
    for _ in range(sweeps):
        for i in range(1, n - 1):
            for j in range(1, n - 1):
                a[i, j] = (
                    a[i - 1, j - 1] + a[i - 1, j] + a[i - 1, j + 1]
                    + a[i, j - 1] + a[i, j] + a[i, j + 1]
                    + a[i + 1, j - 1] + a[i + 1, j] + a[i + 1, j + 1]
                ) / 9.0
    return np.sum(a * a)


def jacobi_2d(a, b, steps):
    a = 1.0 * a
    b = 1.0 * b
    for _ in range(steps):
        b[1:-1, 1:-1] = 0.2 * (a[1:-1, 1:-1] + a[1:-1, :-2] + a[1:-1, 2:] + a[2:, 1:-1] + a[:-2, 1:-1])
        a[1:-1, 1:-1] = 0.2 * (b[1:-1, 1:-1] + b[1:-1, :-2] + b[1:-1, 2:] + b[2:, 1:-1] + b[:-2, 1:-1])
    return np.sum(a * a)


def rnn(w, u, b, inputs, targets):
    h = np.zeros(len(b))
    loss = 0.0
    for t in range(len(inputs)):
        h = np.tanh(w @ h + u @ inputs[t] + b)
        loss = loss + np.sum((h - targets[t]) ** 2)
    return loss


FUNCTIONS = {f.__name__: f for f in (pendulum, rosenbrock_scalars, pair_energy, seidel_2d, jacobi_2d, rnn)}
