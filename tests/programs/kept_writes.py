"""Loops that write into arrays at their index: elements, rows, columns and slices, read before and after, through views."""

from __future__ import annotations

import numpy as np

from . import program
from .samples import invertible, positive, wave


@program((wave(5), 0.7), (positive(1), 0.7), (np.zeros(0), 1.2), (wave(3, dtype=np.float32), 0.4), argnums=(0, 1))
def elements_written_from_elements(x, a):
    y = np.zeros(len(x) + 1)
    y[0] = a
    for i in range(len(x)):
        y[i + 1] = np.sin(x[i]) * y[i] + a
    return np.sum(y**2)


@program((wave(5), 3), (wave(3), 1), (positive(4), 0), argnums=0)
def same_elements_overwritten_many_times(x, sweeps):
    y = x.copy()
    for k in range(sweeps):
        for i in range(1, len(y)):
            y[i] = np.sin(y[i]) * y[i - 1] + y[i] ** 2 / (k + 2)
        y[0] = y[-1] * y[0]
    return np.sum(y * x)


@program((wave(5), [0, 2, 0, 4, 2]), (positive(3), [1, 1]), (positive(3), []), (wave(4, dtype=np.float32), [3]), argnums=0)
def augmented_elements_at_places_of_a_list(x, places):
    y = np.zeros_like(x)
    for k, i in enumerate(places):
        y[i] += x[k % len(x)] ** 2
        y[i - 1] *= 1.0 + 0.5 * x[i]
        x[i] -= 0.25 * y[i]
    return y @ y + np.sum(x)


@program((wave(3, 4), 0.6), (positive(1, 1), 0.6), (wave(2, 5, dtype=np.float32), 0.2), (np.ones((0, 2)), 0.3), argnums=(0, 1))
def table_filled_from_its_neighbours(cost, decay):
    n, m = cost.shape
    table = np.empty((n + 1, m + 1))
    table[0, :] = decay
    table[:, 0] = decay**2
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            table[i, j] = cost[i - 1, j - 1] + decay * table[i - 1, j] * table[i, j - 1] - 0.5 * table[i - 1, j - 1]
    return table[n, m] ** 2 + np.sum(table[-1])


@program((wave(5), wave(4, phase=0.5)), (wave(1), positive(1)), (wave(3), wave(3, phase=2.0)), (wave(0), wave(2)), argnums=(0, 1))
def edit_distance_of_two_curves(a, b):
    n, m = len(a), len(b)
    d = np.zeros((n + 1, m + 1))
    for i in range(1, n + 1):
        d[i, 0] = d[i - 1, 0] + 0.7 * a[i - 1] ** 2
    for j in range(1, m + 1):
        d[0, j] = d[0, j - 1] + 0.9 * b[j - 1] ** 2
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            same = d[i - 1, j - 1] + (a[i - 1] - b[j - 1]) ** 2
            gap = min(d[i - 1, j] + 0.33, d[i, j - 1] + 0.41 * abs(b[j - 1]))
            d[i, j] = same if same < gap else gap
    return d[n, m] + 0.1 * np.sum(b)


@program(
    (invertible(4), wave(4)), (invertible(1), positive(1)), (invertible(3, dtype=np.float32), wave(3, dtype=np.float32)), argnums=(0, 1)
)
def lu_by_elements_in_the_argument(a, b):
    n = len(b)
    for k in range(n):
        for i in range(k + 1, n):
            a[i, k] /= a[k, k]
            for j in range(k + 1, n):
                a[i, j] -= a[i, k] * a[k, j]
            b[i] -= a[i, k] * b[k]
    for i in range(n - 1, -1, -1):
        b[i] = (b[i] - a[i, i + 1 :] @ b[i + 1 :]) / a[i, i]
    return b @ b + a[-1, 0]


@program((0.3 * wave(3), positive(4), 0.3 * wave(3, phase=1.0), wave(4)), (wave(0), positive(1), wave(0), wave(1)),
         (0.3 * wave(1), positive(2), 0.2 * wave(1), wave(2)), argnums=(0, 1, 2, 3))  # fmt: skip
def thomas_algorithm_in_place(lower, diagonal, upper, d):
    n = len(d)
    diagonal, d = diagonal.copy(), d.copy()
    for i in range(1, n):
        w = lower[i - 1] / diagonal[i - 1]
        diagonal[i] -= w * upper[i - 1]
        d[i] -= w * d[i - 1]
    d[n - 1] /= diagonal[n - 1]
    for i in reversed(range(n - 1)):
        d[i] = (d[i] - upper[i] * d[i + 1]) / diagonal[i]
    return d @ d + d[0]


