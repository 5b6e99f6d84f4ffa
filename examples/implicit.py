"""Derivatives of solutions: what a solver finds is differentiated by the equation that it solves, not through its steps.

    python examples/implicit.py

Three programs: the root of an equation by Newton's method; the hyperparameter of a ridge regression, chosen by the error on data that were
held back; and the equilibrium of a market model, a fixed point. The derivative of each takes one linear solve, and asks nothing of the
solver: that of the second is SciPy's, which is not looked into.
"""
from __future__ import annotations

import argparse
import math

import numpy as np
from scipy import linalg, optimize

from s2sad import fixed_point, grad, implicit, jvp, value_and_grad

# A root: Kepler's equation


def newton(mean: float, eccentricity: float) -> float:
    anomaly = mean
    while abs(change := (anomaly - eccentricity * math.sin(anomaly) - mean) / (1.0 - eccentricity * math.cos(anomaly))) > 1e-14:
        anomaly = anomaly - change
    return anomaly


def kepler_residual(anomaly: float, mean: float, eccentricity: float) -> float:
    return anomaly - eccentricity * math.sin(anomaly) - mean


kepler = implicit(newton, kepler_residual)


# A hyperparameter: how much a ridge regression is regularised


def ridge_solver(strength: float, features: np.ndarray, targets: np.ndarray) -> np.ndarray:
    normal = features.T @ features + math.exp(strength) * np.eye(features.shape[1])
    return linalg.cho_solve(linalg.cho_factor(normal), features.T @ targets)


def ridge_residual(weights: np.ndarray, strength: float, features: np.ndarray, targets: np.ndarray) -> np.ndarray:
    return features.T @ (features @ weights - targets) + math.exp(strength) * weights


ridge = implicit(ridge_solver, ridge_residual)


def validation_error(strength: float, data: dict[str, np.ndarray]) -> float:
    weights = ridge(strength, data["features"], data["targets"])
    return np.mean((data["held_features"] @ weights - data["held_targets"]) ** 2)


def ridge_data() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    features, truth = rng.normal(size=(60, 20)), rng.normal(size=20)
    targets = features @ truth + 3.0 * rng.normal(size=60)
    return {"features": features[:30], "targets": targets[:30], "held_features": features[30:], "held_targets": targets[30:]}


# An equilibrium: firms on a ring, each of which sets a price that answers those of its neighbours


def answer(prices: np.ndarray, costs: np.ndarray, coupling: float) -> np.ndarray:
    around = 0.5 * (np.roll(prices, 1) + np.roll(prices, -1))
    return 0.5 * (1.0 + costs) + coupling * np.tanh(around)


equilibrium = fixed_point(answer)


def profit(costs: np.ndarray, coupling: float) -> float:
    prices = equilibrium(np.ones(costs.shape), costs, coupling)
    return np.sum((prices - costs) * np.exp(-prices))


def main() -> None:
    argparse.ArgumentParser(description="Differentiate the solutions of three equations.").parse_args()
    slope, curvature = grad(kepler, argnums=1)(1.0, 0.4), grad(grad(kepler, argnums=1), argnums=1)(1.0, 0.4)
    step = 1e-4
    near = [newton(1.0, 0.4 + k * step) for k in (-1, 0, 1)]
    print(f"kepler: slope {slope:.10f}, by differences {(near[2] - near[0]) / (2 * step):.10f}")
    print(f"kepler: curvature {curvature:.6f}, by differences {(near[2] - 2 * near[1] + near[0]) / step**2:.6f}")

    data = ridge_data()
    best = optimize.minimize(lambda s: value_and_grad(validation_error)(float(s[0]), data), [0.0], jac=True, method="BFGS")
    by_search = optimize.minimize_scalar(lambda s: validation_error(s, data), bounds=(-5.0, 8.0), method="bounded", options={"xatol": 1e-8})
    print(f"ridge: log strength {best.x[0]:.5f} in {best.nfev} evaluations, by search {by_search.x:.5f} in {by_search.nfev}")

    costs = np.linspace(0.1, 0.5, 200)  # more unknowns than a matrix is made for
    direction = np.cos(np.arange(200.0))
    _, along = jvp(lambda c: profit(c, 0.3), (costs,), (direction,))
    print(f"equilibrium: along a direction {along:.10f}, by the gradient {grad(profit)(costs, 0.3) @ direction:.10f}")


if __name__ == "__main__":
    main()
