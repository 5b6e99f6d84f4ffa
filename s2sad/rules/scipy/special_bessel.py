"""Rules of scipy.special: Bessel functions and what is made of them, by their arguments (DLMF 10.6, 10.29, 10.51, 11.4).

The derivative of one is made of those of the orders beside it. By the order there is no closed form.
"""
from __future__ import annotations

from typing import Any

import numpy as np
import scipy.special

from s2sad.rules.facts import Facts
from s2sad.rules.language import elementwise, rule
from s2sad.rules.scipy.special import cython
from s2sad.runtime.functions import unbroadcast
from s2sad.types import dependence, families
from s2sad.types import special as types

EACH = Facts(gives=families.elementwise, spreads=dependence.elementwise)
FOUR = Facts(gives=types.four, spreads=dependence.elementwise)
TWO = Facts(gives=types.pair, spreads=dependence.elementwise)

# Of order 0 and 1
SOURCE = "DLMF 10.6, 10.29"
elementwise("scipy.special.j0(x)", x="-scipy.special.j1(x)", facts=cython("j0(x)"))
elementwise("scipy.special.j1(x)", x="0.5 * (scipy.special.j0(x) - scipy.special.jv(2, x))", facts=cython("j1(x)"))
elementwise("scipy.special.y0(x)", x="-scipy.special.y1(x)", facts=cython("y0(x)"))
elementwise("scipy.special.y1(x)", x="0.5 * (scipy.special.y0(x) - scipy.special.yn(2, x))", facts=cython("y1(x)"))
elementwise("scipy.special.i0(x)", x="scipy.special.i1(x)", facts=cython("i0(x)"))
elementwise("scipy.special.i1(x)", x="0.5 * (scipy.special.i0(x) + scipy.special.iv(2, x))", facts=cython("i1(x)"))
elementwise("scipy.special.k0(x)", x="-scipy.special.k1(x)", facts=cython("k0(x)"))
elementwise("scipy.special.k1(x)", x="-0.5 * (scipy.special.k0(x) + scipy.special.kn(2, x))", facts=cython("k1(x)"))
elementwise("scipy.special.i0e(x)", x="scipy.special.i1e(x) - np.sign(x) * ans", facts=cython("i0e(x)"))
elementwise("scipy.special.i1e(x)", x="0.5 * (scipy.special.i0e(x) + scipy.special.ive(2, x)) - np.sign(x) * ans", facts=cython("i1e(x)"))
elementwise("scipy.special.k0e(x)", x="ans - scipy.special.k1e(x)", facts=cython("k0e(x)"))
elementwise("scipy.special.k1e(x)", x="ans - 0.5 * (scipy.special.k0e(x) + scipy.special.kve(2, x))", facts=cython("k1e(x)"))

# Of any order
elementwise("scipy.special.jv(v, z)", z="0.5 * (scipy.special.jv(v - 1, z) - scipy.special.jv(v + 1, z))", facts=cython("jv(v, z)"))
elementwise("scipy.special.yv(v, z)", z="0.5 * (scipy.special.yv(v - 1, z) - scipy.special.yv(v + 1, z))", facts=cython("yv(v, z)"))
elementwise("scipy.special.yn(n, x)", x="0.5 * (scipy.special.yn(n - 1, x) - scipy.special.yn(n + 1, x))", facts=cython("yn(n, x)"))
elementwise("scipy.special.iv(v, z)", z="0.5 * (scipy.special.iv(v - 1, z) + scipy.special.iv(v + 1, z))", facts=cython("iv(v, z)"))
elementwise("scipy.special.kv(v, z)", z="-0.5 * (scipy.special.kv(v - 1, z) + scipy.special.kv(v + 1, z))", facts=cython("kv(v, z)"))
elementwise("scipy.special.kn(n, x)", x="-0.5 * (scipy.special.kn(n - 1, x) + scipy.special.kn(n + 1, x))", facts=cython("kn(n, x)"))
elementwise("scipy.special.hankel1(v, z)", z="0.5 * (scipy.special.hankel1(v - 1, z) - scipy.special.hankel1(v + 1, z))")
elementwise("scipy.special.hankel2(v, z)", z="0.5 * (scipy.special.hankel2(v - 1, z) - scipy.special.hankel2(v + 1, z))")

# Scaled by an exponential: of z, or of the size of its real or imaginary part, which is no function of a complex number
elementwise("scipy.special.kve(v, z)", z="ans - 0.5 * (scipy.special.kve(v - 1, z) + scipy.special.kve(v + 1, z))",
            facts=cython("kve(v, z)"))  # fmt: skip
