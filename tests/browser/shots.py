"""Screenshots in grey squares, to compare how a page looks: what is where, and how dark."""

from __future__ import annotations

import pathlib
from typing import Any

import numpy as np
from PIL import Image

REFERENCES = pathlib.Path(__file__).parent / "references"
ACROSS, TALL = 32, 24
TOLERANCE = 0.02  # of the mean difference of two pictures, black against white being 1
GRID: dict[str, tuple[str, dict[str, Any]]] = {
    "light": ("kept", {}),
    "dark": ("kept", {"color_scheme": "dark"}),
    "phone": ("kept", {"viewport": {"width": 390, "height": 844}}),
}


def coarse(picture: Any) -> np.ndarray:
    """A picture as squares, each from 0 (black) to 1."""
    with Image.open(picture) as image:
        return np.asarray(image.convert("L").resize((ACROSS, TALL), Image.Resampling.BOX), dtype=float) / 255


def reference(name: str) -> np.ndarray:
    return coarse(REFERENCES / f"{name}.png")


def difference(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one - other).mean())
