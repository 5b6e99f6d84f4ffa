"""Solutions of differential equations: by what their derivatives are computed."""
from __future__ import annotations

import functools
import importlib
from typing import Any


def continuous(method: Any = "RK45") -> Any:
    """A method for `scipy.integrate.solve_ivp` whose gradient is that of the equation, not that of its steps.

    `method` is the name of one of SciPy's methods or a class of such, and what comes out is a class that steps as that does, so the
    solution is the same. Without it the steps are differentiated: the gradient is that of the numbers that were computed, to the last
    digits, and of any order; but each new sequence of steps is recorded and compiled anew, and the implicit methods are refused. With it
    the adjoint equation is solved backward in time (Pontryagin 1962): one piece of code for all steps, any method, first derivatives.
    It is the gradient of the exact solution, to ten digits, so it differs from that of the computed one by as much as the steps err: with
    `rtol=1e-3`, which is SciPy's default, often in the third digit. `odeint` always has this gradient. SciPy is needed. Raises ValueError
    for a name that SciPy has no method of.

    >>> import math, scipy.integrate, s2sad
    >>> def end(rate, method):
    ...     return scipy.integrate.solve_ivp(lambda t, y: -rate * y, (0.0, 1.0), [1.0], method).y[0, -1]
    >>> steps, equation = s2sad.grad(end)(1.0, "RK45"), s2sad.grad(end)(1.0, s2sad.continuous("RK45"))
    >>> round(steps, 6), round(equation, 6), round(-math.exp(-1.0), 6)
    (-0.3665, -0.367879, -0.367879)
    """
    return _class(method)


@functools.lru_cache(maxsize=64)
def _class(method: Any) -> Any:
    integrate = importlib.import_module("scipy.integrate")
    kind = method if isinstance(method, type) else getattr(integrate, str(method), None)
    if not (isinstance(kind, type) and issubclass(kind, integrate.OdeSolver)) or kind is integrate.OdeSolver:
        raise ValueError(f"{method!r} is no method of scipy.integrate.solve_ivp: take 'RK45', 'RK23', 'DOP853', 'Radau', 'BDF' or 'LSODA'")
    return type(f"Continuous{kind.__name__}", (kind,), {"__module__": __name__, "steps_as": kind})
