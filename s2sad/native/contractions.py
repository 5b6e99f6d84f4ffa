"""Sums of products over named axes, products of stacks of matrices, and what LAPACK computes of matrices."""

from __future__ import annotations

import ast
import functools
import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from s2sad.errors import CannotBeNative
from s2sad.ir.program import Assign, Const, Display
from s2sad.native.indices import is_one
from s2sad.native.lazy import By, Lazy, Nothing, Of, View, shown
from s2sad.native.nests import cost_of
from s2sad.native.numbers import as_lazy
from s2sad.native.places import Along, Node, Place, Places, binary, name
from s2sad.native.scans import Scans
from s2sad.native.shapes import constants
from s2sad.native.writer import DEAR, Number
from s2sad.rules.native_forms import form_of
from s2sad.rules.operations import MULTIPLY
from s2sad.types.sizes import Size, Whole, same

FEW = 4
"""Products of a sum that is written out: as an expression it needs no memory, and no loop of its own."""
MANY = 16
"""Sums for which a factor is looked at, whether it is zeros."""
CHEAP = 2
"""Operations of an element that is rather computed again than stored."""
WIDE = (np.dtype(np.float64), np.dtype(np.complex128))
LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Contractions(Scans):
    """The part that writes sums over named axes, and matrices."""

    def contracted(self, statement: Assign, operands: list[Lazy], inputs: list[str], output: str) -> None:
        """The sums of products over all axes whose letters are not in the output."""
        sizes: dict[str, Whole] = {}
        for operand, letters in zip(operands, inputs, strict=True):
            for letter, size in zip(letters, operand.dims, strict=True):
                if letter not in sizes or is_one(sizes[letter]):
                    sizes[letter] = size
                elif not same(sizes[letter], size) and not is_one(size):
                    self.ask_equal(size, sizes[letter])
        dtype = self.dtype_of(statement)
        order = output + "".join(dict.fromkeys(c for c in "".join(inputs) if c not in output))

        def along(letter: str, size: Whole) -> Along:
            return Along(None, 0) if is_one(size) and not is_one(sizes[letter]) else Along(order.index(letter))

        maps = [tuple(map(along, letters, operand.dims)) for operand, letters in zip(operands, inputs, strict=True)]
        kinds = [o.dtype.type for o in operands]

        def make(*nodes: Node) -> Node:
            found, kind = nodes[0], kinds[0]
            for node, other in zip(nodes[1:], kinds[1:], strict=True):
                found, kind = self.combined(MULTIPLY, [(found, kind), (node, other)], dtype.type), dtype.type
            return found

        places = few([sizes[c] for c in order[len(output) :]]) if len(order) > len(output) and dtype in WIDE else []
        if len(order) > len(output) and output and dtype in WIDE:
            operands = [self.at_hand(o) if set(output) - set(i) else o for o, i in zip(operands, inputs, strict=True)]
        products = Of(tuple(operands), tuple(maps), make, tuple(sizes[c] for c in order), dtype, len(operands))
        if len(order) == len(output):
            return self.bind(statement, products)
        if dtype not in WIDE or not output:
            return self.give(statement, self.reduced(statement, products, tuple(range(len(output), len(order))), "+", dtype))
        value = written_out(products, len(output), places) if places else self.looped(products, len(output))
        value.nothing = nothing_of(products, len(output)) if statement.strong else None
        self.bind(statement, value)

    def at_hand(self, operand: Lazy) -> Lazy:
        """A factor whose elements are read again, by other elements of the product."""
        return operand if cost_of(operand) <= CHEAP else self.materialised(operand, "operand", False)

    def looped(self, products: Of, rank: int) -> Lazy:
        """The sums of products over all axes but the first ones, each in a loop of its own where an element is asked for."""
        counters = [self.fresh("n") for _ in products.dims[rank:]]
        heads = [f"for {c} in range({self.size(n)}):" for c, n in zip(counters, products.dims[rank:], strict=True)]
        begin = ast.unparse(self.beginning("+", products.dtype))

        def make(step: Any, places: Places) -> Node:
            total = step.fresh("total")
            inner = step.within()
            term = ast.unparse(inner.element(products, (*places, *(Place(c, 1) for c in counters))))
            lines: list[Any] = [*inner.lines, f"{total} = support.plus({total}, {term})"]
            for head in reversed(heads):
                lines = [head, lines]
            step.lines += [f"{total} = {begin}", *lines]
            return name(total)

        value = By(make, products.dims[:rank], products.dtype, DEAR, products.operands)
        value.once = True
        return value

    def form_einsum(self, statement: Assign) -> None:
        """The usual form: subscripts, then arrays. What is a product of two matrices goes to BLAS."""
        inputs, arrow, output, rest = self.subscripts(statement.args[0])
        found = [self.take(r) for r in rest]
        operands = [as_lazy(self.named(f)) if isinstance(f, Number) else f.stored or f for f in found]
        left = ",".join(inputs)
        if not arrow:
            letters = left.replace(",", "").replace("...", "")
            output = ("..." if "..." in left else "") + "".join(sorted(c for c in set(letters) if letters.count(c) == 1))
        spare = [c for c in LETTERS.upper() + LETTERS if c not in left]
        hidden = [len(o.dims) - len(s.replace("...", "")) if "..." in s else 0 for o, s in zip(operands, inputs, strict=True)]
        most = "".join(spare[: max(hidden)])
        inputs = [s.replace("...", most[len(most) - n :]) for s, n in zip(inputs, hidden, strict=True)]
        self.contracted(statement, operands, inputs, output.replace("...", most))

    def subscripts(self, given: Any) -> tuple[list[str], str, str, list[Any]]:
        """The letters of each array, an arrow and the letters of the result if these are said, and the arrays."""
        if not isinstance(given, Display):
            raise CannotBeNative("np.einsum of other than arrays has no native form", self.where)
        first, *rest = given.items
        if isinstance(first, Const) and isinstance(first.value, str):
            left, arrow, output = first.value.replace(" ", "").partition("->")
            return left.split(","), arrow, output, rest
        last = len(given.items) % 2 == 1
        inputs = [letters_of(constants(numbers)) for numbers in given.items[1::2]]
        output = letters_of(constants(given.items[-1])) if last else ""
        return inputs, "->" if last else "", output, list(given.items[: len(given.items) - last : 2])

    def form_tensordot(self, statement: Assign) -> None:
        x, y = (self.lazy(a) for a in statement.args[:2])
        axes = pairs(statement.args[2])
        if isinstance(axes, int):
            axes = (tuple(range(len(x.dims) - axes, len(x.dims))), tuple(range(axes)))
        own, other = (normalize_axis_tuple(a, len(v.dims)) for a, v in zip(axes, (x, y), strict=True))
        first = LETTERS[: len(x.dims)]
        second = list(LETTERS[len(x.dims) : len(x.dims) + len(y.dims)])
        for a, b in zip(own, other, strict=True):
            second[b] = first[a]
        left = "".join(c for k, c in enumerate(first) if k not in own)
        right = "".join(c for k, c in enumerate(second) if k not in other)
        self.contracted(statement, [x, y], [first, "".join(second)], left + right)

    def multiplied(self, statement: Assign, x: Lazy, y: Lazy) -> None:
        """Also of stacks of matrices, and of numbers that BLAS does not take."""
        ranks, kinds = (len(x.dims), len(y.dims)), {x.dtype, y.dtype}
        if max(ranks) <= 2 and len(kinds) == 1 and x.dtype.kind in "fc":
            return super().multiplied(statement, x, y)
        if not all(ranks):
            raise CannotBeNative("a product with a number is written as one of matrices", self.where)
        if form_of(statement.primitive) != "@matmul":
            first = LETTERS[: ranks[0]]
            second = LETTERS[13 : 13 + ranks[1]]
            at = max(ranks[1] - 2, 0)
            second = second[:at] + first[-1] + second[at + 1 :]
            return self.contracted(statement, [x, y], [first, second], first[:-1] + second.replace(first[-1], ""))
        stack = LETTERS[: max(*ranks, 2) - 2]
        rows, columns = ("" if r == 1 else stack[len(stack) - r + 2 :] for r in ranks)
        first, second = rows + ("x" if ranks[0] > 1 else "") + "y", columns + "y" + ("z" if ranks[1] > 1 else "")
        output = stack + first[len(rows) :].replace("y", "") + second[len(columns) :].replace("y", "")
        self.contracted(statement, [x, y], [first, second], output)

    def form_inner(self, statement: Assign) -> None:
        x, y = (self.lazy(a) for a in statement.args[:2])
        if not x.dims or not y.dims:
            raise CannotBeNative("an inner product with a number has no native form", self.where)
        first, second = LETTERS[: len(x.dims)], LETTERS[13 : 12 + len(y.dims)]
        self.contracted(statement, [x, y], [first, second + first[-1]], first[:-1] + second)

    def form_cross(self, statement: Assign) -> None:
        """The cross product of vectors of three components, component by component."""
        *axes, axis = (self.plain(a) for a in statement.args[2:])
        first, second, behind = axes if axes and axis is None else (axis, axis, axis)
        one, other = (self.lazy(a) for a in statement.args[:2])
        (target,) = statement.targets
        dims, behind = list(self.dims(target)), behind % len(target.type.shape)  # type: ignore[union-attr]
        if any(not same(v.dims[k], 3) for v, k in ((one, first), (other, second))) or not same(dims.pop(behind), 3):
            raise CannotBeNative(f"{statement.primitive.name} of other than three components has no native form", self.where)
        rest, dtype = tuple(dims), target.type.dtype  # type: ignore[union-attr]
        kinds = [one.dtype.type, other.dtype.type]

        def make(a: Node, b: Node, c: Node, d: Node) -> Node:
            return binary(self.combined(MULTIPLY, list(zip((a, b), kinds, strict=True)), dtype.type), "-",
                          self.combined(MULTIPLY, list(zip((c, d), kinds, strict=True)), dtype.type))  # fmt: skip

        parts: list[Lazy] = []
        for j, k in ((1, 2), (2, 0), (0, 1)):
            places = ((one, first, j), (other, second, k), (one, first, k), (other, second, j))
            operands = tuple(component(*place) for place in places)
            made = Of(operands, tuple(self.spread(o, rest) for o in operands), make, rest, dtype, 3)
            parts.append(self.with_new_axis(made, behind))
        self.joined(statement, parts, behind)


