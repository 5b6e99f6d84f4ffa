"""Rows and columns of products that an adjoint adds up are added up before they are multiplied."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import grad, value_and_grad
from tests.oracles import agrees

X = np.random.default_rng(1).normal(size=(5, 3))


def centred(mean, w):
    return np.sum(np.sin((X - mean) @ w))


def moved(shift, w):
    return np.sum(np.sin(w @ (X + shift[:, None])))


def by_row(mean, w):
    return np.sum(np.sin((X - mean[None, :]) @ w))


def in_steps(mean, w):
    total = 0.0
    for k in range(len(w)):
        total += np.sum(np.sin((X - mean) @ w * w[k, 0]))
    return total


def both_needed(mean, w):
    away = mean * X
    return np.sum(np.sin(away @ w)) + np.sum(away)


def draw(function: Callable[..., Any]) -> tuple[np.ndarray, np.ndarray]:
    draws = np.random.default_rng(2)
    return (draws.normal(size=5), draws.normal(size=(4, 5))) if function is moved else (draws.normal(size=3), draws.normal(size=(3, 3)))


def sums_of_products(source: str) -> list[str]:
    """The lines of a text that add up along an axis of what they multiply there."""
    return [line for line in source.splitlines() if "@" in line and ").sum(" in line.partition("@")[2]]


@pytest.mark.parametrize("control", ["keep", "record"])
@pytest.mark.parametrize("function", [centred, moved, by_row, in_steps])
def test_rows_are_added_up_before_they_are_multiplied(function: Callable[..., Any], control: Any) -> None:
    derivative = value_and_grad(function, argnums=(0, 1), control=control)
    agrees(derivative, function, *draw(function), argnums=(0, 1))
    assert not sums_of_products(derivative.source)
    assert ".sum(axis=" in derivative.source


def test_a_product_that_is_needed_stays() -> None:
    derivative = value_and_grad(both_needed, argnums=(0, 1), control="keep")
    agrees(derivative, both_needed, *draw(both_needed), argnums=(0, 1))


def test_it_is_differentiated_again() -> None:
    mean, w = draw(centred)
    angles = (X - mean) @ w
    slope, curvature = -np.cos(angles).sum(axis=0) @ w.T, -(w * np.sin(angles).sum(axis=0)) @ w.T
    found = grad(lambda mean: np.sum(grad(centred)(mean, w) ** 2), control="keep")(mean)
    np.testing.assert_allclose(found, 2 * curvature @ slope, rtol=1e-11)


def test_it_keeps_the_dtype() -> None:
    mean, w = (a.astype(np.float32) for a in draw(centred))
    x = X.astype(np.float32)
    derivative = grad(lambda mean, w: np.sum(np.sin((x - mean) @ w)), control="keep")
    mean_bar = derivative(mean, w)
    assert mean_bar.dtype == np.float32 and not sums_of_products(derivative.source)
    np.testing.assert_allclose(mean_bar, -np.cos((x - mean) @ w).sum(axis=0) @ w.T, rtol=1e-5)


def test_no_rows_give_zeros() -> None:
    def of(x, mean, w):
        return np.sum(np.sin((x - mean) @ w))

    derivative = grad(of, argnums=1, control="keep")
    assert not np.any(derivative(np.zeros((0, 3)), *draw(centred))) and derivative(np.zeros((0, 3)), *draw(centred)).shape == (3,)
