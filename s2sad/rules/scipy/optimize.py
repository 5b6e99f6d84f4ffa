"""Rules of scipy.optimize: what a solver finds has the derivative that its equation says, given that it converged.

It is the derivative by what the function is given in `args`, and by what it knows from around it. By the first guess it is zero. The other
fields of a result are values without derivative, but for `fun`.
"""
from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import scipy.optimize
from scipy.optimize import OptimizeResult, RootResults

from s2sad.rules.following import follow, means
from s2sad.rules.language import rule
from s2sad.rules.refusing import refuse
from s2sad.rules.scipy.bounded import held
from s2sad.rules.solving import constant, in_place_of, refused, slope, solution

CODES = {"converged": 0, "sign error": -1, "convergence error": -2, "value error": -3, "No error": 1}
COUNTED = {"iterations": 0, "function_calls": 0, "code": 0}
KNOWN = {"success": True, "status": 0, "message": "", "nfev": 0}
FOUND = {"success": True, "nfev": 0, "nit": 0, "fun": np.float64(0.0)}
MARGIN = 1e-4
LEAP, WIDE = 0.1, 1e-6


def _tuple(args: Any) -> Any:
    return args if isinstance(args, tuple) else (args,)


def _first_of(value: Any, pair: bool) -> Any:
    return value[0] if pair else value


def _told_with(slope: Any) -> bool:
    """Whether a function gives its derivative with its value."""
    return isinstance(slope, bool) and slope


# Roots of functions of one number


def _of_root(x: Any, told: Any, f: Any, args: Any, pair: Any, *rest: Any) -> Any:
    return _first_of(f(x, *_tuple(args)), pair)


def _counted(found: Any) -> Any:
    why = "" if found.converged else str(found.flag)
    return found.root, why, {"iterations": found.iterations, "function_calls": found.function_calls, "code": CODES.get(found.flag, -2)}


def _run_bracketed(f: Any, args: Any, pair: Any, name: str, a: Any, b: Any, options: Any) -> Any:
    found = _counted(getattr(scipy.optimize, name)(f, a, b, args, full_output=True, **options)[1])
    return _if_none_leaps(found, f, args, pair, a, b)


def _if_none_leaps(found: Any, f: Any, args: Any, pair: Any, a: Any, b: Any) -> Any:
    """What is found between two ends; that is no root where the function is as large there as at the ends."""
    x, why, told = found
    there, *ends = [abs(_first_of(f(at, *_tuple(args)), pair)) for at in (x, a, b)]
    if not why and there > LEAP * max(ends) and abs(b - a) > WIDE * abs(x):
        why = "the function leaps from one side of zero to the other"
    return x, why, told


def _bracketed(name: str, f: Any, a: Any, b: Any, args: Any, full_output: Any, options: Any) -> Any:
    like = np.float64(0.0) if name == "toms748" else 0.0
    x, told = solution(_run_bracketed, _of_root, like, COUNTED, f, args, False, name, a, b, options)
    return (x, RootResults(x, told["iterations"], told["function_calls"], told["code"], name)) if full_output else x


def _bisect(f: Any, a: Any, b: Any, args: Any = (), xtol: Any = 2e-12, rtol: Any = 4 * np.finfo(float).eps, maxiter: Any = 100,
            full_output: Any = False, disp: Any = True) -> Any:  # fmt: skip
    return _bracketed("bisect", f, a, b, args, full_output, {"xtol": xtol, "rtol": rtol, "maxiter": maxiter, "disp": disp})


def _brentq(f: Any, a: Any, b: Any, args: Any = (), xtol: Any = 2e-12, rtol: Any = 4 * np.finfo(float).eps, maxiter: Any = 100,
            full_output: Any = False, disp: Any = True) -> Any:  # fmt: skip
    return _bracketed("brentq", f, a, b, args, full_output, {"xtol": xtol, "rtol": rtol, "maxiter": maxiter, "disp": disp})


def _brenth(f: Any, a: Any, b: Any, args: Any = (), xtol: Any = 2e-12, rtol: Any = 4 * np.finfo(float).eps, maxiter: Any = 100,
            full_output: Any = False, disp: Any = True) -> Any:  # fmt: skip
    return _bracketed("brenth", f, a, b, args, full_output, {"xtol": xtol, "rtol": rtol, "maxiter": maxiter, "disp": disp})


