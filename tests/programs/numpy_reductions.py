"""Reductions with axis, keepdims, ddof, where and initial; cumulative sums and products; order statistics."""

from __future__ import annotations

import numpy as np

from . import program
from .samples import positive, wave

CUBE, CUBE32 = wave(2, 3, 4), wave(2, 2, 3, dtype=np.float32)


@program((wave(5),), (wave(2, 3),), (CUBE,), (CUBE32,), (np.array(0.8),))
def full_reductions(x):
    return np.sum(x) * np.mean(x * x) + np.prod(1.0 + 0.1 * x) - np.max(x) * np.min(x)


@program((CUBE,), (wave(3, 2, 2),), (wave(1, 4, 1),), (CUBE32,))
def sum_over_axes(x):
    rows = np.sum(x, axis=0)
    pairs = np.sum(x * x, axis=(0, 2))
    kept = np.sum(x, axis=-1, keepdims=True)
    both = np.sum(x, axis=(-1, -3), keepdims=True)
    return (
        np.sum(rows**2) + np.sum(np.sin(pairs)) + np.sum(kept * x) + np.sum(both * x**2) + np.sum(x, axis=())[0, 0, 0]
    )


@program((CUBE,), (wave(3, 2, 2),), (wave(1, 4, 1),))
def mean_over_axes(x):
    centred = x - np.mean(x, axis=1, keepdims=True)
    profile = np.mean(centred**2, axis=(0, -1))
    return (
        np.sum(profile * np.arange(1.0, len(profile) + 1)) + np.mean(np.mean(x, 2), 0)[0] ** 2 + np.mean(x, axis=None)
    )


@program((wave(3, 4),), (wave(5, 2),), (positive(2, 3, dtype=np.float32),))
def variance_and_deviation(x):
    z = (x - x.mean(axis=0)) / np.std(x, axis=0)
    spread = np.var(x, axis=1, ddof=1) + np.var(x, axis=-1, keepdims=True)[:, 0]
    return np.sum(np.tanh(z) * x) + np.sum(spread**2) + np.std(x, ddof=1) * np.var(x) + np.std(x, axis=(0, 1))


@program((wave(3, 4),), (positive(2, 2),), (wave(1, 3, dtype=np.float32),))
def products_over_axes(x):
    columns = np.prod(x, axis=0)
    rows = np.prod(x, axis=1, keepdims=True)
    return np.sum(columns * np.arange(x.shape[1])) + np.sum(rows * x) + np.prod(x[0]) ** 2


@program((np.array([2.0, 0.0, -1.5]),), (np.array([0.0, 0.0, 3.0]),), (np.array([[1.0, 0.0], [2.0, 3.0]]),))
def products_with_zeros(x):
    return np.prod(x) + np.sum(np.prod(x * 1.5, axis=0)) + np.sum(np.cumprod(x)) + np.prod(x + 1.0)


@program((wave(3, 4),), (positive(2, 2, phase=1.0),), (wave(4, 1, dtype=np.float32),))
def extremes_over_axes(x):
    top = np.max(x, axis=0)
    bottom = np.min(x, axis=1, keepdims=True)
    scaled = (x - bottom) / (np.amax(x) - np.amin(x) + 1.0)
    return np.sum(top**2) + np.sum(scaled * x) + np.max(x, axis=(0, 1)) * np.min(np.max(x, axis=-1))


@program((wave(3, 4), 0.5), (positive(2, 3), 0.2), (-positive(2, 2), 1.5), argnums=(0, 1))
def where_and_initial(x, start):
    mask = x > 0
    total = np.sum(x * x, where=mask) + np.sum(x, axis=0, initial=start)[0]
    total = total * np.prod(x, where=mask, initial=2.0) + np.mean(x, where=x < 9.0)
    return (
        total + np.max(x, initial=-9.0, where=mask) * np.min(x, axis=1, initial=9.0)[0] + np.sum(x, initial=start * 2)
    )


@program((wave(3, 4),), (wave(2, 3, phase=1.0),), (positive(4, 3),))
def masked_statistics(x):
    weights = np.abs(x) < 1.4
    return np.var(x, where=weights) + np.std(x, axis=0, where=x < 99.0).sum() + np.mean(x, axis=1, where=x > -99.0)[0]


@program((wave(5),), (wave(3, 2),), (wave(2, 3, dtype=np.float32),))
def cumulative_sums_and_products(x):
    flat = np.cumsum(x)
    along = np.cumsum(x, axis=0) * np.cumprod(1 + x / 3, axis=-1)
    return np.sum(flat**2) + np.sum(along) + flat[-1] * np.cumprod(x)[1] + np.sum(np.diff(flat) * flat[1:])


@program((wave(6),), (wave(3, 4),), (wave(5, dtype=np.float32),))
def sorting_and_ranks(x):
    ordered = np.sort(x, axis=-1)
    weights = np.arange(1.0, x.shape[-1] + 1) ** 2
    flat = np.sort(x, axis=None)
    order = np.argsort(x.ravel())
    return (
        np.sum(ordered * weights)
        + flat[0] * flat[-1]
        + np.sum(x.ravel()[order[:3]] ** 3)
        + np.sum(np.sort(x, axis=0)[0])
    )


@program((wave(6),), (wave(3, 4, phase=1.0),), (positive(2, 2),))
def argmax_selects_an_element(x):
    flat = x.ravel()
    k = np.argmax(flat)
    column = np.argmin(x, axis=-1)
    unravelled = np.unravel_index(np.argmax(np.abs(x)), x.shape)
    return flat[k] ** 2 + x[unravelled] * flat[-1] + np.sum(column) * flat[int(np.argmin(flat))]


@program((wave(3, 4),), (wave(2, 2),), (1000.0 * wave(2, 3),), (wave(3, 2, dtype=np.float32),))
def log_sum_exp_is_stable(logits):
    shift = np.max(logits, axis=1, keepdims=True)
    lse = np.log(np.sum(np.exp(logits - shift), axis=1)) + shift[:, 0]
    return np.mean(lse - logits[:, 0]) + np.sum(lse) / 10


@program((wave(3, 4), 0.4), (wave(2, 2), -1.0), (wave(3, 2, dtype=np.float32), np.float32(0.3)), argnums=(0, 1))
def reduced_by_methods_of_ufuncs(x, start):
    soft = np.logaddexp.reduce(x, axis=1, initial=start, where=x > -1.0)
    lengths = np.hypot.reduce(x, keepdims=True)
    return np.sum(soft**2) + np.sum(x / lengths) + np.logaddexp2.reduce(x, axis=None) * np.logaddexp.reduce(x[0])
