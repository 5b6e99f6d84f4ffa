"""What generated code calls for control: leaving a path, an operation that is known to raise, effects that happen once."""
from __future__ import annotations

import gc
import operator
import sys
import threading
import types
from collections.abc import Callable
from dataclasses import field
from typing import Any

import numpy as np

from s2sad.errors import Location, UnsupportedMutation
from s2sad.quickly import dataclass
from s2sad.runtime import asking, notices
from s2sad.runtime.same import same_key

PLAIN = (bool, int, float, complex, str, bytes, np.generic, type(None))
FLAGS = type(np.empty(0).flags)
SHAPES: dict[type, Any] = {list: len, tuple: len, dict: tuple}  # what says which items a container has
VIEWS: dict[type, Any] = {type({}.keys()): dict.keys, type({}.values()): dict.values, type({}.items()): dict.items}


class OtherPath(Exception):
    """A guard does not hold: the recorded path does not apply to these arguments, and another one answers the call."""


class GivenUp(BaseException):
    """The walk through the function ends halfway, and another begins. No handler, context or `finally` of the user's is meant for it."""


class OverBudget(GivenUp):
    """A recording has become longer than it was to be."""


@dataclass(frozen=True)
class Outcome:
    """What an effect gave: a value, or the exception it raised."""

    value: Any = None
    error: BaseException | None = None

    def take(self) -> Any:
        if self.error is not None:
            raise self.error
        return self.value


def outcome(action: Callable[[], Any]) -> Outcome:
    try:
        return Outcome(action())
    except Exception as error:
        return Outcome(error=error)


def changed(location: Location | None = None) -> UnsupportedMutation:
    """The refusal of a call whose effects took away what decided about its path, so that it cannot be followed a second time."""
    return UnsupportedMutation("what the function calls here changed something that it had asked about before", location,
                               "ask after the call, or let the function return what is to change")  # fmt: skip


@dataclass(frozen=True, eq=False)
class Entry:
    """An effect: what was called with which arguments, what came of it, and what has been read after it, with what answers."""

    subject: Any = None
    outcome: Outcome = Outcome()
    reads: list[tuple[Any, Outcome]] = field(default_factory=list)


