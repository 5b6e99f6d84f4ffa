"""What is asked of sizes when a function is entered: in one place, each size once, without what follows from the rest.

The guards of a kept function ask about sizes where these meet. Those that ask about the sizes of arguments alone are taken together here,
as equations and bounds over the sizes of the arguments. An equation gives one of its sizes by the others; what follows is left out. What
stays is what a person would write: `W.shape != (4 * n, x.shape[1])`.
"""
from __future__ import annotations

import ast
import functools
import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from s2sad.errors import Location
from s2sad.ir.liveness import has_effects
from s2sad.ir.program import ArrayType, Assign, Const, Function, Guard, Operand, Statement, Var, is_region, reads, targets_of
from s2sad.quickly import dataclass
from s2sad.rules.structural import DIM
from s2sad.types.polynomials import Symbol
from s2sad.types.sizes import Size, Whole, at_least_zero, settled, with_sizes

ARITHMETIC: dict[type, Any] = {ast.Add: lambda a, b: a + b, ast.Sub: lambda a, b: a - b, ast.Mult: lambda a, b: a * b}
COMPARED = (ast.Eq, ast.Lt)
OPPOSITE: dict[str, Any] = {"==": ast.NotEq, "<": ast.GtE, ">=": ast.Lt}
EVERY = -1  # in place of an axis
FEW = 8  # bounds, of which sums are tried


@dataclass(frozen=True)
class Dimension:
    """The size of an argument along an axis; of a whole number that is an argument, the number itself."""

    argument: Var
    axis: int | None


def dimension(statement: Assign) -> Dimension:
    """What a statement asks for."""
    array, axis = statement.args
    return Dimension(array, axis.value)  # type: ignore[arg-type, union-attr]


@dataclass(frozen=True)
class SizesFirst:
    """What has to hold: which size each of some dimensions has, and which sizes are not below others, or the same."""

    given: dict[Dimension, Whole]
    others: list[tuple[str, Whole, Whole]]
    known: dict[Symbol, Dimension]
    location: Location | None

    def refused(self, shown: Callable[[Dimension], Any]) -> Iterator[Any]:
        """What is asked: the conditions under which a call goes another way."""
        for argument in dict.fromkeys(d.argument for d in sorted(self.given, key=lambda d: d.argument.number)):
            sizes = {d.axis: size for d, size in self.given.items() if d.argument is argument}
            if isinstance(argument.type, ArrayType) and len(sizes) == len(argument.type.shape):
                value = ast.Tuple([self.written(sizes[axis], shown) for axis in range(len(sizes))], ast.Load())
                yield ast.Compare(shown(Dimension(argument, EVERY)), [ast.NotEq()], [value])
                continue
            for axis, size in sizes.items():
                yield ast.Compare(shown(Dimension(argument, axis)), [ast.NotEq()], [self.written(size, shown)])
        for asked, one, other in self.others:
            if asked == "<" and one == 0 and at_least_zero(other):
                yield ast.Compare(self.written(other, shown), [ast.Eq()], [ast.Constant(0, None)])
                continue
            yield ast.Compare(self.written(one, shown), [OPPOSITE[asked]()], [self.written(other, shown)])

    def written(self, size: Whole, shown: Callable[[Dimension], Any]) -> Any:
        """A polynomial as a person writes it."""
        if not isinstance(size, Size):
            return ast.Constant(size, None) if size >= 0 else ast.UnaryOp(ast.USub(), ast.Constant(-size, None))
        total: Any = None
        for symbols, factor in size.terms:
            parts = [shown(self.known[s]) for s in symbols]
            count = abs(factor) if total is not None else factor
            product = functools.reduce(lambda a, b: ast.BinOp(a, ast.Mult(), b), parts) if parts else self.written(count, shown)
            if parts and count != 1:
                product = ast.UnaryOp(ast.USub(), product) if count == -1 else ast.BinOp(self.written(count, shown), ast.Mult(), product)
            total = product if total is None else ast.BinOp(total, ast.Add() if factor > 0 else ast.Sub(), product)
        return total


