"""Four ways to differentiate: by hand, symbolic, numeric, automatic, on a nested logistic map.

    python examples/four_ways.py
    python examples/four_ways.py --nesting 7 --out pictures

The map takes x to 4 x (1 - x), again and again. By hand its derivative is a product, one factor per nesting. Symbolic
differentiation needs the closed form, and the expression it makes grows about threefold with each nesting. Differences
need no formula, but an evaluation per input, and lose a third of the digits at the best step of central differences,
half at the best of forward ones. Automatic differentiation needs the program alone and loses nothing.
"""
from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib
import numpy as np
import sympy

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from s2sad import grad

POINT = 0.3
NESTING = 5


def logistic(x: Any, nesting: int) -> Any:
    for _ in range(nesting):
        x = 4 * x * (1 - x)
    return x


def by_hand(x: Any, nesting: int) -> Any:
    """The chain rule written out: one factor 4 (1 - 2 x) per nesting. Exact where x is a Fraction."""
    slope = 1
    for _ in range(nesting):
        slope = slope * 4 * (1 - 2 * x)
        x = 4 * x * (1 - x)
    return slope


def by_symbols(nesting: int) -> sympy.Expr:
    """The derivative as an expression, by the rules for sums and products, not simplified."""
    x = sympy.Symbol("x")
    return sympy.diff(logistic(x, nesting), x)


def by_differences(x: float, nesting: int, step: float, central: bool = True) -> float:
    """A difference quotient, central or forward."""
    if central:
        return (logistic(x + step, nesting) - logistic(x - step, nesting)) / (2.0 * step)
    return (logistic(x + step, nesting) - logistic(x, nesting)) / step


automatic = grad(logistic)


class Swell(NamedTuple):
    """Operations in the closed form, in its derivative, and in the derivative with common parts computed once."""

    nesting: int
    function: int
    derivative: int
    shared: int


def swell(nesting: int) -> Swell:
    """Count the operations of the symbolic derivative at a depth of nesting."""
    derivative = by_symbols(nesting)
    parts, (rest,) = sympy.cse(derivative)
    shared = sum(int(part.count_ops()) for _, part in parts) + int(rest.count_ops())
    function = logistic(sympy.Symbol("x"), nesting)
    return Swell(nesting, int(function.count_ops()), int(derivative.count_ops()), shared)


def relative_error(found: float, nesting: int = NESTING, x: float = POINT) -> float:
    """Against the derivative in exact fractions at the very same floating-point x."""
    exact = by_hand(Fraction(x), nesting)
    return abs(float((Fraction(found) - exact) / exact))


def errors(steps: Sequence[float], central: bool) -> list[float]:
    """Relative errors of difference quotients, one per step size."""
    return [relative_error(by_differences(POINT, NESTING, float(step), central)) for step in steps]


def mean_of_maps(x: np.ndarray) -> float:
    """A function of many inputs: the mean of twice nested maps."""
    inner = 4.0 * x * (1.0 - x)
    return np.mean(4.0 * inner * (1.0 - inner))


def gradient_by_differences(function: Callable[[np.ndarray], float], x: np.ndarray, step: float) -> np.ndarray:
    """Forward differences: one evaluation at x, and one more for each of the n inputs."""
    base = function(x)
    return np.array([(function(x + step * unit) - base) / step for unit in np.eye(x.size)])


gradient_of_mean = grad(mean_of_maps)


def count_evaluations(inputs: int) -> int:
    """How often a gradient by differences evaluates the function."""
    calls = 0

    def counted(x: np.ndarray) -> float:
        nonlocal calls
        calls += 1
        return mean_of_maps(x)

    gradient_by_differences(counted, np.full(inputs, POINT), 1e-6)
    return calls


def seconds(call: Callable[[], Any], repeats: int = 7) -> float:
    """The shortest of some runs, after one that may compile."""
    call()
    spent = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        spent.append(time.perf_counter() - start)
    return min(spent)


class Cost(NamedTuple):
    """Time of a gradient in units of one evaluation of the function."""

    inputs: int
    numeric: float
    automatic: float


