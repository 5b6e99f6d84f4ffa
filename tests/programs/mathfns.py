"""Every function of `math`, the numeric built-ins, conversions, and complex intermediates with a real result."""

from __future__ import annotations

import cmath
import math
from math import cos, pi, sin, sqrt
from math import log as ln

import numpy as np

from . import program
from .samples import positive, wave


@program((0.7,), (-2.3,), (np.float64(4.1),))
def trigonometric(x):
    near = 0.3 * sin(x)
    return (
        math.sin(x) * math.cos(2 * x)
        + math.tan(0.2 * x)
        + math.asin(near) * math.acos(near / 2)
        + math.atan(x)
        - math.atan2(x, 1.5) * math.atan2(-2.0, x * x)
    )


@program((0.7,), (-1.3,), (np.float64(0.2),))
def hyperbolic(x):
    growth = math.cosh(x)
    return (
        math.sinh(x) / growth
        + math.tanh(x) ** 2
        + math.asinh(x) * math.acosh(1.0 + growth)
        + math.atanh(0.4 * math.tanh(x))
    )


@program((0.7, 1.9), (2.4, 0.3), argnums=(0, 1))
def exponentials_and_logarithms(x, base):
    total = math.exp(x) - math.expm1(0.1 * x) + math.exp2(x / 2)
    total += ln(x) + math.log(x + 1, base + 2) + math.log2(x * base) * math.log10(3 + x) + math.log1p(x)
    return total * math.log(base + 10.0, 3)


@program((0.7, 1.9), (2.4, -0.6), argnums=(0, 1))
def roots_powers_distances(x, y):
    total = sqrt(x) + math.cbrt(y) * math.pow(x, y) + math.hypot(x, y)
    total += math.hypot(x, y, 2.0) * math.hypot(y) + math.dist((x, 1.0), (0.5, y))
    return total + math.dist([x, y, x * y], [1.0, 2.0, 3.0])


@program((0.7,), (2.4,), (3.6,))
def special_functions(x):
    return math.erf(x) + math.erfc(0.5 * x) * math.gamma(x + 0.3) + math.lgamma(x + 1.0) / math.gamma(2.5)


@program((0.7, 1.9), (-2.47, 0.75), (5.3, -1.1), argnums=(0, 1))
def rounding_family(x, y):
    whole = math.floor(x) + math.ceil(y) - math.trunc(3 * x)
    total = whole * x + math.fmod(x * 3, y) + math.remainder(x, abs(y)) * 2
    fraction, integer = math.modf(x * y)
    mantissa, exponent = math.frexp(x)
    return total + fraction * integer + mantissa * exponent + math.ldexp(y, 3)


@program((0.7, -1.9), (-2.4, 0.6), argnums=(0, 1))
def signs_and_degrees(x, y):
    total = math.copysign(x, y) * math.fabs(y) + math.copysign(2.0, x) * y
    return total + math.degrees(x) / math.radians(90.0) + math.radians(y * 57.0)


@program((0.7, [1.0, 2.5]), (-1.4, [0.5, -2.0, 3.0]), argnums=(0, 1))
def sums_and_products(x, values):
    scaled = [v * x for v in values]
    total = math.fsum(scaled) + math.prod(scaled) + math.prod(values, start=x)
    return total * math.fsum(v * v for v in values)


@program((0.7, 6), (1.4, 9), argnums=0)
def integer_functions_of_math(x, n):
    total = 0.0
    for k in range(n):
        total += math.comb(n, k) * x**k / math.factorial(k)
    total += math.perm(n, 2) * x / math.gcd(n, 6)
    return total + math.isqrt(n) * x**2 + math.lcm(2, 3) - math.nextafter(1.0, 2.0) * x + math.ulp(1.0)


@program((0.7, 0.7 + 1e-3), (0.7, 2.0), (-1.2, 0.4), argnums=(0, 1))
def predicates_of_math(x, y):
    if math.isclose(x, y, abs_tol=1e-2):
        return x * y
    big = x / 1e-300 * 1e10
    if math.isfinite(x) and not math.isnan(y) and math.isinf(big * 1e10):
        return x / y if big > 0 else y**2 * x
    return -x


@program((0.7,), (2.1,))
def constants_of_math(x):
    return sin(pi * x) + math.e**x + cos(math.tau * x) * (x if math.inf > x else 0.0)


@program((0.7, 1.9), (-2.44, 0.6), argnums=(0, 1))
def builtin_numbers(x, y):
    q, r = divmod(x, y)
    total = abs(x) * pow(y, 3) + pow(2.0, x) + q * r
    total += round(x) * y + round(y, 1) * x + int(3 * x) * y + float(x) ** 2
    return total + bool(x) * y + max(int(y), 1) * x


@program((0.7,), (np.float64(1.3),), (np.array(2.2),), (np.array([[1.4]]),), (np.float32(0.6),))
def float_and_item(x):
    y = float(np.sum(x))
    z = np.asarray(x).item() ** 2
    w = np.exp(np.asarray(x)).ravel()[0].item()
    return math.sin(y) * z + w * float(y > 0.5)


@program((wave(4),), (wave(2, 2),), (positive(3, dtype=np.float32),))
def tolist_then_python(v):
    nested = (v * 2).tolist()
    flat = [item for row in nested for item in row] if v.ndim == 2 else nested
    return sum(math.sin(item) * k for k, item in enumerate(flat)) + v.ravel().item(-1) * v.sum().tolist()


@program((0.7, 1.9), (-2.4, 0.6), argnums=(0, 1))
def complex_product_and_parts(x, y):
    z = complex(x, y)
    w = z * z + 1j * z - (2 - 1j) * x
    u = w / (z + 3)
    return u.real * w.imag + (z * z.conjugate()).real + complex(x).real + complex(imag=y).imag


@program((0.7, 1.9), (-2.4, 0.6), argnums=(0, 1))
def complex_modulus_and_powers(x, y):
    z = x + 1j * y
    total = abs(z) + abs(z**2 - 1.5) ** 2
    for k in range(3):
        z = z**2 * 0.3 + (0.2 - 0.1j) * k
    return total + abs(z) * (z**-1).real


@program((0.7, 1.9), (-2.4, 0.6), argnums=(0, 1))
def cmath_functions(x, y):
    z = cmath.exp(complex(x, y)) + cmath.sqrt(complex(y, x))
    radius, angle = cmath.polar(z)
    return radius * math.cos(angle) + cmath.phase(z) + cmath.log(z).real * cmath.sin(z / 10).imag


@program((wave(4),), (positive(3),))
def complex_arrays_real_result(v):
    k = np.arange(len(v))
    phases = np.exp(-2j * np.pi * np.outer(k, k) / len(v))
    spectrum = phases @ v
    power = np.abs(spectrum) ** 2
    return np.sum(power * (k + 1)) + np.real(spectrum[1] * np.conj(spectrum[0])) + np.sum(spectrum.imag**2)
