"""How far something is that may take long: told to whoever watches. Nobody does unless it is asked for, and then nothing is printed.

What has steps goes through them by `steps`, what has none stands in a block of `under_way`. The command line watches, and shows a bar.
"""
from __future__ import annotations

import contextvars
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar

Item = TypeVar("Item")


class Watcher(Protocol):
    """Who is told of what is begun, of each step, and of the end; what is begun within something else ends first."""

    def begin(self, what: str, total: int | None) -> None: ...

    def step(self) -> None: ...

    def end(self) -> None: ...


_watcher: contextvars.ContextVar[Watcher | None] = contextvars.ContextVar("watcher", default=None)


@contextmanager
def watching(watcher: Watcher) -> Iterator[None]:
    """Within the block, this one is told."""
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)


@contextmanager
def under_way(what: str, total: int | None = None) -> Iterator[None]:
    """Something that may take long, of which no more is known than that it has begun, or that it has so many steps."""
    watcher = _watcher.get()
    if watcher is None:
        yield
        return
    watcher.begin(what, total)
    try:
        yield
    finally:
        watcher.end()


def steps(what: str, items: Iterable[Item], total: int | None = None) -> Iterator[Item]:
    """The items, each of which is a step of something that may take long.

    >>> list(steps("counting", range(3)))
    [0, 1, 2]
    """
    watcher = _watcher.get()
    with under_way(what, total):
        for item in items:
            yield item
            if watcher is not None:
                watcher.step()
