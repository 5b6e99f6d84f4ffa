"""Functions and methods of NumPy that write into an array, said in terms of one question: an item of an array is assigned.

Each of them is run on copies first: that raises what NumPy raises, and what it leaves in the copy is what the write must leave.
"""
from __future__ import annotations

import contextlib
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad.errors import CannotKeep, MissingRule, UnsupportedMutation
from s2sad.machine import belonging, stepwise
from s2sad.machine.conversions import as_index
from s2sad.machine.traced import BINARY, Traced, strip
from s2sad.rules import following
from s2sad.rules.language import Primitive, rule_of
from s2sad.runtime import notices
from s2sad.types.arrays import Array, dtype_of, element, shape_of
from s2sad.types.comparing import same_sizes
from s2sad.types.families import broadcast
from s2sad.types.indexing import part_shape
from s2sad.types.sizes import is_whole, product, same

Machine = Any


def names_view(index: Any) -> bool:
    """Whether a basic index names a part, so that reading it gives a view."""
    parts = index if isinstance(index, tuple) else (index,)
    return any(isinstance(p, slice) or p is Ellipsis or p is None for p in parts) and not any(np.ndim(strip(p)) for p in parts
                                                                                            if not isinstance(p, slice))  # fmt: skip


def is_array(value: Any) -> bool:
    """Whether a value, followed or not, is an array."""
    return isinstance(value.value if isinstance(value, Traced) else value, np.ndarray)


def tried(function: Callable[..., Any], owner: Any, *args: Any, **kwargs: Any) -> Any:
    """What NumPy leaves in a copy of the array; raises what NumPy raises. An array of which the type alone is known keeps it."""
    array, *given = strip((owner, *args))
    if type(array) is Array:
        attempt(function, element(array), *map(first_place, given), **{k: first_place(v) for k, v in strip(kwargs).items()})
        return array
    copy = np.array(array, copy=True, subok=False)
    with notices.again():
        function(copy, *given, **strip(kwargs))
    return copy


def first_place(value: Any) -> Any:
    """A stand-in with one element for each array in a value, with 0 for whole numbers: as an index it names the first element."""
    if isinstance(value, (list, tuple)):
        return type(value)([first_place(v) for v in value])
    if isinstance(value, np.ndarray):
        return np.zeros((1,) * value.ndim, value.dtype)
    return 0 if is_whole(value) else element(value)


