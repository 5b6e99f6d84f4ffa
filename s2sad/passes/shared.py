"""Computing a value once: statements with the same primitive and operands become one."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad.ir.equal import key, mergeable, sets_errors
from s2sad.ir.program import ArrayType, Assign, Atom, Function, Guard, Loop, Operand, Var, rewrite
from s2sad.passes.copies import joined, names_of, rewrite_results
from s2sad.passes.storage import is_write
from s2sad.runtime.same import same_key


def share_subexpressions(function: Function) -> Function:
    """Keep the first of equal statements and guards; calls of what is not looked into, and arrays that are written, are never merged."""
    replacement: dict[Var, Atom] = {}
    names = names_of(function)
    seen: dict[Any, tuple[Var, ...]] = {}
    kept: list[Any] = []
    moved: dict[tuple[Var, ...], int] = {}
    written = _written(function)
    for statement in function.statements:
        statement = rewrite(statement, replacement)
        if sets_errors(statement):
            seen = {k: v for k, v in seen.items() if not v}
        if isinstance(statement, Assign) and mergeable(statement) and written.isdisjoint(statement.targets):
            first = next((seen[same] for same in _keys(statement) if same in seen), statement.targets)
            if first is statement.targets:
                seen[next(_keys(statement))] = first
            if first is not statement.targets:
                if first in moved:
                    kept[moved[first]] = also_within(kept[moved[first]], statement)
                for old, new in zip(statement.targets, first, strict=True):
                    replacement[old] = new
                    if old in names:
                        names.setdefault(new, names[old])
                continue
            if statement.within:
                moved[statement.targets] = len(kept)
        elif isinstance(statement, Guard):
            value = statement.value if statement.kind == "type" else same_key(statement.value)
            asked = (statement.kind, key(statement.atom), value, statement.premise)
            if asked in seen:
                continue
            seen[asked] = ()
        kept.append(statement)
    return replace(function, statements=tuple(kept), results=rewrite_results(function, replacement), names=joined(names))


def _keys(statement: Assign) -> Iterator[Any]:
    """What an equal statement is known by. The order of two terms or factors does not matter in an adjoint, nor
    of whole numbers."""
    keys = [key(a) for a in statement.args]
    yield (statement.primitive, *keys)
    numbers = (int, float, complex, np.number) if statement.phase else (int,)
    if statement.primitive.commutes and all(_is_number(a, numbers) for a in statement.args):
        yield (statement.primitive, *keys[::-1])


def _is_number(operand: Operand, numbers: tuple[type, ...]) -> bool:
    kind = operand.type if isinstance(operand, Var) else type(getattr(operand, "value", None))
    if isinstance(kind, ArrayType):
        return np.number in numbers
    return isinstance(kind, type) and issubclass(kind, numbers)


def _written(function: Function) -> set[Operand]:
    """What is written, and what is made to be written in a loop."""
    written = {s.args[0] for s in function.statements if is_write(s)}
    begun = {v for s in function.statements if isinstance(s, Loop) for v in s.inits}
    made = (s for s in function.statements if isinstance(s, Assign) and s.primitive.anew)
    return written.union(t for s in made for t in s.targets if t in begun)


def also_within(first: Assign, other: Assign) -> Assign:
    """The first of two equal statements, which the function evaluates where it evaluates one of them."""
    return replace(first, within=(*first.within, *(other.within or ((None, other.location),))))
