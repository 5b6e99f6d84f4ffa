"""Products of arrays: dot, inner, outer, tensordot, einsum, Kronecker and cross products."""
from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np

from s2sad.errors import CannotKeep, MissingRule
from s2sad.rules.facts import Facts
from s2sad.rules.language import rule
from s2sad.rules.leading import aligned, behind, each_flat, product, product_with
from s2sad.rules.operators import matmul_left, matmul_right
from s2sad.rules.shapes import _inverse
from s2sad.runtime.functions import alike, unbroadcast
from s2sad.types import dependence
from s2sad.types import products as types

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def as_array(x: Any) -> Any:
    return np.asarray(x) if isinstance(x, (list, tuple)) else x


def _dot_left(g: Any, a: Any, b: Any) -> Any:
    b = as_array(b)
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return unbroadcast(g * b, np.shape(a))
    if np.ndim(b) <= 2:
        return matmul_left(g, a, b) if np.ndim(a) <= 2 or np.ndim(b) == 1 else np.dot(g, b.T)
    free = np.ndim(b) - 1
    return np.tensordot(g, b, (list(range(np.ndim(g) - free, np.ndim(g))), [*range(free - 1), free]))


def _dot_right(g: Any, a: Any, b: Any) -> Any:
    a = as_array(a)
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return unbroadcast(g * a, np.shape(b))
    if np.ndim(a) <= 2 and np.ndim(b) <= 2:
        return matmul_right(g, a, b)
    free = list(range(np.ndim(a) - 1))
    contracted = np.tensordot(a, g, (free, free))
    return contracted if np.ndim(b) <= 2 else np.moveaxis(contracted, 0, -2)


def _inner_back(g: Any, here: Any, other: Any, left: bool) -> Any:
    if np.ndim(here) == 0 or np.ndim(other) == 0:
        return unbroadcast(g * other, np.shape(here))
    if np.ndim(g) == 0:
        return g * other
    free = np.ndim(other) - 1
    start = np.ndim(g) - free if left else 0
    return np.tensordot(g, other, (list(range(start, start + free)), list(range(free))))


def _vdot_back(g: Any, here: Any, other: Any, left: bool) -> Any:
    flat = np.reshape(other, np.shape(here))
    if not np.iscomplexobj(here) and not np.iscomplexobj(other):
        return g * flat
    return np.conj(g * flat) if left else g * np.conj(flat)


def _paired(axes: Any, a: Any, b: Any) -> Any:
    """The contracted axes of both operands of `np.tensordot`, counted from 0."""
    if np.ndim(axes) == 0:
        return [list(range(np.ndim(a) - axes, np.ndim(a))), list(range(axes))]
    both = [[axis] if np.ndim(axis) == 0 else axis for axis in axes]
    return [[int(i) % max(np.ndim(x), 1) for i in some] for some, x in zip(both, (a, b), strict=True)]


def _ordered(array: Any, order: Any) -> Any:
    return _transposed(array, list(_inverse(order)) if order else [])


def _tensordot_left(g: Any, a: Any, b: Any, axes: Any) -> Any:
    own, others = _paired(axes, a, b)
    free = [i for i in range(np.ndim(b)) if i not in others]
    kept = [i for i in range(np.ndim(a)) if i not in own]
    order = kept + [own[others.index(j)] for j in sorted(others)]
    if np.ndim(g) == 0:
        return g * _ordered(b, order)
    return _ordered(np.tensordot(g, b, (list(range(len(kept), np.ndim(g))), free)), order)


def _tensordot_right(g: Any, a: Any, b: Any, axes: Any) -> Any:
    others, own = _paired(axes, a, b)
    free = [i for i in range(np.ndim(a)) if i not in others]
    kept = [i for i in range(np.ndim(b)) if i not in own]
    order = [own[others.index(j)] for j in sorted(others)] + kept
    if np.ndim(g) == 0:
        return g * _ordered(a, order)
    return _ordered(np.tensordot(a, g, (free, list(range(len(free))))), order)


