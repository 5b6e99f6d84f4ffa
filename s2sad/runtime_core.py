"""What generated code calls for control: leaving a path, an operation that is known to raise, effects that happen once."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from s2sad.errors import Location, UnsupportedMutation


class OtherPath(Exception):
    """The recorded path does not apply to these arguments."""


class OverBudget(BaseException):
    """A recording has become longer than it was to be. No handler of the user's function is meant for it."""


@dataclass(frozen=True)
class Outcome:
    """What an effect gave: a value, or the exception it raised."""

    value: Any = None
    error: BaseException | None = None
    what: str = "read"

    def take(self) -> Any:
        if self.error is not None:
            raise self.error
        return self.value


def outcome(action: Callable[[], Any], what: str = "read") -> Outcome:
    try:
        return Outcome(action(), what=what)
    except Exception as error:
        return Outcome(error=error, what=what)


READS = frozenset({"getattr", "getitem", "contents", "global_of", "<lambda>", "take"})


def named(function: Any) -> str:
    """What a call is: reading something, or the name of the function."""
    name = getattr(function, "__name__", "")
    return "read" if name in READS else name


def changed(location: Location | None = None) -> UnsupportedMutation:
    """The refusal of a call whose effects took away what decided about its path, so that it cannot be followed a second time."""
    return UnsupportedMutation("what the function calls here changed something that it had asked about before", location,
                               "ask after the call, or let the function return what is to change")  # fmt: skip


@dataclass
class Effects:
    """Performs effects once per call of a gradient: what an abandoned path has performed already is handed on, not repeated."""

    outcomes: list[Outcome] = field(default_factory=list)
    position: int = 0

    def __call__(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if self.position == len(self.outcomes):
            self.outcomes.append(outcome(lambda: function(*args, **kwargs), named(function)))
        elif self.outcomes[self.position].what != named(function):
            raise changed()
        self.position += 1
        return self.outcomes[self.position - 1].take()


def raised(action: Callable[[], Any]) -> Exception:
    """The exception that the action raises; OtherPath when it raises none."""
    try:
        action()
    except Exception as error:
        return error
    raise OtherPath


def extent(array: Any, axis: int) -> int:
    """The length of an array along an axis."""
    return int(array.shape[axis])


def negation(x: Any) -> bool:
    """`not x`."""
    return not x


def identity(x: Any) -> Any:
    """The value itself, under another name."""
    return x


def copied(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """A copy that lies in memory as the array does, gaps included: the last bit of a sum can depend on that.

    >>> copied(np.arange(6.0)[::2]).strides
    (16,)
    """
    if array.flags.forc or 0 in array.shape or 0 in array.strides or array.dtype.hasobject:
        return np.array(array)
    reach = [(n - 1) * step for n, step in zip(array.shape, array.strides, strict=True)]
    before, after = -sum(r for r in reach if r < 0), sum(r for r in reach if r > 0)
    memory = np.empty(before + after + array.itemsize, np.uint8)
    copy: np.ndarray[Any, Any] = np.ndarray(array.shape, array.dtype, memory, before, array.strides)
    copy[...] = array
    return copy


def replaced(array: np.ndarray[Any, Any], index: Any, value: Any) -> np.ndarray[Any, Any]:
    """A copy of the array with the items at an index replaced."""
    copy = copied(array)
    copy[index] = value
    return copy


def accumulated(array: np.ndarray[Any, Any], index: Any, value: Any) -> np.ndarray[Any, Any]:
    """A copy of the array with a value added at a basic index; generated code writes `array[index] += value` instead."""
    copy = copied(array)
    copy[index] += value
    return copy


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
