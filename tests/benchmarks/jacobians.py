"""Jacobians, Hessians and products of Hessians against what a good engineer writes by hand, autograd, and JAX with `jit`.

    python -m tests.benchmarks.jacobians
    python -m tests.benchmarks.jacobians --write docs/benchmarks.md

Each contestant takes its turn in every round, and the shortest round counts. Without the peers their columns have dashes.
"""
from __future__ import annotations

import functools
import importlib.util
import platform
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np

from s2sad import grad, hessian, hvp, jacfwd, jacobian, jacrev

from .pages import command

R = np.random.default_rng(0)
HEADING = "## Jacobians and Hessians"
ROUNDS = 150
WITHIN = 3.0
PEERS = [name for name in ("autograd", "jax") if importlib.util.find_spec(name)]
OTHERS = ("hand", "grad", "autograd", "JAX")


@dataclass(frozen=True)
class Row:
    """What is computed, of which function and how; the same by hand; the arguments; and what it may take three times as long as."""

    name: str
    function: Callable[..., Any]
    kind: Callable[..., Any]
    hand: Callable[..., Any]
    arguments: tuple[Any, ...]
    measure: str = "hand"

    @property
    def way(self) -> str:
        """What the peers call it."""
        return "jacobian" if self.kind in (jacobian, jacfwd, jacrev) else self.kind.__name__

    def contestants(self) -> dict[str, Callable[[], Any]]:
        """By name the calls that are timed."""
        bound = {"compiled": functools.partial(self.kind(self.function), *self.arguments),
                 "hand": functools.partial(self.hand, *self.arguments), **self.peers()}  # fmt: skip
        if self.way == "hvp":
            x, _, *rest = self.arguments
            bound["grad"] = functools.partial(grad(self.function), x, *rest)
        return bound

    def peers(self) -> dict[str, Callable[[], Any]]:
        if len(PEERS) < 2:
            return {}
        from . import peers_jacobians

        made = {"autograd": peers_jacobians.by_autograd, "JAX": peers_jacobians.by_jax}
        return {name: make(self.way, self.function, self.arguments) for name, make in made.items()}


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


def regression_product_by_hand(w: Any, v: Any, a: Any, y: Any) -> Any:
    s = 1.0 / (1.0 + np.exp(-(a @ w)))
    return (s * (1.0 - s) * (a @ v)) @ a


def network(p: Any, x: Any, y: Any) -> Any:
    h = np.tanh(x @ p["w1"] + p["b1"])
    return np.mean((h @ p["w2"] + p["b2"] - y) ** 2)


def network_product_by_hand(p: Any, v: Any, x: Any, y: Any) -> Any:
    """The forward and the backward sweep, each with its tangent beside it."""
    h = np.tanh(x @ p["w1"] + p["b1"])
    slope = 1.0 - h * h
    h_dot = (x @ v["w1"] + v["b1"]) * slope
    scale = 2.0 / y.size
    out = scale * (h @ p["w2"] + p["b2"] - y)
    out_dot = scale * (h_dot @ p["w2"] + h @ v["w2"] + v["b2"])
    back = out @ p["w2"].T
    inner = (out_dot @ p["w2"].T + out @ v["w2"].T) * slope - 2.0 * back * h * h_dot
    return {"w1": x.T @ inner, "b1": np.sum(inner, 0), "w2": h_dot.T @ out + h.T @ out_dot, "b2": np.sum(out_dot, 0)}


def rows() -> list[Row]:
    """What the page shows."""
    one = (R.normal(size=20), R.normal(size=(50, 20)), R.normal(size=50))
    w, *fit = (0.1 * R.normal(size=30), R.normal(size=(200, 30)), (R.random(200) > 0.5) * 1.0)
    shapes = {"w1": (32, 64), "b1": (64,), "w2": (64, 8), "b2": (8,)}
    p, v = ({k: 0.1 * R.normal(size=s) for k, s in shapes.items()} for _ in range(2))
    data = R.normal(size=(128, 32)), R.normal(size=(128, 8))
    jacobians = [Row(f"{kind.__name__}, 50 x 20, of tanh(W x + b)", layer, kind, layer_by_hand, one) for kind in (jacobian, jacfwd, jacrev)]
    return [*jacobians, Row("hessian of a logistic regression, 200 x 30", regression, hessian, regression_by_hand, (w, *fit)),
            Row("hvp of the logistic regression", regression, hvp, regression_product_by_hand, (w, w[::-1].copy(), *fit), "grad"),
            Row("hvp of a network 32-64-8, 128 rows", network, hvp, network_product_by_hand, (p, v, *data), "grad")]  # fmt: skip


def agree(found: Any, wanted: Any) -> None:
    """The same numbers, part by part, each against the largest."""
    parts = [(found[k], wanted[k]) for k in wanted] if isinstance(wanted, dict) else [(found, wanted)]
    for one, other in parts:
        assert np.shape(one) == np.shape(other)
        np.testing.assert_allclose(one, other, rtol=0.0, atol=1e-12 * np.max(np.abs(other)))


def measured(row: Row, rounds: int = ROUNDS) -> dict[str, float]:
    """Seconds per call of each, after all have been seen to give the same numbers."""
    from .ratios import interleaved

    calls = row.contestants()
    for name, call in calls.items():
        if name != "grad":
            agree(call(), row.hand(*row.arguments))
    return interleaved(calls, (), rounds)


def table(found: list[tuple[Row, dict[str, float]]]) -> list[str]:
    lines = ["| what | compiled, us | " + " | ".join(f"compiled / {name}" for name in OTHERS) + " |", f"| --- |{' ---: |' * 5}"]
    for row, seconds in found:
        ratios = " | ".join(f"{seconds['compiled'] / seconds[name]:.3g}" if name in seconds else "-" for name in OTHERS)
        lines.append(f"| {row.name} | {seconds['compiled'] * 1e6:.1f} | {ratios} |")
    return lines


def target(row: Row, seconds: dict[str, float]) -> str:
    ratio = seconds["compiled"] / seconds[row.measure]
    return f"- {row.name}, compiled / {row.measure}: {ratio:.3g}, target {WITHIN:.3g}, {'met' if ratio <= WITHIN else 'missed'}."


def section(found: list[tuple[Row, dict[str, float]]]) -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", *PEERS))
    return "\n".join([
        HEADING, "",
        "Whole Jacobians and Hessians, and products of a Hessian with a vector. Each number is the time of s2sad divided by that of the",
        "same by hand with NumPy, of the gradient (for products), of autograd, and of JAX. JAX is compiled by `jit`, in double precision,",
        "with its own arrays as arguments, by `jacfwd` in the first three rows. First calls, which compile, are not counted.", "",
        "    python -m tests.benchmarks.jacobians --write docs/benchmarks.md", "",
        f"Measured with Python {platform.python_version()}, {packages}, on {platform.machine()}, one thread.", "",
        *table(found), "", "Targets:", "", *(target(*each) for each in found), "",
    ])  # fmt: skip


if __name__ == "__main__":
    command("Measure Jacobians and Hessians against those by hand and by peers.",
            lambda: [(row, measured(row)) for row in rows()], table, section)  # fmt: skip