def _terms(operands: Any) -> Any:
    """A call of `np.einsum` in one form: the places of its arrays, their subscripts, the result's (or None)."""
    if isinstance(operands[0], str):
        inputs, arrow, result = operands[0].replace(" ", "").partition("->")
        return list(range(1, len(operands))), inputs.split(","), result if arrow else None
    lists = ["".join(["..." if i is Ellipsis else LETTERS[i] for i in subscripts]) for subscripts in operands[1::2]]
    last = len(operands) % 2 == 1
    output = "".join(["..." if i is Ellipsis else LETTERS[i] for i in operands[-1]]) if last else None
    return list(range(0, len(operands) - last, 2)), lists, output


def _subscripts(operands: Any) -> Any:
    """The same with an ellipsis spelt out and the result's subscripts given."""
    places, inputs, output = _terms(operands)
    spare = [c for c in LETTERS if c not in "".join(inputs)]
    ranks = [np.ndim(operands[p]) for p in places]
    hidden = [n - len(s.replace("...", "")) if "..." in s else 0 for n, s in zip(ranks, inputs, strict=True)]
    broadcast = "".join(spare[: max(hidden)])
    if output is None:
        letters = "".join(inputs).replace("...", "")
        output = "..." + "".join(sorted([c for c in set(letters) if letters.count(c) == 1]))
    inputs = [s.replace("...", broadcast[len(broadcast) - n :]) for s, n in zip(inputs, hidden, strict=True)]
    return places, inputs, output.replace("...", broadcast)


def _sizes(operands: Any, places: Any, inputs: Any) -> Any:
    sizes: Any = {}
    for place, subscripts in zip(places, inputs, strict=True):
        for letter, n in zip(subscripts, np.shape(operands[place]), strict=True):
            if letter not in sizes or (not alike((sizes[letter],), (n,)) and sizes[letter] == 1):
                sizes[letter] = n
    return sizes


def _einsum_operand(g: Any, operands: Any, k: int, optimize: Any) -> Any:
    """The cotangent of the k-th array: the others and `g` contracted to its subscripts."""
    places, inputs, output = _subscripts(operands)
    sizes, shape = _sizes(operands, places, inputs), np.shape(operands[places[k]])
    terms = [output, *inputs[:k], *inputs[k + 1 :]]
    arrays = [g, *[operands[p] for p in [*places[:k], *places[k + 1 :]]]]
    spare = [c for c in LETTERS if c not in sizes]
    target = ""
    for letter, n in zip(inputs[k], shape, strict=True):
        if not alike((sizes[letter],), (n,)) and n == 1 and sizes[letter] > 1:
            target += "."  # broadcast: summed over, and an axis again in the end
        elif letter in target:  # a diagonal was read: the rest of the matrix gets zeros
            twin = spare.pop()
            terms, arrays, target = [*terms, letter + twin], [*arrays, np.eye(n)], target + twin
        else:
            target += letter
    # What is summed over, or broadcast in all the others: every entry gets the same.
    spread = [c for c, n in zip(target, shape, strict=True) if c != "." and not _has(terms, arrays, c, n)]
    result = _contracted(terms, arrays, "".join([c for c in target if c != "." and c not in spread]), optimize)
    return _with_axes(result, [i for i, c in enumerate(target) if c == "." or c in spread], shape, spread)


def _has(terms: Any, arrays: Any, letter: str, n: Any) -> bool:
    return any(np.shape(x)[t.index(letter)] == n for t, x in zip(terms, arrays, strict=True) if letter in t)


def _contracted(terms: Any, arrays: Any, target: str, optimize: Any) -> Any:
    """`np.einsum`, with numbers as factors, and no more than a transposition of one array where that will do."""
    both = list(zip(terms, arrays, strict=True))
    numbers, rest = [x for t, x in both if not t], [(t, x) for t, x in both if t]
    if len(rest) == 1 and sorted(rest[0][0]) == sorted(target):
        found = _transposed(rest[0][1], [rest[0][0].index(c) for c in target])
    else:
        found = np.einsum(",".join([t for t, _ in rest]) + "->" + target, *[x for _, x in rest], optimize=bool(optimize)) if rest else 1.0
    for number in numbers:
        found = number * found
    return found


