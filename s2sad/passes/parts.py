"""Writes into parts of arrays, as a person would do them: nothing is set to zero, or added to, that is not read again."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad.ir.equal import key
from s2sad.ir.program import ArrayType, Assign, Atom, Const, Function, Guard, Operand, Statement, Var, elements, reads, rewrite
from s2sad.passes.copies import joined, names_of, rewrite_results
from s2sad.passes.regions import LARGEST, Mask, mask
from s2sad.rules.operations import ACCUMULATED, ADD, DIMINISHED, GETITEM, NEGATE, REPLACED, SCATTER
from s2sad.types.sizes import Size

PLAIN = (REPLACED, ACCUMULATED, DIMINISHED)  # the writes that reach each element at most once


def simplify_parts(function: Function) -> Function:
    """Drop writes that nothing reads, and assign where the sum with zeros was meant."""
    if not any(isinstance(s, Assign) and s.primitive.writes for s in function.statements):
        return function
    masks = Masks()
    return _drop_unread(_assign_to_zeros(_drop_unread(function, masks), masks), masks)


class Masks:
    """The masks of parts. Each is asked for in several sweeps, by the operand that names the part; nobody changes one."""

    def __init__(self) -> None:
        self.found: dict[tuple[int, Any], tuple[Any, Mask | None]] = {}

    def of(self, operand: Any, kind: Any) -> Mask | None:
        """The elements that a constant basic index names; None for another index."""
        key = id(operand), kind
        if key not in self.found:
            self.found[key] = operand, mask(operand, kind)  # with the operand, so that it keeps its place
        return self.found[key][1]


def _small(var: Any) -> bool:
    """Whether the elements of an array can be followed one by one: it is known how many there are, and they are not too many."""
    kind = var.type if isinstance(var, Var) else None
    return isinstance(kind, ArrayType) and not any(isinstance(n, Size) for n in kind.shape) and elements(kind) <= LARGEST


def _everything(var: Var) -> Mask:
    return np.ones(var.type.shape, dtype=bool)  # type: ignore[union-attr]


# Backwards: which elements of each array are read


def _drop_unread(function: Function, masks: Masks) -> Function:
    read: dict[Var, Mask] = {}
    dropped: dict[Var, Atom] = {}
    for result in function.results:
        if _small(result):
            read[result] = _everything(result)  # type: ignore[index, arg-type]
    for statement in reversed(function.statements):
        if isinstance(statement, Assign) and _is_unread(statement, read, masks):
            dropped[statement.targets[0]] = statement.args[0]  # type: ignore[assignment]
        _note_reads(statement, read, dropped, masks)
    if not dropped:
        return function
    for var, source in reversed(dropped.items()):  # what is dropped earlier in the list comes first
        dropped[var] = dropped.get(source, source) if isinstance(source, Var) else source
    kept = [rewrite(s, dropped) for s in function.statements if isinstance(s, Guard) or s.targets == () or s.targets[0] not in dropped]
    names = names_of(function)
    for var, source in dropped.items():
        if var in names and isinstance(source, Var):
            names.setdefault(source, names[var])
    return replace(function, statements=tuple(kept), results=rewrite_results(function, dropped), names=joined(names))


def _is_unread(statement: Assign, read: dict[Var, Mask], masks: Masks) -> bool:
    if statement.primitive not in PLAIN or not _small(statement.targets[0]) or not _small(statement.args[0]):
        return False
    written = masks.of(statement.args[1], statement.targets[0].type)
    if written is None or statement.args[0].type != statement.targets[0].type:  # type: ignore[union-attr]
        return False
    later = read.get(statement.targets[0])
    return later is None or not (later & written).any()


def _note_reads(statement: Statement, read: dict[Var, Mask], dropped: dict[Var, Atom], masks: Masks) -> None:
    made = statement.primitive if isinstance(statement, Assign) else None
    for position, var in enumerate(_operands(statement)):
        if not _small(var):
            continue
        assert isinstance(var, Var)
        needed = _everything(var)
        if isinstance(statement, Assign) and position == 0:
            part = masks.of(statement.args[1], var.type) if made is GETITEM or made in PLAIN else None
            if made is GETITEM and part is not None:
                needed = part
            elif made in PLAIN and part is not None:
                later = read.get(statement.targets[0], np.zeros_like(part))
                needed = later & ~part if made is REPLACED and statement.targets[0] not in dropped else later
        read[var] = read[var] | needed if var in read else needed


def _operands(statement: Statement) -> Sequence[Any]:
    """The operands by position, then whatever else is read inside containers."""
    if not isinstance(statement, Assign):
        return [statement.atom] if isinstance(statement, Guard) else reads(statement)
    direct = list(statement.args)
    return direct + [v for v in reads(statement) if not any(v is d for d in direct)]


# Forwards: which elements of each array are zero


def _assign_to_zeros(function: Function, masks: Masks) -> Function:
    zero: dict[Var, Mask] = {}
    same: dict[Var, Atom] = {}
    put: dict[Operand, Assign] = {}
    kept: list[Statement] = []
    for statement in function.statements:
        statement = rewrite(statement, same)
        if isinstance(statement, Assign) and len(statement.targets) == 1 and _small(statement.targets[0]):
            if statement.phase:
                if _is_to_zeros(statement, zero, masks):
                    *before, statement = assigned(statement)
                    kept += before
                rest = _without_zeros(statement, zero)
                if rest is not None:
                    same[statement.targets[0]] = rest
                    continue
            _note_zeros(statement, zero, masks)
            put[statement.targets[0]] = statement
        elif isinstance(statement, Assign) and (number := _put_there(statement, put)) is not None:
            same[statement.targets[0]] = number
            continue
        kept.append(statement)
    return replace(function, statements=tuple(kept), results=rewrite_results(function, same))


def _put_there(reading: Assign, put: dict[Operand, Assign]) -> Var | None:
    """The number that the adjoint reads from the very place where it has just been put."""
    made = put.get(reading.args[0]) if reading.primitive is GETITEM and reading.phase else None
    if made is None or not made.phase or made.primitive not in (REPLACED, SCATTER) or key(made.args[1]) != key(reading.args[1]):
        return None
    value = made.args[2 if made.primitive is REPLACED else 0]
    return value if isinstance(value, Var) and value.type is reading.targets[0].type is np.float64 else None


def _is_to_zeros(statement: Assign, zero: dict[Var, Mask], masks: Masks) -> bool:
    """Whether something is added where the elements are zero."""
    base = statement.args[0] if statement.primitive in (ACCUMULATED, DIMINISHED) else None
    part = masks.of(statement.args[1], base.type) if isinstance(base, Var) and base in zero else None
    return part is not None and bool(zero[base][part].all())  # type: ignore[index]


def assigned(addition: Assign) -> list[Assign]:
    """`y[i] = v` for `y[i] += v`, and `y[i] = -v` for `y[i] -= v`, of elements that are zero."""
    base, index, value = addition.args
    before = []
    if addition.primitive is DIMINISHED:
        negative = Var(value.type if isinstance(value, Var) else float)
        before = [replace(addition, targets=(negative,), primitive=NEGATE, args=(value,))]
        value = negative
    return [*before, replace(addition, primitive=REPLACED, args=(base, index, value))]


def _without_zeros(statement: Assign, zero: dict[Var, Mask]) -> Var | None:
    """The other term of a sum with zeros."""
    if statement.primitive is not ADD:
        return None
    for one, other in (statement.args, statement.args[::-1]):
        if isinstance(one, Var) and isinstance(other, Var) and one in zero and zero[one].all() and other.type == statement.targets[0].type:
            return other
    return None


def _note_zeros(statement: Assign, zero: dict[Var, Mask], masks: Masks) -> None:
    target, made = statement.targets[0], statement.primitive
    if made.zeros:
        zero[target] = _everything(target)
    elif made is SCATTER:
        part = masks.of(statement.args[1], target.type)
        if part is not None:
            zero[target] = ~part
    elif made in PLAIN and statement.args[0] in zero:
        part = masks.of(statement.args[1], target.type)
        if part is not None:
            before = zero[statement.args[0]]
            value = statement.args[2]
            plain = made is REPLACED and isinstance(value, Const) and type(value.value) in (int, float) and value.value == 0
            zero[target] = before | part if plain else before & ~part
    elif made is REPLACED:
        part, value = masks.of(statement.args[1], target.type), statement.args[2]
        if part is not None and isinstance(value, Const) and type(value.value) in (int, float) and value.value == 0:
            zero[target] = part
