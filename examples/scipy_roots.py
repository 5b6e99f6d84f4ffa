"""A boundary value problem solved by SciPy's `root`, with the Jacobian of its equations as `jac`.

    python examples/scipy_roots.py

The equations are those of Bratu, u'' + rate * exp(u) = 0 with u = 0 at both ends, at 40 points between these.
"""
from __future__ import annotations

import numpy as np
from counted import Counted
from scipy.optimize import root

from s2sad import jacobian, value_and_jacobian

POINTS = 40
RATE = 2.0


def equations(u: np.ndarray, rate: float) -> np.ndarray:
    """The second differences of u, and what they are to be."""
    whole = np.concatenate([[0.0], u, [0.0]])
    step = 1.0 / (len(u) + 1)
    return (whole[2:] - 2.0 * u + whole[:-2]) / step**2 + rate * np.exp(u)


def solved(method: str, by_differences: bool = False) -> tuple[np.ndarray, int, int]:
    """The solution, and the calls of the equations and of their Jacobian."""
    function, slope = Counted(equations), Counted(jacobian(equations))
    found = root(function, np.zeros(POINTS), args=(RATE,), jac=None if by_differences else slope, method=method)
    return found.x, function.calls, slope.calls


def solved_with_both() -> tuple[np.ndarray, int]:
    """The solution by a function that gives the equations and their Jacobian, and its calls."""
    both = Counted(value_and_jacobian(equations))
    return root(both, np.zeros(POINTS), args=(RATE,), jac=True).x, both.calls


def largest_error(u: np.ndarray) -> float:
    """The most by which equations are not fulfilled."""
    return float(np.max(np.abs(equations(u, RATE))))


def main() -> None:
    print("calls of the equations, by differences and with their Jacobian:")
    for method in ("hybr", "lm"):
        (one, calls, _), (other, fewer, slopes) = solved(method, by_differences=True), solved(method)
        solves = max(largest_error(one), largest_error(other)) < 1e-6
        print(f"  {method:<5} {calls:3}, and {fewer} with {slopes} Jacobian{'s' * (slopes > 1)}; both solve them: {solves}")
    found, calls = solved_with_both()
    print(f"  {calls} with jac=True, where one function gives both; it solves them: {largest_error(found) < 1e-6}")
    print(f"u in the middle: {np.max(found):.4f}")


if __name__ == "__main__":
    main()
