"""Contractions: `einsum` in all its forms and `tensordot`."""

from __future__ import annotations

import numpy as np

from . import program
from .samples import positive, wave


@program(
    (wave(2, 3), wave(3, 4)),
    (wave(1, 2), wave(2, 1)),
    (wave(2, 3, dtype=np.float32), wave(3, 2, dtype=np.float32)),
    argnums=(0, 1),
)
def einsum_matrix_products(a, b):
    c = np.einsum("ij,jk->ik", a, b)
    d = np.einsum("ij,jk", b.T, a.T)
    return np.einsum("ik,ki->", c, d) + np.sum(np.einsum("ij,jk->ki", a, b) ** 2)


@program((wave(3, 3), wave(3)), (positive(2, 2), wave(2)), argnums=(0, 1))
def einsum_diagonals_and_traces(a, v):
    trace = np.einsum("ii", a)
    diagonal = np.einsum("ii->i", a * a)
    transposed = np.einsum("ji", a)
    return trace**2 + diagonal @ v + np.einsum("i,ij,j", v, a, v) + np.sum(transposed * a) + np.einsum("ii,i->", a, v)


@program((wave(2, 3, 4),), (wave(3, 1, 2),), (positive(1, 2, 2),))
def einsum_sums_and_transposes(x):
    column = np.einsum("ijk->j", x)
    moved = np.einsum("ijk->kij", x)
    total = np.einsum("ijk->", x**2)
    return np.sum(column**2) + np.sum(moved[0] * column) + total + np.einsum("ijk,ijk->i", x, np.sin(x))[0]


@program((wave(5, 2, 3), wave(5, 3, 2)), (wave(2, 1, 3), wave(2, 3, 4)), argnums=(0, 1))
def einsum_with_ellipsis(a, b):
    batched = np.einsum("...ij,...jk->...ik", a, b)
    rows = np.einsum("...i->...", a)
    return np.sum(batched**2) + np.sum(rows * batched[..., 0]) + np.einsum("b...,b...->...", a, a)[-1, 0]


@program((wave(5, 2, 3), wave(3, 4)), (wave(1, 2, 2), wave(2, 1)), argnums=(0, 1))
def einsum_ellipsis_broadcasts(a, m):
    out = np.einsum("...ij,jk", a, m)
    return np.sum(np.tanh(out)) + np.sum(np.einsum("...,...", out, out[:1]))


@program((wave(2, 3), wave(3, 4), wave(4, 2)), (wave(3, 1), wave(1, 2), wave(2, 3)), argnums=(0, 1, 2))
def einsum_three_operands(a, b, c):
    chain = np.einsum("ij,jk,kl->il", a, b, c, optimize=True)
    cycle = np.einsum("ij,jk,ki", a, b, c)
    return np.sum(chain**2) + cycle * np.einsum("ij->", a)


@program((wave(2, 3), wave(3, 4)), (wave(2, 2), wave(2, 2, phase=1.0)), argnums=(0, 1))
def einsum_with_index_lists(a, b):
    product = np.einsum(a, [0, 1], b, [1, 2], [0, 2])
    squares = np.einsum(a, [0, 1], a, [0, 1])
    return np.sum(np.cos(product)) + squares + np.sum(np.einsum(b, [0, ...]) ** 3)


@program((wave(3), wave(4)), (positive(2), wave(2)), argnums=(0, 1))
def einsum_outer_and_repeated_operand(u, v):
    outer = np.einsum("i,j->ij", u, v)
    cube = np.einsum("i,i,i->i", u, u, u)
    return np.sum(outer**2) + np.sum(cube) + np.einsum(",i->", 2.0, v) + np.einsum("i,->i", u, v[0])[0]


@program((wave(2, 3, 4), wave(4, 3, 2)), (wave(2, 1, 2), wave(2, 1, 2)), argnums=(0, 1))
def tensordot_with_axes(a, b):
    one = np.tensordot(a, b, axes=1)
    full = np.tensordot(a, b, axes=([0, 1, 2], [2, 1, 0]))
    two = np.tensordot(a, b, axes=([1, 2], [1, 0]))
    pair = np.tensordot(b, a, axes=(0, -1))
    return np.sum(one**2) + full + np.sum(np.sin(two)) + np.sum(pair[0, 0] * pair[-1, -1])


@program((wave(2, 2), wave(3)), (positive(3), wave(1, 2)), argnums=(0, 1))
def tensordot_outer_product(a, b):
    table = np.tensordot(a, b, axes=0)
    return np.sum(table**2) + np.tensordot(a, a, axes=a.ndim) ** 2 + table.ndim


@program((wave(2, 4, 6), 2), (wave(1, 3, 4), 1), argnums=0)
def attention_by_einsum(x, heads):
    batch, length, width = x.shape
    split = x.reshape(batch, length, heads, width // heads)
    scores = np.einsum("bqhd,bkhd->bhqk", split, split) / np.sqrt(width // heads)
    scores = scores - scores.max(axis=-1, keepdims=True)
    weights = np.exp(scores) / np.sum(np.exp(scores), axis=-1, keepdims=True)
    mixed = np.einsum("bhqk,bkhd->bqhd", weights, split).reshape(x.shape)
    return np.mean((mixed - x) ** 2)


@program((wave(2, 3, 2), wave(2, 3, 4)), (wave(1, 2, 3), wave(1, 2, 2)), argnums=(0, 1))
def einsum_of_many_sizes(a, b):
    c = np.einsum("ijk,ijl,ijm->klm", a, b, a)
    d = np.einsum("ijk,lmn->ikln", a[:, :1], b)
    return np.sum(np.sin(c)) + np.einsum("ijkl,ijkm->lm", d, d).sum() + np.einsum("...k,...k", a, a).sum()
