"""Functions of NumPy that are followed."""

from tests.forms.form import form
from tests.rule_samples_arrays import drawing

draw, cplx = drawing(15)

FORMS = [
    form("np.polyval(p, x)", p=draw(4), x=1.3),
    form("np.polyval(p, x)", p=draw(4), x=draw(2, 3)),
    form("np.polyval(p, x)", p=cplx(3), x=cplx(2)),
    form("np.vander(x, 3)", x=draw(4)),
    form("np.vander(x, 4, increasing=True)", x=draw(3)),
    form("np.polyadd(a, b)", a=draw(4), b=draw(2)),
    form("np.polysub(a, b)", a=draw(2), b=draw(4)),
    form("np.polyder(p)", p=draw(4)),
    form("np.polyint(p, m=2, k=[1.0, 2.0])", p=draw(3)),
    form("np.polydiv(u, v)", u=draw(5), v=draw(2), single=False, but="how long the remainder is depends on rounding"),
    form("np.poly(x)", x=draw(3)),
    form("np.apply_along_axis(lambda r: r * np.sum(r), 1, x)", x=draw(2, 3)),
]
