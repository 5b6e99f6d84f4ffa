"""From a walk to a path that keeps its loops and branches: keep, optimise, emit, build."""
from __future__ import annotations

import copy

from s2sad import trees
from s2sad.api.path import Path, finisher, stronger
from s2sad.api.recorded_paths import split
from s2sad.api.walk import Observe, Walk
from s2sad.emit.build import build, same_objects
from s2sad.emit.regions import emit
from s2sad.emit.statements import Text
from s2sad.errors import CannotKeep, InvalidIR, S2sadError
from s2sad.ir.program import Function
from s2sad.ir.verify import verify
from s2sad.keep.cuts import How
from s2sad.keep.forks import Again
from s2sad.keep.keeper import Keeper
from s2sad.keep.walks import LongWalk
from s2sad.machine.recursion import deep
from s2sad.passes import KEPT, KEPT_NEEDED
from s2sad.runtime import notices
from s2sad.settings import Settings

ATTEMPTS = tuple(How(*sizes, within) for sizes in ((True, False), (True, True), (False, False)) for within in (False, True))
"""What to take for granted, from nothing to everything."""


def keep_path(walk: Walk, settings: Settings, observe: Observe | None = None) -> Path:
    """Compile a walk with its loops and branches. Raises CannotKeep, or what else refuses the function, with the most general reason."""
    reasons: list[S2sadError] = []
    cut = False
    for how in map(copy.copy, ATTEMPTS):
        if how.within and not cut:
            continue  # it is the same as the attempt before
        try:
            return _attempt(walk, settings, observe, how)
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
        reasons[0] = type(reasons[0])(reasons[0].reason, walk.place, reasons[0].hint)
    raise reasons[0]


def _attempt(walk: Walk, settings: Settings, observe: Observe | None, how: How) -> Path:
    seen = observe or (lambda stage, what: None)
    function, structure = keep(walk, how, 0)
    verify(function)
    seen("adjoint", function)
    given = len(walk.leaves)
    parts = split(function, structure, given)
    made = [finish(part, settings) for part in parts]
    again = [finish(part, settings) for part in split(keep(walk, how, 1)[0], structure, given)]
    if not all(one.source == other.source and same_objects(one.namespace, other.namespace)
               for (_, one), (_, other) in zip(made, again, strict=True)):  # fmt: skip
        raise CannotKeep("the code would depend on sizes that are not known", None, 'use control="record"')
    seen("optimised", made[0][0])
    seen("code", made[0][1])
    shapes = (structure, structure.children[1] if structure is not None and len(made) > 1 else None)
    paths = [Path(build(text, watched), optimised, shape, finisher(shape), how.generic, stronger(part, settings, finish),
                  catches=how.catches)
             for (optimised, text), shape, part, watched in zip(made, shapes, parts, (True, False), strict=False)]  # fmt: skip
    paths[0].pullback = paths[1] if len(paths) > 1 else None
    return paths[0]


def finish(function: Function, settings: Settings) -> tuple[Function, Text]:
    """Optimise and print."""
    for each in KEPT if settings.optimise else KEPT_NEEDED:
        function = each(function)
        if settings.verify:
            verify(function)
    return function, emit(function)


def keep(walk: Walk, how: How, series: int) -> tuple[Function, trees.Structure]:
    """The list of a function with its regions, and the structure of its result."""
    machine = Keeper(how, series)
    args, kwargs = walk.start(machine)
    try:
        with notices.again(), deep():
            result = walk.body(machine, args, kwargs)
    except Again:
        return keep(walk, how, series)
    function, structure, _ = walk.end(machine, result)
    return function, structure
