"""What derivatives ask of the sparse arrays of SciPy: products with them by their entries, which lie in `data` as the array says where.

An array, or its format with the arrays of whole numbers that it has beside `data`, says where the entries are: `("csr", indices, indptr)`.
What is computed depends on the entries given, not on those that an array holds.
"""
from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse


def with_entries(where: Any, data: Any, shape: Any) -> Any:
    """The sparse array with these entries. Where nothing says where they are, they are all elements of an array."""
    if where is None:
        return data
    if data is None:  # a linear operator
        return where
    if isinstance(where, tuple):
        parts = (data, where[1:]) if where[0] == "coo" else (data, *where[1:])
        return getattr(scipy.sparse, f"{where[0]}_array")(parts, shape=shape)
    if data is where.data:
        return where
    made = where.copy()
    made.data = np.asarray(data)
    return made


def placed(a: Any) -> tuple[Any, ...]:
    """Where the entries of a sparse array are."""
    if a.format == "coo":
        return "coo", *a.coords
    return ("dia", a.offsets) if a.format == "dia" else (a.format, a.indices, a.indptr)


def sparse_product(where: Any, data: Any, x: Any, shape: Any) -> Any:
    """`a @ x`, of an array or matrix `x`."""
    return np.asarray(with_entries(where, data, shape) @ x)


def sparse_product_transposed(where: Any, data: Any, x: Any, shape: Any) -> Any:
    """`a.T @ x`."""
    return np.asarray(with_entries(where, data, shape).T @ x)


def rows_and_columns(where: Any, block: Any, shape: Any) -> tuple[Any, Any]:
    """Row and column of each entry in `data`, flat, whose items have the shape `block`; -1 for those that lie outside."""
    name, *parts = where if isinstance(where, tuple) else placed(where)
    if name == "coo":
        return (parts[0], parts[1]) if len(parts) == 2 else (np.zeros(len(parts[0]), int), parts[0])
    if name == "dia":
        columns = np.broadcast_to(np.arange(block[0]), (len(parts[0]), block[0]))
        rows = columns - np.asarray(parts[0])[:, None]
        inside = (rows >= 0) & (rows < shape[0]) & (columns < shape[1])
        return np.where(inside, rows, -1).ravel(), np.where(inside, columns, -1).ravel()
    indices, major = parts[0], np.repeat(np.arange(len(parts[1]) - 1), np.diff(parts[1]))
    if name == "bsr":
        rows = (major * block[0])[:, None, None] + np.arange(block[0])[:, None] + np.zeros(block[1], int)
        columns = (indices * block[1])[:, None, None] + np.zeros((block[0], 1), int) + np.arange(block[1])
        return rows.ravel(), columns.ravel()
    return (major, indices) if name == "csr" else (indices, major)


def outer_entries(where: Any, u: Any, v: Any, shape: Any) -> Any:
    """The entries of `u @ v.T` in the places of `data`, whose shape is given."""
    if where is None:
        return np.outer(u, v) if np.ndim(u) == 1 else u @ v.T
    rows, columns = rows_and_columns(where, shape[1:], (len(u), len(v)))
    found = u[rows] * v[columns] if np.ndim(u) == 1 else np.einsum("ij,ij->i", u[rows], v[columns])
    return np.reshape(np.where(rows >= 0, found, np.zeros((), found.dtype)), shape)


# Arrays of entries, and of what is added up of them


def dense(where: Any, data: Any, shape: Any) -> Any:
    """The array that a sparse one stands for."""
    return with_entries(where, data, shape).toarray()


def at_entries(where: Any, array: Any, shape: Any, size: Any) -> Any:
    """What an array has in the places of the entries, in the shape of `data`."""
    rows, columns = rows_and_columns(where, size[1:], shape)
    found = array[rows, columns] if len(shape) == 2 else array[columns]
    return np.reshape(np.where(rows >= 0, found, np.zeros((), found.dtype)), size)


def added_up(where: Any, data: Any, shape: Any, name: str, along: Any) -> Any:
    """The sums of entries that a method tells: `sum`, `mean` along an axis, or the diagonal with a number."""
    return np.asarray(getattr(with_entries(where, data, shape), name)(along))[()]


def spread_out(where: Any, sums: Any, shape: Any, name: str, along: Any, size: Any) -> Any:
    """For each entry what stands where it is added to: the transpose of `added_up`."""
    rows, columns = rows_and_columns(where, size[1:], shape)
    inside = rows >= 0
    if name == "diagonal":
        inside = inside & (columns - rows == along)
        found = np.concatenate([sums, np.zeros(1, sums.dtype)])[np.where(inside, rows if along >= 0 else columns, -1)]
    else:
        scale = 1.0 / (shape[0] * shape[1] if along is None else shape[along]) if name == "mean" else 1.0
        found = scale * (sums + np.zeros(len(rows)) if along is None else sums[columns if along % 2 == 0 else rows])
    return np.reshape(np.where(inside, found, np.zeros((), np.asarray(found).dtype)), size)


