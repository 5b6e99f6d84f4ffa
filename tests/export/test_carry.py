"""Functions copied by their source compute what they did, and need nothing but NumPy and `math`."""

from __future__ import annotations

import ast
import cmath
import itertools
import math
import sys
import textwrap
import types

import numpy as np
import pytest

from s2sad.export import equivalents
from s2sad.export.function_text import Luggage, NotCarried
from s2sad.rules.language import BY_NAME
from s2sad.runtime import arrays, functions

RUNTIME = [
    p.callee
    for p in BY_NAME.values()
    if isinstance(p.callee, types.FunctionType) and p.callee.__module__[:6] == "s2sad."
]


def carried(function):
    luggage = Luggage()
    name = luggage.name_of(function)
    namespace = {"np": np, "math": math, "OtherPath": ValueError}
    exec(luggage.text(), namespace)
    return namespace[name]


@pytest.mark.parametrize("function", RUNTIME, ids=lambda f: f.__name__)
def test_every_function_that_generated_code_may_call_can_be_taken_along(function):
    copied = carried(function)
    assert copied is not function and copied.__code__.co_varnames == function.__code__.co_varnames
    tree = ast.parse(textwrap.dedent(Luggage().copied(function, function.__name__)))
    assert not any(isinstance(n, (ast.Import, ast.ImportFrom)) for n in ast.walk(tree))


SINGULAR = np.array([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [0.0, 1.0, 1.0]])


@pytest.mark.parametrize(
    ("function", "args"),
    [
        (arrays.cofactors, (SINGULAR,)),
        (arrays.cofactors, (SINGULAR, np.eye(3), SINGULAR.T)),
        (functions.share, (3.0, True, True)),
        (functions.halved, (np.array([1.0, np.inf]), np.array([True, False]))),
        (functions.halved, (np.array([1.0, 2.0 + 1.0j]), np.array([True, False]))),
        (functions.power_derivative, (-2.0, 1.5, 1, 1)),
        (functions.power_derivative, (np.array([0.0, 2.0]), 3, 2)),
        (functions.polygamma, (2, -1.5)),
        (functions.sinc_derivative, (np.array([0.0, 0.3, 4.0]), 2)),
        (functions.interp_spread, (2.0, 0.25, [0.0, 1.0, 2.0])),
        (arrays.scatter, (np.array([1.0, 2.0]), np.array([1, 1]), (3,))),
    ],
    ids=lambda v: getattr(v, "__name__", ""),
)
def test_a_function_taken_along_computes_the_same(function, args):
    np.testing.assert_array_equal(carried(function)(*args), function(*args))


@pytest.mark.parametrize("length", range(5))
def test_stand_ins_give_what_the_standard_library_gives(length):
    items = "abcd"[:length]
    for size in range(5):
        assert list(equivalents.combinations(items, size)) == list(itertools.combinations(items, size))
    assert list(equivalents.permutations(items)) == list(itertools.permutations(items))
    assert list(equivalents.product(items, "xy", repeat=2)) == list(itertools.product(items, "xy", repeat=2))
    assert list(equivalents.product()) == list(itertools.product())
    for z in (-1.0, 2.5, 1j, -3 - 4j, 1e-300 + 0j):
        assert cmath.isclose(equivalents.complex_log(z), cmath.log(z), rel_tol=1e-15)
    for z in (1.0, 1j, math.inf, complex(0, math.nan)):
        assert equivalents.is_finite(z) == cmath.isfinite(z)


def test_what_is_no_plain_function_is_not_taken_along():
    factor = 2.0

    def closure(x):
        return x * factor

    for wrong in (closure, sys, object()):
        with pytest.raises(NotCarried):
            Luggage().name_of(wrong)
