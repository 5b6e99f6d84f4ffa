"""What a page shows, as plain data: made of a path and of the user's function, and of a call where there is one."""
from __future__ import annotations

import ast
import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from s2sad.calls.path import Path
from s2sad.emit.build import Built
from s2sad.emit.statements import Text
from s2sad.errors import Location, S2sadError
from s2sad.ir.program import Beside, Function, Guard, Var, everything, reads, shown_phase, targets_of
from s2sad.page import generated
from s2sad.page.generated import Code, Lines, original
from s2sad.page.graph import Graph, graph
from s2sad.page.sources import Block, Place, blocks, statements
from s2sad.page.values import Course, Seen, watch
from s2sad.parsing import parse
from s2sad.passes.copies import propagate_copies
from s2sad.runtime.finite import quiet
from s2sad.runtime.notices import ignoring
from s2sad.runtime.strong import holds_nan
from s2sad.shown.evaluation import Primal
from s2sad.shown.graph import GraphError
from s2sad.shown.path_text import asked_of

MOST_LINES = 2000
LONG = "The code has {lines} lines, of which the first {most} are shown; with control=\"keep\" loops stay loops."
TRACED = 1000  # lines run, beyond which the evaluation trace would be too long to read


class Inspected(Protocol):
    """One call, as `s2sad.api.inspection` has it."""

    derivative: Any
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    leaves: list[Any]
    effects: Any
    names: list[str]
    path: Path
    reasons: tuple[str, ...]
    stages: dict[str, Any]

    @property
    def numbers(self) -> list[tuple[str, Any]]: ...
    @property
    def primal(self) -> Primal: ...
    def kept_primal(self) -> Function: ...
    def stage(self, name: str) -> str: ...
    def trace(self) -> Any: ...


@dataclass
class Variable:
    """A name of the user's, and the generated names of its values, cotangents (or tangents), and saved values."""

    name: str
    values: list[str] = field(default_factory=list)
    cotangents: list[str] = field(default_factory=list)
    saved: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Question:
    """What a path asks at a line of the user's: of what, and what the answers have to be, each with how many times in a row."""

    place: str
    subject: str
    answers: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Way:
    """A path: what it keeps, by what it runs, how many calls it has served, and what it asks."""

    kind: str
    native: bool
    served: int
    questions: tuple[Question, ...]


