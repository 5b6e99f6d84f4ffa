"""Elements of cotangents in loops: none is set to zero that is not read again, and what is added first to zeros is assigned.

`passes/parts.py` says so of arrays whose sizes are numbers, element by element. Here the indices are compared as they go with the steps
of loops (`ir/footprints.py`). Where a sum with zero was meant, a -0.0 stays one.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from s2sad.ir.footprints import Access, Footprints, Thing
from s2sad.ir.order import number
from s2sad.ir.program import (
    Assign,
    Atom,
    Block,
    Const,
    Function,
    Guard,
    If,
    Loop,
    Statement,
    Var,
    everything,
    has_regions,
    rewrite,
    targets_of,
)
from s2sad.passes.accumulate import names_once
from s2sad.passes.copies import joined, names_of, resolved, rewrite_results
from s2sad.passes.parts import assigned
from s2sad.rules.operations import ACCUMULATED, DIMINISHED, REPLACED, SCATTER
from s2sad.types.known import Known, compared
from s2sad.types.sizes import Size

MOST = 128  # reads and writes of one array beyond which they are not compared with one another
LONGEST = 400  # statements of a list without loops beyond which nothing is compared
PLAIN = (REPLACED, ACCUMULATED, DIMINISHED)


def drop_unread(function: Function) -> Function:
    """What is read once and not again is not set to zero; nor is anything written that nothing reads."""
    writes = {s.targets[0]: s for s in _adjoint_writes(function)}
    if not writes or _is_left_to_parts(function, writes.values()):
        return function
    found = told(function)
    gone = {v: s.args[0] for v, s in writes.items() if _is_unread(found, found.accesses.get(v))}
    return without(function, gone) if gone else function  # type: ignore[arg-type]


def assign_first(function: Function) -> Function:
    """The first addition to elements of fresh zeros assigns them."""
    additions = [s for s in _adjoint_writes(function) if s.primitive is not REPLACED and names_once(s.args[1])]
    if not additions or _is_left_to_parts(function, additions):
        return function
    versions = to_zeros(function, additions)
    first = {s.targets[0]: s for s in additions if s.targets[0] in versions}

    def change(statement: Statement) -> Sequence[Statement]:
        addition = next((first[t] for t in targets_of(statement) if t in first), None)
        return [statement] if addition is None else assigned(addition)

    return replace(function, statements=each(function.statements, change)) if first else function


def to_zeros(function: Function, writes: Iterable[Assign]) -> set[Var]:
    """The versions of those writes that are to elements which are still the zeros that an array was made of."""
    found = told(function)
    made = {t: s for s in everything(function.statements) if isinstance(s, Assign) for t in s.targets}
    return {w.targets[0] for w in writes if _is_first(found, found.accesses.get(w.targets[0]), made)}


def told(function: Function) -> Footprints:
    """What the function reads and writes, with what its guards say of sizes."""
    known = known_of(function)
    return Footprints(function.statements, function.results, lambda var: known.normal(var.size),
                      lambda var: tuple(map(known.normal, var.type.shape)))  # type: ignore[union-attr]  # fmt: skip


def known_of(function: Function) -> Known:
    """What the guards of a function say of sizes."""
    known, asked = Known(), dict[Var, tuple[str, Any, bool]]()
    for statement in function.statements:
        match statement:
            case Assign(targets=(target,), primitive=primitive, args=(left, right)) if primitive.compares:
                sizes = [number(operand, lambda var: var.size) for operand in (left, right)]
                question = None if None in sizes else compared(primitive.compares, *sizes)
                if question is not None:
                    asked[target] = question
            case Guard(kind="truth", atom=Var() as atom, value=answer) if atom in asked:
                kind, size, yes = asked[atom]
                known.learn(kind, size, yes is answer)
    return known


def _is_left_to_parts(function: Function, writes: Iterable[Assign]) -> bool:
    """Whether there are no loops and all sizes are numbers, so that `passes/parts.py` has followed each element; or too many statements."""
    if has_regions(function):
        return False
    kinds = [w.targets[0].type for w in writes]
    return len(function.statements) > LONGEST or not any(isinstance(n, Size) for kind in kinds for n in kind.shape)  # type: ignore[union-attr]


def _adjoint_writes(function: Function) -> Iterator[Assign]:
    return (s for s in everything(function.statements) if isinstance(s, Assign) and s.phase and s.primitive in PLAIN)


def _followed(thing: Thing) -> bool:
    return not thing.forked and len(thing.accesses) <= MOST


def _is_unread(found: Footprints, write: Access | None) -> bool:
    return write is not None and _followed(write.thing) and not found.read_later(write)


def _is_first(found: Footprints, write: Access | None, made: dict[Var, Assign]) -> bool:
    """Whether an addition is to elements that are still the zeros which the array was made of."""
    if write is None or not _followed(write.thing):
        return False
    start = made.get(write.thing.versions[0])
    if start is None or not (start.primitive.zeros or start.primitive is SCATTER):
        return False
    return not any(a.writes and not _is_zeroing(a, found, made) and found.may_follow(a, write) for a in write.thing.accesses)


def _is_zeroing(access: Access, found: Footprints, made: dict[Var, Assign]) -> bool:
    statements = (made.get(v) for v in access.thing.versions if found.accesses.get(v) is access)
    return any(s is not None and s.primitive is REPLACED and _is_zero(s.args[2]) for s in statements)


def _is_zero(operand: object) -> bool:
    return isinstance(operand, Const) and type(operand.value) in (int, float) and operand.value == 0


def each(statements: tuple[Statement, ...], change: Callable[[Statement], Sequence[Statement]]) -> tuple[Statement, ...]:
    """The statements with each assignment changed, in regions as well."""

    def inside(block: Block) -> Block:
        return replace(block, statements=each(block.statements, change))

    kept: list[Statement] = []
    for statement in statements:
        match statement:
            case Loop():
                test = None if statement.test is None else inside(statement.test)
                kept.append(replace(statement, test=test, body=inside(statement.body)))
            case If():
                kept.append(replace(statement, then=inside(statement.then), orelse=inside(statement.orelse)))
            case _:
                kept += change(statement)
    return tuple(kept)


def without(function: Function, gone: dict[Var, Atom]) -> Function:
    """The function without the writes that make these versions: the versions before them go on."""
    whole = resolved(gone)
    names = names_of(function)
    for version, before in whole.items():
        if version in names and isinstance(before, Var):
            names.setdefault(before, names[version])
    kept = each(function.statements, lambda s: [] if any(t in whole for t in targets_of(s)) else [s])
    results = rewrite_results(function, whole)
    return replace(function, statements=tuple(rewrite(s, whole) for s in kept), results=results, names=joined(names))
