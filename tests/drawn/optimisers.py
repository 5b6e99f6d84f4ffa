"""The losses of `examples/optimisers.py` by the step, of its three ways."""

from __future__ import annotations

import math
import runpy
from pathlib import Path

import numpy as np

from tests.drawn.sheet import BLUE, EDGE, FAINT, GREEN, INK, ORANGE, Sheet

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "optimisers.py"
COLOURS = {"SGD": BLUE, "Adam": ORANGE, "L-BFGS": GREEN}
LEFT, TOP, WIDE, HIGH = 70, 60, 620, 280
LOW, TALL = -3.5, 0.0  # of the logarithm of the loss


def place(step: float, loss: float, steps: int) -> tuple[float, float]:
    height = HIGH * (TALL - math.log10(loss)) / (TALL - LOW)
    return round(LEFT + WIDE * step / steps), round(TOP + height)


def smoothed(seen: list[float], batches: int) -> list[tuple[float, float]]:
    """The mean over the steps that go over all points once; the first loss is as it is."""
    means = np.mean(np.reshape(seen, (-1, batches)), axis=1)
    return [(0, seen[0]), *((batches * (k + 1), float(mean)) for k, mean in enumerate(means))]


def picture() -> str:
    example = runpy.run_path(str(EXAMPLE))
    curves = {name: way(example["start"]())[1] for name, way in example["WAYS"].items()}
    steps = example["STEPS"]
    sheet = Sheet(800, 400, "The loss by the step, of gradient descent, Adam and L-BFGS")
    sheet.text(24, 34, "One model, three ways: the loss by the step", 15, INK, bold=True)
    sheet.line([(LEFT, TOP), (LEFT, TOP + HIGH), (LEFT + WIDE, TOP + HIGH)], EDGE)
    for exponent in range(-3, 1):
        sheet.text(LEFT - 10, place(0, 10.0**exponent, steps)[1] + 4, f"{10.0**exponent:g}", 12, FAINT, "end")
    for step in range(0, steps + 1, 100):
        sheet.text(LEFT + WIDE * step / steps, TOP + HIGH + 20, str(step), 12, FAINT, "middle")
    for name, seen in curves.items():
        points = smoothed(seen, 4 if len(seen) == steps else 1)
        sheet.line([place(step, loss, steps) for step, loss in points], COLOURS[name], 2)
        x, y = place(*points[-1], steps)
        sheet.text(x + 8, y + 4, name, 13, COLOURS[name])
    sheet.text(LEFT + WIDE / 2, TOP + HIGH + 42, "step", 13, FAINT, "middle")
    return sheet.svg()
