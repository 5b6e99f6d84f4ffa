"""Loops over arrays: elements, rows, zip, enumerate, slices whose length changes, arrays carried from one iteration to the next."""

from __future__ import annotations

import math

import numpy as np

from . import program
from .samples import invertible, positive, spd, wave


@program((wave(5), 0.7), (positive(1), 0.7), (np.zeros(0), 1.2), (wave(3, dtype=np.float32), 0.4), argnums=(0, 1))
def over_the_elements_of_an_array(values, x):
    total = 0
    for v in values:
        total = total + math.sin(v) * x if v > 0 else total * x - v
    return total + x


@program((wave(4, 3), wave(3)), (wave(1, 2), positive(2)), (np.zeros((0, 3)), wave(3)), argnums=(0, 1))
def over_the_rows_of_a_matrix(matrix, v):
    total = 0.1 * v
    for row in matrix:
        if row @ v > 0:
            total = total + row * np.tanh(row @ v)
        else:
            total = 0.8 * total
    return np.sum(total**2) + total[0] * v[-1]


@program((wave(5), positive(5), wave(7)), (wave(1), positive(2), wave(3)), (wave(0), positive(2), wave(3)), argnums=(0, 1, 2))
def zip_of_arrays_stops_at_the_shortest(a, b, c):
    total, product = 0.0, 1.0
    for p, q, r in zip(a, b, c):
        total += p * q**2 - r
        product *= 1.0 + 0.2 * p * r
    return total + product + np.sum(c)


@program((wave(4, 3), wave(4)), (wave(1, 2), positive(1)), (wave(0, 2), positive(0)), argnums=(0, 1))
def enumerate_of_a_zip(matrix, weights):
    total = 1.0
    for i, (row, w) in enumerate(zip(matrix, weights), start=1):
        total = total + w * np.sum(row**i)
        for j, v in enumerate(row[:i]):
            total += v * (j - i) * 0.1
    return total**2


@program((wave(5), 5), (wave(3), 2), (wave(4), 1), (positive(2), 0), argnums=0)
def reversed_ranges_and_arrays(x, n):
    y = x.sum()
    for i in reversed(range(n)):
        y = y * 0.7 + x[i % len(x)]
    for v in reversed(x):
        y = math.sin(y) + v
    for k, v in zip(range(2, 2 + n), x[::-1]):
        y += v**k
    return y


@program(([(0.5 * wave(3, 4), wave(4)), (0.5 * wave(4, 2), wave(2))], wave(3)), ([(0.5 * wave(2, 2), wave(2))], positive(2)),
         ([(wave(2, 2), positive(2))] * 4, wave(2)), argnums=(0, 1))  # fmt: skip
def layers_as_tuples(layers, x):
    h = x
    for w, b in layers:
        h = np.tanh(h @ w + b)
    return np.sum(h**2) + np.sum(x)


@program(([{"w": 0.4 * wave(3, 3, phase=p), "b": wave(3)} for p in range(3)], wave(2, 3), 3),
         ([{"w": 0.4 * wave(2, 2), "b": positive(2)}], wave(4, 2), 1),
         ([{"w": wave(2, 2), "b": wave(2)}, {"w": wave(2, 2), "b": positive(2)}], wave(2, 2), 0), argnums=(0, 1))  # fmt: skip
def layers_as_dictionaries(layers, x, depth):
    h = x
    for i, layer in enumerate(layers[:depth]):
        z = h @ layer["w"] + layer["b"]
        h = z if i == depth - 1 else np.maximum(z, 0.1 * z)
    penalty = 0.0
    for layer in layers:
        penalty += np.sum(layer["w"] ** 2)
    return np.sum(h**2) + 0.01 * penalty


@program((invertible(4), wave(4)), (invertible(1), positive(1)), (invertible(2, phase=1.0), wave(2)), argnums=(0, 1))
def back_substitution_by_slices(a, b):
    n = len(b)
    x = np.zeros(n)
    for i in range(n - 1, -1, -1):
        x[i] = (b[i] - a[i, i + 1 :] @ x[i + 1 :]) / a[i, i]
    return x @ x + x[0]


@program((spd(4),), (spd(1),), (spd(3, phase=0.6),))
def cholesky_by_dot_products(a):
    n = a.shape[0]
    l = np.zeros_like(a)
    for j in range(n):
        l[j, j] = np.sqrt(a[j, j] - np.dot(l[j, :j], l[j, :j]))
        for i in range(j + 1, n):
            l[i, j] = (a[i, j] - np.dot(l[i, :j], l[j, :j])) / l[j, j]
    return np.sum(np.log(np.diag(l))) + np.sum(l**3)


