"""Which rules hold: those that are registered, and within a context others besides. Their `state` is another one when they are.

What is compiled under one state serves no call under another. Of a context only the thread or task knows that has entered it, so the state
is asked for anew by each call while one is entered anywhere; else it is `registered.alone`, and a call has only to look.
"""
from __future__ import annotations

import contextvars
import itertools
import threading
from typing import Any

State = tuple[int, ...]
entered: contextvars.ContextVar[tuple[Any, ...]] = contextvars.ContextVar("rules", default=())
numbers = itertools.count()
_lock = threading.Lock()


class Registered:
    """The number of the rules that hold everywhere."""

    __slots__ = ("alone", "contexts", "state")

    def __init__(self) -> None:
        self.state: State = (next(numbers),)
        self.contexts = 0
        self.alone: State | None = self.state
        """The state, as long as no context is entered."""

    def count(self, more: int) -> None:
        """A context is entered, or left."""
        with _lock:
            self.contexts += more
            self.alone = None if self.contexts else self.state

    def changed(self) -> None:
        with _lock:
            self.state = (next(numbers),)
            self.alone = None if self.contexts else self.state


registered = Registered()


def contexts() -> tuple[Any, ...]:
    """The contexts that are entered here, the innermost last."""
    return entered.get()


def state() -> State:
    """What tells the rules that hold here from others."""
    within = entered.get()
    return (*registered.state, *(context.number for context in within)) if within else registered.state


def changed(context: Any) -> None:
    """Rules have been registered, in a context or everywhere: it is another state from now on."""
    if context is None:
        registered.changed()
    else:
        context.number = next(numbers)


def enter(context: Any) -> None:
    registered.count(1)
    entered.set((*entered.get(), context))


def leave(context: Any) -> None:
    within = entered.get()
    entered.set(within[: len(within) - 1 - within[::-1].index(context)])
    registered.count(-1)
