"""Sparse arrays whose entries are followed, as the classes of scipy.sparse do it: what takes their place where one is made of entries that
are differentiated, or meets a value that is.
"""
from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse
import scipy.sparse.linalg

from s2sad.errors import MissingRule
from s2sad.rules.following import replace
from s2sad.rules.scipy.sparse_entries import (
    added_up,
    dense,
    places_of_product,
    product_at,
    sparse_product,
    sparse_product_transposed,
    together,
)
from s2sad.rules.scipy.sparse_layout import FIXED_AT_ZERO, FORMATS, LAYOUT, SWAPPED, attribute, is_place, layout, of_entries
from s2sad.rules.scipy.sparse_sharing import Entries


class Sparse(Entries):
    """A sparse array whose entries are followed: `where` they are, as its format and arrays of whole numbers; their array, and the shape.

    `exact`: it has the entries that SciPy has, which drops those of sums that happen to be zero. `summed`: of the format `coo`, what SciPy
    knows to have one entry in each place.
    """

    def __init__(self, where: Any, data: Any, shape: Any, matrix: bool = False, exact: bool = True, summed: bool = False) -> None:
        self.where, self.entries, self.shape, self.matrix, self.exact, self.summed = where, data, shape, matrix, exact, summed
        self.format = where[0]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__array_"):
            raise AttributeError(name)
        raise MissingRule(f"{name} of a sparse array whose entries are differentiated has no rule",
                          hint="compute with its data, or with toarray()")  # fmt: skip

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        """What it stands for."""
        held = object.__getattribute__(self, "__dict__")
        return getattr(scipy.sparse, f"{held['format']}_{'matrix' if held['matrix'] else 'array'}") if "format" in held else Sparse

    @property
    def data(self) -> Any:
        self._shown("data")
        return self.entries

    @data.setter
    def data(self, value: Any) -> None:
        self._shown("data")
        if value is not self.entries and (not isinstance(value, np.ndarray) or np.shape(value) != np.shape(self.entries)):
            raise MissingRule("other than an array of as many entries is assigned to the data of a sparse array",
                              hint="make another sparse array of it")  # fmt: skip
        self.entries = value

    def part(self, name: str) -> Any:
        """What an attribute shows of where the entries are."""
        self._shown(name)
        found = layout(self.where, self.entries)
        if name not in found:
            raise MissingRule(f"{name} of a sparse array of the format {self.format} has no rule", hint="compute with its data")
        return found[name]

    def _shown(self, name: str) -> None:
        if not self.exact:
            raise MissingRule(f"{name} of a sum of sparse arrays: which entries it has depends on their values",
                              hint="use toarray(), or compute with the array as a whole")  # fmt: skip

    def again(self, where: Any, data: Any, shape: Any = None) -> Sparse:
        return Sparse(where, data, self.shape if shape is None else shape, self.matrix, self.exact)

    # Elements

    def __getitem__(self, key: Any) -> Any:
        parts = key if isinstance(key, tuple) else (key,)
        one = self.single()
        if len(parts) == self.ndim and all(is_place(p) for p in parts):
            return one._item(parts)
        return one.moved("__getitem__", key)

    def _item(self, place: Any) -> Any:
        found = self.moved("__getitem__", tuple([slice(p, p + 1 if p != -1 else None) for p in place]))
        return added_up(found.where, found.entries, found.shape, "sum", None)

    # Arrays

    def toarray(self, order: Any = None, out: Any = None) -> Any:
        return dense(self.where, self.entries, self.shape)

    def todense(self, order: Any = None, out: Any = None) -> Any:
        self._no_matrix("todense()")
        return self.toarray()

    def _no_matrix(self, what: str) -> None:
        if self.matrix:
            raise MissingRule(f"{what} of a sparse matrix gives an np.matrix, which has no derivative",
                              hint="use a sparse array, or toarray()")  # fmt: skip

    def sum(self, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
        return self._added_up("sum", axis, dtype, out)

    def mean(self, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
        return self._added_up("mean", axis, dtype, out)

    def _added_up(self, name: str, axis: Any, dtype: Any, out: Any) -> Any:
        if axis is not None:
            self._no_matrix(f"{name}() along an axis")
        if out is not None or dtype is not None or isinstance(axis, tuple) or self.ndim == 1:
            raise MissingRule(f"{name}() of a sparse array has a rule for axis= as one number, and nothing else", hint="use toarray()")
        return added_up(self.where, self.entries, self.shape, name, axis)

    def diagonal(self, k: int = 0) -> Any:
        if self.format == "dia" and k in self.where[1].tolist():
            first, last = max(0, k), min(self.shape[0] + k, self.shape[1])
            if first < last <= np.shape(self.entries)[1]:
                return self.entries[self.where[1].tolist().index(k), first:last]
        return added_up(self.where, self.entries, self.shape, "diagonal", k)

    def trace(self, offset: int = 0) -> Any:
        return np.sum(self.diagonal(offset))

    # Products and sums

    def __matmul__(self, other: Any) -> Any:
        if np.ndim(other) == 0 and not is_sparse(other):
            raise ValueError("Scalar operands are not allowed, use '*' instead")
        return self.dot(other)

    def dot(self, other: Any) -> Any:
        if is_sparse(other):
            return _multiplied(self, sparse(other))
        if np.ndim(other) == 0:
            return self.multiply(other)
        if self.ndim == 1:
            raise MissingRule("the product of a sparse array of one axis has no rule", hint="use toarray()")
        return sparse_product(self.where, self.entries, np.asarray(other), self.shape)

    def __rmatmul__(self, other: Any) -> Any:
        if np.ndim(other) == 0:
            raise ValueError("Scalar operands are not allowed, use '*' instead")
        if self.ndim == 1:
            raise MissingRule("the product of a sparse array of one axis has no rule", hint="use toarray()")
        return sparse_product_transposed(self.where, self.entries, np.transpose(other), self.shape).T

    def __mul__(self, other: Any) -> Any:
        return self.dot(other) if self.matrix else self.multiply(other)

    def __rmul__(self, other: Any) -> Any:
        if self.matrix and np.ndim(other) > 0:
            return self.__rmatmul__(other)
        return self.multiply(other)

    def multiply(self, other: Any) -> Any:
        if is_sparse(other):
            return _met(self, other, True, np.multiply)
        if np.ndim(other) == 0:
            return self.with_entries(self.entries * other)
        if self.format == "dia" or np.ndim(other) > 2:
            raise MissingRule("the product of the elements of an array and one of the format dia has no rule", hint="use tocsr()")
        one = (self.tocsr() if self.format == "coo" else self).tocoo()
        whole = np.broadcast_to(other, self.shape)
        return one.again(one.where, one.entries * whole[one.where[1:]])

    def __truediv__(self, other: Any) -> Any:
        if is_sparse(other):
            raise MissingRule("the quotient of two sparse arrays has no rule", hint="use toarray()")
        one = self.astype(np.float64) if np.can_cast(self.dtype, np.float64) and np.ndim(other) == 0 else self
        return one.multiply(1 / other)

    def __imul__(self, other: Any) -> Any:
        if np.ndim(other) > 0 or is_sparse(other):
            return self.__mul__(other)
        self.entries *= other
        return self

    def __itruediv__(self, other: Any) -> Any:
        if np.ndim(other) > 0 or is_sparse(other):
            return self.__truediv__(other)
        self.entries *= 1.0 / other
        return self

    def __setitem__(self, key: Any, value: Any) -> None:
        raise MissingRule("assigning an element of a sparse array whose entries are differentiated has no rule",
                          hint="write into its data before it is made")  # fmt: skip

    def __iter__(self) -> Any:
        return iter([self[k] for k in range(self.shape[0])])

    def __add__(self, other: Any) -> Any:
        if is_sparse(other):
            return _met(self, other, False, np.add)
        if np.ndim(other) == 0:
            return self.copy() if other == 0 else _no_number()
        return np.asarray(other) + self.toarray()

    def __radd__(self, other: Any) -> Any:
        return self.__add__(other)

    def __sub__(self, other: Any) -> Any:
        if is_sparse(other):
            return _met(self, other, False, np.subtract)
        if np.ndim(other) == 0:
            return self.copy() if other == 0 else _no_number()
        return self.toarray() - np.asarray(other)

    def __rsub__(self, other: Any) -> Any:
        if np.ndim(other) == 0:
            return -self if other == 0 else _no_number()
        return np.asarray(other) - self.toarray()

    def maximum(self, other: Any) -> Any:
        return _met(self, other, False, np.maximum)

    def minimum(self, other: Any) -> Any:
        return _met(self, other, False, np.minimum)


for name in LAYOUT:
    setattr(Sparse, name, attribute(name))
for name in FIXED_AT_ZERO:
    setattr(Sparse, name, of_entries(getattr(np, name)))


def _no_number() -> Any:
    raise NotImplementedError("adding a nonzero scalar to a sparse array is not supported")


def is_sparse(value: Any) -> bool:
    """Whether a value is a sparse array, of SciPy's or of ours."""
    return isinstance(value, (Sparse, scipy.sparse.sparray, scipy.sparse.spmatrix))


def sparse(a: Any) -> Any:
    """One of ours."""
    if isinstance(a, Sparse):
        return a
    for name in FORMATS:
        if a._format == name:  # of the class; the property of that name would be called
            where = ("coo", *a.coords) if name == "coo" else ("dia", a.offsets) if name == "dia" else (name, a.indices, a.indptr)
            return Sparse(where, a.data, a._shape, isinstance(a, scipy.sparse.spmatrix))
    return sparse(a.tocsr())


def _multiplied(one: Any, other: Any) -> Any:
    """The product of two sparse arrays, in the places where the entries are products."""
    if one.ndim != 2 or other.ndim != 2:
        raise MissingRule("the product of a sparse array of one axis has no rule", hint="use toarray()")
    name = one.format if one.format in SWAPPED else "csr"
    a, b = one.asformat(name), other.asformat(name)
    if a.shape[1] != b.shape[0]:
        raise ValueError(f"matmul: dimension mismatch with signature (n,k={a.shape[1]}),(k={b.shape[0]},m)->(n,m)")
    shape = (a.shape[0], b.shape[1])
    where, size = places_of_product(a.where, np.shape(a.entries), b.where, np.shape(b.entries), a.shape, b.shape)
    entries = product_at(where, size, shape, a.where, a.entries, a.shape, False, b.where, b.entries, b.shape, False)
    return Sparse(where, entries, shape, a.matrix, exact=False)


def _met(one: Any, other: Any, both: bool, function: Any) -> Any:
    """A function of the elements of two sparse arrays, which is zero of zeros: in the places that one of them has, or both."""
    if not is_sparse(other) or np.shape(one.shape) != np.shape(other.shape) or tuple(one.shape) != tuple(other.shape):
        raise MissingRule("sparse arrays of other shapes meet", hint="use toarray()")
    a, b = sparse(one).asformat("csr").single(), sparse(other).asformat("csr").single()
    where, first, second = together(a.where, b.where, a.shape, both)
    parts = [np.concatenate([each.entries, np.zeros(1, each.entries.dtype)])[at] for each, at in ((a, first), (b, second))]
    found = Sparse(where, function(parts[0], parts[1]), a.shape, a.matrix, exact=False)
    name = "csr" if both else _format_of(sparse(one).format, sparse(other).format, function)
    return found.tobsr(sparse(one if sparse(one).format == name else other).blocksize) if name == "bsr" else found.asformat(name)


def _format_of(one: str, other: str, function: Any) -> str:
    """The format that SciPy gives to what two arrays come to: it decides about the order in which numbers are added later."""
    adds = function in (np.add, np.subtract)
    if one == "dia" and adds and other == "dia":
        return "dia"
    if one == "dia" and function is np.add:
        return _format_of(other, "csr", function)
    return one if one == "csc" or (one == "bsr" and adds) else "csr"