def _transposed(array: Any, order: Any) -> Any:
    if order == sorted(order):
        return array
    return np.transpose(array) if len(order) == 2 else np.transpose(array, order)


def _with_axes(result: Any, axes: Any, shape: Any, spread: Any) -> Any:
    """The result with axes of length 1, and spread to the shape; axes in front come by themselves then."""
    axes = [i - len(shape) for k, i in enumerate(axes) if i != k or not spread]
    if axes and np.ndim(result):
        result = np.expand_dims(result, tuple(axes) if len(axes) > 1 else axes[0])
    return np.broadcast_to(result, shape) if spread else result


def _einsum_back(g: Any, operands: Any, optimize: Any) -> Any:
    places = _terms(operands)[0]
    arrays = {place: k for k, place in enumerate(places)}
    return [_einsum_operand(g, operands, arrays[i], optimize) if i in arrays else None for i in range(len(operands))]


def _einsum_shape(operands: Any) -> Any:
    places, inputs, output = _subscripts(operands)
    return types.einsum(inputs, [np.shape(operands[p]) for p in places], output)


def _einsum_spread(given: Any) -> Any:
    operands = given.numbered["operands"]
    if not isinstance(operands[0], str):
        return dependence.everything(given)
    places, inputs, output = _subscripts(operands)
    factors = [dependence.Factor(given.numbered["operands"][p], functools.partial(given.read, "operands", p)) for p in places]
    return dependence.contracted(given, inputs, output, factors)


def _flat(x: Any) -> Any:
    return x if np.ndim(x) == 1 else np.ravel(x)


def _as(x: Any, vector: Any) -> Any:
    """A vector in the shape of what has been flattened to one."""
    return vector if np.ndim(x) == 1 else np.reshape(vector, np.shape(x))


def _kron_shapes(g: Any, a: Any, b: Any) -> Any:
    rank = np.ndim(g)
    rows = [(*(1,) * (rank - np.ndim(x)), *np.shape(x)) for x in (a, b)]
    apart = np.reshape(g, [n for both in zip(*rows, strict=True) for n in both])
    return apart, rows[0], rows[1]


def _kron_left(g: Any, a: Any, b: Any) -> Any:
    apart, _, shape = _kron_shapes(g, a, b)
    axes = (list(range(1, np.ndim(apart), 2)), list(range(np.ndim(g))))
    return np.reshape(np.tensordot(apart, np.reshape(b, shape), axes), np.shape(a))


def _kron_right(g: Any, a: Any, b: Any) -> Any:
    apart, shape, _ = _kron_shapes(g, a, b)
    axes = (list(range(np.ndim(g))), list(range(0, np.ndim(apart), 2)))
    return np.reshape(np.tensordot(np.reshape(a, shape), apart, axes), np.shape(b))


def _cross_back(left: Any, right: Any, axis_left: int, axis_right: int, like: Any, axis: int) -> Any:
    """The cross product of two with its axis where that of `like` is, in the shape of `like`."""
    if any(np.shape(x)[k] != 3 for x, k in ((left, axis_left), (right, axis_right), (like, axis))):
        raise MissingRule("np.cross has a rule for vectors of three components")
    product = np.cross(left, right, axisa=axis_left, axisb=axis_right)
    axis = axis % np.ndim(like)
    shape = (*[n for i, n in enumerate(np.shape(like)) if i != axis], 3)
    return np.moveaxis(unbroadcast(product, shape), -1, axis)


def _cross_left(g: Any, a: Any, b: Any, axisa: int, axisb: int, axisc: int) -> Any:
    return _cross_back(b, g, axisb, axisc, a, axisa)


def _cross_right(g: Any, a: Any, b: Any, axisa: int, axisb: int, axisc: int) -> Any:
    return _cross_back(g, a, axisc, axisa, b, axisb)


