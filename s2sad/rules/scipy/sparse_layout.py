"""How the entries of sparse arrays lie, and what is done to each of them."""
from __future__ import annotations

from typing import Any

import numpy as np

FORMATS = ("csr", "csc", "coo", "bsr", "dia")
LAYOUT = frozenset({"data", "indices", "indptr", "coords", "row", "col", "offsets", "nnz", "size"})
SWAPPED = {"csr": "csc", "csc": "csr"}
FIXED_AT_ZERO = ("sin", "tan", "arcsin", "arctan", "sinh", "tanh", "arcsinh", "arctanh", "rint", "sign", "expm1", "log1p", "deg2rad",
                 "rad2deg", "floor", "ceil", "trunc", "sqrt")  # fmt: skip


def layout(format: str, places: Any, entries: Any) -> Any:
    """What the attributes of an array show of it."""
    found: dict[str, Any] = {"data": entries}
    if format == "dia":
        return found | {"offsets": places[1]}
    found |= {"nnz": np.size(entries), "size": np.size(entries)}
    if format == "coo":
        return found | {"coords": places[1:], "row": places[1], "col": places[2]}
    return found | {"indices": places[1], "indptr": places[2]}


def of_entries(function: Any) -> Any:
    """The method that applies a function to each entry, which leaves zeros alone."""

    def method(self: Any) -> Any:
        one = self.single()
        return one.with_entries(function(one.entries))

    return method


def is_place(index: Any) -> bool:
    """Whether a part of an index names one row or column."""
    return index is not None and index is not Ellipsis and not isinstance(index, slice) and np.ndim(index) == 0
