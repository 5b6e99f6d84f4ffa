"""Cotangents that begin as a copy of another one, element by element, which nothing needs after that: they take it over.

    dp_bar = np.zeros(n)
    for i in range(n - 1):                  for i in range(n - 1):
        x_bar[i + 1] -= cp[i] * x_bar[i]        x_bar[i + 1] -= cp[i] * x_bar[i]
        dp_bar[i] = x_bar[i]
    dp_bar[n - 1] = x_bar[n - 1]            dp_bar = x_bar

So there is an array less. All elements have to be copied, none may be written in the other array once it is, and nothing is read of the
new one before the last.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from s2sad.ir.covering import covered, reached
from s2sad.ir.equal import key
from s2sad.ir.footprints import Access, Footprints, Thing
from s2sad.ir.program import (
    ArrayType,
    Assign,
    Block,
    Function,
    If,
    Loop,
    Operand,
    Statement,
    Var,
    everything,
    reads,
    rewrite,
    substitute,
    targets_of,
)
from s2sad.passes.blocks import unchanging
from s2sad.passes.elements import MOST, told, without
from s2sad.quickly import dataclass
from s2sad.rules.operations import GETITEM, IDENTITY, REPLACED
from s2sad.types.sizes import same


@dataclass(frozen=True, eq=False)
class _Copied:
    """An element of one array that is written to the same place of another."""

    read: Assign
    write: Assign


def take_over(function: Function) -> Function:
    """For cotangents that begin as copies of others the others themselves."""
    begun = {s.targets[0]: s for s in everything(function.statements) if isinstance(s, Assign) and s.phase and s.primitive.zeros}
    copies = list(_copies(function)) if begun else []
    if not copies:
        return function
    found = told(function)
    for zeros in begun.values():
        thing = found.things.get(zeros.targets[0])
        of_it = [c for c in copies if _writes(found, c, thing)]
        if thing is not None and of_it and (version := _taken(found, thing, of_it)) is not None:
            changed = _handed_over(function, zeros, version, of_it)
            if changed is not None:
                return take_over(changed)
    return function


def _copies(function: Function) -> Iterator[_Copied]:
    made = {s.targets[0]: s for s in everything(function.statements) if isinstance(s, Assign) and s.primitive is GETITEM}
    for write in everything(function.statements):
        if isinstance(write, Assign) and write.primitive is REPLACED and write.phase and write.args[2] in made:
            read = made[write.args[2]]
            array = read.args[0]
            of_array = isinstance(array, Var) and isinstance(array.type, ArrayType)
            if of_array and not isinstance(read.targets[0].type, ArrayType) and key(read.args[1]) == key(write.args[1]):
                yield _Copied(read, write)


def _writes(found: Footprints, copied: _Copied, thing: Thing | None) -> bool:
    """Whether it is this array that is written, and it is known what is read."""
    write, read = (found.accesses.get(s.targets[0]) for s in (copied.write, copied.read))
    return write is not None and read is not None and write.thing is thing


def _taken(found: Footprints, thing: Thing, copies: list[_Copied]) -> Var | None:
    """The version of another array that is what the thing is after these copies; None where there is no such, or it is needed later."""
    reading, writing = ([found.accesses[s.targets[0]] for s in each] for each in zip(*((c.read, c.write) for c in copies), strict=True))
    source = reading[0].thing
    if any(r.thing is not source for r in reading) or not _alike(source, thing):
        return None
    start, depth = thing.places[thing.versions[0]], thing.depth
    if source.depth != depth or not source.places[source.versions[0]].beside(start, depth):
        return None
    end = max(w.place.steps[depth][1] for w in writing)
    if any(_position(a, depth) <= end and a not in writing for a in thing.accesses):
        return None
    if any(_position(a, depth) > end or (a.writes and any(found.may_follow(r, a, depth) for r in reading)) for a in source.accesses):
        return None
    parts = (reached(w, found.laps, depth) for w in writing)
    if not covered([part for part in parts if part is not None], thing.shape):
        return None
    return next((v for v in reversed(source.versions) if len(source.places[v].regions) == depth), None)


def _alike(one: Thing, other: Thing) -> bool:
    """Whether two things are followed everywhere, and of one dtype and one shape."""
    if one is other or any(t.forked > t.depth or len(t.accesses) > MOST or any(a.stale for a in t.accesses) for t in (one, other)):
        return False
    kinds = [t.versions[0].type.dtype for t in (one, other)]  # type: ignore[union-attr]
    return kinds[0] == kinds[1] and len(one.shape) == len(other.shape) and all(map(same, one.shape, other.shape))


def _position(access: Access, depth: int) -> int:
    """Where in its block something stands, in regions there as well."""
    return access.place.steps[depth][1]


def _handed_over(function: Function, zeros: Assign, version: Var, copies: list[_Copied]) -> Function | None:
    """The function without the copies, and with the other array from where the new one is read; None where that stands too early."""
    gone = {c.write.targets[0]: c.write.args[0] for c in copies}
    names = dict(function.names)
    function = unchanging(without(function, gone))  # type: ignore[arg-type]
    (old,), new = zeros.targets, Var(zeros.targets[0].type)
    if (name := names.get(old) or names.get(copies[0].write.targets[0])) is not None:
        names[new] = name
    block = _in_block(Block(function.params, function.statements, function.results), old, version, new)
    if block is None:
        return None
    return replace(function, statements=block.statements, results=block.results, names={**names, **function.names})  # type: ignore[arg-type]


def _in_block(block: Block, old: Var, version: Var, new: Var) -> Block | None:
    """The block with the new name in place of the old array."""
    place = next((k for k, s in enumerate(block.statements) if old in targets_of(s)), None)
    if place is None:
        statements = tuple(_in_regions(s, old, version, new) for s in block.statements)
        return None if None in statements else replace(block, statements=statements)  # type: ignore[arg-type]
    made = block.statements[place]
    first = next((k for k, s in enumerate(block.statements) if old in reads(s)), len(block.statements))
    before = (*block.statements[:place], *block.statements[place + 1 : first])
    if not any(version in targets_of(s) for s in before) or not isinstance(made, Assign):
        return None
    takes = Assign((new,), IDENTITY, (version,), None, made.phase)
    after = (rewrite(s, {old: new}) for s in block.statements[first:])
    results: tuple[Operand, ...] = tuple(substitute(r, {old: new}) for r in block.results)
    return Block(block.params, (*before, takes, *after), results)


def _in_regions(statement: Statement, old: Var, version: Var, new: Var) -> Statement | None:
    match statement:
        case Loop():
            body = _in_block(statement.body, old, version, new)
            return None if body is None else replace(statement, body=body)
        case If():
            then, orelse = (_in_block(b, old, version, new) for b in statement.blocks)
            return None if then is None or orelse is None else replace(statement, then=then, orelse=orelse)
        case _:
            return statement
