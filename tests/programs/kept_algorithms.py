"""Algorithms as textbooks print them, with their loops and their exits: roots, integrals, series, steppers, recursions over data."""

from __future__ import annotations

import math

import numpy as np

from . import program
from .samples import positive, spd, wave


@program((3.0, 1.0), (0.2, 2.0), (50.0, 0.3), (1.0, 1.0), argnums=(0, 1))
def newton_with_a_break(a, start):
    x = start
    for k in range(30):
        f = x**3 + x - a
        step = f / (3.0 * x * x + 1.0)
        x -= step
        if abs(step) < 0.02:
            break
    else:
        return math.inf
    return x * a + 0.1 * x * x


@program((2.0, 3.0), (0.5, 2.0), (7.0, 8.0), argnums=(0, 1))
def bisection_by_while_and_a_last_step(a, upper):
    low, high = 0.0, upper
    while high - low > 0.1:
        middle = 0.5 * (low + high)
        if middle * math.exp(middle) > a:
            high = middle
        else:
            low = middle
    slope = math.exp(low) * (1.0 + low)
    return (low + (a - low * math.exp(low)) / slope) * upper + high


@program((wave(5), 0.7), (positive(1), 1.4), (np.zeros(0), 0.3), ([1.0, -2.0, 0.5], 0.9), argnums=(1,))
def horner_by_elements(coefficients, x):
    y, slope = 0, 0
    for c in coefficients:
        slope = slope * x + y
        y = y * x + c
    return y * y + slope + x


@program((0.7, 6), (2.3, 1), (1.1, 0), (4.0, 3))
def continued_fraction_from_the_end(x, depth):
    value = 0.0
    for k in range(depth, 0, -1):
        value = k * x / (1.0 + value) if k % 2 else k / (x + value)
    return 1.0 / (x + value)


@program((0.7, 5), (2.3, 1), (1.1, 0))
def continued_fraction_by_the_forward_recurrence(x, depth):
    a, b, c, d = 1.0, 0.0, x, 1.0
    for k in range(1, depth + 1):
        a, b, c, d = c, d, x * c + k * a, x * d + k * b
        if abs(c) > 40.0:
            a, b, c, d = a / 8, b / 8, c / 8, d / 8
    return c / d + a


@program((0.2, 1.5, 4), (1.1, 0.3, 1), (0.4, 0.9, 0), argnums=(0, 1))
def composite_simpson(a, b, panels):
    h = (b - a) / max(2 * panels, 1)
    total = math.exp(-a * a) + math.exp(-b * b)
    for k in range(1, 2 * panels):
        point = a + k * h
        if k % 2:
            total += 4.0 * math.exp(-point * point)
        else:
            total += 2.0 * math.exp(-point * point)
    return total * h / 3.0


@program((0.3, 1.2, 4), (1.1, 0.4, 1), (0.7, 0.9, 0), argnums=(0, 1))
def romberg_by_rows_of_a_table(a, b, levels):
    table = np.zeros((levels + 1, levels + 1))
    h = b - a
    table[0, 0] = 0.5 * h * (math.cos(a * a) + math.cos(b * b))
    for i in range(1, levels + 1):
        h = 0.5 * h
        total = 0.0
        for k in range(1, 2**i, 2):
            total += math.cos((a + k * h) ** 2)
        table[i, 0] = 0.5 * table[i - 1, 0] + h * total
        for j in range(1, i + 1):
            table[i, j] = table[i, j - 1] + (table[i, j - 1] - table[i - 1, j - 1]) / (4**j - 1)
    return table[levels, levels] + 0.1 * np.sum(table)


@program((0.5, 0.3, 6), (1.9, -0.4, 1), (1.0, 0.2, 0), argnums=(0, 1))
def verlet_with_a_wall(x, v, steps):
    h = 0.15
    before, now = x, x + h * v
    for _ in range(steps):
        before, now = now, 2.0 * now - before - h * h * math.sin(now)
        if now < 0.4:
            before, now = 0.8 - before, 0.8 - now
    return now * now + (now - before) / h


@program((wave(4), 0.6, 8), (wave(4), 3.1, 2), (positive(4), 0.2, 0), argnums=(0, 1))
def runge_kutta_with_a_changing_step(state, end, limit):
    t, h, count = 0.0, 0.3, 0
    while t < end and count < limit:
        if t + h > end:
            h = end - t
        k1 = np.sin(state) - 0.5 * state
        k2 = np.sin(state + h * k1) - 0.5 * (state + h * k1)
        error = h * np.max(np.abs(k2 - k1))
        if error < 0.25:
            state = state + 0.5 * h * (k1 + k2)
            t = t + h
            h = 1.4 * h
        else:
            h = 0.5 * h
        count += 1
    return np.sum(state**2) + t * state[0]


@program((48, 36, 0.7), (7, 5, 1.2), (4, 4, 0.3), (9, 0, 0.3), argnums=2)
def euclid_decides_the_trips(a, b, x):
    y = x
    while b:
        a, b = b, a % b
        y = y * math.cos(x * a) + b / (a + x)
    return y * a


