"""The solvers of scipy.optimize: by what a function is given, and by what it knows from around it."""

import numpy as np

from tests.forms.form import form
from tests.rule_samples_arrays import drawing

draw, cplx = drawing(31)
DOUBLE = {"single": False, "but": "SciPy computes in double precision"}
EXAMPLE = {"single": False, "but": "a function to try solvers with, in double precision"}
UNKEPT = {"single": False, "kept": False, "but": "which bounds hold is known from values; SciPy computes in double precision"}


def cubic(x, a, b=1.0):
    return x**3 + b * x - a


def slope(x, a, b=1.0):
    return 3 * x**2 + b


def with_slope(x, a):
    return cubic(x, a), slope(x, a)


def pair(x, a, b):
    return np.array([x[0] + 0.5 * np.sin(x[1]) - a, x[1] + x[0] ** 2 * b - 1.0])


def pair_and_jacobian(x, a, b):
    return pair(x, a, b), np.array([[1.0, 0.5 * np.cos(x[1])], [2 * x[0] * b, 1.0]])


def half(x, a):
    return np.cos(x) * 0.5 + 0.1 * a


def bowl(x, a, b):
    return np.sum((1.0 + a**2) * (x - b) ** 2) + x[0] * x[1]


def falling(x, a, b):
    return 2.0 * (1.0 + a**2) * (x - b) + x[::-1]


def curved(x, a, b):
    return 2.0 * np.diag(1.0 + a**2) + 1.0 - np.eye(2)


def bowl_falling(x, a, b):
    return bowl(x, a, b), falling(x, a, b)


def misfit(p, t, y):
    return p[0] * np.exp(-p[1] * t) - y


def misfit_rate(p, t, y):
    return np.stack([np.exp(-p[1] * t), -t * p[0] * np.exp(-p[1] * t)], axis=1)


def line(p, t, y):
    return p[0] + p[1] * t - y


def line_rate(p, t, y):
    return np.stack([np.ones(len(t)), t], axis=1)


def parabola(t, c, r):
    return c + r * t**2


def parabola_rate(t, c, r):
    return np.stack([np.ones(len(t)), t**2], axis=1)


def bowl_of_one(x, a):
    return (x - a) ** 2 + 0.1 * np.exp(x * a)


T = np.linspace(0.0, 2.0, 6)
Y = 1.3 * np.exp(-0.7 * T) + np.array([0.02, -0.05, 0.03, 0.04, -0.06, 0.01])
TIGHT = {"xtol": 1e-15, "ftol": 1e-15, "gtol": 1e-15}
A, B = np.array([[1.0, 0.2], [0.3, -0.8], [0.5, 0.6], [-0.2, 0.4]]), np.array([0.7, 0.4, 0.5, -0.1])
NAMES = {k: v for k, v in globals().items() if callable(v) and k not in ("form", "drawing", "draw", "cplx")}


def solved(call, **at):
    return form(call, **at, **{k: v for k, v in NAMES.items() if k in call})


