"""Dataclasses that are quickly made: the program starts with a hundred of them.

Those of the standard library have each method written as text and compiled, and those that are frozen assign their fields by a call. Here
`__init__` alone is written so; what compares, tells and hashes reads the fields. That nothing assigns to the fields of one that is frozen,
type checkers see to: at run time it is not asked.
"""
from __future__ import annotations

import dataclasses
import functools
import operator
import reprlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(kind: Any = None, *, frozen: bool = False, eq: bool = True, **options: Any) -> Any:
        """As that of the standard library, with its meanings of `frozen` and `eq`."""
        if kind is None:
            return functools.partial(dataclass, frozen=frozen, eq=eq, **options)
        made, told = dataclasses.dataclass(kind, repr=False, eq=False, **options), vars(kind)
        if "__repr__" not in told:
            made.__repr__ = _shown
        if eq:
            read = _reader(tuple(f.name for f in dataclasses.fields(made) if f.compare))
            hashed = told.get("__hash__") or (_hash(read) if frozen else None)
            made.__eq__ = told.get("__eq__") or _equal(read)
            made.__hash__ = hashed
        return made


def _reader(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """What reads these attributes of something."""
    if len(names) > 1:
        return operator.attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)


def _equal(read: Callable[[Any], tuple[Any, ...]]) -> Callable[[Any, object], bool]:
    return lambda one, other: read(one) == read(other) if other.__class__ is one.__class__ else NotImplemented


def _hash(read: Callable[[Any], tuple[Any, ...]]) -> Callable[[Any], int]:
    return lambda value: hash(read(value))


@reprlib.recursive_repr()
def _shown(value: Any) -> str:
    parts = ", ".join(f"{f.name}={getattr(value, f.name)!r}" for f in dataclasses.fields(value) if f.repr)
    return f"{type(value).__qualname__}({parts})"


__all__ = ["dataclass"]
