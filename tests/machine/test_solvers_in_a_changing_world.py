"""What a solver, an integral or an interpolant is made of may be another in each call: numbers, arrays and objects from outside."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.sparse
from scipy import integrate, interpolate, optimize, stats

from s2sad import CannotKeep, continuous, value_and_grad
from tests.ways import CONTROLS


class World:
    rate, right, points = 1.0, 1.0, np.array([1.0, 2.0, 3.0])


def cubic(t: Any, x: Any) -> Any:
    return t**3 + World.rate * t - x


def root(x: Any) -> Any:
    return optimize.brentq(lambda t: t**3 + World.rate * t - x * World.right, 0.0, 9.0, xtol=1e-14)


def root_by_argument(x: Any) -> Any:
    return optimize.newton(cubic, 1.0, args=(x,), tol=1e-14)


def least(x: Any) -> Any:
    exact = {"xtol": 1e-15, "ftol": 1e-15, "gtol": 1e-15}
    return optimize.least_squares(lambda z: z**3 + World.rate * z - x * World.right, [1.0], **exact).x[0]


def area(x: Any) -> Any:
    return integrate.quad(lambda t: np.exp(-World.rate * x * t), 0.0, World.right)[0]


def stepped(x: Any) -> Any:
    return integrate.solve_ivp(lambda t, y: -World.rate * x * y, (0.0, 1.0), [World.right], rtol=1e-4).y[0, -1]


def solved(x: Any) -> Any:
    return integrate.solve_ivp(lambda t, y: -World.rate * x * y, (0.0, 1.0), [World.right], continuous(), rtol=1e-9, atol=1e-11).y[0, -1]


def between(x: Any) -> Any:
    return interpolate.CubicSpline(np.arange(3.0), World.points * x)(World.rate * 0.7)


def likely(x: Any) -> Any:
    return stats.norm(loc=World.rate, scale=World.right).logpdf(x) + stats.norm.cdf(x, World.rate * x, World.right)


def sparse(x: Any) -> Any:
    return np.sum(scipy.sparse.csr_array((World.points * x, [0, 1, 2], [0, 1, 2, 3])) @ World.points) * World.rate


EVEN, WIDE = [1.0, 2.0, 3.0], [1.0, 2.5, 4.0]
WORLDS = [(1.0, 1.0, EVEN), (1.3, 1.5, EVEN), (0.7, 1.5, WIDE), (1.3, 1.0, [0.5, 2.5, 4.0]), (1.0, 1.0, EVEN)]


@pytest.mark.sampled(6)
@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("function", [root, root_by_argument, least, area, stepped, solved, between, likely, sparse])
def test_the_world_changes_from_call_to_call(function: Any, control: str, monkeypatch: pytest.MonkeyPatch) -> None:
    derived = value_and_grad(function, control=control)  # type: ignore[call-overload]
    for k, (rate, right, points) in enumerate(WORLDS):
        monkeypatch.setattr(World, "rate", rate)
        monkeypatch.setattr(World, "right", right)
        monkeypatch.setattr(World, "points", np.array(points))
        x, h = 0.9 + 0.3 * k, 1e-5
        try:
            value, slope = derived(x)
        except CannotKeep:
            assert control == "keep" and function is stepped
            return
        assert value == function(x)
        assert slope == pytest.approx((function(x + h) - function(x - h)) / (2 * h), rel=1e-6)
