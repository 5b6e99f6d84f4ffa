"""Products of arrays: dot, inner, outer, tensordot, einsum, Kronecker and cross products."""
from __future__ import annotations

import math
from typing import Any

import numpy as np

from s2sad.errors import CannotKeep, MissingRule
from s2sad.rules.facts import Facts
from s2sad.rules.language import rule
from s2sad.rules.operators import matmul_left, matmul_right
from s2sad.rules.shapes import _inverse
from s2sad.runtime.functions import unbroadcast
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
    return array if order == sorted(order) else np.transpose(array, _inverse(order))


def _tensordot_left(g: Any, a: Any, b: Any, axes: Any) -> Any:
    own, others = _paired(axes, a, b)
    free = [i for i in range(np.ndim(b)) if i not in others]
    kept = [i for i in range(np.ndim(a)) if i not in own]
    contracted = np.tensordot(g, b, (list(range(len(kept), np.ndim(g))), free))
    return _ordered(contracted, kept + [own[others.index(j)] for j in sorted(others)])


def _tensordot_right(g: Any, a: Any, b: Any, axes: Any) -> Any:
    others, own = _paired(axes, a, b)
    free = [i for i in range(np.ndim(a)) if i not in others]
    kept = [i for i in range(np.ndim(b)) if i not in own]
    contracted = np.tensordot(a, g, (free, list(range(len(free)))))
    return _ordered(contracted, [own[others.index(j)] for j in sorted(others)] + kept)


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
            sizes[letter] = n if sizes.get(letter, 1) == 1 else sizes[letter]
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
        if n == 1 and sizes[letter] > 1:
            continue  # broadcast: summed over, and an axis again in the end
        if letter in target:  # a diagonal was read: the rest of the matrix gets zeros
            twin = spare.pop()
            terms, arrays, target = [*terms, letter + twin], [*arrays, np.eye(n)], target + twin
            continue
        if not any(np.shape(x)[t.index(letter)] == n for t, x in zip(terms, arrays, strict=True) if letter in t):
            # summed over, or broadcast in all the others: every entry gets the same
            terms, arrays = [*terms, letter], [*arrays, np.ones(n)]
        target += letter
    result = np.einsum(",".join(terms) + "->" + target, *arrays, optimize=bool(optimize))
    return result if np.shape(result) == shape else np.reshape(result, shape)


def _einsum_back(g: Any, operands: Any, optimize: Any) -> Any:
    places = _terms(operands)[0]
    arrays = {place: k for k, place in enumerate(places)}
    return [_einsum_operand(g, operands, arrays[i], optimize) if i in arrays else None for i in range(len(operands))]


def _einsum_shape(operands: Any) -> Any:
    places, inputs, output = _subscripts(operands)
    return types.einsum(inputs, [np.shape(operands[p]) for p in places], output)


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


OUTER = Facts(gives=types.outer)

rule("np.dot(a, b)", a="_dot_left(g, a, b)", b="_dot_right(g, a, b)", jvp="np.dot(a_dot, b) + np.dot(a, b_dot)",
     facts=Facts(gives=types.dot, again="number"))  # fmt: skip
rule("np.inner(a, b)", a="_inner_back(g, a, b, True)", b="_inner_back(g, b, a, False)",
     jvp="np.inner(a_dot, b) + np.inner(a, b_dot)", facts=Facts(gives=types.inner, again="number"))  # fmt: skip
rule("np.vdot(a, b)", a="_vdot_back(g, a, b, True)", b="_vdot_back(g, b, a, False)",
     jvp="np.vdot(a_dot, b) + np.vdot(a, b_dot)", facts=Facts(gives=types.vdot, again="number"))  # fmt: skip
rule("np.outer(a, b)", a="np.reshape(g @ np.ravel(b), np.shape(a))", b="np.reshape(np.ravel(a) @ g, np.shape(b))",
     jvp="np.outer(a_dot, b) + np.outer(a, b_dot)", facts=OUTER)  # fmt: skip
rule("np.linalg.outer(x1, x2)", x1="g @ x2", x2="x1 @ g", jvp="np.outer(x1_dot, x2) + np.outer(x1, x2_dot)", facts=OUTER)
rule("np.linalg.matmul(x1, x2)", x1="matmul_left(g, x1, x2)", x2="matmul_right(g, x1, x2)",
     jvp="x1_dot @ x2 + x1 @ x2_dot", facts=Facts(gives=types.matmul_of_arrays))  # fmt: skip
rule("np.tensordot(a, b, axes=2)", a="_tensordot_left(g, a, b, axes)", b="_tensordot_right(g, a, b, axes)",
     jvp="np.tensordot(a_dot, b, axes) + np.tensordot(a, b_dot, axes)", facts=OUTER.but(gives=types.tensordot))  # fmt: skip
rule("np.einsum(*operands, optimize=False)", operands="_einsum_back(g, operands, optimize)",
     facts=Facts(gives=_einsum_shape))  # fmt: skip
rule("np.kron(a, b)", a="_kron_left(g, a, b)", b="_kron_right(g, a, b)", jvp="np.kron(a_dot, b) + np.kron(a, b_dot)",
     facts=OUTER.but(gives=types.kron))  # fmt: skip
rule("np.cross(a, b, axisa=-1, axisb=-1, axisc=-1, axis=None)",
     a="_cross_left(g, a, b, axisa, axisb, axisc) if axis is None else _cross_left(g, a, b, axis, axis, axis)",
     b="_cross_right(g, a, b, axisa, axisb, axisc) if axis is None else _cross_right(g, a, b, axis, axis, axis)",
     facts=Facts(gives=types.cross))  # fmt: skip
rule("np.linalg.cross(x1, x2, axis=-1)", x1="_cross_left(g, x1, x2, axis, axis, axis)",
     x2="_cross_right(g, x1, x2, axis, axis, axis)", facts=Facts(gives=types.cross_of_three))  # fmt: skip
