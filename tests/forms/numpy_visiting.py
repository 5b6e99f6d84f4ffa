"""`np.nditer`, which gives the elements of arrays side by side, to read and to write."""

import numpy as np

from tests.forms.form import form
from tests.rule_samples_arrays import drawing

draw, cplx = drawing(23)
LAYOUT = "how the array lies in memory is not known"


def weighed(x):
    s = []
    for v in np.nditer(x):
        s.append(v * v)
    return s


def by_columns(x):
    return [v * (k + 1) for k, v in enumerate(np.nditer(x, order="F"))]


def turned(x):
    return [v * (k + 1) for k, v in enumerate(np.nditer(x.T * 1.0))]


def backwards(x):
    return [v * (k + 1) for k, v in enumerate(np.nditer(x[:, ::-1]))]


def added(a, b):
    return [x * y + x for x, y in np.nditer([a, b])]


def made(a, b):
    it = np.nditer([a, b, None])
    with it:
        for x, y, out in it:
            out[...] = x * y + x
        return it.operands[2]


def made_as_another(a):
    it = np.nditer([a, None], op_dtypes=[None, np.complex128])
    for x, out in it:
        out[...] = x * 1j + x
    return it.operands[1]


def made_by_columns(a):
    it = np.nditer([a.T, None])
    for x, out in it:
        out[...] = x * x
    return np.ravel(it.operands[1] * 1.0)


def doubled(x):
    for v in np.nditer(x, op_flags=["readwrite"]):
        v[...] = 2 * v * v
    return x


def filled(x):
    y = np.zeros((2, 2))
    for k, v in enumerate(np.nditer(y, op_flags=[["writeonly"]])):
        v[...] = k * x
    return y


def sums(a):
    rows = np.zeros((2, 1))
    for x, s in np.nditer([a, rows], flags=["reduce_ok"], op_flags=[["readonly"], ["readwrite"]]):
        s[...] += x * x
    return rows


def by_hand(x):
    it, s = np.nditer(x, flags=["multi_index", "c_index"]), []
    while not it.finished:
        s.append(it[0] ** 2 * (it.multi_index[0] + 2.0 * it.multi_index[1] + it.index))
        it.iternext()
    return s


def written_by_hand(x):
    y = x * 2.0
    it = np.nditer(y, flags=["f_index", "zerosize_ok"], op_flags=["readwrite"])
    while not it.finished:
        it[0] = it[0] * it.index
        it.iternext()
    return y


def with_indices(x):
    it = np.nditer(x, ["multi_index", "f_index"])
    return [v * (it.multi_index[1] + 3 * it.index + it.iterindex) for v in it]


def asked(x):
    it = np.nditer([x, 2.0, None], ["multi_index"])
    told = (*it.shape, it.ndim, it.nop, len(it), it.itersize, it.has_index, it.has_multi_index, it.dtypes[0].itemsize // x.itemsize)
    return x * sum(told)


def shown(x):
    y = x * 1.0
    for v in np.nditer(y):
        y[1, 1] = v * 2.0
    return y


FORMS = [
    form("[v * v for v in np.nditer(x)]", x=draw(1, 3)),
    form("[v * w for v, w in np.nditer([a, b])]", a=cplx(2), b=draw(2)),
    form("f(x)", f=weighed, x=draw(2, 2)),
    form("f(x)", f=weighed, x=0.7),
    form("f(x)", f=by_columns, x=draw(2, 2)),
    form("f(x)", f=turned, x=draw(2, 2), kept=False, but=LAYOUT),
    form("f(x)", f=backwards, x=draw(1, 3), kept=False, but=LAYOUT),
    form("f(a, b)", f=added, a=draw(2, 1), b=draw(2)),
    form("f(a, b)", f=added, a=draw(2), b=0.6),
    form("f(a, b)", f=added, a=cplx(2), b=draw(2)),
    form("f(a, b)", f=made, a=draw(1, 2), b=draw(2)),
    form("f(a, b)", f=made, a=0.4, b=cplx(2)),
    form("f(a, b)", f=made, a=0.3, b=0.6),
    form("f(a)", f=made_as_another, a=draw(2)),
    form("f(a)", f=made_by_columns, a=draw(2, 2), kept=False, but=LAYOUT),
    form("f(x * 1.0)", f=doubled, x=draw(1, 3)),
    form("f(x)", f=filled, x=0.6),
    form("f(a)", f=sums, a=draw(2, 1)),
    form("f(x)", f=by_hand, x=draw(2, 2)),
    form("f(x)", f=written_by_hand, x=draw(3)),
    form("f(x)", f=written_by_hand, x=draw(2, 0), kept=False, but="a place is found by dividing by sizes"),
    form("f(x)", f=with_indices, x=draw(2, 2)),
    form("f(x)", f=asked, x=draw(1, 2)),
    form("f(x)", f=shown, x=draw(2, 2)),
]  # fmt: skip
