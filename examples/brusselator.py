"""The Brusselator, a reaction of two substances that diffuse along a line, on thousands of points, by an implicit method.

    python examples/brusselator.py
    python examples/brusselator.py --points 5000

An implicit method needs the Jacobian of the right-hand side. It is sparse: one point depends on its neighbours. `jacobian` finds out where
its elements are and takes the same few sweeps on any number of points; differences take more calls, again and again.
"""
from __future__ import annotations

import argparse
import time
from typing import Any, NamedTuple

import numpy as np
from scipy.integrate import solve_ivp

import s2sad

A, B, DIFFUSION = 1.0, 3.0, 0.02


def start(points: int) -> np.ndarray:
    """The concentrations at the beginning: a wave of one substance, the other one even."""
    x = np.linspace(0.0, 1.0, points + 2)[1:-1]
    return np.concatenate([1.0 + np.sin(2 * np.pi * x), np.full(points, 3.0)])


def rate(t: float, y: Any) -> Any:
    """How fast the concentrations change; at the ends of the line they are A and B / A."""
    points = len(y) // 2
    u, v = y[:points], y[points:]
    reaction = u * u * v
    return np.concatenate([A + reaction - (B + 1.0) * u + spread(u, A), B * u - reaction + spread(v, B / A)])


def spread(c: Any, end: float) -> Any:
    """Diffusion by second differences."""
    wide = np.concatenate([[end], c, [end]])
    return DIFFUSION * (len(c) + 1) ** 2 * (wide[2:] - 2.0 * c + wide[:-2])


jacobian = s2sad.jacobian(rate, argnums=1, sparse=True)


class Solution(NamedTuple):
    """Where it ends, how often the right-hand side and the Jacobian were evaluated, and how many seconds it took."""

    end: np.ndarray
    rates: int
    jacobians: int
    seconds: float


def solve(points: int, jac: Any = None, until: float = 1.0) -> Solution:
    """By backward differentiation formulas; without a Jacobian SciPy takes differences, with the pattern."""
    calls, y = [0], start(points)
    pattern = s2sad.sparsity(rate, argnums=1)(0.0, y).matrix

    def counted(t: float, y: np.ndarray) -> np.ndarray:
        calls[0] += 1
        return rate(t, y)

    given = {"jac_sparsity": pattern} if jac is None else {"jac": jac}
    before = time.perf_counter()
    found = solve_ivp(counted, (0.0, until), y, method="BDF", rtol=1e-6, atol=1e-8, **given)
    return Solution(found.y[:, -1], calls[0], found.njev, time.perf_counter() - before)


def main() -> None:
    parser = argparse.ArgumentParser(description="The Brusselator with a sparse Jacobian.")
    parser.add_argument("--points", type=int, default=1000)
    points = parser.parse_args().points
    pattern = s2sad.sparsity(rate, argnums=1)
    print(pattern(0.0, start(8)).picture())
    for n in (8, 10 * points):
        found = pattern(0.0, start(n))
        print(f"{2 * n} unknowns: {found.nnz} elements, {found.colours} sweeps")
    exact, differences = solve(points, jacobian), solve(points)
    print(f"with the Jacobian: {exact.rates} evaluations of the rate, {exact.jacobians} Jacobians")
    print(f"by differences:    {differences.rates} evaluations of the rate, {differences.jacobians} Jacobians")
    print(f"largest difference at the end: {np.max(np.abs(exact.end - differences.end)):.0e}")


if __name__ == "__main__":
    main()
