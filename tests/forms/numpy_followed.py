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
    form("np.resize(x, (3, 4))", x=draw(5)),
]