@program((0.7, 13), (1.4, 1), (1.2, 0), (0.9, 8))
def power_by_squaring(x, n):
    result, base = 1, x
    while n > 0:
        if n & 1:
            result = result * base
        n >>= 1
        if n:
            base = base * base
    return result + x


@program((wave(6), 0.4, 0.2), (positive(1), 0.7, 0.1), (wave(0), 0.7, 0.1), (wave(3, dtype=np.float32), 0.5, 0.3), argnums=(0, 1, 2))
def exponential_smoothing_with_a_trend(values, alpha, beta):
    level, trend, loss = 0.3, 0, 0.0
    for t, v in enumerate(values):
        forecast = level + trend
        loss = loss + (v - forecast) ** 2 * (t > 0)
        new = alpha * v + (1.0 - alpha) * forecast
        trend = beta * (new - level) + (1.0 - beta) * trend
        level = new
    return loss + level * trend + alpha * beta


@program((wave(6), 0.4, 1.2), (positive(1), 0.7, 0.6), (wave(0), 0.7, 2.0), argnums=(0, 1, 2))
def filter_that_skips_outliers(observations, noise, width):
    mean, variance, used = 0.0, 1.0, 0
    for z in observations:
        variance = variance + 0.1 * noise
        gain = variance / (variance + noise)
        if abs(z - mean) > width:
            continue
        mean = mean + gain * (z - mean)
        variance = (1.0 - gain) * variance
        used += 1
    return mean**2 + variance * (used + 1)


@program((spd(3), wave(3), 4), (spd(2, phase=0.7), positive(2), 1), (spd(2), wave(2), 0), argnums=(0, 1))
def steepest_descent_with_an_exact_step(a, b, steps):
    x = b / np.diag(a)
    for _ in range(steps):
        r = b - a @ x
        if r @ r < 1e-4:
            break
        x = x + (r @ r) / (r @ (a @ r)) * r
    return 0.5 * x @ a @ x - b @ x + np.sum(x)


@program((wave(4, 2), positive(4), 3), (positive(2, 3), positive(2), 1), (wave(3, 2), positive(3), 0), argnums=(0, 1))
def means_by_the_nearest_centre(points, weights, rounds):
    low, high = points[0] * 0.9, points[-1] * 1.1
    for _ in range(rounds):
        sums = [0.1 * low, 0.1 * high]
        counts = [0.1, 0.1]
        for p, w in zip(points, weights):
            near = 0 if np.sum((p - low) ** 2) < np.sum((p - high) ** 2) else 1
            sums[near] = sums[near] + w * p
            counts[near] += w
        low, high = sums[0] / counts[0], sums[1] / counts[1]
    return np.sum((high - low) ** 2) + low[0]


@program((wave(5), 0.6), (positive(2), 1.2), (wave(1), 0.5), argnums=(0, 1))
def shortest_paths_between_all_pairs(x, stretch):
    n = len(x)
    d = np.abs(x[:, None] - stretch * x[None, ::-1]) + 0.37 * np.arange(n)[None, :]
    for k in range(n):
        for i in range(n):
            for j in range(n):
                through = d[i, k] + d[k, j] * stretch
                if through < d[i, j]:
                    d[i, j] = through
    return np.sum(d**2) + d[0, -1]


@program((wave(4), 0.4, 3), (positive(2), 0.2, 1), (wave(3), 0.7, 0), argnums=(0, 1))
def adam_with_two_moments(w, rate, steps):
    m, v = np.zeros_like(w), np.zeros_like(w)
    for t in range(1, steps + 1):
        g = np.cos(w) * w + 0.1
        m = 0.9 * m + 0.1 * g
        v = 0.99 * v + 0.01 * g * g
        w = w - rate * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.99**t)) + 0.05)
    return np.sum(w**2) + m @ v


@program((0.31, 3.4, 6), (0.62, 2.9, 1), (0.45, 3.1, 0), argnums=(0, 1))
def logistic_map_and_its_exponent(x, r, n):
    exponent = 0.0
    for k in range(n):
        slope = r * (1.0 - 2.0 * x)
        exponent += math.log(abs(slope)) if abs(slope) > 0.1 else -2.0
        x = r * x * (1.0 - x)
    return exponent / n if n else x * r


@program((0.4, 0.9, 3), (1.2, 0.3, 0), (0.8, 0.5, 1), argnums=(0, 1))
def tree_of_option_prices(spot, volatility, depth):
    up = math.exp(0.4 * volatility)
    p = (1.02 - 1.0 / up) / (up - 1.0 / up)
    values = [max(spot * up ** (2 * i - depth) - 0.55, 0.0) for i in range(depth + 1)]
    for level in range(depth, 0, -1):
        for i in range(level):
            hold = (p * values[i + 1] + (1.0 - p) * values[i]) / 1.02
            now = spot * up ** (2 * i - level + 1) - 0.5
            values[i] = hold if hold > now else now
    return values[0] + spot * volatility
