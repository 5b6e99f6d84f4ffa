"""Methods of lists of unknown length, and calls that such lists are given to."""
from __future__ import annotations

import bisect
import functools
import math
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad.errors import CannotKeep
from s2sad.keep import plainly
from s2sad.keep.generators import Lazy
from s2sad.keep.growing import HINT, Grown, grown
from s2sad.keep.iteration import sequence
from s2sad.machine import objects
from s2sad.machine.callables import Bound
from s2sad.machine.callbacks import Callback
from s2sad.machine.traced import Traced, any_traced, strip
from s2sad.record.capture import NUMBERS
from s2sad.rules import following
from s2sad.rules.language import rule_of

Machine = Any
FOLLOWED = (types.FunctionType, types.MethodType, Callback, Bound, functools.partial)
TAKE_ALL = (list, tuple, sum, max, min, any, all, sorted, set, frozenset, dict, math.fsum, math.prod)
TAKE_SEVERAL = (np.concatenate, np.vstack, np.hstack, np.dstack, np.column_stack, np.block, np.select, np.choose, np.einsum)
ITEMWISE: dict[Any, Callable[..., Any]] = {max: plainly.largest, min: plainly.smallest, any: plainly.any_of, all: plainly.all_of,
                                           math.prod: plainly.product}  # fmt: skip
SEEN_ONLY = (isinstance, type, id, callable, hasattr)
METHODS: dict[str, Callable[..., Any]] = {"pop": plainly.pop, "insert": plainly.insert, "reverse": plainly.reverse, "index": plainly.index,
                                          "count": plainly.count, "remove": plainly.remove}  # fmt: skip
SORTED: dict[Any, Callable[..., Any]] = {bisect.bisect_left: plainly.place_before, bisect.bisect_right: plainly.place_after,
                                         bisect.insort_left: plainly.insert_before, bisect.insort_right: plainly.insert_after}  # fmt: skip
LAZILY: dict[Any, Callable[..., Any]] = {map: plainly.map, filter: plainly.filter, np.ndindex: plainly.ndindex,
                                         np.ndenumerate: plainly.ndenumerate}  # fmt: skip


def of_list(machine: Machine, held: Grown, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A method of such a list."""
    match name, args:
        case "append", (value,):
            return machine.stacks.append(held, value)
        case "pop", () | (-1,):
            return machine.stacks.pop(held)
        case "copy", ():
            return machine.stacks.copied(held)
        case "clear", ():
            return machine.stacks.clear(held)
        case "extend", (more,) if sequence(machine, more) is not None:
            return machine.stacks.walked(plainly.extend, held.owner, more)
    if name not in METHODS or kwargs:
        raise CannotKeep(f"{name}() of a list whose length is not known", machine.location(), HINT)
    getattr([0], name)  # raises what Python raises
    return machine.stacks.walked(METHODS[name], held.owner, *args)


def is_long(machine: Machine, value: Any) -> bool:
    """Whether the number of items is not known."""
    items = sequence(machine, value)
    return isinstance(value, Lazy) or grown(value) is not None or (items is not None and isinstance(items.length(), Traced))


def without_generators(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
    """Arguments of a function that is not walked: all the values of a generator, or those that it asks for."""
    if not any(isinstance(v, Lazy) for v in (*args, *kwargs.values())) or isinstance(function, FOLLOWED):
        return args
    known = objects.hashable(function)
    if known in LAZILY or known is functools.reduce:
        return args
    return tuple((v.all() if known in TAKE_ALL else v.natively()) if isinstance(v, Lazy) else v for v in args)


def in_plain_text(machine: Machine, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The function of `plainly` that does what a native one does which calls functions for items."""
    known = objects.hashable(function)
    if kwargs or len(args) < 2:
        return LAZILY[known] if known in (np.ndindex, np.ndenumerate) and args and not kwargs else None
    if known is functools.reduce and is_long(machine, args[1]):
        return plainly.reduced if len(args) == 2 else plainly.reduced_from
    return LAZILY.get(known)


def looks_for_a_number(function: Any, args: tuple[Any, ...]) -> bool:
    """Whether a call is `index` or `count` of a list that holds numbers, and the code is to look for one that is not known."""
    owner = function.__self__ if isinstance(function, types.BuiltinMethodType) else None
    return isinstance(owner, (list, tuple)) and function.__name__ in ("index", "count") and len(args) == 1 and are_numbers(args[0], owner)


def are_numbers(item: Any, container: Any) -> bool:
    """Whether a list holds numbers of which some are not known, and is asked for a number."""
    if type(container) not in (list, tuple) or not any_traced(*container):
        return False
    return all(isinstance(strip(v) if isinstance(v, Traced) else v, NUMBERS) for v in (item, *container))


def given(machine: Machine, call: Callable[..., Any], function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A call that such a list is given to."""
    known, held = objects.hashable(function), grown(args[0]) if args else None
    if known is len and held is not None:
        return machine.stacks.length(held)
    if known is list and held is not None:
        return machine.stacks.copied(held)
    if known is sum and held is not None:
        return machine.stacks.total(held, *args[1:], **kwargs) if len(args) + len(kwargs) > 1 else machine.stacks.total(held, 0)
    if known in ITEMWISE and held is not None and len(args) == 1 and not kwargs:
        return machine.stacks.walked(ITEMWISE[known], held.owner)
    owner = function.__self__ if isinstance(function, types.BuiltinMethodType) else None
    if type(owner) is list and function.__name__ == "extend":
        return machine.stacks.walked(plainly.extend, owner, *args)
    if known in SORTED:
        return machine.stacks.walked(SORTED[known], *args, **kwargs)
    if _is_numpys(known) and known not in TAKE_SEVERAL:
        return _with_lists_as_arrays(machine, call, known, args, kwargs)
    if known in SEEN_ONLY or isinstance(function, FOLLOWED) or _is_users(function):
        return call(function, *args, **kwargs)
    name = getattr(function, "__name__", "a function")
    raise CannotKeep(f"{name}() is given a list whose length is not known", machine.location(), HINT)


def _is_users(function: Any) -> bool:
    kind = function if isinstance(function, type) else type(function)
    return objects.is_users(kind) or kind.__module__ in following.LOOPING


def _is_numpys(function: Any) -> bool:
    primitive = rule_of(function)
    of_numpy = primitive is not None and primitive.root is not None and primitive.root[1] is np
    return of_numpy or function is np.copyto or isinstance(function, np.ufunc)


def _with_lists_as_arrays(machine: Machine, call: Callable[..., Any], function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """NumPy makes arrays of the lists that it is given."""
    def made(value: Any) -> Any:
        held = grown(value)
        return value if held is None else machine.stacks.array(held)

    if function in (np.array, np.asarray, np.stack) and len(args) == 1 and not kwargs:
        return made(args[0])
    if function is np.stack:
        raise CannotKeep("np.stack() of a list whose length is not known, along another axis", machine.location(), "use np.array(...).T")
    return call(function, *map(made, args), **{k: made(v) for k, v in kwargs.items()})
