"""Functions of matrices, and matrix equations, in scipy.linalg.

The derivative of a function of a matrix `a` along `e` stands beside the diagonal in the function of `[[a, e], [0, a]]`: Higham, Functions
of Matrices (2008), theorem 3.6. Its transpose is the derivative at the transposed matrix.
"""
from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg

from s2sad.errors import MissingRule
from s2sad.rules.factors import _conj, adjoint, transposed
from s2sad.rules.facts import Facts
from s2sad.rules.following import follow, means
from s2sad.rules.language import rule
from s2sad.rules.solving import varies
from s2sad.types import factored


def _with(a: Any, e: Any) -> Any:
    """`[[a, e], [0, a]]`"""
    above = np.concatenate((a, e), axis=-1)
    return np.concatenate((above, np.concatenate((np.zeros_like(a), a), axis=-1)), axis=-2)


def _beside(m: Any) -> Any:
    n = np.shape(m)[-1] // 2
    return m[..., :n, n:]


def _expm_along(a: Any, e: Any) -> Any:
    return _beside(scipy.linalg.expm(_with(a, e)))


def _principal(ans: Any, a: Any) -> Any:
    """The matrix, unless it has an eigenvalue on the branch cut."""
    if np.iscomplexobj(ans) and not np.iscomplexobj(a):
        raise MissingRule("an eigenvalue is negative, where the logarithm and its powers have their branch cut")
    return a


def _logm_along(a: Any, e: Any) -> Any:
    return _beside(scipy.linalg.logm(_with(a, e)))


def _power_along(a: Any, e: Any, t: Any) -> Any:
    return _beside(fractional_power(_with(a, e), t))


def _above(left: Any, right: Any) -> Any:
    """`[[left, right], [0, 0]]`"""
    above = np.concatenate((left, right), axis=-1)
    return np.concatenate((above, np.zeros_like(above)), axis=-2)


def _frechet_back(g: Any, a: Any, e: Any, both: Any) -> Any:
    """The cotangent of `[[a, e], [0, a]]`, of whose exponential both results are parts."""
    parts = _above(g[0], g[1]) if both else _above(np.zeros_like(g), g)
    return _expm_along(transposed(_with(a, e)), parts)


def _frechet_left(g: Any, a: Any, e: Any, both: Any) -> Any:
    back, n = _frechet_back(g, a, e, both), np.shape(a)[-1]
    return back[..., :n, :n] + back[..., n:, n:]


SOURCE = "Higham, Functions of Matrices (2008), theorem 3.6"
rule("scipy.linalg.expm(A)", A="_expm_along(transposed(A), g)", jvp="_expm_along(A, A_dot)", facts=Facts(gives=factored.square))
rule("scipy.linalg.expm_frechet(A, E, method=None, compute_expm=True, check_finite=True)", A="_frechet_left(g, A, E, compute_expm)",
     E="_beside(_frechet_back(g, A, E, compute_expm))", may_raise=True, facts=Facts(gives=factored.frechet))  # fmt: skip
rule("scipy.linalg.logm(A)", A="_logm_along(transposed(_principal(ans, A)), g)", jvp="_logm_along(_principal(ans, A), A_dot)", dynamic=True,
     facts=Facts(gives=factored.of_complex))  # fmt: skip
rule("scipy.linalg.sqrtm(A)", A="scipy.linalg.solve_sylvester(transposed(ans), transposed(ans), g)",
     jvp="scipy.linalg.solve_sylvester(ans, ans, A_dot)", dynamic=True, facts=Facts(gives=factored.of_complex))  # fmt: skip


def fractional_power(A: Any, t: Any) -> Any:
    return scipy.linalg.fractional_matrix_power(A, t)


def first_power(A: Any, t: Any) -> Any:
    """The matrix itself, where its derivative by the power is asked for: what is written into it shows, and it is not written."""
    shown = A.view()
    shown.flags.writeable = False
    return shown


def _power(A: Any, t: Any) -> Any:
    """The power 1 of a matrix is the matrix, whatever is written into either later."""
    matrix = np.asarray(A)
    if t != 1:
        return fractional_power(matrix, t)
    return first_power(matrix, t) if varies(t) else matrix


BY_POWER = "np.sum(np.real(g * (scipy.linalg.logm(_principal(ans, A)) @ ans)))"
rule("fractional_power(A, t)", A="_power_along(transposed(_principal(ans, A)), g, t)", t=BY_POWER, dynamic=True,
     facts=Facts(gives=factored.of_complex))  # fmt: skip
rule("first_power(A, t)", A="_power_along(transposed(A), g, t)", t=BY_POWER, facts=Facts(gives=factored.square, memory="shown"))
means("scipy.linalg.fractional_matrix_power", _power)
follow("scipy.linalg.cosm", "scipy.linalg.sinm")


def _hyperbolic_back(g: Any, a: Any, sign: float) -> Any:
    """Half the exponential, and half that of the negative with a sign."""
    return 0.5 * (_expm_along(transposed(a), g) - sign * _expm_along(-transposed(a), g))


rule("scipy.linalg.coshm(A)", A="_hyperbolic_back(g, A, 1.0)", jvp="_hyperbolic_back(A_dot, transposed(A), 1.0)",
     facts=Facts(gives=factored.square))  # fmt: skip
rule("scipy.linalg.sinhm(A)", A="_hyperbolic_back(g, A, -1.0)", jvp="_hyperbolic_back(A_dot, transposed(A), -1.0)",
     facts=Facts(gives=factored.square))  # fmt: skip


def _quotient_back(g: Any, ans: Any, below: Any) -> Any:
    """The cotangents of the two matrices of which one divided by the other from the left is the result."""
    right = np.linalg.solve(transposed(below), g)
    return right, -(right @ transposed(ans))


