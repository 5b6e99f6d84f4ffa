"""How the entries of sparse arrays lie, and what is done to each of them."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.errors import MissingRule

FORMATS = ("csr", "csc", "coo", "bsr", "dia")
LAYOUT = frozenset({"indices", "indptr", "coords", "row", "col", "offsets", "nnz", "size"})
SWAPPED = {"csr": "csc", "csc": "csr"}
FIXED_AT_ZERO = ("sin", "tan", "arcsin", "arctan", "sinh", "tanh", "arcsinh", "arctanh", "rint", "sign", "expm1", "log1p", "deg2rad",
                 "rad2deg", "floor", "ceil", "trunc", "sqrt")  # fmt: skip


def layout(where: Any, entries: Any) -> Any:
    """What the attributes of an array show of it, beside its data."""
    if where[0] == "dia":
        return {"offsets": where[1]}
    found = {"nnz": np.size(entries), "size": np.size(entries)}
    if where[0] == "coo":
        return found | ({"coords": where[1:], "row": where[1], "col": where[2]} if len(where) == 3 else {"coords": where[1:]})
    return found | {"indices": where[1], "indptr": where[2]}


def attribute(name: str) -> property:
    """An attribute of a sparse array beside its data."""

    def shown(self: Any) -> Any:
        return self.part(name)

    def assigned(self: Any, value: Any) -> None:
        raise MissingRule(f"{name} of a sparse array whose entries are differentiated is assigned",
                          hint="make another array of its data, or write into the one that is there")  # fmt: skip

    return property(shown, assigned)


def apart(where: Any) -> Any:
    """The same places in memory of their own."""
    return (where[0], *[np.array(p) for p in where[1:]])


def of_entries(function: Any) -> Any:
    """The method that applies a function to each entry, which leaves zeros alone."""

    def method(self: Any) -> Any:
        return self.with_entries(function(self.deduplicated()))

    return method


def is_place(index: Any) -> bool:
    """Whether a part of an index names one row or column."""
    return index is not None and index is not Ellipsis and not isinstance(index, slice) and np.ndim(index) == 0
