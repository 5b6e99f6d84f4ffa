"""Polynomials of NumPy: by coefficients, by roots, and as objects."""

import numpy as np

from tests.forms.form import form
from tests.rule_samples_arrays import drawing

draw, cplx = drawing(20)
AT = np.linspace(-1.0, 1.3, 7)
CUBIC = np.array([1.0, -6.0, 11.0, -6.5])
RANK = "whether it warns depends on the rank"
REAL = "whether the roots are real depends on values"
LEADING = "how many leading coefficients are zero depends on values"

PLAIN = [
    form("np.polyval(p, x)", p=draw(4), x=1.3),
    form("np.polyval(p, x)", p=draw(4), x=draw(2, 3)),
    form("np.polyval(p, x)", p=cplx(3), x=cplx(2)),
    form("np.polyval(p, x)", p=draw(1), x=1.3),
    form("np.polyadd(a, b)", a=draw(4), b=draw(2)),
    form("np.polysub(a, b)", a=draw(2), b=draw(4)),
    form("np.polymul(a, b)", a=draw(3), b=draw(2), kept=False, but=LEADING),
    form("np.polyder(p)", p=draw(4)),
    form("np.polyder(p, 2)", p=draw(4)),
    form("np.polyint(p)", p=draw(3)),
    form("np.polyint(p, m=2, k=[1.0, 2.0])", p=draw(3)),
    form("np.polydiv(u, v)", u=draw(5), v=draw(2), single=False, but="how long the remainder is depends on rounding"),
    form("np.vander(x)", x=draw(3)),
    form("np.vander(x, 3, increasing=True)", x=cplx(3)),
    form("np.vander(x, 0)", x=draw(3)),
]

FITTED = [
    form("np.polyfit(x, y, 2)", x=AT, y=draw(7), kept=False, but=RANK),
    form("np.polyfit(x, y, 1, w=w)", x=AT, y=draw(7), w=abs(draw(7)), kept=False, but=RANK),
    form("np.polyfit(x, y, 1)", x=AT, y=draw(7, 2), kept=False, but=RANK),
    form("np.polyfit(x, y, 1, cov=True)", x=AT, y=draw(7), kept=False, but=RANK),
    form("np.polyfit(x, y, 1, cov='unscaled')", x=AT, y=draw(7), kept=False, but=RANK),
    form("np.polyfit(x, y, 1, full=True)[:2]", x=AT, y=draw(7), kept=False, but=RANK),
    form("np.polyfit(x, y, 1, rcond=1e-10)", x=AT, y=cplx(7), kept=False, but=RANK),
]

ROOTS = [
    form("np.poly(x)", x=draw(3)),
    form("np.poly(x)", x=draw(1)),
    form("np.poly(x)", x=cplx(2), kept=False, but="whether complex roots are in pairs depends on values"),
    form("np.poly(x)", x=draw(2, 2), kept=False, but=REAL),
    form("np.roots(p)", p=CUBIC, kept=False, but=REAL),
    form("np.roots(p)", p=np.array([1.0, 1.0, 2.5]), kept=False, but=REAL),
    form("np.roots(p)", p=cplx(4), kept=False, but=REAL),
    form("np.roots(p)", edge={"p": [-7.0, -3.0, -1.0, 0.0]}, p=np.array([0.0, 1.0, -3.0, 2.0]), kept=False, but=REAL),
]

