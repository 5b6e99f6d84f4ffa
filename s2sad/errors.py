"""Errors: one family, each with the place in the user's file, a reason and, where there is one, a rewrite that works."""
from __future__ import annotations

import contextlib
import contextvars
import itertools
import linecache
import os
import sys
import types
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module

from s2sad import cells


@dataclass(frozen=True)
class Location:
    """A place in a source file: line and columns count as in `ast` (lines from 1, columns from 0, the end exclusive)."""

    file: str
    line: int
    column: int = 0
    end_line: int | None = None
    end_column: int | None = None
    function: str = "<module>"
    module: str = field(default="", compare=False)
    lines: Sequence[str] | Mapping[int, str] | None = field(default=None, compare=False, repr=False)
    """The text that the place is in, for the file may be edited; without it, the file as it reads now is shown."""

    def text(self) -> str:
        """The source line itself, without its line break; empty when the source is not at hand."""
        lines = linecache.getlines(self.file) if self.lines is None else self.lines
        try:
            return lines[self.line - 1].rstrip("\n")
        except LookupError:
            return ""

    def __getstate__(self) -> dict[str, object]:
        """What is pickled holds the one line that it shows."""
        return {**vars(self), "lines": None if self.lines is None else {self.line - 1: self.text()}}

    def __str__(self) -> str:
        return f"{self.named}:{self.line}:{self.column + 1}"

    @property
    def named(self) -> str:
        """What the file is called where it is shown: a cell of a notebook has a number."""
        return cells.cell(self.file) or self.file

    @property
    def short(self) -> str:
        """The place as comments name it: the file without its folder, and the line."""
        return f"{os.path.basename(self.named)}:{self.line}"

    @classmethod
    def of(cls, frame: types.FrameType) -> Location:
        """The expression that a frame evaluates."""
        code = frame.f_code
        line, end_line, column, end_column = next(itertools.islice(code.co_positions(), frame.f_lasti // 2, None))
        return cls(code.co_filename, line or frame.f_lineno, column or 0, end_line, end_column, code.co_name)


def render(kind: str, reason: str, location: Location | None, hint: str = "") -> str:
    """The message as shown: place, kind and reason, the source line with a caret below, a hint."""
    if location is None:
        lines = [f"{kind}: {reason}"]
    else:
        lines = [f"{location}: {kind}: {reason}", *_excerpt(location)]
    if hint:
        lines.append(f"hint: {hint}")
    return "\n".join(lines)


def _excerpt(location: Location) -> list[str]:
    text = location.text()
    if not text.strip():
        return []
    end = location.end_column if location.end_line == location.line else None
    shown, below = import_module("s2sad.excerpts").excerpt(text, location.column, end)  # few programs need it
    number = f"{location.line:>5}"
    return [f"{number} | {shown}", f"{' ' * len(number)} | {below}"]


_watched: contextvars.ContextVar[list[S2sadError] | None] = contextvars.ContextVar("refusals", default=None)


@contextlib.contextmanager
def refusals() -> Iterator[None]:
    """A refusal within this block is raised at its end, even if the user's own handler caught it."""
    seen: list[S2sadError] = []
    token = _watched.set(seen)
    try:
        yield
    finally:
        _watched.reset(token)
    if seen:
        raise next((error for error in seen if error.location is not None), seen[0])


def forgive(error: S2sadError) -> None:
    """The refusal was met by another way to the right answer."""
    watched = _watched.get()
    if watched is not None and error in watched:
        watched.remove(error)


class S2sadError(Exception):
    """Base of all errors of s2sad. `location` is the user's place, `reason` and `hint` the parts of the message."""

    kind = "error"

    def __init__(self, reason: str, location: Location | None = None, hint: str = "") -> None:
        self.reason, self.location, self.hint = reason, location, hint
        watched = _watched.get()
        if watched is not None:
            watched.append(self)
        super().__init__(render(self.kind, reason, location, hint))

    @property
    def line(self) -> str:
        """The place and the reason, in one line."""
        return f"{self.location}: {self.reason}" if self.location else self.reason

    def _render_traceback_(self) -> list[str]:
        """What IPython shows."""
        return cells.rendered(self)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.reason, self.location, self.hint)


class SourceUnavailable(S2sadError, OSError):
    """The source text of a function is not available, or is not the text the function was compiled from."""

    kind = "no source"


class UnsupportedSyntax(S2sadError, SyntaxError):
    """A construct that s2sad does not differentiate."""

    kind = "unsupported"

    def __str__(self) -> str:
        return str(self.args[0])


class CannotKeep(UnsupportedSyntax):
    """A construct that `control="keep"` cannot leave as it is; a recorded path may follow it."""

    kind = "cannot be kept"


class CannotBeNative(S2sadError, NotImplementedError):
    """What `backend="numba"` was asked for is not available: Numba is missing, or what is compiled has no native form."""

    kind = "cannot be native"


class UnsupportedMutation(S2sadError):
    """A write whose effect on the gradient, or on state outside the function, s2sad does not follow."""

    kind = "unsupported write"


class MissingRule(S2sadError, NotImplementedError):
    """A function without a derivative rule received a value that is being differentiated."""

    kind = "no rule"


class NotDifferentiable(S2sadError, TypeError):
    """The function or the argument asked for is not one that has a derivative."""

    kind = "not differentiable"


class RuleError(S2sadError, ValueError):
    """A rule that does not read as one; raised where it is registered."""

    kind = "bad rule"


class InvalidIR(S2sadError, AssertionError):
    """A fault of s2sad itself: a transformation produced an ill-formed program."""

    kind = "invalid IR"


class SlowPathWarning(RuntimeWarning):
    """Calls are compiled again and again: a path does not serve the very arguments it was compiled for, or there are too many paths."""


class NonFiniteWarning(RuntimeWarning):
    """A NaN or an infinity arose in a value or gradient although the arguments hold none."""


class FaultWarning(UserWarning):
    """A fault of s2sad that it has found itself, and worked around: compiled code gave another value than the function.

    It is not a RuntimeWarning, because those of NumPy are often ignored.
    """


def calling() -> tuple[types.FrameType, int]:
    """The frame that called s2sad, and how far above the caller of this function it is, as `warnings.warn` counts levels."""
    frame, level = sys._getframe(1), 1
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] == "s2sad":
        frame, level = frame.f_back, level + 1
    return frame, level


def warn(text: str, category: type[Warning]) -> None:
    """Warn at the line that called s2sad."""
    warnings.warn(text, category, stacklevel=calling()[1])
