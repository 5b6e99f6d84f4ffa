"""Where the first NaN or infinity of a call arises: its path is run statement by statement, and what an operation gave and took is shown.

A NaN in the results arises where an operation gives one without having taken one, an infinity likewise. Of several such operations the
first is told that the results come from: what others give may be masked. What the arguments hold already does not arise.
"""
from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from s2sad import excerpts, trees
from s2sad.calls.call import arrive
from s2sad.calls.looking import looked_at
from s2sad.calls.path import Path
from s2sad.errors import Location
from s2sad.ir import interpret
from s2sad.ir.liveness import has_effects
from s2sad.ir.program import Assign, Loop, Region, Statement, Var, everything, reads, variables
from s2sad.runtime.control import Effects
from s2sad.runtime.finite import exactly_finite, quiet
from s2sad.runtime.strong import holds_nan
from s2sad.shown.statement_text import Labels, expression_text
from s2sad.tape.trace import shown

OPERATIONS = 500_000
"""How many operations are looked at, those of each step of a loop counted."""


@dataclass(frozen=True)
class NonFinite:
    """What arose, where, in the function or in its adjoint, of which operation and operands, and in which steps of loops.

    Without a place `text` says why there is none.
    """

    what: str
    where: Location | None
    adjoint: bool
    text: str
    operands: tuple[tuple[str, str], ...] = ()
    steps: tuple[tuple[str, int], ...] = ()

    def __str__(self) -> str:
        steps = "".join(f", in the step {name} = {number}" for name, number in self.steps)
        if self.where is None and not self.operands:
            return f"{self.what}: {self.text}"
        part = "the adjoint" if self.adjoint else "the function"
        place = f"{part} of " * self.adjoint + self.where.short if self.where else part
        head = f"{self.what} first arises in {place}{steps}"
        quoted = excerpts.quoted(self.where.text(), self.where.column) if self.where is not None else ""
        line = [f"    {quoted}"] if quoted else []
        return "\n".join([head, *line, f"    {self.text}", *(f"      where {name} = {value}" for name, value in self.operands)])


def first_nonfinite(derived: Any, args: tuple[Any, ...], kwargs: dict[str, Any] | None = None) -> NonFinite | None:
    """Where the first NaN or infinity of a call of a derivative arises; None where its results hold none.

    >>> import numpy as np, s2sad
    >>> def root(x):
    ...     return np.sqrt(x) + x
    >>> print(str(first_nonfinite(s2sad.grad(root), (0.0,))).partition("\\n")[2])
        return np.sqrt(x) + x
        0.5 / v1 = inf
          where v1 = np.sqrt(x) = 0.0
    """
    call = arrive(derived, args, kwargs or {})
    path, _ = looked_at(call, lambda *_: None)
    return arising(path, call.leaves, call.effects)


def arising(path: Path, leaves: list[Any], effects: Effects) -> NonFinite | None:
    """The same of a path, which applies to these leaves of the arguments."""
    path = path.plain
    with quiet():
        results = path.built.start(leaves, effects)
        if holds_nan(results) and path.strong is not None:
            path = path.strong
            results = path.built.start(leaves, effects)
    if all(map(exactly_finite, results)):
        return None
    kind = "a NaN" if any(map(_has_nan, results)) else "an infinity"
    given = [leaf for leaf in leaves if not exactly_finite(leaf)]
    if given and (kind == "an infinity" or any(map(_has_nan, given))):
        return NonFinite(kind, None, False, f"the arguments hold {'one' if kind == 'a NaN' else 'infinities'} already")
    if has_effects(path.function):
        return NonFinite(kind, None, False, "the place is not looked for, as the function has effects, which would happen again")
    return _found(path, leaves, kind) or NonFinite(kind, None, False, f"it does not arise in the first {OPERATIONS:,} operations")


@dataclass(frozen=True, eq=False)
class _Origin:
    """An operation that gave what it had not taken, with what the variables it read were then, and the indices of the loops around it."""

    order: int
    statement: Assign
    value: Any
    values: dict[Var, Any]


class _Origins:
    """Where values that are not finite come from. They are known as objects, which loops and branches hand on."""

    def __init__(self) -> None:
        self.known: dict[int, tuple[Callable[[], Any], _Origin]] = {}

    def note(self, value: Any, origin: _Origin) -> None:
        alive: Callable[[], Any] = weakref.ref(value) if isinstance(value, np.ndarray) else lambda: value
        self.known[id(value)] = alive, origin

    def first(self, values: Iterable[Any]) -> _Origin | None:
        """The first operation that one of these values comes from, as far as it is known."""
        found = [known[1] for value in values if (known := self.known.get(id(value))) is not None and known[0]() is value]
        return min(found, key=lambda origin: origin.order, default=None)


