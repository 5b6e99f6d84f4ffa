"""The rules every Function obeys; broken ones mean a fault of s2sad, not of the user."""
from __future__ import annotations

from s2sad.errors import InvalidIR
from s2sad.ir.program import Assign, Block, Const, Display, Function, Guard, If, Loop, Operand, Statement, Var, reads, variables
from s2sad.ir.typed import well_typed
from s2sad.types.arrays import Array
from s2sad.types.sizes import Size


def verify(function: Function, after: Function | None = None) -> Function:
    """Return the function unchanged, or raise InvalidIR naming the first statement that breaks a rule, or has another type than it says."""
    well_typed(well_formed(function), after)
    return function


def verify_again(function: Function, verified: Function, after: Function | None = None) -> None:
    """The same of what a pass made of a list that is verified: most passes find nothing to do, and there is nothing to look at again."""
    if _parts(function) != _parts(verified):
        verify(function, after)


def _parts(function: Function) -> tuple[object, ...]:
    """All that is verified; variables, statements and constants are equal where they are the same."""
    return function.params, function.statements, function.results


def well_formed(function: Function) -> Function:
    """The same but for types, which takes no time worth speaking of."""
    _Check(function.name).block(Block(function.params, function.statements, function.results), set())
    return function


class _Check:
    """What is assigned anywhere, and what may be read where: the variables of a block are seen in the blocks inside it, not around it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.assigned: set[Var] = set()

    def block(self, block: Block, seen: set[Var], what: str = "") -> None:
        seen = set(seen)
        for param in block.params:
            self.define(param, seen, f"a parameter{what}")
        for position, statement in enumerate(block.statements):
            self.statement(statement, seen, f"statement {position}{what} of {self.name}")
        for result in block.results:
            for var in variables(result):
                if var not in seen:
                    raise InvalidIR(f"{self.name}{what} returns {var}, which is not defined")

    def statement(self, statement: Statement, seen: set[Var], where: str) -> None:
        for var in reads(statement):
            if var not in seen:
                raise InvalidIR(f"{where} reads {var} before it is defined", statement.location)
        match statement:
            case Assign():
                if len(statement.args) != len(statement.primitive.parameters):
                    raise InvalidIR(f"{where}: {statement.primitive.name} takes {len(statement.primitive.parameters)} operands",
                                    statement.location)  # fmt: skip
                if any(map(_is_type, statement.args)):
                    raise InvalidIR(f"{where}: {statement.primitive.name} is given what stands for a value", statement.location)
            case Guard():
                if statement.kind not in ("truth", "equals", "same", "type", "is"):
                    raise InvalidIR(f"{where}: unknown guard {statement.kind!r}", statement.location)
                return
            case Loop():
                self.loop(statement, seen, where)
            case If():
                for block in statement.blocks:
                    self.count(block.params, 0, f"{where}: a branch has parameters")
                    self.count(block.results, len(statement.targets), f"{where}: a branch gives too few or too many results")
                    self.block(block, seen, " in a branch")
        for target in statement.targets:
            self.define(target, seen, where)

    def loop(self, loop: Loop, seen: set[Var], where: str) -> None:
        parameters = loop.first + len(loop.inits) + len(loop.scanned)
        self.count(loop.body.params, parameters, f"{where}: the body has too few or too many parameters")
        self.count(loop.body.results, loop.exits + len(loop.targets), f"{where}: the body gives too few or too many results")
        if loop.test is not None:
            self.count(loop.test.results, 1, f"{where}: the condition is not one value")
            self.block(loop.test, seen | set(loop.carried), " in a condition")
        self.block(loop.body, seen, " in a loop")

    def count(self, operands: tuple[Operand, ...], wanted: int, message: str) -> None:
        if len(operands) != wanted:
            raise InvalidIR(message)

    def define(self, var: Var, seen: set[Var], where: str) -> None:
        if var in self.assigned:
            raise InvalidIR(f"{where} assigns {var} a second time")
        self.assigned.add(var)
        seen.add(var)


def _is_type(operand: Operand) -> bool:
    """Whether a constant is no value but what stands for any: a size, or an array of which the type is known."""
    if isinstance(operand, Display):
        return any(map(_is_type, operand.items))
    return isinstance(operand, Const) and type(operand.value) in (Size, Array)
