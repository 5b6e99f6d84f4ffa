"""Rules of one's own: two functions become primitives, each by one line that states its partial derivatives.

    python examples/own_rule.py

Without a rule a helper is followed into its body. A rule is worth its line where the derivative is known to be simpler
than the way to the value: here the softplus, and the solution of an equation found by Newton's method, whose derivative
by the implicit function theorem needs none of the iterations.
"""
from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from s2sad import elementwise, grad, value_and_grad


def softplus(x: Any) -> Any:
    """log(1 + exp(x)), without overflow."""
    return np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))


def kepler(mean: Any, eccentricity: Any) -> Any:
    """The eccentric anomaly E, the solution of E - eccentricity * sin(E) = mean, for 0 <= eccentricity < 1."""
    anomaly = mean + eccentricity * np.sin(mean)
    for _ in range(50):
        change = (anomaly - eccentricity * np.sin(anomaly) - mean) / (1.0 - eccentricity * np.cos(anomaly))
        anomaly = anomaly - change
        if np.all(np.abs(change) < 1e-15 * (1.0 + np.abs(anomaly))):
            break
    return anomaly


# The left side is the call, each right side the partial by the parameter of that name; `ans` is the result. The
# logistic function, written exp(x - softplus(x)), cannot overflow. The engine multiplies by the cotangent and undoes
# broadcasting.
elementwise("softplus(x)", x="np.exp(x - ans)", namespace=globals())
elementwise(
    "kepler(mean, eccentricity)",
    mean="1.0 / (1.0 - eccentricity * np.cos(ans))",
    eccentricity="np.sin(ans) / (1.0 - eccentricity * np.cos(ans))",
    namespace=globals(),
)


def penalty(x: np.ndarray) -> float:
    return np.sum(softplus(x) ** 2)


def distance(mean: np.ndarray, eccentricity: float) -> float:
    """Mean distance from the focus over some positions on an orbit with half axis 1."""
    return np.mean(1.0 - eccentricity * np.cos(kepler(mean, eccentricity)))


def curvature(x: float) -> float:
    """The second derivative of softplus: the rule is differentiated like any other code."""
    return grad(grad(softplus))(x)


def penalty_gradient_by_hand(x: np.ndarray) -> np.ndarray:
    return 2.0 * softplus(x) * 0.5 * (1.0 + np.tanh(0.5 * x))


def distance_gradient_by_hand(mean: np.ndarray, eccentricity: float) -> tuple[np.ndarray, float]:
    """By the implicit function theorem, worked out for this function."""
    anomaly = kepler(mean, eccentricity)
    sine, cosine = np.sin(anomaly), np.cos(anomaly)
    slope = eccentricity * sine / (1.0 - eccentricity * cosine)
    return slope / mean.size, float(np.mean(sine * slope - cosine))


def main() -> None:
    argparse.ArgumentParser(description="Register two rules and differentiate through them.").parse_args()
    x = np.array([-800.0, -1.0, 0.0, 1.0, 800.0])
    value, gradient = value_and_grad(penalty)(x)
    print(f"penalty {value:.6f}\n  gradient  {gradient}\n  by hand   {penalty_gradient_by_hand(x)}")
    print(f"second derivative of softplus at 0: {curvature(0.0)} (exact: 0.25)")

    mean = np.linspace(0.1, 6.0, 5)
    value, (by_mean, by_eccentricity) = value_and_grad(distance, argnums=(0, 1))(mean, 0.4)
    hand_mean, hand_eccentricity = distance_gradient_by_hand(mean, 0.4)
    print(f"distance {value:.6f}\n  by mean   {by_mean}\n  by hand   {hand_mean}")
    print(f"  by eccentricity {by_eccentricity:.15f}\n  by hand         {hand_eccentricity:.15f}")


if __name__ == "__main__":
    main()
