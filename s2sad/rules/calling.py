"""NumPy's functions that call a function for each element, row or index, as what they do: they call it so often, and make an array."""
from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from s2sad.rules.following import instead


def from_iterable(iter: Any, dtype: Any, count: Any = -1) -> Any:
    """`np.fromiter`."""
    items = list(iter) if count < 0 else list(itertools.islice(iter, count))
    if len(items) < count:
        raise ValueError("iterator too short")
    return np.array(items, dtype=dtype)


def along_axis(func1d: Any, axis: Any, arr: Any, *args: Any, **kwargs: Any) -> Any:
    """`np.apply_along_axis`: the axes of what the function gives stand in place of the axis."""
    arr = np.asarray(arr)
    rows = np.moveaxis(arr, axis, -1)
    over, at = np.shape(rows)[:-1], axis % np.ndim(arr)
    found = [np.asarray(func1d(rows[place], *args, **kwargs)) for place in np.ndindex(over)]
    if len(found) == 0:
        raise ValueError("Cannot apply_along_axis when any iteration dimensions are 0")
    inner = np.shape(found[0])
    made = np.reshape(np.array(found, dtype=found[0].dtype), over + inner)
    return np.moveaxis(made, list(range(len(over), len(over) + len(inner))), list(range(at, at + len(inner)))) if inner else made


# np.vectorize


def call_vectorized(self: Any, *args: Any, **kwargs: Any) -> Any:
    """`np.vectorize(f, ...)(*args, **kwargs)`; without a function, the decorator is given it."""
    if self.pyfunc is np._NoValue:
        self._init_stage_2(*args, **kwargs)
        return self
    if not kwargs and not self.excluded:
        return _called(self, self.pyfunc, args)
    names = [n for n in kwargs if n not in self.excluded]
    places = [i for i in range(len(args)) if i not in self.excluded]

    def function(*values: Any) -> Any:
        whole = [values[places.index(i)] if i in places else args[i] for i in range(len(args))]
        return self.pyfunc(*whole, **{**kwargs, **dict(zip(names, values[len(places) :], strict=True))})

    return _called(self, function, [*[args[i] for i in places], *[kwargs[n] for n in names]])


def _called(self: Any, function: Any, given: Any) -> Any:
    if self.signature is not None:
        return _by_signature(self, function, given)
    return _element_by_element(self, function, given) if given else function()


def _kinds(self: Any, function: Any, arrays: Any) -> Any:
    """The classes of the results, from what there is of the first elements, as they are, where nothing says; whether there are several."""
    if self.otypes is not None:
        return self.otypes, len(self.otypes) > 1
    if [a for a in arrays if np.size(a) == 0]:
        raise ValueError("cannot call `vectorize` on size 0 inputs unless `otypes` is set")
    first = function(*[np.ravel(a)[0] for a in arrays])
    if isinstance(first, tuple):
        return [np.asarray(part).dtype for part in first], True
    return [np.asarray(first).dtype], False


def _element_by_element(self: Any, function: Any, given: Any) -> Any:
    """Of Python's numbers."""
    arrays = [np.asarray(a) for a in given]
    kinds, several = _kinds(self, function, arrays)
    spread = np.broadcast_arrays(*arrays)
    shape, columns = np.shape(spread[0]), [np.ravel(a) for a in spread]
    found = [function(*[column[i].item() for column in columns]) for i in range(np.size(spread[0]))]
    if several:
        return tuple([np.reshape(np.array([row[k] for row in found], dtype=kinds[k]), shape) for k in range(len(kinds))])
    return np.reshape(np.array(found, dtype=kinds[0]), shape)


def _by_signature(self: Any, function: Any, given: Any) -> Any:
    """Of parts whose axes the signature names, for each index of the axes before them."""
    inner, outer = self._in_and_out_core_dims
    if len(given) != len(inner):
        raise TypeError(f"wrong number of positional arguments: expected {len(inner)!r}, got {len(given)!r}")
    arrays: list[Any] = [np.asarray(a) for a in given]
    sizes: dict[str, Any] = {}
    for array, names in zip(arrays, inner, strict=True):
        if np.ndim(array) < len(names):
            raise ValueError(f"{np.ndim(array)}-dimensional argument does not have enough dimensions for all core dimensions {names!r}")
        for name, size in zip(names, np.shape(array)[np.ndim(array) - len(names) :], strict=True):
            if sizes.setdefault(name, size) != size:
                raise ValueError(f"inconsistent size for core dimension {name!r}: {size!r} vs {sizes[name]!r}")
    over = np.broadcast_shapes(*[np.shape(a)[: np.ndim(a) - len(names)] for a, names in zip(arrays, inner, strict=True)])
    parts = [np.broadcast_to(a, over + np.shape(a)[np.ndim(a) - len(names) :]) for a, names in zip(arrays, inner, strict=True)]
    found = [function(*[part[place] for part in parts]) for place in np.ndindex(over)]
    if len(found) == 0:
        raise ValueError("cannot call `vectorize` on size 0 inputs unless `otypes` is set")
    if len(outer) == 1:
        return _made([np.asarray(row) for row in found], over, self.otypes, 0)
    if len(found[0]) != len(outer):
        raise ValueError(f"wrong number of outputs from pyfunc: expected {len(outer)!r}, got {len(found[0])!r}")
    return tuple([_made([np.asarray(row[k]) for row in found], over, self.otypes, k) for k in range(len(outer))])


def _made(rows: Any, over: Any, kinds: Any, k: int) -> Any:
    return np.reshape(np.array(rows, dtype=rows[0].dtype if kinds is None else kinds[k]), over + np.shape(rows[0]))


instead("np.fromiter", f"{__name__}.from_iterable")
instead("np.apply_along_axis", f"{__name__}.along_axis")
instead("np.vectorize.__call__", f"{__name__}.call_vectorized")
