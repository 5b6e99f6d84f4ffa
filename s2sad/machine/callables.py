"""Callables that stand for something else while a function is followed: methods with their owner, contexts, derivatives."""
from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any

from s2sad.machine.traced import Traced
from s2sad.runtime.control import GivenUp


class Transform:
    """A derived function: calling it while another function is followed applies the transformation there."""

    def trace(self, machine: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        raise NotImplementedError


SPECIAL: dict[Any, Callable[..., Any]] = {}
"""What a call of a function means where neither its rule nor its source says so: a function that takes the machine first."""


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


class Context:
    """A context manager entered and left through the machine; by a walk that is given up it is not left, for the next one leaves it."""

    def __init__(self, machine: Any, manager: Any) -> None:
        self.machine, self.manager = machine, manager

    def __enter__(self) -> Any:
        self.leave = self.machine.attribute(self.manager, "__exit__")
        return self.machine.call(self.machine.attribute(self.manager, "__enter__"))

    def __exit__(self, *details: Any) -> Any:
        if isinstance(details[1], GivenUp):
            return False
        if details[1] is not None and isinstance(self.leave, (NativeMethod, types.BuiltinMethodType)):
            answer = self.machine.opaque(leave_by, (self.manager, details[0], *details[1].args), {})
        else:
            answer = self.machine.call(self.leave, *details)
        return bool(self.machine.truth(answer))


def leave_by(manager: Any, kind: type[BaseException], *args: Any) -> Any:
    """Tell a context manager that is not followed of an exception that passes; it has plain values, those of each call."""
    return manager.__exit__(kind, kind.__new__(kind, *args), None)
