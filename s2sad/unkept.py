"""Texts that Python does not keep for `linecache`, and that are at hand all the same.

They are those of `python -c`, of a script on standard input, and what an interactive session, a magic of IPython or `timeit` is running
just now. Code is compared with them before one is believed.
"""
from __future__ import annotations

import importlib.util
import os
import stat
import sys
import types
from collections.abc import Iterator
from typing import Any

RUNNERS = frozenset({"IPython", "ipykernel", "timeit", "cProfile", "profile", "pdb", "bdb", "code", "_pydev_bundle", "_pydevd_bundle",
                     "pydevconsole", "idlelib", "bpython", "ptpython"})  # fmt: skip
LARGEST = 10_000_000  # bytes of a script on standard input
HISTORY = 2_000  # lines of an interactive session that are looked through


def texts(file: str) -> list[list[str]]:
    """The lines of each text that code with this file name, in angle brackets, may be from."""
    found = [*_given(file), *(text for frame in _frames() for text in _running(file, frame))]
    return [text.splitlines(keepends=True) for text in dict.fromkeys(text if text.endswith("\n") else f"{text}\n" for text in found)]


def _given(file: str) -> Iterator[str]:
    if file == "<string>":
        yield from _command(sys.orig_argv)
    if file == "<stdin>":
        yield from _standard_input()
        yield from _history()


def _command(arguments: list[str]) -> Iterator[str]:
    """The text of `python -c`: what follows the letter c in the first argument with short options that has it, or the argument after it."""
    rest = iter(arguments[1:])
    for argument in rest:
        if argument in ("--check-hash-based-pycs", "-W", "-X"):
            next(rest, None)
        elif not argument.startswith("-") or argument == "-":
            return
        elif not argument.startswith(("--", "-W", "-X")) and "c" in argument:
            yield argument.partition("c")[2] or next(rest, "")
            return


def _standard_input() -> Iterator[str]:
    """The script that Python reads from a file as its standard input; what comes through a pipe is gone."""
    try:
        about = os.fstat(0)
        if stat.S_ISREG(about.st_mode) and about.st_size <= LARGEST and hasattr(os, "pread"):
            yield importlib.util.decode_source(os.pread(0, about.st_size, 0))
    except (OSError, SyntaxError, UnicodeDecodeError):
        pass


def _history() -> Iterator[str]:
    """The lines of an interactive session, where they are edited by `readline`, which keeps them."""
    readline: Any = sys.modules.get("readline")
    if readline is not None and hasattr(sys, "ps1"):
        last = readline.get_current_history_length()
        yield "\n".join(readline.get_history_item(k) or "" for k in range(max(1, last - HISTORY), last + 1))


def _frames() -> Iterator[types.FrameType]:
    """The frames of what runs other code, from the innermost."""
    frame: types.FrameType | None = sys._getframe(1)
    while frame is not None:
        started = getattr(frame.f_globals.get("__spec__"), "name", None)  # which `python -m` calls __main__
        if str(started or frame.f_globals.get("__name__", "")).partition(".")[0] in RUNNERS:
            yield frame
        frame = frame.f_back


def _running(file: str, frame: types.FrameType) -> Iterator[str]:
    """The texts that a frame holds, one of which it may be running."""
    for value in [*frame.f_locals.values()]:
        text = getattr(value, "src", None) if type(value).__name__ == "Timer" else value
        if type(text) is str and ("lambda" in text or "def " in text):
            yield text
    handler: Any = getattr(frame.f_locals.get("self"), "rpchandler", None)
    if handler is not None and file.startswith("<pyshell#"):  # IDLE keeps what is typed in its other process
        yield "".join(handler.remotecall("linecache", "getlines", (file,), {}))
