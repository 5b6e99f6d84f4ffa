"""Functions that native code is handed, and calls back through the machine."""
from __future__ import annotations

import types
from typing import Any

from s2sad.machine.traced import Traced
from s2sad.runtime.containers import Shown


class Callback(Shown):
    """A function handed to native code, which calls it back through the machine.

    To the user it is the function `shown`, whose attributes it has; what it needs for itself is in slots.
    """

    __slots__ = ("function", "machine")
    around: Any = None

    def __init__(self, machine: Any, function: Any) -> None:
        self.machine, self.function = machine, function

    @property
    def shown(self) -> Any:
        return self.function

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.machine.call(self.function, *args, **kwargs)

    def plain(self) -> Any:
        """The function outside of the machine: what it is told from others by."""
        function = self.function
        if type(function) is types.MethodType and isinstance(function.__self__, Traced):
            return types.MethodType(function.__func__, self.machine.concrete(function.__self__))
        return function

    def __hash__(self) -> int:
        return hash(self.plain())

    def __eq__(self, other: object) -> Any:
        return self.plain() == (other.plain() if type(other) is Callback else other)

    def __dir__(self) -> Any:
        return dir(self.function)
