"""Seeds for all rows, or columns, of a colour at once, and the Jacobian that the sweeps with them make up."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.sparse import colouring
from s2sad.sparse.arrays import Csr, matrices


def seeds(colours: Any, dtype: Any) -> Any:
    """A row for each colour, with ones where the rows, or columns, of that colour are."""
    found = np.zeros((colouring.number(colours), len(colours)), dtype)
    (coloured,) = np.nonzero(colours >= 0)
    found[colours[coloured], coloured] = 1
    return found


def from_rows(pattern: Csr, colours: Any, swept: Any) -> Csr:
    """The Jacobian, of the products of each seed of rows with it, a row each."""
    rows = np.repeat(np.arange(pattern.shape[0]), np.diff(pattern.indptr))
    return _filled(pattern, swept[colours[rows], pattern.indices])


def from_columns(pattern: Csr, colours: Any, swept: Any) -> Csr:
    """The Jacobian, of its products with each seed of columns, a row each."""
    rows = np.repeat(np.arange(pattern.shape[0]), np.diff(pattern.indptr))
    return _filled(pattern, swept[colours[pattern.indices], rows])


def from_star(pattern: Csr, colours: Any, swept: Any) -> Csr:
    """The Hessian, with a symmetric pattern, of its products with the seeds of a star colouring, a row each."""
    rows = np.repeat(np.arange(pattern.shape[0]), np.diff(pattern.indptr))
    _, which, counts = np.unique(rows * colouring.number(colours) + colours[pattern.indices], return_inverse=True, return_counts=True)
    alone = counts[which] == 1
    at, seed = np.where(alone, rows, pattern.indices), np.where(alone, pattern.indices, rows)
    return _filled(pattern, swept[colours[seed], at])


def _filled(pattern: Csr, values: Any) -> Csr:
    return matrices.csr_array((values, pattern.indices.copy(), pattern.indptr.copy()), shape=pattern.shape)
