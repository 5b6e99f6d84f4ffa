"""What the tests of the tape on functions that write share: sample arrays, a registry, and three checks."""
from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import tape
from s2sad.api import grad
from tests import differences

V4 = np.array([0.7, -1.2, 1.9, 0.4])
V5 = np.array([0.3, 1.1, -0.6, 0.9, 2.0])
M3 = np.array([[4.0, 0.5, -0.3], [0.2, 3.0, 0.7], [-0.4, 0.6, 5.0]])
M34 = np.array([[0.5, 1.5, -0.7, 0.2], [1.1, -0.4, 0.9, 2.1], [0.3, 0.8, 1.7, -1.3]])


def cases() -> tuple[list[Any], Callable[..., Any]]:
    """A list of functions with arguments, and the decorator that fills it."""
    kept: list[Any] = []

    def case(*args: Any) -> Callable[[Any], Any]:
        def keep(function: Any) -> Any:
            kept.append(pytest.param(function, args, tuple(range(len(args))), id=function.__name__))
            return function

        return keep

    return kept, case


def check_values_and_gradients(function: Any, args: Any, argnums: Any) -> None:
    expected = function(*copy.deepcopy(args))
    given = copy.deepcopy(args)
    value, gradients = tape.gradient(function, given, argnums)
    assert type(value) is type(expected)
    assert repr(value) == repr(expected)
    assert repr(given) == repr(args)
    differences.check(lambda *a: function(*copy.deepcopy(a)), args, argnums, gradients, 1e-9)


def check_second_order(function: Any, args: Any, argnums: Any) -> None:
    """The gradient of the length of the gradient, against differences of the first."""

    def slope(*values: Any) -> Any:
        found = grad(function, argnums=argnums)(*values)
        return sum([np.sum(g**2) for g in found])

    def plain(*values: Any) -> Any:
        return sum(float(np.sum(np.square(g))) for g in tape.gradient(function, copy.deepcopy(values), argnums)[1])

    value, gradients = tape.gradient(slope, args, argnums)
    assert float(value) == pytest.approx(plain(*args), rel=1e-12)
    differences.check(plain, args, argnums, gradients, 1e-8)


def check_single_precision(function: Any, args: Any, argnums: Any) -> None:
    narrow = tuple(a.astype(np.float32) if isinstance(a, np.ndarray) else a for a in args)
    value, gradients = tape.gradient(function, narrow, argnums)
    expected = function(*copy.deepcopy(narrow))
    assert type(value) is type(expected) and repr(value) == repr(expected)
    _, exact = tape.gradient(function, tuple(a.astype(float) if isinstance(a, np.ndarray) else a for a in narrow), argnums)
    for found, wide, argument in zip(gradients, exact, narrow, strict=True):
        assert np.asarray(found).dtype == np.asarray(argument).dtype
        np.testing.assert_allclose(found, wide, rtol=2e-3, atol=2e-3 * (1 + np.max(np.abs(wide))))
