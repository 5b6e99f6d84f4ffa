"""Rules of scipy.special: hypergeometric functions, exponential and trigonometric integrals, zeta functions, Lambert's function."""
from __future__ import annotations

from typing import Any

import numpy as np
import scipy.special

from s2sad.rules.facts import Facts
from s2sad.rules.language import elementwise, rule
from s2sad.rules.scipy.special import cython
from s2sad.runtime.special import zeta_derivative
from s2sad.types import dependence
from s2sad.types import special as types

TWO = Facts(gives=types.pair, spreads=dependence.elementwise)

# Hypergeometric functions, by what they are of
SOURCE = "DLMF 13.3.15, 13.3.22, 15.5.1, 16.3.1"
elementwise("scipy.special.hyp0f1(v, z)", z="scipy.special.hyp0f1(v + 1.0, z) / v", facts=cython("hyp0f1(v, z)"))
elementwise("scipy.special.hyp1f1(a, b, x)", x="a / b * scipy.special.hyp1f1(a + 1.0, b + 1.0, x)", facts=cython("hyp1f1(a, b, x)"))
elementwise("scipy.special.hyp2f1(a, b, c, z)", z="a * b / c * scipy.special.hyp2f1(a + 1.0, b + 1.0, c + 1.0, z)",
            facts=cython("hyp2f1(a, b, c, z)"))  # fmt: skip
elementwise("scipy.special.hyperu(a, b, x)", x="-a * scipy.special.hyperu(a + 1.0, b + 1.0, x)", facts=cython("hyperu(a, b, x)"))
SOURCE = "DLMF 10.46.1"
elementwise("scipy.special.wright_bessel(a, b, x)", x="scipy.special.wright_bessel(a, a + b, x)", facts=cython("wright_bessel(a, b, x)"))
if hasattr(scipy.special, "log_wright_bessel"):
    elementwise("scipy.special.log_wright_bessel(a, b, x)", x="np.exp(scipy.special.log_wright_bessel(a, a + b, x) - ans)",
                facts=cython("log_wright_bessel(a, b, x)"))  # fmt: skip

# Exponential integrals
SOURCE = "DLMF 6.2, 8.19.13"
elementwise("scipy.special.expi(x)", x="np.exp(x) / x", facts=cython("expi(x)"))
elementwise("scipy.special.exp1(z)", z="-np.exp(-z) / z", facts=cython("exp1(z)"))


def _expn_partial(n: Any, x: Any, ans: Any) -> Any:
    """The order before; that of 0 is `exp(-x) / x`."""
    return np.where(np.equal(n, 0), -(1.0 + 1.0 / x) * ans, -scipy.special.expn(np.maximum(n - 1, 0), x))


elementwise("scipy.special.expn(n, x)", x="_expn_partial(n, x, ans)", facts=cython("expn(n, x)"))


# Integrals of trigonometric and hyperbolic functions
SOURCE = "DLMF 6.2.9 to 6.2.16"
def _sin_over(z: Any) -> Any:
    return np.sin(z) / z if np.iscomplexobj(z) else np.sinc(z / np.pi)


def _sinh_over(z: Any) -> Any:
    return np.sinh(z) / z if np.iscomplexobj(z) else 0.5 * (scipy.special.exprel(z) + scipy.special.exprel(-z))


rule("scipy.special.sici(z)", z="g[0] * _sin_over(z) + g[1] * (np.cos(z) / z)",
     jvp="(z_dot * _sin_over(z), z_dot * (np.cos(z) / z))", facts=TWO)  # fmt: skip
rule("scipy.special.shichi(z)", z="g[0] * _sinh_over(z) + g[1] * (np.cosh(z) / z)",
     jvp="(z_dot * _sinh_over(z), z_dot * (np.cosh(z) / z))", facts=TWO)  # fmt: skip
SOURCE = "DLMF 7.2.7, 7.2.8"
rule("scipy.special.fresnel(z)", z="g[0] * np.sin(0.5 * np.pi * z * z) + g[1] * np.cos(0.5 * np.pi * z * z)",
     jvp="(z_dot * np.sin(0.5 * np.pi * z * z), z_dot * np.cos(0.5 * np.pi * z * z))", facts=TWO)  # fmt: skip


def _spence_partial(z: Any) -> Any:
    """`log(z) / (1 - z)`, near 1 as a series, which has digits left there."""
    near = np.abs(z - 1.0) < 0.5
    away = np.where(near, 2.0, z)
    return np.where(near, -scipy.special.hyp2f1(1.0, 1.0, 2.0, np.where(near, 1.0 - z, 0.0)), np.log(away) / (1.0 - away))


SOURCE = "DLMF 25.12.2"
elementwise("scipy.special.spence(z)", z="_spence_partial(z)", facts=cython("spence(z)"))


# Zeta functions
SOURCE = "DLMF 25.4.1, 25.11.7, 25.11.17"
def _zeta_partial(x: Any, q: Any) -> Any:
    """To the left of 0 by reflection (DLMF 25.4.1), which only the function of Riemann has here."""
    if q is not None:
        return zeta_derivative(x, q)
    left = x < 0.0
    s, right = np.where(left, x, -0.5), np.where(left, 2.0, x)
    value, turn = scipy.special.zeta(1.0 - s), 0.5 * np.pi * s
    slope = np.sin(turn) * (np.log(2.0 * np.pi) * value - scipy.special.psi(1.0 - s) * value - zeta_derivative(1.0 - s, 1.0))
    factor = 2.0 * np.power(2.0 * np.pi, s - 1.0) * scipy.special.gamma(1.0 - s)
    return np.where(left, factor * (slope + 0.5 * np.pi * np.cos(turn) * value), zeta_derivative(right, 1.0))


elementwise("scipy.special.zeta(x, q=None)", x="_zeta_partial(x, q)", q="-x * scipy.special.zeta(x + 1.0, q)")
elementwise("scipy.special.zetac(x)", x="_zeta_partial(x, None)", facts=cython("zetac(x)"))
elementwise("zeta_derivative(x, q, n=1)", x="zeta_derivative(x, q, n=n + 1)",
            q="-x * zeta_derivative(x + 1.0, q, n=n) - n * _lower(x + 1.0, q, n - 1)")  # fmt: skip


def _lower(x: Any, q: Any, n: int) -> Any:
    return zeta_derivative(x, q, n=n) if n else scipy.special.zeta(x, q)


# Inverses of z * exp(z) and of z + log(z)
SOURCE = "DLMF 4.13.4"
elementwise("scipy.special.lambertw(z, k=0, tol=1e-8)", z="np.exp(-ans) / (1.0 + ans)")
elementwise("scipy.special.wrightomega(z)", z="ans / (1.0 + ans)", facts=cython("wrightomega(z)"))
