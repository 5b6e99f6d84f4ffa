"""What is said about a call beside its result: that a NaN or an infinity arises in it, and where; that it is slow, and why."""
from __future__ import annotations

import warnings
import weakref
from itertools import islice
from typing import TYPE_CHECKING, Any

from s2sad import errors
from s2sad.errors import FaultWarning, NonFiniteWarning, S2sadError, SlowPathWarning
from s2sad.loading import at_first_use
from s2sad.runtime import notices
from s2sad.runtime.finite import exactly_finite, nonfinite_warnings

if TYPE_CHECKING:
    from s2sad import excerpts
    from s2sad.calls.path import Path
    from s2sad.ir import interpret, liveness, program
else:
    excerpts = at_first_use("s2sad.excerpts")
    interpret, liveness, program = map(at_first_use, ("s2sad.ir.interpret", "s2sad.ir.liveness", "s2sad.ir.program"))

REPLAYED = 20_000  # operations, those of each step of a loop counted, after which the origin is not looked for any longer


class Report:
    """The warnings of one derived function, each given at the line that calls it; `name` is what that is called there.

    It holds where the results of a path cease to be finite: a path is replayed once for each line that calls it.
    """

    def __init__(self) -> None:
        self._origins: weakref.WeakKeyDictionary[Path, dict[tuple[str, int], str]] = weakref.WeakKeyDictionary()

    def nonfinite(self, name: str, path: Path, leaves: list[Any], results: Any, arose: bool | None = None) -> None:
        """A NaN or an infinity in the results of a path that the arguments do not have, unless it is known that it arose in the call.

        Where the warnings of the line go nowhere, its place is not looked for.
        """
        if all(map(exactly_finite, results)) or not nonfinite_warnings() or not (arose or all(map(exactly_finite, leaves))):
            return
        text = f"{name}() gives a NaN or an infinity for finite arguments"
        frame, level = errors.calling()
        if notices.action(text, NonFiniteWarning, frame.f_globals.get("__name__") or "<string>", frame.f_lineno) == "ignore":
            return
        found, line = self._origins.setdefault(path, {}), (frame.f_code.co_filename, frame.f_lineno)
        if line not in found:
            found[line] = origin(path, leaves)
        warnings.warn(text + found[line], NonFiniteWarning, stacklevel=level)

    def fault(self, fault: S2sadError, instead: str = "the call is recorded instead") -> None:
        """Compiled code has given another value than the function."""
        errors.warn(f"{fault.reason}; {instead}. This is a fault of s2sad: please report it with the program",
                    FaultWarning)  # fmt: skip

    def compiled_anew(self, name: str, why: S2sadError) -> None:
        """A path does not serve the very call it was recorded in."""
        errors.warn(f"{name}() is compiled again in each call like this one: {why.line}", SlowPathWarning)

    def many_ways(self, name: str, room: int, control: str, reason: str | None) -> None:
        """Calls take more ways than there is room for, so that they are compiled again and again."""
        text = f"{name}() takes more paths than the {room} that are remembered, so calls are compiled again and again"
        if control == "record":
            text += '; control="auto" keeps loops and branches'
        elif reason is not None:
            text += f"; they are not kept: {reason}"
        errors.warn(text, SlowPathWarning)


def origin(path: Path, leaves: list[Any]) -> str:
    """Where a NaN or an infinity first arises, as the rest of the sentence; empty where it is not found."""
    if liveness.has_effects(path.function):
        return ""
    for statement, values in islice(interpret.run(path.function, list(leaves)), REPLAYED):
        if not all(map(exactly_finite, values)) and isinstance(statement, program.Assign):
            part, place = "its adjoint of " if program.shown_phase(statement.phase) else "", statement.location
            line = excerpts.quoted(place.text(), place.column) if place else ""
            return f", which first arises in {part}{place.named}:{place.line}: {line}" if place else ""
    return ""
