"""What `s2sad cache` says of the machine code that is stored on disk, and which of it is removed."""
from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from s2sad.cli.refused import InputError
from s2sad.native import files
from s2sad.native.files import Entry

DAY = 86400.0
VERSIONS = ("s2sad", "numba", "python")
SPANS = ((60.0, "s"), (3600.0, "min"), (DAY, "h"))
OFF = "nothing is stored: S2SAD_CACHE_DIR is empty, or there is no home directory"


def place() -> Path:
    """The directory. Raises InputError where there is none."""
    found = files.directory()
    if found is None:
        raise InputError(OFF)
    return found


def described(shown: Path) -> str:
    """The directory, how much is in it, and what, one function with its types a line, that used last first."""
    found = files.entries(shown)
    rows = [("function", "types", "size", "made", "used", *VERSIONS), *map(_row, found)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    table = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([f"{shown}: {_count(found)} of at most {_size(files.limit())}", *(table if found else ())])


def removed(shown: Path, days: float) -> str:
    """Remove what was not used for so many days, and say how much that was."""
    if not days >= 0.0:
        raise InputError(f"--older {days:g}: a number of days is 0 or more")
    return f"{shown}: {_count(files.clear(shown, days * DAY))} removed"


def as_json(shown: Path) -> dict[str, Any]:
    """All that is known of what is stored."""
    entries = [{"file": entry.path.name, "size": entry.size, "used": entry.used, **entry.header} for entry in files.entries(shown)]
    return {"directory": str(shown), "limit": files.limit(), "entries": entries}


def _row(entry: Entry) -> tuple[str, ...]:
    told, now = entry.header, time.time()
    title = str(told.get("title", f"{entry.path.name} (damaged)"))
    made = _age(now - told["made"]) if isinstance(told.get("made"), float) else ""
    versions = (str(told.get(name, "")) for name in VERSIONS)
    return title, str(told.get("types", "")), _size(entry.size), made, _age(now - entry.used), *versions


def _count(entries: list[Entry]) -> str:
    number, size = len(entries), sum(entry.size for entry in entries)
    return f"{number} compiled function{'s' * (number != 1)}, {_size(size)}"


def _size(number: float) -> str:
    for unit in ("bytes", "kB", "MB"):
        if number < 1024:
            return f"{number:.3g} {unit}" if number < 1000 else f"{number:.0f} {unit}"
        number /= 1024
    return f"{number:.3g} GB"


def _age(seconds: float) -> str:
    below = 1.0
    for span, unit in SPANS:
        if seconds < span:
            return f"{max(seconds, 0.0) / below:.0f} {unit}"
        below = span
    return f"{seconds / DAY:.0f} d"
