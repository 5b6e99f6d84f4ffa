"""Rules of scipy.special: orthogonal polynomials and functions of Legendre, by their arguments (DLMF 18.9.19 to 18.9.28).

The derivative of a polynomial is a polynomial of a kin family and one degree less; the one of degree 0 has none, and what SciPy gives of
degree -1 is 0.
"""
from __future__ import annotations

from typing import Any

import numpy as np
import scipy.special

from s2sad.errors import MissingRule
from s2sad.rules.facts import Facts
from s2sad.rules.following import follow
from s2sad.rules.language import elementwise, rule
from s2sad.rules.scipy.special import cython
from s2sad.runtime.functions import unbroadcast
from s2sad.types import special as types

SOURCE = "DLMF 18.9.19 to 18.9.28"


def _jacobi_below(n: Any, alpha: Any, beta: Any, x: Any) -> Any:
    """Of one degree less, 0 of degree -1, which SciPy has not everywhere."""
    least = np.less_equal(n, 0) & np.equal(n, np.rint(n))
    return np.where(least, 0.0, scipy.special.eval_jacobi(np.where(least, 0, n - 1), alpha, beta, x))


# Polynomials of Legendre, Chebyshev, Gegenbauer and Jacobi
elementwise("scipy.special.eval_legendre(n, x)", x="scipy.special.eval_gegenbauer(n - 1, 1.5, x)", facts=cython("eval_legendre(n, x)"))
elementwise("scipy.special.eval_chebyt(n, x)", x="n * scipy.special.eval_chebyu(n - 1, x)", facts=cython("eval_chebyt(n, x)"))
elementwise("scipy.special.eval_chebyu(n, x)", x="2.0 * scipy.special.eval_gegenbauer(n - 1, 2.0, x)", facts=cython("eval_chebyu(n, x)"))
elementwise("scipy.special.eval_chebyc(n, x)", x="n * scipy.special.eval_chebys(n - 1, x)", facts=cython("eval_chebyc(n, x)"))
elementwise("scipy.special.eval_chebys(n, x)", x="scipy.special.eval_gegenbauer(n - 1, 2.0, 0.5 * x)", facts=cython("eval_chebys(n, x)"))
elementwise("scipy.special.eval_gegenbauer(n, alpha, x)", x="2.0 * alpha * scipy.special.eval_gegenbauer(n - 1, alpha + 1.0, x)",
            facts=cython("eval_gegenbauer(n, alpha, x)"))  # fmt: skip
elementwise("scipy.special.eval_jacobi(n, alpha, beta, x)",
            x="0.5 * (n + alpha + beta + 1.0) * _jacobi_below(n, alpha + 1.0, beta + 1.0, x)",
            facts=cython("eval_jacobi(n, alpha, beta, x)"))  # fmt: skip
elementwise("scipy.special.eval_sh_legendre(n, x)", x="2.0 * scipy.special.eval_gegenbauer(n - 1, 1.5, 2.0 * x - 1.0)",
            facts=cython("eval_sh_legendre(n, x)"))  # fmt: skip
elementwise("scipy.special.eval_sh_chebyt(n, x)", x="2.0 * n * scipy.special.eval_chebyu(n - 1, 2.0 * x - 1.0)",
            facts=cython("eval_sh_chebyt(n, x)"))  # fmt: skip
elementwise("scipy.special.eval_sh_chebyu(n, x)", x="4.0 * scipy.special.eval_gegenbauer(n - 1, 2.0, 2.0 * x - 1.0)",
            facts=cython("eval_sh_chebyu(n, x)"))  # fmt: skip
elementwise("scipy.special.eval_sh_jacobi(n, p, q, x)",
            x="(n + p) / scipy.special.binom(2.0 * n + p - 1.0, n) * _jacobi_below(n, p - q + 1.0, q, 2.0 * x - 1.0)",
            facts=cython("eval_sh_jacobi(n, p, q, x)"))  # fmt: skip


