"""Functions of NumPy that arrange, choose and search, that call functions for elements, and that write into arrays."""

import math

import numpy as np

from tests.forms.form import form
from tests.rule_samples_arrays import drawing

draw, cplx = drawing(19)
SOME = np.array([True, False, True, True])
ROW = np.array([0.0, 0.0, 1.5, 0.0, 2.0, 0.0])


def doubled_ends(vector, width, axis, options):
    vector[: width[0]] = vector[width[0]] * 2.0
    vector[len(vector) - width[1] :] = 0.5


def wave(x, y):
    return x * y + math.sin(x)


def pairs(row):
    return row[:2] * row[1:]


def parts(x, y):
    return x * y, x + y


def dotted(x, y):
    return x @ y


WAVES = np.vectorize(wave)
UNKNOWN = "how many there are depends on values"
MADE = "each step makes an object anew"


def complex_of_reals(x, y):
    a = np.zeros((2, 3), complex)
    a[0, 0] = x
    a[1] = y
    a[0] += 1j * y
    a[:, 1] *= x
    return a


def copied(x, k):
    a = np.zeros(4)
    np.copyto(a, x, where=k)
    np.copyto(a[:2], x[2:] * 2.0)
    return a


def put(x, v):
    a = x * 1.0
    np.put(a, [0, -1], v)
    np.put(a, [5, 2], v * 2.0, mode="wrap")
    np.put(a, [9], x[0] * x[1], mode="clip")
    return a


def placed(x, v):
    a, b = x * 1.0, x * 2.0
    np.place(a, a > 0.0, v)
    np.putmask(b, b < 0.0, v[0] * x)
    return a * b


def on_diagonals(x, v):
    a = np.outer(x, x)
    np.fill_diagonal(a, v)
    np.put_along_axis(a, np.array([[1], [0], [1], [2]]), x[:, None] * v[0], axis=1)
    return a


CHOSEN = [
    form("np.array([a, a * b[0]])", a=draw(3), b=draw(2)),
    form("np.array([[(a, b), (b * 2.0, a)]], ndmin=5)", a=draw(2), b=draw(2)),
    form("np.array(([a, [1, 2, 3]], [b, a]))", a=draw(3), b=draw(3)),
    form("np.asarray(a, device='cpu', copy=True) + np.full_like(a, b, device='cpu') + np.linspace(b, 1, 3, device=None)", a=draw(3), b=0.3),
    form("np.choose(k, [a, b, c])", k=np.array([2, 0, 1]), a=draw(3), b=draw(3), c=0.5),
    form("np.choose(k, a)", k=np.array([[1, 0], [0, 1]]), a=draw(2, 2)),
    form("np.choose(k, [a, b], mode='wrap')", k=np.array([2, -1, 1]), a=draw(3), b=draw(2, 3)),
    form("np.choose(k, [a, b], mode='clip')", k=np.array([2, -1, 1]), a=draw(3), b=cplx(3)),
    form("np.choose(k, [a, b])", k=1, a=0.5, b=0.25),
    form("k.choose([a, b])", k=np.array([1, 0]), a=0.5, b=0.25),
    form("np.select([x > 0, x < -1], [x * a, a], default=a * a)", x=draw(4), a=0.7),
    form("np.compress(k, a)", k=SOME, a=draw(4)),
    form("np.compress(k, a, axis=1)", k=SOME, a=draw(2, 5)),
    form("np.extract(a > 0, a)", a=draw(2, 4)),
    form("np.take(a, k, axis=1, mode='wrap')", k=np.array([5, -2, 1]), a=draw(2, 3)),
    form("np.take(a, k, mode='clip')", k=np.array([5, -2, 1]), a=draw(2, 3)),
    form("np.take_along_axis(a, k, None)", k=np.array([5, -2, 1]), a=draw(2, 3)),
    form("a[np.s_[1:, ::2]]", a=draw(3, 4)),
    form("a[np.ix_([0, 2], [1, 0])]", a=draw(3, 4)),
    form("a[np.tril_indices(3, -1)]", a=draw(3, 3)),
    form("a[np.triu_indices_from(a)]", a=draw(3, 3)),
    form("a[np.mask_indices(3, np.triu)]", a=draw(3, 3)),
]

