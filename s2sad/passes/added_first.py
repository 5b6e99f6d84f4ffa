"""Rows of a product of matrices that an adjoint adds up are added up before they are multiplied, and so are columns.

    mean_bar = (y_bar @ w).sum(axis=0)      becomes      mean_bar = y_bar.sum(axis=0) @ w

That is a product of a vector, where there was one of a matrix which nothing else needs.
"""
from __future__ import annotations

from dataclasses import replace

from s2sad.ir.program import ArrayType, Assign, Const, Function, Operand, Statement, Var
from s2sad.passes.contract import EXACT
from s2sad.passes.copies import uses_in
from s2sad.rules.operations import MATMUL, SUM


def add_rows_first(function: Function) -> Function:
    """Write `np.sum(a, 0) @ b` for `np.sum(a @ b, 0)`, and `a @ np.sum(b, 1)` for `np.sum(a @ b, 1)`."""
    products = {s.targets[0]: s for s in function.statements if isinstance(s, Assign) and _is_product(s)}
    if not products:
        return function
    uses = uses_in(function)
    alone = {v: s for v, s in products.items() if uses[v] == 1}
    statements, gone = list[Statement](), set[Var]()
    for statement in function.statements:
        product = alone.get(statement.args[0]) if isinstance(statement, Assign) and _adds_up(statement) else None  # type: ignore[arg-type]
        if isinstance(statement, Assign) and product is not None:
            statements += _added_first(statement, product)
            gone.add(product.targets[0])
        else:
            statements.append(statement)
    return replace(function, statements=tuple(s for s in statements if not (isinstance(s, Assign) and s.targets[0] in gone)))


def _added_first(total: Assign, product: Assign) -> tuple[Assign, Assign]:
    """The sum of one factor, and its product with the other."""
    by_rows, kind = _axis(total) == 0, total.targets[0].type
    factor, other = product.args if by_rows else product.args[::-1]
    assert isinstance(factor, Var) and isinstance(factor.type, ArrayType) and isinstance(kind, ArrayType)
    left = factor.type.shape[by_rows]
    shape = (left,) if len(kind.shape) == 1 else (1, left) if by_rows else (left, 1)
    added = Var(replace(factor.type, shape=shape))
    return (
        replace(total, targets=(added,), args=(factor, *total.args[1:])),
        replace(total, primitive=MATMUL, args=(added, other) if by_rows else (other, added), strong=product.strong),
    )


def _is_product(statement: Assign) -> bool:
    """Whether a statement of an adjoint multiplies two matrices."""
    return statement.primitive is MATMUL and _is_plain(statement) and all(map(_is_matrix, (*statement.args, *statement.targets)))


def _adds_up(statement: Assign) -> bool:
    """Whether a statement of an adjoint adds up the rows of a matrix, or its columns."""
    if statement.primitive is not SUM or not _is_plain(statement) or not _is_matrix(statement.args[0]):
        return False
    rest = [(p, a) for p, a in zip(SUM.parameters[1:], statement.args[1:], strict=True) if p.name not in ("axis", "keepdims")]
    return _axis(statement) is not None and all(isinstance(a, Const) and a.value is p.default for p, a in rest)


def _axis(total: Assign) -> int | None:
    """Which axis is added up; None where it is not one, or not known."""
    axis = total.args[SUM.index("axis")]
    found = axis.value if isinstance(axis, Const) else None
    found = found[0] if isinstance(found, tuple) and len(found) == 1 else found
    return found % 2 if type(found) is int else None


def _is_plain(statement: Assign) -> bool:
    return bool(statement.phase) and not statement.unsure and len(statement.targets) == 1


def _is_matrix(operand: Operand) -> bool:
    kind = operand.type if isinstance(operand, Var) else None
    return isinstance(kind, ArrayType) and len(kind.shape) == 2 and kind.dtype in EXACT
