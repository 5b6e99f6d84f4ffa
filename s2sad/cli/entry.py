"""Where the command line starts: arguments come in, the exit status goes out; whatever is raised becomes a message."""
from __future__ import annotations

import argparse
import os
import re
import sys
import traceback
from typing import TYPE_CHECKING

import numpy as np

from s2sad.cli import parser, progress
from s2sad.cli.refused import InputError
from s2sad.errors import S2sadError
from s2sad.loading import at_first_use

if TYPE_CHECKING:
    from s2sad.cli import commands
    from s2sad.shown import graph
else:
    commands, graph = at_first_use("s2sad.cli.commands"), at_first_use("s2sad.shown.graph")

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
INTERRUPTED = 130


def program() -> int:
    """The command as a process of its own: what code of the user writes to standard output, C code included, goes to standard error.

    So what stands on standard output is what s2sad says, and nothing else.
    """
    try:
        answers = os.fdopen(os.dup(1), "w", encoding=sys.stdout.encoding, errors=sys.stdout.errors)
        os.dup2(2, 1)
    except (OSError, AttributeError):  # there is no such stream
        return main()
    sys.stdout = answers
    try:
        return main()
    finally:
        sys.stdout = sys.stderr  # what is printed at the end of the process, too


def main(argv: list[str] | None = None) -> int:
    """Run the command line; the exit status: 0, 1 if a check failed or an export is stale, 2 for bad input, 3 if a check is undecided.

    >>> main(["verify", "no_such_file.py"])
    2
    """
    options = None
    try:
        options = parser.read(sys.argv[1:] if argv is None else argv)
        with progress.shown(" ".join([options.command, getattr(options, "target", "")]).strip()):
            status: int = commands.RUN[options.command](options)
        sys.stdout.flush()
        return status
    except InputError as error:
        return _fail(f"s2sad: {error}")
    except S2sadError as error:
        return _fail(str(error))
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return _fail("s2sad: interrupted", INTERRUPTED)
    except Exception as error:
        return _fail(f"s2sad: {error}" if isinstance(error, graph.GraphError) else _one_line(error) + _hint(error, options))


def _fail(message: str, status: int = 2) -> int:
    sys.stderr.write(f"{message}\n")
    return status


def _one_line(error: BaseException) -> str:
    """An exception of the user's code: its place there, its type and its message."""
    message = " ".join(str(error).split())
    if isinstance(error, SyntaxError) and error.filename and not error.filename.startswith("<"):
        return f"{error.filename}:{error.lineno or 1}: {type(error).__name__}: {error.msg}"
    told = f"{type(error).__name__}{': ' if message else ''}{message}"
    place = _place(error)
    return f"{place}: {told}" if place else f"s2sad: {told}"


def _hint(error: Exception, options: argparse.Namespace | None) -> str:
    """The rest of a message: lists may have been meant as arrays."""
    lists = [token for token in getattr(options, "at", ()) if re.fullmatch(r"\s*(\w+=)?\[.*\]\s*", token)]
    return "; an array is written '[1.0, 2.0]:array'" if lists and isinstance(error, (TypeError, AttributeError)) else ""


def _place(error: BaseException) -> str:
    """The last line that is the user's; nothing where there is none."""
    libraries = (HERE + os.sep, os.path.dirname(np.__file__) + os.sep, "<frozen", "<rule", "<__array_function__")
    frames = [f for f in traceback.extract_tb(error.__traceback__) if not f.filename.startswith(libraries)]
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