def _cross_rows(rows: Any, b: Any, axisa: int, axisb: int, axisc: int, axis: int | None) -> Any:
    """Many `a`, whose axis in front broadcasts against a `b` of no more axes than each has."""
    axisa, axisb, axisc = (axisa, axisb, axisc) if axis is None else (axis, axis, axis)
    return np.cross(rows, b, behind(axisa), axisb, behind(axisc)) if np.ndim(rows) > np.ndim(b) else None


def _rows_cross(a: Any, rows: Any, axisa: int, axisb: int, axisc: int, axis: int | None) -> Any:
    """Many `b`."""
    axisa, axisb, axisc = (axisa, axisb, axisc) if axis is None else (axis, axis, axis)
    return np.cross(a, rows, axisa, behind(axisb), behind(axisc)) if np.ndim(rows) > np.ndim(a) else None


def _dot_rows(rows: Any, b: Any) -> Any:
    if np.ndim(b) == 0 or np.ndim(rows) == 1:
        return aligned(rows, np.ndim(b)) * b
    return product(rows, b) if np.ndim(b) <= 2 else None


def _rows_dot(a: Any, rows: Any) -> Any:
    if np.ndim(a) == 0 or np.ndim(rows) == 1:
        return a * aligned(rows, np.ndim(a))
    return product_with(a, rows) if np.ndim(a) <= 2 and np.ndim(rows) <= 3 else None


def _inner_rows(rows: Any, b: Any) -> Any:
    if np.ndim(b) == 0 or np.ndim(rows) == 1:
        return aligned(rows, np.ndim(b)) * b
    return rows @ b if np.ndim(rows) == 2 and np.ndim(b) == 1 else None


def _outer(a: str, b: str) -> dict[str, str]:
    """How an outer product is of many vectors."""
    return {a: f"np.expand_dims(each_flat({a}), 2) * np.ravel({b})",
            b: f"np.expand_dims(np.ravel({a}), 1) * np.expand_dims(each_flat({b}), 1)"}


def _tensordot_rows(rows: Any, b: Any, axes: Any) -> Any:
    if np.ndim(rows) == 1 or np.ndim(b) == 0:
        return aligned(rows, np.ndim(b)) * b if np.ndim(axes) == 0 and axes == 0 else None
    own, others = _paired(axes, rows[0], b)
    return np.tensordot(rows, b, ([i + 1 for i in own], others))


def _rows_tensordot(a: Any, rows: Any, axes: Any) -> Any:
    if np.ndim(rows) == 1 or np.ndim(a) == 0:
        return None
    others, own = _paired(axes, a, rows[0])
    return np.moveaxis(np.tensordot(a, rows, (others, [i + 1 for i in own])), np.ndim(a) - len(others), 0)


def _einsum_rows(operands: Any, optimize: Any) -> Any:
    """Of arrays that all have an axis in front."""
    places, inputs, output = _terms(operands)
    if output is None or "..." in "".join(inputs):
        return None
    letter = next(c for c in LETTERS if c not in "".join(inputs))
    subscripts = ",".join([letter + s for s in inputs]) + "->" + letter + output
    return np.einsum(subscripts, *[operands[p] for p in places], optimize=optimize)


OUTER = Facts(gives=types.outer)

rule("np.dot(a, b)", a="_dot_left(g, a, b)", b="_dot_right(g, a, b)", jvp="np.dot(a_dot, b) + np.dot(a, b_dot)",

     facts=Facts(gives=types.dot, again="number", mapped={"a": "_dot_rows(a, b)", "b": "_rows_dot(a, b)"},
       spreads=dependence.product(dependence.of_dot, "a", "b")))  # fmt: skip
rule("np.inner(a, b)", a="_inner_back(g, a, b, True)", b="_inner_back(g, b, a, False)",
     jvp="np.inner(a_dot, b) + np.inner(a, b_dot)",
     facts=Facts(gives=types.inner, again="number", mapped={"a": "_inner_rows(a, b)", "b": "_inner_rows(b, a)"},
       spreads=dependence.product(dependence.of_inner, "a", "b")))  # fmt: skip
