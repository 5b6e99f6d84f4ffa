"""Time of a call against size for four programs and all contestants of `native`, both axes logarithmic, as an SVG.

    python -m tests.benchmarks.native_pictures docs/native-benchmarks.svg
"""
from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .kept import _jacobi_2d, _pair_energy, _pendulum
from .kernels import _logistic
from .native import in_turns, one_core, ready
from .native_rows import ARRAYS, LOOPS, Row, of
from .ratios import say

ROUNDS, SLOW_ROUNDS = 12, 2
# Contestants in the order of the legend, with their colours, told apart by those who see few colours.
COLOURS = {"interpreted": "#d55e00", "JAX": "#009e73", "hand": "#000000", "native": "#0072b2"}
LABELS = {
    "interpreted": "s2sad, interpreted", "native": "s2sad, native", "hand": "adjoint by hand, Numba", "JAX": "rewritten for JAX, jit",
}  # fmt: skip


@dataclass(frozen=True)
class Picture:
    """A program as a function of its size."""

    title: str
    size: str
    sizes: tuple[int, ...]
    row: Callable[[int], Row]


PICTURES = (
    Picture("Pendulum, a loop over floats", "steps", (10, 100, 1_000, 10_000, 100_000, 1_000_000), lambda n: of(_pendulum(n), LOOPS)),
    Picture("Energy of pairs, loops over elements", "bodies", (2, 4, 8, 16, 32, 64, 128), lambda n: of(_pair_energy(n), LOOPS)),
    Picture("Jacobi's stencil, 20 steps", "points a side", (6, 12, 25, 50, 100, 200, 400), lambda n: of(_jacobi_2d(n, 20), ARRAYS)),
    Picture("Logistic regression, 20 columns", "rows", (10, 100, 1_000, 10_000, 100_000),
            lambda n: of(_logistic(n, 20, small=False), ARRAYS)),
)  # fmt: skip


def times(picture: Picture) -> dict[str, list[tuple[int, float]]]:
    """Seconds of a call of each contestant by size."""
    found: dict[str, list[tuple[int, float]]] = {name: [] for name in COLOURS}
    for size in picture.sizes:
        say(f"{picture.title}: {size:,} {picture.size}")
        calls, _, _, second = ready(picture.row(size))
        slow = {name: call for name, call in calls.items() if second[name] > 0.1}
        quick = {name: call for name, call in calls.items() if name not in slow}
        for name, seconds in (in_turns(slow, SLOW_ROUNDS) | in_turns(quick, ROUNDS)).items():
            found[name].append((size, seconds))
    return found


def panel(axes: Any, picture: Picture, found: dict[str, list[tuple[int, float]]]) -> None:
    for name, points in found.items():
        if points:
            sizes, seconds = zip(*points, strict=True)
            axes.loglog(sizes, [1e6 * each for each in seconds], "o-", ms=3, lw=1.4, color=COLOURS[name], label=LABELS[name])
    axes.set_title(picture.title, fontsize=10)
    axes.set_xlabel(picture.size, fontsize=9)
    axes.set_ylabel("a call, us", fontsize=9)
    axes.grid(True, lw=0.3)


def draw(path: Path) -> None:
    """Measure the four programs and draw them; needs matplotlib."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "s2sad"
    matplotlib.rcParams["svg.fonttype"] = "none"
    from matplotlib import pyplot

    figure, grid = pyplot.subplots(2, 2, figsize=(10, 7.5))
    with one_core(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for axes, picture in zip(grid.flat, PICTURES, strict=True):
            panel(axes, picture, times(picture))
    say("")
    grid[0, 0].legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    path.write_text("\n".join(line.rstrip() for line in path.read_text(encoding="utf-8").splitlines()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
