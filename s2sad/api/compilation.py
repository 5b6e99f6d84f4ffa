"""The line from a call to a compiled path: record, optimise, emit, build."""
from __future__ import annotations

import functools
import itertools
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from s2sad import rules, trees
from s2sad.api.halves import halves
from s2sad.emit.build import Built, build
from s2sad.emit.regions import emit
from s2sad.emit.statements import Text
from s2sad.errors import NotDifferentiable, refusals
from s2sad.ir.program import Const, Function, Var
from s2sad.ir.verify import verify
from s2sad.ir.writing import Box
from s2sad.machine.foreign import meddles
from s2sad.machine.frames import deep
from s2sad.machine.traced import Traced, any_traced, check_array, strip
from s2sad.passes import NEEDED, PASSES
from s2sad.passes.strengthen import decided, has_products, strengthen
from s2sad.record.changing import Rewalk
from s2sad.record.recorder import Recorder
from s2sad.runtime import asking, notices
from s2sad.runtime.control import Effects, GivenUp
from s2sad.runtime.notices import MACHINE
from s2sad.settings import Settings
from s2sad.source.collecting import seldom_collected, uncollected

Observe = Callable[[str, Any], None]
Finish = Callable[[Function, "Settings"], tuple[Function, Text]]
Body = Callable[[Any, tuple[Any, ...], dict[str, Any]], Any]


@dataclass(eq=False)
class Path:
    """A recorded path, ready to run."""

    built: Built
    function: Function
    structure: trees.Structure
    finish: Callable[[tuple[Any, ...]], Any]
    """From the results to the structure of what the function returned."""
    kept: bool | None = None
    """Whether control flow is kept, for arrays of any shape (True) or of these shapes (False); None for a recorded path."""
    again: Callable[[], tuple[Function, Text]] | None = None
    """Makes the text with strong products, for results that hold a NaN; None where there are no such products."""
    pullback: Path | None = None
    """What waits for a cotangent, where the function is split into halves."""

    @functools.cached_property
    def strong(self) -> Path | None:
        """The same path with strong products, compiled when it is first asked for."""
        if self.again is None:
            return None
        function, text = self.again()
        return replace(self, built=build(text), function=function, again=None)

    def adopt(self, strong: Path) -> None:
        """From now on this path runs the text with strong products first; a call that is under way still finds it."""
        self.built, self.function = strong.built, strong.function


def compile_path(body: Body, name: str, arguments: Any, leaves: list[Any], names: list[str], effects: Effects | None = None,
                 settings: Settings = Settings(), observe: Observe | None = None, budget: int | None = None
                 ) -> tuple[Path, Any]:  # fmt: skip
    """Record `body` on the leaves of `(args, kwargs)`; returns the compiled path and the result of this very call.

    Raises OverBudget where the function takes more statements than `budget`, before anything that may happen only once.
    """
    function, structure, result, machine = _recorded(body, name, arguments, leaves, names, effects, budget)
    with uncollected():
        function, *rest = split(function, structure, len(leaves))
        seen = observe or (lambda stage, what: None)
        seen("adjoint", function)
        path = _compiled(function, structure, settings, finish)
        seen("optimised", path.function)
        seen("code", path.built.text)
        if rest:
            path.pullback = _compiled(rest[0], structure.children[1], settings, finish)
    if rest:
        handed = function.results[trees.count(structure.children[0]) :]
        result = [*result[: -trees.count(structure.children[1])], *(_own(machine.boxes[v].value) for v in handed if isinstance(v, Var))]
    return path, result


def _compiled(function: Function, structure: trees.Structure, settings: Settings, finish: Finish) -> Path:
    optimised, text = finish(function, settings)
    return Path(build(text), optimised, structure, finisher(structure), None, stronger(function, settings, finish))


def split(function: Function, structure: Any, given: int) -> list[Function]:
    """The function, in two halves where some of its parameters come after those it is called with."""
    function = decided(function)
    if len(function.params) == given:
        return [function]
    return [*halves(function, given, trees.count(structure.children[0]))]


def finish(function: Function, settings: Settings) -> tuple[Function, Text]:
    """Optimise and print."""
    for each in PASSES if settings.optimise else NEEDED:
        function = each(function)
        if settings.verify:
            verify(function)
    return function, emit(function)


def stronger(function: Function, settings: Settings, finish: Finish) -> Callable[[], tuple[Function, Text]] | None:
    """How the text with strong products is made of a list that no pass has seen; None where it has no product of a cotangent."""
    return (lambda: finish(strengthen(function), settings)) if has_products(function) else None


@functools.lru_cache(maxsize=256)
def finisher(structure: trees.Structure) -> Callable[[tuple[Any, ...]], Any]:
    """A function that puts results in place; for tuples and lists a display, which costs next to nothing."""
    if isinstance(structure, trees.Node) and structure.kind is tuple and all(c is None for c in structure.children):
        return tuple
    scope: dict[str, Any] = {"rebuild": trees.rebuild}
    shown = _display(structure, itertools.count(), scope)
    finish: Callable[[tuple[Any, ...]], Any] = eval(f"lambda r: {shown}", scope)
    return finish


