"""Arrays that are joined, shifted, repeated and taken apart, and their diagonals and triangles."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

from s2sad.errors import CannotBeNative
from s2sad.ir.program import ArrayType, Assign, Const
from s2sad.native.index_writes import IndexWrites
from s2sad.native.indices import whole_number
from s2sad.native.lazy import By, Filled, Lazy, Of, View, shown
from s2sad.native.nests import cost_of
from s2sad.native.numbers import as_lazy, kind_of
from s2sad.native.places import Along, Node, Place, Places, binary, compared, const, parsed, whole
from s2sad.native.writer import DEAR, Number
from s2sad.rules.native_forms import form_of
from s2sad.types.sizes import Size, Whole, product, same


def widths(operand: Any) -> Any:
    """A plain value of numbers, and tuples of them."""
    if isinstance(operand, Const):
        return operand.value
    if not hasattr(operand, "items"):
        raise CannotBeNative("only the run knows how wide the margins are")
    return tuple(map(widths, operand.items))


def several(way: Any) -> Any:
    """A way to write a primitive whose results are several, or in a structure."""
    way.several = True
    return way


class Joining(IndexWrites):
    """The part that writes what joins arrays and takes them apart."""

    def arrays(self, operand: Any) -> list[Lazy]:
        """The arrays of a list, or the rows of an array."""
        found = self.take(operand)
        if isinstance(found, Lazy) and found.dims and not isinstance(found.dims[0], Size):
            return self.rows_of(found)
        if isinstance(found, (list, tuple)):
            found = [self.array_of(f) if isinstance(f, (list, tuple)) else f for f in found]
        if not isinstance(found, (list, tuple)) or not all(isinstance(f, (Lazy, Number)) for f in found):
            raise CannotBeNative("other things than arrays and numbers are joined", self.where)
        return [as_lazy(self.named(f)) if isinstance(f, Number) else f.stored or f for f in found]

    def rows_of(self, found: Any) -> list[Lazy]:
        """The parts of an array along its first axis, of which it is known how many there are."""
        if not isinstance(found, Lazy) or not found.dims or isinstance(found.dims[0], Size):
            raise CannotBeNative("only the run knows how many arrays there are", self.where)
        found = found.stored or found
        rest = tuple(Along(k) for k in range(len(found.dims) - 1))
        return [shown(found, (Along(None, 0, row), *rest), found.dims[1:]) for row in range(int(found.dims[0]))]

    def array_of(self, items: Any) -> Lazy:
        """An array of a list of numbers."""
        if not items or not all(isinstance(i, Number) for i in items):
            raise CannotBeNative("a list of other things than numbers is joined", self.where)
        dtype = np.result_type(*(np.dtype(i.kind) for i in items))
        memory = self.allocate("row", (len(items),), dtype, False)
        for k, item in enumerate(items):
            self.said(f"{memory.label}[{k}] = {ast.unparse(self.cast(item, dtype.type))}")
        return View(memory)

    def joined(self, statement: Assign, parts: list[Lazy], axis: int) -> None:
        """The arrays one behind the other along an axis, each with all axes."""
        (target,) = statement.targets
        dims = self.dims(target)
        memory = self.allocate(self.hint(target), dims, target.type.dtype, target in self.escaping)  # type: ignore[union-attr]
        start: Any = 0
        axis %= len(dims)
        for part in parts:
            offset, term = self.offset(start)
            map_ = tuple(Along(k, 1, offset, term) if k == axis else Along(k) for k in range(len(dims)))
            sizes = tuple(part.dims[k] if k == axis else n for k, n in enumerate(dims))
            self.item(statement, View(memory), map_, sizes, self.typed(part, memory.dtype), "=")
            start = start + part.dims[axis]
        self.bind(statement, View(memory))

    def typed(self, part: Lazy, dtype: np.dtype[Any]) -> Lazy:
        if part.dtype.kind == "c" and dtype.kind != "c":
            raise CannotBeNative("complex numbers are made real", self.where)
        return part

    def with_new_axis(self, part: Lazy, axis: int) -> Lazy:
        rank = len(part.dims) + 1
        axis %= rank
        map_ = tuple(Along(k + (k >= axis)) for k in range(rank - 1))
        return shown(part, map_, (*part.dims[:axis], 1, *part.dims[axis:]))

    def form_concatenate(self, statement: Assign) -> None:
        self.plainly(statement, ("dtype",))
        axis, parts = self.plain(statement.args[1]), self.arrays(statement.args[0])
        if axis is None:
            parts, axis = [self.in_a_row(p, statement) for p in parts], 0
        self.joined(statement, parts, axis)

    def in_a_row(self, part: Lazy, statement: Assign) -> Lazy:
        if len(part.dims) == 1:
            return part
        if not part.dims:
            return shown(part, (), (1,))
        return self.reshaped(part, (product(part.dims),), statement.targets[0])

    def form_stack(self, statement: Assign) -> None:
        self.plainly(statement, ("dtype",))
        axis, parts = self.plain(statement.args[1]), self.arrays(statement.args[0])
        self.joined(statement, [self.with_new_axis(p, axis) for p in parts], axis)

    def form_vstack(self, statement: Assign) -> None:
        self.plainly(statement, ("dtype",))
        parts = [p if p.dims else shown(p, (), (1,)) for p in self.arrays(statement.args[0])]
        self.joined(statement, [self.with_new_axis(p, 0) if len(p.dims) == 1 else p for p in parts], 0)

    def form_hstack(self, statement: Assign) -> None:
        self.plainly(statement, ("dtype",))
        parts = [p if p.dims else shown(p, (), (1,)) for p in self.arrays(statement.args[0])]
        self.joined(statement, parts, min(len(parts[0].dims) - 1, 1))

    def form_dstack(self, statement: Assign) -> None:
        parts = self.arrays(statement.args[0])
        parts = [self.with_new_axis(p, 0) if len(p.dims) == 1 else p for p in parts]
        self.joined(statement, [self.with_new_axis(p, 2) if len(p.dims) == 2 else p for p in parts], 2)

    def form_column_stack(self, statement: Assign) -> None:
        parts = [p if p.dims else shown(p, (), (1,)) for p in self.arrays(statement.args[0])]
        self.joined(statement, [self.with_new_axis(p, 1) if len(p.dims) == 1 else p for p in parts], 1)

    def form_append(self, statement: Assign) -> None:
        axis = self.plain(statement.args[2])
        found = [self.take(a) for a in statement.args[:2]]
        parts = [as_lazy(self.named(f)) if isinstance(f, Number) else f for f in found]
        if not all(isinstance(p, Lazy) for p in parts):
            raise CannotBeNative("a list is appended to an array", self.where)  # which is laid out in a row
        parts = [p.stored or p for p in parts]
        self.joined(statement, parts if axis is not None else [self.in_a_row(p, statement) for p in parts], axis or 0)

    # Shifted and repeated

    def form_diff(self, statement: Assign) -> None:
        value = self.lazy(statement.args[0])
        n, axis = (self.plain(a) for a in statement.args[1:3])
        if n != 1 or value.dtype.kind not in "fci":
            raise CannotBeNative("differences of a higher order have no native form", self.where)
        axis %= len(value.dims)
        ends = []
        for argument in statement.args[3:5]:
            ends.append(None if isinstance(argument, Const) and argument.value is np._NoValue else self.take(argument))
        if any(e is not None and not isinstance(e, Number) for e in ends):
            raise CannotBeNative("differences with arrays at the ends have no native form", self.where)
        (target,) = statement.targets
        dims, dtype = self.dims(target), target.type.dtype  # type: ignore[union-attr]
        if ends == [None, None]:
            later, earlier = (tuple(Along(k, 1, o if k == axis else 0) for k in range(len(dims))) for o in (1, 0))
            made: Lazy = Of((value, value), (later, earlier), lambda a, b: binary(a, "-", b), dims, dtype)
        else:
            made = self.differences(value, [None if e is None else self.named(e) for e in ends], axis, dims, dtype)
        self.bind(statement, made)

    def differences(self, value: Lazy, ends: list[Any], axis: int, dims: tuple[Whole, ...], dtype: Any) -> Lazy:
        """With numbers in front or behind."""
        length = self.size(value.dims[axis])
        shift = 0 if ends[0] is not None else 1

        def element(step: Any, places: Places, offset: int) -> Node:
            at = places[axis].after(1, offset)
            inner = step.element(value, tuple(at if k == axis else p for k, p in enumerate(places)))
            if ends[0] is not None and offset < 0:
                return ast.IfExp(compared(at.node(), "<", const(0)), ends[0].node, inner)
            if ends[1] is not None and offset == shift:
                return ast.IfExp(compared(at.node(), "<", parsed(length)), inner, ends[1].node)
            return inner

        def make(step: Any, places: Places) -> Node:
            return binary(element(step, places, shift), "-", element(step, places, shift - 1))

        view = self.materialised(value, "", False)
        value = view
        made = By(self.guarded(make), dims, dtype, 4, (view,))
        made.named = tuple(n.id for e in ends if e is not None for n in ast.walk(e.node) if isinstance(n, ast.Name))
        return made

    def guarded(self, make: Any) -> Any:
        """Elements behind a condition are asked for where it is asked: none is computed in a line of its own before."""

        class Apart:
            def element(self, value: Lazy, places: Places) -> Node:
                return value.at(self, places)

        return lambda step, places: make(Apart(), places)

    def form_roll(self, statement: Assign) -> None:
        value = self.lazy(statement.args[0])
        shift, axis = self.take(statement.args[1]), self.plain(statement.args[2])
        if axis is None and len(value.dims) != 1 and isinstance(shift, Number):
            inner = self.in_a_row(value, statement)
            return self.bind(statement, self.reshaped(self.rolled(inner, shift, 0), value.dims, statement.targets[0]))
        if not isinstance(shift, Number) or isinstance(axis, tuple):
            raise CannotBeNative("this form of np.roll has no native form", self.where)
        self.bind(statement, self.rolled(value, shift, (axis or 0) % len(value.dims)))

    def rolled(self, value: Lazy, shift: Number, axis: int) -> Lazy:
        length, by = self.size(value.dims[axis]), ast.unparse(self.named(shift, "shift").node)
        if not isinstance(value, (View, Filled)) and cost_of(value) >= DEAR:
            value = self.materialised(value, "", False)

        def make(step: Any, places: Places) -> Node:
            at = Place(term=f"({ast.unparse(places[axis].node())} - {by}) % ({length})")
            return step.element(value, tuple(at if k == axis else p for k, p in enumerate(places)))

        made = By(make, value.dims, value.dtype, 4, (value,))
        made.named = (by,) if by.isidentifier() else ()
        return made

    def form_repeat(self, statement: Assign) -> None:
        value, times, axis = self.lazy(statement.args[0]), self.take(statement.args[1]), self.plain(statement.args[2])
        if axis is None:
            value = self.in_a_row(value, statement)
        if not isinstance(times, Number):
            raise CannotBeNative("this form of np.repeat has no native form", self.where)
        axis = (axis or 0) % len(value.dims)
        (target,) = statement.targets
        each = ast.unparse(self.named(times, "times").node)
        dims = self.dims(target)
        if not self.is_told(dims[axis]) or not same(dims[axis], value.dims[axis] * (whole_number(times) or 1)):
            self.sized_by(dims[axis], f"({self.size(value.dims[axis])}) * {each}")

        def make(step: Any, places: Places) -> Node:
            at = Place(term=f"({ast.unparse(places[axis].node())}) // {each}")
            return step.element(value, tuple(at if k == axis else p for k, p in enumerate(places)))

        made = By(make, dims, value.dtype, 4, (value,))
        made.named = (each,) if each.isidentifier() else ()
        self.bind(statement, made)

    def sized_by(self, size: Whole, shown_: str) -> None:
        """A size is what an expression says, or the call is handed over."""
        if self.is_told(size):
            return self.leave_if(parsed(f"{shown_} != {self.size(size)}"))
        label = self.fresh("length")
        self.said(f"{label} = {shown_}")
        self.learn_number(size, label)

    def form_tile(self, statement: Assign) -> None:
        value, times = self.lazy(statement.args[0]), self.take(statement.args[1])
        (target,) = statement.targets
        dims = self.dims(target)
        if isinstance(times, Lazy) or not all(map(self.is_told, dims)):
            raise CannotBeNative("this form of np.tile has no native form", self.where)
        extra = len(dims) - len(value.dims)
        lengths = [self.size(n) for n in value.dims]

        def make(step: Any, places: Places) -> Node:
            found = []
            for k, length in enumerate(lengths):
                place = places[k + extra]
                plain = same(dims[k + extra], value.dims[k]) or place.fixed
                found.append(place if plain else Place(term=f"({ast.unparse(place.node())}) % ({length})"))
            return step.element(value, tuple(found))

        self.bind(statement, By(make, dims, value.dtype, 4, (value,)))

    def form_pad(self, statement: Assign) -> None:
        """Zeros, or another number, around an array."""
        value = self.lazy(statement.args[0])
        width, mode = widths(statement.args[1]), self.plain(statement.args[2])
        filling = self.take(statement.args[3])
        if mode != "constant" or isinstance(width, dict) or not isinstance(filling, Number):
            raise CannotBeNative("this form of np.pad has no native form", self.where)
        (target,) = statement.targets
        base = View(self.allocate(self.hint(target), self.dims(target), value.dtype, True))
        node = self.converted_to(self.named(filling).node, np.dtype(filling.kind), value.dtype)
        self.item(statement, base, whole(len(base.dims)), base.dims, Filled(node, base.dims, value.dtype), "=")
        before = np.broadcast_to(np.asarray(width), (len(value.dims), 2))[:, 0]
        map_ = tuple(Along(k, 1, int(b)) for k, b in enumerate(before))
        self.item(statement, base, map_, value.dims, value, "=")
        self.bind(statement, base)

    # Diagonals and triangles

    def diagonal(self, value: Lazy, offset: int, one: int, other: int, length: Whole) -> Lazy:
        """The elements whose two places differ by an offset, along a new last axis."""
        rank = len(value.dims)
        one, other = one % rank, other % rank
        starts = {one: max(-offset, 0), other: max(offset, 0)}
        rest = iter(range(rank - 2))
        map_ = tuple(Along(rank - 2, 1, starts[k]) if k in starts else Along(next(rest)) for k in range(rank))
        return shown(value, map_, (*(n for k, n in enumerate(value.dims) if k not in starts), length))

    def form_diagonal(self, statement: Assign) -> None:
        value = self.lazy(statement.args[0])
        offset, one, other = (self.plain(a) for a in statement.args[1:4])
        self.bind(statement, self.diagonal(value, offset, one, other, self.dims(statement.targets[0])[-1]))

    def form_diag(self, statement: Assign) -> None:
        value, k = self.lazy(statement.args[0]), self.plain(statement.args[1])
        dims = self.dims(statement.targets[0])
        if len(value.dims) == 2:
            return self.bind(statement, self.diagonal(value, k, 0, 1, dims[0]))
        self.on_diagonal(statement, value, k, 0, 1)

    def form_scatter_diagonal(self, statement: Assign) -> None:
        found = self.take(statement.args[0])
        value = as_lazy(self.named(found)) if isinstance(found, Number) else found.stored or found
        self.take(statement.args[1])
        self.on_diagonal(statement, value, *(self.plain(a) for a in statement.args[2:5]))

    def on_diagonal(self, statement: Assign, value: Lazy, offset: int, one: int, other: int) -> None:
        """Zeros with a value on a diagonal."""
        (target,) = statement.targets
        memory = self.allocate(self.hint(target), self.dims(target), target.type.dtype, True, "zeros")  # type: ignore[union-attr]
        base = View(memory)
        rank = len(base.dims)
        rows, columns = base.dims[one % rank], base.dims[other % rank]
        if value.dims:
            length = value.dims[-1]
        elif same(rows, columns):
            length = rows - abs(offset)
        else:
            raise CannotBeNative("a number is written on the diagonal of a matrix that is not square", self.where)
        part = self.diagonal(base, offset, one, other, length)
        assert isinstance(part, View)
        self.item(statement, base, part.map, part.dims, value, "=")
        self.bind(statement, base)

    def form_trace(self, statement: Assign) -> None:
        self.plainly(statement, ("dtype",))
        value = self.lazy(statement.args[0])
        named = {p.name: a for p, a in zip(statement.primitive.parameters, statement.args, strict=True)}
        one, other = (self.plain(named[n]) if n in named else d for n, d in (("axis1", -2), ("axis2", -1)))
        offset = self.plain(named["offset"])
        rows, columns = value.dims[one], value.dims[other]
        if same(rows, columns):
            length = rows - abs(offset)
        elif not isinstance(rows, Size) and not isinstance(columns, Size):
            length = max(min(rows + min(offset, 0), columns - max(offset, 0)), 0)
        else:
            raise CannotBeNative("the trace of a matrix that need not be square has no native form", self.where)
        if isinstance(length, Size) and offset:
            self.leave_if(parsed(f"{self.size(length)} < 0"))
        (target,) = statement.targets
        dtype = target.type.dtype if isinstance(target.type, ArrayType) else np.dtype(kind_of(target.type))
        self.give(statement, self.reduced(statement, self.diagonal(value, offset, one, other, length), -1, "+", dtype))

    def triangle(self, statement: Assign, symbol: str) -> None:
        value, k = self.lazy(statement.args[0]), self.plain(statement.args[1])
        zero = self.literal(value.dtype.type(0))
        dims = self.dims(statement.targets[0])
        map_ = self.spread(value, dims)

        def make(step: Any, places: Places) -> Node:
            test = compared(places[-1].node(), symbol, places[-2].after(1, k).node())
            return ast.IfExp(test, step.element(value, tuple(a.at(places) for a in map_)), zero)

        self.bind(statement, By(make, dims, value.dtype, 3, (value,)))

    def form_tril(self, statement: Assign) -> None:
        self.triangle(statement, "<=")

    def form_triu(self, statement: Assign) -> None:
        self.triangle(statement, ">=")

    # Apart

    @several
    def form_split(self, statement: Assign) -> None:
        """Parts of an array along an axis, each a result."""
        value = self.lazy(statement.args[0])
        for argument in statement.args[1:]:
            self.take(argument)
        axis = {"@vsplit": 0, "@hsplit": min(len(value.dims) - 1, 1), "@dsplit": 2}.get(form_of(statement.primitive) or "")
        axis = (self.plain(statement.args[2]) if axis is None else axis) % len(value.dims)
        start: Any = 0
        for target in statement.targets:
            dims = self.dims(target)
            offset, term = self.offset(start)
            map_ = tuple(Along(k, 1, offset, term) if k == axis else Along(k) for k in range(len(dims)))
            self.env[target] = shown(value, map_, dims)
            start = start + dims[axis]
        if not same(start, value.dims[axis]):
            self.leave_if(parsed(f"{self.size(start)} != {self.size(value.dims[axis])}"))

    form_vsplit = form_hsplit = form_dsplit = form_split