def attempt(function: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
    """Raise what NumPy raises for classes and dtypes, on arrays of one element; whether shapes go together is told elsewhere."""
    with np.errstate(all="ignore"), notices.ignoring(Warning), contextlib.suppress(ValueError, IndexError):
        function(*args, **kwargs)


def whole(machine: Machine, owner: Any, value: Any, expected: Any = None) -> None:
    """`owner[...] = value`, which must leave the expected numbers."""
    machine.write_item(value, owner, Ellipsis)
    confirm(machine, owner, expected)


def confirm(machine: Machine, owner: Any, expected: Any) -> None:
    machine.confirm(owner, expected)


def within(machine: Machine, places: Any, array: Any) -> Any:
    """Places in a flattened array as an index of the array; negative ones count from the end."""
    if strip(array).ndim == 1:
        return places
    numbers = machine.call(np.arange, machine.call(np.size, array))
    return machine.call(np.unravel_index, machine.item(numbers, places), machine.shape(array))


def flat(machine: Machine, value: Any) -> Any:
    """The elements of an array, or of what NumPy makes one of, in a vector."""
    return value if is_array(value) and strip(value).ndim == 1 else machine.call(np.ravel, value)


def shares(value: Any, array: Any) -> bool:
    """Whether a value is the array, or a part of it."""
    return is_array(value) and (getattr(value, "root", value) is getattr(array, "root", array)
                                or np.may_share_memory(strip(value), strip(array)))  # fmt: skip


def apart(machine: Machine, value: Any, array: Any) -> Any:
    """The value as it is before the array is written."""
    return machine.call(np.copy, value) if shares(value, array) else value


def repeated(machine: Machine, values: Any, count: Any) -> Any:
    """`count` numbers from `values`, from the start again where there are too few."""
    if np.ndim(strip(values)) == 0:
        return values
    numbers = flat(machine, values)
    size = machine.shape(numbers)[0]
    if same(strip(size), strip(count)):
        return numbers
    return machine.item(numbers, machine.binary("%", machine.call(np.arange, count), size if isinstance(size, Traced) else max(size, 1)))


INPLACE: dict[str, Any] = {symbol: getattr(operator, f"__i{name}__") for name, symbol in BINARY.items()}


def inplace_item(machine: Machine, symbol: str, owner: Any, index: Any, value: Any) -> None:
    """`owner[index] += value`."""
    if is_array(owner):
        index = as_index(machine, index)
    part = machine.item(owner, index)
    if is_array(owner):
        if is_array(part):
            tried(INPLACE[symbol], part, value)
        machine.write_item(machine.binary(symbol, part, value), owner, index)
    else:
        machine.set_item(machine.inplace(symbol, part, value), owner, index)


def hold_item(machine: Machine, owner: Any, index: Any) -> Any:
    """What `owner[index] += value` reads before the value is computed: a view, or the item as it is then. It raises what reading raises."""
    before = machine.fixed(owner)
    if is_array(owner):
        index = as_index(machine, index)
    seen = is_array(owner) and (names_view(index) or hasattr(before, "var"))
    if seen:
        machine.try_item(owner, index)
    return owner, index, before, None if seen else machine.item(owner, index)


def try_item(owner: Any, index: Any) -> None:
    """Raise what reading an item of an array raises, if its values are known."""
    array = strip(owner)
    if type(array) is not Array:
        operator.getitem(array, strip(index))


def inplace_held(machine: Machine, symbol: str, held: Any, value: Any) -> None:
    """`owner[index] += value` where the value may have written into the owner."""
    owner, index, before, part = held
    if not is_array(owner):
        machine.set_item(machine.inplace(symbol, part, value), owner, index)
    elif names_view(index) or getattr(before, "var", machine) is getattr(machine.fixed(owner), "var", None):
        machine.inplace_item(symbol, owner, index, value)
    else:
        part = machine.item(before, index) if part is None else part
        machine.write_item(machine.binary(symbol, part, value), owner, index)


def inplace(machine: Machine, symbol: str, target: Any, value: Any) -> Any:
    """`target += value` for an array; the array itself."""
    expected = tried(INPLACE[symbol], target, value)
    whole(machine, target, machine.binary(symbol, target, value), expected)
    return target


# Functions


def copyto(machine: Machine, dst: Any, src: Any, casting: str = "same_kind", where: Any = True) -> None:
    expected = tried(np.copyto, dst, src, casting=casting, where=where)
    if where is not True:
        src = machine.call(np.where, where, src, dst)
    whole(machine, dst, src, expected)


def put(machine: Machine, a: Any, ind: Any, v: Any, mode: str = "raise") -> None:
    expected = tried(np.put, a, ind, v, mode=mode)
    places, size = flat(machine, ind), machine.call(np.size, a)
    if not isinstance(places, Traced) and not len(places):  # which need not be whole numbers
        return
    if mode == "clip":
        places = machine.call(np.clip, places, 0, machine.binary("-", size, 1))
    elif mode == "wrap":
        places = machine.call(np.mod, places, size)
    if not np.size(strip(v)) == 0:
        machine.write_item(repeated(machine, v, machine.shape(places)[0]), a, within(machine, places, a))
    confirm(machine, a, expected)


def place(machine: Machine, arr: Any, mask: Any, vals: Any) -> None:
    expected = tried(np.place, arr, mask, vals)
    if type(expected) is Array and shares(vals, arr):
        raise CannotKeep("np.place() reads numbers from the array that it writes", machine.location(), "use a copy of the numbers")
    index = machine.call(np.nonzero, with_shape(machine, np.reshape, mask, strip(arr).shape))
    count = machine.shape(index[0])[0]
    machine.write_item(repeated(machine, vals, count), arr, tuple(index) if len(index) > 1 else index[0])
    confirm(machine, arr, expected)


def putmask(machine: Machine, a: Any, mask: Any, values: Any) -> None:
    expected = tried(np.putmask, a, mask, values)
    if np.size(strip(values)) == 0:
        return
    shape = strip(a).shape
    if np.ndim(strip(values)) and not same_sizes(shape_of(strip(values)), shape):
        values = with_shape(machine, np.reshape, repeated(machine, values, machine.call(np.size, a)), shape)
    whole(machine, a, machine.call(np.where, with_shape(machine, np.reshape, mask, shape), values, a), expected)


def put_along_axis(machine: Machine, arr: Any, indices: Any, values: Any, axis: Any = -1) -> None:
    expected = tried(np.put_along_axis, arr, indices, values, axis)
    if axis is None:
        index = within(machine, flat(machine, indices), arr)
    else:
        shape = machine.shape(arr)
        along = [machine.call(np.reshape, machine.call(np.arange, n), [-1 if k == d else 1 for k in range(len(shape))])
                 for d, n in enumerate(shape)]  # fmt: skip
        along[axis] = indices
        index = tuple(along)
    machine.write_item(values, arr, index)
    confirm(machine, arr, expected)


def fill_diagonal(machine: Machine, a: Any, val: Any, wrap: bool = False) -> None:
    expected = tried(np.fill_diagonal, a, val, wrap=wrap)
    marks = np.zeros(strip(a).shape, dtype=bool)
    np.fill_diagonal(marks, True, wrap=wrap)
    index = np.nonzero(marks)
    if len(index[0]):
        machine.write_item(repeated(machine, val, len(index[0])), a, index)
    confirm(machine, a, expected)


# Methods


def sort(machine: Machine, a: Any, axis: Any = -1, kind: Any = None, order: Any = None, **options: Any) -> None:
    expected = tried(np.ndarray.sort, a, axis=axis, kind=kind, order=order, **options)
    whole(machine, a, machine.call(np.sort, a, axis=axis, kind=kind), expected)


def partition(machine: Machine, a: Any, kth: Any, axis: Any = -1, kind: str = "introselect", order: Any = None) -> None:
    expected = tried(np.ndarray.partition, a, kth, axis=axis, kind=kind, order=order)
    whole(machine, a, machine.call(np.partition, a, kth, axis=axis, kind=kind), expected)


def fill(machine: Machine, a: Any, value: Any) -> None:
    whole(machine, a, value, tried(np.ndarray.fill, a, value))


# `ufunc.at`, and results written into a given array


def at(ufunc: np.ufunc) -> Callable[..., None]:
    def write(machine: Machine, a: Any, indices: Any, *b: Any) -> None:
        indices = as_index(machine, indices)
        expected = tried(ufunc.at, a, indices, *b)
        if ufunc in (np.add, np.subtract):
            added = b[0] if ufunc is np.add else machine.unary("neg", machine.call(np.asarray, b[0]))
            machine.write_add_at(added, a, indices)
        else:
            one_by_one(machine, ufunc, a, indices, b)
        confirm(machine, a, expected)

    return write


def one_by_one(machine: Machine, ufunc: np.ufunc, a: Any, indices: Any, b: tuple[Any, ...]) -> None:
    """`ufunc.at(a, indices, b)`, where an index that occurs twice is written twice."""
    parts = indices if isinstance(indices, tuple) else (indices,)
    arrays = [machine.call(np.asarray, p) if isinstance(p, list) else p for p in parts]
    plain = [strip(p) for p in arrays]
    if not any(np.ndim(p) and dtype_of(p) != np.bool_ for p in plain):
        machine.write_item(machine.call(ufunc, machine.item(a, indices), *b), a, indices)
        return
    if not all(isinstance(p, (int, np.integer, np.ndarray)) and dtype_of(p).kind in "iu" for p in plain):
        raise UnsupportedMutation(f"np.{ufunc.__name__}.at() with integer arrays beside slices or masks", machine.location(),
                                  "write a loop")  # fmt: skip
    shape = broadcast(*map(shape_of, plain))
    places = [flat(machine, with_shape(machine, np.broadcast_to, apart(machine, p, a), shape)) for p in arrays]
    if not b or np.ndim(strip(b[0])) == 0:
        machine.call(stepwise.apply_at, ufunc, a, places, *b)
        return
    part = part_shape(strip(a).shape, tuple(plain))
    values = with_shape(machine, np.broadcast_to, apart(machine, b[0], a), part)
    values = with_shape(machine, np.reshape, values, (product(shape), *part[len(shape) :]))
    machine.call(stepwise.combine_at, ufunc, a, places, values)


def with_shape(machine: Machine, function: Callable[..., Any], value: Any, shape: tuple[Any, ...]) -> Any:
    """What a function makes of a value that is not an array of the shape."""
    if is_array(value) and same_sizes(strip(value).shape, shape):
        return value
    return machine.call(function, machine.call(np.asarray, value), shape)


def into(machine: Machine, function: Callable[..., Any], out: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`function(*args, out=out, **kwargs)`; returns the array, or arrays, written."""
    targets = out if isinstance(out, tuple) else (out,)
    copies = tried_into(function, targets, args, kwargs, isinstance(out, tuple))
    known = rule_of(function)
    if isinstance(function, np.ufunc) and kwargs.get("where", True) is not True:
        return selected(machine, function, targets, copies, args, kwargs)
    if known is not None and known.in_dtype_of_out:
        place = known.index("dtype")
        args, kwargs = args[:place], {**dict(zip([p.name for p in known.parameters[place:]], args[place:], strict=False)), **kwargs}
        kwargs["dtype"] = strip(out).dtype.type if kwargs.get("dtype") is None else kwargs["dtype"]
    result = machine.call(function, *args, **kwargs)
    results = result if isinstance(result, tuple) else (result,)
    for target, new, expected in zip(targets, results, copies, strict=True):
        if target is not None:
            whole(machine, target, new, expected)
    written = tuple(new if target is None else target for target, new in zip(targets, results, strict=True))
    return written if isinstance(result, tuple) else written[0]


def tried_into(function: Callable[..., Any], targets: tuple[Any, ...], args: Any, kwargs: Any, several: bool) -> tuple[Any, ...]:
    """What NumPy leaves in copies of the arrays; raises what NumPy raises. Arrays of which the type alone is known keep it."""
    arrays = strip(targets)
    if any(type(a) is Array for a in arrays):
        into_those = tuple(map(first_place, arrays))
        named = {k: v if k == "axis" else first_place(v) for k, v in strip(kwargs).items()}
        attempt(function, *map(first_place, strip(args)), **named, out=into_those if several else into_those[0])
        return arrays  # type: ignore[no-any-return]
    copies = tuple(None if a is None else a.copy() for a in arrays)
    function(*strip(args), **strip(kwargs), out=copies if several else copies[0])
    return copies


def intact(machine: Machine, primitive: Primitive, bound: list[Any]) -> list[Any]:
    """The arguments, where all arrays among them are still there after the call. Raises MissingRule; a package does not read them again."""
    for name in primitive.gives_away:
        place = primitive.index(name)
        if machine.concrete(bound[place]) and not following.in_packages(belonging.calling_module(machine)):
            raise MissingRule(f"{name}=True gives an array away, which the derivative still needs", machine.location(), f"leave {name} out")
        bound[place] = False
    return bound


def is_overwritten(machine: Machine, primitive: Primitive, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Whether a call of a function that may leave its result in its first argument is told to."""
    bound = primitive.bind(args, kwargs)
    return is_array(bound[0]) and not machine.concrete(bound[primitive.index(primitive.overwrites)])


def overwrite(machine: Machine, primitive: Primitive, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The result of a copy, written into the array; returns what NumPy returns: of no dimensions, a number."""
    bound = primitive.bind(args, kwargs)
    target, bound[primitive.index(primitive.overwrites)] = bound[0], True
    positional, named = primitive.call_arguments(bound)
    result = machine.call(function, *positional, **named)
    whole(machine, target, result, strip(result))
    return target if np.ndim(strip(target)) else machine.item(target, ())


def selected(machine: Machine, ufunc: np.ufunc, targets: tuple[Any, ...], copies: tuple[Any, ...], args: tuple[Any, ...],
             kwargs: dict[str, Any]) -> Any:  # fmt: skip
    """A ufunc with `where`: only the chosen elements are computed, and written."""
    if len(targets) != 1:
        raise UnsupportedMutation(f"np.{ufunc.__name__}() with where= and several results", machine.location(), "use np.where")
    (target,), shape = targets, machine.shape(targets[0])
    chosen = machine.call(np.broadcast_to, kwargs.pop("where"), shape)
    parts = [machine.item(machine.call(np.broadcast_to, a, shape), chosen) if np.ndim(strip(a)) else a for a in args]
    machine.write_item(machine.call(ufunc, *parts, **kwargs), target, chosen)
    confirm(machine, target, copies[0])
    return target


SPECIAL: dict[Any, Callable[..., Any]] = {
    np.copyto: copyto, np.put: put, np.place: place, np.putmask: putmask, np.put_along_axis: put_along_axis,
    np.fill_diagonal: fill_diagonal, np.ndarray.sort: sort, np.ndarray.partition: partition, np.ndarray.fill: fill,
    np.ndarray.put: put, operator.setitem: lambda machine, a, index, value: machine.set_item(value, a, index),
    operator.delitem: lambda machine, a, index: machine.delete_item(a, index),
    np.ndarray.__setitem__: lambda machine, a, index, value: machine.set_item(value, a, index),
    np.ndarray.__getitem__: lambda machine, a, index: machine.item(a, index),
    np.ndenumerate: lambda machine, a: ((index, machine.item(a, index)) for index in np.ndindex(strip(a).shape)),
    np.shares_memory: lambda machine, a, b, *limit: machine.share_memory(a, b),
    np.may_share_memory: lambda machine, a, b, *limit: machine.share_memory(a, b),
}  # fmt: skip
METHODS: dict[str, Any] = {name: getattr(np.ndarray, name) for name in ("sort", "partition", "fill", "put", "__setitem__", "__getitem__")}


def _in_place(symbol: str) -> Callable[..., Any]:
    return lambda machine, target, value: machine.inplace(symbol, target, value)


for _name, _symbol in BINARY.items():
    METHODS[f"__i{_name}__"] = getattr(np.ndarray, f"__i{_name}__")
    SPECIAL[METHODS[f"__i{_name}__"]] = SPECIAL[getattr(operator, f"__i{_name}__")] = _in_place(_symbol)

