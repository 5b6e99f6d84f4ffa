"""Rules of scipy.special: the error function and its relatives, and the normal distribution.

Those that are scaled by an exponential satisfy w' = 2 z w - c. Far from 0 the two terms cancel, so their difference is taken from the
asymptotic series of w there.
"""
from __future__ import annotations

from typing import Any

import numpy as np
import scipy.special

from s2sad.rules.language import elementwise
from s2sad.rules.scipy.special import cython

FAR = 25.0


def _scaled_slope(z: Any, ans: Any, far: Any) -> Any:
    """The derivative of `erfcx` at `z`, whose value is `ans` (DLMF 7.10.2); where it is `far`, by 7.12.1."""
    large, near = np.where(far, z, FAR), np.where(far, 0.0, z)
    t = 0.5 / (large * large)
    series = 1.0 - t * (3.0 - t * (15.0 - t * (105.0 - t * (945.0 - t * (10395.0 - t * 135135.0)))))
    return np.where(far, -2.0 * t * series, 2.0 * near * np.sqrt(np.pi) * np.where(far, 0.0, ans) - 2.0) / np.sqrt(np.pi)


def _erfcx_partial(z: Any, ans: Any) -> Any:
    return _scaled_slope(z, ans, np.real(z) > FAR)


def _dawsn_partial(z: Any, ans: Any) -> Any:
    """Away from the imaginary axis it is that part of the scaled function at `-1j * z` which does not vanish (DLMF 7.5.1)."""
    far = np.abs(np.real(z)) > np.abs(np.imag(z)) + FAR
    large, near = np.where(far, z, FAR), np.where(far, 0.0, z)
    t = 0.5 / (large * large)
    series = 1.0 + t * (3.0 + t * (15.0 + t * (105.0 + t * (945.0 + t * (10395.0 + t * 135135.0)))))
    return np.where(far, -t * series, 1.0 - 2.0 * near * np.where(far, 0.0, ans))


def _wofz_partial(z: Any, ans: Any) -> Any:
    """`w(z) = erfcx(-1j * z)` (DLMF 7.5.4)."""
    return -1j * _scaled_slope(-1j * z, ans, np.imag(z) + np.abs(np.real(z)) - FAR > np.where(np.imag(z) < 0.0, -2.0 * np.imag(z), 0.0))


# Error functions
SOURCE = "DLMF 7.2"
elementwise("scipy.special.erf(z)", z="2.0 / math.sqrt(math.pi) * np.exp(-z * z)", facts=cython("erf(z)"))
elementwise("scipy.special.erfc(z)", z="-2.0 / math.sqrt(math.pi) * np.exp(-z * z)", facts=cython("erfc(z)"))
elementwise("scipy.special.erfi(z)", z="2.0 / math.sqrt(math.pi) * np.exp(z * z)", facts=cython("erfi(z)"))
elementwise("scipy.special.erfcx(z)", z="_erfcx_partial(z, ans)", facts=cython("erfcx(z)"))
elementwise("scipy.special.dawsn(z)", z="_dawsn_partial(z, ans)", facts=cython("dawsn(z)"))
elementwise("scipy.special.wofz(z)", z="_wofz_partial(z, ans)")
elementwise("scipy.special.erfinv(y)", y="0.5 * math.sqrt(math.pi) * np.exp(ans * ans)", facts=cython("erfinv(y)"))
elementwise("scipy.special.erfcinv(y)", y="-0.5 * math.sqrt(math.pi) * np.exp(ans * ans)", facts=cython("erfcinv(y)"))


# The normal distribution
def _hazard(x: Any) -> Any:
    """The density over the probability of less, in which nothing underflows."""
    return np.sqrt(2.0 / np.pi) / scipy.special.erfcx(-np.sqrt(0.5) * x)


elementwise("scipy.special.ndtr(x)", x="np.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi)", facts=cython("ndtr(x)"))
elementwise("scipy.special.ndtri(y)", y="math.sqrt(2.0 * math.pi) * np.exp(0.5 * ans * ans)", facts=cython("ndtri(y)"))
elementwise("scipy.special.log_ndtr(x)", x="_hazard(x)", facts=cython("log_ndtr(x)"))
elementwise("scipy.special.ndtri_exp(y)", y="1.0 / _hazard(ans)", facts=cython("ndtri_exp(y)"))

# Owen's function, by its integral over an angle
SOURCE = "Owen, Tables for computing bivariate normal probabilities (1956)"
elementwise("scipy.special.owens_t(h, a)", a="np.exp(-0.5 * h * h * (1.0 + a * a)) / (2.0 * math.pi * (1.0 + a * a))",
            h="-np.exp(-0.5 * h * h) * scipy.special.erf(a * h * math.sqrt(0.5)) / math.sqrt(8.0 * math.pi)",
            facts=cython("owens_t(h, a)"))  # fmt: skip


# The profile of Voigt, the real part of w(z) over sigma * sqrt(2 pi)
SOURCE = "DLMF 7.19"
def _voigt_point(x: Any, sigma: Any, gamma: Any) -> Any:
    return (x + 1j * gamma) / (np.sqrt(2.0) * sigma)


def _voigt_slope(x: Any, sigma: Any, gamma: Any) -> Any:
    """The derivative of w, so that its real part belongs to x."""
    z = _voigt_point(x, sigma, gamma)
    return _wofz_partial(z, scipy.special.wofz(z)) / (2.0 * np.sqrt(np.pi) * sigma * sigma)


elementwise("scipy.special.voigt_profile(x, sigma, gamma)", x="np.real(_voigt_slope(x, sigma, gamma))",
            gamma="-np.imag(_voigt_slope(x, sigma, gamma))",
            sigma="-(ans + np.real((x + 1j * gamma) * _voigt_slope(x, sigma, gamma))) / sigma",
            facts=cython("voigt_profile(x, sigma, gamma)"))  # fmt: skip
