"""Filters, transforms, dynamic programming, networks and statistics that fill or update arrays step by step."""

from __future__ import annotations

import math

import numpy as np

from . import program
from .samples import positive, unit, wave


@program((wave(7), wave(3), 0.4 * unit(2)), (positive(4), wave(2), 0.3 * unit(1)),
         (wave(5, dtype=np.float32), wave(2, dtype=np.float32), (0.4 * unit(2)).astype(np.float32)), argnums=(0, 1, 2))  # fmt: skip
def recursive_filter(x, b, a):
    y = np.zeros_like(x)
    for n in range(len(x)):
        for k in range(len(b)):
            if n - k >= 0:
                y[n] += b[k] * x[n - k]
        for k in range(len(a)):
            if n - k >= 1:
                y[n] -= a[k] * y[n - k - 1]
    return np.sum(y**2)


@program((wave(6), 0.3), (positive(3), 0.8), (wave(4, dtype=np.float32), np.float32(0.5)), argnums=(0, 1))
def exponential_smoothing_in_place(x, alpha):
    y = x.copy()
    for i in range(1, len(y)):
        y[i] = alpha * y[i] + (1 - alpha) * y[i - 1]
    for i in range(len(y) - 2, -1, -1):
        y[i] += alpha * (y[i + 1] - y[i])
    return y @ y + y[0]


@program((wave(7), wave(3)), (positive(5), wave(2)), (wave(6, dtype=np.float32), wave(3, dtype=np.float32)), argnums=(0, 1))
def finite_filter_into_an_out_buffer(x, taps):
    n = len(x) - len(taps) + 1
    out, work = np.zeros(n, dtype=x.dtype), np.empty(n, dtype=x.dtype)
    for k in range(len(taps)):
        np.multiply(x[k : k + n], taps[k], out=work)
        np.add(out, work, out=out)
    return np.sum(out**3)


@program((wave(4, 5), wave(2, 3)), (positive(3, 3), wave(2, 2)), (wave(4, 4, dtype=np.float32), wave(3, 2, dtype=np.float32)),
         argnums=(0, 1))  # fmt: skip
def convolution_by_accumulated_slices(image, kernel):
    h, w = kernel.shape
    out = np.zeros((image.shape[0] - h + 1, image.shape[1] - w + 1))
    for i in range(h):
        for j in range(w):
            out += kernel[i, j] * image[i : i + out.shape[0], j : j + out.shape[1]]
    np.maximum(out, 0.1 * out, out=out)
    return np.sum(out**2)


@program((wave(3), wave(4)), (positive(2), wave(2)), argnums=(0, 1))
def full_convolution_by_scatter(x, taps):
    full = np.zeros(len(x) + len(taps) - 1)
    for i, value in enumerate(x):
        full[i : i + len(taps)] += value * taps
    return np.sum(full**2 * np.arange(len(full)))


@program((wave(6),), (positive(3),), (wave(4, dtype=np.float32),), (wave(1),))
def prefix_sums_in_place(x):
    s = x.copy()
    for i in range(1, len(s)):
        s[i] += s[i - 1]
    return np.sum(s**2)


@program((wave(8),), (positive(4),), (wave(2, dtype=np.float32),))
def prefix_sums_by_doubling(x):
    s, step = np.array(x), 1
    while step < len(s):
        s[step:] += s[:-step].copy()
        step *= 2
    return np.sum(np.sin(s)) + s[-1] ** 2


@program((wave(6), wave(6, phase=1.0)), (positive(4), wave(4)), argnums=(0, 1))
def prefix_sums_of_an_image(x, y):
    table = np.zeros((len(x) + 1, len(y) + 1))
    for i in range(len(x)):
        row = 0.0
        for j in range(len(y)):
            row += x[i] * np.cos(y[j])
            table[i + 1, j + 1] = table[i, j + 1] + row
    return table[-1, -1] + table[2, 3] * table[1, -1] - np.sum(table[::2])


