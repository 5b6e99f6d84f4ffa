"""Where the first NaN or infinity of a call arises: its path is run statement by statement, and what an operation gave and took is shown.

A NaN in the results arises where an operation gives one without having taken one, an infinity likewise. What the arguments hold already
does not arise.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from s2sad.calls.call import arrive
from s2sad.calls.looking import looked_at
from s2sad.calls.path import Path
from s2sad.errors import Location
from s2sad.ir import interpret
from s2sad.ir.liveness import has_effects
from s2sad.ir.program import Assign, Loop, Region, Statement, Var, everything, reads
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
        line = [f"    {self.where.text().strip()}"] if self.where is not None and self.where.text().strip() else []
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


def _found(path: Path, leaves: list[Any], kind: str) -> NonFinite | None:
    """The first operation that gives what it has not taken."""
    bad = _has_nan if kind == "a NaN" else _is_bad
    values: dict[Var, Any] = {}
    for statement, parts in islice(interpret.run(path.function, leaves, values), OPERATIONS):
        if isinstance(statement, Assign) and any(map(bad, parts)) and not any(bad(values[v]) for v in reads(statement)):
            return _described(path, statement, next(p for p in parts if bad(p)), values, kind)
    return None


def _described(path: Path, statement: Assign, value: Any, values: dict[Var, Any], kind: str) -> NonFinite:
    label = Labels(path.function)
    where = next(iter(np.argwhere(~np.isfinite(value) if kind == "an infinity" else np.isnan(value))), None) if np.ndim(value) else None
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
    return _is_number(value) and bool(np.any(np.isnan(value)))


def _is_bad(value: Any) -> bool:
    return _is_number(value) and not np.all(np.isfinite(value))