def _ridder(f: Any, a: Any, b: Any, args: Any = (), xtol: Any = 2e-12, rtol: Any = 4 * np.finfo(float).eps, maxiter: Any = 100,
            full_output: Any = False, disp: Any = True) -> Any:  # fmt: skip
    return _bracketed("ridder", f, a, b, args, full_output, {"xtol": xtol, "rtol": rtol, "maxiter": maxiter, "disp": disp})


def _toms748(f: Any, a: Any, b: Any, args: Any = (), k: Any = 1, xtol: Any = 2e-12, rtol: Any = 4 * np.finfo(float).eps,
             maxiter: Any = 100, full_output: Any = False, disp: Any = True) -> Any:  # fmt: skip
    return _bracketed("toms748", f, a, b, args, full_output, {"k": k, "xtol": xtol, "rtol": rtol, "maxiter": maxiter, "disp": disp})


def _run_newton(f: Any, args: Any, pair: Any, x0: Any, fprime: Any, options: Any) -> Any:
    found = scipy.optimize.newton(f, x0, fprime, args, full_output=True, **options)
    if isinstance(found[1], RootResults):
        return found[0], *_counted(found[1])[1:]
    return found[0], "" if np.all(found[1]) else "some of the roots did not converge", {"converged": found[1], "zero_der": found[2]}


def _newton(func: Any, x0: Any, fprime: Any = None, args: Any = (), tol: Any = 1.48e-8, maxiter: Any = 50, fprime2: Any = None,
            x1: Any = None, rtol: Any = 0.0, full_output: Any = False, disp: Any = True) -> Any:  # fmt: skip
    options = {"tol": tol, "maxiter": maxiter, "fprime2": fprime2, "x1": x1, "rtol": rtol, "disp": disp}
    like = np.float64(0.0) if np.size(x0) == 1 and np.ndim(x0) == 0 else np.zeros(np.shape(x0))
    known = COUNTED if np.size(x0) == 1 else {"converged": like == 0, "zero_der": like == 0}
    x, told = solution(_run_newton, _of_root, like, known, func, args, False, x0, fprime, options)
    if not full_output:
        return x
    if "code" in told:
        method = "halley" if fprime2 is not None else "newton" if fprime is not None else "secant"
        return x, RootResults(x, told["iterations"], told["function_calls"], told["code"], method)
    return x, told["converged"], told["zero_der"]


def _run_root_scalar(f: Any, args: Any, pair: Any, options: Any) -> Any:
    found = scipy.optimize.root_scalar(f, args=args, **options)
    root, why, told = _counted(found)
    if options["bracket"] is not None:
        root, why, told = _if_none_leaps((root, why, told), f, args, pair, *options["bracket"][:2])
    return root, why, {**told, "method": found.method}


def _root_scalar(f: Any, args: Any = (), method: Any = None, bracket: Any = None, fprime: Any = None, fprime2: Any = None, x0: Any = None,
                 x1: Any = None, xtol: Any = None, rtol: Any = None, maxiter: Any = None, options: Any = None) -> Any:  # fmt: skip
    given = {"method": method, "bracket": bracket, "fprime": fprime, "fprime2": fprime2, "x0": x0, "x1": x1, "xtol": xtol, "rtol": rtol,
             "maxiter": maxiter, "options": options}  # fmt: skip
    pair = _told_with(fprime) or _told_with(fprime2)
    like = 0.0 if bracket is not None else np.float64(0.0)
    x, told = solution(_run_root_scalar, _of_root, like, {**COUNTED, "method": ""}, f, args, pair, given)
    return RootResults(x, told["iterations"], told["function_calls"], told["code"], told["method"])


# Roots of functions of several numbers


def _row(value: Any) -> Any:
    return np.ravel(value)


def _of_roots(x: Any, told: Any, f: Any, args: Any, pair: Any, *rest: Any) -> Any:
    return np.reshape(_row(_first_of(f(x, *_tuple(args)), pair)), np.shape(x))


def _run_fsolve(f: Any, args: Any, pair: Any, x0: Any, full_output: Any, options: Any) -> Any:
    x, info, code, message = scipy.optimize.fsolve(f, x0, args, full_output=True, **options)
    if code != 1 and not full_output:
        warnings.warn(message, RuntimeWarning, stacklevel=2)
    return x, "" if code == 1 else message, {**info, "ier": code, "mesg": message}