def _display(structure: trees.Structure, numbers: Iterator[int], scope: dict[str, Any]) -> str:
    """An expression for a structure, of results `r`; no two parts of results are one object."""
    if structure is None:
        return f"r[{next(numbers)}]"
    parts = [_display(c, numbers, scope) for c in structure.children]
    if structure.kind is tuple:
        return f"({''.join(p + ', ' for p in parts)})"
    if structure.kind is list:
        return f"[{', '.join(parts)}]"
    known = f"k{len(scope)}"
    scope[known] = structure.keys if structure.kind is dict else structure
    if structure.kind is dict:
        return f"{{{', '.join(f'{known}[{i}]: {part}' for i, part in enumerate(parts))}}}"
    return f"rebuild({known}, [{', '.join(parts)}])"


def record(body: Body, name: str, arguments: Any, leaves: list[Any], names: list[str], effects: Effects | None = None,
           budget: int | None = None) -> tuple[Function, trees.Structure, Any]:  # fmt: skip
    """The Wengert list of one call, the structure of its result, and the result itself."""
    return _recorded(body, name, arguments, leaves, names, effects, budget)[:3]


def _recorded(body: Body, name: str, arguments: Any, leaves: list[Any], names: list[str], effects: Effects | None,
              budget: int | None) -> tuple[Function, Any, Any, Recorder]:  # fmt: skip
    """The same, and the machine that recorded it. Where the function changes a container from outside, the recording begins anew."""
    effects, changing = effects or Effects(meddles=meddles), dict[int, Any]()
    while True:
        machine = Recorder(effects)
        machine.budget, machine.changing = budget, changing
        try:
            return *_walked(machine, body, name, arguments, leaves, names), machine
        except Rewalk as again:
            changing[id(again.container)] = again.container


def _walked(machine: Recorder, body: Body, name: str, arguments: Any, leaves: list[Any], names: list[str]) -> tuple[Function, Any, Any]:
    boxes = [_parameter(machine, leaf, title) for leaf, title in zip(leaves, names, strict=True)]
    args, kwargs = machine.taken_apart(trees.unflatten(arguments, boxes, machine.adopt))
    with notices.warning(machine.performed, GivenUp), deep(), seldom_collected():
        try:
            with refusals():
                result = body(machine, args, kwargs)
        except Rewalk:
            raise
        except BaseException as error:
            plain_exception(error)
            raise error.with_traceback(user_frames(error.__traceback__))  # noqa: B904  it is the same exception
    outputs, structure = trees.flatten(result, opened=trees.EVERY)
    for output in outputs:
        _check_output(output)
    results = tuple(b.var if isinstance(b, Box) else Const(b) for b in outputs)
    function = Function(name, tuple(machine.inputs), tuple(machine.statements), results, machine.names)
    values = [_own(b.value) if isinstance(b, Box) else b for b in outputs]
    return function, structure, values


def plain_exception(error: BaseException) -> None:
    """Take followed values out of an exception that leaves, and out of the exceptions behind it."""
    pending: list[BaseException | None] = [error]
    seen: set[int] = set()
    while pending:
        one = pending.pop()
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            pending += [one.__cause__, one.__context__]
            for name in ("args", "code", "value", *asking.own_names(one)):
                if any_traced(held := asking.attribute(one, name)):
                    object.__setattr__(one, name, strip(held))


def _parameter(machine: Any, leaf: Any, name: str) -> Any:
    if isinstance(leaf, np.ndarray):
        check_array(leaf, None)
    return machine.argument(leaf, name)


def _own(value: Any) -> Any:
    """The result of the recorded call shares no memory with anything, as the compiled path sees to."""
    return value.copy() if isinstance(value, np.ndarray) else value


def _check_output(output: Any) -> None:
    if isinstance(output, types.FunctionType) and MACHINE in output.__globals__:
        raise NotDifferentiable("the result holds a function defined inside", None, "return values only")
    if not isinstance(output, Traced) and any_traced(*asking.own_names(output).values(), output):
        raise NotDifferentiable(f"the result holds a {type(output).__name__} with followed values in it", None,
                                "return numbers, arrays, or lists, tuples, dicts and dataclasses of them")  # fmt: skip


def user_frames(traceback: types.TracebackType | None) -> types.TracebackType | None:
    """The traceback without the frames of s2sad between the user's."""
    kept = []
    while traceback is not None:
        module = str(traceback.tb_frame.f_globals.get("__name__", ""))
        rule = traceback.tb_frame.f_code.co_filename.startswith("<rule")
        if not rule and (module == "s2sad.lowered" or not module.partition(".")[0] == "s2sad"):
            kept.append(traceback)
        traceback = traceback.tb_next
    result = None
    for entry in reversed(kept):
        result = types.TracebackType(result, entry.tb_frame, entry.tb_lasti, entry.tb_lineno)
    return result


__all__ = ["Path", "Settings", "compile_path", "record", "replace", "rules"]
