"""Why a call is not served: by the function, which raises, or by a path that was compiled for such calls."""
from __future__ import annotations

import traceback
from typing import Any

from s2sad.calls.path import Path
from s2sad.calls.recorded_paths import record
from s2sad.calls.walk import Walk
from s2sad.errors import CannotKeep, InvalidIR, S2sadError
from s2sad.machine.transforms import definition
from s2sad.runtime import notices
from s2sad.runtime.control import GivenUp, OtherPath, Undone
from s2sad.runtime.finite import quiet

NUMERICAL = (ArithmeticError, Warning)
"""What numbers make code raise: those of Python where recorded code gives an infinity or a NaN, those of NumPy where it is told to."""


STATEMENTS_WALKED = 2000  # after which it is not looked for any longer what the function itself raises


def its_own(walk: Walk) -> Exception | None:
    """What the function itself raises in a call, as far as a walk tells that does nothing and is not long."""
    try:
        with quiet():
            record(walk, Undone(), STATEMENTS_WALKED)
    except (S2sadError, GivenUp):
        return None
    except Exception as error:
        return error
    return None


def left_out(path: Path, leaves: list[Any], function: Any) -> S2sadError:
    """Why a path that was compiled for these arguments does not serve them; where no line says more, the function is named."""
    try:
        with notices.again():
            path.built.run(*leaves)
    except OtherPath as error:
        known = path.built.text.lines
        numbers = [number for frame, number in traceback.walk_tb(error.__traceback__) if frame.f_code is path.built.run.__code__]
        place = next((known[n].place for number in numbers for n in (number, number - 1) if n in known), None) or definition(function)
        return CannotKeep("the compiled code does not cover the path of these arguments", place, 'use control="record"')
    except Exception as error:
        if not isinstance(error, NUMERICAL) and not path.catches:
            return InvalidIR(f"the compiled code fails with {type(error).__name__}: {error}", definition(function))
        reason = CannotKeep(f"the compiled code raises {type(error).__name__}", definition(function), 'use control="record"')
        reason.__cause__ = error
        return reason
    return CannotKeep("what the function reads from outside changes during the call", definition(function), 'use control="record"')


def passed_by(path: Path, leaves: list[Any], function: Any) -> S2sadError:
    """Why a path that keeps the ways of some calls does not serve another one, though its arguments are of the same kind."""
    if not path.built.holds():
        return CannotKeep("what the function reads from outside is different code, or of a different type, in many calls",
                          definition(function), 'use control="record"')  # fmt: skip
    reason = left_out(path, leaves, function)
    return CannotKeep("many calls take other paths than those that are kept", reason.location, 'use control="record"')
