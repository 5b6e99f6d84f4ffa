"""What steps save for their adjoint: what the adjoint makes of a saved number and of nothing else that changes is saved in its place.

    th_saved[i] = th                        cos_saved[i] = cos(th)
    ...                                     ...
    om_bar -= cos(th_saved[i]) * ...        om_bar -= cos_saved[i] * ...

takes as much memory and as many operations, and the machine computes a cosine next to a sine for less than alone.
"""

from __future__ import annotations

from dataclasses import replace

from s2sad.ir.program import (
    Assign,
    Block,
    Const,
    Function,
    If,
    Loop,
    StackType,
    Statement,
    Type,
    Var,
    reads,
    rewrite,
    targets_of,
    variables,
)


def save_what_is_made(function: Function) -> Function:
    """The function, with what is made of saved numbers saved in their place."""
    statements = _block(function.statements, set(function.params))
    return replace(function, statements=statements)


def _block(statements: tuple[Statement, ...], known: set[Var]) -> tuple[Statement, ...]:
    """The statements of a block, in which `known` variables can be read everywhere."""
    found = list(statements)
    before: list[set[Var]] = []
    seen = set(known)
    for number, statement in enumerate(found):
        before.append(set(seen))
        if isinstance(statement, (Loop, If)):
            found[number] = _inside(statement, seen)
        seen.update(targets_of(statement))
    changed = True
    while changed:
        changed = False
        for late, loop in enumerate(found):
            if isinstance(loop, Loop) and loop.scanned:
                changed |= _made_early(found, late, before)
    return tuple(found)


def _inside(region: Loop | If, known: set[Var]) -> Loop | If:
    def each(block: Block) -> Block:
        return replace(block, statements=_block(block.statements, known | set(block.params)))

    if isinstance(region, If):
        return replace(region, then=each(region.then), orelse=each(region.orelse))
    return replace(region, body=each(region.body))


def _made_early(found: list[Statement], late: int, before: list[set[Var]]) -> bool:
    """Save something else for one of the stacks that a loop goes over; whether there was something."""
    loop = found[late]
    assert isinstance(loop, Loop)
    for place, stack in enumerate(loop.scanned):
        early = next((k for k in range(late) if stack in targets_of(found[k])), None)
        if early is None or not isinstance(found[early], Loop) or not _is_read_here_alone(found, stack, late):
            continue
        made = _made_of(loop, loop.elements[place], before[early])
        if made is not None:
            _exchange(found, early, late, place, made)
            return True
    return False


def _is_read_here_alone(found: list[Statement], stack: Var, late: int) -> bool:
    """Whether nothing but a loop, and the question how long it is, reads a stack."""
    for number, statement in enumerate(found):
        length = isinstance(statement, Assign) and statement.targets[0].type is int
        if number != late and not length and stack in reads(statement):
            return False
    loop = found[late]
    assert isinstance(loop, Loop)
    return loop.scanned.count(stack) == 1 and stack not in loop.body.free


def _made_of(loop: Loop, element: Var, known: set[Var]) -> Assign | None:
    """The one statement that reads a saved number, if it makes a number of it and of what is known before its loop."""
    readers = [s for s in loop.body.statements if element in reads(s)]
    if len(readers) != 1 or element in {v for r in loop.body.results for v in variables(r)} or not isinstance(element.type, type):
        return None
    (statement,) = readers
    if not isinstance(statement, Assign) or len(statement.targets) != 1 or statement.primitive.kind != "elementwise":
        return None
    if statement.targets[0].type is not element.type or not _has_one_reader(loop, element, statement):
        return None
    rest = [v for v in statement.reads if v is not element]
    return statement if all(v in known for v in rest) and any(isinstance(a, (Var, Const)) for a in statement.args) else None


def _has_one_reader(loop: Loop, element: Var, statement: Assign) -> bool:
    inner = [v for s in loop.body.statements if isinstance(s, (Loop, If)) for b in s.blocks for v in b.free]
    return element not in inner and statement.result is None


def _exchange(found: list[Statement], early: int, late: int, place: int, made: Assign) -> None:
    """Compute a number where it is saved, and go over that."""
    first, last = found[early], found[late]
    assert isinstance(first, Loop) and isinstance(last, Loop)
    stack, (result,) = last.scanned[place], made.targets
    number = first.stacks.index(stack)
    saved = first.saved[number]
    computed = Var(result.type)
    statement = rewrite(replace(made, targets=(computed,), phase=0), {last.elements[place]: saved})
    at = len(first.body.results) - len(first.saved) + number
    body = replace(first.body, statements=(*first.body.statements, statement),
                   results=(*first.body.results[:at], computed, *first.body.results[at + 1 :]))  # fmt: skip
    kind: Type = StackType(result.type)
    other = Var(kind)
    targets = tuple(other if t is stack else t for t in first.targets)
    found[early] = replace(first, body=body, targets=targets)
    params = tuple(result if p is last.elements[place] else p for p in last.body.params)
    inner = replace(last.body, params=params, statements=tuple(s for s in last.body.statements if s is not made))
    scanned = tuple(other if s is stack else s for s in last.scanned)
    found[late] = replace(last, body=inner, scanned=scanned)
    for n, each in enumerate(found):
        found[n] = rewrite(each, {stack: other})