def sizes_first(function: Function) -> Function:
    """The function whose guards on the sizes of its arguments are one, at the beginning."""
    sizes = _Sizes(function)
    asking = [s for s in function.statements if isinstance(s, Guard) and sizes.question(s) is not None]
    if not asking:
        return function
    for guard in asking:
        sizes.ask(*sizes.question(guard))  # type: ignore[misc]
    places = {g.location for g in asking}
    first = SizesFirst(*sizes.answer(), sizes.known, places.pop() if len({p and p.line for p in places}) == 1 else None)
    rest = _without(function, asking)
    start = sizes.start(rest.statements)
    guard = Guard("truth", Const(first), True, first.location)
    return replace(rest, statements=(*rest.statements[:start], guard, *rest.statements[start:]))


def _without(function: Function, asking: list[Guard]) -> Function:
    """The function without guards, and without what was computed for them alone."""
    statements: tuple[Statement, ...] = tuple(s for s in function.statements if not any(s is g for g in asking))
    waiting = [g.atom for g in asking]
    uses = Counter(v for s in statements for v in reads(s))
    uses.update(r for r in function.results if isinstance(r, Var))
    made = {t: s for s in statements if isinstance(s, Assign) for t in s.targets}
    gone: set[Var] = set()
    while waiting:
        var = waiting.pop()
        if isinstance(var, Var) and var in made and not uses[var] and var not in function.names and var not in gone:
            gone.add(var)
            uses.subtract(reads(made[var]))
            waiting += reads(made[var])
    return replace(function, statements=tuple(s for s in statements if not any(t in gone for t in targets_of(s))))


def follows(bound: Any, others: list[Any]) -> bool:
    """Whether a size is not negative where others are not: it is one of them, or the sum of two, and something more."""
    fewer = others if len(others) <= FEW else []
    sums = itertools.chain([0], others, (a + b for a, b in itertools.combinations_with_replacement(fewer, 2)))
    return any(at_least_zero(bound - total) for total in sums)


