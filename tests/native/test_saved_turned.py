"""Products of matrices that are turned round and saved are made with what was saved."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad
from tests.native.plainly import uncompiled_fixture  # noqa: F401

X = np.random.default_rng(3).normal(size=(6, 3))


def filled(a, x):
    """A matrix of the step, turned round for the product."""
    total = 0.0
    for k in range(len(a)):
        w = np.zeros((3, 3))
        for i in range(3):
            w[i, 0] = np.sin(a[k, i])
            w[i, 2] = a[k, i] ** 2
        total += np.sum(np.sin(x @ w.T))
    return total


def written_again(a, x):
    """The matrix is another one after the product, which is multiplied with as well."""
    total = 0.0
    for k in range(len(a)):
        w = np.zeros((3, 3))
        for i in range(3):
            w[i, 0] = np.sin(a[k, i])
        total += np.sum(np.sin(x @ w.T))
        for i in range(3):
            w[0, i] = np.cos(a[k, i])
        total += np.sum(np.cos(x @ w.T))
    return total


def on_a_side(a, x):
    total = 0.0
    for k in range(len(a)):
        w = np.zeros((3, 3))
        for i in range(3):
            w[i, 1] = np.sin(a[k, i])
        if a[k, 0] > 0.0:
            total += np.sum(np.sin(x @ w.T))
        else:
            total -= np.sum(x @ w.T)
    return total


def in_front_and_behind(a, x):
    """A product in front of which the matrix is not turned round for good, and one of the other side."""
    total = 0.0
    for k in range(len(a)):
        w = np.zeros((3, 3))
        for i in range(3):
            w[i, 1] = np.sin(a[k, i])
        turned = w.T
        total += np.sum(np.sin(turned @ x.T)) + np.sum(np.sin(x @ turned) * np.cos(x @ turned))
    return total


PROGRAMS = (filled, written_again, on_a_side, in_front_and_behind)


def draw() -> tuple[Any, Any]:
    return np.random.default_rng(4).normal(size=(4, 3)), X


def derivative(function: Callable[..., Any]) -> Any:
    return value_and_grad(function, argnums=(0, 1), backend="numba")


@pytest.mark.usefixtures("uncompiled")
@pytest.mark.parametrize("function", PROGRAMS)
def test_the_numbers_are_those_of_python(function: Callable[..., Any]) -> None:
    found, wanted = derivative(function)(*draw()), value_and_grad(function, argnums=(0, 1), backend="python")(*draw())
    np.testing.assert_allclose(found[0], wanted[0], rtol=1e-12)
    for one, other in zip(found[1], wanted[1], strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-13)


@pytest.mark.usefixtures("uncompiled")
def test_what_was_saved_is_multiplied_with() -> None:
    native = derivative(filled)
    native(*draw())
    assert re.search(r"np\.dot\(x, w_T_saved\[k\], \w+\)", native.source)
    assert not re.search(r"np\.dot\(x, w\.T, ", native.source)
