"""More ways to arrange what an array has: shifts along several axes, other orders of memory, differences, margins, repeated parts."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad.errors import CannotBeNative
from s2sad.ir.program import ArrayType, Assign, Const, Display, Var
from s2sad.native.index_forms import Chosen, Found
from s2sad.native.indices import numbered
from s2sad.native.joining import several
from s2sad.native.lazy import By, Filled, Lazy, Memory, Of, View, shown
from s2sad.native.places import Along, Map, Node, Places, binary, call, const, parsed, whole
from s2sad.native.rows import Rows
from s2sad.native.scans import is_left_out
from s2sad.native.shapes import constants
from s2sad.native.writer import Number
from s2sad.rules.operations import MULTIPLY
from s2sad.types.sizes import Size, Whole, same

MODES = {"edge": 0, "wrap": 1, "symmetric": 2, "reflect": 3}
WITHIN = {"wrap": "{0} % {1}", "clip": "min(max({0}, 0), {1} - 1)"}


class Arrangements(Rows):
    """The part that writes more of what gives arrays other shapes."""

    # Order of memory

    def form_reshape(self, statement: Assign) -> None:
        self.in_order(statement, constants(statement.args[2]))

    def form_ravel(self, statement: Assign) -> None:
        self.in_order(statement, constants(statement.args[1]))

    def in_order(self, statement: Assign, order: Any) -> None:
        """The elements in the order of C, or of Fortran: the transpose in the order of C."""
        found = self.lazy(statement.args[0])
        for argument in statement.args[1:]:
            self.take(argument)
        (target,) = statement.targets
        if order not in ("C", "F", None) and len(found.dims) != 1:
            raise CannotBeNative("an array is laid out in an order that only the run knows", self.where)
        dims = self.dims(target)
        if order != "F":
            return self.bind(statement, self.reshaped(found, dims, target))
        self.bind(statement, turned(self.reshaped(turned(found), dims[::-1], target)))

    def form_flatten(self, statement: Assign) -> None:
        order = constants(statement.args[1])
        if order != "F":
            return super().form_flatten(statement)
        found = turned(self.lazy(statement.args[0]))
        self.take(statement.args[1])
        self.bind(statement, self.reshaped(self.copied(statement, found), self.dims(statement.targets[0]), statement.targets[0]))

    # Axes

    def form_rollaxis(self, statement: Assign) -> None:
        rank = self.rank_of(statement.args[0])
        axis, start = (self.plain(a) for a in statement.args[1:3])
        axis, start = axis % rank, start + rank if start < 0 else start
        axes: list[int | None] = [k for k in range(rank) if k != axis]
        axes.insert(start - (axis < start), axis)
        self.arranged(statement, axes)

    def form_roll(self, statement: Assign) -> None:
        axis = constants(statement.args[2])
        if not isinstance(axis, (tuple, list)):
            return super().form_roll(statement)
        value, shift = self.lazy(statement.args[0]), numbered(self.take(statement.args[1]))
        shifts = [shift] * len(axis) if isinstance(shift, Number) else list(shift)
        if len(shifts) != len(axis) or not all(isinstance(s, Number) for s in shifts):
            raise CannotBeNative("this form of np.roll has no native form", self.where)
        for each, along in zip(shifts, axis, strict=True):
            value = self.rolled(value, each, along % len(value.dims))
        self.bind(statement, value)

    @several
    def form_of_rank(self, statement: Assign) -> None:
        """As `np.atleast_1d` and its like."""
        rank = int(statement.primitive.name[-2])
        for target, value in zip(statement.targets, self.arrays(statement.args[0]), strict=True):
            own = len(value.dims)
            at = {(1, 3): (1,), (2, 3): (0, 1)}.get((own, rank), tuple(range(max(rank - own, 0), max(rank, own))))
            dims = tuple(value.dims[at.index(k)] if k in at else 1 for k in range(max(rank, own)))
            self.env[target] = shown(value, tuple(map(Along, at)), dims)

    @several
    def form_unstack(self, statement: Assign) -> None:
        value, axis = self.lazy(statement.args[0]), self.plain(statement.args[1])
        axis %= len(value.dims)
        self.ask_length(value.dims[axis], len(statement.targets))
        for row, target in enumerate(statement.targets):
            map_ = tuple(Along(None, 0, row) if k == axis else Along(k - (k > axis)) for k in range(len(value.dims)))
            if self.rank(target):
                self.env[target] = shown(value, map_, self.dims(target))
            else:
                self.element_at(replaced(statement, target), value, (Number(const(row), int),))

    def ask_length(self, size: Whole, length: int) -> None:
        if isinstance(size, Size):
            self.ask_equal(size, length)

    @several
    def form_broadcast_arrays(self, statement: Assign) -> None:
        for target, value in zip(statement.targets, self.arrays(statement.args[0]), strict=True):
            dims = self.dims(target)
            self.env[target] = shown(value, self.spread(value, dims), dims)

    @several
    def form_meshgrid(self, statement: Assign) -> None:
        parts = self.arrays(statement.args[0])
        for argument in statement.args[1:]:
            self.take(argument)
        swapped = constants(statement.args[3]) == "xy" and len(parts) > 1
        for number, (target, value) in enumerate(zip(statement.targets, parts, strict=True)):
            axis = 1 - number if swapped and number < 2 else number
            value = self.in_a_row(value, statement)
            dims = self.dims(target)
            self.env[target] = self.copied(replaced(statement, target), shown(value, (Along(axis),), dims))

    # Differences

    def form_diff(self, statement: Assign) -> None:
        n, axis = (self.plain(a) for a in statement.args[1:3])
        left_out = [is_left_out(a) for a in statement.args[3:5]]
        ends = [isinstance(a, Var) and isinstance(a.type, ArrayType) and bool(a.type.shape) for a in statement.args[3:5]]
        if n == 1 and not any(ends):
            return super().form_diff(statement)
        value = self.lazy(statement.args[0])
        if value.dtype.kind not in "fci" or not isinstance(n, int):
            raise CannotBeNative("differences of this kind have no native form", self.where)
        axis %= len(value.dims)
        if not all(left_out):
            parts = [None if out else self.lazy(a) for a, out in zip(statement.args[3:5], left_out, strict=True)]
            value = self.between(statement, value, parts, axis)
        if isinstance(value.dims[axis], Size):
            self.leave_if(parsed(f"{self.size(value.dims[axis])} < {n}"))
        elif value.dims[axis] < n:
            raise CannotBeNative("there are no differences of so high an order", self.where)
        value = value if n else self.copied(statement, value)
        for _ in range(n):
            dims = tuple(size - 1 if k == axis else size for k, size in enumerate(value.dims))
            later, earlier = (tuple(Along(k, 1, o if k == axis else 0) for k in range(len(dims))) for o in (1, 0))
            value = Of((value, value), (later, earlier), lambda a, b: binary(a, "-", b), dims, value.dtype)
        self.bind(statement, value)

    def between(self, statement: Assign, value: Lazy, ends: list[Lazy | None], axis: int) -> Lazy:
        """An array between others along an axis; numbers stand for all of one place there."""
        parts: list[Lazy] = []
        for part in (ends[0], value, ends[1]):
            if part is None:
                continue
            dims = tuple(1 if k == axis else n for k, n in enumerate(value.dims))
            parts.append(part if part.dims else Filled(part.value, dims, part.dtype) if isinstance(part, Filled) else shown(part, (), dims))
        dtype = np.result_type(*(p.dtype for p in parts))
        total = tuple(sum((p.dims[axis] for p in parts), 0) if k == axis else n for k, n in enumerate(value.dims))
        memory = View(self.allocate("joined", total, dtype, False))
        start: Any = 0
        for part in parts:
            offset, term = self.offset(start)
            map_ = tuple(Along(k, 1, offset, term) if k == axis else Along(k) for k in range(len(total)))
            self.item(statement, memory, map_, part.dims, part, "=")
            start = start + part.dims[axis]
        return memory

    # Margins

    def form_pad(self, statement: Assign) -> None:
        mode, kind = self.plain(statement.args[2]), self.plain(statement.args[4])
        if mode == "constant" and plainly_written(statement.args[1]):
            return super().form_pad(statement)
        value = self.lazy(statement.args[0])
        self.take(statement.args[3])
        before = self.margins(statement.args[1], len(value.dims))
        dims = self.dims(statement.targets[0])
        if mode == "constant":
            return self.padded_by_a_number(statement, value, before, dims)
        if mode not in MODES or kind != "even":
            raise CannotBeNative("this form of np.pad has no native form", self.where)
        self.leave_where_none(value)
        self.bind(statement, self.picked(value, self.padding(before, value.dims, dims, mode)))

    def leave_where_none(self, value: Lazy) -> None:
        for size in value.dims:
            if isinstance(size, Size):
                self.leave_if(parsed(f"{self.size(size)} == 0"))

    def padded_by_a_number(self, statement: Assign, value: Lazy, before: list[str], dims: tuple[Whole, ...]) -> None:
        filling = statement.args[3]
        if not isinstance(filling, Const) or isinstance(filling.value, (tuple, list)):
            raise CannotBeNative("this form of np.pad has no native form", self.where)
        base = View(self.allocate(self.hint(statement.targets[0]), dims, value.dtype, True))
        node = self.converted_to(self.literal(filling.value), np.dtype(type(filling.value)), value.dtype)
        self.item(statement, base, whole(len(dims)), dims, Filled(node, dims, value.dtype), "=")
        self.item(statement, base, tuple(Along(k, 1, 0, b) for k, b in enumerate(before)), value.dims, value, "=")
        self.bind(statement, base)

    def margins(self, operand: Any, rank: int) -> list[str]:
        """How wide the margins in front of each axis are, as texts."""
        given = numbered(operand.value.tolist() if isinstance(getattr(operand, "value", None), np.ndarray) else self.take(operand))
        pairs = given if isinstance(given, (tuple, list)) else (given,)
        if any(isinstance(p, (tuple, list)) for p in pairs):
            firsts = [p[0] if isinstance(p, (tuple, list)) else p for p in pairs]
            firsts = firsts if len(firsts) == rank else firsts * rank
        else:
            firsts = [pairs[0]] * rank
        if len(firsts) != rank or not all(isinstance(f, Number) for f in firsts):
            raise CannotBeNative("this form of np.pad has no native form", self.where)
        return [ast.unparse(self.named(f, "margin").node) for f in firsts]

    def padding(self, before: list[str], dims: tuple[Whole, ...], padded: tuple[Whole, ...], mode: str) -> Chosen:
        """Which element of an array stands at each place of it padded."""
        axes: list[Along | tuple[Lazy, Map]] = []
        for axis, (margin, size, wide) in enumerate(zip(before, dims, padded, strict=True)):

            def make(_: Any, places: Places, margin: str = margin, size: Whole = size) -> Node:
                place = parsed(f"{ast.unparse(places[0].node())} - {margin}")
                return call("support.padded_place", place, parsed(self.size(size)), const(MODES[mode]))

            axes.append((By(make, (wide,), np.dtype(np.int64), 2), (Along(axis),)))
        return Chosen(axes, padded)

    def form_scatter_padded(self, statement: Assign) -> None:
        source, mode = self.lazy(statement.args[0]), self.plain(statement.args[2])
        self.take(statement.args[3])
        (target,) = statement.targets
        dims = self.dims(target)
        before = self.margins(statement.args[1], len(dims))
        base = View(self.allocate(self.hint(target), dims, self.dtype_of(statement), True, "zeros"))
        self.leave_where_none(base)
        self.put_at(statement, base, self.padding(before, dims, source.dims, mode), source, "+=")
        self.bind(statement, base)

    # Parts along axes

    def form_take(self, statement: Assign) -> None:
        """Elements along an axis, or of the array laid out in one; places outside may be brought inside."""
        axis, mode = self.plain(statement.args[2]), self.plain(statement.args[3])
        if mode == "raise" and (axis is not None or self.rank_of(statement.args[0]) == 1):
            return super().form_take(statement)
        base, indices = self.lazy(statement.args[0]), self.listed(numbered(self.take(statement.args[1])))
        base = self.in_a_row(base, statement) if axis is None else base
        axis = (axis or 0) % len(base.dims)
        length = self.size(base.dims[axis])
        if mode != "raise":
            indices = self.brought_inside(indices, WITHIN[mode], length)
        index = (*[slice(None)] * axis, indices)
        if isinstance(indices, Number):
            map_, dims = self.placed(base.dims, index)
            assert map_ is not None
            if not dims:
                return self.element_at(statement, base, index)
            return self.bind(statement, Of((base,), (map_,), lambda x: x, self.dims(statement.targets[0]), base.dtype, 0))
        self.bind(statement, self.picked(base, self.chosen(base.dims, index, statement.targets[0].type)))

    def brought_inside(self, indices: Any, way: str, length: str) -> Any:
        def make(x: Node) -> Node:
            return parsed(way.format(f"({ast.unparse(x)})", f"({length})"))

        if isinstance(indices, Number):
            return Number(make(self.named(indices).node), int)
        return Of((indices,), (whole(len(indices.dims)),), make, indices.dims, np.dtype(np.int64))

    def form_repeat(self, statement: Assign) -> None:
        """Each as often as an array of numbers says, or all as often."""
        times, axis = statement.args[1], self.plain(statement.args[2])
        if not self.has_axes(times):
            return super().form_repeat(statement)
        value = self.lazy(statement.args[0])
        value = self.in_a_row(value, statement) if axis is None else value
        numbers = self.whole_places(times)
        axis = (axis or 0) % len(value.dims)
        if not same(numbers.dims[0], value.dims[axis]):
            self.ask_equal(numbers.dims[0], value.dims[axis])
        label = self.called(statement, "repeated_places", numbers.memory.label)
        dims = self.dims(statement.targets[0])
        self.sized_by(dims[axis], f"{label}.shape[0]")
        self.leave_if(parsed(f"{label}.shape[0] == 0"))
        places = self.found_places(label, dims[axis])
        axes: list[Along | tuple[Lazy, Map]] = [(places, (Along(k),)) if k == axis else Along(k) for k in range(len(dims))]
        self.bind(statement, self.picked(value, Chosen(axes, dims)))

    def found_places(self, label: str, size: Whole) -> View:
        return Found(Memory(label, np.dtype(np.int64), (size,)))

    # Products

    def form_outer(self, statement: Assign) -> None:
        parts = [self.in_a_row(self.lazy(a), statement) for a in statement.args[:2]]
        (target,) = statement.targets
        kinds, result = [p.dtype.type for p in parts], self.class_of(target)

        def make(a: Node, b: Node) -> Node:
            return self.combined(MULTIPLY, list(zip((a, b), kinds, strict=True)), result)

        self.bind(statement, Of(tuple(parts), ((Along(0),), (Along(1),)), make, self.dims(target), np.dtype(result)))

    def form_dot(self, statement: Assign) -> None:
        if all(map(self.has_axes, statement.args[:2])):
            return super().form_dot(statement)
        self.product_with_number(statement)

    def form_inner(self, statement: Assign) -> None:
        if all(map(self.has_axes, statement.args[:2])):
            return super().form_inner(statement)
        self.product_with_number(statement)

    def has_axes(self, operand: Any) -> bool:
        """Whether an operand is an array or a list, and no number."""
        return isinstance(operand, Display) or np.ndim(getattr(operand, "value", 0)) > 0 or self.rank_of(operand) > 0

    def product_with_number(self, statement: Assign) -> None:
        given = [self.take(a) for a in statement.args[:2]]
        (target,) = statement.targets
        self.each(statement, target, given, lambda e: self.combined(MULTIPLY, list(e), self.class_of(target)), 1)


def turned(value: Lazy) -> Lazy:
    """The transpose."""
    rank = len(value.dims)
    return shown(value.stored or value, tuple(Along(rank - 1 - k) for k in range(rank)), value.dims[::-1])


def replaced(statement: Assign, target: Var) -> Assign:
    return replace(statement, targets=(target,))


def plainly_written(operand: Any) -> bool:
    """Whether all numbers of a container are written in the code."""
    return not isinstance(operand, Var) and all(map(plainly_written, getattr(operand, "items", ())))

