"""What an operation of a recording depends on besides its rule: what of its arguments has to be constant, which differentiations take
part in it, and whether the type of its result may depend on values."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.errors import MissingRule
from s2sad.ir.writing import Box
from s2sad.machine.traced import Traced, check_array, check_result, strip, traced_in
from s2sad.record.levels import of_rule
from s2sad.rules.custom import RULED
from s2sad.rules.language import STRONG, Primitive
from s2sad.rules.operations import GETITEM
from s2sad.runtime.strong import holds_nan
from s2sad.types.arrays import dtype_of


def choosing(machine: Any, primitive: Primitive, bound: list[Any]) -> list[Any]:
    """The arguments of a question about types, in which the number of an axis and the name of a dtype are constants under a guard."""
    return [settled_shape(machine, b) if p.name == "axis" else _texts(machine, b) for p, b in zip(primitive.parameters, bound, strict=True)]


def _texts(machine: Any, value: Any) -> Any:
    if type(value) in (tuple, list):
        return type(value)(_texts(machine, v) for v in value)
    return machine.concrete(value) if isinstance(value, Box) and isinstance(value.value, str) else value


def product(machine: Any, primitive: Primitive, bound: list[Any], value: Any) -> Any:
    """The value of an operation of a sweep; of a product of a cotangent that of the strong one, which the recording may decide by."""
    strong = STRONG.get(primitive) if machine.sheet.sweeping else None
    if strong is None or not holds_nan(value) or not any(b.var in machine.sheet.cotangents for b in traced_in(strong.factors(bound))):
        return value
    return strong.primitive.evaluate(strip(bound))


def settled_shape(machine: Any, value: Any) -> Any:
    """What shapes a result as a constant."""
    if isinstance(value, Box):
        return machine.concrete(value) if isinstance(value.value, (bool, int, str, np.integer)) else value
    if type(value) in (tuple, list):
        return type(value)(settled_shape(machine, v) for v in value)
    return value


def levels_of(machine: Any, primitive: Primitive, bound: list[Any]) -> frozenset[int]:
    """The differentiations that the result takes part in; refused where there is no rule for one that is going on."""
    if primitive.kind == "zero":
        if primitive.real and any(np.iscomplexobj(b.value) for b in traced_in(bound)) and machine.active(bound):
            raise MissingRule(f"{primitive.name} has no derivative rule for complex numbers", machine.location(),
                              "write it out, such as z / abs(z)")  # fmt: skip
        return frozenset()
    if primitive is RULED:  # which is written down anew, for another of many seeds
        return of_rule(bound[primitive.index("values")], bound[primitive.index("level")])
    levels: frozenset[int] = frozenset()
    for parameter, value in zip(primitive.parameters, bound, strict=True):
        for box in traced_in(value):
            if not isinstance(box, Box) or not box.levels:
                continue
            if parameter.name not in primitive.pullbacks and box.levels & machine.levels.open:
                raise MissingRule(f"{primitive.name} has no derivative with respect to {parameter.name!r}", machine.location(),
                                  "pass a constant there, or register a rule that covers it")  # fmt: skip
            levels |= box.levels
    if levels:
        _check_numbers(machine, bound)
    return levels


def _check_numbers(machine: Any, bound: list[Any]) -> None:
    """Refuse an array of objects beside what is differentiated: what its elements do with that would not be seen."""
    for value in bound:
        plain = value.value if isinstance(value, Traced) else value
        if isinstance(plain, np.ndarray) and plain.dtype.kind == "O":
            check_array(plain, machine.location())


def check_followed(machine: Any, value: Any, levels: frozenset[int]) -> None:
    """Refuse a result that would lose the derivatives of what it is made of."""
    if levels & machine.levels.open:
        check_result(value, machine.location())


def varies(primitive: Primitive, bound: list[Any]) -> bool:
    """Whether the type of the result may depend on values although the rule does not say so."""
    if primitive.dynamic == "exponent":
        exponent = bound[1]
        if any(isinstance(strip(b), np.ndarray) for b in bound):
            return False
        if any(isinstance(strip(b), np.floating) for b in bound):
            return False
        whole = isinstance(strip(exponent), int) or (isinstance(exponent, float) and exponent.is_integer())
        return not whole or isinstance(strip(bound[0]), int)
    if primitive is GETITEM:
        index = bound[1] if isinstance(bound[1], tuple) else (bound[1],)
        return any(isinstance(i, Traced) and dtype_of(i.value).kind == "b" for i in index)
    if primitive.kind == "elementwise" or primitive.placed or primitive.callee is None or primitive.root is None:
        return False
    others = [b for p, b in zip(primitive.parameters, bound, strict=True) if p.name not in primitive.pullbacks]
    followed = [b.value for other in others for b in traced_in(other)]
    if primitive.kind == "zero":
        return primitive.result_type != "own" and any(isinstance(v, (int, np.integer, str)) and type(v) is not bool for v in followed)
    # Numbers are constants by now; an array of them may still be a shape.
    return any(isinstance(v, np.ndarray) and v.dtype.kind in "iu" for v in followed)
