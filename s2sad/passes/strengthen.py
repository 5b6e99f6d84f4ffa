"""The products of cotangents and partial derivatives made strong: 0 times anything is 0."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from s2sad.ir.program import Assign, Block, Function, Guard, If, Loop, Operand, Statement, Var, everything, reads, variables
from s2sad.rules.language import STRONG


def has_products(function: Function) -> bool:
    """Whether there is a product that could be strong."""
    return any(isinstance(s, Assign) and s.strong for s in everything(function.statements))


def decides(function: Function) -> bool:
    """Whether the function itself, not a sweep, makes something of a derivative that could hide a NaN: a branch, a comparison, a call.

    Then no result would tell that quick code went wrong.
    """
    found: set[Var] = set()
    _spread(function.statements, found)
    return bool(found) and any(_hides(s, found) for s in _own(function.statements))


def _own(statements: tuple[Statement, ...]) -> Iterator[Statement]:
    """The statements, and those of the regions among them that are no sweep's."""
    for statement in statements:
        yield statement
        if isinstance(statement, (Loop, If)) and statement.phase == 0:
            for block in statement.blocks:
                yield from _own(block.statements)


def decided(function: Function, once: bool = False) -> Function:
    """The function with strong products if it decides by one of them, or cannot be run more than `once` in a call."""
    return strengthen(function) if once or decides(function) else function


def _spread(statements: tuple[Statement, ...], found: set[Var]) -> None:
    """Add what depends on a cotangent, or on a tangent; all that a region gives, where its course does."""
    for statement in statements:
        match statement:
            case Assign() if statement.strong or not found.isdisjoint(reads(statement)):
                found.update(statement.targets)
            case If():
                for block in statement.blocks:
                    _spread(block.statements, found)
                    _hand_on(block.results, statement.targets, found)
                if statement.atom in found:
                    found.update(statement.targets)
            case Loop():
                _spread_loop(statement, found)


def _spread_loop(loop: Loop, found: set[Var]) -> None:
    _hand_on(loop.inits, loop.carried, found)
    _hand_on(loop.scanned, loop.elements, found)
    before = -1
    while before != len(found):
        before = len(found)
        for block in loop.blocks:
            _spread(block.statements, found)
        _hand_on(loop.nexts, loop.carried, found)
    _hand_on((*loop.nexts, *loop.saved), loop.targets, found)
    _hand_on(loop.carried, loop.results, found)
    if not found.isdisjoint(_course(loop)):
        found.update(loop.targets)


def _course(loop: Loop) -> list[Var]:
    """What says how many steps a loop makes."""
    asked = (*(loop.range or ()), *loop.body.results[: loop.exits], *(loop.test.results if loop.test is not None else ()))
    return [v for operand in asked for v in variables(operand)]


def _hand_on(sources: tuple[Operand, ...], targets: tuple[Var, ...], found: set[Var]) -> None:
    for source, target in zip(sources, targets, strict=True):
        if any(v in found for v in variables(source)):
            found.add(target)


def _hides(statement: Statement, found: set[Var]) -> bool:
    match statement:
        case Guard(kind=kind, atom=atom):
            return kind in ("truth", "equals") and atom in found
        case If(atom=atom, phase=0):
            return atom in found
        case Loop(phase=0):
            return not found.isdisjoint(_course(statement))
        case Assign(primitive=primitive, phase=0):
            return (primitive.kind == "zero" or primitive.hides_nan) and not found.isdisjoint(reads(statement))
    return False


def strengthen(function: Function) -> Function:
    """Each statement that is a product of a cotangent evaluates the strong one."""
    return replace(function, statements=_statements(function.statements))


def _statements(statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
    return tuple(map(_statement, statements))


def _statement(statement: Statement) -> Statement:
    match statement:
        case Assign(strong=True):
            return replace(statement, primitive=STRONG[statement.primitive].primitive, strong=False)
        case Loop():
            return replace(statement, body=_block(statement.body))
        case If():
            return replace(statement, then=_block(statement.then), orelse=_block(statement.orelse))
    return statement


def _block(block: Block) -> Block:
    return replace(block, statements=_statements(block.statements))
