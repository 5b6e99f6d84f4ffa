"""Corners of loops: names that change their meaning, shapes and types in the loop, iterables changed while they are iterated."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from . import program
from .samples import positive, wave

TABLE = np.array([0.4, -0.3, 1.1])


@dataclass
class Particle:
    place: float
    speed: float = 0.0

    def move(self, force, dt=0.2):
        if self.place > 1.5:
            self.speed *= -0.5
            return False
        self.speed += dt * force
        self.place += dt * self.speed
        return True


@program((wave(4), 0.7), (positive(1), 1.2), (wave(0), 0.3), argnums=(0, 1))
def loop_variable_hides_an_argument(values, x):
    total = x * x
    for x in values:
        total += math.sin(x)
    return total * x


@program((wave(3),), (positive(1),), (positive(4),))
def iterated_array_is_rebound(x):
    total = 0.0
    for v in x:
        x = x * v + 0.1
        total += x[0] * v
    return total + np.sum(x**2)


@program((wave(5),), (positive(1),), (positive(2),), (wave(4, dtype=np.float32),))
def iterated_array_is_written_ahead(x):
    total = 0.0
    for i, v in enumerate(x):
        if i + 1 < len(x):
            x[i + 1] += 0.5 * v * v
        total += v * (i + 1)
    return total + x[-1] ** 2


@program((0.7, 6), (0.7, 1), (1.3, 0), (0.4, 3))
def bound_changed_in_the_loop(x, n):
    y = x
    for i in range(n):
        n = n - 2
        y = y * math.cos(x * n) + i
        for j in range(n):
            y += 0.1 * x * j
            n -= 1
    return y * (n + 0.5)


@program((0.7, 4), (1.3, 2), (0.4, 1), (0.4, 0))
def one_name_for_the_index_of_both_loops(x, n):
    total, i = x, 10
    for i in range(n):
        total += math.sin(x * i)
        for i in range(i, n):
            total *= 1.0 + 0.1 * x * i
        total -= 0.2 * i
    return total + x * i


@program((wave(3), 4), (positive(2), 1), (positive(2), 0), argnums=0)
def shape_that_grows_by_broadcasting(v, n):
    h = np.ones(1) * v[0]
    for k in range(n):
        h = np.tanh(h + v) if k < 2 else np.tanh(h[:, None] * v).sum(axis=1)
        if k == 3:
            h = h[1:]
    return np.sum(h**2) + h[0]


@program((wave(6),), (positive(1),), (positive(3),))
def pyramid_of_neighbours(x):
    total = 0.0
    while len(x) > 1:
        x = np.sin(x[1:]) * x[:-1] if len(x) % 2 else x[1:] + 0.5 * x[:-1]
        total += x[0]
    return total * x[0] + x[-1]


@program((wave(4), 4), (positive(2), 1), (wave(3), 0), argnums=0)
def integer_array_that_becomes_one_of_floats(x, n):
    y = np.arange(len(x))
    for k in range(n):
        y = y * x[k % len(x)] if k else y + 1
        if y[-1] > 0:
            y = y - x
    return np.sum(y * x)


@program((wave(3), 0.4, 3), (positive(2), 0.8, 1), (wave(2), 0.3, 0), argnums=(0, 1))
def number_and_array_in_place_with_one_operator(x, rate, n):
    a, b = x.copy(), rate
    for k in range(n):
        kept, old = a, b
        a += b * x
        b += rate
        a *= 0.5 + old
        b *= np.sum(kept)
        if k == 1:
            a = a * 1.0
    return np.sum(a) * b + np.sum(kept if n else x)


@program((wave(5), [3, 0, 4, 1, 2]), (positive(2), [1, 0]), (wave(3), []), argnums=0)
def places_looked_up_in_an_integer_array(x, order):
    order = np.array(order, dtype=int)
    y = np.zeros(len(x))
    for k in range(len(order)):
        y[order[k]] = x[order[-k - 1]] * x[k] + y[(3 * k) % len(x)]
        y[order[: k + 1]] *= 0.9
        y[y > 1.0] -= 0.5 * x[0]
    return np.sum(y**2) + x[0]


@program((2.3, wave(4), 4), (0.8, wave(4), 2), (3.7, positive(2), 1), (1.4, positive(3), 0), argnums=(0, 1))
def place_computed_from_the_data(x, values, n):
    total = x
    for _ in range(n):
        i = int(x) % len(values)
        total += values[i] * x
        x = 1.7 * x + values[i - 1] if x < 3.0 else x / 2.4
    return total * x


@program((0.7, 5), (1.4, 2), (1.4, 1), (0.2, 0))
def condition_on_what_is_overwritten(x, n):
    y = np.full(3, x)
    for k in range(n):
        if y[k % 3] < 1.0:
            y[k % 3] = y[k % 3] * y[(k + 1) % 3] + 0.6 * x
        elif y[0] * y[k % 3] > 1.2:
            y[0] /= y[k % 3]
        else:
            y[1:] = y[:-1] - 0.3
    return np.sum(y**2)


@program((0.73, 0.2), (1.9, 0.3), (0.05, 0.2), argnums=(0, 1))
def time_as_a_float_in_the_condition(x, dt):
    t, y = 0.0, 1.0
    while t < x:
        step = min(dt, x - t)
        y = y + step * math.sin(y * t)
        t += step
    return y * t


@program((0.73, 3), (2.9, 4), (1.2, 0), (-2.3, 2))
def trips_counted_by_the_data(x, n):
    y = x
    for k in range(int(abs(x) * n)):
        y = math.cos(y) + 0.1 * k * x
        if k > 7:
            break
    return y * x


@program((0.6, 5), (1.2, 2), (0.3, 1), (0.3, 0))
def powers_by_the_loop_variable(x, n):
    total = 0
    for k in range(n):
        total += (-1) ** k * x**k * TABLE[k % 3]
        total += x ** (k - 1) + k**x * 0.1
    return total + x


@program((0.6, 5), (1.7, 2), (0.3, 1), (0.3, 0))
def closure_sees_the_name_as_it_is_now(x, n):
    y = x

    def current(v):
        return y * v + k if k < 3 else y - v

    k = 0
    total = current(x)
    for k in range(n):
        y = math.sin(y) + 0.2
        total += current(0.5)
        y = y * total if total < 2.0 else y
    return total + current(total)


@program((1.0, 0.7, 6), (1.3, 2.0, 1), (0.2, 0.3, 0), argnums=(0, 1))
def object_that_moves_until_it_bounces(place, force, n):
    p = Particle(place)
    moved = 0
    for _ in range(n):
        if not p.move(force):
            p.place = 3.0 - p.place
            continue
        moved += 1
    return p.place**2 + p.speed * moved


@program((0.7, ["sin", "square", "half", "sin"]), (1.4, ["half"]), (0.3, []), (0.3, ["none", "square"]))
def match_in_a_loop(x, steps):
    y = x
    for k, step in enumerate(steps):
        match step:
            case "sin":
                y = math.sin(y * (k + 1))
            case "square" if y > 0.5:
                y = y * y
            case "half" | "square":
                y = y / 2 + x
            case _:
                break
    return y * x


@program((wave(3), 4), (positive(3), 3), (wave(3), 1), (wave(2), 0), argnums=0)
def views_of_one_buffer_swapped(x, n):
    both = np.zeros((2, len(x)))
    old, new = both
    old[:] = x
    for k in range(n):
        new[:-1] = old[1:] * 0.8
        new[-1] = old[0] * old[-1]
        old, new = new, old
        old += 0.1 * k
    return np.sum(both[0] ** 2) + np.sum(old * x)


@program((wave(4), positive(3)), (positive(1), wave(2)), (wave(0), wave(2)), argnums=(0, 1))
def array_without_axes_as_an_accumulator(x, scale):
    total = np.zeros(())
    for i, v in enumerate(x):
        total += v * scale[i % len(scale)]
        if total > 1.0:
            total[()] = 0.5 * total
    return total[()] ** 2 + np.sum(scale)


@program((wave(3, 3), wave(3), 3), (wave(2, 2), positive(2), 1), (wave(2, 2), positive(2), 0), argnums=(0, 1))
def matrix_that_every_iteration_reads_and_updates(a, x, n):
    a = 0.4 * a
    for k in range(n):
        y = a @ x
        a = a + 0.2 * np.outer(y, x) / (1.0 + y @ y)
        if y[0] < 0:
            a[0] = a[0] * 0.5
            continue
        a[:, -1] -= 0.1 * y
        x = y - x
    return np.sum(a**2) + a[0] @ x


@program((0.7, 6), (1.4, 6), (1.4, 2), (0.7, 1), (0.7, 0))
def loop_that_deletes_and_unpacks(x, n):
    values = [x * (k + 1) for k in range(n)]
    total = x
    while values:
        first, *values = values
        if first > 3.0 and values:
            last = values.pop()
            total += first * last
            del last
        total = total * 0.8 + math.cos(first)
    return total


@program((0.7, 3), (1.4, 5), (2.4, 2), (0.2, 1), (0.2, 0))
def do_while_with_a_flag_from_the_data(x, n):
    y, high = x, False
    while True:
        y = y * 1.4 - 0.2 if not high else y * 0.6
        high = high or y > 2.0
        n -= 1
        if n <= 0 or (high and y < 1.0):
            break
    return y * (x if high else 2.0)