def _fsolve(func: Any, x0: Any, args: Any = (), fprime: Any = None, full_output: Any = 0, col_deriv: Any = 0, xtol: Any = 1.49012e-8,
            maxfev: Any = 0, band: Any = None, epsfcn: Any = None, factor: Any = 100, diag: Any = None) -> Any:  # fmt: skip
    options = {"fprime": fprime, "col_deriv": col_deriv, "xtol": xtol, "maxfev": maxfev, "band": band, "epsfcn": epsfcn, "factor": factor,
               "diag": diag}  # fmt: skip
    x, told = solution(_run_fsolve, _of_roots, np.zeros(np.size(x0)), {"ier": 1, "mesg": ""}, func, args, False, x0, full_output, options)
    if not full_output:
        return x
    return x, {k: v for k, v in told.items() if k not in ("ier", "mesg")}, told["ier"], told["mesg"]


def _fields(found: Any, but: str = "x") -> Any:
    return {name: value for name, value in found.items() if name != but}


def _run_root(f: Any, args: Any, pair: Any, x0: Any, jac: Any, options: Any) -> Any:
    found = scipy.optimize.root(f, x0, args, jac=jac, **options)
    return found.x, "" if found.success else found.message, _fields(found)


def _root(fun: Any, x0: Any, args: Any = (), method: Any = "hybr", jac: Any = None, tol: Any = None, callback: Any = None,
          options: Any = None) -> Any:  # fmt: skip
    pair = _told_with(jac)
    like = np.zeros(np.size(x0)) if method in ("hybr", "lm") else np.zeros(np.shape(x0))
    given = {"method": method, "tol": tol, "callback": callback, "options": options}
    x, told = solution(_run_root, _of_roots, like, KNOWN, fun, args, pair, x0, jac, given)
    told["fun"] = _first_of(fun(x, *_tuple(args)), pair)
    return OptimizeResult(x=x, **told)


def _run_stepwise(f: Any, args: Any, pair: Any, name: str, xin: Any, options: Any) -> Any:
    return getattr(scipy.optimize, name)(f, xin, **options), "", {}


def _stepwise(name: str, f: Any, xin: Any, iter: Any, options: Any) -> Any:
    like = np.zeros(np.shape(xin))
    return solution(_run_stepwise, _of_roots, like, {}, f, (), False, name, xin, {"iter": iter, **options})[0]


def _anderson(F: Any, xin: Any, iter: Any = None, **options: Any) -> Any:
    return _stepwise("anderson", F, xin, iter, options)


def _broyden1(F: Any, xin: Any, iter: Any = None, **options: Any) -> Any:
    return _stepwise("broyden1", F, xin, iter, options)


def _broyden2(F: Any, xin: Any, iter: Any = None, **options: Any) -> Any:
    return _stepwise("broyden2", F, xin, iter, options)


def _diagbroyden(F: Any, xin: Any, iter: Any = None, **options: Any) -> Any:
    return _stepwise("diagbroyden", F, xin, iter, options)


def _newton_krylov(F: Any, xin: Any, iter: Any = None, **options: Any) -> Any:
    return _stepwise("newton_krylov", F, xin, iter, options)


def _of_fixed_point(x: Any, told: Any, f: Any, args: Any, *rest: Any) -> Any:
    return x - f(x, *_tuple(args))


def _run_fixed_point(f: Any, args: Any, x0: Any, options: Any) -> Any:
    return scipy.optimize.fixed_point(f, x0, args, **options), "", {}


def _fixed_point(func: Any, x0: Any, args: Any = (), xtol: Any = 1e-8, maxiter: Any = 500, method: Any = "del2") -> Any:
    like = np.zeros(np.shape(x0)) if np.ndim(x0) else np.float64(0.0)
    return solution(_run_fixed_point, _of_fixed_point, like, {}, func, args, x0, {"xtol": xtol, "maxiter": maxiter, "method": method})[0]


# Minima


def _number(x: Any, f: Any, args: Any, pair: Any) -> Any:
    value = _first_of(f(x, *_tuple(args)), pair)
    return np.reshape(value, ()) if np.ndim(value) else value


