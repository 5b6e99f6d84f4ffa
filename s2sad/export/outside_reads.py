"""A function without reads from outside: what it read becomes parameters, with those values as defaults."""
from __future__ import annotations

import builtins
import keyword
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from s2sad.errors import Location, NotDifferentiable
from s2sad.export.literals import is_literal
from s2sad.ir.interpret import evaluate
from s2sad.ir.program import (
    Assign,
    Block,
    Const,
    Function,
    Guard,
    If,
    Loop,
    Operand,
    Region,
    Statement,
    Var,
    everything,
    reads,
    rewrite,
    variables,
)  # fmt: skip
from s2sad.machine import objects
from s2sad.passes.copies import rewrite_results
from s2sad.passes.dead import remove_dead
from s2sad.rules import structural
from s2sad.rules.structural import CALL, OBJECT, SHADOWED
from s2sad.runtime.control import loaded
from s2sad.runtime.same import same_key
from s2sad.shown.statement_text import OUTSIDE, Labels, expression_text, read_name

PLAIN = (bool, int, float, complex, str, bytes, type(None), np.generic, np.ndarray)

QUESTIONS = (hasattr, getattr, operator.contains, isinstance, issubclass, objects.defined, objects.contents, objects.global_of, loaded)


class NotExported(NotDifferentiable):
    """Something in the function that a module without imports cannot hold."""

    kind = "cannot be exported"


@dataclass(frozen=True)
class Captured:
    """A value from outside the function: the parameter it becomes, its value, how the user writes it, and where."""

    var: Var
    name: str
    value: Any
    text: str
    location: Location | None


def make_explicit(function: Function, top: Any, taken: set[str]) -> tuple[Function, list[Captured]]:
    """The function with a parameter for each number, string or array that it reads from outside.

    Guards on the identity of code are dropped, for its source is part of what is exported; so are guards on
    containers and objects of which only items and attributes are read. `top` is the function differentiated, `taken`
    the names that its parameters have. Raises NotExported at the line that needs an object as a whole, or has an
    effect other than `print`.
    """
    return _Explicit(function, top, taken).run()