@program((wave(6),), (positive(1),), (wave(0),), (wave(4, dtype=np.float32),))
def sums_of_growing_slices(y):
    total = np.float64(0.0)
    for k in range(len(y) + 1):
        total += np.sum(y[:k]) ** 2 - np.sum(y[k:])
        if k > 1:
            total += y[k - 2 : k] @ y[-2:]
    return total


@program((wave(7), 3), (positive(4), 1), (wave(2), 5), (wave(3), 3), argnums=0)
def moving_average_of_slices(x, width):
    total, count = 0.0, 0
    for i in range(len(x) - width + 1):
        window = x[i : i + width]
        mean = np.sum(window) / width
        total += np.sum((window - mean) ** 2) + mean**3
        count += 1
    return total / max(count, 1) + x[0]


@program((wave(8),), (positive(5),), (wave(1),), (wave(2),))
def array_that_shrinks_by_pairs(x):
    level = 1
    while len(x) > 1:
        odd = x[-1:] if len(x) % 2 else x[:0]
        x = np.concatenate([np.sin(x[0 : len(x) - 1 : 2]) + level * x[1::2], odd])
        level += 1
    return x[0] * level


@program((wave(3), 4), (positive(1), 2), (wave(2), 0), (wave(2), 1), argnums=0)
def array_that_grows(x, n):
    for k in range(n):
        x = np.append(x, x[-1] * x[0] + 0.1 * k)
    kept = [x[0]]
    for v in x[1:]:
        kept.append(0.5 * kept[-1] + v)
    return np.sum(np.array(kept) ** 2)


@program((spd(3), wave(3), 4), (spd(2, phase=1.0), positive(2), 1), (spd(2), positive(2), 0), argnums=(0, 1))
def power_iteration_with_new_arrays(a, v, steps):
    value = 0.0
    for _ in range(steps):
        w = a @ v
        value = (v @ w) / (v @ v)
        v = w / np.linalg.norm(w)
    return value + v[0]


@program((spd(3), wave(3), 3), (spd(3), wave(3), 1), (spd(2, phase=0.4), positive(2), 2), (spd(2), wave(2), 0), argnums=(0, 1), rtol=1e-5)
def conjugate_gradient_of_fixed_steps(a, b, steps):
    x = np.zeros_like(b)
    r = b - a @ x
    p = r
    rho = r @ r
    for _ in range(steps):
        q = a @ p
        alpha = rho / (p @ q)
        x = x + alpha * p
        r = r - alpha * q
        rho, previous = r @ r + 1e-3, rho
        p = r + (rho / previous) * p
    return x @ b + np.sum(x**3)


@program((0.4 * wave(3, 3), 6), (0.4 * wave(2, 2), 1), (0.5 * wave(2, 2), 0), (0.5 * wave(2, 2), 13), argnums=0)
def matrix_power_by_squaring(a, n):
    result = np.eye(len(a))
    while n:
        if n % 2:
            result = result @ a
        a = a @ a
        n //= 2
    return np.sum(result**2) + np.trace(result) + np.sum(a)


@program((wave(4), wave(4, 3), 0.1, 4), (positive(2), wave(2, 2), 0.05, 1), (positive(2), wave(2, 2), 0.3, 0), argnums=(0, 1, 2))
def gradient_descent_in_the_function(target, features, rate, steps):
    w = np.zeros(features.shape[1])
    for k in range(steps):
        error = features @ w - target
        step = features.T @ error
        if np.sum(step**2) > 2.0:
            step = step / np.sqrt(np.sum(step**2))
        w = w - rate / (k + 1) * step
    return np.sum((features @ w - target) ** 2) + np.sum(w)


@program((np.array([0.2, 0.3, 0.5]), wave(3, 3), positive(3, 4), [0, 2, 1, 3, 0]), (np.array([0.6, 0.4]), wave(2, 2), positive(2, 2), [1]),
         (np.array([0.6, 0.4]), wave(2, 2), positive(2, 2), [1, 0, 0]), argnums=(0, 1, 2))  # fmt: skip