elementwise("scipy.special.hankel1e(v, z)", z="0.5 * (scipy.special.hankel1e(v - 1, z) - scipy.special.hankel1e(v + 1, z)) - 1j * ans")
elementwise("scipy.special.hankel2e(v, z)", z="0.5 * (scipy.special.hankel2e(v - 1, z) - scipy.special.hankel2e(v + 1, z)) + 1j * ans")


def _unscaled_ive(v: Any, z: Any) -> Any:
    return 0.5 * (scipy.special.ive(np.subtract(v, 1), z) + scipy.special.ive(np.add(v, 1), z))


def _unscaled_jve(v: Any, z: Any) -> Any:
    return 0.5 * (scipy.special.jve(np.subtract(v, 1), z) - scipy.special.jve(np.add(v, 1), z))


def _unscaled_yve(v: Any, z: Any) -> Any:
    return 0.5 * (scipy.special.yve(np.subtract(v, 1), z) - scipy.special.yve(np.add(v, 1), z))


def _scaled_back(g: Any, slope: Any, ans: Any, z: Any) -> Any:
    """With a factor `exp(-abs(imag(z)))`, which is 1 for a real number."""
    return unbroadcast(g * slope + 1j * np.sign(np.imag(z)) * np.real(g * ans) if np.iscomplexobj(z) else g * slope, np.shape(z))


def _scaled_ahead(z_dot: Any, slope: Any, ans: Any, z: Any) -> Any:
    return z_dot * slope - np.sign(np.imag(z)) * np.imag(z_dot) * ans if np.iscomplexobj(z) else z_dot * slope


rule("scipy.special.ive(v, z)", z="unbroadcast(g * _unscaled_ive(v, z) - np.sign(np.real(z)) * np.real(g * ans), np.shape(z))",
     jvp="z_dot * _unscaled_ive(v, z) - np.sign(np.real(z)) * ans * np.real(z_dot)",
     facts=EACH.but(native="scipy.special.cython_special.ive(v, z)"))  # fmt: skip
rule("scipy.special.jve(v, z)", z="_scaled_back(g, _unscaled_jve(v, z), ans, z)", jvp="_scaled_ahead(z_dot, _unscaled_jve(v, z), ans, z)",
     facts=EACH.but(native="scipy.special.cython_special.jve(v, z)"))  # fmt: skip
rule("scipy.special.yve(v, z)", z="_scaled_back(g, _unscaled_yve(v, z), ans, z)", jvp="_scaled_ahead(z_dot, _unscaled_yve(v, z), ans, z)",
     facts=EACH.but(native="scipy.special.cython_special.yve(v, z)"))  # fmt: skip

# Derivatives of them
elementwise("scipy.special.jvp(v, z, n=1)", z="scipy.special.jvp(v, z, n + 1)", may_raise=True)
elementwise("scipy.special.yvp(v, z, n=1)", z="scipy.special.yvp(v, z, n + 1)", may_raise=True)
elementwise("scipy.special.ivp(v, z, n=1)", z="scipy.special.ivp(v, z, n + 1)", may_raise=True)
elementwise("scipy.special.kvp(v, z, n=1)", z="scipy.special.kvp(v, z, n + 1)", may_raise=True)
elementwise("scipy.special.h1vp(v, z, n=1)", z="scipy.special.h1vp(v, z, n + 1)", may_raise=True)
elementwise("scipy.special.h2vp(v, z, n=1)", z="scipy.special.h2vp(v, z, n + 1)", may_raise=True)


# Spherical ones
SOURCE = "DLMF 10.51"
def _spherical_jn(n: Any, z: Any) -> Any:
    below, above = scipy.special.spherical_jn(np.maximum(n - 1, 0), z), scipy.special.spherical_jn(n + 1, z)
    return (n * below - (n + 1) * above) / (2 * n + 1)


def _spherical_yn(n: Any, z: Any) -> Any:
    below, above = scipy.special.spherical_yn(np.maximum(n - 1, 0), z), scipy.special.spherical_yn(n + 1, z)
    return (n * below - (n + 1) * above) / (2 * n + 1)


def _spherical_in(n: Any, z: Any) -> Any:
    below, above = scipy.special.spherical_in(np.maximum(n - 1, 0), z), scipy.special.spherical_in(n + 1, z)
    return (n * below + (n + 1) * above) / (2 * n + 1)


def _spherical_kn(n: Any, z: Any) -> Any:
    below, above = scipy.special.spherical_kn(np.maximum(n - 1, 0), z), scipy.special.spherical_kn(n + 1, z)
    return -(n * below + (n + 1) * above) / (2 * n + 1)


