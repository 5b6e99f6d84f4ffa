"""Rules of scipy.special: by the formulas of the NIST Digital Library of Mathematical Functions (DLMF), whose numbers stand beside them.

Here are the functions of one line: exponentials, logistic functions, entropies, losses. The modules beside this one have the others, by
theme. A derivative by an order or a shape parameter is stated where it has a closed form; where not, the parameter has no right side.
"""
from __future__ import annotations

from typing import Any

import numpy as np
import scipy.special

from s2sad.rules.facts import ELEMENTWISE, Facts
from s2sad.rules.language import elementwise, rule
from s2sad.rules.reductions import spread
from s2sad.runtime.arrays import ratio_or_zero
from s2sad.runtime.functions import power_derivative, unbroadcast
from s2sad.types import special as types


def cython(call: str) -> Facts:
    """The facts of a function of floats that native code calls in SciPy's Cython module."""
    return ELEMENTWISE.but(native=f"scipy.special.cython_special.{call}")


# Logistic functions
elementwise("scipy.special.expit(x)", x="ans * scipy.special.expit(-x)", facts=cython("expit(x)"))
elementwise("scipy.special.logit(x)", x="1.0 / (x * (1.0 - x))", facts=cython("logit(x)"))
elementwise("scipy.special.log_expit(x)", x="scipy.special.expit(-x)", facts=cython("log_expit(x)"))
if hasattr(scipy.special, "softplus"):
    elementwise("scipy.special.softplus(x)", x="scipy.special.expit(x)")


# Sums of exponentials
def _exponentials(a: Any, b: Any, size: Any, axis: Any) -> Any:
    """The terms of a sum of exponentials, `b * exp(a)`, in units of it, whose logarithm is `size`; of nothing but zeros, zeros."""
    top = spread(np.where(np.equal(size, -np.inf), 0.0, size), a, axis)
    return np.exp(a - top) if b is None else b * np.exp(a - top)


def _logsumexp_back(g: Any, terms: Any, ans: Any, a: Any, axis: Any, return_sign: bool) -> Any:
    """What the sum receives for its logarithm and its sign, handed on to the terms, or to what else the sum is linear in."""
    if not return_sign:
        return spread(g, a, axis) * terms
    sign = np.conj(ans[1])
    if np.iscomplexobj(a) or np.iscomplexobj(ans[1]):  # |s| turns by 1j * sign for each unit of the imaginary part of ds / s
        return spread((g[0] - 1j * np.real(1j * g[1] * ans[1])) * sign, a, axis) * terms
    return spread(g[0] * sign, a, axis) * terms


def _size(ans: Any, return_sign: bool) -> Any:
    return ans[0] if return_sign else ans


def _of_a(g: Any, ans: Any, a: Any, axis: Any, b: Any, return_sign: bool) -> Any:
    terms = _exponentials(a, b, _size(ans, return_sign), axis)
    return unbroadcast(_logsumexp_back(g, terms, ans, terms, axis, return_sign), np.shape(a))


def _of_b(g: Any, ans: Any, a: Any, axis: Any, b: Any, return_sign: bool) -> Any:
    factors = np.broadcast_to(_exponentials(a, None, _size(ans, return_sign), axis), np.broadcast_shapes(np.shape(a), np.shape(b)))
    return unbroadcast(_logsumexp_back(g, factors, ans, factors, axis, return_sign), np.shape(b))


rule("scipy.special.logsumexp(a, axis=None, b=None, keepdims=False, return_sign=False)",
     a="_of_a(g, ans, a, axis, b, return_sign)", b="_of_b(g, ans, a, axis, b, return_sign)",
     facts=Facts(gives=types.log_of_sum))  # fmt: skip
rule("scipy.special.softmax(x, axis=None)", x="ans * (g - np.sum(g * ans, axis=axis, keepdims=True))",
     jvp="ans * (x_dot - np.sum(x_dot * ans, axis=axis, keepdims=True))", facts=Facts(gives=types.like_x))  # fmt: skip
rule("scipy.special.log_softmax(x, axis=None)", x="g - np.exp(ans) * np.sum(g, axis=axis, keepdims=True)",
     jvp="x_dot - np.sum(np.exp(ans) * x_dot, axis=axis, keepdims=True)", facts=Facts(gives=types.like_x))  # fmt: skip


# Logarithms times a factor, and entropies: 0 where both factors are 0, as the function is
def _over(x: Any, y: Any) -> Any:
    """`x / y`, and 0 where both are 0."""
    return x / np.where(np.equal(x, 0) & np.equal(y, 0), np.inf, y)


def _log_ratio(x: Any, y: Any, otherwise: float) -> Any:
    """The logarithm of `x / y`, and that of another number where both are 0."""
    both = np.equal(x, 0) & np.equal(y, 0)
    return np.log(np.where(both, otherwise, x) / np.where(both, 1.0, y))


