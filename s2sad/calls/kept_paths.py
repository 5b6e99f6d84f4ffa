"""From a walk to a path that keeps its loops and branches: keep, optimise, emit, build."""
from __future__ import annotations

from typing import Any

from s2sad import trees
from s2sad.calls.path import Path, finisher, stronger
from s2sad.calls.recorded_paths import split
from s2sad.calls.walk import Observe, Walk
from s2sad.collecting import seldom_collected, uncollected
from s2sad.emit.build import build
from s2sad.emit.late import computed_late
from s2sad.emit.regions import emit
from s2sad.emit.sizes_first import sizes_first
from s2sad.emit.statements import Text
from s2sad.errors import CannotKeep, InvalidIR, S2sadError
from s2sad.ir.program import Function
from s2sad.ir.verify import verify, verify_again, well_formed
from s2sad.keep.forks import Again
from s2sad.keep.keeper import Keeper
from s2sad.keep.orders import Unsettled
from s2sad.keep.outside_state import Changed
from s2sad.keep.walks import LongWalk
from s2sad.machine.recursion import deep
from s2sad.passes import NEEDED, PASSES
from s2sad.passes.strengthen import decided
from s2sad.runtime import notices
from s2sad.settings import Settings


def keep_path(walk: Walk, settings: Settings, observe: Observe | None = None) -> Path:
    """Compile a walk with its loops and branches, for any sizes, or else for those of the call. Raises CannotKeep, or what else refuses the
    function, with the more general reason."""
    reasons: list[S2sadError] = []
    for exact in (False, True):
        try:
            return _kept(walk, settings, observe, exact)
        except LongWalk:
            raise
        except S2sadError as error:
            if settings.verify and isinstance(error, InvalidIR):
                raise
            reasons.append(error)
        except IndentationError:  # Python has a limit
            reasons.append(CannotKeep("the branches of the compiled code would lie too deep in one another", None, 'use control="record"'))
        except Exception as error:
            if isinstance(error, NameError) and error.name is None:  # which the plain call raises in its own time
                reasons.append(CannotKeep(str(error), None, 'use control="record"'))
                continue
            # a fault of s2sad, which the recorded path does not have
            reasons.append(InvalidIR(f"keeping control flow failed with {type(error).__name__}: {error}"))
    reason = reasons[0]
    kind = CannotKeep if isinstance(reason, CannotKeep) else type(reason)
    if reason.location is not None and type(reason) is kind:
        raise reason
    raise kind(reason.reason, reason.location or walk.place, reason.hint)


def _kept(walk: Walk, settings: Settings, observe: Observe | None, exact: bool) -> Path:
    with seldom_collected():
        function, structure, machine = keep(walk, exact)
    with uncollected():
        (verify if settings.verify else well_formed)(function)
        if observe is not None:
            observe(walk.stage, function)
        parts = split(function, structure, len(walk.leaves))
        made = [finish(part, settings, *parts[:k]) for k, part in enumerate(parts)]
        if observe is not None:
            observe("optimised", made[0][0])
            observe("code", made[0][1])
        shapes = (structure, structure.children[1] if structure is not None and len(made) > 1 else None)
        paths = [Path(build(text, watched), optimised, shape, finisher(shape), not exact, stronger(part, settings, finish),
                      catches=machine.forks.catches, fills=bool(machine.filled))
                 for (optimised, text), shape, part, watched in zip(made, shapes, parts, (True, False), strict=False)]  # fmt: skip
    paths[0].pullback = paths[1] if len(paths) > 1 else None
    return paths[0]


def compiled_again(function: Function, path: Path, settings: Settings) -> Path:
    """A path of a list that is like the one that a path without a second half, which catches nothing, was made of."""
    function = decided(function)
    optimised, text = finish(function, settings)
    return Path(build(text, True), optimised, path.structure, finisher(path.structure), path.kept, stronger(function, settings, finish))


def finish(function: Function, settings: Settings, after: Function | None = None) -> tuple[Function, Text]:
    """Optimise and print; of a second half, `after` is the first."""
    if settings.verify:
        verify(function, after)
    for each in PASSES if settings.optimise else NEEDED:
        given, function = function, each(function)
        if settings.verify:
            verify_again(function, given, after)
    return function, emit(computed_late(sizes_first(function)))


def keep(walk: Walk, exact: bool, changed: dict[Any, Any] | None = None, settles: bool = False) -> tuple[Function, trees.Structure, Keeper]:
    """The list of a function with its regions, the structure of its result, and the machine that knows what else it does."""
    machine = Keeper(exact, changed, settles)
    args, kwargs = walk.start(machine)
    try:
        with notices.again(), deep():
            result = walk.body(machine, args, kwargs)
    except Again:
        return keep(walk, exact, changed, settles)
    except Changed as found:
        return keep(walk, exact, {**(changed or {}), found.key: found.owner}, settles)
    except Unsettled:
        return keep(walk, exact, changed, True)
    function, structure, _ = walk.end(machine, result)
    machine.deciding.settle_types()
    return function, structure, machine
