"""The line of the tutorial, fitted by gradient descent: its points, and the line after some of the steps."""

from __future__ import annotations

import numpy as np

import s2sad
from tests.drawn.sheet import BLUE, EDGE, FAINT, GREEN, INK, ORANGE, RED, Sheet

SHOWN = ((0, RED), (1, ORANGE), (5, GREEN), (50, BLUE))
LEFT, TOP, WIDE, HIGH = 60, 60, 560, 300
LOW, TALL = -0.2, 2.2  # of y


def squares(weights: np.ndarray, x: np.ndarray, y: np.ndarray) -> float:
    slope, offset = weights
    return np.sum((slope * x + offset - y) ** 2) / (2 * len(x))  # type: ignore[no-any-return]


def place(x: float, y: float) -> tuple[float, float]:
    return LEFT + WIDE * x, TOP + HIGH * (TALL - min(max(y, LOW), TALL)) / (TALL - LOW)


def picture() -> str:
    rng = np.random.RandomState(1)
    x = rng.random_sample(50)
    y = x + 1.0 + rng.normal(0.0, 0.05, 50)
    weights, slope, shown = rng.normal(0.0, 1.0, 2), s2sad.grad(squares), dict(SHOWN)
    sheet = Sheet(800, 420, "A line fitted to points by gradient descent")
    sheet.text(24, 34, "Fitting a line: after 0, 1, 5 and 50 steps", 15, INK, bold=True)
    sheet.line([(LEFT, TOP), (LEFT, TOP + HIGH), (LEFT + WIDE, TOP + HIGH)], EDGE)
    for a, b in zip(x, y, strict=True):
        sheet.dot(*place(a, b), 2.6, FAINT)
    for step in range(51):
        if step in shown:
            ends = [place(at, weights[0] * at + weights[1]) for at in (0.0, 1.0)]
            sheet.line(ends, shown[step], 2.2)
            x_end, y_end = ends[1]
            sheet.text(x_end + 10, y_end + 4, "1 step" if step == 1 else f"{step} steps", 13, shown[step])
        weights = weights - 0.5 * slope(weights, x, y)
    sheet.text(LEFT + WIDE / 2, TOP + HIGH + 30, "x", 13, FAINT, "middle")
    sheet.text(LEFT - 20, TOP + HIGH / 2, "y", 13, FAINT, "middle")
    return sheet.svg()
