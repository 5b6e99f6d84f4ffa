"""What is computed from an object that does not change when it is first asked for."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")


class asked_once(Generic[T]):
    """A property that is computed once, without a lock: threads that ask at one time compute the same.

    `functools.cached_property` of Python 3.11 holds a lock for all objects of a class, so two properties that ask for each other, of the
    blocks inside a loop and of the loops inside a block, let two threads wait for each other for ever.
    """

    def __init__(self, compute: Callable[[Any], T]) -> None:
        self.compute, self.name, self.__doc__ = compute, compute.__name__, compute.__doc__

    @overload
    def __get__(self, owner: None, kind: type) -> asked_once[T]: ...

    @overload
    def __get__(self, owner: object, kind: type) -> T: ...

    def __get__(self, owner: object | None, kind: type) -> asked_once[T] | T:
        if owner is None:
            return self
        found = owner.__dict__[self.name] = self.compute(owner)
        return found