def cost(inputs: int) -> Cost:
    x = np.linspace(0.1, 0.9, inputs)
    unit = seconds(lambda: mean_of_maps(x))
    numeric = seconds(lambda: gradient_by_differences(mean_of_maps, x, 1e-6))
    return Cost(inputs, numeric / unit, seconds(lambda: gradient_of_mean(x)) / unit)


def draw_error(file: Path) -> None:
    steps = np.logspace(-16, -1, 121)
    figure, axes = plt.subplots()
    for central, name in ((False, "forward differences"), (True, "central differences")):
        # A quotient may come out exact; a logarithmic axis has no zero, so it is shown at the resolution of floats.
        shown = np.maximum(errors(steps, central), np.finfo(float).eps / 2)
        axes.loglog(steps, shown, marker=".", markersize=3, label=name)
    floor = max(relative_error(automatic(POINT, NESTING)), np.finfo(float).eps / 2)
    axes.axhline(floor, color="green", label="automatic")
    axes.set(xlabel="step", ylabel="relative error", title="Cancellation to the left, truncation to the right")
    save(figure, [axes], file)


def draw_cost(swells: Sequence[Swell], costs: Sequence[Cost], file: Path) -> None:
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.5))
    depth = [each.nesting for each in swells]
    left.semilogy(depth, [each.derivative for each in swells], marker="o", label="symbolic derivative")
    left.semilogy(depth, [each.function for each in swells], marker="o", label="closed form")
    left.semilogy(depth, [each.shared for each in swells], marker="o", label="derivative, common parts once")
    left.set(xlabel="nesting", ylabel="operations", title="Expression swell")
    inputs = [each.inputs for each in costs]
    right.loglog(inputs, [each.numeric for each in costs], marker="o", label="differences")
    right.loglog(inputs, [each.inputs + 1 for each in costs], "k:", label="n + 1")
    right.loglog(inputs, [each.automatic for each in costs], marker="o", color="green", label="automatic")
    right.set(xlabel="inputs n", ylabel="time in evaluations of the function", title="Cost of a gradient")
    save(figure, [left, right], file)


def save(figure: Any, all_axes: Sequence[Any], file: Path) -> None:
    for axes in all_axes:
        axes.legend()
    figure.savefig(file, dpi=120, bbox_inches="tight")
    plt.close(figure)


def print_errors() -> None:
    symbolic = sympy.lambdify(sympy.Symbol("x"), by_symbols(NESTING))
    print(f"derivative of {NESTING} nested maps at x = {POINT}, and its relative error")
    rows = [("by hand", by_hand(POINT, NESTING)), ("symbolic", symbolic(POINT)),
            ("central, 1e-6", by_differences(POINT, NESTING, 1e-6)),
            ("forward, 1e-8", by_differences(POINT, NESTING, 1e-8, central=False)),
            ("automatic", automatic(POINT, NESTING))]
    for name, value in rows:
        print(f"  {name:<14} {value:22.15f}  {relative_error(value):.1e}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare four ways to differentiate.")
    parser.add_argument("--nesting", type=int, default=6, help="deepest symbolic nesting (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=Path("."), metavar="DIR", help="folder for the two pictures "
                        "(default: the current one)")
    options = parser.parse_args()
    if options.nesting < 1:
        parser.error("--nesting must be at least 1")

    print_errors()
    swells = [swell(nesting) for nesting in range(1, options.nesting + 1)]
    print("\noperations:  nesting  closed form  derivative  common parts once")
    for each in swells:
        print(f"             {each.nesting:7} {each.function:12} {each.derivative:11} {each.shared:18}")
    costs = [cost(inputs) for inputs in (1, 10, 100, 1000)]
    print("\ngradient, in evaluations of the function:  inputs  counted  differences  automatic")
    for each in costs:
        row = f"{each.inputs:7} {count_evaluations(each.inputs):8} {each.numeric:12.1f} {each.automatic:10.1f}"
        print(f"{'':41} {row}")

    options.out.mkdir(parents=True, exist_ok=True)
    files = [options.out / f"four_ways_{name}.png" for name in ("error", "cost")]
    draw_error(files[0])
    draw_cost(swells, costs, files[1])
    for file in files:
        print(f"wrote {file}")


if __name__ == "__main__":
    main()