def _tanhm_back(g: Any, ans: Any, a: Any) -> Any:
    gs, gc = _quotient_back(g, ans, scipy.linalg.coshm(a))
    return _hyperbolic_back(gs, a, -1.0) + _hyperbolic_back(gc, a, 1.0)


def _tanm_back(g: Any, ans: Any, a: Any) -> Any:
    """The tangent is -i times the hyperbolic one of i times the matrix."""
    return _tanhm_back(g, 1j * ans, 1j * a)


rule("scipy.linalg.tanhm(A)", A="_tanhm_back(g, ans, A)", may_raise=True, facts=Facts(gives=factored.square))
rule("scipy.linalg.tanm(A)", A="_tanm_back(g, ans, A)", may_raise=True, facts=Facts(gives=factored.square))

# Linear equations
SOURCE = "Kao and Hennequin, Automatic differentiation of Sylvester, Lyapunov, and algebraic Riccati equations (2020)"


def _sylvester(a: Any, b: Any, g: Any) -> Any:
    return scipy.linalg.solve_sylvester(transposed(a), transposed(b), g)


rule("scipy.linalg.solve_sylvester(a, b, q)", a="-(_sylvester(a, b, g) @ transposed(ans))", b="-(transposed(ans) @ _sylvester(a, b, g))",
     q="_sylvester(a, b, g)", jvp="scipy.linalg.solve_sylvester(a, b, q_dot - a_dot @ ans - ans @ b_dot)", may_raise=True,
     facts=Facts(gives=factored.like_last))  # fmt: skip


def _lyapunov_left(y: Any, x: Any) -> Any:
    return -(y @ transposed(x) + _conj(transposed(y) @ x))


def _discrete_left(y: Any, x: Any, a: Any) -> Any:
    return y @ _conj(a) @ transposed(x) + _conj(transposed(y) @ a @ x)


rule("scipy.linalg.solve_continuous_lyapunov(a, q)",
     a="_lyapunov_left(scipy.linalg.solve_continuous_lyapunov(transposed(a), g), ans)",
     q="scipy.linalg.solve_continuous_lyapunov(transposed(a), g)",
     jvp="scipy.linalg.solve_continuous_lyapunov(a, q_dot - (a_dot @ ans + ans @ adjoint(a_dot)))", may_raise=True,
     facts=Facts(gives=factored.like_last))  # fmt: skip
rule("scipy.linalg.solve_discrete_lyapunov(a, q, method=None)",
     a="_discrete_left(scipy.linalg.solve_discrete_lyapunov(transposed(a), g, method), ans, a)",
     q="scipy.linalg.solve_discrete_lyapunov(transposed(a), g, method)",
     jvp="scipy.linalg.solve_discrete_lyapunov(a, q_dot + (a_dot @ ans @ adjoint(a) + a @ ans @ adjoint(a_dot)), method)",
     may_raise=True, facts=Facts(gives=factored.discrete))  # fmt: skip

# Equations of Riccati: at the solution they are equations of Lyapunov for the system with its feedback


def _continuous(g: Any, x: Any, a: Any, b: Any, r: Any) -> Any:
    """The feedback, and what the cotangent of the solution is multiplied with: that of `q`."""
    k = np.linalg.solve(r, adjoint(b) @ x)
    return k, -scipy.linalg.solve_continuous_lyapunov(_conj(a - b @ k), g)


def _discrete(g: Any, x: Any, a: Any, b: Any, r: Any) -> Any:
    """The feedback, and the cotangent of `q`."""
    k = np.linalg.solve(r + adjoint(b) @ x @ b, adjoint(b) @ x @ a)
    return k, scipy.linalg.solve_discrete_lyapunov(_conj(a - b @ k), g)


def _both(w: Any, y: Any) -> Any:
    """The cotangent of what is multiplied with `w` on one side, and so its adjoint on the other."""
    return _conj(w) @ y + _conj(w @ transposed(y))


def _care_right(g: Any, x: Any, a: Any, b: Any, r: Any) -> Any:
    k, y = _continuous(g, x, a, b, r)
    return -(_conj(x) @ y @ transposed(k) + _conj(x @ transposed(y) @ adjoint(k)))


def _dare_left(g: Any, x: Any, a: Any, b: Any, r: Any) -> Any:
    k, y = _discrete(g, x, a, b, r)
    return _both(x @ (a - b @ k), y)


def _dare_right(g: Any, x: Any, a: Any, b: Any, r: Any) -> Any:
    k, y = _discrete(g, x, a, b, r)
    w = x @ (a - b @ k)
    return -(_conj(w) @ y @ transposed(k) + _conj(w @ transposed(y) @ adjoint(k)))


def _weight(feedback: Any) -> Any:
    k, y = feedback
    return _conj(k) @ y @ transposed(k)


rule("scipy.linalg.solve_continuous_are(a, b, q, r, balanced=True)", a="_both(ans, _continuous(g, ans, a, b, r)[1])",
     b="_care_right(g, ans, a, b, r)", q="_continuous(g, ans, a, b, r)[1]", r="_weight(_continuous(g, ans, a, b, r))", may_raise=True,
     facts=Facts(gives=factored.like_first))  # fmt: skip
rule("scipy.linalg.solve_discrete_are(a, b, q, r, balanced=True)", a="_dare_left(g, ans, a, b, r)", b="_dare_right(g, ans, a, b, r)",
     q="_discrete(g, ans, a, b, r)[1]", r="_weight(_discrete(g, ans, a, b, r))", may_raise=True,
     facts=Facts(gives=factored.like_first))  # fmt: skip