# Those of Laguerre and Hermite; SciPy has no Hermite polynomial of degree -1
def _hermite_below(n: Any, x: Any) -> Any:
    return n * scipy.special.eval_hermite(np.maximum(n - 1, 0), x)


def _hermitenorm_below(n: Any, x: Any) -> Any:
    return n * scipy.special.eval_hermitenorm(np.maximum(n - 1, 0), x)


elementwise("scipy.special.eval_laguerre(n, x)", x="-scipy.special.eval_genlaguerre(n - 1, 1.0, x)", facts=cython("eval_laguerre(n, x)"))
elementwise("scipy.special.eval_genlaguerre(n, alpha, x)", x="-scipy.special.eval_genlaguerre(n - 1, alpha + 1.0, x)",
            facts=cython("eval_genlaguerre(n, alpha, x)"))  # fmt: skip
elementwise("scipy.special.eval_hermite(n, x)", x="2.0 * _hermite_below(n, x)")
elementwise("scipy.special.eval_hermitenorm(n, x)", x="_hermitenorm_below(n, x)")
follow("scipy.special.assoc_laguerre")


# Functions of Legendre: values and derivatives along an axis in front, as many as are asked for
def _legendre_derivative(n: Any, z: Any, k: int) -> Any:
    """The k-th derivative, of a polynomial of Gegenbauer (DLMF 18.7.9, 18.9.19)."""
    return float(np.prod(np.arange(1.0, 2.0 * k, 2.0))) * scipy.special.eval_gegenbauer(np.subtract(n, k), k + 0.5, z)


def _legendre_slopes(n: Any, z: Any, diff_n: int) -> Any:
    return np.stack([_legendre_derivative(n, z, k + 1) for k in range(diff_n + 1)])


rule("scipy.special.legendre_p(n, z, diff_n=0)", z="unbroadcast(np.sum(g * _legendre_slopes(n, z, diff_n), axis=0), np.shape(z))",
     jvp="z_dot * _legendre_slopes(n, z, diff_n)", facts=Facts(gives=types.legendre))  # fmt: skip


def _associated_slopes(n: Any, m: Any, z: Any, branch_cut: Any, norm: bool, diff_n: int) -> Any:
    """SciPy gives derivatives up to the second."""
    if diff_n > 1:
        raise MissingRule("scipy.special.assoc_legendre_p of third order: SciPy has no such derivative")
    return scipy.special.assoc_legendre_p(n, m, z, branch_cut=branch_cut, norm=norm, diff_n=diff_n + 1)[1:]


rule("scipy.special.assoc_legendre_p(n, m, z, branch_cut=2, norm=False, diff_n=0)",
     z="unbroadcast(np.sum(g * _associated_slopes(n, m, z, branch_cut, norm, diff_n), axis=0), np.shape(z))",
     jvp="z_dot * _associated_slopes(n, m, z, branch_cut, norm, diff_n)", facts=Facts(gives=types.legendre_of_order))  # fmt: skip


def _along_meridian(degree: Any, order: Any, theta: Any) -> Any:
    """From the orders beside, without a division that fails at the poles (DLMF 14.10.1 and 14.10.2 with their factors)."""
    n, m = np.asarray(degree), np.asarray(order)
    above = np.sqrt(np.maximum((n - m) * (n + m + 1.0), 0.0)) * scipy.special.sph_legendre_p(n, m + 1, theta)
    below = np.sqrt(np.maximum((n + m) * (n - m + 1.0), 0.0)) * scipy.special.sph_legendre_p(n, m - 1, theta)
    return _outward(theta) * (above - below)


def _outward(theta: Any) -> Any:
    """A half, with the sign of the sine: a function of Legendre is taken of its size. At a pole the side of 0 to pi counts."""
    return np.where(np.sin(theta) < 0.0, -0.5, 0.5)