INSERTED = [
    form("np.insert(a, 1, v)", a=draw(4), v=0.3),
    form("np.insert(a, -1, v, axis=0)", a=draw(3, 2), v=draw(2)),
    form("np.insert(a, 1, v, axis=1)", a=draw(3, 2), v=draw(3)),
    form("np.insert(a, [1], v, axis=1)", a=draw(3, 2), v=draw(3, 1)),
    form("np.insert(a, [0, 2, 2], v)", a=draw(4), v=draw(3)),
    form("np.insert(a, np.array([3, 1]), v, axis=0)", a=cplx(4, 2), v=draw(2)),
    form("np.insert(a, slice(0, 4, 2), v)", a=draw(4), v=draw(2)),
    form("np.insert(a, k, v)", a=draw(4), v=draw(3), k=SOME),
    form("np.insert(a, a > 0.2, v)", a=draw(4), v=0.3),
    form("np.insert(a, 2, v)", a=draw(2, 2), v=draw(3)),
    form("np.insert(a, np.searchsorted(a, v), v)", a=np.array([1.0, 2.0, 3.0]), v=1.5),
    form("np.delete(a, 1)", a=draw(4)),
    form("np.delete(a, -1, axis=1)", a=draw(2, 3)),
    form("np.delete(a, [0, 2])", a=draw(2, 2)),
    form("np.delete(a, slice(None, None, 2), axis=0)", a=cplx(5, 2)),
    form("np.delete(a, slice(3, 0, -1))", a=draw(5)),
    form("np.delete(a, k, axis=1)", a=draw(2, 4), k=SOME),
    form("np.delete(a, a > 0.2)", a=draw(4)),
    form("np.delete(a, np.argmax(a))", a=draw(4)),
    form("np.delete(a, [])", a=draw(4)),
    form("np.delete(a, np.s_[10:])", a=draw(4)),
    form("np.delete(a, k)", a=draw(4), k=np.array([1, -1]), kept=False, but="two places may be the same one"),
]

WINDOWS = [
    form("np.lib.stride_tricks.sliding_window_view(a, 3)", a=draw(5)),
    form("np.lib.stride_tricks.sliding_window_view(a, (2, 2))", a=draw(3, 4)),
    form("np.lib.stride_tricks.sliding_window_view(a, 2, axis=0)", a=cplx(3, 4)),
    form("np.lib.stride_tricks.sliding_window_view(a, (2, 2), axis=(0, 0))", a=draw(4)),
]

JOINED = [
    form("np.append(a, b)", a=draw(2, 2), b=0.4),
    form("np.append(a, b, axis=1)", a=draw(2, 2), b=draw(2, 1)),
    form("np.resize(a, (3, 4))", a=draw(5)),
    form("np.resize(a, 2)", a=draw(2, 3)),
    form("np.block([[a, b], [c]])", a=draw(2, 2), b=draw(2, 1), c=draw(1, 3)),
    form("np.block([a, b])", a=draw(2), b=0.4),
    form("np.r_[a, 0.5, b]", a=draw(2), b=draw(3)),
    form("np.r_['0,2', a, b]", a=draw(3), b=draw(3)),
    form("np.c_[a, b]", a=draw(3), b=draw(3, 2)),
    form("np.concat([a, a])", a=draw(4)),
    form("np.kron(a, b)", a=draw(2, 2), b=draw(3)),
    form("np.outer(a, b)", a=draw(2), b=draw(3)),
    form("np.subtract.outer(a, b)", a=draw(2, 2), b=draw(3)),
    form("np.vdot(a, b)", a=cplx(2, 2), b=cplx(2, 2)),
    form("np.inner(a, b)", a=draw(2, 3), b=draw(4, 3)),
    form("np.ediff1d(a)", a=draw(2, 2)),
]

SHAPED = [
    form("a * np.mgrid[0:2, 0:3]", a=draw(2, 3)),
    form("a * np.ogrid[0:1:3j]", a=draw(3)),
    form("a * np.ogrid[0:2, 0:3][1]", a=draw(2, 3)),
    form("a * np.mgrid[0:1:3j]", a=draw(3)),
    form("np.meshgrid(a, b)", a=draw(2), b=draw(3)),
    form("np.meshgrid(a, b, indexing='ij', sparse=True)", a=draw(2), b=draw(3)),
    form("np.broadcast_arrays(a, b)", a=draw(2, 1), b=draw(3)),
    form("np.ones(np.broadcast_shapes(a.shape, (3, 1))) * a", a=draw(2)),
    form("np.rot90(a, 3, axes=(1, 0))", a=draw(2, 3)),
    form("np.tril(a, -1)", a=draw(3, 3)),
    form("np.triu(a, 1)", a=draw(2, 3, 3)),
    form("np.tile(a, (2, 1, 2))", a=draw(2, 3)),
    form("np.repeat(a, [1, 2, 0], axis=1)", a=draw(2, 3)),
    form("np.roll(a, (1, 2), axis=(0, 1))", a=draw(2, 3)),
    form("np.flip(a, (0, 1))", a=draw(2, 3)),
    form("np.unstack(a, axis=1)", a=draw(2, 3)),
    form("np.array_split(a, [2, 2, 9])", a=draw(5)),
    form("np.split(a, [1, 3], axis=1)", a=draw(2, 4)),
    form("np.squeeze(a)", a=draw(1, 3, 1)),
    form("np.permute_dims(a, (1, 0))", a=draw(2, 2)),
    form("np.atleast_3d(a)", a=draw(4)),
]

