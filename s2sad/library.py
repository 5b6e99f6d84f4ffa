"""Functions of the standard library that make or choose functions and classes, where following their source would say less."""
from __future__ import annotations

import abc
import collections
import dataclasses
import enum
import functools
import typing
from collections.abc import Callable
from typing import Any

from s2sad import protocols

PLAIN: tuple[Any, ...] = (abc.abstractmethod, functools.total_ordering, typing.final, typing.overload, typing.runtime_checkable,
                          typing.no_type_check, enum.unique, collections.namedtuple, dataclasses.field)  # fmt: skip


def decorated(machine: Any, kind: Any = None, **options: Any) -> Any:
    """`dataclasses.dataclass`, with or without options."""
    make: Callable[..., Any] = dataclasses.dataclass
    return functools.partial(make, **options) if kind is None else make(kind, **options)


protocols.SPECIAL |= {dataclasses.dataclass: decorated, **{known: protocols.native(known) for known in PLAIN}}
