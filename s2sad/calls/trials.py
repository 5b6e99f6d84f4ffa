"""What is known of keeping loops and branches, by kinds of arguments: how often it was tried, and why calls are recorded all the same.

No exception is kept, which would hold the caller's arrays; and what is oldest makes room.
"""
from __future__ import annotations

import contextlib
from typing import Any

from s2sad.errors import S2sadError

KINDS_KEPT = 256
NOT_NATIVE, NOT_YET = "not native: ", "not native yet: "


def explained(reason: str) -> str:
    """A reason with what was done instead."""
    return f"in Python: {reason}" if NOT_NATIVE in reason or NOT_YET in reason else f"recorded, as it is not kept: {reason}"


class Trials:
    """Notes about kinds of arguments."""

    def __init__(self) -> None:
        self.tries: dict[Any, int] = {}
        self.refused: dict[Any, str] = {}
        """It cannot be kept."""
        self.left_out: dict[Any, str] = {}
        """A path that was made for a call does not serve it."""
        self.stopped: dict[Any, str] = {}
        """Paths were made often enough, and calls go on to take other ways."""
        self.faulty: dict[Any, str] = {}
        """A path gave a wrong value."""
        self.postponed: dict[Any, str] = {}
        """A call was recorded, as something had happened in it before it came to a loop; the next one is to be kept."""
        self.interpreted: dict[Any, str] = {}
        """Native code is not available, or gave a wrong value."""

    def count(self, kind: Any) -> None:
        """It is tried once more."""
        noted(self.tries, kind, self.tries.get(kind, 0) + 1)

    def refuse(self, kind: Any, reason: S2sadError) -> None:
        noted(self.refused, kind, reason.line)

    def leave_out(self, kind: Any, reason: S2sadError) -> None:
        noted(self.left_out, kind, reason.line)

    def stop(self, kind: Any, reason: S2sadError) -> None:
        noted(self.stopped, kind, reason.line)

    def distrust(self, kind: Any, reason: S2sadError) -> None:
        noted(self.faulty, kind, reason.line)

    def postpone(self, kind: Any, reason: S2sadError) -> None:
        noted(self.postponed, kind, reason.line)

    def interpret(self, kind: Any, reason: S2sadError) -> None:
        told = NOT_NATIVE + reason.reason
        noted(self.interpreted, kind, f"{reason.location}: {told}" if reason.location else told)

    def reason(self, kind: Any) -> str | None:
        """Why calls of a kind are recorded; None where nothing is known."""
        return next((notes[kind] for notes in self._notes if kind in notes), None)

    @property
    def reasons(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(reason for notes in (*self._notes, self.interpreted) for reason in [*notes.values()]))

    @property
    def _notes(self) -> tuple[dict[Any, str], ...]:
        return self.faulty, self.refused, self.left_out, self.stopped, self.postponed

    def begin_again(self, kind: Any) -> None:
        """Let it be tried again, unless it was found to be in vain."""
        if kind not in self.refused and kind not in self.left_out:
            self.tries.pop(kind, None)
            self.stopped.pop(kind, None)


def noted(notes: dict[Any, Any], kind: Any, note: Any) -> None:
    """Remember something about arguments of a kind, and forget what is oldest."""
    if len(notes) >= KINDS_KEPT and kind not in notes:
        with contextlib.suppress(StopIteration, RuntimeError):  # another thread does the same
            notes.pop(next(iter(notes)), None)
    notes[kind] = note