class _Explicit:
    def __init__(self, function: Function, top: Any, taken: set[str]) -> None:
        self.function, self.top, self.taken = function, top, {*taken, *keyword.kwlist}
        self.values: dict[Var, Any] = {}
        self.origin: dict[Var, Assign] = {}
        self.hints: dict[Var, str] = {}
        self.known: dict[Any, Var] = {}
        self.same: dict[Var, Any] = {}
        self.kept: list[Statement] = []
        self.label = Labels(function)

    def run(self) -> tuple[Function, list[Captured]]:
        self.kept = self.without_reads(self.function.statements)
        self.kept = self.without_premises(self.kept)
        results = rewrite_results(self.function, self.same)
        needed = self.needed(results)
        captured = [self.captured(var, where) for var, where in needed.items()]
        params = (*self.function.params, *(c.var for c in captured))
        names = {**self.function.names, **{c.var: c.name for c in captured}}
        plain = replace(self.function, params=params, statements=tuple(self.kept), results=results, names=names)
        return remove_dead(plain), captured

    def without_reads(self, statements: tuple[Statement, ...]) -> list[Statement]:
        """Statements, those of regions among them, without those that read from outside."""
        kept: list[Statement] = []
        for statement in statements:
            if self.same:
                statement = rewrite(statement, self.same)
            match statement:
                case Assign() if self.comes_from_outside(statement):
                    self.read(statement)
                case Assign():
                    kept.append(self.without_effect(statement))
                case Guard():
                    kept.append(statement)
                case Loop() | If():
                    kept.append(rewrite(in_blocks(statement, self.without_reads), self.same))
        return kept

    # What comes from outside

    def comes_from_outside(self, statement: Assign) -> bool:
        primitive = statement.primitive
        read = list(reads(statement))
        if primitive is SHADOWED:
            return True
        if primitive in OUTSIDE:
            owner = statement.args[0]
            return not isinstance(owner, Var) or (owner in self.values and not isinstance(self.values[owner], PLAIN))
        if primitive is CALL and not read and isinstance(statement.args[0], Const):
            return statement.args[0].value in QUESTIONS
        whole = any(v in self.values and not isinstance(self.values[v], PLAIN) for v in read)
        return primitive is CALL and whole and all(v in self.values for v in read)

    def read(self, statement: Assign) -> None:
        (target,) = statement.targets
        key = (statement.primitive, *map(_key, statement.args))
        if key in self.known:
            self.same[target] = self.known[key]
            return
        self.known[key] = target
        arguments = [evaluate(a, self.values) for a in statement.args]
        self.values[target] = statement.primitive.meaning(*arguments)  # type: ignore[misc]
        self.origin[target] = statement
        self.hints[target] = self.hint(statement)

    def hint(self, statement: Assign) -> str:
        """A name for the parameter: that of the global, `model_w` for an attribute, `helper_scale` for a default."""
        owner = next((v for a in statement.args for v in variables(a)), None)
        if statement.primitive is CALL:
            called = statement.args[0]
            name = getattr(called.value, "__name__", "call") if isinstance(called, Const) else "call"
            return f"{name}_{self.hints[owner]}" if owner else name
        if statement.primitive is OBJECT:
            return ""
        name = read_name(statement)
        if owner is not None:
            inner = [self.hints[owner], name.removeprefix("item_") if name != "__self__" else ""]
            return "_".join(part for part in inner if part)
        first = statement.args[0]
        if statement.primitive is structural.DEFAULT and isinstance(first, Const) and first.value is not self.top:
            return f"{first.value.__name__}_{name}"
        return name

    # Guards and effects

    def without_premises(self, statements: Sequence[Statement]) -> list[Statement]:
        """Without guards on the type of what is now a parameter, which is checked at entry; those on its value stay."""
        used = {v for s in everything(tuple(self.kept)) if not isinstance(s, Guard) for v in reads(s)}
        left = [s for s in statements if not isinstance(s, Guard) or self.holds_on(s, used)]
        return [in_blocks(s, self.without_premises) if isinstance(s, (Loop, If)) else s for s in left]

    def holds_on(self, guard: Guard, used: set[Var]) -> bool:
        atom = guard.atom
        if not isinstance(atom, Var) or atom not in self.values:
            return not guard.premise
        decides = guard.kind in ("truth", "equals", "same") and isinstance(self.values[atom], PLAIN)
        return decides and (atom in used or self.origin[atom].primitive in OUTSIDE)

    def without_effect(self, statement: Assign) -> Assign:
        if not statement.primitive.effect:
            return statement
        called = statement.args[0]
        if isinstance(called, Const) and called.value is print:
            return replace(statement, primitive=CALL)
        text = expression_text(statement.primitive, statement.args, self.label).removeprefix("perform ")
        raise NotExported(f"{text} is performed anew at each call and needs an object from outside", statement.location,
                          "draw, read or compute it before, and pass it as an argument")  # fmt: skip

    # Parameters

    def needed(self, results: tuple[Any, ...]) -> dict[Var, Statement | None]:
        """The values from outside that are used, each with the first statement that does."""
        found: dict[Var, Statement | None] = {}
        for statement in self.kept:
            for var in reads(statement):
                if var in self.values:
                    found.setdefault(var, statement)
        return found | {r: None for r in results if isinstance(r, Var) and r in self.values and r not in found}

    def captured(self, var: Var, user: Statement | None) -> Captured:
        value, origin = self.values[var], self.origin[var]
        text = self.outside_text(var)
        if not is_literal(value):
            place = user.location if user is not None and user.location is not None else origin.location
            raise NotExported(f"{text} is a {type(value).__name__}, used as a whole", place,
                              "read numbers and arrays from it, or pass them as arguments")  # fmt: skip
        return Captured(var, self.fresh(self.hints[var]), value, text, origin.location)

    def outside_text(self, var: Var) -> str:
        """How the user writes it: `model.K`, `config['rate']`."""
        origin = self.origin[var]
        first = origin.args[0]
        if origin.primitive is structural.DEFAULT and isinstance(first, Const):
            return f"the default of {read_name(origin)} in {first.value.__name__}()"
        return expression_text(origin.primitive, origin.args, self.outside_text)

    def fresh(self, hint: str) -> str:
        hint = "".join(c if c.isalnum() or c == "_" else "_" for c in hint)
        name, number = hint, 1
        while name in self.taken or hasattr(builtins, name) or name in ("np", "math"):
            number += 1
            name = f"{hint}_{number}"
        self.taken.add(name)
        return name


def in_blocks(region: Region, change: Callable[[tuple[Statement, ...]], list[Statement]]) -> Region:
    """The region with other statements in its blocks."""

    def within(block: Block) -> Block:
        return replace(block, statements=tuple(change(block.statements)))

    if isinstance(region, If):
        return replace(region, then=within(region.then), orelse=within(region.orelse))
    return replace(region, test=None if region.test is None else within(region.test), body=within(region.body))


def _key(operand: Operand) -> Any:
    if isinstance(operand, Const):
        return same_key(operand.value)
    return operand if isinstance(operand, Var) else tuple(_key(i) for i in operand.items)
