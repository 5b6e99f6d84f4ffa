"""A bar on a terminal for what takes more than two seconds: what is under way, how far it is, and since when.

`tqdm`, which is an extra, writes the line. Without it, and where standard error is no terminal, there is no bar.
"""
from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any, TextIO

from s2sad.runtime import progress

DELAY, INTERVAL = 2.0, 0.2
CLEAR = "\r\x1b[K"


class Bar:
    """One line on a terminal, written anew by a thread of its own, for the innermost of what is under way."""

    def __init__(self, terminal: TextIO, meter: Any, delay: float = DELAY) -> None:
        self.terminal, self.meter, self.delay = terminal, meter, delay
        self.under_way: list[list[Any]] = []  # what, the steps that were made, how many there are, when it began
        self.over, self.written, self.since = threading.Event(), False, time.monotonic()
        self.thread = threading.Thread(target=self.show, daemon=True)

    def begin(self, what: str, total: int | None) -> None:
        self.under_way.append([what, 0, total, time.monotonic()])

    def step(self) -> None:
        self.under_way[-1][1] += 1

    def end(self) -> None:
        self.under_way.pop()

    def show(self) -> None:
        """Write the line now and then, once the delay is over."""
        wait = self.delay
        while not self.over.wait(wait):
            wait = INTERVAL
            self.write(self.line())

    def line(self) -> str:
        if not self.under_way:
            return ""
        what, done, total, since = self.under_way[-1]
        elapsed, columns = time.monotonic() - since, os.get_terminal_size(self.terminal.fileno()).columns if _sized(self.terminal) else 80
        if total is None:
            return f"{what}: {self.meter.format_interval(elapsed)}"[: columns - 1]
        return str(self.meter.format_meter(done, total, elapsed, ncols=columns - 1, prefix=what))

    def write(self, text: str) -> None:
        self.written = True
        self.terminal.write(CLEAR + text)
        self.terminal.flush()

    def stop(self) -> None:
        """No more lines, and the last one is gone."""
        self.over.set()
        self.thread.join()
        if self.written:
            self.write("")


def _sized(terminal: TextIO) -> bool:
    try:
        return bool(os.get_terminal_size(terminal.fileno()).columns)
    except (OSError, ValueError):
        return False


@contextlib.contextmanager
def shown(what: str, terminal: TextIO | None = None, delay: float = DELAY) -> Iterator[None]:
    """Show a bar within the block, where there is a terminal and `tqdm`."""
    terminal = terminal or sys.stderr
    meter = _meter() if terminal is not None and terminal.isatty() and os.environ.get("TERM") != "dumb" else None
    if meter is None:
        yield
        return
    bar = Bar(terminal, meter, delay)
    bar.begin(what, None)
    bar.thread.start()
    try:
        with progress.watching(bar):
            yield
    finally:
        bar.stop()


def _meter() -> Any:
    try:
        from tqdm import tqdm
    except ImportError:
        return None
    return tqdm
