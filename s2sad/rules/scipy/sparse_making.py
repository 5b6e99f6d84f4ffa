"""How sparse arrays are made of entries that are differentiated: by the classes of scipy.sparse and its functions."""
from __future__ import annotations

import functools
from typing import Any

import numpy as np
import scipy.sparse

from s2sad.errors import MissingRule
from s2sad.rules.following import follow, replace
from s2sad.rules.refusing import refuse
from s2sad.rules.scipy.sparse_arrays import Sparse, is_sparse, sparse
from s2sad.rules.scipy.sparse_entries import joined
from s2sad.rules.scipy.sparse_layout import FORMATS, apart
from s2sad.rules.scipy.sparse_sharing import Entries


def _made(name: str, matrix: bool) -> Any:
    """What takes the place of a class."""

    def made(arg1: Any, shape: Any = None, dtype: Any = None, copy: bool = False, blocksize: Any = None, *, maxprint: Any = None) -> Any:
        found = _of(name, arg1, shape, blocksize, np.intc if matrix or name == "dia" else np.int64)
        if dtype is not None and np.dtype(dtype) != found.dtype:
            found.entries = found.entries.astype(dtype)
        elif copy:
            found.entries = np.array(found.entries)
        found.where, found.matrix = apart(found.where) if copy else found.where, matrix
        return found

    return made


def _places(given: Any, kind: Any) -> Any:
    """Arrays of whole numbers of one kind: SciPy copies those of another."""
    arrays = [np.asarray(g) if np.size(g) else np.zeros(0, int) for g in given]
    kind = np.intc if all(a.dtype == np.intc for a in arrays) else kind
    return [a if a.dtype == kind else np.array(a) for a in arrays]


def _of(name: str, given: Any, shape: Any, blocksize: Any, kind: Any) -> Any:
    if is_sparse(given):
        return (sparse(given).asformat(name) if blocksize is None else sparse(given).tobsr(blocksize)).sharing()
    if not isinstance(given, tuple):
        raise MissingRule("a sparse array that is made of an array has the elements that are not zero, which depends on their values",
                          hint="give the entries and where they are: (data, (row, column))")  # fmt: skip
    data = np.asarray(given[0])
    if len(given) == 2 and name == "dia":
        if shape is None:
            raise ValueError("expected a shape argument")
        return Sparse(("dia", *_places([np.atleast_1d(given[1])], kind)), np.atleast_2d(data), tuple(shape))
    if len(given) == 2:
        coords = _places(given[1], kind)
        if len(coords) != 2:
            raise MissingRule("sparse arrays with other than two axes have no rule", hint="use an array")
        size = tuple(shape) if shape is not None else tuple([np.max(c) + 1 for c in coords])
        return Sparse(("coo", *coords), data, size).asformat(name)
    indices, indptr = _places(given[1:], kind)
    if shape is not None:
        return Sparse((name, indices, indptr), data, tuple(shape))
    counted = (len(indptr) - 1, np.max(indices) + 1)
    if name == "bsr":
        counted = (counted[0] * np.shape(data)[1], counted[1] * np.shape(data)[2])
    return Sparse((name, indices, indptr), data, counted if name != "csc" else (counted[1], counted[0]))


for form in FORMATS:
    replace(_made(form, False), f"scipy.sparse.{form}_array")
    replace(_made(form, True), f"scipy.sparse.{form}_matrix")


# What the classes of SciPy do that meet a value which is differentiated


def _method(name: str) -> Any:
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        return getattr(sparse(self), name)(*args, **kwargs)

    return method


def _all_methods() -> None:
    """Each method of ours takes the place of those of its name that the classes of SciPy have."""
    own = [getattr(scipy.sparse, f"{form}_{end}") for form in (*FORMATS, "lil", "dok") for end in ("array", "matrix")]
    classes = {kind for each in own for kind in each.__mro__}
    for name in {**vars(Entries), **vars(Sparse)}:
        if name in ("__init__", "__getattr__", "__module__", "__doc__", "__class__", "with_entries", "again", "moved"):
            continue
        by = _method(name)
        for kind in sorted(classes - {object}, key=lambda k: k.__qualname__):
            if callable(vars(kind).get(name)) and kind.__module__.startswith("scipy.sparse"):
                replace(by, f"{kind.__module__}.{kind.__qualname__}.{name}")


_all_methods()

# Functions


def _is(*formats: str) -> Any:
    def answer(x: Any) -> bool:
        return is_sparse(x) and (not formats or (x.format in formats and sparse(x).matrix))

    return answer


replace(_is(), "scipy.sparse.issparse")
replace(_is(*FORMATS), "scipy.sparse.isspmatrix")
for form in FORMATS:
    replace(_is(form), f"scipy.sparse.isspmatrix_{form}")