@program((wave(8), wave(8, phase=1.0)), (positive(4), wave(4)), (wave(4, dtype=np.float32), wave(4, dtype=np.float32)), argnums=(0, 1))
def fourier_butterflies_in_real_arithmetic(re, im):
    re, im = re.copy(), im.copy()
    n, size = len(re), len(re)
    while size > 1:
        half = size // 2
        for start in range(0, n, size):
            for k in range(half):
                angle = -2.0 * math.pi * k / size
                p, q = start + k, start + k + half
                dr, di = re[p] - re[q], im[p] - im[q]
                re[p] += re[q]
                im[p] += im[q]
                re[q] = dr * math.cos(angle) - di * math.sin(angle)
                im[q] = dr * math.sin(angle) + di * math.cos(angle)
        size = half
    power = re**2 + im**2
    return np.sum(power * np.arange(n)) + re[1] * im[-1]


@program((wave(8),), (positive(4),), (wave(4, dtype=np.float32),))
def walsh_hadamard_by_slices(x):
    a, h = x.copy(), 1
    while h < len(a):
        for i in range(0, len(a), 2 * h):
            left, right = a[i : i + h].copy(), a[i + h : i + 2 * h]
            a[i : i + h] += right
            a[i + h : i + 2 * h] = left - right
        h *= 2
    return np.sum(a**3) / len(a)


@program((positive(4, 4),), (positive(3, 3, phase=1.0),), (positive(3, 3, dtype=np.float32),), order=1)
def shortest_paths_min_plus(weights):
    d = weights.copy()
    np.fill_diagonal(d, 0.0)
    for k in range(len(d)):
        for i in range(len(d)):
            d[i] = np.minimum(d[i], d[i, k] + d[k])
    return np.sum(d**2)


@program((positive(4, 4), 0.3), (positive(3, 3, phase=1.0), 1.0), argnums=(0, 1))
def soft_shortest_paths(weights, temperature):
    d = weights / temperature
    for k in range(len(d)):
        d = -np.logaddexp(-d, -(d[:, k : k + 1] + d[k : k + 1, :]))
        d[k, k] *= 0.5
    return np.sum(d * temperature)


@program((wave(4), wave(3, phase=1.0), 0.5), (positive(2), wave(4), 1.0),
         (wave(3, dtype=np.float32), wave(3, dtype=np.float32) * np.float32(0.5), np.float32(1.0)), argnums=(0, 1, 2))  # fmt: skip
def soft_dynamic_time_warping(x, y, gamma):
    r = np.full((len(x) + 1, len(y) + 1), 1e3)
    r[0, 0] = 0.0
    for i in range(1, len(x) + 1):
        for j in range(1, len(y) + 1):
            choices = -np.array([r[i - 1, j - 1], r[i - 1, j], r[i, j - 1]]) / gamma
            top = np.max(choices)
            soft = -gamma * (top + np.log(np.sum(np.exp(choices - top))))
            r[i, j] = (x[i - 1] - y[j - 1]) ** 2 + soft
    return r[-1, -1]


@program((wave(4, 3), wave(3, 3, phase=1.0)), (positive(3, 2), wave(2, 2)),
         (wave(3, 2, dtype=np.float32), wave(2, 2, dtype=np.float32)), argnums=(0, 1))  # fmt: skip
def viterbi_with_soft_maximum(emissions, transitions):
    steps, states = emissions.shape
    score = np.empty((steps, states))
    score[0] = emissions[0]
    for t in range(1, steps):
        for s in range(states):
            candidates = score[t - 1] + transitions[:, s]
            score[t, s] = emissions[t, s] + np.logaddexp.reduce(candidates)
    return np.logaddexp.reduce(score[-1]) ** 2


