"""Rules of scipy.integrate: solutions of differential equations, by their start, their times, and what the equation is given and knows.

The steps of `solve_ivp` are followed, unless its method is one of `s2sad.continuous`.
"""
from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import scipy.integrate
from scipy.integrate._ivp.ivp import OdeResult

from s2sad.rules.following import follow, instead, means
from s2sad.rules.solving import refused, trajectory


def _rate(t: Any, y: Any, y0: Any, t0: Any, tf: Any, t_eval: Any, f: Any, args: Any, options: Any) -> Any:
    return np.asarray(f(t, y, *args)) * 1.0


def _run_ivp(y0: Any, t0: Any, tf: Any, t_eval: Any, f: Any, args: Any, options: Any) -> Any:
    found = scipy.integrate.solve_ivp(f, (t0, tf), y0, t_eval=t_eval, args=args or None, **options)
    told = {name: value for name, value in found.items() if name not in ("y", "sol", "t_events", "y_events")}
    return found.y, "" if found.success else found.message, told


def _solve_ivp(fun: Any, t_span: Any, y0: Any, method: Any = "RK45", t_eval: Any = None, dense_output: Any = False, events: Any = None,
               vectorized: Any = False, args: Any = None, **options: Any) -> Any:  # fmt: skip
    if dense_output or events is not None:
        refused("scipy.integrate.solve_ivp() has no derivative with dense_output or events: ask for times by t_eval")
    t0, tf = t_span
    times = None if t_eval is None else np.asarray(t_eval) * 1.0
    start = np.asarray(y0) * 1.0
    if np.iscomplexobj(start):
        refused("scipy.integrate.solve_ivp() has no derivative of complex states: take real and imaginary parts")
    like = np.zeros((len(start), 1 if times is None else len(times)))
    known = {"t": np.zeros(1 if times is None else len(times)), "status": 0, "message": "", "success": True, "nfev": 0}
    kind = method.steps_as
    given = {"method": kind.__name__ if kind.__module__.startswith("scipy.") else kind, "vectorized": vectorized, **options}
    y, told = trajectory(_run_ivp, _rate, like, known, start, float(t0), float(tf), times, fun, () if args is None else args, given)
    told["t"] = told["t"] if times is None else times
    return OdeResult(y=y, sol=None, t_events=None, y_events=None, **told)


def _rate_of_two(t: Any, y: Any, y0: Any, t0: Any, tf: Any, times: Any, f: Any, args: Any, tfirst: Any, options: Any) -> Any:
    return np.asarray(f(t, y, *args) if tfirst else f(y, t, *args)) * 1.0


def _run_odeint(y0: Any, t0: Any, tf: Any, times: Any, f: Any, args: Any, tfirst: Any, options: Any) -> Any:
    given = {name: value for name, value in options.items() if name != "method"}
    y, told = scipy.integrate.odeint(f, y0, times, args, tfirst=tfirst, full_output=True, **given)
    done = told["message"] == "Integration successful."
    if not done:
        warnings.warn(told["message"], scipy.integrate.ODEintWarning, stacklevel=2)
    return y.T, "" if done else told["message"], {"t": np.asarray(times, dtype=float)}


def _odeint(func: Any, y0: Any, t: Any, args: Any = (), Dfun: Any = None, col_deriv: Any = 0, full_output: Any = 0, tfirst: Any = False,
            **options: Any) -> Any:  # fmt: skip
    if full_output:
        refused("scipy.integrate.odeint() has no derivative with full_output")
    args = args if isinstance(args, tuple) else (args,)
    times, start = np.asarray(t) * 1.0, np.atleast_1d(np.asarray(y0) * 1.0)
    given = {"method": "LSODA", "Dfun": Dfun, "col_deriv": col_deriv, **options}
    like = np.zeros((len(start), len(times)))
    first, last = times[0], times[-1]
    y, _ = trajectory(_run_odeint, _rate_of_two, like, {"t": np.zeros(len(times))}, start, first, last, times, func, args, tfirst, given)
    return np.ascontiguousarray(np.transpose(y))


def _by_the_equation(fun: Any, t_span: Any, y0: Any, method: Any = "RK45", *args: Any, **options: Any) -> bool:
    return hasattr(method, "steps_as")


follow("scipy.integrate.solve_ivp", "scipy.integrate._ivp.ivp.OdeResult")
instead("scipy.integrate.solve_ivp", f"{__name__}._solve_ivp", _by_the_equation)
means("scipy.integrate.odeint", _odeint)
