"""Rules of scipy.special: solutions of wave equations in other coordinates, by their arguments.

A function comes with its derivative, and the equation gives the second one (DLMF 12.2.2, 12.14.2, 28.2.1, 28.20.1, 30.2.1). What does not
come with one, or has another parameter, is refused.
"""
from __future__ import annotations

from typing import Any

import numpy as np
import scipy.special

from s2sad.rules.facts import Facts
from s2sad.rules.language import elementwise, rule
from s2sad.runtime.functions import unbroadcast
from s2sad.runtime.special import diric_derivative
from s2sad.types import dependence
from s2sad.types import special as types

TWO = Facts(gives=types.pair, spreads=dependence.elementwise)

# Parabolic cylinder functions
SOURCE = "DLMF 12.2.2, 12.14.2"
rule("scipy.special.pbdv(v, x)", "scipy.special.pbvv(v, x)",
     x="unbroadcast(g[0] * ans[1] + g[1] * np.subtract(0.25 * x * x - 0.5, v) * ans[0], np.shape(x))",
     jvp="(x_dot * ans[1], x_dot * np.subtract(0.25 * x * x - 0.5, v) * ans[0])", facts=TWO)  # fmt: skip
rule("scipy.special.pbwa(a, x)", x="unbroadcast(g[0] * ans[1] + g[1] * np.subtract(a, 0.25 * x * x) * ans[0], np.shape(x))",
     jvp="(x_dot * ans[1], x_dot * np.subtract(a, 0.25 * x * x) * ans[0])", facts=TWO)  # fmt: skip


# Functions of Mathieu: those around the ellipse have their angle in degrees, and the derivative by the angle in radians
def _around(m: Any, q: Any, x: Any, value: Any) -> Any:
    return (np.multiply(2.0, q) * np.cos(np.pi / 90.0 * x) - value) * (np.pi / 180.0)


def _outwards(q: Any, x: Any, value: Any) -> Any:
    return value - np.multiply(2.0, q) * np.cosh(2.0 * x)


SOURCE = "DLMF 28.2.1, 28.20.1"
rule("scipy.special.mathieu_cem(m, q, x)",
     x="unbroadcast(np.pi / 180.0 * g[0] * ans[1] + g[1] * _around(m, q, x, scipy.special.mathieu_a(m, q)) * ans[0], np.shape(x))",
     jvp="(np.pi / 180.0 * x_dot * ans[1], x_dot * _around(m, q, x, scipy.special.mathieu_a(m, q)) * ans[0])", facts=TWO)  # fmt: skip
rule("scipy.special.mathieu_sem(m, q, x)",
     x="unbroadcast(np.pi / 180.0 * g[0] * ans[1] + g[1] * _around(m, q, x, scipy.special.mathieu_b(m, q)) * ans[0], np.shape(x))",
     jvp="(np.pi / 180.0 * x_dot * ans[1], x_dot * _around(m, q, x, scipy.special.mathieu_b(m, q)) * ans[0])", facts=TWO)  # fmt: skip
rule("scipy.special.mathieu_modcem1(m, q, x)", "scipy.special.mathieu_modcem2(m, q, x)",
     x="unbroadcast(g[0] * ans[1] + g[1] * _outwards(q, x, scipy.special.mathieu_a(m, q)) * ans[0], np.shape(x))",
     jvp="(x_dot * ans[1], x_dot * _outwards(q, x, scipy.special.mathieu_a(m, q)) * ans[0])", facts=TWO)  # fmt: skip
rule("scipy.special.mathieu_modsem1(m, q, x)", "scipy.special.mathieu_modsem2(m, q, x)",
     x="unbroadcast(g[0] * ans[1] + g[1] * _outwards(q, x, scipy.special.mathieu_b(m, q)) * ans[0], np.shape(x))",
     jvp="(x_dot * ans[1], x_dot * _outwards(q, x, scipy.special.mathieu_b(m, q)) * ans[0])", facts=TWO)  # fmt: skip


# Spheroidal wave functions: of the angle and the prolate radius one equation, with the square of c negated if they are oblate
def _prolate(m: Any, c: Any, x: Any, ans: Any, value: Any) -> Any:
    rest = 1.0 - x * x
    return (2.0 * x * ans[1] - (value - np.multiply(c, x) ** 2 - np.square(m) / rest) * ans[0]) / rest


def _oblate(m: Any, c: Any, x: Any, ans: Any, value: Any) -> Any:
    rest = 1.0 - x * x
    return (2.0 * x * ans[1] - (value + np.multiply(c, x) ** 2 - np.square(m) / rest) * ans[0]) / rest