@program((positive(5), positive(5, phase=1.0), 3), (positive(3), positive(3, phase=2.0), 2), argnums=(0, 1), order=1)
def knapsack_values_backwards(values, bonus, capacity):
    best = np.zeros(capacity + 1)
    for value, extra in zip(values, bonus):
        for c in range(capacity, 0, -1):
            if best[c - 1] + value > best[c]:
                best[c] = best[c - 1] + value
        best[1:] += 0.1 * extra
    return best[-1] ** 2 + best[1]


@program((2.0 * unit(6), 4), (1.5 * unit(3), 6), ((2.0 * unit(5)).astype(np.float32), 3), argnums=0)
def soft_histogram_with_add_at(x, bins):
    counts = np.zeros(bins)
    position = (np.tanh(x) + 1.0) / 2 * (bins - 1)
    left = np.clip(position.astype(int), 0, bins - 2)
    share = position - left
    np.add.at(counts, left, 1.0 - share)
    np.add.at(counts, left + 1, share**2)
    p = (counts + 0.1) / np.sum(counts + 0.1)
    return -np.sum(p * np.log(p))


@program((wave(6, 2), np.array([0, 2, 2, 1, 0, 2])), (positive(4, 3), np.array([1, 1, 0, 2])), argnums=0)
def segment_means_by_scatter(x, labels):
    sums, counts = np.zeros((3, x.shape[1])), np.zeros(3)
    np.add.at(sums, labels, x)
    np.add.at(counts, labels, 1)
    means = sums / np.maximum(counts, 1)[:, None]
    return np.sum((x - means[labels]) ** 2) + np.sum(means**3)


@program((wave(5),), (positive(4),), (wave(4, dtype=np.float32),), order=1)
def bubble_sort_network(x):
    y = x.copy()
    n = len(y)
    for sweep in range(n):
        for i in range(n - 1 - sweep):
            low, high = np.minimum(y[i], y[i + 1]), np.maximum(y[i], y[i + 1])
            y[i], y[i + 1] = low, high
    return np.sum(y**2 * np.arange(1.0, n + 1))


@program((wave(6),), (positive(4),), (wave(5, dtype=np.float32),), order=1)
def odd_even_sort_by_slices(x):
    y = np.array(x)
    for k in range(len(y)):
        left, right = y[k % 2 : -1 : 2], y[k % 2 + 1 :: 2]
        low, high = np.minimum(left, right), np.maximum(left, right)
        left[:] = low
        right[:] = high
    return y @ np.sqrt(np.arange(1.0, len(y) + 1))


@program((wave(5),), (positive(3),), (wave(4, dtype=np.float32),), order=1)
def insertion_sort_by_shifts(x):
    y = x.copy()
    for i in range(1, len(y)):
        value, j = y[i], i
        while j > 0 and y[j - 1] > value:
            y[j] = y[j - 1]
            j -= 1
        y[j] = value
    return np.sum(y * np.arange(len(y)) ** 2) + y[0] * y[-1]


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


@program((0.5 * wave(3, 2), wave(8, 4, phase=1.0), unit(8)), (positive(2, 1), wave(4, 2), unit(4)),
         (wave(2, 2, dtype=np.float32), wave(4, 3, dtype=np.float32), unit(4, dtype=np.float32)), argnums=(0, 1, 2))  # fmt: skip
def long_short_term_memory_with_buffers(inputs, weights, bias):
    steps, n = len(inputs), len(bias) // 4
    h, c = np.zeros((steps + 1, n)), np.zeros((steps + 1, n))
    joined = np.empty(n + inputs.shape[1])
    for t in range(steps):
        joined[:n], joined[n:] = h[t], inputs[t]
        z = weights @ joined + bias
        c[t + 1] = sigmoid(z[:n]) * c[t] + sigmoid(z[n : 2 * n]) * np.tanh(z[2 * n : 3 * n])
        h[t + 1] = sigmoid(z[3 * n :]) * np.tanh(c[t + 1])
    return np.sum(h**2) + c[-1, 0]