@dataclass
class Page:
    """All that a page shows. `values` are by `(file, line)`, the file empty for lines of the generated code."""

    name: str
    title: str
    mode: str
    kind: str
    blocks: list[Block]
    lines: list[Code]
    variables: list[Variable]
    saved: list[str]
    ways: list[Way]
    graph: Graph
    numbers: list[tuple[str, Any]] = field(default_factory=list)
    point: list[tuple[str, Any]] = field(default_factory=list)
    values: dict[Place, dict[str, Course]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    reasons: tuple[str, ...] = ()
    wengert: str = ""
    trace: str = ""
    native: str = ""
    seconds: float = 0.0
    calls: int = 0
    profile: Any = None
    nonfinite: Any = None

    def generated_of(self, file: str, line: int) -> list[int]:
        """The numbers of the generated lines that a line of the user's became."""
        return [code.number for code in self.lines if code.place == (file, line) and not code.comment]


def of_path(function: Any, name: str, describe: str, path: Path, ways: Sequence[Path] = (), text: Text | None = None) -> Page:
    """A page of a path that was compiled, without values. `text` is its code where that is not what is built."""
    text = text or path.plain.built.text
    mode = "forward" if any(isinstance(getattr(s, "phase", 0), Beside) for s in everything(path.function.statements)) else "reverse"
    found = blocks(function, locations(path.function))
    lines = Lines(text, found, mode == "forward")
    said = [] if len(lines.found) <= MOST_LINES else [LONG.format(lines=len(lines.found), most=MOST_LINES)]
    kind = "recorded" if path.kept is None else "kept"
    return Page(name, describe, mode, kind, found, lines.found[:MOST_LINES], variables(found, lines.found), generated.saved(lines),
                [way(p) for p in ways or (path,)], of_values(path.function), notes=said, native=path.native_text)  # fmt: skip


def of_call(seen: Inspected, profile: Any = None, nonfinite: Any = None) -> Page:
    """A page of a call that was inspected, with the values it had."""
    derived, path = seen.derivative, seen.path
    built = run_by(path, seen)
    page = of_path(derived.function, derived.__name__, derived.describe(), path, text=built.text)
    page.numbers, page.reasons, page.profile, page.nonfinite = seen.numbers, seen.reasons, profile, nonfinite
    page.point = list(zip(seen.names, seen.leaves, strict=False))
    ran = values(seen, built, page)
    page.wengert = seen.stage("wengert")
    page.graph = pictured(seen, page)
    page.trace = traced(seen, ran.events)
    return page


def locations(function: Function) -> list[Location]:
    return [s.location for s in everything(function.statements) if s.location is not None]


def variables(found: Iterable[Block], lines: Iterable[Code]) -> list[Variable]:
    """The user's variables, each with the generated names that are of it."""
    users = {name for block in found for s in block.statements for name in s.stores}
    made = {name: Variable(name) for block in found for s in block.statements for name in s.stores}
    for name in dict.fromkeys(name for line in lines for name in (*line.stores, *line.loads)):
        of, kind = original(name, users)
        if of:
            variable = made[of]
            {"value": variable.values, "saved": variable.saved}.get(kind, variable.cotangents).append(name)
    return list(made.values())


def way(path: Path) -> Way:
    kind = "recorded" if path.kept is None else "kept"
    return Way(kind, path.interpreted is not None, path.served, tuple(Question(*each) for each in asked_of(path.function)))


# The graph


def of_values(function: Function) -> Graph:
    """The graph of what a list with a derivative has of the function itself."""
    function = propagate_copies(function)
    own = [s for s in function.statements if isinstance(s, Guard) or not shown_phase(s.phase)]
    made = {t for s in own for t in targets_of(s)}
    outputs = [r for r in function.results if r in made][:1]
    return leading_to(replace(function, statements=tuple(own)), outputs)


def leading_to(function: Function, outputs: Sequence[Any]) -> Graph:
    """The graph of what some results need; of all, where there are none."""
    needed = {r for r in outputs if isinstance(r, Var)}
    kept = []
    for statement in reversed(function.statements):
        if not needed or any(t in needed for t in targets_of(statement)):
            kept.append(statement)
            needed.update(reads(statement) if outputs else ())
    return graph(function, kept[::-1], [p for p in function.params if p in needed or not outputs], outputs)


def pictured(seen: Inspected, page: Page) -> Graph:
    """The graph of the call: with its numbers where it is recorded, with loops and branches where they are kept."""
    if seen.path.kept is not None:
        kept = propagate_copies(seen.kept_primal())
        return leading_to(kept, kept.results)
    try:
        primal = seen.primal
    except (S2sadError, GraphError):
        return page.graph
    names = {**primal.recorded.names, **primal.titles}
    return graph(replace(primal.recorded, statements=primal.statements, names=names), primal.statements, primal.inputs,
                 [primal.output], primal.values)  # fmt: skip


def traced(seen: Inspected, events: int) -> str:
    """The evaluation trace, or why there is none."""
    if events > TRACED:
        return f"The evaluation trace has a line for each operation, and {events} lines of code were run: too many to read here."
    try:
        return str(seen.trace())
    except (S2sadError, GraphError) as error:
        return f"There is no evaluation trace of this call:\n{error}"


# Values


def run_by(path: Path, seen: Inspected) -> Built:
    """The code in Python that answers the call: that with strong products where the quick one gives a NaN."""
    plain = path.plain
    with quiet():
        results = list(plain.built.start(seen.leaves, seen.effects))
    strong = plain.strong if holds_nan(results) else None
    return plain.built if strong is None else strong.built


def values(seen: Inspected, built: Built, page: Page) -> Seen:
    """Give the page the values that names had: in the generated code, and in the function itself where a call of it does nothing else."""
    file = built.run.__code__.co_filename
    block = Block(file, "", 1, (), tuple(statements(parse(built.text.source).body[0])))
    with quiet(), ignoring(Warning):
        ran = watch(lambda: again(built, seen), watched([block]))
        page.values = {("", line): found for (_, line), found in ran.values.items() if line <= len(page.lines)}
        if built.text.effects:
            page.notes.append("The function has effects, so it is not run once more to look at its values: only the generated code is.")
            return ran
        args, kwargs = copy.deepcopy((seen.args, seen.kwargs))
        own = watch(lambda: seen.derivative.plainly(args, kwargs), watched(page.blocks))
    page.values.update(own.values)
    if not (ran.complete and own.complete):
        page.notes.append("The call runs too many lines to look at each of them: counts and last values are those of its beginning.")
    return own


def again(built: Built, seen: Inspected) -> Any:
    """Run the code once more; effects are handed on, not repeated."""
    if not built.text.effects:
        return built.run(*seen.leaves)
    seen.effects.begin()
    return built.run(*seen.leaves, seen.effects, seen.effects.read)


def watched(found: Sequence[Block]) -> dict[str, dict[int, tuple[int, int, tuple[str, ...]]]]:
    """What `watch` is to look at."""
    files: dict[str, dict[int, tuple[int, int, tuple[str, ...]]]] = {}
    for block in found:
        lines = files.setdefault(block.file, {})
        for statement in block.statements:
            body = statement.last if issubclass(statement.kind, ast.For) else 0
            for line in range(statement.first, statement.head + 1):
                known = lines.get(line, (0, 0, ()))
                stores = (*known[2], *statement.stores) if known[0] == statement.first else statement.stores
                lines[line] = (statement.first, body, stores)
    return files
