"""On a terminal: that a function is being compiled, where that takes over a second, and in the end how long it took."""
from __future__ import annotations

import sys
import threading
import time
from typing import Any, TextIO
from weakref import WeakKeyDictionary

PATIENCE = 1.0
_titles: WeakKeyDictionary[Any, str] = WeakKeyDictionary()
_listening = threading.Event()


def announced(dispatcher: Any, title: str) -> None:
    """From now on compilations of this function are spoken of, by this title. A Numba that does not tell of them leaves it at silence."""
    try:
        _titles[dispatcher] = title
        if not _listening.is_set():
            _listen()
            _listening.set()
    except (ImportError, AttributeError, TypeError, ValueError):
        return


def _listen() -> None:
    """Hear of Numba's compilations."""
    from numba.core import event

    class Listener(event.Listener):  # type: ignore[misc]
        """Those of ours that have begun, the last one last; Numba compiles one at a time, and what it calls within it."""

        def __init__(self) -> None:
            self.waiting: list[Waiting | None] = []

        def on_start(self, event: Any) -> None:
            title = _titles.get(event.data["dispatcher"])
            self.waiting.append(None if title is None or any(self.waiting) else Waiting.begun(title, sys.stderr))

        def on_end(self, event: Any) -> None:
            ended = self.waiting.pop() if self.waiting else None
            if ended is not None:
                ended.over()

    event.register("numba:compile", Listener())


class Waiting:
    """A line that appears when one has waited long enough."""

    def __init__(self, title: str, stream: TextIO) -> None:
        self.title, self.stream, self.since = title, stream, time.perf_counter()
        self.shown, self.ended, self.lock = False, False, threading.Lock()
        self.timer = threading.Timer(PATIENCE, self._show)
        self.timer.daemon = True
        self.timer.start()

    @classmethod
    def begun(cls, title: str, stream: TextIO | None) -> Waiting | None:
        """A wait that is spoken of; None where nobody looks on."""
        try:
            return cls(title, stream) if stream is not None and stream.isatty() else None
        except (OSError, ValueError, RuntimeError, AttributeError):  # the stream is closed, or no thread can be had
            return None

    def _show(self) -> None:
        with self.lock:
            if not self.ended:
                self.shown = self._written(f"s2sad: compiling {self.title} for native code ...")

    def over(self) -> None:
        """It is compiled, or cannot be."""
        self.timer.cancel()
        with self.lock:
            self.ended = True
            if self.shown:
                self._written(f" {time.perf_counter() - self.since:.1f} s\n")

    def _written(self, text: str) -> bool:
        try:
            self.stream.write(text)
            self.stream.flush()
        except (OSError, ValueError):
            return False
        return True