@program((wave(8), 3), (positive(5), 2), (wave(6, dtype=np.float32), 4), argnums=0)
def ring_buffer_of_the_last_values(x, size):
    ring, total = np.zeros(size), 0.0
    for t, value in enumerate(x):
        total += ring[t % size] * value
        ring[t % size] = value + 0.5 * ring[(t - 1) % size]
    return total + np.sum(ring**2)


@program((wave(6, 2), 0.5), (positive(3, 3), 0.9), (wave(4, 2, dtype=np.float32), np.float32(0.7)), argnums=(0, 1))
def running_mean_and_covariance(samples, decay):
    d = samples.shape[1]
    mean, cov = np.zeros(d), np.zeros((d, d))
    for sample in samples:
        delta = sample - mean
        mean += (1 - decay) * delta
        cov *= decay
        cov += (1 - decay) * np.outer(delta, sample - mean)
    return mean @ cov @ mean + np.trace(cov)


@program((wave(3, 2), wave(2), 3), (positive(4, 3), wave(3), 2), argnums=(0, 1))
def adam_steps_in_place(features, start, steps):
    w, m, v = start.copy(), np.zeros_like(start), np.zeros_like(start)
    for t in range(1, steps + 1):
        g = features.T @ np.tanh(features @ w) + 0.1 * w
        m *= 0.9
        m += 0.1 * g
        v *= 0.99
        v += 0.01 * g**2
        w -= 0.1 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.99**t)) + 0.1)
    return np.sum((features @ w) ** 2)


@program((wave(4), unit(4, 2), 0.5), (positive(3), unit(3, 3), 1.0), argnums=(0, 1, 2))
def kalman_update_in_place(x, observation, noise):
    p, state = np.eye(len(x)), x.copy()
    for k in range(observation.shape[1]):
        h = observation[:, k]
        gain = p @ h / (h @ p @ h + noise)
        state += gain * (1.0 - h @ state)
        p -= np.outer(gain, h @ p)
        p[:] = (p + p.T) / 2
    return state @ state + np.sum(np.diag(p) ** 2)


@program((0.7, 5), (-0.4, 7), (np.float32(0.3), 4), argnums=0)
def legendre_polynomials_into_a_table(x, n):
    table = np.ones(n)
    table[1] = x
    for k in range(2, n):
        table[k] = ((2 * k - 1) * x * table[k - 1] - (k - 1) * table[k - 2]) / k
    return np.sum(table**2 / np.arange(1, n + 1))


@program((positive(5), 0.3, 4), (positive(3), 0.1, 6), argnums=(0, 1))
def binomial_option_prices_backwards(payoff, rate, steps):
    v = np.empty(steps + 1)
    v[: min(len(payoff), steps + 1)] = payoff[: steps + 1]
    v[len(payoff) :] = 0.5
    for n in range(steps, 0, -1):
        v[:n] = np.exp(-rate / steps) * (0.55 * v[1 : n + 1] + 0.45 * v[:n])
        v[0] += 0.01 * rate
    return v[0] ** 2


@program((wave(4), 0.3), (positive(6), -0.2), argnums=(0, 1))
def chain_of_springs_with_forces_at_both_ends(x, stiffness):
    force = np.zeros_like(x)
    for i in range(len(x) - 1):
        pull = stiffness * (x[i + 1] - x[i]) ** 3
        force[i] += pull
        force[i + 1] -= pull
    return np.sum(force**2) + force[0]


@program((wave(3, 2), np.array([[0, 1, 2], [2, 1, 0]])), (positive(4, 2), np.array([[1, 2, 3]])), argnums=0)
def finite_elements_assembled_into_a_matrix(nodes, triangles):
    k = np.zeros((len(nodes), len(nodes)))
    for corners in triangles:
        local = nodes[corners]
        edges = local[[1, 2, 0]] - local[[2, 0, 1]]
        k[np.ix_(corners, corners)] += edges @ edges.T / (1.0 + np.sum(edges**2))
    k[0, :] = 0.0
    k[0, 0] = 1.0
    return np.sum(k**2) + np.trace(k)