@dataclass
class Effects:
    """Performs effects once per call of a gradient: what an abandoned path has performed already is handed on, not repeated.

    An entry serves nothing but what it was made for. Effects come in their order; the first entry is the beginning of the call, before
    any of them. Between two of them nothing changes, so what is read there is told by what it is; after the last one it is just read.
    """

    entries: list[Entry] = field(default_factory=lambda: [Entry()])
    position: int = 0
    at: int = 0  # where among the reads after an effect the next one is expected
    place: Callable[[], Location | None] = lambda: None
    warned: list[Any] = field(default_factory=list)
    repeated: int = 0  # how many of the warnings that were given in this call have come again on another way through the function
    meddles: Callable[..., bool] = lambda *what: True  # whether an effect may change more than it is given

    def __call__(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """A call that may change something."""
        return self.done((function, args, kwargs), lambda: function(*args, **kwargs))

    def done(self, what: Any, action: Callable[[], Any]) -> Any:
        """An effect, which is told by what it is: function, arguments by position and by name. The error state is set on each way."""
        if notices.sets_errors(what[0]):
            return notices.foreign(what[0], action)
        self.position, self.at = self.position + 1, 0
        if self.position == len(self.entries):
            notices.give(self)
            self.entries.append(Entry(what, outcome(lambda: notices.foreign(what[0], action))))
        elif not alike(self.entries[self.position].subject, what):
            raise changed(self.place())
        return self.entries[self.position].outcome.take()

    def read(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """A call that changes nothing, but whose answer an effect may change."""
        return self.reading(subject(function, args, kwargs), lambda: function(*args, **kwargs))

    def reading(self, what: Any, action: Callable[[], Any]) -> Any:
        if what[0] is np.errstate:
            return action()  # which can be entered once
        known = self.entries[self.position].reads
        if self.last:
            known.append((what, outcome(lambda: notices.foreign(what[0], action))))
            return known[-1][1].take()
        of_one = what[0] is copied or _of_memory(what)  # of that array alone
        for number in (*range(self.at, len(known)), *range(self.at)):
            if alike(known[number][0], what, of_one):
                self.at = number + 1
                return known[number][1].take()
        return self.asked_now(what, action) if of_one else self.recalled(what, action)

    def asked_now(self, what: Any, action: Callable[[], Any]) -> Any:
        """What is so still, for no effect since may have changed it. What is `copied` is so before the first write."""
        if not _of_memory(what) and any(self.may_change(e.subject, what) for e in self.entries[self.position + 1 :]):
            raise changed(self.place())
        known = self.entries[self.position].reads
        known.append((what, outcome(action)))
        return known[-1][1].take()

    def may_change(self, effect: Any, what: Any) -> bool:
        """Whether an effect may have changed the answer to a question."""
        if what[0] is copied or self.meddles(*effect):
            return bool(self.meddles(*effect))
        asked = what[1:2] if what[0] in ("item", "attribute") else (*what[1], *what[2].values())
        return any(not isinstance(a, PLAIN) and (what[0] not in ("item", "attribute") or _touches(effect, a)) for a in asked)

    def warns(self, *what: Any) -> bool:
        """Whether a warning is given for the first time in this call."""
        self.repeated += 1
        if what in self.warned[self.repeated - 1 : self.repeated]:
            return False
        self.warned.append(what)
        return True

    @property
    def last(self) -> bool:
        """Whether nothing has been done after what is done now: what is read is read anew."""
        return self.position == len(self.entries) - 1

    def recalled(self, what: Any, action: Callable[[], Any]) -> Any:
        """The answer to a question that was asked in another way: a path reads a list or dict whole, or in parts where it changes it."""
        owner = _container(what)
        if owner is not None and what[0] == "attribute" and hasattr(owner, what[2]):
            return getattr(owner, what[2])  # a method, whatever the container holds
        if isinstance(what[0], types.BuiltinMethodType) and what[0].__name__ in ("keys", "values", "items"):
            return what[0]()
        contents = None if owner is None else self.contents(owner)
        if contents is None:
            return self.asked_now(what, action)
        found = answer(what, contents)
        if type(found) in (list, dict) and all(found is not v for v in _items(contents)):
            self.entries[self.position].reads.extend(_reads_of(found))  # it is new, and known to this walk alone
        return found

    def contents(self, container: Any) -> Any:
        """A copy of a list, tuple or dict as it was, where all of it was read and it has not been changed since; else None."""
        if type(container) is tuple:
            return container
        for entry in reversed(self.entries[: self.position + 1]):
            copy = _whole(container, entry.reads)
            if copy is not None or _touches(entry.subject, container):
                return copy
        return None

    @property
    def happened(self) -> bool:
        """Whether something was done in this call that is not to be done again."""
        return len(self.entries) > 1

    def begin(self) -> None:
        """The function starts from its beginning."""
        self.position = self.at = self.repeated = 0
        self.entries[-1].reads.clear()


class Ended(Effects):
    """The log of a walk that was given up, which does nothing any more: what is left to do, the next walk does."""

    def __init__(self, reason: GivenUp) -> None:
        super().__init__()
        self.reason = reason

    def done(self, what: Any, action: Callable[[], Any]) -> Any:
        return self.reading(what, action)

    def reading(self, what: Any, action: Callable[[], Any]) -> Any:
        now = sys.exc_info()[1]
        raise now if isinstance(now, GeneratorExit) else self.reason  # which a generator that is thrown away ends by, silently


class Undone(Effects):
    """The log of a walk that does nothing: it ends at the first effect."""

    def done(self, what: Any, action: Callable[[], Any]) -> Any:
        raise GivenUp


def subject(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """What a call reads: the same for each way to read it."""
    if function is getattr:
        return ("item", vars(args[0]), args[1]) if isinstance(args[0], types.ModuleType) else ("attribute", *args[:2])
    return ("item", *args) if function is operator.getitem else (function, args, kwargs)


def _container(what: Any) -> Any:
    """The list, tuple or dict that a question is about, also one about a view of a dict; None if it is about something else."""
    function, args = (None, what[1:2]) if what[0] in ("item", "attribute") else what[:2]
    owner = asking.receiver(function)
    if type(owner) not in (*SHAPES, *VIEWS):
        owner = args[0] if args else None
    if type(owner) in VIEWS:
        owner, = gc.get_referents(owner)
    others = sum(isinstance(a, (list, dict, set)) for a in args) > (owner is args[0] if args else False)
    return None if others or type(owner) not in SHAPES or function is operator.is_ else owner


def answer(what: Any, contents: Any) -> Any:
    """The answer to a question about a container, from another one with the same contents."""
    if what[0] == "item":
        return contents[what[2]]
    function, args, kwargs = what
    if isinstance(function, types.BuiltinMethodType) and type(function.__self__) in SHAPES:
        return getattr(contents, function.__name__)(*args, **kwargs)
    asked = VIEWS[type(args[0])](contents) if type(args[0]) in VIEWS else contents
    return function(asked, *args[1:], **kwargs)


def _whole(container: Any, reads: list[tuple[Any, Outcome]]) -> Any:
    """The contents of a container, as far as the reads tell them: its length or keys, and each item."""
    shape, items = None, dict[Any, Any]()
    for what, given in reads:
        if what[0] == "item" and what[1] is container:
            items[same_key(what[2])] = given.value
        elif what[0] is SHAPES[type(container)] and len(what[1]) and what[1][0] is container:
            shape = given.value
    keys = range(shape) if isinstance(shape, int) else shape
    if keys is None or any(same_key(k) not in items for k in keys):
        return None
    found = [items[same_key(k)] for k in keys]
    return dict(zip(keys, found, strict=True)) if type(container) is dict else found


def _items(container: Any) -> Any:
    return container.values() if isinstance(container, dict) else container


def _reads_of(container: Any) -> list[tuple[Any, Outcome]]:
    """The reads that tell a whole container."""
    shape = SHAPES[type(container)]
    keys = container if isinstance(container, dict) else range(len(container))
    return [((shape, (container,), {}), Outcome(shape(container))), *((("item", container, k), Outcome(container[k])) for k in keys)]


def _touches(what: Any, container: Any) -> bool:
    """Whether an effect was given a container, or an object whose attributes lie in it."""
    if what is None:
        return False
    given = [*what[1], *what[2].values(), getattr(what[0], "__self__", None)]
    return any(v is container or asking.own_names(v) is container for v in given)


def _of_memory(what: Any) -> bool:
    """Whether a question is how arrays lie in memory, which no effect changes."""
    asked = what[1] if what[0] == "attribute" else None
    return what[0] is np.shares_memory or isinstance(asked, FLAGS) or (
        isinstance(asked, np.ndarray) and what[2] in ("flags", "strides"))  # fmt: skip


def alike(one: Any, other: Any, of_one: bool = False) -> bool:
    """Whether two calls are the same: objects by identity, plain values by type and value, others by type; not if `of_one`.

    What is computed in a call follows from what was read before. Its last digits may differ: each path sums adjoints in its own order.
    """
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    match one:
        case tuple() | list():
            return len(one) == len(other) and all(alike(a, b, of_one) for a, b in zip(one, other, strict=True))
        case dict():
            return alike([*one.items()], [*other.items()], of_one)
        case slice():
            return alike((one.start, one.stop, one.step), (other.start, other.stop, other.step))
        case float() | complex() | np.inexact():
            return bool(np.isclose(one, other, equal_nan=True))
        case np.ndarray():
            return bool(not of_one and one.dtype == other.dtype and one.shape == other.shape)
        case types.MethodType() | types.BuiltinMethodType() | types.MethodWrapperType():
            return one.__name__ == other.__name__ and alike(one.__self__, other.__self__)
        case BaseException():
            return alike(one.args, other.args)
        case types.TracebackType():
            return True  # each walk makes its own
        case int() | str() | bytes() | set() | frozenset() | range() | np.generic() | np.dtype() | types.MappingProxyType():
            return bool(one == other)
    return False


def raised(action: Callable[[], Any]) -> Exception:
    """The exception that an operation raises, which the function catches; OtherPath when it raises none."""
    try:
        action()
    except Exception as error:
        return error
    raise OtherPath


def extent(array: Any, axis: int) -> int:
    """The length of an array along an axis."""
    return int(array.shape[axis])


class _Given(threading.local):
    """The ids of the containers among the arguments of the call that is under way in this thread."""

    containers: Callable[[], frozenset[int]] = frozenset


given = _Given()


def is_argument(container: Any) -> bool:
    """Whether an object from outside is one of the containers among the arguments of the call that is under way."""
    return id(container) in given.containers()


def negation(x: Any) -> bool:
    """`not x`."""
    return not x


def identity(x: Any) -> Any:
    """The value itself, under another name: the variable of a derivative that the function takes itself."""
    return x


def copied(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """A copy that lies in memory as the array does, gaps included: the last bit of a sum can depend on that.

    >>> copied(np.arange(6.0)[::2]).strides
    (16,)
    """
    if not isinstance(array, np.ndarray) or array.flags.forc or 0 in array.shape or 0 in array.strides or array.dtype.hasobject:
        return np.array(array)
    reach = [(n - 1) * step for n, step in zip(array.shape, array.strides, strict=True)]
    before, after = -sum(r for r in reach if r < 0), sum(r for r in reach if r > 0)
    memory = np.empty(before + after + array.itemsize, np.uint8)
    copy: np.ndarray[Any, Any] = np.ndarray(array.shape, array.dtype, memory, before, array.strides)
    copy[...] = array
    return copy


def same_bits(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> bool:
    """Whether two arrays of one dtype and shape hold the same, bit for bit: a guard that code which is not followed has left one alone."""
    return one.tobytes() == other.tobytes()


def replaced(array: np.ndarray[Any, Any], index: Any, value: Any) -> np.ndarray[Any, Any]:
    """A copy of the array with the items at an index replaced, where the array as it was is needed too."""
    copy = copied(array)
    copy[index] = value
    return copy


def accumulated(array: np.ndarray[Any, Any], index: Any, value: Any) -> np.ndarray[Any, Any]:
    """A copy of the array with a value added at a basic index; generated code writes `array[index] += value` instead."""
    copy = copied(array)
    copy[index] += value
    return copy


def loaded(name: str) -> Any:
    """The module that an import statement finds."""
    return sys.modules.get(name)


def diminished(array: np.ndarray[Any, Any], index: Any, value: Any) -> np.ndarray[Any, Any]:
    """A copy of the array with a value subtracted at a basic index; generated code writes `array[index] -= value` instead."""
    copy = copied(array)
    copy[index] -= value
    return copy


def accumulated_at(array: np.ndarray[Any, Any], index: Any, value: Any) -> np.ndarray[Any, Any]:
    """A copy of the array after `np.add.at(copy, index, value)`, which generated code writes instead."""
    copy = copied(array)
    np.add.at(copy, index, value)
    return copy
