"""The values that names had while a function ran: each line is looked at when it is done."""
from __future__ import annotations

import reprlib
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import numpy as np

FIRST, LAST = 6, 3  # values of a name in a line that are kept, from the beginning and from the end
EVENTS = 100_000  # lines run, after which the rest runs unseen
LONGEST = 400
BRIEFLY = reprlib.Repr()
BRIEFLY.maxstring = BRIEFLY.maxother = LONGEST


@dataclass
class Course:
    """The values that a name had after a line, in words: the first, the last, and how many there were."""

    first: list[str] = field(default_factory=list)
    last: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, value: Any) -> None:
        self.count += 1
        if len(self.first) < FIRST:
            self.first.append(shown(value))
        else:
            self.last = [*self.last[1 - LAST :], shown(value)]


Watched = Mapping[str, Mapping[int, tuple[int, int, tuple[str, ...]]]]
"""For each file and line the line its statement begins at, the last line in it, and the names that it assigns."""


@dataclass
class Seen:
    """What was seen: for each file and line the names with their values; `complete` unless the run was too long."""

    values: dict[tuple[str, int], dict[str, Course]] = field(default_factory=dict)
    runs: dict[tuple[str, int], int] = field(default_factory=dict)
    events: int = 0
    complete: bool = True


def watch(call: Callable[[], Any], watched: Watched) -> Seen:
    """Run a call, and look at the names that the watched lines assign. Raises what the call raises."""
    seen = Seen()
    before = sys.gettrace()
    sys.settrace(_Watch(watched, seen).enter)
    try:
        call()
    finally:
        sys.settrace(before)
    return seen


class _Watch:
    """The trace function of `watch`."""

    def __init__(self, watched: Watched, seen: Seen) -> None:
        self.watched, self.seen = watched, seen
        self.at: dict[FrameType, int] = {}

    def enter(self, frame: FrameType, event: str, _: Any) -> Any:
        if frame.f_code.co_filename not in self.watched:
            return None
        self.at[frame] = 0 if frame.f_code.co_name == "<lambda>" else frame.f_lineno
        return self.line

    def line(self, frame: FrameType, event: str, _: Any) -> Any:
        if event == "exception":
            return self.line
        self.done(frame, frame.f_lineno if event == "line" else 0)
        if event == "return":
            self.at.pop(frame, None)
            return None
        self.at[frame] = frame.f_lineno
        self.seen.events += 1
        if self.seen.events > EVENTS:
            self.seen.complete = False
            sys.settrace(None)
            self.at.clear()
        return self.line

    def done(self, frame: FrameType, coming: int) -> None:
        """What the line has assigned that a frame has left for another one."""
        file, at = frame.f_code.co_filename, self.at.get(frame, 0)
        first, body, names = self.watched[file].get(at, (0, 0, ()))
        if not first or (coming != at and self.watched[file].get(coming, (0,))[0] == first):
            return
        if body and not first < coming <= body:  # a loop that is over assigns nothing
            return
        self.seen.runs[file, first] = self.seen.runs.get((file, first), 0) + 1
        known = self.seen.values.setdefault((file, first), {})
        present = frame.f_locals if names else {}
        for name in names:
            if name in present:
                known.setdefault(name, Course()).add(present[name])


def shown(value: Any) -> str:
    """A value in words, of a bounded length."""
    try:
        if isinstance(value, np.ndarray):
            text = np.array2string(value, separator=", ", threshold=30, edgeitems=3, precision=6)
            text = f"{text}  {value.dtype}[{', '.join(map(str, value.shape))}]" if value.ndim else repr(value[()].item())
        else:
            text = repr(value.item()) if isinstance(value, np.generic) else BRIEFLY.repr(value)
    except Exception:  # of a class of the user's
        text = f"<{type(value).__name__}>"
    return text if len(text) <= LONGEST else text[:LONGEST] + " ..."
