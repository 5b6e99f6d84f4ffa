"""Sample arrays for the calls of the corpus: smooth, without ties, zeros or symmetry, the same on every machine."""

from __future__ import annotations

from typing import Any

import numpy as np


def wave(*shape: int, dtype: Any = float, phase: float = 0.0) -> np.ndarray:
    """Values of both signs in [-1.5, 1.5], no two alike and none near zero."""
    count = int(np.prod(shape))
    raw = np.sin(1.7 * np.arange(1, count + 1) + phase)
    return (raw + 0.3 * np.sign(raw) + 0.01 * np.linspace(0.0, 1.0, count)).reshape(shape).astype(dtype)


def positive(*shape: int, dtype: Any = float, phase: float = 0.0) -> np.ndarray:
    """Values in [0.5, 2.5]."""
    return (1.4 + 0.6 * wave(*shape, phase=phase)).astype(dtype)


def unit(*shape: int, dtype: Any = float, phase: float = 0.0) -> np.ndarray:
    """Values in [-0.8, 0.8], where arcsin and arctanh are smooth."""
    return (0.5 * wave(*shape, phase=phase)).astype(dtype)


def spd(size: int, *batch: int, dtype: Any = float, phase: float = 0.0) -> np.ndarray:
    """Symmetric positive definite matrices, well conditioned."""
    root = wave(*batch, size, size, phase=phase)
    return (root @ np.swapaxes(root, -1, -2) + 2.0 * np.eye(size)).astype(dtype)


def invertible(size: int, *batch: int, dtype: Any = float, phase: float = 0.0) -> np.ndarray:
    """Square matrices dominated by their diagonal, not symmetric."""
    return (wave(*batch, size, size, phase=phase) + (size + 1.0) * np.eye(size)).astype(dtype)
