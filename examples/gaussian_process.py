"""A Gaussian process whose length, height and noise are found by the marginal likelihood, by the factor of Cholesky.

    python examples/gaussian_process.py gaussian_process.png

Rasmussen and Williams, Gaussian Processes for Machine Learning (2006), algorithm 2.1 and section 5.4.1.
"""
from __future__ import annotations

import numpy as np
from drawing import draw
from scipy.linalg import cho_solve, cholesky, solve_triangular
from scipy.optimize import OptimizeResult, minimize

from s2sad import value_and_grad

TRUE_NOISE = 0.15


def points() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    x = np.sort(rng.uniform(0.0, 6.0, 45))
    return x, np.sin(1.7 * x) + 0.3 * x + TRUE_NOISE * rng.normal(size=45)


def kernel(x: np.ndarray, z: np.ndarray, length: float, height: float) -> np.ndarray:
    return height**2 * np.exp(-0.5 * ((x[:, None] - z[None, :]) / length) ** 2)


@value_and_grad
def negative_log_likelihood(p: np.ndarray, x: np.ndarray, y: np.ndarray) -> float:
    """Of the logarithms of length, height and noise."""
    length, height, noise = np.exp(p)
    factor = cholesky(kernel(x, x, length, height) + noise**2 * np.eye(len(x)), lower=True)
    weights = cho_solve((factor, True), y)
    return 0.5 * y @ weights + np.sum(np.log(np.diag(factor))) + 0.5 * len(x) * np.log(2.0 * np.pi)


def fitted() -> OptimizeResult:
    return minimize(negative_log_likelihood, np.zeros(3), args=points(), jac=True, method="L-BFGS-B")


def predicted(p: np.ndarray, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and deviation."""
    (x, y), (length, height, noise) = points(), np.exp(p)
    factor = cholesky(kernel(x, x, length, height) + noise**2 * np.eye(len(x)), lower=True)
    across = kernel(x, at, length, height)
    explained = solve_triangular(factor, across, lower=True)
    return across.T @ cho_solve((factor, True), y), np.sqrt(height**2 - np.sum(explained**2, axis=0))


def main() -> None:
    found = fitted()
    for name, value in zip(("length", "height", "noise"), np.exp(found.x), strict=True):
        print(f"{name:6} {value:.3f}")
    print(f"log likelihood {-found.fun:.3f} after {found.nfev} gradients")

    def put(axes):
        at = np.linspace(0.0, 6.0, 200)
        mean, deviation = predicted(found.x, at)
        axes.fill_between(at, mean - 2.0 * deviation, mean + 2.0 * deviation, alpha=0.2)
        axes.plot(at, mean)
        axes.plot(*points(), "k.", markersize=4)

    draw(put)


if __name__ == "__main__":
    main()
