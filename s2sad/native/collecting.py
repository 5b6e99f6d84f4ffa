"""Products that the steps of a loop make with rows of one matrix become one product of matrices, which BLAS is quick at.

    for t in range(n):                            driven = inputs @ u.T
        y = ... u @ inputs[t]                     for t in range(n):
                                                      y = ... driven[t]
    for t in range(n - 1, -1, -1):                for t in range(n - 1, -1, -1):
        u_bar += np.outer(g, inputs[t])               g_saved[t] = g
                                                  u_bar = g_saved.T @ inputs

The one before the loop asks that nothing of the product depends on other steps, the one after it that nothing but the sum itself reads the
outer products. Sums are added in another order by that, as they may be in native code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

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
    StackType,
    Statement,
    Var,
    everything,
    reads,
    targets_of,
    variables,
)
from s2sad.quickly import dataclass
from s2sad.rules.operations import ACCUMULATED, ADD, GETITEM, MATMUL, OUTER, TRANSPOSE, ZEROS
from s2sad.types.sizes import same

EVERY = Display(slice, (Const(None), Const(None), Const(None)))


def collected(function: Function) -> Function:
    """The function with products of steps made together, before their loop or after it."""
    if not any(isinstance(s, Loop) for s in function.statements):
        return function
    return replace(function, statements=_block(function.statements))


def _block(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    found: list[Statement] = []
    zeros: set[Var] = set()
    for statement in statements:
        if isinstance(statement, If):
            statement = replace(statement, then=_inner(statement.then), orelse=_inner(statement.orelse))
        if isinstance(statement, Assign) and statement.primitive is ZEROS:
            zeros.update(statement.targets)
        if isinstance(statement, Loop):
            found += _loop(replace(statement, body=_inner(statement.body)), zeros)
        else:
            found.append(statement)
    return tuple(found)


def _inner(block: Block) -> Block:
    return replace(block, statements=_block(block.statements))


def _loop(loop: Loop, zeros: set[Var]) -> list[Statement]:
    """A loop with what stands before and after it."""
    if loop.range is None or loop.exits or loop.test is not None or not _counts_up(loop):
        return [loop]
    steps = _Steps(loop)
    before = steps.made_before()
    after = steps.made_after(zeros)
    return [*before, steps.loop, *after]


def _counts_up(loop: Loop) -> bool:
    """Whether the index is the number of the step, by one side or the other."""
    assert loop.range is not None
    start, _, step = loop.range
    return all(isinstance(o, Const) and type(o.value) is int and o.value == n for o, n in ((start, 0), (step, 1)))


@dataclass(frozen=True)
class _Term:
    """What a step adds: the outer product of a vector that it makes and a row of a matrix; `turned` where the row comes first."""

    statement: Assign
    vector: Var
    matrix: Var
    turned: bool
    made: tuple[Assign, ...]  # what makes the matrix of a stack


class _Steps:
    """A loop whose steps multiply with rows."""

    def __init__(self, loop: Loop) -> None:
        self.loop = loop
        self.within = {t for s in everything(loop.body.statements) for t in targets_of(s)} | set(loop.body.params)
        self.rows = {r: m for s in loop.body.statements if (m := self.matrix_of(s)) is not None for r in targets_of(s)}
        self.turned = {t: a for s in loop.body.statements for t, a in self.transposes(s)}
        self.used = Counter(v for s in loop.body.statements for v in reads(s))
        self.used.update(v for r in loop.body.results for v in variables(r))

    @property
    def count(self) -> Any:
        """How many steps there are."""
        assert self.loop.range is not None
        end = self.loop.range[1]
        return end.value if isinstance(end, Const) else end.size if isinstance(end, Var) else None

    def matrix_of(self, statement: Statement) -> tuple[Var, tuple[Operand, ...]] | None:
        """The array from around the loop of which a statement takes the row of the step, and what the index says before that: of that part
        there has to be a row for each step."""
        if not isinstance(statement, Assign) or statement.primitive is not GETITEM or self.count is None:
            return None
        array, index = statement.args
        *before, last = index.items if isinstance(index, Display) and index.kind is tuple else (index,)
        if last is not self.loop.index or not isinstance(array, Var) or not isinstance(array.type, ArrayType) or array in self.within:
            return None
        if len(array.type.shape) != len(before) + 2 or not same(array.type.shape[len(before)], self.count):
            return None
        fixed = all(v not in self.within for o in before for v in variables(o))
        return (array, tuple(before)) if fixed and all(_is_number(o) for o in before) else None

    def whole_of(self, row: Var, statement: Assign) -> tuple[Var, tuple[Assign, ...]]:
        """The matrix of all rows, and what takes it out of an array."""
        array, before = self.rows[row]
        if not before:
            return array, ()
        assert isinstance(array.type, ArrayType)
        matrix = Var(replace(array.type, shape=array.type.shape[-2:]))
        return matrix, (Assign((matrix,), GETITEM, (array, Display(tuple, before)), statement.location, statement.phase),)

    def transposes(self, statement: Statement) -> Iterator[tuple[Var, Var]]:
        """What a statement turns round, if that is a matrix from around the loop."""
        if isinstance(statement, Assign) and statement.primitive is TRANSPOSE:
            matrix = statement.args[0]
            if isinstance(matrix, Var) and matrix not in self.within and _is_matrix(matrix):
                yield statement.targets[0], matrix

    # Before the loop

    def made_before(self) -> list[Statement]:
        """Products of a matrix and rows, none of which depends on other steps."""
        before: list[Statement] = []
        statements = []
        for statement in self.loop.body.statements:
            made = self.together(statement)
            before += made
            if made:
                assert isinstance(statement, Assign) and self.loop.index is not None
                statement = replace(statement, primitive=GETITEM, args=(made[-1].targets[0], self.loop.index))
            statements.append(statement)
        self.loop = replace(self.loop, body=replace(self.loop.body, statements=tuple(statements)))
        return before

    def together(self, statement: Statement) -> list[Assign]:
        """The products of all rows at once; none where a statement is no such product."""
        if not isinstance(statement, Assign) or statement.primitive is not MATMUL:
            return []
        one, other = statement.args
        for fixed, row, turned in ((one, other, True), (other, one, False)):
            if not isinstance(fixed, Var) or not isinstance(row, Var) or row not in self.rows or not _is_matrix(fixed):
                continue
            if fixed in self.turned:
                return self.product(statement, self.turned[fixed], row, not turned)
            if fixed not in self.within:
                return self.product(statement, fixed, row, turned)
        return []

    def product(self, statement: Assign, fixed: Var, row: Var, turned: bool) -> list[Assign]:
        matrix, taken = self.whole_of(row, statement)
        assert isinstance(fixed.type, ArrayType) and isinstance(matrix.type, ArrayType)
        made = list(taken)
        if not _floats(fixed.type, matrix.type):
            return []
        width = fixed.type.shape[0 if turned else 1]
        if turned:
            made.append(_transposed(fixed, statement))
            fixed = made[-1].targets[0]
        target = Var(ArrayType(fixed.type.dtype, (matrix.type.shape[0], width)))  # type: ignore[union-attr]
        return [*made, Assign((target,), MATMUL, (matrix, fixed), statement.location, statement.phase)]

    # After the loop

    def made_after(self, zeros: set[Var]) -> list[Statement]:
        """Sums of outer products; the vectors of all steps are saved."""
        after: list[Statement] = []
        for param in self.loop.carried:
            terms = self.terms(param)
            if terms:
                after += self.sum_after(param, terms, zeros)
        return after

    def terms(self, param: Var) -> list[_Term]:
        """What a step adds to a matrix that it goes on with; none where it does anything else with it."""
        made = {s.targets[0]: s for s in self.loop.body.statements if isinstance(s, Assign)}
        following = self.loop.nexts[self.loop.carried.index(param)]
        summands = [] if following is param else self.summands(following, made)
        if not summands or self.used[param] != 1 or summands.count(param) != 1:
            return []
        found = [self.term(s, made) for s in summands if s is not param]
        return [] if None in found else [t for t in found if t is not None]

    def summands(self, operand: Operand, made: dict[Var, Assign]) -> list[Operand]:
        """What a sum is of that nothing but the next step reads, in order."""
        statement = made.get(operand) if isinstance(operand, Var) and self.used[operand] == 1 else None
        if statement is None or statement.targets[0].type not in {v.type for v in statement.reads if isinstance(v.type, ArrayType)}:
            return [operand]
        if statement.primitive is ADD and all(isinstance(a, Var) and a.type == statement.targets[0].type for a in statement.args):
            return [s for a in statement.args for s in self.summands(a, made)]
        if statement.primitive is ACCUMULATED and _is_whole(statement.args[1]):
            return [s for a in (statement.args[0], statement.args[2]) for s in self.summands(a, made)]
        return [operand]

    def term(self, product: Operand, made: dict[Var, Assign]) -> _Term | None:
        outer = made.get(product) if isinstance(product, Var) and self.used[product] == 1 else None
        if outer is None or outer.primitive is not OUTER:
            return None
        one, other = outer.args[:2]
        for vector, row, turned in ((one, other, False), (other, one, True)):
            found = self.matrix(row, outer)
            if found is not None and isinstance(vector, Var) and vector in made and self.fits(outer, vector, found[0]):
                return _Term(outer, vector, found[0], turned, found[1])
        return None

    def fits(self, statement: Assign, vector: Var, matrix: Var) -> bool:
        """Whether a product of matrices gives what the outer products do: numbers of the same class, of vectors."""
        types = statement.targets[0].type, vector.type, matrix.type
        return all(isinstance(t, ArrayType) for t in types) and len(vector.type.shape) == 1 and _floats(*types)  # type: ignore[union-attr, arg-type]

    def matrix(self, row: Operand, outer: Assign) -> tuple[Var, tuple[Assign, ...]] | None:
        """The matrix that a row is of, and what makes it where it is a stack."""
        if not isinstance(row, Var):
            return None
        if row in self.rows:
            return self.whole_of(row, outer)
        if row not in self.loop.elements or not isinstance(row.type, ArrayType) or len(row.type.shape) != 1 or self.count is None:
            return None
        return self.of_stack(self.loop.scanned[self.loop.elements.index(row)], row.type)

    def of_stack(self, stack: Var, kind: ArrayType) -> tuple[Var, tuple[Assign, ...]]:
        """What a stack holds, as one array."""
        array = Var(ArrayType(kind.dtype, (self.count, *kind.shape)))
        return array, (Assign((array,), GETITEM, (stack, EVERY), self.loop.location, self.loop.phase),)

    def sum_after(self, param: Var, terms: list[_Term], zeros: set[Var]) -> list[Assign]:
        """Take what is added to a matrix out of the loop, and add it up behind."""
        place = self.loop.carried.index(param)
        init, total = self.loop.inits[place], self.loop.results[place]
        self.without(place, {t.statement.targets[0] for t in terms})
        after: list[Assign] = []
        sums: list[Operand] = [] if init in zeros else [init]
        for term in terms:
            after += self.product_after(term)
            sums.append(after[-1].targets[0])
        for number, summand in enumerate(sums[1:], 1):
            last = number == len(sums) - 1
            target = total if last else Var(total.type)
            after.append(Assign((target,), ADD, (sums[0], summand), self.loop.location, self.loop.phase))
            sums[0] = target
        if len(sums) == 1:
            after[-1] = replace(after[-1], targets=(total,))
        return after

    def product_after(self, term: _Term) -> list[Assign]:
        stack = self.saved(term.vector)
        assert isinstance(term.vector.type, ArrayType)
        vectors, taken = self.of_stack(stack, term.vector.type)
        one, other = (term.matrix, vectors) if term.turned else (vectors, term.matrix)
        turned = _transposed(one, term.statement)
        product = Assign((Var(term.statement.targets[0].type),), MATMUL, (turned.targets[0], other), term.statement.location,
                         term.statement.phase)  # fmt: skip
        return [*term.made, *taken, turned, product]

    def saved(self, vector: Var) -> Var:
        """The stack of what steps make, which is saved from now on if it was not."""
        if vector in self.loop.saved:
            return self.loop.stacks[self.loop.saved.index(vector)]
        assert isinstance(vector.type, ArrayType)
        stack = Var(StackType(vector.type))
        body = replace(self.loop.body, results=(*self.loop.body.results, vector))
        self.loop = replace(self.loop, body=body, targets=(*self.loop.targets, stack))
        return stack

    def without(self, place: int, gone: set[Var]) -> None:
        """Take a carried value and what computes it out of the loop."""
        loop, at = self.loop, self.loop.first + place

        def less(items: tuple[Any, ...], at: int) -> tuple[Any, ...]:
            return (*items[:at], *items[at + 1 :])

        gone = {*gone, loop.carried[place]}
        statements = []
        for statement in loop.body.statements:  # what reads what is gone is a part of the sum
            if gone.isdisjoint(targets_of(statement)) and gone.isdisjoint(reads(statement)):
                statements.append(statement)
            else:
                gone.update(targets_of(statement))
        body = Block(less(loop.body.params, at), tuple(statements), less(loop.body.results, place))
        self.loop = replace(loop, targets=less(loop.targets, place), inits=less(loop.inits, place), body=body)


def _is_matrix(var: Var) -> bool:
    return isinstance(var.type, ArrayType) and len(var.type.shape) == 2


def _is_number(operand: Operand) -> bool:
    """Whether an item of an index is a whole number."""
    return type(operand.value) is int if isinstance(operand, Const) else isinstance(operand, Var) and operand.type is int


def _is_whole(index: Operand) -> bool:
    return isinstance(index, Const) and index.value is Ellipsis


def _floats(*kinds: ArrayType) -> bool:
    """Whether all hold real numbers of one class."""
    return kinds[0].dtype.kind == "f" and all(k.dtype == kinds[0].dtype for k in kinds)


def _transposed(matrix: Var, statement: Assign) -> Assign:
    assert isinstance(matrix.type, ArrayType)
    turned = Var(ArrayType(matrix.type.dtype, matrix.type.shape[::-1]))
    return Assign((turned,), TRANSPOSE, (matrix, Const(None)), statement.location, statement.phase)
