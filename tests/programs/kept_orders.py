"""What is written and read in loops in orders that are hard to tell apart: by cursors, from both ends, in turns, by what a branch chose."""

from __future__ import annotations

import numpy as np

from . import program
from .samples import positive, wave

TABLE = np.array([0.7, -0.2])
VECTORS = ((wave(5), 3), (wave(1), 2), (positive(8), 0), (wave(4, phase=2.0), 5), (positive(3), 1))


@program(*VECTORS)
def targets_in_turn(x, n):
    slots, at = np.zeros(4), 0
    for k in range(n):
        at, slots[at] = (at + 1) % 4, x[k % len(x)] * (at + 1)
        slots[at], at = slots[at - 1] * 0.5 + 1.0, (at + 2) % 4
        slots[at] = product = slots[0] * x[0]
        slots[(at + 1) % 4] += 2.0 * product
    return np.sum(slots * slots) + at


@program((0.4, 5), (1.3, 7), (-0.6, 0), (2.0, 3), (-1.5, 6))
def truths_that_are_counted(x, n):
    total = 0.0
    for i in range(n):
        kind = 0 if TABLE[i % 2] > 0.1 else 1
        total = total * 0.5 + x * (kind == 0)
        total += ((kind == 0) + (kind != 5) + (kind < 1)) * x * x
        if kind == 0:
            total = total * 1.1
    return total


@program((wave(3), 2), (positive(2), 3), (positive(4), 0), (wave(2, dtype=np.float32), 2))
def stacked_with_its_reverse(x, n):
    total = x[0] * 1
    for _ in range(n):
        z = np.zeros(3, x.dtype)
        z[0] = x[1] * total
        z[2] = total
        y = np.stack([z, z[::-1]])
        total = y[0] @ y[1] + x[0]
    return total


@program((wave(3, 4), 2), (wave(1, 2), 3), (wave(4, 1), 1), (positive(2, 2), 0))
def largest_of_each_row(A, n):
    B = A.copy()
    for _ in range(n):
        B[:, 0] = B.max(axis=1) * B.mean()
        B[-1] += B.min(0)
    return np.sum(B * B)


@program(*VECTORS)
def tail_written_through_a_view(x, n):
    y = x * 1.0
    for i in range(-1, n):
        if i > 0 and x[0] < 5.0:
            tail = y[-i:]
            tail *= 0.9 * y[0]
    return np.sum(y * y)


@program(*VECTORS)
def arrays_in_rotation(x, n):
    a, b, c = x * 1.0, np.sin(x), np.zeros_like(x)
    for _ in range(n):
        for i in range(1, len(x)):
            c[i] = a[i] * b[i - 1] + 0.2 * c[i - 1]
        a, b, c = b, c, a
    return np.sum(a) + np.sum(b * b) + np.sum(c * a)


@program(*VECTORS)
def cursor_that_goes_back(x, n):
    a, at, last = x.copy(), 0, len(x) - 1
    total = 1.0
    for i in range(2 * len(x)):
        total = total * 0.7 + a[at]
        a[at] = total * a[at]
        at = min(at + 1 if i % 3 else max(at - 2, 0), last)
    return total + np.sum(a)


@program(*VECTORS)
def ring_of_three(x, n):
    ring, head, total = np.zeros(3), 0, 0.0
    for i in range(len(x) + n):
        ring[head] = x[i % len(x)] * (1.0 + ring[head - 1])
        head = (head + 1) % 3
        total += ring[head] * ring[(head + 1) % 3]
    return total + np.sum(ring)


@program(*VECTORS)
def ends_and_halves(x, n):
    a = x.copy()
    m = len(a)
    for i in range(m // 2):
        a[i], a[m - 1 - i] = a[m - 1 - i] * a[i], a[i]
    for i in range(m):
        a[i // 2] = a[i // 2] * a[i] + 0.1
    return np.sum(a**3)


@program(*VECTORS)
def neighbours_written_now_and_then(x, n):
    a, total = x.copy(), 1.0
    for i in range(len(a)):
        total = total * np.sin(a[i])
        if i + 1 < len(a):
            a[i + 1] = total
        if i > 2:
            a[i - 3] = total * 0.3
        if i == len(a) - 1:
            a[0] = total * total
    for i in range(len(a)):
        total = total + a[i] * a[len(a) - 1 - i]
    return total


@program((wave(5), np.array([0, 2, 1, 2, 4])), (positive(3), np.array([2, 2, 2])), (wave(2), np.array([1, 0])))
def places_that_move(x, places):
    places, a, total = places.copy(), x.copy(), 0.0
    for i in range(len(places)):
        a[places[0]] = a[places[0]] * x[i] + 0.5
        total += a[places[0]] ** 2
        places[0] = (places[0] + 1) % len(places)
        a[places[0]] *= a[i]
    return total + np.sum(a)


@program((0.4, 5), (1.3, 7), (-0.6, 0), (0.9, 3), (0.3, -3))
def triangles_with_no_steps(x, n):
    total = x
    for i in range(n - 4):
        for j in range(i - 2, n - 5, 2):
            total = total * np.cos(total) + 0.1 * j
    for i in range(3):
        for j in range(n - i):
            total = np.sin(total) * total + 0.5 + 0.01 * j
    return total


@program((0.3 * wave(5),), (wave(1),), (0.5 * wave(4, phase=2.0),))
def sides_that_write_in_turn(x):
    a, b, total = x.copy(), np.zeros(len(x)), 1.0
    for i in range(len(a)):
        large = a[i] > 0.2
        if large:
            a[i] = a[i] * a[i - 1]
            b[i] = total * a[i]
            total = total * 0.8
        else:
            b[i] = a[i] ** 2
            a[0] += b[i]
        both = np.sum(a * b)
        if large:
            b[i] = b[i] * both
            a[-1] = b[i] * 0.5
            total = total + both
        else:
            a[i] = both * 0.3
            total = total - a[i]
            b[0] = total
    return total + np.sum(a * b)