def forward_algorithm_of_a_hidden_markov_model(start, scores, emission, observed):
    transition = np.exp(scores)
    transition = transition / transition.sum(axis=1, keepdims=True)
    alpha = start * emission[:, observed[0]]
    log_likelihood = 0.0
    for symbol in observed[1:]:
        scale = alpha.sum()
        log_likelihood += np.log(scale)
        alpha = (alpha / scale) @ transition * emission[:, symbol]
    return log_likelihood + np.log(alpha.sum())


@program(({"z": 0.5 * wave(3, 5), "r": 0.4 * wave(3, 5, phase=1.0), "h": 0.6 * wave(3, 5, phase=2.0)}, wave(4, 2), wave(3)),
         ({"z": wave(2, 3), "r": 0.4 * wave(2, 3, phase=1.0), "h": wave(2, 3, phase=2.0)}, wave(1, 1), wave(2)),
         ({"z": wave(2, 3), "r": 0.4 * wave(2, 3), "h": wave(2, 3)}, wave(0, 1), wave(2)), argnums=(0, 1, 2))  # fmt: skip
def gated_recurrent_unit(weights, inputs, h):
    for x in inputs:
        both = np.concatenate([h, x])
        z = 1.0 / (1.0 + np.exp(-weights["z"] @ both))
        r = 1.0 / (1.0 + np.exp(-weights["r"] @ both))
        candidate = np.tanh(weights["h"] @ np.concatenate([r * h, x]))
        h = (1.0 - z) * h + z * candidate
    return np.sum(h**2) + h[0]


@program(
    (0.3 * wave(3, 3), wave(3), 5), (0.3 * wave(2, 2), wave(2), 0), ((0.3 * wave(2, 2)).astype(np.float32), wave(2), 2), argnums=(0, 1)
)
def number_that_becomes_an_array_and_single_that_becomes_double(a, v, n):
    h, scale = 0.0, a[0, 0]
    for k in range(n):
        h = np.tanh(a @ v + h)
        a = a * scale + 0.1 * h
        scale = np.sum(h) / (k + 1)
        v = v[::-1]
    return np.sum(h) + np.sum(a) * scale + v[0]


@program((wave(5), 3.0), (positive(4), 0.3), (wave(1), 9.0), argnums=(0, 1))
def iterates_of_jacobi_until_they_settle(b, diagonal):
    diagonal = diagonal + 2.0
    x, rounds = np.zeros_like(b), 0
    while rounds < 6:
        neighbours = np.zeros_like(b)
        if len(b) > 1:
            neighbours = np.concatenate([x[1:2], x[2:] + x[:-2], x[-2:-1]])
        new = (b + 0.5 * neighbours) / diagonal
        change = np.max(np.abs(new - x))
        x = new
        rounds += 1
        if change < 0.02:
            break
    return np.sum(x**2) + rounds * x[0]


@program((wave(4, 2), 0.7), (wave(2, 3), 1.3), (wave(1, 2), 0.5), argnums=(0, 1))
def bilateral_weights_of_all_pairs(points, width):
    total = 0.0
    for i in range(len(points)):
        weights, mean = 0.0, 0.0
        for j in range(len(points)):
            if j == i:
                continue
            d = points[i] - points[j]
            w = math.exp(-np.dot(d, d) / width)
            weights += w
            mean = mean + w * points[j]
        if weights > 1e-3:
            total += np.sum((points[i] - mean / weights) ** 2)
    return total + points[0, 0]


@program((wave(3, 4),), (wave(1, 2),), (positive(2, 2),))
def rows_of_rows_and_columns(m):
    total = 0.0
    for i, row in enumerate(m):
        for v in row:
            if v < -1.0:
                break
            total += v * (i + 1)
        else:
            total *= np.max(row)
        for column in m.T[: i + 1]:
            total += 0.1 * column @ m[:, 0]
    return total


@program((wave(6), 2.0), (wave(6), -9.0), (positive(3), 1.9), (wave(1), 0.1), argnums=(0, 1))
def smallest_and_its_place_by_hand(x, floor):
    best, place = x[0], 0
    for i in range(1, len(x)):
        if x[i] < best:
            best, place = x[i], i
        elif x[i] == floor:
            break
    return best**2 * (place + 1) + x[place] + floor


@program((positive(4), wave(4)), (wave(2), positive(2)), argnums=(0, 1))
def two_arrays_that_get_one_cotangent(a, b):
    s = 0.0
    for i in range(len(a)):
        t = a + b
        a = np.sin(t)
        b = 0.5 * t * t
        s = s + a[i] * b[i] * s + a[i]
    return s
