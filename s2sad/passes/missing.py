"""What may not have been assigned is asked for before the function uses it, which would raise there."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from s2sad.errors import Location
from s2sad.ir.program import Assign, Block, Function, Guard, If, Loop, Operand, Statement, Var, has_regions, reads, variables
from s2sad.passes.absent import may_be_none
from s2sad.rules.language import Primitive

MISSING = Primitive("missing", "missing(x)", lambda x: x is None)


def ask_for_missing(function: Function) -> Function:
    """Leave the path where a variable is used that is None, for a name that is not assigned."""
    absent = may_be_none(function.statements) if has_regions(function) else set()
    if not absent:
        return function
    kept, asked = _asked(function.statements, absent, frozenset())
    returned = [v for r in function.results for v in variables(r) if v in absent and v not in asked]
    return replace(function, statements=(*kept, *_questions(returned, None)))


def _asked(statements: tuple[Statement, ...], absent: set[Var], asked: frozenset[Var]) -> tuple[tuple[Statement, ...], frozenset[Var]]:
    kept: list[Statement] = []
    for statement in statements:
        used = dict.fromkeys(v for v in _uses(statement) if v in absent and v not in asked)
        asked |= used.keys()
        kept += _questions(list(used), statement.location)
        match statement:
            case Loop():
                test = None if statement.test is None else _block(statement.test, absent, asked)
                statement = replace(statement, test=test, body=_block(statement.body, absent, asked))
            case If():
                then, orelse = (_block(b, absent, asked) for b in statement.blocks)
                statement = replace(statement, then=then, orelse=orelse)
        kept.append(statement)
    return tuple(kept), asked


def _block(block: Block, absent: set[Var], asked: frozenset[Var]) -> Block:
    return Block(block.params, _asked(block.statements, absent, asked)[0], block.results)


def _uses(statement: Statement) -> Sequence[Var]:
    """What a statement of the primal does something with, and does not only hand on."""
    operands: tuple[Operand, ...]
    match statement:
        case Loop():
            operands = statement.range or ()
        case If():
            operands = (statement.atom,)
        case Guard():
            operands = (statement.atom,)
        case Assign():
            return reads(statement) if statement.phase == 0 else ()
    return [v for o in operands for v in variables(o)] if isinstance(statement, Guard) or statement.phase == 0 else []


def _questions(found: Sequence[Var], location: Location | None) -> list[Statement]:
    made: list[Statement] = []
    for var in found:
        answer = Var(bool)
        made += [Assign((answer,), MISSING, (var,), location), Guard("truth", answer, False, location)]
    return made