@program((wave(4, 3), 0.3), (positive(1, 2), 0.9), (np.asfortranarray(wave(3, 3)), 0.5), argnums=(0, 1))
def rows_and_columns_by_index(m, a):
    y = m.copy()
    for i in range(len(m)):
        y[i, :] = y[i - 1, ::-1] * a + m[i]
    for j in range(m.shape[1]):
        y[:, j] *= np.cos(m[:, j - 1])
        if j % 2:
            y[:, j] -= y[:, 0] ** 2
    return np.sum(y**2) + y[-1, 0]


@program((wave(8), 3), (wave(5), 1), (positive(4), 4), (wave(3), 5), argnums=0)
def blocks_written_by_moving_slices(x, width):
    y = np.zeros_like(x)
    for start in range(0, len(x), width):
        stop = min(start + width, len(x))
        block = x[start:stop]
        y[start:stop] = block - np.mean(block)
        y[:start] += 0.1 * np.sum(y[start:stop] ** 2)
    return np.sum(np.sin(y) * x)


@program((wave(4), 4), (positive(2), 1), (wave(3), 0), argnums=0)
def array_made_in_the_loop(x, n):
    total = 0.5 * x
    for k in range(n):
        y = np.zeros(len(x))
        for i in range(len(x)):
            y[i] = total[i] * x[k % len(x)]
            if y[i] < 0:
                y[i] = -0.5 * y[i]
        y[k % len(x)] += 1.0
        total = total + 0.3 * y
    return np.sum(total**2)


@program((wave(5), 0.2, 4), (positive(3), 0.4, 1), (wave(4), 0.1, 0), (wave(4, dtype=np.float32), 0.1, 3), argnums=(0, 1))
def two_buffers_swapped(u, rate, steps):
    old, new = u.copy(), np.zeros_like(u)
    for _ in range(steps):
        for i in range(len(u)):
            new[i] = old[i] + rate * (old[i - 1] - old[i]) * old[i]
        old, new = new, old
    return np.sum(old**2) + np.sum(new)


@program((wave(6), 0.2, 3), (positive(3), 0.4, 1), (wave(4), 0.1, 0), argnums=(0, 1))
def burgers_in_place_by_elements(u, rate, steps):
    for _ in range(steps):
        for i in range(len(u) - 1, 0, -1):
            u[i] = u[i] - rate * (u[i] * u[i] - u[i - 1] * u[i - 1])
    return np.sum(u * u) + u[0]


@program((0.5 * wave(6), 0.2, 3), (0.5 * positive(3), 0.4, 1), (wave(4), 0.1, 0), argnums=(0, 1))
def burgers_with_new_arrays(u, rate, steps):
    for _ in range(steps):
        flux = 0.5 * u * u
        middle = u[1:-1] - 0.5 * rate * (flux[2:] - flux[:-2]) + 0.1 * (u[2:] - 2.0 * u[1:-1] + u[:-2])
        new = u.copy()
        new[1:-1] = middle
        u = new
    return np.sum(u * u) + u[-1]


@program((wave(4, 5), 2), (positive(3, 3), 1), (wave(3, 3), 0), (wave(2, 2), 4), argnums=0)
def seidel_sweeps_of_a_grid(u, sweeps):
    v = u.copy()
    for _ in range(sweeps):
        for i in range(1, v.shape[0] - 1):
            for j in range(1, v.shape[1] - 1):
                v[i, j] = 0.25 * (v[i - 1, j] + v[i + 1, j] + v[i, j - 1] + v[i, j + 1]) + 0.1 * v[i, j] ** 2
    return np.sum(v**2 * np.arange(v.size).reshape(v.shape))


@program((wave(5), 3), (positive(2), 1), (wave(3), 0), argnums=0)
def view_taken_before_the_loop(x, n):
    y = np.zeros(len(x) + 1)
    inner, ends = y[1:], y[:: len(x)]
    for k in range(n):
        y[k % len(y)] = x[0] * (k + 1)
        inner += x * y[0]
        if inner[-1] > 0.5:
            ends *= 0.5
    return np.sum(inner**2) + ends[0] + y[-1]


