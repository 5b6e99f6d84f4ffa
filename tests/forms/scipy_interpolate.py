"""The interpolants of scipy.interpolate: by the numbers that they go through, and by the point; made inside, and there already."""

import numpy as np
import scipy.interpolate

from tests.forms.form import form
from tests.rule_samples_arrays import drawing

draw, cplx = drawing(33)
X = np.array([0.0, 0.5, 1.2, 2.0, 2.6, 3.5])
P = np.array([0.2, 1.7, 3.1])
FAR = np.array([1.1, 0.3, 2.9, 1.7, -2.1, 8.5])
DOUBLE = {"single": False, "but": "SciPy computes in double precision"}
THERE = scipy.interpolate.CubicSpline(X, np.sin(X))
BASIS = scipy.interpolate.make_interp_spline(X, np.cos(X))
FITTED = scipy.interpolate.UnivariateSpline(X, np.cos(X), s=0.0)

TT = np.array([0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 3.5, 3.5, 3.5, 3.5])
P2 = np.array([[0.2, 1.1], [1.7, 0.3], [3.1, 1.9]])
GRID = {"single": False, "kept": False, "but": "which cells the points lie in is known from values; SciPy computes in double precision"}
UNKEPT = {"single": False, "kept": False, "but": "SciPy computes it of numbers that are there, in double precision"}
Q, P3 = np.array([[0.0, 0.1], [1.0, 0.0], [0.1, 1.2], [1.1, 0.9], [0.45, 0.55]]), np.array([[0.3, 0.3], [0.7, 0.8], [0.9, 0.3]])
FORMS = [
    form("scipy.interpolate.CubicSpline(x, y)(p)", x=X, y=draw(6), p=P, still=("x",), **DOUBLE),
    form("scipy.interpolate.CubicSpline(x, y, bc_type='natural')(p, 1)", x=X, y=draw(6), p=P, still=("x",), **DOUBLE),
    form("scipy.interpolate.CubicSpline(x, y, bc_type=((1, 0.5), (2, 0.1)))(p)", x=X, y=draw(6), p=0.7, still=("x",), **DOUBLE),
    form("scipy.interpolate.CubicSpline(x, y, axis=1).derivative()(p)", x=X, y=draw(2, 6), p=P, still=("x",), **DOUBLE),
    form("scipy.interpolate.CubicSpline(x, y).integrate(a, b)", x=X, y=draw(6), a=0.2, b=3.0, still=("x",), **DOUBLE),
    form("scipy.interpolate.make_interp_spline(x, y, k=5)(p)", x=X, y=draw(6), p=P, still=("x",), **DOUBLE),
    form(
        "scipy.interpolate.make_interp_spline(x, y, bc_type='clamped').antiderivative()(p)", x=X, y=draw(6, 2), p=P, still=("x",), **DOUBLE
    ),
    form(
        "scipy.interpolate.make_lsq_spline(x, y, t, k=2)(p)",
        x=X,
        y=draw(6),
        t=np.array([0, 0, 0, 1.5, 3.5, 3.5, 3.5]),
        p=P,
        still=("x", "t"),
        **DOUBLE,
    ),
    form("scipy.interpolate.make_smoothing_spline(x, y, lam=0.1)(p)", x=X, y=draw(6), p=P, still=("x",), **DOUBLE),
    form("scipy.interpolate.interp1d(x, y)(p)", x=X, y=draw(6), p=P, still=("x",), **DOUBLE),
    form("scipy.interpolate.interp1d(x, y, kind='cubic', axis=0)(p)", x=X, y=draw(6, 2), p=P, still=("x",), **DOUBLE),
    form(
        "scipy.interpolate.interp1d(x, y, kind='quadratic', fill_value='extrapolate')(p)", x=X, y=draw(6), p=P + 1.0, still=("x",), **DOUBLE
    ),
    form(
        "scipy.interpolate.interp1d(x, y, kind='nearest', fill_value=0.0, bounds_error=False)(p)",
        x=X,
        y=draw(6),
        p=P,
        still=("x",),
        **DOUBLE,
    ),
    form("scipy.interpolate.KroghInterpolator(x, y)(p)", x=X, y=draw(6), p=P, still=("x",), **DOUBLE),
    form("scipy.interpolate.krogh_interpolate(x, y, p, der=1)", x=X, y=draw(6), p=P, still=("x",), **DOUBLE),
    form("scipy.interpolate.PPoly.__call__(there, p)", there=THERE, p=P, **DOUBLE),
    form("there(p)", there=THERE, p=1.3, **DOUBLE),
    form("there(p, 1)", there=BASIS, p=P, **DOUBLE),
    form("there(p)", there=FITTED, p=P, **DOUBLE),
    form("there.integral(a, b)", there=FITTED, a=0.3, b=2.2, **DOUBLE),
    form("there.integral(a, b)", there=FITTED, a=-1.0, b=9.0, **DOUBLE),
    form("there.integrate(a, b)", there=THERE, a=0.3, b=2.2, **DOUBLE),
    form("scipy.interpolate.BSpline(t, c, 3)(p)", t=TT, c=draw(6), p=P, still=("t",), **DOUBLE),
    form("scipy.interpolate.splev(p, tck)", tck=scipy.interpolate.splrep(X, np.sin(X)), p=P, **DOUBLE),
    form("scipy.interpolate.PchipInterpolator(x, y)(p)", x=X, y=np.array([0.1, 0.5, 0.6, 0.2, 0.4, 1.1]), p=P, **DOUBLE),
    form("scipy.interpolate.PchipInterpolator(x, y)(p, 1)", x=X, y=draw(6, 2), p=P, **DOUBLE),
    form("scipy.interpolate.pchip_interpolate(x, y, p)", x=X[:2], y=draw(2), p=0.2, **DOUBLE),
    form("scipy.interpolate.Akima1DInterpolator(x, y)(p)", x=X, y=draw(6), p=P, **DOUBLE),
    form("scipy.interpolate.Akima1DInterpolator(x, y, method='makima').derivative()(p)", x=X, y=draw(6), p=P, **DOUBLE),
    form("scipy.interpolate.CubicHermiteSpline(x, y, d)(p)", x=X, y=draw(6), d=draw(6), p=P, **DOUBLE),
    form("scipy.interpolate.RegularGridInterpolator((u, v), f)(p)", u=X, v=X[:4], f=draw(6, 4), p=P2, **GRID),
    form("scipy.interpolate.RegularGridInterpolator((u, v), f, method='nearest')(p)", u=X, v=X[:4], f=draw(6, 4), p=P2, **GRID),
    form(
        "scipy.interpolate.RegularGridInterpolator((u,), f, bounds_error=False, fill_value=None)(p)",
        u=X[::-1],
        f=draw(6, 2),
        p=np.array([[0.2], [4.0]]),
        **GRID,
    ),
    form(
        "scipy.interpolate.interpn((u, v), f, (a, b), bounds_error=False, fill_value=0.5)",
        u=X,
        v=X[:4],
        f=draw(6, 4),
        a=np.array([0.3, 9.0]),
        b=np.array([0.4, 0.2]),
        **GRID,
    ),
    form("there(p)", there=scipy.interpolate.RegularGridInterpolator((X, X[:4]), np.outer(X, np.cos(X[:4]))), p=P2, **GRID),
    # Derivatives of derivatives are multiplied as SciPy multiplies them; what stands beyond the ends is said where it is made, or in a call
    form("scipy.interpolate.CubicSpline(x, y).derivative().derivative()(p)", x=X, y=draw(6), p=FAR[:4], still=("x",), **DOUBLE),
    form("scipy.interpolate.make_interp_spline(x, y, k=2).antiderivative().derivative(2)(p)", x=X, y=draw(6), p=P, still=("x",), **DOUBLE),
    form("np.nansum(scipy.interpolate.CubicSpline(x, y)(p, extrapolate=False))", x=X, y=draw(6), p=FAR, still=("x",), **DOUBLE),
    form("np.nansum(scipy.interpolate.make_interp_spline(x, y)(p, 1, False))", x=X, y=draw(6), p=FAR, still=("x",), **DOUBLE),
    form("scipy.interpolate.CubicSpline(x, np.append(y, y[0]), bc_type='periodic')(p)", x=X, y=draw(5), p=FAR, still=("x",), **DOUBLE),
    form(
        "scipy.interpolate.CubicSpline(x, y, extrapolate='periodic').integrate(a, b)", x=X, y=draw(6), a=0.2, b=9.0, still=("x",), **DOUBLE
    ),
    form(
        "scipy.interpolate.make_interp_spline(x, y).integrate(a, b, extrapolate=False)",
        x=X,
        y=draw(6),
        a=-1.0,
        b=2.0,
        still=("x",),
        **DOUBLE,
    ),
    form(
        "scipy.interpolate.make_lsq_spline(x, y, t).integrate(a, b, False)",
        x=X,
        y=draw(6),
        t=TT[[0, 0, 0, 0, 5, 9, 9, 9, 9]],
        a=1.0,
        b=9.0,
        still=("x", "t"),
        **DOUBLE,
    ),
    form("scipy.interpolate.interp1d(x, y)(p)", x=X, y=draw(6), p=0.7, still=("x",), **DOUBLE),
    form(
        "scipy.interpolate.interp1d(x, y, bounds_error=False, fill_value=(u, v))(p)",
        x=X,
        y=draw(2, 6),
        u=0.4,
        v=draw(2),
        p=FAR,
        still=("x",),
        **DOUBLE,
    ),
    form("scipy.interpolate.CubicHermiteSpline(x, y, d, extrapolate='periodic')(p)", x=X, y=draw(6), d=draw(6), p=FAR, **DOUBLE),
    form("scipy.interpolate.PchipInterpolator(x, y).integrate(a, b)", x=X, y=draw(6, 2), a=0.3, b=3.1, **DOUBLE),
    form("scipy.interpolate.Akima1DInterpolator(x, y).antiderivative()(p)", x=X, y=draw(6), p=P, **DOUBLE),
    form("scipy.interpolate.Akima1DInterpolator(x, y).derivative().derivative()(p)", x=X, y=draw(6), p=P, **DOUBLE),
    # By the knots
    form("scipy.interpolate.CubicSpline(x, y, bc_type='natural')(p, 1)", x=X[:4], y=draw(4, 2), p=P[:1], **DOUBLE),
    form("scipy.interpolate.CubicSpline(x, y)(p)", x=X[:4], y=draw(4), p=P[:1], **DOUBLE),
    form("scipy.interpolate.CubicSpline(x, y)(p)", x=X[:3], y=draw(3), p=P[:1], **DOUBLE),
    form("scipy.interpolate.CubicSpline(x, y, bc_type=((1, v), (2, w)))(p)", x=X[:4], y=draw(4), p=P[:2], v=0.3, w=0.4, still=("x", "y"),
         **DOUBLE),
    form("scipy.interpolate.make_interp_spline(x, y)(0.7)", x=X[:4], y=draw(4), **DOUBLE),
    form("scipy.interpolate.interp1d(x, y)(0.7)", x=X[:4], y=draw(4), **DOUBLE),
    form("scipy.interpolate.KroghInterpolator(x, y)(p)", x=X[:3], y=draw(3, 2), p=P[:1], **DOUBLE),
    form("scipy.interpolate.BarycentricInterpolator(X, y, rng=0)(p)", y=draw(4), p=P, X=X[:4].tolist(), **DOUBLE),
    form("scipy.interpolate.barycentric_interpolate(X, y, p, der=1, rng=0)", y=draw(4), p=P, X=X[:4].tolist(), **DOUBLE),
    form("scipy.interpolate.lagrange(x, y)(0.7)", x=X[:3], y=draw(3), **UNKEPT),
    form("scipy.interpolate.pade(y, 1)[0](0.4)", y=draw(4), **UNKEPT),
    # Pieces, and points that are scattered
    form("scipy.interpolate.PPoly(c, x)(p)", c=draw(3, 2), x=X[:3], p=P[:2], **DOUBLE),
    form("scipy.interpolate.PPoly(c, x).antiderivative()(p, 2)", c=draw(2, 2), x=X[:3], p=P[:1], **DOUBLE),
    form("scipy.interpolate.BPoly(c, x).integrate(a, 0.9)", c=draw(3, 2), x=X[:3], a=0.3, **DOUBLE),
    form("scipy.interpolate.RBFInterpolator(q, d, smoothing=s)(p)", q=Q, d=draw(5), p=P3[:1], s=0.3, **UNKEPT),
    form("scipy.interpolate.RBFInterpolator(q, d, kernel='gaussian', epsilon=e)(p)", q=Q, d=draw(5), p=P3[:1], e=1.3, still=("q",),
         **UNKEPT),
    form("scipy.interpolate.LinearNDInterpolator(q, d)(p)", q=Q, d=draw(5), p=P3[:2], **UNKEPT),
    form("scipy.interpolate.NearestNDInterpolator(q, d)(p)", q=Q, d=draw(5, 2), p=P3, still=("q", "p"), **DOUBLE),
    form("scipy.interpolate.griddata(q, d, (p[:, 0], p[:, 1]), fill_value=0.5)", q=Q, d=draw(5), p=P3, still=("q", "p"), **UNKEPT),
]