def _of_minimum(x: Any, told: Any, f: Any, args: Any, pair: Any, bounds: Any, constraints: Any, *rest: Any) -> Any:
    """The gradient is zero but where a bound holds, and there the bound is what the number is."""
    if constraints is not None and constraints != () and constraints != []:
        refused("scipy.optimize.minimize() has no derivative where there are constraints")
    falling = slope(_number, x, f, args, pair)
    return falling if bounds is None else held(x, falling, *_limits(bounds, x))


def _limits(bounds: Any, x: Any) -> Any:
    low, high = [pair[0] for pair in bounds], [pair[1] for pair in bounds]
    return np.array([-np.inf if v is None else v for v in low]), np.array([np.inf if v is None else v for v in high])


def _run_minimize(f: Any, args: Any, pair: Any, bounds: Any, constraints: Any, x0: Any, jac: Any, options: Any) -> Any:
    given = {} if constraints is None else {"constraints": constraints}
    found = scipy.optimize.minimize(f, x0, args, jac=jac, bounds=bounds, **given, **options)
    return found.x, _why_no_minimum(found, bounds, options), _fields(found)


def _why_no_minimum(found: Any, bounds: Any, options: Any) -> str:
    if bounds is not None and str(options["method"]).lower() == "trust-constr":
        return "trust-constr does not reach the bounds"
    return "" if found.success else str(found.message)


def _pairs(bounds: Any, x0: Any) -> Any:
    if isinstance(bounds, scipy.optimize.Bounds):
        low, high = np.broadcast_to(bounds.lb, np.shape(x0)), np.broadcast_to(bounds.ub, np.shape(x0))
        return [(low[i], high[i]) for i in range(len(low))]
    return bounds


def _minimize(fun: Any, x0: Any, args: Any = (), method: Any = None, jac: Any = None, hess: Any = None, hessp: Any = None,
              bounds: Any = None, constraints: Any = (), tol: Any = None, callback: Any = None, options: Any = None) -> Any:  # fmt: skip
    pair = _told_with(jac)
    given = {"method": method, "hess": hess, "hessp": hessp, "tol": tol, "callback": callback, "options": options}
    known = {"success": True, "status": 0, "message": "", "nfev": 0, "nit": 0, "fun": np.float64(0.0)}
    x, told = solution(_run_minimize, _of_minimum, np.zeros(np.size(x0)), known, fun, args, pair, _pairs(bounds, x0), constraints, x0, jac,
                       given)  # fmt: skip
    told["fun"] = in_place_of(constant(told["fun"]), _number(x, fun, args, pair))
    return OptimizeResult(x=x, **told)


def _of_minimum_of_one(x: Any, told: Any, f: Any, args: Any, *rest: Any) -> Any:
    return slope(_number, x, f, args, False)


def _run_minimize_scalar(f: Any, args: Any, bounds: Any, options: Any) -> Any:
    found = scipy.optimize.minimize_scalar(f, args=args, bounds=bounds, **options)
    why = "" if found.success else str(found.message)
    if bounds is not None and min(found.x - bounds[0], bounds[1] - found.x) < MARGIN * (bounds[1] - bounds[0]):
        why = "the minimum may lie at one of the bounds"
    return found.x, why, _fields(found)


def _minimize_scalar(fun: Any, bracket: Any = None, bounds: Any = None, args: Any = (), method: Any = None, tol: Any = None,
                     options: Any = None) -> Any:  # fmt: skip
    given = {"bracket": bracket, "method": method, "tol": tol, "options": options}
    x, told = solution(_run_minimize_scalar, _of_minimum_of_one, np.float64(0.0), FOUND, fun, args, bounds, given)
    told["fun"] = in_place_of(constant(told["fun"]), _number(x, fun, args, False))
    return OptimizeResult(x=x, **told)


means("scipy.optimize.bisect", _bisect)
means("scipy.optimize.brentq", _brentq)
means("scipy.optimize.brenth", _brenth)
means("scipy.optimize.ridder", _ridder)
means("scipy.optimize.toms748", _toms748)
means("scipy.optimize.newton", _newton)
means("scipy.optimize.root_scalar", _root_scalar)
means("scipy.optimize.fsolve", _fsolve)
means("scipy.optimize.root", _root)
means("scipy.optimize.fixed_point", _fixed_point)
means("scipy.optimize.anderson", _anderson)
means("scipy.optimize.broyden1", _broyden1)
means("scipy.optimize.broyden2", _broyden2)
means("scipy.optimize.diagbroyden", _diagbroyden)
means("scipy.optimize.newton_krylov", _newton_krylov)
means("scipy.optimize.minimize", _minimize)
means("scipy.optimize.minimize_scalar", _minimize_scalar)