# Other places for the same entries


def numbered(where: Any, size: Any, shape: Any, first: int = 1) -> Any:
    """The sparse array whose entries count from one."""
    return with_entries(where, np.reshape(np.arange(float(first), first + np.prod(size)), size), shape)


def described(a: Any) -> tuple[Any, ...]:
    """Where the entries of an array are that holds numbers, its shape, the shape of its `data`, and where each was; -1 for none."""
    return placed(a), tuple(a.shape), np.shape(a.data), np.asarray(a.data).astype(np.intp) - 1


def moved(where: Any, size: Any, shape: Any, name: str, args: Any) -> Any:
    """Where a method moves the entries: a description."""
    return described(getattr(numbered(where, size, shape), name)(*args))


def joined(parts: Any, function: Any, args: Any) -> Any:
    """Where a function of several sparse arrays moves their entries, whose numbers go on from array to array."""
    first, arrays = 1, []
    for where, size, shape in parts:
        arrays.append(numbered(where, size, shape, first))
        first += int(np.prod(size))
    return described(function(arrays, *args))


def places_of_one(where: Any, size: Any, shape: Any) -> bool:
    """Whether no place has two entries, and they stand in the order in which SciPy puts them before it adds them up."""
    name = where[0] if isinstance(where, tuple) else where.format
    rows, columns = rows_and_columns(where, size[1:], shape)
    major, minor, length = (columns, rows, shape[0]) if name == "csc" else (rows, columns, shape[-1])
    return name != "coo" and bool(np.all(np.diff(major.astype(np.int64) * length + minor) > 0))


def summed(where: Any, data: Any, shape: Any, name: str) -> Any:
    """The entries in another format, those of one place added up."""
    return _summed(where, data, shape, name).data


def summed_places(where: Any, size: Any, shape: Any, name: str) -> Any:
    """Where these are, and for each entry the number of that it is added to."""
    made = _summed(where, np.ones(size), shape, name)
    rows, columns = rows_and_columns(placed(made), (), shape)
    keys = rows.astype(np.int64) * shape[1] + columns
    order = np.argsort(keys)
    rows, columns = rows_and_columns(where, (), shape)
    return placed(made), np.shape(made.data), order[np.searchsorted(keys[order], rows.astype(np.int64) * shape[1] + columns)]


def sorted_places(where: Any, size: Any, shape: Any) -> Any:
    """Which entries stand where after SciPy has sorted them."""
    made = numbered(where, size, shape).copy()
    made.sort_indices()
    return np.asarray(made.data).astype(np.intp) - 1


def _summed(where: Any, data: Any, shape: Any, name: str) -> Any:
    made = with_entries(where, data, shape).asformat(name, copy=True)
    made.sum_duplicates()
    return made


def together(one: Any, other: Any, shape: Any, both: bool) -> Any:
    """The places that two arrays of the format `csr` have, each or both of them, and where each has its entry; -1 for none."""
    keys = [rows.astype(np.int64) * shape[1] + columns for rows, columns in (rows_and_columns(w, (), shape) for w in (one, other))]
    found = np.intersect1d(*keys) if both else np.union1d(*keys)
    sources = []
    for own in keys:
        order = np.argsort(own)
        at = np.minimum(np.searchsorted(own[order], found), max(len(own) - 1, 0))
        sources.append(np.where(own[order][at] == found, order[at], -1) if len(own) else np.full(len(found), -1))
    indptr = np.searchsorted(found // shape[1], np.arange(shape[0] + 1)) if shape[1] else np.zeros(shape[0] + 1, int)
    return ("csr", found % shape[1] if shape[1] else found, indptr), sources[0], sources[1]


# The product of two sparse arrays


def places_of_product(one: Any, size: Any, other: Any, other_size: Any, shape: Any, other_shape: Any) -> Any:
    """Where its entries are, and how many."""
    found = with_entries(one, np.ones(size), shape) @ with_entries(other, np.ones(other_size), other_shape)
    return placed(found), np.shape(found.data)


def product_at(where: Any, size: Any, shape: Any, one: Any, data: Any, own: Any, turned: bool, other: Any, other_data: Any,
               other_own: Any, other_turned: bool) -> Any:  # fmt: skip
    """The entries that the product of two arrays, each of them transposed or not, has in some places."""
    a, b = with_entries(one, data, own), with_entries(other, other_data, other_own)
    found = ((a.T if turned else a) @ (b.T if other_turned else b)).tocsr()
    found.sum_duplicates()
    keys = rows_and_columns(placed(found), (), shape)
    flat = keys[0].astype(np.int64) * shape[1] + keys[1]
    rows, columns = rows_and_columns(where, size[1:], shape)
    wanted = rows.astype(np.int64) * shape[1] + columns
    if not len(flat):
        return np.zeros(size, found.dtype)
    at = np.minimum(np.searchsorted(flat, wanted), len(flat) - 1)
    return np.reshape(np.where(flat[at] == wanted, found.data[at], np.zeros((), found.dtype)), size)