PADDED = [
    form("np.pad(a, (1, 2), constant_values=c)", a=draw(2, 3), c=0.4),
    form("np.pad(a, (1, 2), constant_values=(c, d))", a=draw(2, 3), c=0.4, d=0.7),
    form("np.pad(a, ((1, 2), (0, 1)), constant_values=c)", a=draw(2, 3), c=draw(2, 2)),
    form("np.pad(a, {-1: (1, 2)})", a=draw(2, 3)),
    form("np.pad(a, {0: 1}, 'edge')", a=draw(2, 3)),
    form("np.pad(a, ((1, 2), (2, 0)), 'edge')", a=draw(3, 4)),
    form("np.pad(a, 7, 'reflect')", a=draw(3)),
    form("np.pad(a, (1, 2), 'reflect')", a=draw(1)),
    form("np.pad(a, (4, 9), 'wrap')", a=draw(3)),
    form("np.pad(a, (4, 9), 'symmetric')", a=cplx(3)),
    form("np.pad(a, (2, 3), 'reflect', reflect_type='odd')", a=draw(3)),
    form("np.pad(a, 2, 'symmetric', reflect_type='odd')", a=draw(3, 4)),
    form("np.pad(a, (7, 8), 'reflect', reflect_type='odd')", a=draw(3)),
    form("np.pad(a, (7, 8), 'symmetric', reflect_type='odd')", a=draw(3)),
    form("np.pad(a, 1, 'reflect', reflect_type='odd')", a=draw(1, 2)),
    form("np.pad(a, ((1, 2), (2, 0)), 'maximum')", a=draw(3, 4)),
    form("np.pad(a, 2, 'maximum', stat_length=2)", a=draw(2, 4)),
    form("np.pad(a, (2, 3), mode='minimum')", a=draw(3)),
    form("np.pad(a, ((1, 2), (2, 0)), 'mean')", a=draw(3, 4)),
    form("np.pad(a, 2, 'mean', stat_length=((1, 2), (3, 1)))", a=draw(2, 4)),
    form("np.pad(a, ((1, 2), (2, 0)), 'median')", a=draw(3, 4)),
    form("np.pad(a, 2, 'median', stat_length=3)", a=draw(5)),
    form("np.pad(a, ((1, 2), (2, 0)), 'linear_ramp')", a=draw(3, 4)),
    form("np.pad(a, (2, 3), 'linear_ramp', end_values=c)", a=draw(3), c=0.4),
    form("np.pad(a, (2, 3), 'linear_ramp', end_values=(c, d))", a=draw(2, 3), c=0.4, d=0.3),
    form("np.pad(a, 2, 'maximum')", edge={"a": [3.0, 3.0]}, a=np.array([1.0, 1.0])),
    form("np.pad(a, (1, 2), f)", f=doubled_ends, a=draw(2, 3), kept=False, but="the function writes into views"),
]