def _joined(function: Any, blocks: Any, args: Any) -> Any:
    """What a function makes of several sparse arrays, or arrays, whose entries it moves."""
    parts = [sparse(b).single() if is_sparse(b) else _whole(b) for b in blocks]
    found = joined([(p.where, np.shape(p.entries), p.shape) for p in parts], function, args)
    entries = np.concatenate([np.ravel(p.entries) for p in parts])
    matrix = all(p.matrix for p in parts)
    return Sparse(("coo", np.zeros(0, int), np.zeros(0, int)), entries, (0, 0), matrix).described(found)


def _whole(block: Any) -> Any:
    """All elements of an array."""
    rows = np.atleast_2d(block)
    n, m = np.shape(rows)
    return Sparse(("coo", np.repeat(np.arange(n), m), np.tile(np.arange(m), n)), np.ravel(rows), (n, m))


def _hstack(blocks: Any, format: Any = None, dtype: Any = None) -> Any:
    return _joined(scipy.sparse.hstack, blocks, (format, dtype))


def _vstack(blocks: Any, format: Any = None, dtype: Any = None) -> Any:
    return _joined(scipy.sparse.vstack, blocks, (format, dtype))


def _block_diag(mats: Any, format: Any = None, dtype: Any = None) -> Any:
    return _joined(scipy.sparse.block_diag, mats, (format, dtype))


def in_blocks(blocks: Any, pattern: Any, format: Any, dtype: Any) -> Any:
    """`block_array` of blocks in a row; -1 in the pattern stands for none."""
    return scipy.sparse.block_array([[None if k < 0 else blocks[k] for k in row] for row in pattern], format=format, dtype=dtype)


def _block_array(blocks: Any, *, format: Any = None, dtype: Any = None) -> Any:
    there = [b for row in blocks for b in row if b is not None]
    count, pattern = 0, []
    for row in blocks:
        numbers = []
        for b in row:
            numbers.append(-1 if b is None else count)
            count += b is not None
        pattern.append(numbers)
    return _joined(in_blocks, there, (pattern, format, dtype))


def _bmat(blocks: Any, format: Any = None, dtype: Any = None) -> Any:
    return _block_array(blocks, format=format, dtype=dtype)


def cut(arrays: Any, name: str, k: int, format: Any) -> Any:
    """`tril` or `triu` of the one array there is."""
    return getattr(scipy.sparse, name)(arrays[0], k, format)


def _tril(A: Any, k: int = 0, format: Any = None) -> Any:
    return _joined(cut, [A], ("tril", k, format))


def _triu(A: Any, k: int = 0, format: Any = None) -> Any:
    return _joined(cut, [A], ("triu", k, format))


def _matrix_transpose(A: Any) -> Any:
    return sparse(A).transpose()


replace(_matrix_transpose, "scipy.sparse.matrix_transpose")
replace(_hstack, "scipy.sparse.hstack")
replace(_vstack, "scipy.sparse.vstack")
replace(_block_diag, "scipy.sparse.block_diag")
replace(_block_array, "scipy.sparse.block_array")
replace(_bmat, "scipy.sparse.bmat")
replace(_tril, "scipy.sparse.tril")
replace(_triu, "scipy.sparse.triu")

follow("scipy.sparse.diags_array", "scipy.sparse.diags", "scipy.sparse.spdiags", "scipy.sparse.kron", "scipy.sparse.kronsum",
       "scipy.sparse.find")  # fmt: skip

refuse("scipy.sparse.dok_array", "scipy.sparse.dok_matrix", "scipy.sparse.lil_array", "scipy.sparse.lil_matrix",
       why="it holds numbers of Python's in dicts or lists; make a coo_array of data and places")  # fmt: skip
refuse("scipy.sparse.sparray", "scipy.sparse.spmatrix", why="it is the base of classes")
refuse("scipy.sparse.eye", "scipy.sparse.eye_array", "scipy.sparse.identity", why="it is made of sizes alone")
refuse("scipy.sparse.rand", "scipy.sparse.random", "scipy.sparse.random_array", why="it is made of random numbers and sizes alone")
refuse("scipy.sparse.isspmatrix_dok", "scipy.sparse.isspmatrix_lil", why="it asks for a class that holds numbers of Python's")
refuse("scipy.sparse.get_index_dtype", "scipy.sparse.safely_cast_index_arrays", why="it is about whole numbers")
refuse("scipy.sparse.expand_dims", "scipy.sparse.permute_dims", "scipy.sparse.swapaxes",
       why="it is for sparse arrays of any number of axes")  # fmt: skip
refuse("scipy.sparse.load_npz", why="it reads a file")
refuse("scipy.sparse.save_npz", why="it writes a file")
