"""What a step of a loop makes of the step before it waits for that; all else of the step does not, and is computed meanwhile.

    x_bar = x_bar * a * r - x_bar * (r * x)         x_bar = x_bar * (a * r - r * x)
    u[i] = (u[i - 1] + u[i] + u[i + 1]) / 3.0       u[i] = (u[i] + u[i + 1] + u[i - 1]) / 3.0

The first takes as many operations, of which one waits where it were three; in the second, one addition waits where it were two. So numbers
that are late come last in sums, and are multiplied by once: what is late is what a loop goes on with, an element that the step before has
written, and what is made of them. Sums with differences among their terms keep their order: it may be what they are about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np

from s2sad.ir.program import (
    ArrayType,
    Assign,
    Block,
    Const,
    Display,
    Function,
    If,
    Loop,
    Operand,
    Statement,
    Var,
    everything,
    reads,
    variables,
)
from s2sad.passes.dead import remove_dead
from s2sad.passes.storage import is_write
from s2sad.quickly import dataclass
from s2sad.rules.operations import ADD, GETITEM, MULTIPLY, SUBTRACT
from s2sad.types.polynomials import Symbol
from s2sad.types.sizes import Size, settled, with_sizes

WIDE = (float, np.float64)


def late_last(function: Function) -> Function:
    """The function, with what is late in the steps of its loops as late as it may be."""
    if not any(isinstance(s, Loop) for s in everything(function.statements)):
        return function
    body = _of_block(Block(function.params, function.statements, function.results), frozenset(), frozenset(), False)
    return remove_dead(replace(function, statements=body.statements))


def _of_block(block: Block, late: frozenset[Var], written: frozenset[Any], inside: bool) -> Block:
    """A block, in which these variables and elements are late; of what is `inside` no loop nothing waits."""
    state = _Late(set(late), written, Counter(_read_in(block)))
    for statement in block.statements:
        state.add(statement, inside)
    return replace(block, statements=tuple(state.statements()))


def _read_in(block: Block) -> Iterator[Var]:
    """What is read in a block, as often as it is."""
    for statement in block.statements:
        yield from reads(statement)
    for result in block.results:
        yield from variables(result)


@dataclass
class _Late:
    """What is late so far, which elements the step before has written, and how often what is read."""

    late: set[Var]
    written: frozenset[Any]
    uses: Counter[Var]

    def __post_init__(self) -> None:
        self.kept: dict[Statement, None] = {}
        self.made: dict[Var, Assign] = {}

    def statements(self) -> list[Statement]:
        return [*self.kept]

    def add(self, statement: Statement, inside: bool) -> None:
        match statement:
            case Loop():
                body = _of_block(statement.body, frozenset(_numbers(statement.carried)), _written(statement), True)
                self.keep(replace(statement, body=body))
                self.late.update(_numbers(statement.targets))
            case If():
                sides = [_of_block(side, frozenset(self.late), self.written, inside) for side in statement.blocks]
                self.keep(replace(statement, then=sides[0], orelse=sides[1]))
                self.late.update(_numbers(statement.targets))
            case Assign() if inside and _is_number(statement):
                self.number(statement)
            case _:
                self.keep(statement)

    def keep(self, statement: Statement) -> None:
        self.kept[statement] = None

    def number(self, statement: Assign) -> None:
        """A number that a step computes."""
        (target,) = statement.targets
        if statement.primitive is ADD:
            self.sum(statement)
        if statement.primitive in (ADD, SUBTRACT) and statement.phase and target not in self.made:
            self.product(statement)
        if target not in self.made:
            self.put(statement)

    def put(self, statement: Assign) -> None:
        self.keep(statement)
        (target,) = statement.targets
        self.made[target] = statement
        if any(v in self.late for v in statement.reads) or self.is_of_step_before(statement):
            self.late.add(target)

    def is_of_step_before(self, statement: Assign) -> bool:
        return statement.primitive is GETITEM and (statement.args[0], _sizes(statement.args[1])) in self.written

    # Sums

    def sum(self, statement: Assign) -> None:
        """Let the terms that are late be the last, where some are early."""
        terms = list(self.terms(statement))
        late = [t for t in terms if t in self.late]
        ordered = [*(t for t in terms if t not in self.late), *late]
        if len(terms) < 3 or len(late) == len(terms) or ordered == terms or not all(map(_is_wide, terms)):
            return
        self.drop(statement)
        sum_: Operand = ordered[0]
        for term in ordered[1:-1]:
            sum_ = self.new(statement, ADD, sum_, term)
        self.put(replace(statement, args=(sum_, ordered[-1])))

    def terms(self, statement: Assign) -> Iterator[Operand]:
        """The terms of a sum, of which what is added first is needed for nothing else."""
        first, last = statement.args
        made = self.summed(first)
        if made is None:
            yield first
        else:
            yield from self.terms(made)
        yield last

    def summed(self, operand: Operand) -> Assign | None:
        made = self.made.get(operand) if isinstance(operand, Var) else None
        return made if made is not None and made.primitive is ADD and self.uses[made.targets[0]] == 1 else None

    def drop(self, statement: Assign) -> None:
        """Without the sums in a sum."""
        while (made := self.summed(statement.args[0])) is not None:
            self.kept.pop(made, None)
            statement = made

    # Products

    def product(self, statement: Assign) -> None:
        """A sum of two products with one factor that is late: that factor times a sum of what is early."""
        one, other = (list(self.factors(a)) for a in statement.args)
        late = [f for f in one if f in self.late]
        if len(late) != 1 or [f for f in other if f in self.late] != late or len(one) < 2 or len(other) < 2:
            return
        rest = [[f for f in factors if f is not late[0]] for factors in (one, other)]
        if not all(map(_is_wide, (*one, *other))) or not any(isinstance(f, Var) for factors in rest for f in factors):
            return
        sides = [self.times(statement, factors) for factors in rest]
        self.put(replace(statement, primitive=MULTIPLY, args=(late[0], self.new(statement, statement.primitive, *sides))))

    def factors(self, operand: Operand) -> Iterator[Any]:
        """The factors of a product, those that are late taken apart."""
        made = self.made.get(operand) if isinstance(operand, Var) and operand in self.late else None
        if made is None or made.primitive is not MULTIPLY or made.targets[0].type not in WIDE:
            yield operand
            return
        for factor in made.args:
            yield from self.factors(factor)

    def times(self, beside: Assign, factors: Sequence[Operand]) -> Operand:
        product, *others = factors
        for factor in others:
            product = self.new(beside, MULTIPLY, product, factor)
        return product

    def new(self, beside: Assign, primitive: Any, one: Operand, other: Operand) -> Var:
        """A number that stands next to another one."""
        target = Var(beside.targets[0].type)
        self.put(replace(beside, targets=(target,), primitive=primitive, args=(one, other)))
        return target


def _is_number(statement: Assign) -> bool:
    """Whether a statement gives a number."""
    return len(statement.targets) == 1 and statement.result is None and isinstance(statement.targets[0].type, type)


def _numbers(variables: tuple[Var, ...]) -> Iterator[Var]:
    return (v for v in variables if isinstance(v.type, type))


def _is_wide(operand: Operand) -> bool:
    """Whether an operand is a real number of 64 bits, or a number that stands in the code."""
    return type(operand.value) in (int, *WIDE) if isinstance(operand, Const) else isinstance(operand, Var) and operand.type in WIDE


# Elements that the step before has written


def _written(loop: Loop) -> frozenset[Any]:
    """The elements of arrays, in any version that they have in a step of a loop with no other in it, that the step before has written."""
    index, by = loop.index, loop.range[2] if loop.range is not None else None
    if index is None or not isinstance(index.size, Size) or index.size.symbol is None or not isinstance(by, Const):
        return frozenset()
    statements = list(everything(loop.body.statements))
    if any(isinstance(s, Loop) for s in statements):
        return frozenset()
    before = {index.size.symbol: index.size - (-by.value if loop.reverse else by.value)}
    roots: dict[Any, Var] = {p: p for p in loop.carried if isinstance(p.type, ArrayType)}
    for statement in statements:
        if isinstance(statement, Assign) and is_write(statement) and statement.args[0] in roots:
            roots[statement.targets[0]] = roots[statement.args[0]]
        elif isinstance(statement, If):
            roots.update((t, roots[r]) for t, r in zip(statement.targets, statement.then.results, strict=True) if r in roots)
    writes = (s for s in statements if isinstance(s, Assign) and is_write(s) and s.args[0] in roots)
    written = {(roots[s.args[0]], _sizes(s.args[1], before)) for s in writes}
    return frozenset((version, sizes) for version, root in roots.items() for own, sizes in written if own is root and sizes is not None)


def _sizes(index: Operand, given: Mapping[Symbol, Any] = MappingProxyType({})) -> Any:
    """An index of whole numbers, by what they are made of, with these numbers in place of others; None for any other."""
    items = index.items if isinstance(index, Display) and index.kind is tuple else (index,)
    sizes = [i.value if isinstance(i, Const) else i.size if isinstance(i, Var) else None for i in items]
    if not all(isinstance(n, (int, Size)) for n in sizes):
        return None
    found = [with_sizes(settled(n), given) for n in sizes]
    return tuple(n.terms if isinstance(n, Size) else n for n in found)
