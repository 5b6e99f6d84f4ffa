"""The line from a call to a compiled path that keeps its control flow."""
from __future__ import annotations

import copy
import traceback
from typing import Any

from s2sad import trees
from s2sad.api.compilation import Body, Observe, Path, _check_output, _parameter, finisher, record, split, stronger
from s2sad.emit.build import build, same_objects
from s2sad.emit.regions import emit
from s2sad.emit.statements import Text
from s2sad.errors import CannotKeep, InvalidIR, Location, S2sadError
from s2sad.ir.program import Const, Function
from s2sad.ir.verify import verify
from s2sad.ir.writing import Box
from s2sad.keep.keeper import Keeper
from s2sad.keep.sizes import How
from s2sad.keep.walk import LongWalk
from s2sad.machine.frames import deep
from s2sad.machine.transforms import definition
from s2sad.passes import KEPT, KEPT_NEEDED
from s2sad.runtime import asking, notices
from s2sad.runtime.control import GivenUp, OtherPath, Undone
from s2sad.runtime.finite import quiet
from s2sad.settings import Settings

ATTEMPTS = tuple(How(*sizes, within) for sizes in ((True, False), (True, True), (False, False)) for within in (False, True))
"""What to take for granted, from nothing to everything."""


def keep_path(body: Body, name: str, arguments: Any, leaves: list[Any], names: list[str], settings: Settings,
              observe: Observe | None = None) -> Path:  # fmt: skip
    """Compile `body` with its loops and branches. Raises CannotKeep, or what else refuses the function, with the most general reason."""
    reasons: list[S2sadError] = []
    cut = False
    for how in map(copy.copy, ATTEMPTS):
        if how.within and not cut:
            continue  # it is the same as the attempt before
        try:
            return _attempt(body, name, arguments, leaves, names, settings, observe, how)
        except LongWalk:
            raise
        except S2sadError as error:
            reason = error
        except IndentationError:  # Python has a limit
            reason = CannotKeep("the branches of the compiled code would lie too deep in one another", None, 'use control="record"')
        except Exception as error:  # a fault of s2sad, which the recorded path does not have
            reason = InvalidIR(f"keeping control flow failed with {type(error).__name__}: {error}")
        if how.within and len(reasons) == 1:
            reasons.clear()  # what was refused for a length alone is refused for something else as well
        reasons.append(reason)
        cut = how.cut
    if reasons[0].location is None:
        reasons[0] = type(reasons[0])(reasons[0].reason, whole(body), reasons[0].hint)
    raise reasons[0]


NUMERICAL = (ArithmeticError, Warning)
"""What numbers make code raise: those of Python where recorded code gives an infinity or a NaN, those of NumPy where it is told to."""


def whole(body: Body) -> Location | None:
    """The place of what is about the function as a whole."""
    return definition(asking.attribute(asking.receiver(body), "function"))


def its_own(body: Body, structure: Any, leaves: list[Any], budget: int) -> Exception | None:
    """What the function itself raises in a call, as far as a walk tells that does nothing and is not long."""
    try:
        with quiet():
            record(body, "function", structure, leaves, [f"x{k}" for k in range(len(leaves))], Undone(), budget)
    except (S2sadError, GivenUp):
        return None
    except Exception as error:
        return error
    return None


def left_out(path: Path, leaves: list[Any], body: Body) -> S2sadError:
    """Why a path that was compiled for these arguments does not serve them."""
    try:
        with notices.again():
            path.built.run(*leaves)
    except OtherPath as error:
        known = path.built.text.lines
        numbers = [number for frame, number in traceback.walk_tb(error.__traceback__) if frame.f_code is path.built.run.__code__]
        place = next((known[n].place for number in numbers for n in (number, number - 1) if n in known), None) or whole(body)
        return CannotKeep("the compiled code leaves out the way of these arguments", place, 'use control="record"')
    except NUMERICAL as error:
        reason = CannotKeep(f"the compiled code raises {type(error).__name__}", whole(body), 'use control="record"')
        reason.__cause__ = error
        return reason
    except Exception as error:
        return InvalidIR(f"the compiled code fails with {type(error).__name__}: {error}", whole(body))
    return CannotKeep("what the function reads from outside changes during the call", whole(body), 'use control="record"')


def passed_by(path: Path, leaves: list[Any], body: Body) -> S2sadError:
    """Why a path that keeps the ways of some calls does not serve another one, though its arguments are of the same kind."""
    if not path.built.holds():
        return CannotKeep("what the function reads from outside is another code or of another kind in many calls", whole(body),
                          'use control="record"')  # fmt: skip
    reason = left_out(path, leaves, body)
    return CannotKeep("the ways of many calls are others than those that are kept", reason.location, 'use control="record"')


def _attempt(body: Body, name: str, arguments: Any, leaves: list[Any], names: list[str], settings: Settings, observe: Observe | None,
             how: How) -> Path:  # fmt: skip
    seen = observe or (lambda stage, what: None)
    function, structure = keep(body, name, arguments, leaves, names, how, 0)
    verify(function)
    seen("adjoint", function)
    parts = split(function, structure, len(leaves))
    made = [finish(part, settings) for part in parts]
    again = [finish(part, settings) for part in split(keep(body, name, arguments, leaves, names, how, 1)[0], structure, len(leaves))]
    if not all(one.source == other.source and same_objects(one.namespace, other.namespace)
               for (_, one), (_, other) in zip(made, again, strict=True)):  # fmt: skip
        raise CannotKeep("the code would depend on sizes that are not known", None, 'use control="record"')
    seen("optimised", made[0][0])
    seen("code", made[0][1])
    shapes = (structure, structure.children[1] if structure is not None and len(made) > 1 else None)
    paths = [Path(build(text), optimised, shape, finisher(shape), how.generic, stronger(part, settings, finish))
             for (optimised, text), shape, part in zip(made, shapes, parts, strict=False)]  # fmt: skip
    paths[0].pullback = paths[1] if len(paths) > 1 else None
    return paths[0]


def finish(function: Function, settings: Settings) -> tuple[Function, Text]:
    """Optimise and print."""
    for each in KEPT if settings.optimise else KEPT_NEEDED:
        function = each(function)
        if settings.verify:
            verify(function)
    return function, emit(function)


def keep(body: Body, name: str, arguments: Any, leaves: list[Any], names: list[str], how: How, series: int
         ) -> tuple[Function, trees.Structure]:  # fmt: skip
    """The list of a function with its regions, and the structure of its result."""
    machine = Keeper(how, series)
    boxes = [_parameter(machine, leaf, title) for leaf, title in zip(leaves, names, strict=True)]
    args, kwargs = machine.taken_apart(trees.unflatten(arguments, boxes, machine.adopt))
    with notices.again(), deep():
        result = body(machine, args, kwargs)
    outputs, structure = trees.flatten(result, opened=trees.EVERY)
    for output in outputs:
        _check_output(output)
    results = tuple(b.var if isinstance(b, Box) else Const(b) for b in outputs)
    return Function(name, tuple(machine.inputs), tuple(machine.statements), results, machine.names), structure
