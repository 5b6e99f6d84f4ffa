"""Tracebacks as the user would have them without s2sad: of what leaves a call, the lines of s2sad are taken out.

A frame that an exception passes through is added to its traceback, but not once more where the handler that has caught it ends in a bare
`raise`. So a handler takes the lines out, that of its own frame too, and the line that calls s2sad comes next. What users call has such a
handler, which costs nothing where nothing is raised.
"""
from __future__ import annotations

import functools
import opcode
import os
import types
from collections.abc import Callable
from typing import Any, TypeVar, cast

from s2sad import cells
from s2sad.errors import InvalidIR, S2sadError, UnsupportedSyntax

F = TypeVar("F", bound=Callable[..., Any])
LOWERED = "s2sad.lowered"
"""The module of functions of the user's that are followed: their frames are the user's."""
FULL = "S2SAD_TRACEBACK"
"""The environment variable: `full` leaves all lines."""
COMPILER = frozenset({"adjoint", "emit", "front", "ir", "native", "passes", "tangent"})
"""The packages in which nothing of the user's runs."""
HELPERS = frozenset({"contextlib", "functools", "importlib"})
"""Modules through which s2sad calls itself."""
RAISES = opcode.opmap["RAISE_VARARGS"]


def entry(function: F) -> F:
    """A function that users call, with the user's lines alone in the tracebacks of what it raises.

    >>> entry(lambda x: 1 / x).__name__
    '<lambda>'
    """

    @functools.wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except BaseException as error:
            leave(error)
            raise

    return cast(F, called)


def leave(error: BaseException) -> None:
    """Take the lines of s2sad out of the tracebacks of an exception that leaves a call, and of those behind it.

    A fault of s2sad keeps them all, for who mends it. What s2sad was at when the exception was raised is not behind it: another way that it
    had tried is no reason of the user's.
    """
    if os.environ.get(FULL) == "full" or is_fault(error):
        return
    if isinstance(error, UnsupportedSyntax):
        cells.show_like_others(UnsupportedSyntax)
    pending: list[BaseException | None] = [error]
    seen: set[int] = set()
    while pending:
        one = pending.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        _cut(one)
        one.__traceback__ = users(one.__traceback__, one)
        pending += [one.__cause__, one.__context__, *(one.exceptions if isinstance(one, BaseExceptionGroup) else ())]


def _cut(error: BaseException) -> None:
    """Leave out what stands behind an exception but is of no concern to the user. A refusal says by itself what one behind it says."""
    if isinstance(error, S2sadError):
        if isinstance(error.__cause__, S2sadError):
            error.__cause__ = None
        error.__suppress_context__ = True
        return
    while (behind := error.__context__) is not None and behind is not error.__cause__ and _is_inner(behind):
        error.__context__ = behind.__context__


def _is_inner(error: BaseException) -> bool:
    """Whether s2sad, and not the user's function, was about to handle an exception: the first line of its traceback is in the handler."""
    traceback = error.__traceback__
    return is_own(traceback.tb_frame) if traceback is not None else type(error).__module__.partition(".")[0] == "s2sad"


def users(traceback: types.TracebackType | None, error: BaseException | None = None) -> types.TracebackType | None:
    """A traceback without the lines of s2sad; of a refusal without the user's last one too, if it is the one that the message shows."""
    kept, own = [], False
    while traceback is not None:
        before, own, following = own, is_own(traceback.tb_frame), traceback.tb_next
        between = before and following is not None and is_own(following.tb_frame) and _module(traceback) in HELPERS
        kept += [] if own or between else [traceback]
        traceback = following
    if kept and isinstance(error, S2sadError) and _is_shown(kept[-1], error):
        kept.pop()
    result = None
    for each in reversed(kept):
        result = types.TracebackType(result, each.tb_frame, each.tb_lasti, each.tb_lineno)
    return result


def _is_shown(entry: types.TracebackType, error: S2sadError) -> bool:
    frame, place = entry.tb_frame, error.location
    if place is None or frame.f_globals.get("__name__") != LOWERED:
        return False
    return (frame.f_code.co_filename, entry.tb_lineno) == (place.file, place.line)


def _module(entry: types.TracebackType) -> str:
    return str(entry.tb_frame.f_globals.get("__name__", ""))


def is_own(frame: types.FrameType) -> bool:
    """Whether a frame is of s2sad's own code, not of a function of the user's that is followed."""
    module = str(frame.f_globals.get("__name__", ""))
    return (module != LOWERED and module.partition(".")[0] == "s2sad") or frame.f_code.co_filename.startswith("<rule")


def is_fault(error: BaseException) -> bool:
    """Whether an exception seems to be a fault of s2sad: it arose in the compiler, and was not raised on purpose."""
    if isinstance(error, InvalidIR):
        return True
    if not isinstance(error, Exception) or isinstance(error, (S2sadError, MemoryError, RecursionError)):
        return False
    last, traceback = None, error.__traceback__
    while traceback is not None:
        last, traceback = traceback if _module(traceback).startswith("s2sad.") else last, traceback.tb_next
    if last is None or _module(last).split(".")[1] not in COMPILER:
        return False
    on_purpose = last.tb_next is None and last.tb_frame.f_code.co_code[last.tb_lasti] == RAISES
    return isinstance(error, AssertionError) or not on_purpose