CALLED = [
    form("np.apply_along_axis(f, 0, a)", f=pairs, a=draw(3, 2)),
    form("np.apply_along_axis(np.sum, 1, a)", a=draw(3, 2)),
    form("np.apply_along_axis(lambda r: np.outer(r, r), 0, a)", a=draw(2, 3)),
    form("np.apply_along_axis(lambda r, s: r * s, -1, a, s)", a=draw(2, 2, 2), s=0.5),
    form("np.apply_over_axes(np.sum, a, [0, 2])", a=draw(2, 3, 2)),
    form("np.vectorize(f)(a, b)", f=wave, a=draw(3), b=draw(2, 1)),
    form("np.vectorize(f)(a, b)", f=wave, a=0.4, b=0.7),
    form("np.vectorize(f, otypes=[float])(a, 0.5)", f=wave, a=draw(3)),
    form("np.vectorize(f, cache=True)(a, b)", f=wave, a=draw(3), b=0.3),
    form("np.vectorize(f, excluded=['y'])(a, y=b)", f=wave, a=draw(3), b=0.3, kept=False, but="the arguments are put together in a list"),
    form("np.vectorize(f)(a, b)", f=parts, a=draw(3), b=draw(2, 1)),
    form("np.vectorize(lambda x: x * x)(a)", a=draw(3), kept=False, but=MADE),
    form("np.vectorize(f, signature='(n)->(m)')(a)", f=pairs, a=draw(2, 3)),
    form("np.vectorize(f, signature='(n),(n)->()')(a, b)", f=dotted, a=draw(2, 3), b=draw(3)),
    form("f(a, b)", f=WAVES, a=draw(2, 3), b=draw(3)),
    form("np.fromiter([x * x for x in a], float)", a=draw(3)),
    form("np.fromiter((x * x for x in a), dtype=float, count=3)", a=draw(3)),
    form("np.fromfunction(lambda i, j: (i + j) * a, (2, 3))", a=draw(2, 3)),
    form("sum([a[i] ** 2 for i in np.ndindex(2, 3)])", a=draw(2, 3)),
    form("np.sum([v ** 2 * i[0] for i, v in np.ndenumerate(a)])", a=draw(2, 3)),
]

SETS = [
    form("np.union1d(a, b)", a=draw(3), b=draw(2), kept=False, but=UNKNOWN),
    form("np.setxor1d(a, b)", a=draw(3), b=draw(2), kept=False, but=UNKNOWN),
    form("np.intersect1d(a, b)", edge={"a": [0.0, 1.0, 1.0]}, a=np.array([1.0, 2.0, 3.0]), b=np.array([2.0, 3.0, 5.0]), still=("b",),
         kept=False, but=UNKNOWN),
    form("np.setdiff1d(a, b)", edge={"a": [1.0, 0.0, 1.0]}, a=np.array([1.0, 2.0, 3.0]), b=np.array([2.0, 5.0]), still=("b",),
         kept=False, but=UNKNOWN),
    form("np.trim_zeros(a)", edge={"a": [0.0, 0.0, 1.0, 1.0, 1.0, 0.0]}, a=ROW, kept=False, but=UNKNOWN),
    form("np.trim_zeros(a, 'f')", edge={"a": [0.0, 0.0, 1.0, 1.0, 1.0, 1.0]}, a=ROW, kept=False, but=UNKNOWN),
    form("a[np.searchsorted(a, x, sorter=np.argsort(a))] * x", a=np.array([3.0, 1.0, 2.0]), x=1.5),
    form("a[np.diag_indices_from(a)]", a=draw(3, 3)),
    form("np.ravel(a)[np.ravel_multi_index(([0, 1], [2, 0]), a.shape)]", a=draw(3, 3)),
]  # fmt: skip

WRITTEN = [
    form("f(x, y)", f=complex_of_reals, x=0.7, y=draw(3)),
    form("f(x, k)", f=copied, x=draw(4), k=SOME),
    form("f(x, v)", f=put, x=draw(4), v=draw(2)),
    form("f(x, v)", f=placed, x=draw(4), v=draw(2)),
    form("f(x, v)", f=on_diagonals, x=draw(4), v=draw(4)),
    form("[np.copyto(b := a * 1.0, v, where=k), b][1]", a=draw(4), v=0.3, k=SOME),
    form("[np.put(b := a * 1.0, [0, -1], v), b][1]", a=draw(4), v=draw(2)),
    form("[np.place(b := a * 1.0, k, v), b][1]", a=draw(4), v=draw(2), k=SOME),
    form("[np.putmask(b := a * 1.0, k, v), b][1]", a=draw(4), v=draw(4), k=SOME),
    form("[np.put_along_axis(b := a * 1.0, k, v, 1), b][1]", a=draw(2, 3), v=draw(2, 1), k=np.array([[1], [2]])),
    form("[np.fill_diagonal(b := a * 1.0, v), b][1]", a=draw(3, 3), v=0.4),
    form("a * np.broadcast(a, a).size * np.iterable(a)", a=draw(3)),
    form("np.einsum('ij,jk', a, b, optimize=np.einsum_path('ij,jk', a, b)[0])", a=draw(2, 3), b=draw(3, 2), kept=False,
         but="the order may be another one for other sizes"),
    form("np.require(a, float, ['C'])", a=draw(3)),
]  # fmt: skip

FORMS = CHOSEN + INSERTED + WINDOWS + JOINED + SHAPED + PADDED + CALLED + SETS + WRITTEN
