"""Whole numbers of 64 bits as NumPy computes them: what would be larger goes round.

Numba promises its compiler that sums and products of numbers with a sign do not, and the compiler relies on it: `k * k % 11` of a product
that has gone round would be another number. Those of numbers without a sign it takes as they come.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def round_sum(x: Any, y: Any) -> Any:
    """`x + y`."""
    return np.int64(np.uint64(np.int64(x)) + np.uint64(np.int64(y)))


def round_difference(x: Any, y: Any) -> Any:
    """`x - y`."""
    return np.int64(np.uint64(np.int64(x)) - np.uint64(np.int64(y)))


def round_product(x: Any, y: Any) -> Any:
    """`x * y`."""
    return np.int64(np.uint64(np.int64(x)) * np.uint64(np.int64(y)))
