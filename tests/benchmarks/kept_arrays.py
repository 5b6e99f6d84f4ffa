"""The kept loops that make arrays: item by item in place, and by whole rows; each with an adjoint written out by hand."""
from __future__ import annotations

import numpy as np

from .kernels import Array, ValueAndGradients


def seidel_2d(a: Array, sweeps: int) -> float:
    """Sweeps over the inside of a square, each point replaced by the mean of its neighbourhood as it is by then."""
    a = a.copy()
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


def seidel_2d_hand(a: Array, sweeps: int) -> ValueAndGradients:
    """The sweeps backwards, in the array that held the function's; they are linear, and nothing is saved."""
    a = a.copy()
    n = len(a)
    for _ in range(sweeps):
        for i in range(1, n - 1):
            for j in range(1, n - 1):
                a[i, j] = (
                    a[i - 1, j - 1] + a[i - 1, j] + a[i - 1, j + 1]
                    + a[i, j - 1] + a[i, j] + a[i, j + 1]
                    + a[i + 1, j - 1] + a[i + 1, j] + a[i + 1, j + 1]
                ) / 9.0
    value = (a * a).sum()
    a *= 2.0
    for _ in range(sweeps):
        for i in range(n - 2, 0, -1):
            for j in range(n - 2, 0, -1):
                share = a[i, j] / 9.0
                a[i, j] = share
                a[i - 1, j - 1] += share
                a[i - 1, j] += share
                a[i - 1, j + 1] += share
                a[i, j - 1] += share
                a[i, j + 1] += share
                a[i + 1, j - 1] += share
                a[i + 1, j] += share
                a[i + 1, j + 1] += share
    return value, (a,)


def rnn(w: Array, u: Array, b: Array, inputs: Array, targets: Array) -> float:
    """A recurrent network that follows a series; the squared error over all steps."""
    h = np.zeros(len(b))
    loss = 0.0
    for t in range(len(inputs)):
        h = np.tanh(w @ h + u @ inputs[t] + b)
        loss = loss + np.sum((h - targets[t]) ** 2)
    return loss


def rnn_hand(w: Array, u: Array, b: Array, inputs: Array, targets: Array) -> ValueAndGradients:
    """The states are rows of one array; what does not depend on other steps is made for all of them at once."""
    steps, n = targets.shape
    h = np.zeros((steps + 1, n))
    for t in range(steps):
        now = h[t + 1]
        np.matmul(w, h[t], out=now)
        now += u @ inputs[t]
        now += b
        np.tanh(now, out=now)
    errors = h[1:] - targets
    loss = 0.0
    for each in (errors * errors).sum(axis=1):  # one after the other, as the function adds them
        loss = loss + each
    slopes = h[1:] * h[1:]
    np.subtract(1.0, slopes, out=slopes)
    errors *= 2.0
    carried = np.zeros(n)
    for t in range(steps - 1, -1, -1):
        row = errors[t]
        row += carried
        row *= slopes[t]
        np.matmul(row, w, out=carried)
    return loss, (errors.T @ h[:-1], errors.T @ inputs, errors.sum(axis=0))
