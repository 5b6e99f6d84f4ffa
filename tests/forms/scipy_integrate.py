"""The integrals of scipy.integrate: of samples, and of functions."""

import numpy as np

from s2sad import continuous
from tests.forms.form import form
from tests.rule_samples_arrays import drawing

draw, cplx = drawing(32)
X4, X5 = np.array([0.0, 0.4, 1.0, 1.1]), np.array([0.0, 0.4, 1.0, 1.1, 1.7])


def wave(x, a=2.0, b=1.0):
    return np.exp(-a * x) * np.sin(b * x)


def plane(x, y, c):
    return np.exp(-c * x * y)


def cube(z, y, x, c):
    return c * x * z


def roof(x, y):
    return x + 0.5 * y


def below(y, c):
    return 0.0, c * y + 0.2


def several(x, a):
    return np.stack([np.exp(-a * x), np.sin(a * x), x**2])


def turning(x, a):
    return np.exp(1j * a * x)


def step(x, p, c):
    return np.where(np.less(x, p), c, x * p)


def upper(y):
    return 0.5 * y + 0.2


DOUBLE = {"single": False, "but": "SciPy computes in double precision"}


def prey(t, y, a, b):
    return [a * y[0] - b * y[0] * y[1], -y[1] + 0.5 * y[0] * y[1]]


START, TIMES = np.array([1.0, 0.5]), np.array([0.1, 0.3, 0.6])
ONCE = {"single": False, "twice": False, "but": "it is not differentiated again, and SciPy computes in double precision"}


def stepped(solver):
    """The state after two steps, whose length the solver controls."""
    solver.step()
    solver.step()
    return solver.y


STEPS = {"prey": prey, "stepped": stepped, "kept": False, "single": False, "but": "how long the steps are depends on values and rounding"}

