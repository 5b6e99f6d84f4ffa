"""Stiff equations solved by SciPy's `solve_ivp`, with the Jacobian of their right side as `jac`.

    python examples/scipy_stiff.py

Robertson's three reactions, whose rates differ by nine orders of magnitude, and the Brusselator: two substances that react and spread
along a line of 20 points.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from counted import Counted
from scipy.integrate import solve_ivp

from s2sad import jacobian

POINTS = 20


def robertson(t: float, y: np.ndarray) -> list[float]:
    slow, fast, mixed = 0.04 * y[0], 3e7 * y[1] ** 2, 1e4 * y[1] * y[2]
    return [mixed - slow, slow - mixed - fast, fast]


def brusselator(t: float, y: np.ndarray, a: float, b: float, spread: float) -> np.ndarray:
    u, v = y[:POINTS], y[POINTS:]
    reacting = u * u * v
    return np.concatenate([a - (b + 1.0) * u + reacting + spread * bent(u, a), b * u - reacting + spread * bent(v, b / a)])


def bent(u: np.ndarray, end: float) -> np.ndarray:
    """The second differences along the line, with what is held at its ends."""
    whole = np.concatenate([[end], u, [end]])
    return (whole[2:] - 2.0 * u + whole[:-2]) * (len(u) + 1) ** 2


class Problem(NamedTuple):
    right_side: Callable[..., Any]
    start: np.ndarray
    until: float
    args: tuple[float, ...] = ()


PLACES = np.linspace(0.0, 1.0, POINTS + 2)[1:-1]
PROBLEMS = [Problem(robertson, np.array([1.0, 0.0, 0.0]), 1e5),
            Problem(brusselator, np.concatenate([1.0 + np.sin(2.0 * np.pi * PLACES), np.full(POINTS, 3.0)]), 10.0, (1.0, 3.0, 0.02))]


def solved(problem: Problem, method: str, by_differences: bool = False) -> tuple[np.ndarray, int, int]:
    """The state at the end, and the calls of the right side and of its Jacobian."""
    function, slope = Counted(problem.right_side), Counted(jacobian(problem.right_side, argnums=1))
    found = solve_ivp(function, (0.0, problem.until), problem.start, method=method, args=problem.args, rtol=1e-5, atol=1e-8,
                      jac=None if by_differences else slope)
    return found.y[:, -1], function.calls, slope.calls


def main() -> None:
    print("calls of the right side, by differences and with its Jacobian:")
    for problem in PROBLEMS:
        for method in ("BDF", "Radau"):
            (one, calls, _), (other, fewer, slopes) = solved(problem, method, by_differences=True), solved(problem, method)
            agree = np.allclose(one, other, rtol=1e-3)
            print(f"  {problem.right_side.__name__:<12} {method:<6} {calls:4}, and {fewer} with {slopes} Jacobians, the same end: {agree}")


if __name__ == "__main__":
    main()
