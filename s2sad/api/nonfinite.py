"""The warning of a NaN or an infinity in a result, and where it first arises: the path is replayed, once for each line that calls it."""
from __future__ import annotations

import warnings
from collections.abc import MutableMapping
from itertools import islice
from typing import Any

from s2sad import errors
from s2sad.api.compilation import Path
from s2sad.errors import NonFiniteWarning
from s2sad.ir.interpret import run
from s2sad.ir.liveness import has_effects
from s2sad.ir.program import Assign
from s2sad.runtime import notices
from s2sad.runtime.finite import exactly_finite

REPLAYED = 20_000  # operations, those of each step of a loop counted, after which the origin is not looked for any longer
Origins = MutableMapping[Path, dict[tuple[str, int], str]]


def warn(name: str, path: Path, leaves: list[Any], origins: Origins) -> None:
    """Warn the line that calls, unless its warnings go nowhere."""
    text = f"{name}() gives a NaN or an infinity for finite arguments"
    frame, level = errors.calling()
    if notices.action(text, NonFiniteWarning, frame.f_globals.get("__name__") or "<string>", frame.f_lineno) == "ignore":
        return
    found, line = origins.setdefault(path, {}), (frame.f_code.co_filename, frame.f_lineno)
    if line not in found:
        found[line] = origin(path, leaves)
    warnings.warn(text + found[line], NonFiniteWarning, stacklevel=level)


def origin(path: Path, leaves: list[Any]) -> str:
    """Where a NaN or an infinity first arises, as the rest of the sentence; empty where it is not found."""
    if has_effects(path.function):
        return ""
    for statement, values in islice(run(path.function, list(leaves)), REPLAYED):
        if not all(map(exactly_finite, values)) and isinstance(statement, Assign):
            part, place = "its adjoint of " if statement.phase else "", statement.location
            return f", which first arises in {part}{place.file}:{place.line}: {place.text().strip()}" if place else ""
    return ""
