"""On a branch cut the sign of zero says which side is meant, of the value and of the derivative: that along the cut, on its side."""

from __future__ import annotations

import cmath
from collections.abc import Callable

import numpy as np
import pytest
import scipy.special

from s2sad import grad

NUMPY = "sqrt log log2 log10 log1p arccos arcsin arccosh arctanh arctan arcsinh"
CMATH = "sqrt log log10 acos asin acosh atanh atan asinh"
SPECIAL = "loggamma lambertw spence expi exp1 log1p"
FUNCTIONS = [(module, name) for module, names in ((np, NUMPY), (cmath, CMATH), (scipy.special, SPECIAL)) for name in names.split()]
REAL = [complex(x, y) for x in (-2.5, 2.5) for y in (0.0, -0.0)]
IMAGINARY = [complex(y, x) for x in (-2.5, 2.5) for y in (0.0, -0.0)]


def slope_along(function: Callable, z: complex) -> complex:
    h = 1e-6
    if z.imag == 0.0:
        return (function(complex(z.real + h, z.imag)) - function(complex(z.real - h, z.imag))) / (2.0 * h)
    return (function(complex(z.real, z.imag + h)) - function(complex(z.real, z.imag - h))) / (2j * h)


@pytest.mark.parametrize(("module", "name"), FUNCTIONS, ids=[f"{module.__name__}.{name}" for module, name in FUNCTIONS])
def test_the_slope_on_a_cut_is_that_of_its_side(module, name):
    function = getattr(module, name)
    derivative = grad(lambda z: function(z).real)
    with np.errstate(all="ignore"):
        for z in REAL + IMAGINARY:
            np.testing.assert_allclose(derivative(z), slope_along(function, z), rtol=1e-5, atol=1e-8, err_msg=repr(z))
            assert np.isfinite(derivative(z))


@pytest.mark.parametrize("function", [cmath.asin, cmath.acos, cmath.acosh])
def test_a_real_number_lies_on_the_upper_side(function):
    for x in (2.5, -2.5):
        derivative = grad(lambda x: function(x).imag + function(x).real)(x)
        slope = slope_along(function, complex(x, 0.0))
        np.testing.assert_allclose(derivative, slope.real + slope.imag, rtol=1e-5)
