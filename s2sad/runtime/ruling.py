"""Which rules hold, and which backend is the default: those that are set everywhere, and within a context others. The `state` is another
one when they are.

What is compiled under one state serves no call under another. Of a context only the thread or task knows that has entered it, so the state
is asked for anew by each call while one is entered anywhere; else it is `registered.alone`, and a call has only to look.
"""
from __future__ import annotations

import contextvars
import itertools
import threading
from typing import Any

State = tuple[Any, ...]
"""The number of the rules that hold everywhere, the default backend, and the numbers of the contexts."""
entered: contextvars.ContextVar[tuple[Any, ...]] = contextvars.ContextVar("rules", default=())
backends: contextvars.ContextVar[tuple[str, ...]] = contextvars.ContextVar("backends", default=())
numbers = itertools.count()
_lock = threading.Lock()


class Registered:
    """What holds everywhere."""

    __slots__ = ("alone", "contexts", "state")

    def __init__(self) -> None:
        self.state: State = (next(numbers), "python")
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
            self._now(next(numbers), self.state[1])

    def choose(self, backend: str) -> None:
        """The backend that is the default everywhere."""
        with _lock:
            self._now(self.state[0], backend)

    def _now(self, *state: Any) -> None:
        self.state = state
        self.alone = None if self.contexts else state


registered = Registered()


def contexts() -> tuple[Any, ...]:
    """The contexts that are entered here, the innermost last."""
    return entered.get()


def state() -> State:
    """What tells the rules that hold here, and the default backend, from others."""
    within, chosen = entered.get(), backends.get()
    if not within and not chosen:
        return registered.state
    rules, backend = registered.state
    return (rules, chosen[-1] if chosen else backend, *(context.number for context in within))


def hold(rules: State, fixed: bool) -> bool:
    """Whether the state is this one; where the backend is fixed, whatever the default is."""
    now = state()
    return now == rules or (fixed and now[0] == rules[0] and now[2:] == rules[2:])


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
