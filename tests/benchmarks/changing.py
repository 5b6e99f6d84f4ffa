"""Functions that write into arrays, each with an adjoint written out by hand: the second table.

The adjoints work in place as well. Where the function is linear in its arrays nothing is saved on the way.
"""
from __future__ import annotations

import numpy as np

from .kernels import Array, Kernel, ValueAndGradients


def jacobi_2d(a: Array, b: Array, steps: int) -> float:
    """Two buffers that are averaged into one another."""
    a, b = a.copy(), b.copy()
    for _ in range(steps):
        b[1:-1, 1:-1] = 0.2 * (a[1:-1, 1:-1] + a[1:-1, :-2] + a[1:-1, 2:] + a[2:, 1:-1] + a[:-2, 1:-1])
        a[1:-1, 1:-1] = 0.2 * (b[1:-1, 1:-1] + b[1:-1, :-2] + b[1:-1, 2:] + b[2:, 1:-1] + b[:-2, 1:-1])
    return np.sum(a * a)


def jacobi_2d_hand(a: Array, b: Array, steps: int) -> ValueAndGradients:
    a, b = a.copy(), b.copy()
    work = np.empty((a.shape[0] - 2, a.shape[1] - 2))
    for _ in range(steps):
        for old, new in ((a, b), (b, a)):
            np.add(old[1:-1, 1:-1], old[1:-1, :-2], out=work)
            work += old[1:-1, 2:]
            work += old[2:, 1:-1]
            work += old[:-2, 1:-1]
            np.multiply(work, 0.2, out=new[1:-1, 1:-1])
    value = (a * a).sum()
    a_bar, b_bar = a, np.zeros(b.shape)
    a_bar *= 2.0
    for _ in range(steps):
        for new_bar, old_bar in ((a_bar, b_bar), (b_bar, a_bar)):
            np.multiply(new_bar[1:-1, 1:-1], 0.2, out=work)
            old_bar[1:-1, 1:-1] = work  # what was written there has been carried back already
            old_bar[1:-1, :-2] += work
            old_bar[1:-1, 2:] += work
            old_bar[2:, 1:-1] += work
            old_bar[:-2, 1:-1] += work
    b_bar[1:-1, 1:-1] = 0.0
    return value, (a_bar, b_bar)


def heat_3d(u: Array, k: float, steps: int) -> float:
    """Explicit steps of the heat equation in one array, with walls of constant temperature."""
    u = u.copy()
    for _ in range(steps):
        u[1:-1, 1:-1, 1:-1] += k * (
            (u[2:, 1:-1, 1:-1] - 2.0 * u[1:-1, 1:-1, 1:-1] + u[:-2, 1:-1, 1:-1])
            + (u[1:-1, 2:, 1:-1] - 2.0 * u[1:-1, 1:-1, 1:-1] + u[1:-1, :-2, 1:-1])
            + (u[1:-1, 1:-1, 2:] - 2.0 * u[1:-1, 1:-1, 1:-1] + u[1:-1, 1:-1, :-2])
        )
    return np.sum(u * u)


def heat_3d_hand(u: Array, k: float, steps: int) -> ValueAndGradients:
    u = u.copy()
    inner = u[1:-1, 1:-1, 1:-1]
    changes = np.empty((steps, *inner.shape))
    work, twice = np.empty(inner.shape), np.empty(inner.shape)
    for change in changes:
        np.multiply(inner, 2.0, out=twice)
        np.subtract(u[2:, 1:-1, 1:-1], twice, out=change)
        change += u[:-2, 1:-1, 1:-1]
        np.subtract(u[1:-1, 2:, 1:-1], twice, out=work)
        work += u[1:-1, :-2, 1:-1]
        change += work
        np.subtract(u[1:-1, 1:-1, 2:], twice, out=work)
        work += u[1:-1, 1:-1, :-2]
        change += work
        np.multiply(change, k, out=work)
        inner += work
    value = (u * u).sum()
    u_bar, k_bar = u, 0.0
    u_bar *= 2.0
    for change in changes[::-1]:
        k_bar += np.vdot(change, inner)
        np.multiply(inner, k, out=work)
        np.multiply(work, 6.0, out=twice)
        inner -= twice
        u_bar[2:, 1:-1, 1:-1] += work
        u_bar[:-2, 1:-1, 1:-1] += work
        u_bar[1:-1, 2:, 1:-1] += work
        u_bar[1:-1, :-2, 1:-1] += work
        u_bar[1:-1, 1:-1, 2:] += work
        u_bar[1:-1, 1:-1, :-2] += work
    return value, (u_bar, k_bar)


def rosenbrock_by_elements(x: Array) -> float:
    total = np.zeros(1)
    for i in range(len(x) - 1):
        total[0] += 100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2
    return total[0]


def rosenbrock_by_elements_hand(x: Array) -> ValueAndGradients:
    """Element by element in the array, as the function is."""
    total, x_bar = 0.0, np.zeros(len(x))
    for i in range(len(x) - 1):
        here = x[i]
        rise, rest = x[i + 1] - here**2, 1.0 - here
        total += 100.0 * rise**2 + rest**2
        slope = 200.0 * rise
        x_bar[i] -= 2.0 * (slope * here + rest)
        x_bar[i + 1] = slope
    return total, (x_bar,)


