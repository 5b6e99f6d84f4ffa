"""Scalar arithmetic: operators, powers, module constants, Python floats against NumPy scalars and 0-d arrays."""

from __future__ import annotations

import math

import numpy as np

from . import program

GRAVITY = 9.80665
LIGHT_SPEED, PLANCK = 2.99792458, 6.62607015


@program((2.0, 1.0), (0.5, -2.0), (np.float64(3.0), 0.25), argnums=(0, 1))
def article(x1, x2):
    return math.log(x1) + x1 * math.sin(x2)


@program((1.3,), (-0.4,), (np.float64(2.5),), (np.array(0.7),))
def powers_with_constant_exponents(x):
    cubic = x**3 - 2 * x**2 + 5 * x**1 - 7 * x**0
    return cubic + (x * x + 1.0) ** 0.5 - (x**2 + 2) ** -1 + (4.0 + x) ** -1.5


@program((1.3, 0.8), (2.0, -1.5), (0.4, 3.0), (np.float64(1.7), np.float64(2.0)), argnums=(0, 1))
def power_with_two_variables(base, exponent):
    tower = base ** (base**exponent / 4.0)
    return tower + exponent * base**-exponent


@program((1.7, 0.6), (-2.3, 1.9), argnums=(0, 1))
def reflected_operators(x, y):
    a = 3 - x
    b = 2 / (y + 4)
    c = 1.5**x
    d = 7 % (y + 2.25)
    return -a * b + +c - d * (1 + x) / (2.0 - -y)


@program((7.3, 2.0), (-7.3, 2.0), (7.3, -2.0), (5.1, 0.75), argnums=(0, 1))
def floor_division_and_remainder(x, y):
    whole = x // y
    rest = x % y
    return whole * y**2 + rest * x + (x * x) // 1.75


@program((3.7, 1.2), (-8.1, 2.5), argnums=(0, 1))
def divmod_twice(seconds, period):
    turns, phase = divmod(seconds, period)
    _, ripple = divmod(phase, 0.35 * period)
    return turns * period + math.sin(phase) + ripple * seconds


@program((0.3, 3.6), (0.71, 2.9), argnums=(0, 1))
def nested_logistic_map(x, r):
    return r * (r * (r * x * (1 - x)) * (1 - r * x * (1 - x))) * (1 - r * (r * x * (1 - x)) * (1 - r * x * (1 - x)))


@program((1.5, -0.5), (-1.5, 2.5), (0.2, 0.1), argnums=(0, 1))
def booleans_in_arithmetic(x, y):
    positive = x > 0
    gate = (y > x) + 2 * positive
    return positive * x**2 + (not positive) * math.exp(x) + gate * y + True * x * y


@program((0.8, 2.0), (1.9, -3.0), argnums=(0, 1))
def rebinding_and_swapping(x, y):
    a = b = x * y
    a, b = b + x, a - y
    x, y = y, x
    a, b, x = x * b, a, a + b
    return a * b + x * y


@program((0.7, 1.0, 2.0), (1.9, 4.0, -1.0), argnums=(0, 1))
def unused_argument_and_dead_code(x, unused, y):
    wasted = math.exp(x) * unused
    wasted = wasted**2
    return x * y + x**3


@program(
    (np.float32(1.5), 0.5),
    (np.float64(1.5), 0.5),
    (1.5, np.float32(0.25)),
    (np.array(2.0), 1.0),
    argnums=(0, 1),
    rtol=1e-6,
)
def mixed_scalar_types(x, y):
    return np.sqrt(x) * y + x / (1.0 + y * y) - 2 * x
