"""Callables that stand for something else while a function is followed: methods with their owner, callbacks, contexts, derivatives."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from s2sad.traced import Traced


class Transform:
    """A derived function: calling it while another function is followed applies the transformation there."""

    def trace(self, machine: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        raise NotImplementedError


class Bound:
    """An array method: a function with its array."""

    def __init__(self, function: Callable[..., Any], owner: Any) -> None:
        self.function, self.owner = function, owner

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.owner.machine.call(self.function, self.owner, *args, **kwargs)


class NativeMethod:
    """A method that is not written in Python, of an object from outside."""

    def __init__(self, name: str, owner: Traced) -> None:
        self.name, self.owner = name, owner

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.owner.machine.native_method(self.owner, self.name, args, kwargs)


class Super:
    """`super()` in a method of the lowered unit."""

    def __init__(self, kind: type, instance: Any) -> None:
        self.kind, self.instance = kind, instance


class Callback:
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


class Context:
    """A context manager entered and left through the machine."""

    def __init__(self, machine: Any, manager: Any) -> None:
        self.machine, self.manager = machine, manager

    def __enter__(self) -> Any:
        self.leave = self.machine.attribute(self.manager, "__exit__")
        return self.machine.call(self.machine.attribute(self.manager, "__enter__"))

    def __exit__(self, *details: Any) -> Any:
        answer = self.machine.call(self.leave, *details)
        return bool(self.machine.truth(answer))
