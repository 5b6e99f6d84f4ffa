"""Hares and lynxes: the four rates of Lotka's and Volterra's equations from counts of both, through `solve_ivp`.

The gradient is that of the equations, whatever steps the solver takes on the way to the fit: method=continuous() says so.

    python examples/lotka_volterra.py lotka_volterra.png
"""
from __future__ import annotations

import numpy as np
from drawing import draw
from scipy.integrate import solve_ivp
from scipy.optimize import OptimizeResult, minimize

from s2sad import continuous, value_and_grad

TRUE, FIRST = np.array([0.6, 0.03, 0.9, 0.02]), np.array([30.0, 6.0])
START = np.array([0.5, 0.025, 0.8, 0.025])
TIMES = np.linspace(0.0, 12.0, 25)


def rates(t: float, y: np.ndarray, born: float, eaten: float, dying: float, fed: float) -> np.ndarray:
    return np.array([born * y[0] - eaten * y[0] * y[1], fed * y[0] * y[1] - dying * y[1]])


def course(p: np.ndarray, times: np.ndarray = TIMES) -> np.ndarray:
    return solve_ivp(rates, (times[0], times[-1]), FIRST, continuous(), times, args=tuple(p), rtol=1e-5).y


def counted() -> np.ndarray:
    return course(TRUE) * np.exp(0.1 * np.random.default_rng(12).normal(size=(2, len(TIMES))))


@value_and_grad
def loss(p: np.ndarray, seen: np.ndarray) -> float:
    """Of the logarithms of the rates."""
    return np.mean((np.log(course(np.exp(p))) - np.log(seen)) ** 2)


def fitted() -> OptimizeResult:
    return minimize(loss, np.log(START), args=(counted(),), jac=True, method="BFGS", options={"gtol": 1e-4})


def main() -> None:
    found = fitted()
    for name, true, value in zip(("born", "eaten", "dying", "fed"), TRUE, np.exp(found.x), strict=True):
        print(f"{name:5} {value:.4f}, true {true:.3f}")

    def put(axes):
        fine = np.linspace(0.0, 12.0, 200)
        for name, seen, curve in zip(("hares", "lynxes"), counted(), course(np.exp(found.x), fine), strict=True):
            (line,) = axes.plot(fine, curve, label=name)
            axes.plot(TIMES, seen, ".", color=line.get_color())
        axes.set(xlabel="year", ylabel="thousands")
        axes.legend(frameon=False)

    draw(put)


if __name__ == "__main__":
    main()