FORMS = [
    solved("scipy.optimize.brentq(cubic, -3.0, 4.0, args=(a,))", a=2.0, **DOUBLE),
    solved("scipy.optimize.brentq(cubic, -3.0, 4.0, args=(a, b), xtol=1e-13, full_output=True)[1].root", a=2.0, b=1.5, **DOUBLE),
    solved("scipy.optimize.brentq(lambda x: cubic(x, a), -3.0, 4.0)", a=2.0, **DOUBLE),
    solved("scipy.optimize.brenth(cubic, -3.0, 4.0, args=a)", a=2.0, **DOUBLE),
    solved("scipy.optimize.ridder(cubic, -3.0, 4.0, (a,))", a=2.0, **DOUBLE),
    solved("scipy.optimize.bisect(cubic, -3.0, 4.0, (a,), 1e-13)", a=2.0, **DOUBLE),
    solved("scipy.optimize.toms748(cubic, -3.0, 4.0, (a,), k=2)", a=2.0, **DOUBLE),
    solved("scipy.optimize.newton(cubic, 1.5, fprime=slope, args=(a, b), tol=1e-12)", a=2.0, b=1.5, **DOUBLE),
    solved("scipy.optimize.newton(cubic, x, args=(a,), tol=1e-12)", x=np.array([1.0, 2.0]), a=np.array([2.0, 5.0]), **DOUBLE),
    solved("scipy.optimize.newton(cubic, 1.5, args=(a,), tol=1e-13, x1=1.0, full_output=True)[1].root", a=2.0, **DOUBLE),
    solved("scipy.optimize.root_scalar(cubic, args=(a,), bracket=[-3.0, 4.0]).root", a=2.0, **DOUBLE),
    solved("scipy.optimize.root_scalar(with_slope, args=(a,), x0=1.0, fprime=True, method='newton', xtol=1e-13).root", a=2.0, **DOUBLE),
    solved("scipy.optimize.root_scalar(cubic, args=(a,), x0=1.0, x1=1.5, method='secant', xtol=1e-13).root", a=2.0, **DOUBLE),
    solved("scipy.optimize.fsolve(pair, x0, args=(a, b), xtol=1e-13)", x0=np.array([0.5, 0.5]), a=0.4, b=1.2, **DOUBLE),
    solved("scipy.optimize.fsolve(lambda x: pair(x, a, b), [0.5, 0.5], xtol=1e-13, full_output=True)[0]", a=0.4, b=1.2, **DOUBLE),
    solved("scipy.optimize.root(pair, [0.5, 0.5], args=(a, b), tol=1e-13).x", a=0.4, b=1.2, **DOUBLE),
    solved("scipy.optimize.root(pair_and_jacobian, [0.5, 0.5], args=(a, b), jac=True, tol=1e-13).x", a=0.4, b=1.2, **DOUBLE),
    solved("scipy.optimize.root(pair, [0.5, 0.5], args=(a, b), method='krylov', options={'fatol': 1e-13}).x", a=0.4, b=1.2, **DOUBLE),
    *(
        solved(f"scipy.optimize.{name}(lambda x: pair(x, a, b), [0.5, 0.5], f_tol=1e-13)", a=0.4, b=1.2, **DOUBLE)
        for name in ("broyden1", "newton_krylov")
    ),
    *(
        solved(f"scipy.optimize.{name}(lambda x: cubic(x, a), x0, f_tol=1e-13)", x0=np.array([1.0]), a=np.array([2.0]), **DOUBLE)
        for name in ("anderson", "broyden2", "diagbroyden")
    ),
    solved("scipy.optimize.leastsq(line, [1.0, 0.5], args=(t, y), Dfun=line_rate)[0]", t=T, y=Y, **DOUBLE),
    solved("scipy.optimize.fixed_point(half, x0, args=(a,), xtol=1e-13)", x0=np.array([0.5, 0.2]), a=np.array([0.5, 1.0]), **DOUBLE),
    solved("scipy.optimize.fixed_point(half, 0.5, args=(a,), method='iteration', xtol=1e-13)", a=0.3, **DOUBLE),
    solved(
        "scipy.optimize.minimize(bowl, [0.2, 0.1], args=(a, b), method='trust-exact', jac=falling, hess=curved, tol=1e-9).x",
        a=draw(2),
        b=draw(2),
        **DOUBLE,
    ),
    solved(
        "scipy.optimize.minimize(bowl_falling, [0.2, 0.1], (a, b), jac=True, hess=curved, method='trust-ncg', tol=1e-9).x",
        a=draw(2),
        b=draw(2),
        **DOUBLE,
    ),
    solved(
        "scipy.optimize.minimize(bowl, [0.2, 0.1], args=(a, b), method='TNC', jac=falling, tol=1e-13).fun", a=draw(2), b=draw(2), **DOUBLE
    ),
    solved(
        "scipy.optimize.minimize(bowl, [0.2, 0.1], (a, b), jac=falling, bounds=[(c, None), (None, None)],"
        " options={'ftol': 1e-16, 'gtol': 1e-11}).x",
        a=np.array([0.3, 0.1]),
        b=np.array([0.2, -0.4]),
        c=0.6,
        **DOUBLE,
    ),
    solved("scipy.optimize.minimize_scalar(bowl_of_one, args=(a,), tol=1e-12).fun", a=0.4, **DOUBLE),
    solved("scipy.optimize.minimize_scalar(lambda x: bowl_of_one(x, a), bounds=(-2.0, 2.0), options={'xatol': 1e-10}).x", a=0.4, **DOUBLE),
    solved(
        "scipy.optimize.least_squares(line, p0, line_rate, args=(t, y), **tight).x",
        p0=np.array([1.0, 0.5]),
        t=T,
        y=Y,
        tight=TIGHT,
        **DOUBLE,
    ),
    solved(
        "scipy.optimize.least_squares(line, [1.0, 0.5], line_rate, method='lm', kwargs={'t': t, 'y': y}, **tight).cost",
        t=T,
        y=Y,
        tight=TIGHT,
        **DOUBLE,
    ),
    solved(
        "scipy.optimize.least_squares(line, [1.0, 0.5], line_rate, loss='huber', f_scale=w, args=(t, y), **tight).cost",
        t=T,
        y=Y,
        w=0.05,
        tight=TIGHT,
        twice=False,
        single=False,
        but="the solver stops too early to tell the second derivative",
    ),
    solved(
        "scipy.optimize.least_squares(misfit, [1.0, 0.5], misfit_rate, bounds=([0.0, 0.0], [2.0, r]), args=(t, y), **tight).x",
        t=T,
        y=Y,
        r=0.6,
        tight=TIGHT,
        **DOUBLE,
    ),
    solved("scipy.optimize.curve_fit(parabola, t, y, jac=parabola_rate, p0=[1.0, 0.5], **tight)[0]", t=T, y=Y, tight=TIGHT, **DOUBLE),
    solved("scipy.optimize.curve_fit(parabola, list(t), y, jac=parabola_rate, p0=[1, 0.5], **tight)[0]", t=T, y=Y, tight=TIGHT, **DOUBLE),
    solved(
        "scipy.optimize.curve_fit(parabola, t, y, jac=parabola_rate, sigma=w, **tight)[0]",
        t=T,
        y=Y,
        w=np.linspace(0.1, 0.2, 6),
        tight=TIGHT,
        **DOUBLE,
    ),
    solved(
        "scipy.optimize.curve_fit(parabola, t, y, jac=parabola_rate, sigma=w, p0=[1.0, 0.5], **tight)[0]",
        t=T,
        y=Y,
        w=np.eye(6) * 0.5 + 0.1,
        tight=TIGHT,
        single=False,
        but="SciPy computes in double precision",
    ),
    solved(
        "scipy.optimize.curve_fit(parabola, t, y, jac=parabola_rate, bounds=(-1.0, [2.0, r]), **tight)[0]",
        t=T,
        y=Y,
        r=-0.3,
        tight=TIGHT,
        **DOUBLE,
    ),
    solved("scipy.optimize.nnls(a, b)[0]", a=A, b=B, **DOUBLE),
    solved("scipy.optimize.nnls(a, b)[1]", a=A, b=B, **DOUBLE),
    solved("scipy.optimize.lsq_linear(a, b).x", a=A, b=B, **DOUBLE),
    solved("scipy.optimize.lsq_linear(a, b, bounds=(low, 0.8)).x", a=A, b=B, low=np.array([-1.0, 0.3]), **DOUBLE),
    solved(
        "scipy.optimize.linprog(c, a, b).x",
        c=np.array([-1.0, -2.0]),
        a=np.array([[1.0, 1.0], [1.0, 3.0]]),
        b=np.array([4.0, 6.0]),
        **UNKEPT,
    ),
    solved(
        "scipy.optimize.linprog(c, a, b, e, f, bounds=[(0.0, None), (None, 5.0), (l, None)]).fun",
        c=np.array([-1.0, -2.0, 0.5]),
        a=np.array([[1.0, 1.0, 0.2]]),
        b=np.array([4.0]),
        e=np.array([[1.0, -1.0, 0.1]]),
        f=np.array([0.5]),
        l=0.2,
        **UNKEPT,
    ),
    form("scipy.optimize.OptimizeResult(x=x, success=True).x", x=draw(2)),
    form("scipy.optimize.RootResults(x, 3, 4, 0, 'brentq').root", x=1.5),
    form("scipy.optimize.Bounds(x, 9.0).lb", x=draw(2), kept=False, but="it asks whether its arguments are sparse"),
    form("scipy.optimize.rosen(x)", x=draw(4), **EXAMPLE),
    form("scipy.optimize.rosen_der(x)", x=draw(4), **EXAMPLE),
    form("scipy.optimize.rosen_hess(x)", x=draw(4), **EXAMPLE),
    form("scipy.optimize.rosen_hess_prod(x, p)", x=draw(3), p=draw(3), **EXAMPLE),
]
