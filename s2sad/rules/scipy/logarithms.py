"""Logarithms as parts of their arguments, with all digits near 0."""
from __future__ import annotations

from typing import Any

import numpy as np

SMALL, TERMS = 0.1, 18


def log_part(z: Any) -> Any:
    """`log(1 - z) / z`: -1 - z / 2 - z**2 / 3 - ... near 0."""
    near = np.less(np.abs(z), SMALL)
    return np.where(near, -_series(np.where(near, z, 0.0), 0), np.log1p(-z) / np.where(near, 1.0, z))


def log_slope(z: Any) -> Any:
    """The derivative of `log_part`: -1 / 2 - 2 z / 3 - 3 z**2 / 4 - ... near 0."""
    near = np.less(np.abs(z), SMALL)
    far = np.where(near, 1.0, z)
    return np.where(near, -_series(np.where(near, z, 0.0), 1), -np.log1p(-z) / (far * far) - 1.0 / (far * (1.0 - z)))


def _series(z: Any, order: int) -> Any:
    """The sum of `z**k / (k + 1)`, or its derivative."""
    total = 0.0 * z
    for k in range(TERMS, -1, -1):
        total = total * z + (1.0 / (k + 1.0) if order == 0 else (k + 1.0) / (k + 2.0))
    return total
