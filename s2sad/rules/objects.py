"""Arrays of objects that `np.frompyfunc` gives, as what they hold: the values in a row, and a shape.

Of NumPy they know what is done with them: they become arrays of floats, are taken apart, and are computed with as Python computes with
the values. All else is refused.
"""
from __future__ import annotations

import operator
from typing import Any

import numpy as np

from s2sad.errors import MissingRule
from s2sad.rules.following import answer, means
from s2sad.rules.leading import multiplied

AS_FLOATS = "make an array of floats of it: .astype(float)"


class FromPython:
    """What `np.frompyfunc` gives."""

    def __init__(self, function: Any, nin: Any, nout: Any) -> None:
        self._function, self.nin, self.nout, self.nargs = function, nin, nout, nin + nout

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return each(self._function, self.nin, self.nout, *args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        raise MissingRule(f"{name} of what np.frompyfunc gives has no rule", hint="call it, or write a loop")


def from_python(func: Any, /, nin: Any, nout: Any, *, identity: Any = None) -> Any:
    """`np.frompyfunc`."""
    return FromPython(func, nin, nout)


def each(function: Any, nin: Any, nout: Any, *args: Any, **kwargs: Any) -> Any:
    """What a function gives for each element, as Python has it, of arrays that broadcast; of numbers, what it gives for these."""
    if len(args) != nin and not nin < len(args) <= nin + nout:
        raise TypeError(f"takes from {nin} to {nin + nout} positional arguments but {len(args)} were given")
    if len(args) > nin or [k for k in kwargs if k != "dtype" or kwargs[k] not in (None, object)]:
        raise MissingRule("what np.frompyfunc gives has no rule for other arguments than those of the function", hint="use np.where")
    nested = [a for a in args if isinstance(a, Objects)]
    if nested:
        columns = [a._list() if isinstance(a, Objects) else beside(a, nested[0].shape) for a in args]
        if [a for a in nested if a.shape != nested[0].shape]:
            raise MissingRule("an array of objects meets one of another shape", hint=AS_FLOATS)
        return gathered([function(*[column[i] for column in columns]) for i in range(len(columns[0]))], nested[0].shape, nout)
    arrays = [np.asarray(a) for a in args]
    spread = arrays if len(arrays) == 1 else np.broadcast_arrays(*arrays)
    shape, columns = np.shape(spread[0]), [np.ravel(a) for a in spread]
    if shape == ():
        found = function(*[a.item() for a in arrays])
        return found if nout == 1 else parts(found, nout)
    return gathered([function(*[column[i].item() for column in columns]) for i in range(np.size(spread[0]))], shape, nout)


def beside(a: Any, shape: Any) -> Any:
    """The elements of what stands beside an array of objects, as Python has them."""
    if np.shape(a) not in ((), shape):
        raise MissingRule("an array of objects meets one of another shape", hint=AS_FLOATS)
    return [v.item() for v in np.ravel(np.broadcast_to(a, shape))]


def gathered(rows: Any, shape: Any, nout: Any) -> Any:
    """The results of all calls."""
    if nout == 1:
        return Objects(rows, shape)
    return tuple([Objects([parts(row, nout)[k] for row in rows], shape) for k in range(nout)])


def parts(row: Any, count: Any) -> Any:
    """Several results."""
    if not isinstance(row, tuple) or len(row) != count:
        raise MissingRule("the function does not give as many values as np.frompyfunc was told", hint="return a tuple of so many")
    return row


class Objects:
    """An array of objects; `places` say which of the values its elements are, where they are not all of them in their order."""

    __hash__ = None  # type: ignore[assignment]
    __array_ufunc__ = None
    dtype = np.dtype(object)

    def __init__(self, values: Any, shape: Any, places: Any = None) -> None:
        self._values, self.shape, self._places = values, shape, places

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        raise MissingRule("an array of objects, as np.frompyfunc gives, has no derivative here", hint=AS_FLOATS)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise MissingRule(f"{name} of an array of objects, as np.frompyfunc gives, has no rule", hint=AS_FLOATS)

    @property
    def ndim(self) -> Any:
        return len(self.shape)

    @property
    def size(self) -> Any:
        return multiplied(self.shape)

    def __len__(self) -> Any:
        return self.shape[0]

    def _list(self) -> Any:
        """The elements in a row."""
        return self._values if self._places is None else [self._values[k] for k in self._places.ravel().tolist()]

    # Arrays of numbers

    def astype(self, dtype: Any, order: Any = "K", casting: Any = "unsafe", subok: Any = True, copy: Any = True) -> Any:
        if casting != "unsafe":
            raise TypeError(f"Cannot cast array data from dtype('O') to {dtype} according to the rule {casting!r}")
        if dtype is object or dtype == "O" or dtype == "object" or (isinstance(dtype, np.dtype) and dtype.kind == "O"):
            return self.copy()
        return np.reshape(np.array(self._list(), dtype=dtype), self.shape)

    def tolist(self) -> Any:
        return self._list() if self.ndim == 1 else [row.tolist() for row in self]

    def item(self, *index: Any) -> Any:
        return self._list()[index[0]] if len(index) == 1 else self[tuple(index)] if index else self._list()[0]

    # Parts, which show the same values

    def _numbered(self) -> Any:
        return np.arange(multiplied(self.shape)).reshape(self.shape) if self._places is None else self._places

    def _shown(self, places: Any) -> Any:
        return Objects(self._values, places.shape, places) if isinstance(places, np.ndarray) else self._values[places]

    def __getitem__(self, index: Any) -> Any:
        if self._places is None and self.ndim == 1 and isinstance(index, (int, np.integer)):
            return self._values[index]
        return self._shown(self._numbered()[index])

    def __setitem__(self, index: Any, value: Any) -> None:
        places = self._numbered()[index]
        if isinstance(places, np.ndarray):
            raise MissingRule("several elements of an array of objects are assigned", hint=AS_FLOATS)
        self._values[places] = value

    def __iter__(self) -> Any:
        for k in range(self.shape[0]):
            yield self[k]

    def reshape(self, *shape: Any) -> Any:
        return self._shown(self._numbered().reshape(*shape))

    def ravel(self) -> Any:
        return self._shown(self._numbered().ravel())

    @property
    def T(self) -> Any:
        return self._shown(self._numbered().T)

    def copy(self, order: Any = "C") -> Any:
        return Objects([*self._list()], self.shape)

    def flatten(self, order: Any = "C") -> Any:
        return self.ravel().copy()

    # Computing

    def sum(self, axis: Any = None) -> Any:
        if self.ndim != 1 or axis not in (None, 0, -1):
            raise MissingRule("the sum of an array of objects with several axes goes as it lies in memory", hint=AS_FLOATS)
        values = self._list()
        if len(values) == 0:
            return 0
        total = values[0]
        for v in values[1:]:
            total = total + v
        return total

    def _with(self, function: Any, other: Any, kind: Any = None) -> Any:
        """What a function of two values gives for each element and that of another array, or a number."""
        others: Any
        if isinstance(other, Objects):
            others, shape = other._list(), other.shape
        elif type(other) in (int, float, complex):
            others, shape = [other], ()
        else:
            array = np.asarray(other)
            others, shape = [array.item()] if np.ndim(array) == 0 else [v.item() for v in np.ravel(array)], np.shape(array)
        if shape != () and shape != self.shape:
            raise MissingRule("an array of objects meets one of another shape", hint=AS_FLOATS)
        mine = self._list()
        found = [function(mine[i], others[0 if shape == () else i]) for i in range(len(mine))]
        return Objects(found, self.shape) if kind is None else np.reshape(np.array(found, dtype=kind), self.shape)

    def __add__(self, other: Any) -> Any:
        return self._with(operator.add, other)

    def __sub__(self, other: Any) -> Any:
        return self._with(operator.sub, other)

    def __mul__(self, other: Any) -> Any:
        return self._with(operator.mul, other)

    def __truediv__(self, other: Any) -> Any:
        return self._with(operator.truediv, other)

    def __pow__(self, other: Any) -> Any:
        return self._with(operator.pow, other)

    def __radd__(self, other: Any) -> Any:
        return self._with(lambda v, w: w + v, other)

    def __rsub__(self, other: Any) -> Any:
        return self._with(lambda v, w: w - v, other)

    def __rmul__(self, other: Any) -> Any:
        return self._with(lambda v, w: w * v, other)

    def __rtruediv__(self, other: Any) -> Any:
        return self._with(lambda v, w: w / v, other)

    def __rpow__(self, other: Any) -> Any:
        return self._with(lambda v, w: w**v, other)

    def __lt__(self, other: Any) -> Any:
        return self._with(operator.lt, other, bool)

    def __le__(self, other: Any) -> Any:
        return self._with(operator.le, other, bool)

    def __gt__(self, other: Any) -> Any:
        return self._with(operator.gt, other, bool)

    def __ge__(self, other: Any) -> Any:
        return self._with(operator.ge, other, bool)

    def __eq__(self, other: Any) -> Any:
        return self._with(operator.eq, other, bool)

    def __ne__(self, other: Any) -> Any:
        return self._with(operator.ne, other, bool)

    def _refused(self, other: Any) -> Any:
        raise MissingRule("this operator has no rule for an array of objects, as np.frompyfunc gives", hint=AS_FLOATS)

    __matmul__ = __rmatmul__ = __imatmul__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __divmod__ = __rdivmod__ = _refused
    __and__ = __rand__ = __or__ = __ror__ = __xor__ = __rxor__ = __lshift__ = __rlshift__ = __rshift__ = __rrshift__ = _refused

    def __neg__(self) -> Any:
        return Objects([-v for v in self._list()], self.shape)

    def __abs__(self) -> Any:
        return Objects([abs(v) for v in self._list()], self.shape)

    def __bool__(self) -> bool:
        raise MissingRule("the truth of an array of objects has no rule", hint=AS_FLOATS)

    def __str__(self) -> str:
        raise MissingRule("an array of objects, as np.frompyfunc gives, is made a text", hint=AS_FLOATS)


def as_array(a: Any, dtype: Any = None, **options: Any) -> Any:
    """`np.array(a, dtype)` and `np.asarray(a, dtype)`."""
    if dtype is None or options:
        raise MissingRule("an array is made of an array of objects without dtype=", hint=AS_FLOATS)
    return a.astype(dtype)


def total(a: Any, axis: Any = None, **options: Any) -> Any:
    """`np.sum(a)`."""
    if options:
        raise MissingRule("np.sum() of an array of objects has no rule for these arguments", hint=AS_FLOATS)
    return a.sum(axis)


def as_it_is(a: Any) -> Any:
    """`np.ravel(a)`."""
    return a.ravel()


answer(Objects, np.empty(0, object), {
    np.array: as_array, np.asarray: as_array, np.asanyarray: as_array, np.sum: total, np.ravel: as_it_is, np.shape: lambda a: a.shape,
    np.ndim: lambda a: a.ndim, np.size: lambda a: a.size, np.float64: lambda a: a.astype(float),
})  # fmt: skip
means("np.frompyfunc", from_python)
