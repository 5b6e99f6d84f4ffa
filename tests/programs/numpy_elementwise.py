"""Elementwise NumPy: operators and universal functions with broadcasting, scalars, 0-d and empty arrays."""

from __future__ import annotations

import numpy as np

from . import program
from .samples import positive, unit, wave


@program(
    (wave(3), positive(3)),
    (wave(2, 3), positive(3)),
    (wave(2, 1), positive(1, 4)),
    (wave(3), 1.5),
    (0.7, positive(2, 2)),
    (wave(2, 3, dtype=np.float32), positive(3, dtype=np.float32)),
    argnums=(0, 1),
)
def operators_with_broadcasting(a, b):
    c = a * b - a / b + 2.0 * a
    d = (-c) ** 2 + b**1.5 + b ** (a / 3)
    return np.sum(d * (1.0 - b)) + np.sum(+a * 3)


@program(
    (wave(4, 1, 3), wave(2, 1), wave(1)),
    (wave(3), 0.5, wave(2, 1, 1)),
    (0.3, wave(2, 2), np.array(1.5)),
    argnums=(0, 1, 2),
)
def broadcasting_three_ways(a, b, c):
    total = np.add(a, np.multiply(b, c))
    scaled = np.subtract(total, np.divide(a, 2 + c * c)) * np.negative(b)
    return np.mean(scaled * total) + (np.positive(c) + 0 * a).sum()


@program((wave(5),), (positive(2, 2),), (wave(3, dtype=np.float32),), (np.array(0.7),), (-1.2,))
def trigonometry(x):
    waves = np.sin(x) * np.cos(2 * x) + np.tan(x / 3)
    back = np.arcsin(np.sin(x) / 2) + np.arccos(0.4 * np.cos(x)) + np.arctan(x)
    return np.sum(waves * back) + np.sum(np.arctan2(x, 1 + x * x) - np.arctan2(2.0, x))


@program((wave(5),), (unit(2, 2),), (wave(3, dtype=np.float32),), (np.float64(0.7),))
def hyperbolics(x):
    up = np.sinh(x) + np.cosh(x) * np.tanh(x)
    back = np.arcsinh(x) * np.arccosh(1.5 + x * x) + np.arctanh(np.tanh(x) / 2)
    return np.sum(up / (1 + back**2))


@program((positive(5),), (positive(2, 2),), (positive(3, dtype=np.float32),), (0.7,))
def exponentials_and_logs(x):
    rising = np.exp(-x) + np.exp2(x) + np.expm1(x) * 0.1
    falling = np.log(x) + np.log2(x + 1) * np.log10(x + 2) - np.log1p(x)
    return np.sum(rising * falling) + np.sum(np.logaddexp(x, -x) + np.logaddexp2(x, 1.0))


@program((positive(5),), (positive(2, 2),), (positive(3, dtype=np.float32),), (1.7,))
def roots_and_powers(x):
    total = np.sqrt(x) + np.cbrt(x) * np.square(x) - np.reciprocal(x)
    total = total + np.power(x, 2.5) + np.power(2.0, x) + np.float_power(x, -0.5) + x**3
    return np.sum(total) + np.sum(np.power(x, x) * np.hypot(x, 2.0))


@program((wave(4), positive(4)), (wave(2, 3), 0.7), (-positive(3), positive(1, phase=1.0)), argnums=(0, 1))
def remainders_and_divisions(a, b):
    rest = np.remainder(a, b) + 2 * np.fmod(a, b)
    quotient, modulo = np.divmod(np.true_divide(a, b) * 1.7, b)
    whole = np.floor_divide(a, b) + a // b
    return np.sum(rest * a) + np.sum(quotient * modulo) + np.sum(whole * b + a % b * np.mod(b, 0.3))


@program((wave(5),), (wave(2, 2, phase=2.0),), (wave(4, dtype=np.float32),))
def absolute_values_and_signs(x):
    size = np.abs(x) + np.absolute(x) ** 2 + np.fabs(x - 3)
    signs = np.sign(x) * x + np.copysign(x, -x) * 0.5 + np.heaviside(x, 0.5) * x**2
    return np.sum(size * signs) + np.sum(np.copysign(2.0, x) * x)


@program(
    (np.array([0.33, -1.62, 2.27, -0.78]),),
    (np.array([[1.13, 7.41], [-3.22, 0.07]]),),
    (np.array([0.33, -4.12, 1.77], dtype=np.float32),),
)
def rounding_functions(x):
    steps = np.floor(x) + np.ceil(x) * 2 - np.trunc(x) + np.rint(x) + np.round(x, 1)
    fraction, integer = np.modf(x)
    mantissa, exponent = np.frexp(x)
    return np.sum(steps * x) + np.sum(fraction * integer) + np.sum(mantissa * exponent + np.ldexp(x, 2))


@program((wave(5), 0.4), (wave(2, 3), wave(3, phase=1.0)), (wave(4), wave(1, phase=3.0)), argnums=(0, 1))
def extremes_of_two(a, b):
    high = np.maximum(a, b) * np.fmax(a, -2.0 * b)
    low = np.minimum(a, b) - np.fmin(a * b, 0.3)
    return np.sum(high**2 * low) + np.sum(np.maximum(0.0, a) + np.minimum(a, 5.0))


@program((wave(4),), (positive(2, 2),), (unit(3),), (np.float64(1.4),))
def angles_and_sinc(x):
    total = np.degrees(x) / 57.0 + np.radians(x * 50) + np.deg2rad(x) - np.rad2deg(x / 60)
    return np.sum(total * np.sinc(x)) + np.sum(np.cos(np.pi * x))


@program((wave(3), wave(3, phase=1.0)), (wave(2, 2), 0.5), argnums=(0, 1))
def complex_elementwise(a, b):
    z = a + 1j * b
    w = np.exp(z) * np.conj(z) + z**2
    total = np.real(w) * np.imag(w) + np.abs(z) ** 3 + np.arctan2(z.imag, z.real)
    return np.sum(total) + np.sum(w.real - w.conj().imag)


@program((wave(4),), (positive(3),), (wave(2, 2, dtype=np.float32),), (0.4,), (np.array(-0.6),))
def softplus_gelu_swish(x):
    softplus = np.log1p(np.exp(-np.abs(x))) + np.maximum(x, 0.0)
    gelu = 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))
    swish = x / (1.0 + np.exp(-x))
    return np.sum(softplus * gelu + swish)


@program((wave(3),), (np.zeros(0),), (np.zeros((2, 0, 3)),), (np.array(1.2),))
def empty_and_zero_dimensional(x):
    total = np.sum(np.sin(x) * x) + 1.0
    if x.size and x.ndim == 0:
        total = total * np.exp(x)
    return total + np.sum(x + np.ones_like(x)) * 2


@program((wave(3), wave(3, phase=1.0)), (wave(2, 2), wave(2, 2, phase=2.0)), argnums=(0, 1))
def comparisons_give_masks(a, b):
    mask = (a > b) & ~(b > 1.0) | np.logical_and(a < 0, b < 0)
    count = np.count_nonzero(mask) + np.sum(a >= b)
    outside = np.logical_or(np.greater(a, 1.25), np.less_equal(b, -1.1)) ^ np.logical_not(mask)
    weights = mask.astype(float) + (a != b) + 2.0 * outside
    if np.all(a > -9.0) and not np.any(np.isnan(b)):
        weights = weights + np.equal(a, 0.0)
    return np.sum(weights * a * b) + count * np.sum(np.isfinite(a) * b)