follow("scipy.optimize.OptimizeResult", "scipy.optimize.RootResults", "scipy.optimize.Bounds")


# Rosenbrock's function: the sum of 100 (b - a**2)**2 + (1 - a)**2 over neighbours, and its derivatives up to the third


def _third(x: Any, p: Any, g: Any) -> Any:
    """The third derivative along two directions."""
    return _spread(2400.0 * x[:-1] * p[:-1] * g[:-1] - 400.0 * (p[:-1] * g[1:] + p[1:] * g[:-1]), -400.0 * p[:-1] * g[:-1])


def _third_of_matrix(x: Any, g: Any) -> Any:
    here, beside = np.diagonal(g)[:-1], np.diagonal(g, 1) + np.diagonal(g, -1)
    return _spread(2400.0 * x[:-1] * here - 400.0 * beside, -400.0 * here)


def _spread(first: Any, second: Any) -> Any:
    return np.concatenate((first, np.zeros(1))) + np.concatenate((np.zeros(1), second))


rule("scipy.optimize.rosen(x)", x="g * scipy.optimize.rosen_der(x)")
rule("scipy.optimize.rosen_der(x)", x="scipy.optimize.rosen_hess_prod(x, g)")
rule("scipy.optimize.rosen_hess(x)", x="_third_of_matrix(x, g)")
rule("scipy.optimize.rosen_hess_prod(x, p)", x="_third(x, p, g)", p="scipy.optimize.rosen_hess_prod(x, g)")

# What has none, and why
refuse("scipy.optimize.line_search", why="the length of its step is what a search accepts, and changes by jumps")

refuse("scipy.optimize.approx_fprime", "scipy.optimize.check_grad",
       why="it takes differences, whose derivative is noise; s2sad.grad gives the gradient, and s2sad.check_grads compares it")  # fmt: skip
refuse("scipy.optimize.fmin", "scipy.optimize.fmin_bfgs", "scipy.optimize.fmin_cg", "scipy.optimize.fmin_cobyla",
       "scipy.optimize.fmin_l_bfgs_b", "scipy.optimize.fmin_ncg", "scipy.optimize.fmin_powell", "scipy.optimize.fmin_slsqp",
       "scipy.optimize.fmin_tnc", why="what scipy.optimize.minimize() finds has one")  # fmt: skip
refuse("scipy.optimize.fminbound", "scipy.optimize.brent", "scipy.optimize.golden", "scipy.optimize.bracket",
       why="what scipy.optimize.minimize_scalar() finds has one")  # fmt: skip
refuse("scipy.optimize.excitingmixing", "scipy.optimize.linearmixing",
       why="what scipy.optimize.root() finds has one, by the method of that name")  # fmt: skip
refuse("scipy.optimize.basinhopping", "scipy.optimize.brute", "scipy.optimize.differential_evolution", "scipy.optimize.direct",
       "scipy.optimize.dual_annealing", "scipy.optimize.shgo",
       why="which minimum is found may change; what scipy.optimize.minimize() finds from there has one")  # fmt: skip
refuse("scipy.optimize.milp", "scipy.optimize.linear_sum_assignment", "scipy.optimize.quadratic_assignment",
       why="what it chooses among is no continuous function of its arguments")  # fmt: skip
refuse("scipy.optimize.isotonic_regression", why="which numbers it joins changes with their order")
refuse("scipy.optimize.show_options", "scipy.optimize.linprog_verbose_callback", why="it prints")
refuse("scipy.optimize.BFGS", "scipy.optimize.SR1", "scipy.optimize.HessianUpdateStrategy", "scipy.optimize.BroydenFirst",
       "scipy.optimize.InverseJacobian", "scipy.optimize.KrylovJacobian", "scipy.optimize.LbfgsInvHessProduct",
       why="it is part of a solver, which is not followed")  # fmt: skip
refuse("scipy.optimize.LinearConstraint", "scipy.optimize.NonlinearConstraint",
       why="what is found where constraints hold has no derivative here")  # fmt: skip