def rosenbrock_in_numbers_hand(x: Array) -> ValueAndGradients:
    """Python's own numbers are the quick ones where elements are taken one by one; the array is left for a list."""
    total, carried, slopes = 0.0, 0.0, []
    numbers = x.tolist()
    for i in range(len(numbers) - 1):
        here = numbers[i]
        rise, rest = numbers[i + 1] - here**2, 1.0 - here
        total += 100.0 * rise**2 + rest**2
        slopes.append(carried - 400.0 * rise * here - 2.0 * rest)
        carried = 200.0 * rise
    slopes.append(carried)
    return np.float64(total), (np.array(slopes),)


def lstm(weights: Array, bias: Array, inputs: Array) -> float:
    """A long short-term memory whose states are rows of two arrays; gates in the order input, forget, output, new."""
    steps, n, m = len(inputs), len(bias) // 4, inputs.shape[1]
    h, c, joined = np.zeros((steps + 1, n)), np.zeros((steps + 1, n)), np.empty(m + n)
    for t in range(steps):
        joined[:m] = inputs[t]
        joined[m:] = h[t]
        gates = weights @ joined + bias
        gates[: 3 * n] = 1.0 / (1.0 + np.exp(-gates[: 3 * n]))
        gates[3 * n :] = np.tanh(gates[3 * n :])
        c[t + 1] = gates[n : 2 * n] * c[t] + gates[:n] * gates[3 * n :]
        h[t + 1] = gates[2 * n : 3 * n] * np.tanh(c[t + 1])
    return np.sum(h * h)


def lstm_hand(weights: Array, bias: Array, inputs: Array) -> ValueAndGradients:
    steps, n, m = len(inputs), len(bias) // 4, inputs.shape[1]
    h, c, squashed = np.zeros((steps + 1, n)), np.zeros((steps + 1, n)), np.empty((steps, n))
    joined, gates = np.empty((steps, m + n)), np.empty((steps, 4 * n))
    joined[:, :m] = inputs
    for t in range(steps):
        joined[t, m:] = h[t]
        gate = gates[t]
        np.matmul(weights, joined[t], out=gate)
        gate += bias
        smooth = gate[: 3 * n]
        np.negative(smooth, out=smooth)
        np.exp(smooth, out=smooth)
        smooth += 1.0
        np.divide(1.0, smooth, out=smooth)
        np.tanh(gate[3 * n :], out=gate[3 * n :])
        now = c[t + 1]
        np.multiply(gate[n : 2 * n], c[t], out=now)
        now += gate[:n] * gate[3 * n :]
        np.tanh(now, out=squashed[t])
        np.multiply(gate[2 * n : 3 * n], squashed[t], out=h[t + 1])
    value = (h * h).sum()
    h *= 2.0
    return value, lstm_sweep(weights, h, c, squashed, joined, gates)


def lstm_sweep(weights: Array, h_bar: Array, c: Array, squashed: Array, joined: Array, gates: Array) -> tuple[Array, ...]:
    """Backwards in time; what does not depend on other steps is made for all of them at once."""
    steps, n = squashed.shape
    m = joined.shape[1] - n
    i, f, o, g = (gates[:, k * n : (k + 1) * n] for k in range(4))
    slopes = gates * (1.0 - gates)
    slopes[:, 3 * n :] = 1.0 - g * g
    into_c = o * (1.0 - squashed * squashed)
    slopes[:, :n] *= g
    slopes[:, n : 2 * n] *= c[:-1]
    slopes[:, 2 * n : 3 * n] *= squashed
    slopes[:, 3 * n :] *= i
    recurrent, c_bar = weights[:, m:], np.zeros(n)
    for t in range(steps - 1, -1, -1):
        row, h_now = slopes[t].reshape(4, n), h_bar[t + 1]
        c_bar += h_now * into_c[t]
        row[:2] *= c_bar
        row[2] *= h_now
        row[3] *= c_bar
        c_bar *= f[t]
        h_bar[t] += slopes[t] @ recurrent
    return slopes.T @ joined, slopes.sum(axis=0), slopes @ weights[:, :m]


def _made(seed: int, *shapes: tuple[int, ...]) -> tuple[Array, ...]:
    draw = np.random.default_rng(seed)
    return tuple(draw.normal(size=shape) for shape in shapes)


def _lstm_arguments(steps: int, hidden: int, width: int) -> tuple[Array, ...]:
    weights, bias, inputs = _made(3, (4 * hidden, width + hidden), (4 * hidden,), (steps, width))
    return weights / np.sqrt(width + hidden), 0.1 * bias, inputs


CHANGING = (
    Kernel("Jacobi 2-D, N=30, T=20", jacobi_2d, jacobi_2d_hand, (*_made(0, (30, 30), (30, 30)), 20), (0, 1), False),
    Kernel("heat 3-D, N=12, T=10", heat_3d, heat_3d_hand, (*_made(1, (12, 12, 12)), 0.1, 10), (0, 1), False),
    Kernel("Rosenbrock 100 by elements", rosenbrock_by_elements, rosenbrock_by_elements_hand, _made(2, (100,)), (0,), True),
    Kernel("the same, hand in Python's numbers", rosenbrock_by_elements, rosenbrock_in_numbers_hand, _made(2, (100,)), (0,), True),
    Kernel("LSTM, 100 steps of 8", lstm, lstm_hand, _lstm_arguments(100, 8, 4), (0, 1, 2), True),
)