elementwise("scipy.special.xlogy(x, y)", x="np.log(y)", y="_over(x, y)", facts=cython("xlogy(x, y)"))
elementwise("scipy.special.xlog1py(x, y)", x="np.log1p(y)", y="_over(x, 1.0 + y)", facts=cython("xlog1py(x, y)"))
elementwise("scipy.special.entr(x)", x="-np.log(x) - 1.0", facts=cython("entr(x)"))
elementwise("scipy.special.rel_entr(x, y)", x="_log_ratio(x, y, 1.0 / math.e) + 1.0", y="-_over(x, y)", facts=cython("rel_entr(x, y)"))
elementwise("scipy.special.kl_div(x, y)", x="_log_ratio(x, y, 1.0)", y="1.0 - _over(x, y)", facts=cython("kl_div(x, y)"))

# Losses
elementwise("scipy.special.huber(delta, r)", r="np.clip(r, -delta, delta)", delta="np.maximum(np.abs(r) - delta, 0.0)",
            facts=cython("huber(delta, r)"))  # fmt: skip


def _pseudo_huber_by_size(delta: Any, r: Any) -> Any:
    length = np.hypot(delta, r)
    return ratio_or_zero(r, length + delta) ** 2 * r * ratio_or_zero(r, length)


elementwise("scipy.special.pseudo_huber(delta, r)", r="delta * ratio_or_zero(r, np.hypot(delta, r))",
            delta="_pseudo_huber_by_size(delta, r)", facts=cython("pseudo_huber(delta, r)"))  # fmt: skip

# Exponentials, roots, angles
elementwise("scipy.special.exp2(x)", x="ans * math.log(2.0)", facts=cython("exp2(x)"))
elementwise("scipy.special.exp10(x)", x="ans * math.log(10.0)", facts=cython("exp10(x)"))
elementwise("scipy.special.expm1(x)", x="np.exp(x)", facts=cython("expm1(x)"))
elementwise("scipy.special.log1p(x)", x="1.0 / (1.0 + x)", facts=cython("log1p(x)"))
elementwise("scipy.special.cbrt(x)", x="1.0 / (3.0 * ans * ans)", facts=cython("cbrt(x)"))
elementwise("scipy.special.cosm1(x)", x="-np.sin(x)", facts=cython("cosm1(x)"))
elementwise("scipy.special.exprel(x)", x="0.5 * scipy.special.hyp1f1(2.0, 3.0, x)",
            facts=cython("exprel(x)").but(source="DLMF 13.3.15, 13.6.2"))  # fmt: skip
elementwise("scipy.special.powm1(x, y)", x="power_derivative(x, y, dx=1)", y="power_derivative(x, y, dy=1)", facts=cython("powm1(x, y)"))
elementwise("scipy.special.radian(d, m, s)", d="math.pi / 180.0", m="math.pi / 10800.0", s="math.pi / 648000.0",
            facts=cython("radian(d, m, s)"))  # fmt: skip
elementwise("scipy.special.sindg(x)", x="math.pi / 180.0 * scipy.special.cosdg(x)", facts=cython("sindg(x)"))
elementwise("scipy.special.cosdg(x)", x="-math.pi / 180.0 * scipy.special.sindg(x)", facts=cython("cosdg(x)"))
elementwise("scipy.special.tandg(x)", x="math.pi / 180.0 * (1.0 + ans * ans)", facts=cython("tandg(x)"))
elementwise("scipy.special.cotdg(x)", x="-math.pi / 180.0 * (1.0 + ans * ans)", facts=cython("cotdg(x)"))


# Powers of Box and Cox: (x ** p - 1) / p, which is log(x) * exprel(p * log(x))
def boxcox_by_power(log: Any, power: Any) -> Any:
    """The derivative by the power, of the logarithm: `log ** 2` times the derivative of `exprel`; its limit where the number is 0."""
    nothing = np.equal(log, -np.inf)
    finite = np.where(nothing, 0.0, log)
    return np.where(nothing, power ** -2.0, 0.5 * finite * finite * scipy.special.hyp1f1(2.0, 3.0, power * finite))


elementwise("scipy.special.boxcox(x, lmbda)", x="np.power(x, lmbda - 1.0)", lmbda="boxcox_by_power(np.log(x), lmbda)",
            facts=cython("boxcox(x, lmbda)"))  # fmt: skip
elementwise("scipy.special.boxcox1p(x, lmbda)", x="np.power(1.0 + x, lmbda - 1.0)", lmbda="boxcox_by_power(np.log1p(x), lmbda)",
            facts=cython("boxcox1p(x, lmbda)"))  # fmt: skip
elementwise("scipy.special.inv_boxcox(x, lmbda)", x="np.power(ans, 1.0 - lmbda)",
            lmbda="-boxcox_by_power(np.log(ans), lmbda) * np.power(ans, 1.0 - lmbda)",
            facts=cython("inv_boxcox(x, lmbda)"))  # fmt: skip
elementwise("scipy.special.inv_boxcox1p(x, lmbda)", x="np.power(1.0 + ans, 1.0 - lmbda)",
            lmbda="-boxcox_by_power(np.log1p(ans), lmbda) * np.power(1.0 + ans, 1.0 - lmbda)",
            facts=cython("inv_boxcox1p(x, lmbda)"))  # fmt: skip
