"""Whether the variables of a list have the types that follow from what is assigned to them.

Each primitive tells the type of its result from the types of its arguments. In a recorded path these are the types of what NumPy gave, so
that what a primitive tells is held against that. Of a function that is kept sizes are symbols, and a question about them has to have been
asked by the list itself: what its guards and conditions say is all that is known.
"""
from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.errors import InvalidIR
from s2sad.ir.program import ArrayType, Assign, Block, Const, Function, Guard, If, Loop, Operand, Statement, Var
from s2sad.rules.results import Unstated, result
from s2sad.rules.structural import NOT
from s2sad.types.arrays import Array, class_of
from s2sad.types.equations import sides
from s2sad.types.known import Known, compared
from s2sad.types.polynomials import Symbol
from s2sad.types.questions import Undecided, undecided
from s2sad.types.sizes import Size, at_worst, is_whole, settled

REFUSES = (ValueError, TypeError, IndexError, ZeroDivisionError, OverflowError)  # where types do not go together

WIDE = ({float, np.float64}, {complex, np.complex128})


class Open(Exception):
    """What stands for an operand is not known."""


class Unasked(Exception):
    """Neither guards nor conditions of the list answer a question about a size."""


def well_typed(function: Function, after: Function | None = None) -> None:
    """Raises InvalidIR, which names the first statement that gives its target another type than its primitive tells.

    What the guards of the function say that it comes `after` holds in it.
    """
    types = _Types(function.name)
    for each in (function,) if after is None else (after, function):
        types.block(Block(each.params, each.statements, each.results))


def told_by_guards(function: Function) -> Asked:
    """What the guards of a function tell of sizes, in all of it."""
    types = _Types(function.name)
    types.learn(function.statements)
    return types.known