def _found(path: Path, leaves: list[Any], kind: str) -> NonFinite | None:
    """The operation that what the results hold comes from; the first of all that give what they have not taken, where that is not known."""
    bad = _nan if kind == "a NaN" else _not_finite
    values: dict[Var, Any] = {}
    origins, first = _Origins(), None
    around = _indices(path.function.statements)
    for order, (statement, parts) in enumerate(islice(interpret.run(path.function, leaves, values), OPERATIONS)):
        given = [part for part in parts if _any(bad, part)] if isinstance(statement, Assign) else []
        if not given or not isinstance(statement, Assign):
            continue
        taken = [values[v] for v in reads(statement) if _any(bad, values[v])]
        origin = None
        if not taken:
            kept = (*reads(statement), *around.get(id(statement), ()))
            origin = _Origin(order, statement, given[0], {v: values[v] for v in kept if v in values})
            first = first or origin
        for part in given:
            if (comes_from := origin or origins.first(_handed_on(bad, taken, part))) is not None:
                origins.note(part, comes_from)
    results = [interpret.evaluate(r, values) for r in path.function.results if all(v in values for v in variables(r))]
    told = origins.first(part for result in results for part in trees.flatten(result)[0] if _any(bad, part)) or first
    return _described(path, told.statement, told.value, told.values, kind) if told is not None else None


def _handed_on(bad: Callable[[Any], Any], taken: list[Any], given: Any) -> list[Any]:
    """Of operands that are not finite those that are so where the result is, if there are any: others may be masked."""
    there = [one for one in taken if np.shape(one) == np.shape(given) and np.any(bad(one) & bad(given))]
    return there or taken


def _indices(statements: tuple[Statement, ...], around: tuple[Var, ...] = ()) -> dict[int, tuple[Var, ...]]:
    """The indices of the loops around each statement that stands in one."""
    found: dict[int, tuple[Var, ...]] = {}
    for one in statements:
        found[id(one)] = around
        if isinstance(one, Region):
            index = (one.index,) if isinstance(one, Loop) and one.index is not None else ()
            for block in one.blocks:
                found.update(_indices(block.statements, (*around, *index)))
    return found


def _described(path: Path, statement: Assign, value: Any, values: dict[Var, Any], kind: str) -> NonFinite:
    label = Labels(path.function)
    where = next(iter(np.argwhere((_not_finite if kind == "an infinity" else _nan)(value))), None) if np.ndim(value) else None
    at = "" if where is None else f"[{', '.join(map(str, where))}]"
    text = f"{expression_text(statement.primitive, statement.args, label)} = {_entry(value, where, np.shape(value))}"
    if where is not None:
        text += f" at {at}; of {np.size(value)} entries {int(np.sum(~np.isfinite(value)))} are not finite"
    read = [v for v in dict.fromkeys(reads(statement)) if _is_number(values[v])]
    made = {t: s for s in everything(path.function.statements) if isinstance(s, Assign) for t in s.targets if t not in path.function.names}
    titles = {v: f"{label(v)} = {expression_text(made[v].primitive, made[v].args, label)}" if v in made else label(v) for v in read}
    operands = tuple((titles[v], _entry(values[v], where, np.shape(value))) for v in read)
    steps = tuple((label(loop.index), int(values[loop.index])) for loop in _around(path.function.statements, statement)
                  if loop.index is not None and loop.index in values and not statement.phase)  # fmt: skip
    return NonFinite(kind, statement.location, statement.phase > 0, text, operands, steps)


def _entry(value: Any, where: Any, shape: tuple[int, ...]) -> str:
    """A value, of an array the entry that belongs to the one in question, where there is such a one."""
    if where is not None and np.shape(value) == shape:
        return repr(value[tuple(where)].item())
    return shown(value) if np.ndim(value) else repr(value.item() if hasattr(value, "item") else value)


def _around(statements: tuple[Statement, ...], statement: Statement) -> Iterator[Loop]:
    """The loops around a statement, the outermost first."""
    for one in statements:
        if isinstance(one, Region) and any(_holds(block.statements, statement) for block in one.blocks):
            if isinstance(one, Loop):
                yield one
            for block in one.blocks:
                yield from _around(block.statements, statement)


def _holds(statements: tuple[Statement, ...], statement: Statement) -> bool:
    return any(one is statement for one in everything(statements))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, complex, np.generic, np.ndarray)) and np.asarray(value).dtype.kind in "biufc"


def _has_nan(value: Any) -> bool:
    return _any(_nan, value)


def _any(bad: Callable[[Any], Any], value: Any) -> bool:
    return _is_number(value) and bool(np.any(bad(value)))


def _nan(value: Any) -> Any:
    return np.isnan(value)


def _not_finite(value: Any) -> Any:
    return ~np.isfinite(value)
