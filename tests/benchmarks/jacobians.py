"""Jacobians, Hessians and products of Hessians against what a good engineer writes by hand in the same language.

    python -m tests.benchmarks.jacobians

Each contestant takes its turn in every round, and the shortest round counts.
"""
from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from s2sad import grad, hessian, hvp, jacfwd, jacobian, jacrev

R = np.random.default_rng(0)
ROUND_SECONDS = 0.005


@dataclass(frozen=True)
class Row:
    """What is computed, what it is compared with, and the arguments of both."""

    name: str
    compiled: Callable[..., Any]
    against: str
    other: Callable[..., Any]
    arguments: tuple[Any, ...]
    other_arguments: tuple[Any, ...]
    agrees: bool = True


def layer(x: Any, w: Any, b: Any) -> Any:
    return np.tanh(w @ x + b)


def layer_by_hand(x: Any, w: Any, b: Any) -> Any:
    value = np.tanh(w @ x + b)
    return (1.0 - value * value)[:, None] * w


def regression(w: Any, a: Any, y: Any) -> Any:
    z = a @ w
    return np.sum(np.log1p(np.exp(z)) - y * z)


def regression_by_hand(w: Any, a: Any, y: Any) -> Any:
    s = 1.0 / (1.0 + np.exp(-(a @ w)))
    return (a.T * (s * (1.0 - s))) @ a


def network(p: Any, x: Any, y: Any) -> Any:
    h = np.tanh(x @ p["w1"] + p["b1"])
    return np.mean((h @ p["w2"] + p["b2"] - y) ** 2)


def rows() -> list[Row]:
    """What the page shows."""
    one = (R.normal(size=20), R.normal(size=(50, 20)), R.normal(size=50))
    fit = (0.1 * R.normal(size=30), R.normal(size=(200, 30)), (R.random(200) > 0.5) * 1.0)
    shapes = {"w1": (32, 64), "b1": (64,), "w2": (64, 8), "b2": (8,)}
    p, v = ({k: 0.1 * R.normal(size=s) for k, s in shapes.items()} for _ in range(2))
    data = R.normal(size=(128, 32)), R.normal(size=(128, 8))
    hand = [Row(f"Jacobian 50 x 20 of tanh(W x + b), {kind.__name__}", kind(layer), "by hand", layer_by_hand, one, one)
            for kind in (jacobian, jacfwd, jacrev)]  # fmt: skip
    return [*hand, Row("Hessian of a logistic regression, 200 x 30", hessian(regression), "by hand", regression_by_hand, fit, fit),
            Row("hvp of the logistic regression", hvp(regression), "grad", grad(regression), (fit[0], fit[0], *fit[1:]), fit, False),
            Row("hvp of a network 32-64-8", hvp(network), "grad", grad(network), (p, v, *data), (p, *data), False)]  # fmt: skip


def measured(row: Row, rounds: int = 40) -> tuple[float, float]:
    """Seconds per call of both."""
    calls = ((row.compiled, row.arguments), (row.other, row.other_arguments))
    found = [call(*arguments) for call, arguments in calls]
    if row.agrees:
        np.testing.assert_allclose(*found, rtol=1e-10, atol=1e-13)
    repeats = [max(1, int(ROUND_SECONDS / _seconds(*call, 3))) for call in calls]
    best = [min(each) for each in zip(*([_seconds(*call, n) for call, n in zip(calls, repeats, strict=True)] for _ in range(rounds)),
                                      strict=True)]  # fmt: skip
    return best[0], best[1]


def _seconds(function: Callable[..., Any], arguments: tuple[Any, ...], repeats: int) -> float:
    start = time.perf_counter()
    for _ in range(repeats):
        function(*arguments)
    return (time.perf_counter() - start) / repeats


def page() -> str:
    """The table of the page."""
    lines = ["| what | compiled, us | against | us | ratio |", "| --- | ---: | --- | ---: | ---: |"]
    for row in rows():
        ours, theirs = measured(row)
        lines.append(f"| {row.name} | {ours * 1e6:.2f} | {row.against} | {theirs * 1e6:.2f} | {ours / theirs:.3g} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(page())