def few(sizes: Sequence[Whole]) -> list[tuple[int, ...]]:
    """The places along axes of which it is known that they have few together; none of others."""
    known = [int(n) for n in sizes if not isinstance(n, Size)]
    few_ = len(known) == len(sizes) and 0 < math.prod(known) <= FEW
    return list(itertools.product(*map(range, known))) if few_ else []


def written_out(products: Of, rank: int, places: list[tuple[int, ...]]) -> Lazy:
    """Sums of products at few places along all axes but the first ones: an element is an expression."""
    count, first = len(products.operands), tuple(Along(k) for k in range(rank))
    ways = [(*first, *(Along(None, 0, n) for n in at)) for at in places]
    maps = [tuple(a.through(way) for a in map_) for way in ways for map_ in products.maps]

    def total(*nodes: Node) -> Node:
        terms = [products.make(*nodes[k : k + count]) for k in range(0, len(nodes), count)]
        return functools.reduce(lambda one, other: binary(one, "+", other), terms)

    cost = max(len(places) * count - 1, DEAR)
    return Of(products.operands * len(ways), tuple(maps), total, products.dims[:rank], products.dtype, cost)


def nothing_of(products: Of, rank: int) -> Nothing | None:
    """Where sums of products are zeros because a factor is, if to look at that is a small part of the work; in the outermost loop."""
    found = []
    for operand, map_ in zip(products.operands, products.maps, strict=True):
        others = [n for k, n in enumerate(products.dims[:rank]) if all(a.axis != k for a in map_)]
        if isinstance(operand, View) and operand.memory.rank > 1 and any(isinstance(n, Size) or n >= MANY for n in others):
            first = operand.map[0].through(map_)
            found += [Nothing(first.axis, operand.memory)] if first.axis is not None and first == Along(first.axis) else []
    return min((n for n in found if n.axis < rank), key=lambda n: n.axis, default=None)


def letters_of(numbers: Any) -> str:
    return "".join("..." if n is Ellipsis else (LETTERS.upper() + LETTERS)[n] for n in numbers)


def pairs(operand: Any) -> Any:
    """The axes of two arrays, as tuples of numbers; or how many."""
    if isinstance(operand, Const):
        value = operand.value
        return value if isinstance(value, int) else tuple(v if isinstance(v, (tuple, list)) else (v,) for v in value)
    if not isinstance(operand, Display):
        raise CannotBeNative("only the run knows the axes")
    return tuple(constants(i) if isinstance(constants(i), (tuple, list)) else (constants(i),) for i in operand.items)


def component(value: Lazy, axis: int, number: int) -> Lazy:
    """The part of an array at a place of one axis."""
    axis %= len(value.dims)
    map_ = tuple(Along(None, 0, number) if k == axis else Along(k - (k > axis)) for k in range(len(value.dims)))
    return shown(value, map_, (*value.dims[:axis], *value.dims[axis + 1 :]))
