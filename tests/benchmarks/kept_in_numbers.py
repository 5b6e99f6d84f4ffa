"""Adjoints of the kernels that read arrays item by item, by hand in Python's own numbers.

Python's floats in lists are the quick ones where elements are taken one by one: the array is left for a list at the
start, and made again for the gradient at the end. Whoever writes an adjoint for speed alone writes these.
"""
from __future__ import annotations

import math

import numpy as np

from .kernels import Array, ValueAndGradients


def rosenbrock_scalars_in_numbers_hand(x: Array) -> ValueAndGradients:
    total, carried, slopes = 0.0, 0.0, []
    here, *others = x.tolist()
    for there in others:
        rise, rest = there - here**2, 1.0 - here
        total += 100.0 * rise**2 + rest**2
        slope = 200.0 * rise
        slopes.append(carried - 2.0 * (slope * here + rest))
        here, carried = there, slope
    slopes.append(carried)
    return np.float64(total), (np.array(slopes),)


def pair_energy_in_numbers_hand(positions: Array, masses: Array) -> ValueAndGradients:
    energy = 0.0
    xs, ys, zs = positions.T.tolist()
    numbers, n = masses.tolist(), len(masses)
    xs_bar, ys_bar, zs_bar = [0.0] * n, [0.0] * n, [0.0] * n
    for i in range(n):
        x, y, z, mass = xs[i], ys[i], zs[i], numbers[i]
        x_bar = y_bar = z_bar = 0.0
        for j in range(i + 1, n):
            dx, dy, dz = x - xs[j], y - ys[j], z - zs[j]
            square = dx * dx + dy * dy + dz * dz + 0.01
            pull = mass * numbers[j] / math.sqrt(square)
            energy -= pull
            pull /= square
            dx, dy, dz = pull * dx, pull * dy, pull * dz
            xs_bar[j] -= dx
            ys_bar[j] -= dy
            zs_bar[j] -= dz
            x_bar, y_bar, z_bar = x_bar + dx, y_bar + dy, z_bar + dz
        xs_bar[i] += x_bar
        ys_bar[i] += y_bar
        zs_bar[i] += z_bar
    return np.float64(energy), (np.array([xs_bar, ys_bar, zs_bar]).T,)


def seidel_2d_in_numbers_hand(a: Array, sweeps: int) -> ValueAndGradients:
    rows = a.tolist()
    n = len(rows)
    for _ in range(sweeps):
        for i in range(1, n - 1):
            above, row, below = rows[i - 1], rows[i], rows[i + 1]
            for j in range(1, n - 1):
                row[j] = (
                    above[j - 1] + above[j] + above[j + 1]
                    + row[j - 1] + row[j] + row[j + 1]
                    + below[j - 1] + below[j] + below[j + 1]
                ) / 9.0
    end = np.array(rows)
    value = (end * end).sum()
    end *= 2.0
    rows = end.tolist()
    for _ in range(sweeps):
        for i in range(n - 2, 0, -1):
            above, row, below = rows[i - 1], rows[i], rows[i + 1]
            for j in range(n - 2, 0, -1):
                share = row[j] / 9.0
                above[j - 1] += share
                above[j] += share
                above[j + 1] += share
                row[j - 1] += share
                row[j] = share
                row[j + 1] += share
                below[j - 1] += share
                below[j] += share
                below[j + 1] += share
    return value, (np.array(rows),)
