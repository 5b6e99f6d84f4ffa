"""Running a path for a call: whether it serves, and its results, if need be those with strong products."""
from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from s2sad.calls.path import Path
from s2sad.ir.liveness import is_effect
from s2sad.machine.foreign import leaves_arrays
from s2sad.runtime import notices
from s2sad.runtime.control import Effects, changed
from s2sad.runtime.finite import exactly_finite, finite, same_value
from s2sad.runtime.strong import holds_nan


def run(path: Path, leaves: list[Any], effects: Effects) -> Any:
    """The results of a path, None where it does not apply."""
    built = path.built
    if not built.holds() or (effects.happened and not built.text.effects):  # which would read what has been changed by now
        return None
    if path.interpreted is not None and not notices.lenient():  # it would not be told
        return None
    try:
        with nullcontext() if path.interpreted is None else notices.again():  # native code says nothing, and no text in front of it
            return built.start(leaves, effects)
    except Exception:  # whatever it is, recording the call anew gives the right answer or the user's exception
        if effects.happened and not built.holds():
            raise changed(next(s.location for s in path.function.statements if is_effect(s))) from None
        return None


def first(paths: tuple[Path, ...], leaves: list[Any], effects: Effects) -> tuple[Path, Any] | None:
    """The first of some paths that applies, and its results. What native code leaves, the path behind it answers."""
    for path in paths:
        results = run(path, leaves, effects)
        if path.interpreted is not None and not sound(results):
            path = path.interpreted
            results = run(path, leaves, effects)
        if results is not None:
            return path, results
    return None


def sound(results: Any) -> bool:
    """Whether what native code gave is to be believed: it was not left, and nobody has to be told of a NaN or an infinity."""
    return results is not None and (all(map(finite, results)) or all(map(exactly_finite, results)))


def strengthened(path: Path, leaves: list[Any], effects: Effects, results: Any) -> tuple[Path, Any]:
    """The results of a path that has given a NaN or an infinity, with products in which 0 times anything is 0 if that changes them.

    Before them comes the path that tells of what is not finite in them.
    """
    strong = path.strong if holds_nan(results) else None
    if strong is None:
        return path, results
    with notices.again():
        found = run(strong, leaves, effects)
    # Then the value comes out as another one.
    if found is None or (may_write(effects) and not same_value(found[0], results[0])):
        return strong, results
    if not all(map(same_value, found, results)):
        path.adopt(strong)
    return strong, found


def may_write(effects: Effects) -> bool:
    """Whether something that was done in a call may have written into an array that was read before: a second run would read it anew."""
    return not all(leaves_arrays(*entry.subject) for entry in effects.entries[1:])