rule("scipy.special.sph_legendre_p(n, m, theta)", theta="unbroadcast(np.sum(g * _along_meridian(n, m, theta), axis=0), np.shape(theta))",
     jvp="theta_dot * _along_meridian(n, m, theta)", facts=Facts(gives=types.legendre_on_sphere))  # fmt: skip


def _harmonic_along_meridian(n: Any, m: Any, theta: Any, phi: Any) -> Any:
    turn = np.exp(-1j * phi)
    above = np.sqrt(np.maximum((n - m) * (n + m + 1.0), 0.0)) * scipy.special.sph_harm_y(n, m + 1, theta, phi) * turn
    below = np.sqrt(np.maximum((n + m) * (n - m + 1.0), 0.0)) * scipy.special.sph_harm_y(n, m - 1, theta, phi) / turn
    return _outward(theta) * (above - below)


elementwise("scipy.special.sph_harm_y(n, m, theta, phi)", theta="_harmonic_along_meridian(n, m, theta, phi)", phi="1j * m * ans")
elementwise("scipy.special.lpmv(m, v, x)", x="(v * x * ans - (v + m) * scipy.special.lpmv(m, v - 1.0, x)) / (x * x - 1.0)",
            facts=cython("lpmv(m, v, x)"))  # fmt: skip  DLMF 14.10.5


# All degrees and orders at once, along axes in front
def _degrees(n: int, z: Any) -> Any:
    return np.reshape(np.arange(n + 1), (n + 1, *(1,) * np.ndim(z)))


def _orders(m: int, z: Any) -> Any:
    """From 0 up, and behind them the negative ones."""
    return np.reshape(np.concatenate([np.arange(m + 1), np.arange(-m, 0)]), (2 * m + 1, *(1,) * np.ndim(z)))


def _degrees_of_orders(n: int, z: Any) -> Any:
    return np.reshape(np.arange(n + 1), (n + 1, 1, *(1,) * np.ndim(z)))


rule("scipy.special.legendre_p_all(n, z, diff_n=0)", z="np.sum(g * _legendre_slopes(_degrees(n, z), z, diff_n), axis=(0, 1))",
     jvp="z_dot * _legendre_slopes(_degrees(n, z), z, diff_n)", facts=Facts(gives=types.all_legendre))  # fmt: skip
rule("scipy.special.assoc_legendre_p_all(n, m, z, branch_cut=2, norm=False, diff_n=0)",
     z="np.sum(g * _associated_slopes(_degrees_of_orders(n, z), _orders(m, z), z, branch_cut, norm, diff_n), axis=(0, 1, 2))",
     jvp="z_dot * _associated_slopes(_degrees_of_orders(n, z), _orders(m, z), z, branch_cut, norm, diff_n)",
     facts=Facts(gives=types.all_legendre_of_orders))  # fmt: skip
rule("scipy.special.sph_legendre_p_all(n, m, theta)",
     theta="np.sum(g * _along_meridian(_degrees_of_orders(n, theta), _orders(m, theta), theta), axis=(0, 1, 2))",
     jvp="theta_dot * _along_meridian(_degrees_of_orders(n, theta), _orders(m, theta), theta)",
     facts=Facts(gives=types.all_legendre_on_sphere))  # fmt: skip


def _all_along_meridian(n: int, m: int, theta: Any, phi: Any) -> Any:
    angles = theta + phi
    return _harmonic_along_meridian(_degrees_of_orders(n, angles), _orders(m, angles), theta, phi)


rule("scipy.special.sph_harm_y_all(n, m, theta, phi)",
     theta="unbroadcast(np.sum(g * _all_along_meridian(n, m, theta, phi), axis=(0, 1)), np.shape(theta))",
     phi="unbroadcast(np.sum(g * (1j * _orders(m, theta + phi) * ans), axis=(0, 1)), np.shape(phi))",
     jvp="theta_dot * _all_along_meridian(n, m, theta, phi) + phi_dot * (1j * _orders(m, theta + phi) * ans)",
     facts=Facts(gives=types.all_harmonics))  # fmt: skip
