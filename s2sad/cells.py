"""Where IPython runs: what it calls the text that it runs, `In[5]` for a cell, and how it shows refusals. It is asked, and never loaded."""
from __future__ import annotations

import re
import sys
from types import TracebackType
from typing import Any

CELL = re.compile(r"<ipython-input-(\d+)-\w+>")
NAMED = re.compile(r"In\[\d+\]")
COLOUR, ARROW = re.compile(r"\x1b\[[\d;]*m"), re.compile("-+> ")
FRAMES = 3  # as many are shown


def shell() -> Any:
    """The shell of IPython that runs in this process, None where there is none."""
    get = getattr(sys.modules.get("IPython"), "get_ipython", None)
    return get() if get is not None else None


def cell(file: str) -> str | None:
    """What IPython calls a file that is the text of a cell, by the number of its last run; None for other files.

    >>> cell("<ipython-input-5-0123456789ab>"), cell("model.py")
    ('In[5]', None)
    """
    ask = getattr(getattr(shell(), "compile", None), "format_code_name", None)
    named = ask(file) if ask is not None else None
    if named is not None:
        return str(named[1])
    found = CELL.fullmatch(file)
    return f"In[{found[1]}]" if found else None


def rendered(error: BaseException) -> list[str]:
    """What IPython shows of an exception, of each frame the line alone, and of many frames the first and the last."""
    parts = shell().InteractiveTB.structured_traceback(type(error), error, error.__traceback__, None, 2)
    frames = [place for place, part in enumerate(parts) if _marked(part)]
    shown = [_line_alone(part) for part in parts]
    if len(frames) > FRAMES:
        shown[frames[1] : frames[-1]] = [f"[{len(frames) - 2} calls between]\n"]
    return shown


def _marked(part: str) -> list[str]:
    """The lines of a text that have an arrow, those of a frame."""
    return [line for line in part.split("\n") if ARROW.match(COLOUR.sub("", line))]


def _line_alone(part: str) -> str:
    marked = _marked(part)
    return "\n".join([part.split("\n")[0], *marked, ""]) if marked else part


def show_like_others(kind: type[SyntaxError]) -> None:
    """Let IPython show these errors as it shows others, not as mistakes of spelling, which it has a way of its own for.

    Where a program or the user has told it how to show exceptions, that stays.
    """
    running = shell()
    if running is not None and not running.custom_exceptions:
        running.set_custom_exc((kind,), _show)


def _show(running: Any, kind: type[BaseException], error: BaseException, traceback: TracebackType, tb_offset: int | None = None) -> None:
    as_others = type(kind.__name__, (Exception,), {"__module__": kind.__module__})
    running.showtraceback((as_others, error, traceback), tb_offset=tb_offset)
