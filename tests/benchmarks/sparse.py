"""Sparse Jacobians and Hessians against what a good engineer writes by hand, and SciPy's differences with the same pattern.

    python -m tests.benchmarks.sparse
    python -m tests.benchmarks.sparse --write docs/benchmarks.md

By hand the places of the elements are made once, and a call fills in the numbers. Differences get the pattern and the groups of columns
that may move together, made once as well. Each contestant takes its turn in every round, and the shortest round counts.
"""
from __future__ import annotations

import functools
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize._numdiff import approx_derivative, group_columns

from s2sad import grad, hessian, jacobian, sparsity

from .pages import command

HEADING = "## Sparse Jacobians"
ROUNDS = 300
DIFFUSION = 0.02


@dataclass(frozen=True)
class Row:
    """A function, or for a Hessian its gradient by hand, its matrix by hand, and the argument."""

    name: str
    function: Callable[[Any], Any]
    kind: Callable[..., Any]
    differenced: Callable[[Any], Any]
    hand: Callable[[Any], Any]
    x: Any

    @functools.cached_property
    def pattern(self) -> Any:
        return sparsity(grad(self.function) if self.kind is hessian else self.function)(self.x)

    def contestants(self) -> dict[str, Callable[[], Any]]:
        """By name the calls that are timed."""
        given = self.pattern.matrix.astype(float), group_columns(self.pattern.matrix)
        return {"compiled": functools.partial(self.kind(self.function, sparse=True), self.x),
                "given": functools.partial(self.kind(self.function, sparsity=self.pattern), self.x),
                "hand": functools.partial(self.hand, self.x),
                "differences": functools.partial(approx_derivative, self.differenced, self.x, "2-point", sparsity=given)}  # fmt: skip

    def first(self) -> float:
        """Seconds of the first call, which finds the pattern, colours it and compiles."""
        start = time.perf_counter()
        self.kind(self.function, sparse=True)(self.x)
        return time.perf_counter() - start


def burgers(u: Any) -> Any:
    wide = np.concatenate([[0.0], u, [0.0]])
    return DIFFUSION * (wide[2:] - 2.0 * u + wide[:-2]) - u * (wide[2:] - wide[:-2]) / 2.0


def burgers_by_hand(n: int) -> Callable[[Any], Any]:
    places = banded(n)

    def matrix(u: Any) -> Any:
        wide = np.concatenate([[0.0], u, [0.0]])
        data = np.empty((n, 3))
        data[:, 0] = DIFFUSION + u / 2.0
        data[:, 1] = -2.0 * DIFFUSION - (wide[2:] - wide[:-2]) / 2.0
        data[:, 2] = DIFFUSION - u / 2.0
        return sparse.csr_array((data.ravel()[1:-1], *places), shape=(n, n))

    return matrix


def banded(n: int) -> tuple[Any, Any]:
    """The columns of three bands, row by row, and where the rows begin."""
    columns = (np.arange(n)[:, None] + np.arange(-1, 2)).ravel()[1:-1].astype(np.int32)
    return columns, np.clip(3 * np.arange(n + 1) - 1, 0, 3 * n - 2).astype(np.int32)


def brusselator(y: Any) -> Any:
    points = len(y) // 2
    u, v = y[:points], y[points:]
    reaction = u * u * v
    return np.concatenate([1.0 + reaction - 4.0 * u + spread(u, 1.0), 3.0 * u - reaction + spread(v, 3.0)])


def spread(c: Any, end: float) -> Any:
    wide = np.concatenate([[end], c, [end]])
    return DIFFUSION * (wide[2:] - 2.0 * c + wide[:-2])


def brusselator_by_hand(n: int) -> Callable[[Any], Any]:
    points = n // 2
    k = np.arange(points)[:, None]
    columns = np.concatenate([k + np.array([-1, 0, 1, points]), k + np.array([0, points - 1, points, points + 1])])
    inside = np.ones((n, 4), bool)
    inside[[0, points - 1, points, n - 1], [0, 2, 1, 3]] = False
    places = columns[inside].astype(np.int32), np.concatenate([[0], np.cumsum(inside.sum(axis=1))]).astype(np.int32)
    kept = np.flatnonzero(inside)

    def matrix(y: Any) -> Any:
        u, v = y[:points], y[points:]
        both, square = 2.0 * u * v, u * u
        data = np.full((n, 4), DIFFUSION)
        data[:points, 1] = both - 4.0 - 2.0 * DIFFUSION
        data[:points, 3] = square
        data[points:, 0] = 3.0 - both
        data[points:, 2] = -square - 2.0 * DIFFUSION
        return sparse.csr_array((data.ravel().take(kept), *places), shape=(n, n))

    return matrix


