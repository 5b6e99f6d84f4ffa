"""Methods and attributes of arrays instead of functions; dtype casts and copies."""

from __future__ import annotations

import numpy as np

from . import program
from .samples import positive, wave

CUBE = wave(2, 3, 4)


@program((wave(3, 4),), (positive(2, 2),), (wave(1, 3),), (wave(3, 2, dtype=np.float32),))
def reduction_methods(x):
    total = x.sum() * x.mean() + x.sum(axis=0).max() - x.min(axis=1, keepdims=True).sum()
    total = total + x.prod(axis=-1).sum() + x.std() * x.var(axis=0).sum()
    return total + x.max() * x.mean(axis=(0, 1)) + x.cumsum(axis=0)[-1].sum() + x.cumprod()[-1]


@program((CUBE,), (wave(3, 1, 2),), (wave(2, 2, 2, dtype=np.float32),))
def shape_methods(x):
    a, b, c = x.shape
    flat = x.reshape(-1) * x.ravel() * x.flatten()[::-1]
    turned = x.transpose(2, 0, 1).reshape(c, a * b)
    swapped = x.swapaxes(1, 2).reshape((a, c, b))
    lifted = x.reshape(a, 1, b, c).squeeze(axis=1)
    return (
        np.sum(flat * np.arange(x.size))
        + np.sum(turned[0] ** 2)
        + np.sum(swapped[0, 0] * lifted[0, :, 0])
        + np.sum(x.T[0])
    )


@program((wave(3, 4),), (wave(2, 2, phase=1.0),))
def transposes(m):
    gram = m @ m.T
    also = m.transpose() @ m + m.T.dot(m)
    return np.sum(gram**2) * 0.1 + also.trace() + gram.T[0, -1] + m.T.ravel() @ m.ravel() + m.T.sum() * m[0, 0]


@program((wave(3, 3),), (positive(2, 2),))
def selection_methods(m):
    diagonal = m.diagonal()
    taken = m.take([0, 0, 3]) * np.array([1.0, 2.0, 3.0])
    repeated = m.repeat(2, axis=0)
    clipped = m.clip(-1.2, 1.4) + m.round()
    return diagonal @ diagonal + taken.sum() + np.sum(repeated[1] * repeated[2]) + np.sum(clipped * m) + m.trace(1) ** 2


@program((wave(4),), (wave(2, 2),), (wave(3, dtype=np.float32),), (0.5,))
def casts_between_float_types(x):
    x = np.asarray(x)
    double = x.astype(np.float64) * 2.0
    again = (double + x).astype("float64").astype(float)
    total = np.sum(np.sin(again)) + np.float64(x.ravel()[0]) * 3
    return total + x.ravel()[-1].astype(np.float64) ** 2 + np.array(x, dtype=np.float64).sum()


@program((1.3 * wave(5),), (1.3 * positive(2, 2),))
def integer_casts_choose_cells(x):
    cells = np.floor(x).astype(int)
    weights = (x > 0).astype(x.dtype)
    inside = x - cells
    return np.sum(inside**2 * weights) + np.sum(cells * x) + int(cells.sum()) * x.ravel()[0]


@program((wave(4), 0.3), (wave(2, 3), 1.2), argnums=(0, 1))
def copies_are_independent(x, s):
    copied = x.copy()
    same = np.array(x)
    viewed = np.asarray(copied) * s
    view = x.view() if s > 1 else x[...]
    return np.sum(copied * same * s) + np.sum(viewed**2) + np.sum(view**3) + np.ascontiguousarray(x.T).sum()


@program((wave(2, 3),), (wave(5),), (np.array(0.8),), (np.zeros((0, 2)),))
def shape_attributes_decide(x):
    if x.ndim == 0:
        return x * x + 1.0 * x.size
    if x.size == 0:
        return x.sum() + len(x.shape)
    scale = x.size / x.shape[0] + x.itemsize
    return (x.sum(axis=0) ** 2).sum() * scale + len(x) * x.max()


@program((wave(3) + 0.0j, 0.5), (wave(2, 2) + 0.0j, 1.5), argnums=1)
def complex_array_attributes(z, s):
    w = z * np.exp(1j * s) + s
    return (w.real**2).sum() + (w.imag * w.conj().real).sum() + np.abs(w).sum() + w.conjugate().imag.max()


@program((wave(6), 1), (wave(3), 0), (positive(4, dtype=np.float32), 2), argnums=0)
def sorting_methods(v, k):
    order = v.argsort()
    largest = v[v.argmax()]
    compact = v[order][v[order].nonzero()]
    return largest * v[order[k]] + compact[::2].sum() ** 2 + v.argmin() * v[0]