class _Sizes:
    """The sizes of the arguments of a function, and what is asked of them."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self.made = {t: s for s in function.statements if isinstance(s, Assign) for t in s.targets}
        self.order = {p: n for n, p in enumerate(function.params)}
        early = itertools.takewhile(lambda s: not is_region(s), () if has_effects(function) else function.statements)
        self.early = {s for s in early if isinstance(s, Guard)}  # in front of which nothing happens, and the function raises nothing
        self.symbols: dict[Dimension, Symbol] = {}
        self.known: dict[Symbol, Dimension] = {}
        named = (s for s in function.statements if isinstance(s, Assign) and s.primitive is DIM and s.targets[0] in function.names)
        self.named = set(map(dimension, named))
        self.given: dict[Symbol, Any] = {}
        self.others: list[tuple[str, Any, Any]] = []
        self.found: dict[Var, Any] = {}

    # What a guard asks

    def question(self, guard: Guard) -> tuple[str, Any, Any] | None:
        """`==`, `<` or `>=` with two sizes, where a guard asks that."""
        if guard.premise or not isinstance(guard.atom, Var):
            return None
        if guard.kind == "equals":
            size = self.size(guard.atom) if type(guard.value) is int else None
            return None if size is None else ("==", size, guard.value)
        made = self.made.get(guard.atom)
        template = None if made is None or guard.kind != "truth" else made.primitive.template
        if made is None or not isinstance(template, ast.Compare) or not isinstance(template.ops[0], COMPARED):
            return None
        one, other = map(self.size, made.args)
        equal = isinstance(template.ops[0], ast.Eq)
        if one is None or other is None:
            return None
        if equal and not guard.value:  # of what is never below another the question is whether it is above it
            return ("<", other, one) if guard in self.early and at_least_zero(one - other) else None
        return "==" if equal else "<" if guard.value else ">=", one, other

    def size(self, operand: Operand) -> Any:
        """The polynomial over sizes of arguments that a whole number is; None where it is none."""
        if isinstance(operand, Const):
            return operand.value if type(operand.value) is int else None
        if not isinstance(operand, Var) or operand.type is not int:
            return None
        if operand not in self.found:
            self.found[operand] = self.computed(operand)
        return self.found[operand]

    def computed(self, var: Var) -> Any:
        if var in self.order:
            return self.of(Dimension(var, None))
        made = self.made.get(var)
        if made is None:
            return None
        if made.primitive is DIM:
            return self.of(dimension(made)) if made.args[0] in self.order else None
        operation = ARITHMETIC.get(type(getattr(made.primitive.template, "op", None)))
        if operation is None or len(made.args) != 2:
            return None
        one, other = map(self.size, made.args)
        return None if one is None or other is None else settled(operation(one, other))

    def of(self, dimension: Dimension) -> Size:
        if dimension not in self.symbols:
            low = None if dimension.axis is None else 0
            symbol = self.symbols[dimension] = Symbol(f"{dimension.argument}[{dimension.axis}]", None, low)
            self.known[symbol] = dimension
        return Size.of(self.symbols[dimension])

    # What has to hold

    def ask(self, asked: str, one: Any, other: Any) -> None:
        one, other = with_sizes(one, self.given), with_sizes(other, self.given)
        difference = one - other
        if asked != "==" or not isinstance(difference, Size):
            if isinstance(difference, Size) or asked != "==" or difference:
                self.others.append((asked, one, other))
            return
        symbol, sign = self.told(difference)
        if symbol is None:
            self.others.append((asked, one, other))
            return
        value = with_sizes(difference, {symbol: 0}) * -sign
        self.given = {s: with_sizes(v, {symbol: value}) for s, v in self.given.items()} | {symbol: value}

    def told(self, difference: Size) -> tuple[Symbol | None, int]:
        """The symbol that an equation gives, best the last one without a name, and its sign."""
        alone = [(term[0], factor) for term, factor in difference.terms if len(term) == 1 and abs(factor) == 1]
        free = [(s, f) for s, f in alone if sum(s in term for term, _ in difference.terms) == 1]
        return max(free, key=lambda each: self.rank(each[0]), default=(None, 0))

    def rank(self, symbol: Symbol) -> tuple[bool, bool, int, int]:
        dimension = self.known[symbol]
        return dimension.axis is not None, dimension not in self.named, self.order[dimension.argument], dimension.axis or 0

    def answer(self) -> tuple[dict[Dimension, Whole], list[tuple[str, Whole, Whole]]]:
        return {self.known[s]: v for s, v in self.given.items()}, list(self.bounds())

    def bounds(self) -> Iterator[tuple[str, Whole, Whole]]:
        """What does not follow from the rest."""
        others = [(asked, with_sizes(one, self.given), with_sizes(other, self.given)) for asked, one, other in self.others]
        standing = {k: one - other if asked == ">=" else other - one - 1 for k, (asked, one, other) in enumerate(others) if asked != "=="}
        for k, bound in list(standing.items()):
            del standing[k]
            if not follows(bound, list(standing.values())):
                standing[k] = bound
        return (each for k, each in enumerate(others) if each[0] == "==" or k in standing)

    def start(self, statements: tuple[Statement, ...]) -> int:
        """Where the sizes are asked: after what gives names to some of them."""
        start = 0
        for n, statement in enumerate(statements):
            reading = isinstance(statement, Assign) and (statement.primitive.structural or statement.primitive is DIM)
            if not reading and not (isinstance(statement, Guard) and statement.premise):
                break
            if any(t in self.function.names for t in targets_of(statement)):
                start = n + 1
        return start
