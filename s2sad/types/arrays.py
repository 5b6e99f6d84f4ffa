"""Arrays of which the type is known, and nothing else."""
from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any, NoReturn

import numpy as np

from s2sad.errors import CannotKeep
from s2sad.types import sizes


class Array:
    """Any array of a dtype and a shape. It passes for an array, answers what its type tells, and cannot be computed with.

    >>> a = Array(np.dtype(float), (3, 2))
    >>> isinstance(a, np.ndarray), np.ndim(a), np.shape(a), a.size
    (True, 2, (3, 2), 6)
    """

    __slots__ = ("dtype", "shape", "writeable")
    __array_priority__ = 10_000.0
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, dtype: Any, shape: tuple[Any, ...], writeable: bool = True) -> None:
        self.dtype, self.shape, self.writeable = np.dtype(dtype), tuple(shape), writeable

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return np.ndarray

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> Any:
        return sizes.product(self.shape)

    @property
    def itemsize(self) -> int:
        return int(self.dtype.itemsize)

    @property
    def nbytes(self) -> Any:
        return self.size * self.itemsize

    @property
    def flags(self) -> Any:
        return SimpleNamespace(writeable=self.writeable)

    def like(self, shape: tuple[Any, ...]) -> Array:
        return Array(self.dtype, shape)

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("len() of unsized object")
        return int(self.shape[0])

    def __iter__(self) -> Iterator[NoReturn]:
        if not self.shape:
            raise TypeError("iteration over a 0-d array")
        return (self._refuse("iter") for _ in range(1))

    def __bool__(self) -> NoReturn:
        self._refuse("bool")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__array") or (name.startswith("__") and not hasattr(np.ndarray, name)):
            raise AttributeError(name)
        getattr(np.ndarray, name)  # raises what an array raises, but for the class
        return lambda *args, **kwargs: self._refuse(name)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> NoReturn:
        self._refuse(ufunc.__name__)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        answer = ANSWERS.get(function)
        return self._refuse(function.__name__) if answer is None else answer(*args, **kwargs)

    def __array__(self, *args: Any, **kwargs: Any) -> NoReturn:
        self._refuse("array")

    def _refuse(self, what: str) -> NoReturn:
        raise CannotKeep(f"{what} is asked of an array of which the type alone is known", None, 'use control="record"')

    def __repr__(self) -> str:
        return f"{self.dtype}[{', '.join(map(str, self.shape))}]"


class Told:
    """A result that is told whole, where it could be taken for a shape: a tuple of numbers, or of arrays."""

    def __init__(self, value: Any) -> None:
        self.value = value


def _size(a: Any, axis: Any = None) -> Any:
    shape = shape_of(a)
    return sizes.product(shape if axis is None else [shape[k] for k in (axis if isinstance(axis, tuple) else (axis,))])


ANSWERS: dict[Any, Callable[..., Any]] = {
    np.shape: lambda a: shape_of(a),
    np.ndim: lambda a: len(shape_of(a)),
    np.size: _size,
    np.iscomplexobj: lambda x: np.iscomplexobj(element(x)),
    np.isrealobj: lambda x: np.isrealobj(element(x)),
    np.result_type: lambda *given: np.result_type(*(g.dtype if type(g) is Array else g for g in given)),
    np.may_share_memory: lambda a, b: False,
    np.shares_memory: lambda a, b: False,
    np.can_cast: lambda from_, to, casting="safe": np.can_cast(_dtype_or_self(from_), _dtype_or_self(to), casting),
}


def _dtype_or_self(value: Any) -> Any:
    return value.dtype if type(value) is Array else value


def class_of(value: Any) -> Any:
    """The class that a value is of, or stands for."""
    return value.__class__ if type(value) in STAND_INS else type(value)


def is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray)


def shape_of(value: Any) -> tuple[Any, ...]:
    """The shape of an array, of a number, or of what NumPy makes of a list. Raises ValueError where its parts have other shapes."""
    if isinstance(value, np.ndarray):
        return tuple(value.shape)
    if not isinstance(value, (list, tuple)):
        return np.shape(value) if not sizes.is_whole(value) else ()
    inside = [shape_of(v) for v in value]
    if any(len(s) != len(inside[0]) or not all(a == b for a, b in zip(s, inside[0], strict=True)) for s in inside[1:]):
        raise ValueError("the requested array has an inhomogeneous shape")
    return (len(value), *(inside[0] if inside else ()))


def dtype_of(value: Any) -> Any:
    """The dtype of an array, of a number, or of what NumPy makes of a list."""
    if type(value) is Array:
        return value.dtype
    if not isinstance(value, (list, tuple)):
        return np.asarray(element(value)).dtype
    inside = [dtype_of(v) for v in value if not isinstance(v, (list, tuple)) or v]
    return functools.reduce(np.promote_types, inside) if inside else np.dtype(float)


def element(value: Any) -> Any:
    """A stand-in with one element for each array in a value, and 1 for each whole number that is not known."""
    if type(value) is Array:
        one = np.ones((1,) * value.ndim, value.dtype)
        one.flags.writeable = value.writeable
        return one
    if type(value) is sizes.Size:
        return value.kind(1)
    if type(value) in (list, tuple):
        return type(value)([element(v) for v in value])
    if type(value) is dict:
        return {k: element(v) for k, v in value.items()}
    if type(value) is slice:
        return slice(*map(element, (value.start, value.stop, value.step)))
    return value


STAND_INS = (Array, sizes.Size)
