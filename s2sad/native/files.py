"""Machine code on disk: where it lies, a file for each function and the types it was compiled for, and how much there may be of it.

Whatever is wrong with the disk is no error: what cannot be read is not there, what cannot be written is left. A file comes into being under
another name and is renamed, so that processes and machines may share a directory, and no lock is needed. What is read was written by the
same user, may be written by nobody else, and is as it was written: it holds objects that reading runs code for.
"""
from __future__ import annotations

import contextlib
import hashlib
import json
import math
import os
import re
import stat
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from s2sad.quickly import dataclass

PLACE, SIZE = "S2SAD_CACHE_DIR", "S2SAD_CACHE_SIZE"
MOST = 256 * 2**20
FORMAT, SUFFIX, UNFINISHED = b"s2sad machine code, 1\n", ".code", ".unfinished"
ABANDONED = 3600.0
HEADER = 2**20
NEVER = ("", "0")
UNITS = {"": 1, "k": 2**10, "m": 2**20, "g": 2**30}
Header = dict[str, Any]


def directory() -> Path | None:
    """Where machine code is stored; None where nothing is to be, or there is no place for it."""
    asked = os.environ.get(PLACE)
    if asked is not None:
        return Path(os.path.abspath(os.path.expanduser(asked))) if asked.strip() not in NEVER else None
    place = _of_the_platform()
    return place and place / "s2sad"


def _of_the_platform() -> Path | None:
    """Where programs keep what they can make anew."""
    told = os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_CACHE_HOME", "")
    if os.path.isabs(told):
        return Path(told)
    parts = ("AppData", "Local") if os.name == "nt" else ("Library", "Caches") if sys.platform == "darwin" else (".cache",)
    try:
        return Path.home().joinpath(*parts)
    except RuntimeError:  # nobody's home
        return None


def limit() -> int:
    """How many bytes there may be."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([kmg]?)i?b?\s*", os.environ.get(SIZE, "").lower())
    return int(float(found[1]) * UNITS[found[2]]) if found else MOST


# One file


def write(place: Path, name: str, header: Header, content: bytes) -> None:
    """Store what was compiled; what was used longest ago makes room for it."""
    told = json.dumps(header).encode() + b"\n"
    digest = hashlib.sha256(told + content).hexdigest().encode() + b"\n"
    if len(content) > limit():
        return
    unfinished = place / f"{name}.{uuid.uuid4().hex[:16]}{UNFINISHED}"
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.writelines((FORMAT, digest, told, content))
            os.replace(unfinished, place / (name + SUFFIX))
        except BaseException:
            _removed(unfinished)
            raise
        _make_room(place)
    except OSError:
        return


def read(place: Path, name: str) -> tuple[Header, bytes] | None:
    """What was stored under a name, if all of it is there; what is damaged is removed."""
    path = place / (name + SUFFIX)
    try:
        with open(path, "rb") as file:
            if not _own(os.fstat(file.fileno())):
                return None
            text = file.read()
    except OSError:
        return None
    found = _parts(text)
    if found is None:
        _removed(path)
        return None
    with contextlib.suppress(OSError):
        os.utime(path)  # it is used now
    return found


def _own(status: os.stat_result) -> bool:
    """Whether a file is one that nobody but this user can have written."""
    mine = not hasattr(os, "geteuid") or (status.st_uid == os.geteuid() and not status.st_mode & 0o022)
    return mine and stat.S_ISREG(status.st_mode)


def _parts(text: bytes) -> tuple[Header, bytes] | None:
    """What a file tells of itself, and the rest; None where it is not as it was written."""
    form, _, rest = text.partition(b"\n")
    digest, _, rest = rest.partition(b"\n")
    if form + b"\n" != FORMAT or hashlib.sha256(rest).hexdigest().encode() != digest:
        return None
    told, _, content = rest.partition(b"\n")
    return json.loads(told), content


def _removed(path: Path) -> bool:
    try:
        path.unlink()
    except OSError:
        return False
    return True


# All of them


@dataclass(frozen=True)
class Entry:
    """A file, as it is shown: what it tells of itself is empty where that cannot be read."""

    path: Path
    size: int
    used: float
    header: Header


def entries(place: Path) -> list[Entry]:
    """What is stored, that used last first."""
    found = [Entry(path, status.st_size, status.st_mtime, _header(path)) for path, status in _files(place, SUFFIX)]
    return sorted(found, key=lambda entry: -entry.used)


def clear(place: Path, older: float = 0.0) -> list[Entry]:
    """Remove what was not used for so many seconds, and what is unfinished as long; return what is gone."""
    last = time.time() - older if older else math.inf  # clocks of machines that share a directory differ
    for path, status in _files(place, UNFINISHED):
        if status.st_mtime <= last:
            _removed(path)
    return [entry for entry in entries(place) if entry.used <= last and _removed(entry.path)]


def _make_room(place: Path) -> None:
    """Remove what was used longest ago where there is too much, and what a process has left unfinished.

    A tenth more goes than has to, so that this is not to be done at each file.
    """
    for path, status in _files(place, UNFINISHED):
        if status.st_mtime < time.time() - ABANDONED:
            _removed(path)
    files = sorted(_files(place, SUFFIX), key=lambda file: file[1].st_mtime)
    most, total = limit(), sum(status.st_size for _, status in files)
    enough = 0.9 * most if total > most else most
    for path, status in files:
        if total <= enough:
            return
        total -= status.st_size * _removed(path)


def _files(place: Path, suffix: str) -> Iterator[tuple[Path, os.stat_result]]:
    """Our files in a directory; another process may remove them meanwhile."""
    try:
        names = [name for name in os.listdir(place) if name.endswith(suffix)]
    except OSError:
        return
    for name in names:
        with contextlib.suppress(OSError):
            yield place / name, os.stat(place / name)


def _header(path: Path) -> Header:
    """What a file tells of itself, without looking at the rest."""
    try:
        with open(path, "rb") as file:
            form, _, told = (file.readline(HEADER) for _ in range(3))
        header = json.loads(told) if form == FORMAT else {}
    except (OSError, ValueError):
        return {}
    return header if isinstance(header, dict) else {}