OBJECTS = [
    form("np.poly1d(p)(x)", p=draw(3), x=draw(2), kept=False, but=LEADING),
    form("(np.poly1d(p) * np.poly1d(q) + 2.0)(x)", p=draw(3), q=draw(2), x=0.7, kept=False, but=LEADING),
    form("np.poly1d(p).deriv()(x)", p=draw(3), x=0.7, kept=False, but=LEADING),
    form("np.poly1d(p).integ(k=0.5)(x)", p=draw(3), x=0.7, kept=False, but=LEADING),
    form("(np.poly1d(p) ** 2 - np.poly1d(p)).coeffs", p=draw(3), kept=False, but=LEADING),
    form("np.polyval(p, np.poly1d(q)).coeffs", p=draw(3), q=draw(2), kept=False, but=LEADING),
    form("np.poly1d(p).r", p=np.array([1.0, 1.0, 2.5]), kept=False, but=LEADING),
    form("np.polynomial.Polynomial(c)(x)", x=draw(3), c=draw(4)),
    form("np.polynomial.Polynomial(c)(x)", x=0.3, c=draw(4)),
    form("(np.polynomial.Polynomial(c) * np.polynomial.Polynomial(d)).coef", d=draw(3), c=draw(4), kept=False, but=LEADING),
    form("(np.polynomial.Polynomial(c) - 2.0 * np.polynomial.Polynomial(d) ** 2).coef", d=draw(3), c=draw(4), kept=False, but=LEADING),
    form("divmod(np.polynomial.Polynomial(c), np.polynomial.Polynomial(d))[0].coef", d=draw(2), c=draw(4), kept=False, but=LEADING),
    form("np.polynomial.Polynomial(c, domain=[0, 2], window=[-1, 1])(x)", x=draw(3), c=draw(4), kept=False, but=LEADING),
    form("np.polynomial.Polynomial(c).deriv().integ()(x)", x=draw(3), c=draw(4), kept=False, but=LEADING),
    form("np.polynomial.Polynomial(c).roots()", c=np.array([1.0, 2.0, -3.0, 1.5]), kept=False, but=REAL),
    form("np.polynomial.Polynomial.fit(x, y, 2)(z)", x=AT, y=draw(7), z=0.3, kept=False, but=RANK),
    form("np.polynomial.Polynomial.fit(x, y, 2).convert().coef", x=AT, y=draw(7), kept=False, but=RANK),
    form("np.polynomial.Chebyshev(c)(x)", x=draw(3), c=draw(4)),
    form("np.polynomial.Chebyshev.fit(x, y, 2)(z)", x=AT, y=draw(7), z=0.3, kept=False, but=RANK),
    form("np.polynomial.Legendre(c)(x)", x=draw(3), c=draw(4)),
    form("np.polynomial.Hermite(c)(x)", x=draw(3), c=draw(4)),
    form("np.polynomial.HermiteE(c)(x)", x=draw(3), c=draw(4)),
    form("np.polynomial.Laguerre(c)(x)", x=draw(3), c=draw(4)),
]

SERIES = [
    form("np.polynomial.polynomial.polyval(x, c)", x=draw(3), c=draw(4)),
    form("np.polynomial.polynomial.polyval2d(x, y, c)", x=draw(2), y=draw(2), c=draw(2, 3), kept=False, but="it holds iterators"),
    form("np.polynomial.polynomial.polyder(c)", c=draw(4), kept=False, but=LEADING),
    form("np.polynomial.polynomial.polyint(c, k=[0.5])", c=draw(3), kept=False, but=LEADING),
    form("np.polynomial.polynomial.polyfromroots(r)", r=draw(3), kept=False, but=LEADING),
    form("np.polynomial.polynomial.polyvander(x, 2)", x=draw(3)),
    form("np.polynomial.polynomial.polyfit(x, y, 2)", x=AT, y=draw(7), kept=False, but=RANK),
    form("np.polynomial.chebyshev.chebval(x, c)", x=draw(3), c=draw(4)),
    form("np.polynomial.chebyshev.chebmul(a, b)", a=draw(3), b=draw(2), kept=False, but=LEADING),
    form("np.polynomial.legendre.legval(x, c)", x=draw(3), c=draw(4)),
    form("np.polynomial.legendre.legvander(x, 3)", x=draw(3)),
    form("np.polynomial.hermite.hermval(x, c)", x=0.4, c=draw(4)),
    form("np.polynomial.hermite_e.hermeval(x, c)", x=0.4, c=draw(4)),
    form("np.polynomial.laguerre.lagval(x, c)", x=0.4, c=draw(4)),
]

FORMS = PLAIN + FITTED + ROOTS + OBJECTS + SERIES