class _Types:
    """What is known of the sizes at a place of the list, from guards and from the sides of conditions."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.known = Asked()
        self.conditions: dict[Var, tuple[str, Any, bool]] = {}

    def block(self, block: Block) -> None:
        """What a guard says holds in all of its block: where it does not, nothing comes of what stands before it."""
        self.learn(block.statements)
        for statement in block.statements:
            match statement:
                case Assign():
                    self.assign(statement)
                case Loop():
                    self.loop(statement)
                case If():
                    self.sides(statement)

    def learn(self, statements: tuple[Statement, ...]) -> None:
        """What guards ask."""
        for statement in statements:
            match statement:
                case Assign():
                    self.note(statement)
                case Guard(kind="truth", atom=Var() as atom) if atom in self.conditions:
                    self.holds(atom, statement.value)

    def loop(self, loop: Loop) -> None:
        """What the guards and the condition of a step say holds in the adjoint of the step as well."""
        if loop.test is not None:
            self.block(loop.test)
            self.on_side(loop.test.results[0], True)
        self.block(loop.body)

    def on_side(self, condition: Operand, answer: bool) -> None:
        if isinstance(condition, Var) and condition in self.conditions:
            self.holds(condition, answer)

    def sides(self, branch: If) -> None:
        for side, answer in ((branch.then, True), (branch.orelse, False)):
            with self.known.for_now():
                self.on_side(branch.atom, answer)
                self.block(side)

    def holds(self, atom: Var, answer: bool) -> None:
        kind, size, yes = self.conditions[atom]
        self.known.learn(kind, size, yes is answer)

    # Statements

    def assign(self, statement: Assign) -> None:
        leaves = self.told(statement)
        if leaves is None:
            return
        targets = statement.targets
        if len(leaves) != len(targets) or not all(map(self.agree, targets, leaves, [statement] * len(targets))):
            wanted = [t.type if t.size is None else t.size for t in targets]
            raise self.fault(statement, f"gives {leaves}, and is to give {wanted}")

    def told(self, statement: Assign) -> list[Any] | None:
        """What stands for the results of a statement; None where that is not known."""
        primitive = statement.primitive
        if primitive.structural or primitive.asks or primitive.raised is not None:
            return None
        try:
            found = result(primitive, self.bound(statement, _itself), self.bound(statement, _shown))
        except (Open, Unstated, Undecided):
            return None
        except Unasked as error:
            raise self.fault(statement, f"has a type that depends on {error}, which nothing asks") from None
        except REFUSES as error:
            if may_decide(statement):
                return None
            raise self.fault(statement, f"has types that do not go together: {error}") from error
        return [found] if statement.result is None else trees.flatten(found)[0]

    def fault(self, statement: Assign, what: str) -> InvalidIR:
        return InvalidIR(f"{self.name}: the statement {statement.targets} = {statement.primitive.name}{statement.args} {what}",
                         statement.location)  # fmt: skip

    def bound(self, statement: Assign, seen: Callable[[Any], Any]) -> list[Any]:
        return [self.stand_in(o, seen, statement.primitive.indexed) for o in statement.args]

    def stand_in(self, operand: Operand, seen: Callable[[Any], Any], masks: bool) -> Any:
        """What stands for an operand; of constant masks it is told how many elements they choose."""
        if isinstance(operand, Var):
            return seen(self.known.of(operand))
        if isinstance(operand, Const):
            return of_constant(operand.value, masks)
        items = [self.stand_in(i, seen, masks) for i in operand.items]
        if operand.kind is slice:
            return slice(*items)
        return dict(zip(operand.keys, items, strict=True)) if operand.kind is dict else operand.kind(items)

    def note(self, statement: Assign) -> None:
        """Remember what is asked of sizes, or the opposite of it."""
        primitive = statement.primitive
        if len(statement.targets) != 1:
            return
        target, = statement.targets
        if primitive is NOT and statement.args[0] in self.conditions:
            kind, size, yes = self.conditions[statement.args[0]]
            self.conditions[target] = kind, size, not yes
        if not primitive.compares:
            return
        with contextlib.suppress(Open):
            operands = self.bound(statement, _itself)
            asked = compared(primitive.compares, *operands) if all(map(is_whole, operands)) else None
            if asked is not None:
                self.conditions[target] = asked

    # Comparing

    def agree(self, var: Var, found: Any, statement: Assign) -> bool:
        """Whether a variable is of the type told. In an adjoint a number of Python's may stand for one of NumPy's of the same width;
        what stands in front of the loop in which it is needed has the sizes that are known there."""
        kind = var.type
        if isinstance(kind, ArrayType):
            return (isinstance(found, np.ndarray) and found.dtype == kind.dtype and found.ndim == len(kind.shape)
                    and (bool(statement.within) or all(map(self.known.same, found.shape, kind.shape))))  # fmt: skip
        if not isinstance(kind, type) or not is_number(kind):
            return True
        if class_of(found) is not kind:
            return statement.phase > 0 and {kind, class_of(found)} in WIDE
        return var.size is None or type(found) is not Size or self.known.same(found, var.size)


class Asked(Known):
    """Answers from what the list has asked; what is not known at all is a symbol of its own, which agrees with anything."""

    def __init__(self) -> None:
        super().__init__()
        self.open: set[Symbol] = set()

    def of(self, var: Var) -> Any:
        """What stands for a variable. Raises Open."""
        kind = var.type
        if isinstance(kind, ArrayType):
            return Array(kind.dtype, tuple(map(self._asked, kind.shape)))
        if not isinstance(kind, type) or not is_number(kind):
            raise Open
        if not issubclass(kind, (int, np.integer)) or kind is bool:
            return kind(1)  # type: ignore[call-arg]
        if var.size is None:
            symbol = Symbol("a whole number")
            self.open.add(symbol)
            return Size.of(symbol, self, kind)
        return self._asked(var.size).of_kind(kind) if isinstance(var.size, Size) else kind(var.size)

    def ask_zero(self, size: Size) -> bool:
        raise undecided("a number") if self.is_open(size) else Unasked(f"whether {sides(size, 'is')}")

    def ask_negative(self, size: Size) -> bool:
        raise undecided("a number") if self.is_open(size) else Unasked(f"whether {sides(size, 'is below')}")

    def ask_number(self, size: Size) -> int:
        raise undecided("a number") if self.is_open(size) else Unasked(f"the number that {size} is")

    def _learn(self, symbol: Symbol, size: Any, depth: int) -> None:
        """What is exchanged for a symbol has its bounds."""
        super()._learn(symbol, size, depth)
        if symbol.low is not None and isinstance(size, Size):
            self.assumed.append(settled(size - symbol.low))

    @contextlib.contextmanager
    def for_now(self) -> Iterator[None]:
        """Forget what is learnt in here."""
        before = dict(self.facts), dict(self.answers), list(self.assumed)
        try:
            yield
        finally:
            self.facts, self.answers, self.assumed = before
            self.changed()

    def same(self, one: Any, other: Any) -> bool:
        difference = self.normal(self._asked(one) - settled(other))
        if not isinstance(difference, Size):
            return bool(difference == 0)
        return self.is_open(difference) or self._zero(difference) is True

    def is_open(self, size: Size) -> bool:
        return any(s in self.open or any(isinstance(o, Size) and self.is_open(o) for o in s.operands) for s in size.symbols())

    def _sign(self, size: Any) -> bool | None:
        found = super()._sign(size)
        worst = at_worst(size) if found is None else None
        return False if worst is not None and super()._sign(worst) is False else found


def may_decide(statement: Assign) -> bool:
    """Whether a number that is not known, and has no derivative, is among the arguments: what it is may decide what goes together."""
    primitive = statement.primitive
    return any(isinstance(o, Var) and p.name not in primitive.pullbacks for p, o in zip(primitive.parameters, statement.args, strict=True))


def is_number(kind: type) -> bool:
    return issubclass(kind, (int, float, complex, np.number, np.bool_))


def of_constant(value: Any, masks: bool) -> Any:
    if type(value) in (list, tuple):
        return type(value)([of_constant(v, masks) for v in value])
    return Array(value.dtype, value.shape) if isinstance(value, np.ndarray) and not (masks and value.dtype.kind == "b") else value


def _itself(value: Any) -> Any:
    return value


def _shown(value: Any) -> Any:
    """What shape functions see of a float that is not known: they cannot tell how large it is."""
    return type(value)(np.nan) if isinstance(value, (float, np.floating)) else value