rule("np.vdot(a, b)", a="_vdot_back(g, a, b, True)", b="_vdot_back(g, b, a, False)",
     jvp="np.vdot(a_dot, b) + np.vdot(a, b_dot)",
       facts=Facts(gives=types.vdot, again="number", spreads=dependence.product(dependence.of_vdot, "a", "b", flat=True)))  # fmt: skip
rule("np.outer(a, b)", a="_as(a, g @ _flat(b))", b="_as(b, _flat(a) @ g)",
     jvp="np.outer(a_dot, b) + np.outer(a, b_dot)",
     facts=OUTER.but(mapped=_outer("a", "b"), spreads=dependence.product(dependence.of_outer, "a", "b", flat=True)))  # fmt: skip
rule("np.linalg.outer(x1, x2)", x1="g @ x2", x2="x1 @ g", jvp="np.outer(x1_dot, x2) + np.outer(x1, x2_dot)",
     facts=OUTER.but(mapped=_outer("x1", "x2"), spreads=dependence.product(dependence.of_outer, "x1", "x2", flat=True)))  # fmt: skip
rule("np.linalg.matmul(x1, x2)", x1="matmul_left(g, x1, x2)", x2="matmul_right(g, x1, x2)",
     jvp="x1_dot @ x2 + x1 @ x2_dot",
     facts=Facts(gives=types.matmul_of_arrays, mapped={"x1": "product(x1, x2)", "x2": "product_with(x1, x2)"},
       spreads=dependence.product(dependence.of_matmul, "x1", "x2")))  # fmt: skip
rule("np.tensordot(a, b, axes=2)", a="_tensordot_left(g, a, b, axes)", b="_tensordot_right(g, a, b, axes)",
     jvp="np.tensordot(a_dot, b, axes) + np.tensordot(a, b_dot, axes)",
     facts=OUTER.but(gives=types.tensordot, mapped={"a": "_tensordot_rows(a, b, axes)", "b": "_rows_tensordot(a, b, axes)"},
       spreads=dependence.product(dependence.of_tensordot, "a", "b")))  # fmt: skip
rule("np.einsum(*operands, optimize=False)", operands="_einsum_back(g, operands, optimize)",
     facts=Facts(gives=_einsum_shape, mapped="_einsum_rows(operands, optimize)", spreads=_einsum_spread))  # fmt: skip
rule("np.kron(a, b)", a="_kron_left(g, a, b)", b="_kron_right(g, a, b)", jvp="np.kron(a_dot, b) + np.kron(a, b_dot)",
     facts=OUTER.but(gives=types.kron))  # fmt: skip
rule("np.cross(a, b, axisa=-1, axisb=-1, axisc=-1, axis=None)",
     a="_cross_left(g, a, b, axisa, axisb, axisc) if axis is None else _cross_left(g, a, b, axis, axis, axis)",
     b="_cross_right(g, a, b, axisa, axisb, axisc) if axis is None else _cross_right(g, a, b, axis, axis, axis)",
     jvp="np.cross(a_dot, b, axisa, axisb, axisc, axis) + np.cross(a, b_dot, axisa, axisb, axisc, axis)",
     facts=Facts(gives=types.cross, mapped={"a": "_cross_rows(a, b, axisa, axisb, axisc, axis)",
                                            "b": "_rows_cross(a, b, axisa, axisb, axisc, axis)"}))  # fmt: skip
rule("np.linalg.cross(x1, x2, axis=-1)", x1="_cross_left(g, x1, x2, axis, axis, axis)",
     x2="_cross_right(g, x1, x2, axis, axis, axis)",
     jvp="np.linalg.cross(x1_dot, x2, axis=axis) + np.linalg.cross(x1, x2_dot, axis=axis)",
     facts=Facts(gives=types.cross_of_three, mapped={"x1": "_cross_rows(x1, x2, axis, axis, axis, None)",
                                                     "x2": "_rows_cross(x1, x2, axis, axis, axis, None)"}))  # fmt: skip
