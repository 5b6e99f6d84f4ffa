"""Functions of NumPy that are followed."""

import numpy as np

from tests.forms.form import form
from tests.rule_samples_arrays import drawing

draw, cplx = drawing(15)

FORMS = [
    form("np.trapezoid(y)", y=draw(5)),
    form("np.trapezoid(y, dx=0.5, axis=0)", y=draw(3, 4)),
    form("np.trapezoid(y, x)", y=draw(2, 5), x=draw(5)),
    form("np.trapezoid(y, x, axis=0)", y=cplx(4), x=draw(4)),
    form("np.gradient(f)", f=draw(5)),
    form("np.gradient(f, 0.5, edge_order=2)", f=draw(5)),
    form("np.gradient(f, x, axis=1)", f=draw(3, 4), x=np.array([0.0, 0.4, 1.0, 1.1])),
    form("np.gradient(f)", f=draw(3, 4)),
    form("np.polyval(p, x)", p=draw(4), x=1.3),
    form("np.polyval(p, x)", p=draw(4), x=draw(2, 3)),
    form("np.polyval(p, x)", p=cplx(3), x=cplx(2)),
    form("np.vander(x, 3)", x=draw(4)),
    form("np.vander(x, 4, increasing=True)", x=draw(3)),
    form("np.unwrap(p)", p=np.array([0.0, 2.0, 5.5, -1.0, 9.0])),
    form("np.linalg.cond(x)", x=draw(3, 3)),
    form("np.linalg.matrix_norm(x)", x=draw(3, 3)),
    form("np.linalg.matrix_norm(x, ord='nuc')", x=draw(2, 3, 3)),
    form("np.linalg.vector_norm(x, axis=1)", x=draw(3, 3)),
    form("np.cumulative_sum(x, axis=0, include_initial=True)", x=draw(3, 3)),
    form("np.cumulative_prod(x)", x=draw(4)),
    form("np.kaiser(5, beta)", beta=2.5),
    form("np.piecewise(x, [x < 0, x >= 0], [lambda v: v ** 2, lambda v: -v])", x=draw(5)),
    form("np.cov(m)", m=draw(3, 5)),
    form("np.cov(m, rowvar=False, ddof=0)", m=draw(5, 2)),
    form("np.cov(m, y)", m=draw(5), y=draw(5)),
    form("np.cov(m, fweights=w)", m=draw(2, 4), w=np.array([1, 2, 1, 3])),
    form("np.cov(m, aweights=w)", m=draw(2, 4), w=np.array([0.5, 1.0, 0.2, 0.3])),
    form("np.corrcoef(x)", x=draw(3, 5)),
    form("np.polyadd(a, b)", a=draw(4), b=draw(2)),
    form("np.polysub(a, b)", a=draw(2), b=draw(4)),
    form("np.polyder(p)", p=draw(4)),
    form("np.polyint(p, m=2, k=[1.0, 2.0])", p=draw(3)),
    form("np.polydiv(u, v)", u=draw(5), v=draw(2), single=False, but="how long the remainder is depends on rounding"),
    form("np.poly(x)", x=draw(3)),
    form("np.block([[a, b], [b, a]])", a=draw(2, 2), b=draw(2, 2)),
    form("np.apply_along_axis(lambda r: r * np.sum(r), 1, x)", x=draw(2, 3)),
    form("np.linalg.tensorsolve(a, b)", a=draw(4, 2, 2), b=draw(4)),
    form("np.linalg.tensorinv(a, ind=1)", a=draw(4, 2, 2)),
    form("np.nanmedian(x)", x=np.array([1.0, np.nan, 3.0, 2.5])),
    form("np.nancumsum(x)", x=draw(4)),
    form("np.real_if_close(x)", x=draw(3)),
    form("np.resize(x, (3, 4))", x=draw(5)),
]