FORMS = [
    form("scipy.integrate.trapezoid(y)", y=draw(5)),
    form("scipy.integrate.trapezoid(y, dx=d, axis=0)", y=draw(3, 2), d=0.5),
    form("scipy.integrate.trapezoid(y, x)", y=draw(2, 5), x=X5),
    form("scipy.integrate.trapezoid(y, x, axis=0)", y=cplx(4), x=X4),
    form("scipy.integrate.cumulative_trapezoid(y)", y=draw(4)),
    form("scipy.integrate.cumulative_trapezoid(y, x, initial=0)", y=draw(2, 5), x=X5),
    form("scipy.integrate.cumulative_trapezoid(y, dx=d, axis=0)", y=draw(3, 2), d=0.3),
    form("scipy.integrate.simpson(y)", y=draw(5)),
    form("scipy.integrate.simpson(y, dx=d, axis=0)", y=draw(4, 2), d=0.5),
    form("scipy.integrate.simpson(y, x=x)", y=draw(2, 5), x=X5),
    form("scipy.integrate.simpson(y, x=x)", y=draw(4), x=X4),
    form("scipy.integrate.simpson(y, x=x)", y=draw(2), x=X4[:2]),
    form("scipy.integrate.cumulative_simpson(y)", y=draw(5)),
    form("scipy.integrate.cumulative_simpson(y, x=x, initial=i)", y=draw(2, 4), x=X4, i=0.7),
    form("scipy.integrate.cumulative_simpson(y, dx=d, axis=0)", y=draw(5, 2), d=0.3),
    form("scipy.integrate.romb(y, dx=d)", y=draw(5), d=0.3),
    form("scipy.integrate.romb(y, axis=0)", y=draw(3, 2)),
    form("scipy.integrate.fixed_quad(wave, a, b, args=(c,))[0]", a=0.1, b=0.9, c=1.5, wave=wave),
    form("scipy.integrate.fixed_quad(lambda x: np.exp(c * x), 0.0, b, n=3)[0]", b=0.9, c=1.5),
    form("scipy.integrate.quad(wave, l, h, args=(a, b))[0]", l=0.2, h=1.3, a=1.0, b=2.0, wave=wave, **DOUBLE),
    form("scipy.integrate.quad(wave, 0.0, math.inf, (a,))[0]", a=1.5, wave=wave, **DOUBLE),
    form("scipy.integrate.quad(lambda x: np.sum(p * x**2), 0.0, h, points=[0.5])[0]", p=draw(3), h=1.2, **DOUBLE),
    form(
        "scipy.integrate.dblquad(plane, 0.0, h, 0.0, upper, args=(c,))[0]",
        h=1.0,
        c=1.2,
        plane=plane,
        upper=upper,
        twice=False,
        single=False,
        but="a second derivative takes too long to check; SciPy computes in double precision",
    ),
    form("scipy.integrate.quad(step, 0.0, 1.0, (p, c), points=[p])[0]", p=0.4, c=1.5, step=step, **DOUBLE),
    form("scipy.integrate.quad(step, h, 0.0, (p[0], c), points=p)[0]", h=1.0, p=np.array([0.6, 0.3]), c=1.5, step=step, **DOUBLE),
    form("scipy.integrate.quad(wave, l, h, (a,), weight='cos', wvar=w)[0]", l=0.2, h=1.3, a=1.2, w=2.5, wave=wave, **DOUBLE),
    form("scipy.integrate.quad(wave, 0.0, h, (a,), weight='sin', wvar=2.5)[0]", h=1.3, a=1.2, wave=wave, **DOUBLE),
    form("scipy.integrate.quad(wave, 0.2, h, weight='alg', wvar=(p, 0.5))[0]", h=1.3, p=1.4, wave=wave, **ONCE),
    form("scipy.integrate.quad(wave, 0.0, 1.0, (a,), weight='alg-log', wvar=(1.0, 1.0))[0]", a=1.2, wave=wave, **ONCE),
    form("scipy.integrate.quad(turning, l, h, a, complex_func=True)[0]", l=0.2, h=1.3, a=1.2, turning=turning, **DOUBLE),
    form("scipy.integrate.nquad(plane, [below, (0.1, 1.0)], args=(c,))[0]", c=1.2, plane=plane, below=below, **ONCE),
    form("scipy.integrate.tplquad(cube, 0.0, 0.8, 0.0, 1.0, 0.0, roof, (c,))[0]", c=1.2, cube=cube, roof=roof, **ONCE),
    form("scipy.integrate.quad_vec(several, l, h, args=(a,))[0]", l=0.2, h=1.3, a=1.2, several=several, **DOUBLE),
    form("scipy.integrate.quad_vec(wave, l, math.inf, args=(a,))[0]", l=0.2, a=1.2, wave=wave, **DOUBLE),
    form(
        "scipy.integrate.solve_ivp(prey, (0.0, 0.8), y, s2sad.continuous(), t, args=(a, b), rtol=1e-11, atol=1e-12).y",
        y=START,
        t=TIMES,
        a=1.2,
        b=0.7,
        prey=prey,
        **ONCE,
    ),
    form(
        "scipy.integrate.solve_ivp(lambda t, y: prey(t, y, a, 0.7), (s0, h), y, m, rtol=1e-11, atol=1e-12).y[:, -1]",
        y=START,
        s0=0.1,
        h=1.7,
        a=1.2,
        m=continuous("DOP853"),
        prey=prey,
        **ONCE,
    ),
    form(
        "scipy.integrate.solve_ivp(prey, (0.6, 0.0), y, m, [0.4, 0.1], args=(a, 0.7), rtol=1e-12, atol=1e-13).y[:, 1]",
        y=START,
        a=1.2,
        m=continuous("BDF"),
        prey=prey,
        **ONCE,
    ),
    form(
        "scipy.integrate.odeint(prey, y, t, args=(a, b), tfirst=True, rtol=1e-12, atol=1e-12)",
        y=START,
        t=TIMES,
        a=1.2,
        b=0.7,
        prey=prey,
        **ONCE,
    ),
    form("scipy.integrate.solve_ivp(prey, (0.0, h), y, args=(a, b), rtol=1e-2).y[:, -1]", y=START, h=1.5, a=1.2, b=0.7, **STEPS),
    form("scipy.integrate.solve_ivp(prey, (0.0, 1.5), y, 'RK23', t, args=(a, 0.7)).y", y=START, t=TIMES, a=1.2, still=("t",), **STEPS),
    form("scipy.integrate.solve_ivp(prey, (1.5, 0.0), y, 'DOP853', args=(a, 0.7), max_step=0.7).y[:, -1]", y=START, a=1.2, **STEPS),
    form("stepped(scipy.integrate.RK45(lambda t, y: prey(t, y, a, 0.7), 0.0, y, 1.0, first_step=0.2))", y=START, a=1.2, **STEPS),
    form("stepped(scipy.integrate.RK23(lambda t, y: prey(t, y, a, 0.7), 0.0, y, 1.0, first_step=0.1))", y=START, a=1.2, **STEPS),
    form("stepped(scipy.integrate.DOP853(lambda t, y: prey(t, y, a, 0.7), 0.0, y, 1.0, first_step=0.3))", y=START, a=1.2, **STEPS),
]