def _second(slope: Any, n: Any, z: Any, sign: int) -> Any:
    """The derivative of a derivative, `slope` for the orders beside."""
    return (n * slope(np.maximum(n - 1, 0), z) + sign * (n + 1) * slope(n + 1, z)) / (2 * n + 1)


elementwise("scipy.special.spherical_jn(n, z, derivative=False)",
            z="_second(_spherical_jn, n, z, -1) if derivative else _spherical_jn(n, z)")  # fmt: skip
elementwise("scipy.special.spherical_yn(n, z, derivative=False)",
            z="_second(_spherical_yn, n, z, -1) if derivative else _spherical_yn(n, z)")  # fmt: skip
elementwise("scipy.special.spherical_in(n, z, derivative=False)",
            z="_second(_spherical_in, n, z, 1) if derivative else _spherical_in(n, z)")  # fmt: skip
elementwise("scipy.special.spherical_kn(n, z, derivative=False)",
            z="-_second(_spherical_kn, n, z, 1) if derivative else _spherical_kn(n, z)")  # fmt: skip


# Functions of Airy, Ai'' = z Ai, as they are and scaled
SOURCE = "DLMF 9.2.1"
def _root(z: Any) -> Any:
    """Of a negative real number 0: there the factor of Bi has size 1, and Ai is not given."""
    return np.sqrt(z) if np.iscomplexobj(z) else np.sqrt(np.where(z > 0.0, z, 0.0))


def _airye_back(g: Any, z: Any, ans: Any) -> Any:
    root = _root(z)
    grown = np.real(g[2] * ans[2] + g[3] * ans[3]) * np.sign(np.real(z * root)) * root
    return g[0] * (ans[1] + root * ans[0]) + g[1] * (z * ans[0] + root * ans[1]) + g[2] * ans[3] + g[3] * z * ans[2] - grown


def _airye_ahead(z_dot: Any, z: Any, ans: Any) -> Any:
    root = _root(z)
    shrinks = np.sign(np.real(z * root)) * np.real(root * z_dot)
    return (z_dot * (ans[1] + root * ans[0]), z_dot * (z * ans[0] + root * ans[1]),
            z_dot * ans[3] - shrinks * ans[2], z_dot * z * ans[2] - shrinks * ans[3])  # fmt: skip


rule("scipy.special.airy(z)", z="g[0] * ans[1] + g[1] * z * ans[0] + g[2] * ans[3] + g[3] * z * ans[2]",
     jvp="(z_dot * ans[1], z_dot * z * ans[0], z_dot * ans[3], z_dot * z * ans[2])", facts=FOUR)  # fmt: skip
rule("scipy.special.airye(z)", z="_airye_back(g, z, ans)", jvp="_airye_ahead(z_dot, z, ans)", facts=FOUR)


# Functions of Kelvin: those of Bessel on lines through 0
SOURCE = "DLMF 10.61"
def _of_first(x: Any) -> Any:
    """The second derivative of `ber + 1j * bei`, which is J of order 0 at `exp(0.75j * pi) * x`."""
    z = np.exp(0.75j * np.pi) * x
    return -0.5j * (scipy.special.jv(2, z) - scipy.special.jv(0, z))


def _of_second(x: Any) -> Any:
    """The second derivative of `ker + 1j * kei`, which is K of order 0 at `exp(0.25j * pi) * x`."""
    z = np.exp(0.25j * np.pi) * x
    return 0.5j * (scipy.special.kv(2, z) + scipy.special.kv(0, z))


elementwise("scipy.special.ber(x)", x="scipy.special.berp(x)", facts=cython("ber(x)"))
elementwise("scipy.special.bei(x)", x="scipy.special.beip(x)", facts=cython("bei(x)"))
elementwise("scipy.special.ker(x)", x="scipy.special.kerp(x)", facts=cython("ker(x)"))
elementwise("scipy.special.kei(x)", x="scipy.special.keip(x)", facts=cython("kei(x)"))
elementwise("scipy.special.berp(x)", x="np.real(_of_first(x))", facts=cython("berp(x)"))
elementwise("scipy.special.beip(x)", x="np.imag(_of_first(x))", facts=cython("beip(x)"))
elementwise("scipy.special.kerp(x)", x="np.real(_of_second(x))", facts=cython("kerp(x)"))
elementwise("scipy.special.keip(x)", x="np.imag(_of_second(x))", facts=cython("keip(x)"))
rule("scipy.special.kelvin(x)", x="np.real(g[0] * ans[2] + g[1] * ans[3] + g[2] * _of_first(x) + g[3] * _of_second(x))",
     jvp="(x_dot * ans[2], x_dot * ans[3], x_dot * _of_first(x), x_dot * _of_second(x))", facts=FOUR)  # fmt: skip


