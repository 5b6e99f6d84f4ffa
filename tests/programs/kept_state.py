"""Loops whose state is more than numbers and arrays: lists, dictionaries, tuples, flags, None, strings, complex numbers."""

from __future__ import annotations

import cmath
import math

import numpy as np

from . import program
from .samples import positive, wave


@program((0.7, 5), (1.2, 1), (0.4, 0))
def fixed_list_as_state(x, n):
    s = [x, 1.0, 0]
    for k in range(n):
        s[0] = s[1] * x
        s[1], s[2] = s[2] + s[0], s[1]
        s[k % 3] += 0.1 * k
    return s[0] + 2.0 * s[1] + 3.0 * s[2]


@program((0.7, 5), (1.2, 1), (0.4, 0), (2.5, 4))
def dictionary_as_state(x, n):
    state = {"position": x, "speed": 0.0}
    for k in range(n):
        state["speed"] -= 0.3 * state["position"] ** 3
        state["position"] = state["position"] + 0.5 * state["speed"]
        if state["position"] > 1.0:
            state["hit"] = k
            state["speed"] *= -0.9
    return state["position"] * x + state["speed"] + state.get("hit", 0.25)


@program((wave(3), 0.4, 4), (positive(2), 0.7, 1), (wave(2), 0.3, 0), argnums=(0, 1))
def tuple_of_arrays_as_state(x, rate, n):
    state = (x, np.zeros_like(x), 0.0)
    for k in range(n):
        position, speed, energy = state
        speed = 0.9 * speed - rate * np.sin(position)
        state = (position + speed, speed, energy + speed @ speed)
    return state[2] + np.sum(state[0] ** 2) + np.sum(state[1])


@program((0.7, 6), (1.4, 3), (1.4, 1), (0.7, 0))
def none_until_it_is_found(x, n):
    best, label = None, "none"
    for k in range(n):
        v = math.sin(x * (k + 1.3))
        if best is None or v > best:
            best, label = v, "up" if v > 0.5 else "low"
    if best is None:
        return x
    return best * x + (0.5 if label == "up" else x)


@program((0.7, 6), (1.4, 6), (2.9, 4), (1.4, 1), (0.7, 0))
def mode_as_a_string(x, n):
    mode, y = "rise", x
    for _ in range(n):
        if mode == "rise":
            y = y * 1.5
            mode = "fall" if y > 2.0 else "rise"
        elif mode == "fall":
            y = y - 0.7 * x
            if y < 1.0:
                mode = "rest"
        else:
            y = math.cos(y)
    return y * (2.0 if mode == "rest" else x)


@program((0.7, 5), (1.4, 4), (0.2, 1), (0.2, 0))
def stack_that_grows_and_shrinks(x, n):
    stack, total = [x], 0.0
    for k in range(n):
        top = stack.pop() if len(stack) > 1 and k % 2 else stack[-1]
        stack.append(0.8 * math.sin(top) + x / (k + 1))
        if top > 0.6:
            stack.append(top * x)
    while stack:
        total = total * 0.5 + stack.pop() ** 2
    return total


@program((0.7, 4), (1.4, 2), (0.2, 1), (0.2, 0))
def list_of_lists_filled_by_index(x, n):
    table = [[0.0] * (i + 1) for i in range(n)]
    for i in range(n):
        for j in range(i + 1):
            table[i][j] = x if j in (0, i) else table[i - 1][j - 1] * x + table[i - 1][j]
    total = x
    for row in table:
        total += sum(row) * max(row)
    return total


@program((wave(3), 3), (positive(2), 1), (wave(3), 0), argnums=0)
def arrays_kept_of_every_step(x, n):
    kept = []
    for k in range(n):
        kept.append(x)
        x = np.sin(x) + 0.2 * k
        if len(kept) > 1:
            x = x * kept[-2]
    total = np.sum(x)
    for k, v in enumerate(reversed(kept)):
        total += np.sum(v * x) / (k + 1)
    return total


@program((0.3, 0.5, 5), (-0.4, 0.2, 1), (0.1, 0.9, 0), argnums=(0, 1))
def complex_orbit_of_fixed_length(a, b, n):
    c = complex(a, b)
    z, total = 0j, 0.1 * a
    for k in range(n):
        z = z * z + c
        total += z.real**2 + z.imag**2
    return total + abs(c) ** 2