def rosenbrock(x: Any) -> Any:
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def rosenbrock_gradient(x: Any) -> Any:
    slope = np.zeros_like(x)
    step = x[1:] - x[:-1] ** 2
    slope[:-1] = -400.0 * x[:-1] * step - 2.0 * (1.0 - x[:-1])
    slope[1:] += 200.0 * step
    return slope


def rosenbrock_by_hand(n: int) -> Callable[[Any], Any]:
    places = banded(n)

    def matrix(x: Any) -> Any:
        data = np.zeros((n, 3))
        data[1:, 0] = data[:-1, 2] = -400.0 * x[:-1]
        data[:-1, 1] = 1200.0 * x[:-1] ** 2 - 400.0 * x[1:] + 2.0
        data[1:, 1] += 200.0
        return sparse.csr_array((data.ravel()[1:-1], *places), shape=(n, n))

    return matrix


def rows(n: int) -> list[Row]:
    """Of one size."""
    x = np.random.default_rng(0).uniform(0.5, 1.5, n)
    return [Row(f"Brusselator, n = {n:,}", brusselator, jacobian, brusselator, brusselator_by_hand(n), x),
            Row(f"Burgers, n = {n:,}", burgers, jacobian, burgers, burgers_by_hand(n), x),
            Row(f"Hessian of Rosenbrock's function, n = {n:,}", rosenbrock, hessian, rosenbrock_gradient, rosenbrock_by_hand(n),
                x)]  # fmt: skip


def shown() -> list[Row]:
    """What the page shows."""
    return [rows(1_000)[0], *rows(10_000), rows(100_000)[0]]


def agree(found: Any, wanted: Any, rtol: float = 1e-13) -> float:
    """How far the elements lie apart, against the largest, which is little."""
    error = float(np.max(np.abs((found - wanted).data), initial=0.0) / np.max(np.abs(wanted.data)))
    assert found.shape == wanted.shape and error <= rtol
    return error


def tolerance(name: str) -> float:
    return 1e-6 if name == "differences" else 1e-13


def measured(row: Row, rounds: int = ROUNDS) -> dict[str, float]:
    """Seconds per call of each, after all have been seen to give the same numbers, and of the first call."""
    from .ratios import interleaved

    calls, wanted = row.contestants(), row.hand(row.x)
    errors = {name: agree(call(), wanted, tolerance(name)) for name, call in calls.items()}
    return {**interleaved(calls, (), rounds), "first": row.first(), "error": errors["differences"]}


def table(found: list[tuple[Row, dict[str, float]]]) -> list[str]:
    head = ("what", "seeds", "compiled, us", "compiled / hand", "compiled / differences", "pattern given / hand", "error of differences",
            "first call, ms")  # fmt: skip
    lines = [f"| {' | '.join(head)} |", f"| --- |{' ---: |' * (len(head) - 1)}"]
    for row, of in found:
        figures = [f"{of['compiled'] * 1e6:.0f}", *(f"{of['compiled'] / of[name]:.3g}" for name in ("hand", "differences")),
                   f"{of['given'] / of['hand']:.3g}", f"{of['error']:.0e}", f"{of['first'] * 1e3:.0f}"]  # fmt: skip
        lines.append(f"| {row.name} | {row.pattern.colours} | {' | '.join(figures)} |")
    return lines


def section(found: list[tuple[Row, dict[str, float]]]) -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy"))
    return "\n".join([
        HEADING, "",
        "The time of `jacobian(f, sparse=True)` divided by that of a matrix written by hand, whose pattern is made once and filled in each",
        "call, and by that of SciPy's `approx_derivative` with forward differences, which gets pattern and groups of columns, made",
        "once. Its differences are of a gradient by hand. A pattern that is passed is checked in each call. The error of differences is",
        "that of the worst element against the largest; compiled matrices differ from those by hand by less than 1e-13. The first call",
        "finds the pattern, colours it and compiles.", "",
        "    python -m tests.benchmarks.sparse --write docs/benchmarks.md", "",
        f"Measured with Python {platform.python_version()}, {packages}, on {platform.machine()}, one thread.", "",
        *table(found), "",
    ])  # fmt: skip


if __name__ == "__main__":
    command("Measure sparse Jacobians against those by hand and by differences.",
            lambda: [(row, measured(row)) for row in shown()], table, section)  # fmt: skip
