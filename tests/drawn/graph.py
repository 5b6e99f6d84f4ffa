"""The computational graph of f(x1, x2) = log(x1) + x1 sin(x2) at (2, 1): values going right, cotangents going left."""

from __future__ import annotations

import math

import s2sad
from tests.drawn.sheet import BLUE, GREEN, INK, ORANGE, TINTS, YELLOW, Sheet

PLACES = {"x1": (40, 70), "x2": (40, 190), "v1": (230, 70), "v2": (230, 190), "v3": (420, 190), "v4": (610, 130)}
EDGES = (("x1", "v1"), ("x1", "v3"), ("x2", "v2"), ("v2", "v3"), ("v1", "v4"), ("v3", "v4"))
TEXTS = {"x1": "x1", "x2": "x2", "v1": "v1 = log(x1)", "v2": "v2 = sin(x2)", "v3": "v3 = x1 v2", "v4": "y = v1 + v3"}
WIDE, HIGH = 140, 62


def article(x1: float, x2: float) -> float:
    return math.log(x1) + x1 * math.sin(x2)


def numbers() -> dict[str, tuple[float, float]]:
    """Each variable with its value, and its cotangent: the derivative of the result by it."""
    value, (by_x1, by_x2) = s2sad.value_and_grad(article, argnums=(0, 1))(2.0, 1.0)
    v2 = math.sin(1.0)
    return {"x1": (2.0, by_x1), "x2": (1.0, by_x2), "v1": (math.log(2.0), 1.0), "v2": (v2, 2.0), "v3": (2.0 * v2, 1.0), "v4": (value, 1.0)}


def picture() -> str:
    sheet = Sheet(790, 300, "The computational graph of a function, with values and cotangents")
    sheet.text(24, 34, "f(x1, x2) = log(x1) + x1 sin(x2)  at (2, 1)", 15, INK, bold=True)
    for start, end in EDGES:
        (x, y), (u, v) = PLACES[start], PLACES[end]
        sheet.line([(x + WIDE, y + HIGH / 2), (u - 3, v + HIGH / 2 + (-12 if (start, end) == ("x1", "v3") else 0))], arrow=True)
    for name, (value, bar) in numbers().items():
        x, y = PLACES[name]
        colour = BLUE if name in ("x1", "x2") else YELLOW if name == "v4" else GREEN
        sheet.box(x, y, WIDE, HIGH, TINTS[colour], colour)
        sheet.text(x + WIDE / 2, y + 20, TEXTS[name], 13, INK, "middle", bold=True)
        sheet.text(x + WIDE / 2, y + 37, f"value {value:.3f}", 12, INK, "middle")
        sheet.text(x + WIDE / 2, y + 53, f"cotangent {bar:.3f}", 12, ORANGE, "middle")
    said = "Values go to the right. Cotangents go back to the left; what arrives at a variable is added up."
    sheet.text(24, 282, said, 13, INK)
    return sheet.svg()