# Functions of Struve
SOURCE = "DLMF 11.4.23 to 11.4.26"
def _struve_term(v: Any, x: Any) -> Any:
    return np.power(0.5 * x, v) * (scipy.special.rgamma(v + 1.5) / np.sqrt(np.pi))


elementwise("scipy.special.struve(v, x)", x="0.5 * (scipy.special.struve(v - 1, x) - scipy.special.struve(v + 1, x) + _struve_term(v, x))",
            facts=cython("struve(v, x)"))  # fmt: skip
elementwise("scipy.special.modstruve(v, x)",
            x="0.5 * (scipy.special.modstruve(v - 1, x) + scipy.special.modstruve(v + 1, x) + _struve_term(v, x))",
            facts=cython("modstruve(v, x)"))  # fmt: skip
elementwise("scipy.special.itstruve0(x)", x="scipy.special.struve(0, x)", facts=cython("itstruve0(x)"))
elementwise("scipy.special.itmodstruve0(x)", x="scipy.special.modstruve(0, x)", facts=cython("itmodstruve0(x)"))
elementwise("scipy.special.it2struve0(x)", x="-scipy.special.struve(0, x) / x", facts=cython("it2struve0(x)"))


# Integrals of Bessel functions
SOURCE = ""
def _missing_to_one(x: Any, sign: float) -> Any:
    """`(1 - j0(x)) / x`, or with a sign `(i0(x) - 1) / x`: near 0 by the power series (DLMF 10.2.2, 10.25.2)."""
    near = np.abs(x) < 1.0
    q = np.where(near, 0.25 * sign * x * x, 0.0)
    series = 1.0 + q / 4.0 * (1.0 + q / 9.0 * (1.0 + q / 16.0 * (1.0 + q / 25.0 * (1.0 + q / 36.0 * (1.0 + q / 49.0 * (1.0 + q / 64.0))))))
    away = np.where(near, 1.0, x)
    whole = scipy.special.i0(away) - 1.0 if sign > 0.0 else 1.0 - scipy.special.j0(away)
    return np.where(near, 0.25 * x * series, whole / away)


rule("scipy.special.itj0y0(x)", x="g[0] * scipy.special.j0(x) + g[1] * scipy.special.y0(x)",
     jvp="(x_dot * scipy.special.j0(x), x_dot * scipy.special.y0(x))", facts=TWO)  # fmt: skip
rule("scipy.special.iti0k0(x)", x="g[0] * scipy.special.i0(x) + g[1] * scipy.special.k0(x)",
     jvp="(x_dot * scipy.special.i0(x), x_dot * scipy.special.k0(x))", facts=TWO)  # fmt: skip
rule("scipy.special.it2j0y0(x)", x="g[0] * _missing_to_one(x, -1.0) - g[1] * scipy.special.y0(x) / x",
     jvp="(x_dot * _missing_to_one(x, -1.0), -x_dot * scipy.special.y0(x) / x)", facts=TWO)  # fmt: skip
rule("scipy.special.it2i0k0(x)", x="g[0] * _missing_to_one(x, 1.0) - g[1] * scipy.special.k0(x) / x",
     jvp="(x_dot * _missing_to_one(x, 1.0), -x_dot * scipy.special.k0(x) / x)", facts=TWO)  # fmt: skip
rule("scipy.special.itairy(x)", x="_itairy_back(g, x)", jvp="_itairy_ahead(x_dot, x)", facts=FOUR)
elementwise("scipy.special.besselpoly(a, lmb, nu)",
            a="scipy.special.besselpoly(a, lmb + 1.0, nu - 1.0) - scipy.special.besselpoly(a, lmb + 1.0, nu + 1.0)",
            facts=cython("besselpoly(a, lmb, nu)"))  # fmt: skip


def _itairy_back(g: Any, x: Any) -> Any:
    here, there = scipy.special.airy(x), scipy.special.airy(-x)
    return g[0] * here[0] + g[1] * here[2] + g[2] * there[0] + g[3] * there[2]


def _itairy_ahead(x_dot: Any, x: Any) -> Any:
    here, there = scipy.special.airy(x), scipy.special.airy(-x)
    return (x_dot * here[0], x_dot * here[2], x_dot * there[0], x_dot * there[2])
