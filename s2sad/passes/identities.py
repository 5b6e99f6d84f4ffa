"""Products with an identity matrix, which unit vectors are that go through a sweep together: `np.eye(n) @ a` is `a`.

    np.eye(n) @ a                    is    a
    np.eye(n) * d @ a                is    d[:, None] * a
    a @ (np.eye(n) * d)              is    a * d

An identity matrix times numbers for its columns is a diagonal, and stays one: scaled again, negated, transposed. The zeros beside it are
those of a chain of derivatives, where 0 times anything is 0: so what is left out is never NaN, also where an element of `a` is infinite.
"""
from __future__ import annotations

from dataclasses import replace

from s2sad.ir.equal import key
from s2sad.ir.program import ArrayType, Assign, Atom, Const, Function, Operand, Statement, Var, rewrite
from s2sad.passes.copies import rewrite_results
from s2sad.quickly import dataclass
from s2sad.rules.operations import DIVIDE, GETITEM, MATMUL, MULTIPLY, NEGATE, TRANSPOSE

DOWN = Const((slice(None), None))


@dataclass(frozen=True)
class Diagonal:
    """An identity matrix, the columns of which are multiplied by numbers, divided by others, and negated, one after the other."""

    steps: tuple[tuple[Assign, Operand], ...] = ()

    def then(self, statement: Assign, factor: Operand) -> Diagonal:
        return Diagonal((*self.steps, (statement, factor)))


def multiply_by_identities(function: Function) -> Function:
    """Write products with identity matrices and diagonals without them; they are not made then."""
    diagonals, scaled = dict[Var, Diagonal](), dict[Var, Atom]()
    kept: list[Statement] = []
    for statement in function.statements:
        statement = rewrite(statement, scaled)
        if not isinstance(statement, Assign) or not statement.phase or len(statement.targets) != 1:
            kept.append(statement)
            continue
        found = _diagonal(statement, diagonals)
        if found is not None:
            diagonals[statement.targets[0]] = found
        product = _product(statement, diagonals) if statement.primitive is MATMUL and not statement.unsure else None
        if isinstance(product, Var):
            scaled[statement.targets[0]] = product
        else:
            kept += [statement] if product is None else product
    return replace(function, statements=tuple(kept), results=rewrite_results(function, scaled)) if len(diagonals) else function


def _diagonal(statement: Assign, known: dict[Var, Diagonal]) -> Diagonal | None:
    """What a statement makes, if that is a diagonal."""
    primitive, args, kind = statement.primitive, statement.args, statement.targets[0].type
    if not isinstance(kind, ArrayType) or len(kind.shape) != 2 or kind.shape[0] != kind.shape[1]:
        return None
    if primitive.ones:
        return Diagonal() if key(args[primitive.index(primitive.ones)]) == key(Const(0)) else None
    if primitive is NEGATE or (primitive is TRANSPOSE and key(args[1]) == key(Const(None))):
        before = known.get(args[0])  # type: ignore[arg-type]
        return before if before is None or primitive is TRANSPOSE else before.then(statement, args[0])
    if primitive is MULTIPLY or primitive is DIVIDE:
        for one, other in (args, args[::-1]) if primitive is MULTIPLY else (args,):
            before = known.get(one)  # type: ignore[arg-type]
            if before is not None and _is_by_columns(other, kind):
                return before.then(statement, other)
    return None


def _is_by_columns(operand: Operand, matrix: ArrayType) -> bool:
    """Whether an operand is a number, or has one for each column, so that the product is as large as the matrix."""
    if isinstance(operand, Const):
        return type(operand.value) in (int, float)
    kind = operand.type if isinstance(operand, Var) else None
    return kind in (float, matrix.dtype.type) or (isinstance(kind, ArrayType) and kind.shape == matrix.shape[1:])


def _product(statement: Assign, diagonals: dict[Var, Diagonal]) -> list[Assign] | Var | None:
    """The product of a diagonal and a matrix, or an operand that it is."""
    target = statement.targets[0]
    for k in (0, 1):
        found, other = diagonals.get(statement.args[k]), statement.args[1 - k]  # type: ignore[arg-type]
        if found is None or not isinstance(other, Var) or not isinstance(target.type, ArrayType) or other.type != target.type:
            continue
        if not found.steps:
            return other
        if len(target.type.shape) == 2 and other not in diagonals:
            return _scaled(statement, found, other, k == 0)
    return None


def _scaled(statement: Assign, diagonal: Diagonal, matrix: Var, by_rows: bool) -> list[Assign]:
    """The matrix, its rows or columns scaled as the diagonal says."""
    made, strong = list[Assign](), statement.strong
    for step, factor in diagonal.steps:
        args: tuple[Operand, ...] = (matrix,)
        strong = strong or step.strong
        if step.primitive is not NEGATE:
            if by_rows and isinstance(factor, Var) and isinstance(factor.type, ArrayType):
                shape = ArrayType(factor.type.dtype, (*factor.type.shape, 1))
                made.append(replace(step, targets=(Var(shape),), primitive=GETITEM, args=(factor, DOWN), strong=False))
                factor = made[-1].targets[0]
            args = (factor, matrix) if step.primitive is MULTIPLY and (by_rows or isinstance(factor, Const)) else (matrix, factor)
        made.append(replace(statement, targets=(Var(matrix.type),), primitive=step.primitive, args=args, strong=strong))
        matrix = made[-1].targets[0]
    return [*made[:-1], replace(made[-1], targets=statement.targets)]
