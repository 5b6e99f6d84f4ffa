"""A chain of Rosenbrock's valleys minimised by SciPy's `minimize`, with `jac`, `hess` and `hessp` from the function alone.

    python examples/scipy_minimise.py
"""
from __future__ import annotations

from typing import Any

import numpy as np
from counted import Counted
from scipy.optimize import OptimizeResult, minimize

from s2sad import grad, hessian, hvp

START = np.linspace(0.5, 1.5, 20)
STEEPNESS = 100.0


def valley(x: np.ndarray, steepness: float) -> float:
    """Zero where all are 1."""
    return np.sum(steepness * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


WAYS: dict[str, tuple[str, dict[str, Any]]] = {
    "differences": ("BFGS", {}),
    "jac": ("BFGS", {"jac": grad}),
    "jac, differences of it": ("Newton-CG", {"jac": grad}),
    "jac and hess": ("trust-exact", {"jac": grad, "hess": hessian}),
    "jac and hessp": ("trust-ncg", {"jac": grad, "hessp": hvp}),
}


def minimised(way: str) -> tuple[OptimizeResult, dict[str, int]]:
    """What is found, and the calls of the function and of each derivative."""
    method, derivatives = WAYS[way]
    counted = {"fun": Counted(valley), **{name: Counted(make(valley)) for name, make in derivatives.items()}}
    found = minimize(x0=START, args=(STEEPNESS,), method=method, **counted)
    return found, {name: each.calls for name, each in counted.items()}


def main() -> None:
    print(f"{'by':<23} {'method':<12} {'fun':>5} {'jac':>5} {'hess':>5} {'hessp':>5}  at the minimum")
    for way, (method, _) in WAYS.items():
        found, calls = minimised(way)
        row = " ".join(f"{calls.get(name, ''):>5}" for name in ("fun", "jac", "hess", "hessp"))
        print(f"{way:<23} {method:<12} {row}  {np.allclose(found.x, 1.0, atol=1e-3)}")


if __name__ == "__main__":
    main()
