"""Whether what may not be there is there, as truth values beside it: native code has no None.

    y = f(x) if found else None             y, y_is_there = (f(x), True) if found else (0.0, False)
    ...                                     ...
    if y is None:                           if not y_is_there:

So it is of what a side of a branch gives, of what a loop goes on with, and of what its steps save.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from s2sad.errors import CannotBeNative
from s2sad.ir.program import (
    Assign,
    Atom,
    Block,
    Const,
    Function,
    If,
    Loop,
    Operand,
    StackType,
    Statement,
    Type,
    Var,
    everything,
    is_undefined,
    variables,
)
from s2sad.passes.absent import may_be_none
from s2sad.passes.missing import MISSING
from s2sad.rules.operations import ADD, ADDED_COTANGENTS, IDENTITY
from s2sad.rules.structural import NOT


def say_what_is_there(function: Function) -> Function:
    """The function with truth values for all that is asked whether it is None."""
    asked = {a for s in everything(function.statements) if isinstance(s, Assign) and (s.primitive is MISSING or adds(s)) for a in s.args}
    if not asked:
        return function
    return replace(function, statements=_Presence(function.statements, asked).statements(function.statements))


def _flows(statement: Any) -> Iterator[tuple[Var, tuple[Operand, ...]]]:
    """What a variable that a region makes, or holds, comes from."""
    if isinstance(statement, If):
        yield from zip(statement.targets, zip(statement.then.results, statement.orelse.results, strict=True), strict=True)
    elif isinstance(statement, Loop):
        for init, param, following, target in zip(statement.inits, statement.carried, statement.nexts, statement.results, strict=True):
            yield param, (init, following, target)
            yield target, (init, following, param)
        for one, other in ((statement.stacks, statement.saved), (statement.elements, statement.scanned)):
            yield from ((o, (p,)) for o, p in zip(one, other, strict=True))
    elif isinstance(statement, Assign) and statement.primitive.passes_none:
        yield from ((t, statement.args) for t in statement.targets)


def _type(kind: Type) -> Type:
    return StackType(_type(kind.element)) if isinstance(kind, StackType) else bool


def adds(statement: Assign) -> bool:
    """Whether it adds two cotangents that may not be there."""
    return statement.primitive is ADDED_COTANGENTS and not is_stack(statement.targets[0])


def is_stack(var: Var) -> bool:
    return isinstance(var.type, StackType)


class _Presence:
    """The variables that say what is there, and the statements that make them."""

    def __init__(self, statements: tuple[Statement, ...], asked: set[Any]) -> None:
        self.flags: dict[Var, Var] = {}
        waiting, absent = [v for v in asked if isinstance(v, Var)], may_be_none(statements)
        flows: dict[Var, list[Operand]] = {}
        for statement in everything(statements):
            for var, sources in _flows(statement):
                flows.setdefault(var, []).extend(sources)
        while waiting:
            var = waiting.pop()
            if var not in self.flags and var in flows and (is_stack(var) or var in absent):
                self.flags[var] = Var(_type(var.type))
                waiting += [v for o in flows[var] for v in variables(o)]

    def of(self, operand: Operand) -> Atom:
        if isinstance(operand, Var):
            return self.flags.get(operand, Const(True))
        absent = is_undefined(operand) or (isinstance(operand, Const) and operand.value is None)
        return Const(not absent)

    def beside(self, wanted: Any, operands: Any) -> tuple[Operand, ...]:
        """What says whether the operands are there, for those whose counterparts are asked."""
        ways = zip(wanted, operands, strict=True)
        return tuple(Const(None) if is_stack(w) and not isinstance(o, Var) else self.of(o) for w, o in ways if w in self.flags)

    def made(self, variables_: Any) -> tuple[Var, ...]:
        return tuple(self.flags[v] for v in variables_ if v in self.flags)

    def statements(self, statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
        return tuple(made for statement in statements for made in self.statement(statement))

    def statement(self, statement: Statement) -> list[Statement]:
        match statement:
            case If():
                return [self.branch(statement)]
            case Loop():
                return [self.loop(statement)]
            case Assign() if statement.primitive is MISSING:
                return [replace(statement, primitive=NOT, args=(self.of(statement.args[0]),))]
            case Assign() if adds(statement):
                return [self.added(statement)]
            case Assign() if any(t in self.flags for t in statement.targets):
                return [statement, self.passed(statement)]
        return [statement]

    def passed(self, statement: Assign) -> Assign:
        """What may be None where its argument is."""
        if len(statement.args) != 1 or len(statement.targets) != 1 or is_stack(statement.targets[0]):
            raise CannotBeNative("it is asked whether a sum of what may not be there is there", statement.location)
        flag = self.of(statement.args[0])
        return replace(statement, targets=(self.flags[statement.targets[0]],), primitive=IDENTITY, args=(flag,), result=None)

    def added(self, statement: Assign) -> Statement:
        """The sum of what is there: of both, or of one."""
        (target,), (one, other) = statement.targets, statement.args
        plainly = replace(statement, primitive=ADD)
        if all(isinstance(self.of(o), Const) for o in statement.args):
            return plainly
        here, there = Var(target.type), Var(target.type)
        both = If((here,), self.of(other), Block((), (replace(plainly, targets=(there,)),), (there,)), Block((), (), (one,)),
                  statement.location, statement.phase)  # fmt: skip
        flag = self.flags.get(target)
        then, orelse = Block((), (both,), (here, Const(True))), Block((), (), (other, self.of(other)))
        if flag is None:
            then, orelse = Block((), (both,), (here,)), Block((), (), (other,))
        return If((target, *([] if flag is None else [flag])), self.of(one), then, orelse, statement.location, statement.phase)

    def branch(self, branch: If) -> If:
        def side(block: Block) -> Block:
            results = (*block.results, *self.beside(branch.targets, block.results))
            return Block(block.params, self.statements(block.statements), results)

        targets = (*branch.targets, *self.made(branch.targets))
        return replace(branch, targets=targets, then=side(branch.then), orelse=side(branch.orelse))

    def loop(self, loop: Loop) -> Loop:
        carried, body = loop.carried, loop.body
        params = (*body.params[: loop.first], *carried, *self.made(carried), *loop.elements, *self.made(loop.elements))
        going, saved = body.results[: loop.exits], (*loop.saved, *self.beside(loop.stacks, loop.saved))
        results = (*going, *loop.nexts, *self.beside(carried, loop.nexts), *saved)
        targets = (*loop.results, *self.made(loop.results), *loop.stacks, *self.made(loop.stacks))
        test = loop.test and Block((*loop.test.params, *self.made(carried)), self.statements(loop.test.statements), loop.test.results)
        scanned = (*loop.scanned, *self.beside(loop.elements, loop.scanned))
        return replace(loop, targets=targets, body=Block(params, self.statements(body.statements), results), test=test,
                       inits=(*loop.inits, *self.beside(carried, loop.inits)), scanned=scanned)  # type: ignore[arg-type]  # fmt: skip
