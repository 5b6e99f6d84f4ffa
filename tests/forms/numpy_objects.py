"""`np.frompyfunc`, and the arrays of objects that it gives: what they hold, and what Python computes of it."""

import math

import numpy as np

from tests.forms.form import form
from tests.rule_samples_arrays import drawing

draw, cplx = drawing(29)


def bump(v):
    return v * v if v > 0 else math.sin(v)


def product(a, b):
    return a * b + a


def both(a, b):
    return a * b, a + b


BUMP, SQUARE = np.frompyfunc(bump, 1, 1), np.frompyfunc(lambda v: v * v + v, 1, 1)
PRODUCT, BOTH = np.frompyfunc(product, 2, 1), np.frompyfunc(both, 2, 2)


def within(x, scale):
    return np.frompyfunc(lambda v: v * v * scale, 1, 1)(x).astype(float)


def parts(a, b):
    p, q = BOTH(a, b)
    return [p.astype(float), np.array(q, dtype=float)]


def computed(x):
    r = SQUARE(x)
    return [np.asarray((r * 2.0 + x - 1.0 / (r + 3.0)) ** 2, float), np.asarray(-r / x + abs(2.0 - r) + (x - r) * r, dtype=float)]


def taken(x):
    r = SQUARE(x)
    return [r[0] * r[-1], *[v * 2.0 for v in r], r.item(1), *r.tolist(), len(r) * r.ndim * r.size * x]


def shown(x):
    r = SQUARE(x)
    r[0, 1] = r[1, 0] * 3.0
    columns = r.T.copy()
    return [columns[0].astype(float), r.reshape(4)[1:].astype(float), r.ravel()[0], r.flatten().sum(), columns.item(1, 1), *r.tolist()[1]]


def written(x):
    y = np.zeros(np.shape(x), x.dtype)
    y[:] = BUMP(x)
    return y * 2.0


def compared(x):
    r = SQUARE(x)
    return np.where(r > 0.3, r.astype(float), x) + np.where(r == r, x, 0.0) * isinstance(r, np.ndarray)


FORMS = [
    form("np.frompyfunc(f, 1, 1)(x).astype(float)", f=bump, x=draw(3)),
    form("np.frompyfunc(f, 2, 1)(a, b).astype(float)", f=product, a=draw(2, 1), b=draw(2)),
    form("np.frompyfunc(f, 2, 1)(a, b).astype(complex)", f=product, a=cplx(2), b=0.7),
    form("f(x).astype(float)", f=BUMP, x=draw(3)),
    form("f(x).astype(float)", f=BUMP, x=np.zeros((0, 2))),
    form("np.array(f(x), dtype=float)", f=SQUARE, x=draw(2, 2)),
    form("np.float64(f(x))", f=BUMP, x=0.7, single=False, but="it says the dtype"),
    form("np.sum(f(x))", f=SQUARE, x=draw(3)),
    form("np.sum(f(x).sum())", f=BUMP, x=draw(9)),
    form("f(a, b)", f=PRODUCT, a=0.4, b=0.6),
    form("f(f(a, b), a).astype(float)", f=PRODUCT, a=draw(2), b=0.6),
    form("f(a, b)", f=parts, a=draw(2), b=draw(2)),
    form("f(a, b)", f=parts, a=draw(2, 1), b=0.3),
    form("f(a, b)", f=BOTH, a=0.4, b=0.3),
    form("f(a, b)", f=within, a=draw(3), b=0.3),
    form("f(x)", f=computed, x=draw(2)),
    form("f(x)", f=taken, x=draw(2)),
    form("f(x)", f=shown, x=draw(2, 2)),
    form("f(x)", f=written, x=draw(3)),
    form("f(x)", f=compared, x=draw(3)),
]  # fmt: skip
