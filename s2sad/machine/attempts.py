"""Calls of functions that need no derivative: followed, or made as they are where they cannot be followed.

A function with a derivative of the user's may hand code of its own to a solver of a library. Nothing is differentiated in it, so it need
not be looked into; but what it does can be told, kept and compared only if it is, so that comes first.
"""
from __future__ import annotations

import types
from typing import Any

from s2sad.errors import MissingRule, S2sadError, UnsupportedSyntax, forgive
from s2sad.machine.callables import Transform
from s2sad.runtime import asking
from s2sad.runtime.notices import MACHINE

REFUSED = (UnsupportedSyntax, MissingRule)
"""Why a function cannot be followed, though it may be called."""


class Attempts:
    """Such calls of one machine that follows values."""

    def __init__(self, machine: Any) -> None:
        self.machine = machine
        self.going_on = 0

    def call(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """`function(*args, **kwargs)`. Raises what following it does, where it has had an effect before that."""
        machine = self.machine
        if machine.on_types or isinstance(function, Transform) or MACHINE in getattr(function, "__globals__", ()):
            return machine.call(function, *args, **kwargs)
        if self.is_known(function):
            return machine.opaque(function, args, kwargs)
        before = self.effects()
        self.going_on += 1
        try:
            return machine.call(function, *args, **kwargs)
        except REFUSED as error:
            if self.effects() != before:
                raise
            return self.instead(function, args, kwargs, error)
        finally:
            self.going_on -= 1

    def into_library(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Refuse to follow a library's function that will call another one back, before it does anything."""
        given = next((each for each in (*args, *kwargs.values()) if isinstance(each, (types.FunctionType, types.MethodType))), None)
        if self.going_on and given is not None:
            name = asking.title(function)
            raise UnsupportedSyntax(f"{name}() is given {asking.title(given)}(), after an effect of the function that calls {name}()",
                                    self.machine.location(), "leave the effect to the caller")  # fmt: skip

    def is_known(self, function: Any) -> bool:
        """Whether it is known that a function cannot be followed."""
        return False

    def effects(self) -> int:
        """How many effects there were."""
        return 0

    def instead(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], error: S2sadError) -> Any:
        """The call as it is."""
        forgive(error)
        return self.machine.opaque(function, args, kwargs)
