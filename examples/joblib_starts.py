"""A fit from many starts, in several processes by joblib: the sum of two sines has many minima, and most starts end in a poor one.

    python examples/joblib_starts.py

The gradient is a decorated function of this script. joblib's processes do not run the script: what they get is the function, with its text.
"""
from __future__ import annotations

import joblib
import numpy as np
from scipy.optimize import OptimizeResult, minimize

from s2sad import value_and_grad

PROCESSES, STARTS = 2, 16
T = np.linspace(0.0, 4.0, 80)
TRUE = np.array([1.0, 3.1, 0.4, 0.6, 7.3, -0.8])  # of each sine its height, frequency and phase


def wave(p: np.ndarray, t: np.ndarray) -> np.ndarray:
    return p[0] * np.sin(p[1] * t + p[2])


def both(p: np.ndarray, t: np.ndarray) -> np.ndarray:
    return wave(p[:3], t) + wave(p[3:], t)


@value_and_grad
def misfit(p: np.ndarray, t: np.ndarray, y: np.ndarray) -> float:
    return np.sum((both(p, t) - y) ** 2)


def starts(number: int) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [rng.uniform([0.5, 1.0, -2.0, 0.5, 1.0, -2.0], [1.5, 10.0, 2.0, 1.5, 10.0, 2.0]) for _ in range(number)]


def fitted(start: np.ndarray) -> OptimizeResult:
    return minimize(misfit, start, args=(T, both(TRUE, T)), jac=True, method="BFGS")


def main() -> None:
    found = joblib.Parallel(n_jobs=PROCESSES)(joblib.delayed(fitted)(start) for start in starts(STARTS))
    best = min(found, key=lambda each: each.fun)
    good = [each for each in found if each.fun < 1e-6]
    print(f"of {STARTS} starts {len(good)} reach the best fit, with a misfit of {max(best.fun, 1e-9):.0e} or less")
    print("frequencies", *sorted(abs(best.x[[1, 4]]).round(4)))
    here = [fitted(start) for start in starts(STARTS)]
    print("the same as in one process:", all(np.array_equal(one.x, other.x) for one, other in zip(found, here, strict=True)))


if __name__ == "__main__":
    main()
