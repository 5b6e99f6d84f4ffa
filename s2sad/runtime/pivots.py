"""Rows that are exchanged."""
from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def row_order(pivots: ArrayLike, n: int) -> NDArray[Any]:
    """Where each row comes from after exchanges in turn, of row `i` with row `pivots[i]`: what LAPACK gives with triangular factors.

    >>> row_order(np.array([2, 2, 2]), 3)
    array([2, 0, 1])
    """
    given = np.asarray(pivots)
    order = np.broadcast_to(np.arange(n), (*given.shape[:-1], n)).copy()
    for i in range(given.shape[-1]):
        other = given[..., i, None]
        own, there = order[..., i, None].copy(), np.take_along_axis(order, other, -1)
        np.put_along_axis(order, other, own, -1)
        order[..., i] = there[..., 0]
    return order