def _oblate_radius(m: Any, c: Any, x: Any, ans: Any, value: Any) -> Any:
    rest = 1.0 + x * x
    return ((value - np.multiply(c, x) ** 2 - np.square(m) / rest) * ans[0] - 2.0 * x * ans[1]) / rest


SOURCE = "DLMF 30.2.1"
rule("scipy.special.pro_ang1(m, n, c, x)", "scipy.special.pro_rad1(m, n, c, x)",
     x="unbroadcast(g[0] * ans[1] + g[1] * _prolate(m, c, x, ans, scipy.special.pro_cv(m, n, c)), np.shape(x))",
     jvp="(x_dot * ans[1], x_dot * _prolate(m, c, x, ans, scipy.special.pro_cv(m, n, c)))", facts=TWO)  # fmt: skip
rule("scipy.special.pro_ang1_cv(m, n, c, cv, x)", "scipy.special.pro_rad1_cv(m, n, c, cv, x)",
     x="unbroadcast(g[0] * ans[1] + g[1] * _prolate(m, c, x, ans, cv), np.shape(x))",
     jvp="(x_dot * ans[1], x_dot * _prolate(m, c, x, ans, cv))", facts=TWO)  # fmt: skip
rule("scipy.special.obl_ang1(m, n, c, x)",
     x="unbroadcast(g[0] * ans[1] + g[1] * _oblate(m, c, x, ans, scipy.special.obl_cv(m, n, c)), np.shape(x))",
     jvp="(x_dot * ans[1], x_dot * _oblate(m, c, x, ans, scipy.special.obl_cv(m, n, c)))", facts=TWO)  # fmt: skip
rule("scipy.special.obl_ang1_cv(m, n, c, cv, x)", x="unbroadcast(g[0] * ans[1] + g[1] * _oblate(m, c, x, ans, cv), np.shape(x))",
     jvp="(x_dot * ans[1], x_dot * _oblate(m, c, x, ans, cv))", facts=TWO)  # fmt: skip
rule("scipy.special.obl_rad1(m, n, c, x)",
     x="unbroadcast(g[0] * ans[1] + g[1] * _oblate_radius(m, c, x, ans, scipy.special.obl_cv(m, n, c)), np.shape(x))",
     jvp="(x_dot * ans[1], x_dot * _oblate_radius(m, c, x, ans, scipy.special.obl_cv(m, n, c)))", facts=TWO)  # fmt: skip
rule("scipy.special.obl_rad1_cv(m, n, c, cv, x)",
     x="unbroadcast(g[0] * ans[1] + g[1] * _oblate_radius(m, c, x, ans, cv), np.shape(x))",
     jvp="(x_dot * ans[1], x_dot * _oblate_radius(m, c, x, ans, cv))", facts=TWO)  # fmt: skip

# Spherical waves of all orders, times the radius
SOURCE = "DLMF 10.51"
rule("scipy.special.riccati_jn(n, x)", "scipy.special.riccati_yn(n, x)",
     x="np.sum(g[0] * ans[1] + g[1] * _riccati(n, x) * ans[0])", jvp="(x_dot * ans[1], x_dot * _riccati(n, x) * ans[0])",
     facts=Facts(gives=types.orders))  # fmt: skip


def _riccati(n: int, x: Any) -> Any:
    k = np.arange(n + 1)
    return k * (k + 1.0) / (x * x) - 1.0


# Fresnel's integrals to infinity, and what is left of them without the oscillation
SOURCE = "DLMF 7.2.6"
rule("scipy.special.modfresnelp(x)", x="np.real(-g[0] * np.exp(1j * x * x) + g[1] * _left_of(x, ans, 1.0))",
     jvp="(-x_dot * np.exp(1j * x * x), x_dot * _left_of(x, ans, 1.0))", facts=TWO)  # fmt: skip
rule("scipy.special.modfresnelm(x)", x="np.real(-g[0] * np.exp(-1j * x * x) + g[1] * _left_of(x, ans, -1.0))",
     jvp="(-x_dot * np.exp(-1j * x * x), x_dot * _left_of(x, ans, -1.0))", facts=TWO)  # fmt: skip


def _left_of(x: Any, ans: Any, sign: float) -> Any:
    return -2j * sign * x * ans[1] - np.exp(-0.25j * np.pi * sign) / np.sqrt(np.pi)


# The kernel of Dirichlet
SOURCE = ""
elementwise("scipy.special.diric(x, n)", x="diric_derivative(x, n)")
elementwise("diric_derivative(x, n, k=1)", x="diric_derivative(x, n, k=k + 1)")
