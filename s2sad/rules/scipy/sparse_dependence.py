"""Which elements the products of sparse arrays depend on: those that meet an entry."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad.rules.scipy.sparse_entries import rows_and_columns
from s2sad.types.dependence import Given, Pairs, pairs, places, together


def _entries(given: Given, size: Any, shape: Any) -> tuple[Any, Any, Any]:
    """Row and column of each entry that is inside, and which those are."""
    where = given.read("where")
    rows, columns = (np.repeat(np.arange(size[0]), size[1]), np.tile(np.arange(size[1]), size[0])) if where is None else (
        rows_and_columns(where, size[1:], shape))  # fmt: skip
    inside = np.flatnonzero(rows >= 0)
    return rows[inside], columns[inside], inside


def of_product(turned: bool) -> Callable[[Given], list[Pairs]]:
    """An element of a product depends on the entries of its row, and on what these meet."""

    def spread(given: Given) -> list[Pairs]:
        (shape,), data, x = given.shapes, np.asarray(given.numbered["data"]), np.asarray(given.numbered["x"])
        rows, columns, inside = _entries(given, np.shape(data), given.read("shape"))
        if turned:
            rows, columns = columns, rows
        entries = np.reshape(np.ravel(data)[inside], (-1, *(1,) * (len(shape) - 1)))
        at = places(shape)[rows]
        return [together([pairs(at, x[columns]), pairs(at, np.broadcast_to(entries, np.shape(at)))])]

    return spread


def of_entries(given: Given) -> list[Pairs]:
    """An entry of an outer product depends on a row of each factor."""
    (shape,), u, v = given.shapes, np.asarray(given.numbered["u"]), np.asarray(given.numbered["v"])
    rows, columns, inside = _entries(given, shape, (len(u), len(v)))
    at = np.reshape(np.ravel(places(shape))[inside], (-1, *(1,) * (np.ndim(u) - 1)))
    return [together([pairs(at, u[rows]), pairs(at, v[columns])])]
