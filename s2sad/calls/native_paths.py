"""Native code for a path: asked for where the backend is to have it. Where it is not available, that is an error, or noted as a reason."""
from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from s2sad.calls import tiers
from s2sad.calls.call import Call
from s2sad.calls.choice import Choice
from s2sad.calls.path import Path
from s2sad.emit.build import Built
from s2sad.errors import CannotBeNative, S2sadError
from s2sad.loading import at_first_use
from s2sad.machine.transforms import definition
from s2sad.runtime import notices
from s2sad.runtime.control import Undone
from s2sad.runtime.progress import under_way

if TYPE_CHECKING:
    from s2sad import native
else:
    native = at_first_use("s2sad.native")

HINT = 'use backend="auto", which takes Python where there is no native code, or backend="python"'
STATEMENTS_RECORDED = 500  # which a recording may have that is compiled to native code: it takes some milliseconds for each


def native_or_not(choice: Choice, call: Call, path: Path) -> Path:
    """The path with native code, or as it is where the backend says so. Raises CannotBeNative where native code was asked for."""
    if not choice.wants_native(call):
        return path
    try:
        with under_way("compiling native code"):
            return made_native(choice, call, path)
    except CannotBeNative as error:
        reason = placed(error, call.derived.function)
        if choice.settings.backend == "numba":
            raise reason from error.__cause__
        choice.trials.interpret(call.kind, reason)
        return path


def made_native(choice: Choice, call: Call, path: Path) -> Path:
    """The path with native code, which was compiled for this call. Raises CannotBeNative."""
    if choice.settings.backend == "auto" and (reason := tiers.in_vain(path, call.leaves)):
        raise CannotBeNative(reason)
    made = natively(choice, path)
    try:
        with notices.again():
            made.built.run(*call.leaves)
    except Exception as error:  # if the code leaves this call, it is left again
        if type(error).__module__.partition(".")[0] == "numba":
            raise CannotBeNative(f"Numba does not compile it: {first_line(error)}") from error
    path.behind, made.hits, made.at_once, made.uses, made.meter = True, 0, None, None, None
    made.interpreted, made.built = path, told_nothing(made.built)
    if path.pullback is not None and made.pullback is path.pullback:
        made.pullback = second_half(choice, path.pullback)
    return made


def natively(choice: Choice, path: Path) -> Path:
    """The path with native code, which has answered nothing yet. Raises CannotBeNative, for a fault of s2sad too: the path has none."""
    try:
        made: Path = native.native_path(path, choice.settings)
    except S2sadError:
        raise
    except Exception as error:
        raise CannotBeNative(f"a fault of s2sad, {type(error).__name__}: {first_line(error)}") from error
    return made


def told_nothing(built: Built) -> Built:
    """The code, of which NumPy tells nothing: it runs as it is, and has looked at the arrays that it gives."""
    return replace(built, text=replace(built.text, own=True, numbers=True))


def second_half(choice: Choice, pullback: Path) -> Path:
    """What waits for a cotangent, natively too; it may be in Python where that is the user's choice."""
    try:
        made = natively(choice, pullback)
    except CannotBeNative:
        if choice.settings.backend == "numba":
            raise
        return pullback
    made.interpreted, made.hits = pullback, 0
    return made


def placed(error: CannotBeNative, function: Any) -> CannotBeNative:
    """The error with a place and a hint: where it has none, those of the function."""
    if missing(error):
        return error
    return CannotBeNative(error.reason, error.location or definition(function), error.hint or HINT)


def missing(error: Exception) -> bool:
    """Whether an error is that there is no Numba, for any function."""
    return isinstance(error, CannotBeNative) and error.location is None and error.hint != ""


def neither(choice: Choice, call: Call, error: CannotBeNative) -> CannotBeNative:
    """The error of what is recorded, with what kept loops and branches are refused for."""
    kept = choice.trials.refused.get(call.kind)
    if not kept or missing(error) or error.line == kept:
        return error
    return CannotBeNative(f"{error.reason}; and with loops and branches kept: {kept}", error.location, error.hint)


def first_line(error: Exception) -> str:
    """What an exception says, as far as one line holds it."""
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)


def too_long(call: Call) -> CannotBeNative:
    """A recording has become too long to be compiled."""
    reason = f"this call takes more than {STATEMENTS_RECORDED} operations with its loops unrolled"
    return CannotBeNative(reason, definition(call.derived.function), HINT)


class Pure(Undone):
    """The log of a recording that is to become native code, in which nothing may happen."""

    def done(self, what: Any, action: Any) -> Any:
        name = getattr(what[0], "__name__", type(what[0]).__name__)
        raise CannotBeNative(f"what is called here has an effect, which native code cannot have: {name}()", self.place(), HINT)
