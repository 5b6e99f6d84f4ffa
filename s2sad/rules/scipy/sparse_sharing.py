"""The same entries of a sparse array in other arrays and other places, as scipy.sparse does it: what shares memory, and what does not."""
from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse.linalg

from s2sad.errors import MissingRule
from s2sad.rules.scipy.sparse_entries import moved, places_of_one, sorted_places, summed, summed_places
from s2sad.rules.scipy.sparse_layout import FORMATS, SWAPPED, apart


class Entries:
    """An array shares memory with what it is made of where SciPy's does, and only there: either may be written."""

    where: Any
    entries: Any
    shape: Any
    format: Any
    matrix: bool
    exact: bool
    summed: bool

    def again(self, where: Any, data: Any, shape: Any = None) -> Any:
        """Another array of its kind."""
        raise NotImplementedError

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def dtype(self) -> Any:
        return self.entries.dtype

    @property
    def blocksize(self) -> Any:
        return np.shape(self.entries)[1:]

    # The same entries

    def with_entries(self, data: Any) -> Any:
        """With other entries in places of its own."""
        return self.again(apart(self.where), data)

    def sharing(self) -> Any:
        """Another array of the same memory."""
        return self.again(self.where, self.entries)

    def copy(self) -> Any:
        return self.with_entries(np.array(self.entries))

    def astype(self, dtype: Any, casting: str = "unsafe", copy: bool = True) -> Any:
        if np.dtype(dtype) == self.dtype:
            return self.copy() if copy else self
        return self.with_entries(self.entries.astype(dtype, casting=casting))

    def conjugate(self, copy: bool = True) -> Any:
        if not np.iscomplexobj(self.entries):
            return self.copy() if copy else self
        return self.again(apart(self.where) if copy else self.where, np.conj(self.entries))

    conj = conjugate

    @property
    def real(self) -> Any:
        return self.with_entries(self.entries.real)

    @property
    def imag(self) -> Any:
        return self.with_entries(self.entries.imag)

    def __neg__(self) -> Any:
        return self.with_entries(-self.entries)

    def __abs__(self) -> Any:
        return self.with_entries(np.abs(self.deduplicated()))

    def power(self, n: Any, dtype: Any = None) -> Any:
        if not n:
            raise NotImplementedError("zero power is not supported as it would densify the matrix.")
        data = self.deduplicated()
        return self.with_entries((data if dtype is None else data.astype(dtype)) ** n)

    def __round__(self, ndigits: int = 0) -> Any:
        return self.with_entries(np.around(self.deduplicated(), ndigits))

    def __pow__(self, n: Any) -> Any:
        if self.matrix:
            return scipy.sparse.linalg.matrix_power(self, n)
        return self.power(n)

    def single(self) -> Any:
        """With one entry in each place."""
        if self.format in ("dia", "bsr") or places_of_one(self.where, np.shape(self.entries), self.shape):
            return self
        return self._summed(self.format)

    def sum_duplicates(self) -> None:
        if self.format == "coo" and not self.summed:
            one = self.single()
            self.where, self.entries, self.summed = one.where, one.entries, True
        elif self.format in SWAPPED and not places_of_one(self.where, np.shape(self.entries), self.shape):
            self._summed_in_place()

    def _summed_in_place(self) -> None:
        """As SciPy does it: they are sorted and added up in the memory where they are, which others may share."""
        one = self.single()
        order = sorted_places(self.where, np.shape(self.entries), self.shape)
        count = np.size(one.entries)
        self.entries[:] = self.entries[order]
        self.entries[:count] = one.entries
        name, indices, indptr = self.where
        indices[:] = indices[order]
        if count < np.size(indices):
            indices[:count] = one.where[1]
            indptr[:] = one.where[2]
        self.where, self.entries = (name, indices[:count], indptr), self.entries[:count]

    def deduplicated(self) -> Any:
        """The entries, those of one place added up in the array itself."""
        self.sum_duplicates()
        return self.entries

    def _summed(self, name: str) -> Any:
        where = summed_places(self.where, np.shape(self.entries), self.shape, name)[0]
        return self.again(where, summed(self.where, self.entries, self.shape, name))

    # In other places

    def described(self, found: Any) -> Any:
        """The entries where a description says."""
        where, shape, size, source = found
        flat = np.ravel(self.entries)
        filled = np.concatenate([flat, np.zeros(1, flat.dtype)]) if np.any(source < 0) else flat
        return self.again(where, np.reshape(filled[source], size), shape)

    def moved(self, name: str, *args: Any) -> Any:
        return self.described(moved(self.where, np.shape(self.entries), self.shape, name, args))

    def asformat(self, name: Any, copy: bool = False) -> Any:
        if name is None or name == self.format:
            return self.copy() if copy else self
        if name not in FORMATS:
            raise MissingRule(f"a sparse array of the format {name} holds Python's numbers, and has no derivative",
                              hint="make a coo_array of data and places")  # fmt: skip
        if name == "coo":
            return self.tocoo(copy)
        if self.format != "coo":
            return self.moved("to" + name)
        if name == "dia":
            self.sum_duplicates()
        return self._summed(name) if name in SWAPPED else self._summed("csr").moved("to" + name)

    def tocsr(self, copy: bool = False) -> Any:
        return self.asformat("csr", copy)

    def tocsc(self, copy: bool = False) -> Any:
        return self.asformat("csc", copy)

    def tocoo(self, copy: Any = None) -> Any:
        if self.format == "coo":
            return self.copy() if copy else self
        found = self.moved("tocoo")
        if self.format == "dia":
            found.summed = True
        elif not (self.format != "csr" if copy is None else copy):  # the entries keep their order
            found.entries = np.reshape(self.entries, -1)
            if self.format in SWAPPED:
                found.where = ("coo", *((found.where[1], self.where[1]) if self.format == "csr" else (self.where[1], found.where[2])))
        return found

    def todia(self, copy: bool = False) -> Any:
        return self.asformat("dia", copy)

    def tobsr(self, blocksize: Any = None, copy: Any = None) -> Any:
        if blocksize is None or (self.format == "bsr" and tuple(blocksize) == tuple(self.blocksize)):
            return self.asformat("bsr", bool(copy))
        if self.format == "csr" and copy is False and tuple(blocksize) == (1, 1):
            return self.again(("bsr", *self.where[1:]), np.reshape(self.entries, (-1, 1, 1)))
        return self.asformat("csr").moved("tobsr", blocksize)

    def transpose(self, axes: Any = None, copy: bool = False) -> Any:
        one = self.copy() if copy else self
        if self.ndim == 1:
            return one
        shape = (self.shape[1], self.shape[0])
        if self.format in SWAPPED:
            return self.again((SWAPPED[self.format], *one.where[1:]), one.entries, shape)
        if self.format == "coo":
            return self.again(("coo", one.where[2], one.where[1]), one.entries, shape)
        return self.moved("transpose")

    @property
    def T(self) -> Any:
        return self.transpose()

    def reshape(self, *args: Any, order: str = "C", copy: bool = False) -> Any:
        if order != "C":
            raise MissingRule("reshape() of a sparse array in another order has no rule", hint="transpose it before and after")
        one = self.tocoo(copy)
        where, shape, _, _ = moved(one.where, np.shape(one.entries), self.shape, "reshape", args)
        if tuple(shape) == tuple(self.shape):
            return self.copy() if copy else self
        return self.again(where, one.entries, shape)