@program((wave(4, 3), 3), (positive(1, 2), 2), (wave(2, 2), 0), argnums=0)
def view_of_the_loop_is_written(m, n):
    y = m.copy()
    for k in range(n):
        row = y[k % len(y)]
        row[1:] += row[:-1] * row[0]
        column = y.T[k % y.shape[1]]
        column *= np.tanh(column) + 1.0
        row[0] = column[-1]
    return np.sum(np.sin(y))


@program((wave(4, 3),), (positive(1, 2),), (np.ones((0, 2)),))
def rows_written_while_they_are_iterated(m):
    total = np.zeros(m.shape[1])
    for i, row in enumerate(m):
        row *= 0.5 + i
        row[0] = row[-1] ** 2
        total += row
        if row[0] > 0.4:
            continue
        total[-1] -= row[0]
    return np.sum(total**2) + np.sum(m)


@program((wave(4), 4), (wave(4), 3), (positive(2), 1), (wave(3), 0), argnums=0)
def two_names_of_one_array_in_turn(x, n):
    y, z = x.copy(), np.ones_like(x)
    for k in range(n):
        if k % 2:
            z = y
        y[0] += z[-1] * 0.5
        z[1] = z[1] * y[0] + 0.1
        if k == 2:
            y = z * 1.0
    return np.sum(y * y) + np.sum(z)


@program((wave(6),), (positive(1),), (wave(0),), (wave(4, dtype=np.float32),))
def prefix_sums_and_their_maximum(x):
    sums = np.empty_like(x)
    running, best = 0.0, -np.inf
    for i, v in enumerate(x):
        running = max(running + v, 0.3 * v)
        sums[i] = running
        best = max(best, running)
    return np.sum(sums**2) + (best if len(x) else 0.0)


@program((wave(4, 2), positive(4), 0.05, 3), (positive(2, 2), positive(2), 0.1, 1), (wave(3, 2), positive(3), 0.1, 0), argnums=(0, 1, 2))
def leapfrog_of_bodies_in_pairs(positions, masses, dt, steps):
    x = positions.copy()
    v = np.zeros_like(x)
    for _ in range(steps):
        force = np.zeros_like(x)
        for i in range(len(masses)):
            for j in range(i):
                d = x[j] - x[i]
                pull = d / (d @ d + 0.3) ** 1.5
                force[i] += masses[j] * pull
                force[j] -= masses[i] * pull
        v += dt * force
        x += dt * v
    return np.sum(x**2) + masses @ np.sum(v**2, axis=1)


@program(
    (wave(3, 3), positive(3, 3), [0, 2, 1, 1]), (wave(2, 2), positive(2, 1), [0]), (wave(2, 2), positive(2, 2), [1, 0]), argnums=(0, 1)
)
def viterbi_with_a_kept_path(transition, emission, observed):
    n, states = len(observed), len(transition)
    score = np.full((n, states), -9.0)
    back = np.zeros((n, states), dtype=int)
    score[0] = np.log(emission[:, observed[0]])
    for t in range(1, n):
        for s in range(states):
            for p in range(states):
                candidate = score[t - 1, p] + transition[p, s] + np.log(emission[s, observed[t]])
                if candidate > score[t, s]:
                    score[t, s], back[t, s] = candidate, p
    s = int(np.argmax(score[-1]))
    total = score[-1, s]
    for t in range(n - 1, 0, -1):
        s = back[t, s]
        total = total + 0.5 * score[t - 1, s]
    return total


@program((wave(7), 0.5), (wave(3), 2.0), (positive(1), 0.5), (positive(2), 0.1), argnums=(0, 1))
def insertion_sort_stops_each_while(x, weight):
    x = x.copy()
    for i in range(1, len(x)):
        v, j = x[i], i - 1
        while j >= 0 and x[j] > v:
            x[j + 1] = x[j]
            j -= 1
        x[j + 1] = v
    total = 0.0
    for i in range(len(x)):
        total = total * weight + x[i] ** 2
    return total


@program((wave(3, 2), 2), (positive(2, 3), 0), (wave(4, 1), 1), argnums=0)
def written_before_it_is_replaced(x, n):
    """The adjoint of the loop gives an array that repeats its rows, which NumPy only shows, and the write before sets a row of it."""
    v = np.tanh(x)
    v[0] = 0.3
    for _ in range(n):
        v = np.tanh(v.sum(axis=0, keepdims=True) + x)
    return np.sum(v)
