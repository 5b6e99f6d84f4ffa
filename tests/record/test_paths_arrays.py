"""Arrays from outside the function are replaced, resized and written between calls; shapes and axes change."""

from __future__ import annotations

import sys
import warnings
from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad
from tests.oracles import agrees

THIS = sys.modules[__name__]
SCALE: Any = 2.0
TABLE: Any = {}
WEIGHTS: Any = np.array([1.0, 2.0, 3.0])


@pytest.fixture(autouse=True)
def _restore_globals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(THIS, "SCALE", 2.0)
    monkeypatch.setattr(THIS, "TABLE", {})
    monkeypatch.setattr(THIS, "WEIGHTS", np.array([1.0, 2.0, 3.0]))


def weighted(x):
    return np.sum(WEIGHTS * x)


def test_a_captured_array_is_replaced_or_changed_in_place() -> None:
    derivative = value_and_grad(weighted)
    for new in (np.arange(3.0), np.ones((2, 3)), np.float32([1, 2, 3]), np.arange(3), np.array(4.0), np.ones(0),
                np.eye(3)[:, ::2],
                np.asfortranarray(np.ones((2, 3))), np.array([True, False, True]), 2.0, np.float32(3.0)):  # fmt: skip
        THIS.WEIGHTS = new
        agrees(derivative, weighted, 1.5)
        agrees(derivative, weighted, np.float32(1.5))
    THIS.WEIGHTS = np.arange(3.0)
    assert agrees(derivative, weighted, 1.0) == 3.0
    WEIGHTS[1] = 10.0
    assert agrees(derivative, weighted, 1.0) == 12.0
    WEIGHTS.resize(5, refcheck=False)
    WEIGHTS[4] = 1.0
    assert agrees(derivative, weighted, 1.0) == 13.0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # NumPy 2.5 discourages it, and it still happens in users' code
        WEIGHTS.shape = (5, 1)
    agrees(derivative, weighted, np.ones(2))


def test_a_captured_array_that_decides() -> None:
    def f(x):
        total = 0.0
        for weight in WEIGHTS:
            total = total + weight * x if weight > 1.5 else total - x
        return total * (x if WEIGHTS.any() else 1.0) * len(WEIGHTS) + WEIGHTS.shape[0] * x

    derivative = value_and_grad(f)
    for new in ([1.0, 2.0, 3.0], [3.0, 2.0, 1.0], [0.0, 0.0, 0.0], [5.0], [2.0, 1.0]):
        THIS.WEIGHTS = np.array(new)
        agrees(derivative, f, 2.0)


def test_captured_indices_and_masks() -> None:
    TABLE["index"], TABLE["mask"], TABLE["n"] = np.array([0, 2, 0]), np.array([True, False, True]), 1

    def f(x):
        return np.sum(x[TABLE["index"]] ** 2) + np.sum(x[TABLE["mask"]] ** 3) + np.sum(x[TABLE["n"] :]) + x[TABLE["n"]]

    derivative = value_and_grad(f)
    x = np.array([1.0, 2.0, 3.0])
    agrees(derivative, f, x)
    TABLE["index"][1] = 1
    agrees(derivative, f, x)
    TABLE["mask"][:] = True
    agrees(derivative, f, x)
    TABLE["mask"][:] = False
    agrees(derivative, f, x)
    TABLE["n"] = 2
    agrees(derivative, f, x)
    TABLE["n"] = -1
    agrees(derivative, f, x)
    TABLE["index"] = [1, 1]
    agrees(derivative, f, x)
    TABLE["index"] = 0
    agrees(derivative, f, x)


def test_captured_axes_shapes_and_keywords() -> None:
    TABLE.update(axis=0, keep=False, shape=(3, 2), spec="ij->j", ord=2)

    def f(x):
        a = np.sum(x, axis=TABLE["axis"], keepdims=TABLE["keep"])
        b = np.reshape(x, TABLE["shape"])
        return (
            np.sum(a**2)
            + np.sum(b[0] ** 3)
            + np.sum(np.einsum(TABLE["spec"], x) ** 2)
            + np.linalg.norm(x.ravel(), TABLE["ord"])
        )

    derivative = value_and_grad(f)
    x = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.5]])
    agrees(derivative, f, x)
    for name, new in (
        ("axis", 1), ("keep", True), ("axis", (0, 1)), ("axis", None), ("shape", (6,)), ("shape", [2, -1]),
        ("shape", 6), ("spec", "ij->i"), ("spec", "ij->"), ("ord", 1), ("ord", 3), ("ord", np.inf), ("ord", None),
    ):  # fmt: skip
        TABLE[name] = new
        agrees(derivative, f, x)


def test_a_captured_exponent() -> None:
    def f(x):
        return np.sum(np.abs(x) ** SCALE)

    derivative = value_and_grad(f)
    for new in (2, 3, 0.5, 2.0, -1, 0, 1, -2.0, np.int64(2), np.array([1.0, 2.0])):
        THIS.SCALE = new
        agrees(derivative, f, 1.5)
        agrees(derivative, f, np.array([0.5, 2.0]))


def test_a_shape_given_as_an_array() -> None:
    """Its values decide about the shape of the result, so another shape is another path."""

    def f(x, shape):
        rows = np.reshape(x, shape)
        return np.sum(rows * np.arange(rows.shape[-1]))

    derivative = value_and_grad(f)
    for shape in ([2, 6], [3, 4], [2, 6], [12, 1]):
        value, gradient = derivative(np.ones(12), np.array(shape))
        assert value == f(np.ones(12), shape)
        np.testing.assert_array_equal(gradient, np.tile(np.arange(float(shape[1])), shape[0]))
