"""SciPy, asked for when a sparse derivative is."""
from __future__ import annotations

from typing import Any

import numpy as np

try:
    from scipy import sparse as matrices
except ImportError:
    raise ImportError("sparse derivatives are arrays of scipy.sparse, and SciPy is not installed: pip install 's2sad[sparse]'") from None

__all__ = ["Csr", "csr", "matrices", "of_pairs", "of_rows"]
Csr = Any
"""A `scipy.sparse.csr_array` of truth values: which elements one depends on."""


def csr(indices: Any, starts: Any, columns: int) -> Csr:
    """The array whose row k has the columns `indices[starts[k]:starts[k + 1]]`."""
    return matrices.csr_array((np.ones(len(indices), bool), indices, starts), shape=(len(starts) - 1, columns))


def of_pairs(rows: Any, columns: Any, shape: tuple[int, int]) -> Csr:
    """The array that is true where there is a pair."""
    return matrices.coo_array((np.ones(len(rows), bool), (rows, columns)), shape=shape).tocsr()


def of_rows(indices: Any, rows: int, columns: int) -> Csr:
    """The array whose rows are all one."""
    return csr(np.tile(indices, rows), np.arange(rows + 1) * len(indices), columns)