@program((0.3, 0.5, 20), (0.9, 0.8, 20), (1.6, -0.4, 3), (0.2, 0.3, 0), argnums=(0, 1))
def complex_orbit_that_escapes(a, b, limit):
    z = c = a + 1j * b
    k = 0
    while k < limit and abs(z) < 2.0:
        z = z**2 + c
        k += 1
    return math.log(1.0 + abs(z)) + (z * z.conjugate()).real / (k + 1)


@program((wave(4) + 1j * wave(4, phase=1.0), 0.3), (wave(1) + 0.5j, 1.2), (np.zeros(0, complex), 0.7), argnums=1)
def discrete_fourier_sums(signal, shift):
    total = shift
    for k in range(len(signal)):
        s = 0
        for t, v in enumerate(signal):
            s = s + v * cmath.exp(-2j * cmath.pi * k * (t + shift) / len(signal))
        total += abs(s) ** 2 / (k + 1)
    return total


@program((np.float32(0.7), np.float32(0.2), 4), (np.float32(1.4), 0.3, 2), (0.2, np.float32(0.3), 0), argnums=(0, 1))
def single_precision_numbers(x, y, n):
    total = 0
    for k in range(n):
        total = total * y + np.sin(x)
        x = x * np.float32(0.9) if total < 1 else x * 0.5
    return total + x * y


@program((0.7, 3, True), (1.4, 5, False), (0.2, 1, True), (0.2, 0, False))
def flags_as_numbers(x, n, up):
    total, seen = x, False
    for k in range(n):
        up = not up
        total += up * x**2 - (not up) * 0.1
        seen |= total > 1.5
        if seen and up or k == 3:
            total *= 0.5 + seen
    return total


@program((0.75, 4), (1.4, 2), (0.2, 1), (0.2, 0))
def walrus_in_loops(x, n):
    k = 0
    total = 0.0
    while (y := x + 0.3 * k) < 1.6 and k < n:
        total += y * y
        k += 1
    if n and (z := total / n) > 0.5:
        total -= z
    return total + y


@program((0.7, 4), (1.4, 2), (3.2, 1), (0.2, 0))
def exceptions_leave_the_loop(x, n):
    total = x
    for k in range(n + 1):
        try:
            total += math.sqrt(1.9 - total)
        except ValueError:
            total = total - 1.2 * x
            if k > 1:
                break
        finally:
            total *= 0.9
    return total


@program((0.7, 4), (0.7, 3), (1.4, 1), (0.2, 0))
def two_names_for_one_list(x, n):
    a = [x, 2.0 * x]
    b, c = a, list(a)
    for k in range(n):
        b[0] = a[1] * 0.5 + c[k % 2]
        c[1] += a[0]
        if k == 2:
            b = c
    return a[0] * a[1] + b[0] * c[1]


@program((wave(4), 0.5), (positive(2), 1.5), (wave(1), 0.2), argnums=(0, 1))
def pairs_as_dictionary_keys(x, decay):
    seen = {}
    for i in range(len(x)):
        for j in range(i + 1):
            seen[i, j] = x[i] * x[j] + decay * seen.get((i - 1, j), 0.3)
    total = decay
    for (i, j), v in seen.items():
        if i != j:
            total += v / (i + j)
    return total * seen[0, 0]


@program((0.7, 4, 3), (1.4, 2, 0), (0.2, 0, 2), (0.9, 1, 1))
def one_loop_feeds_the_bounds_of_the_next(x, n, m):
    count, y = 0, x
    for i in range(n):
        y = y * 1.3
        if y > 1.0 + 0.2 * i:
            count += 1
    for j in range(count + m):
        y = y - 0.1 * j * x
        for k in range(j, count):
            y = y * 0.8 + math.sin(x * k)
            if y < 0:
                count -= 1
    return y * (count + 1)


@program((0.7, 7), (1.3, 7), (0.2, 2), (0.2, 1), (0.2, 0))
def every_exit_of_one_loop(x, n):
    y = x
    for k in range(n):
        y = 1.5 * math.sin(y + x) + 0.1 * k
        if y < 0.2:
            if k == 0:
                return y - x
            break
        if k == 1:
            continue
        if y > 1.55:
            return y * x
        y = 0.9 * y
    else:
        return y**3 + x
    return y * y


@program((0.7, 2.0), (1.7, 0.3), (-0.4, 1.1), argnums=(0, 1))
def loop_over_a_tuple_of_different_things(x, y):
    total = 0
    for weight, v in ((1, x), (0.5, x * y), (2, 3), (x, 1)):
        total += weight * v
        if total > 2:
            total = total - y
    for v in (x, y, 2, 0.5, x * y):
        total = total * v if v > 1 else total + v
    return total
