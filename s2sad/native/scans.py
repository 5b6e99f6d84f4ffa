"""Sums and products in more forms: running ones, shares of extremes, spreads, norms, places of extremes, and sums over named axes."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from s2sad.errors import CannotBeNative
from s2sad.ir.program import ArrayType, Assign, Const, Var
from s2sad.native.joining import Joining
from s2sad.native.lazy import Filled, Lazy, Of, View, shown
from s2sad.native.nests import Item, NestStep
from s2sad.native.numbers import as_lazy, kind_of
from s2sad.native.places import Along, Map, Node, Places, binary, call, const, name, whole
from s2sad.native.shapes import constants
from s2sad.native.sums import WAYS
from s2sad.native.writer import Number
from s2sad.types.sizes import same

NEUTRAL = {"+": 0, "*": 1, "or": False, "and": True, "logaddexp": -np.inf, "logaddexp2": -np.inf, "hypot": 0}


class Scans(Joining):
    """The part that writes running sums, shares, spreads and contractions."""

    def axes(self, axis: Any, rank: int) -> tuple[int, ...]:
        if axis is None:
            return tuple(range(rank))
        return normalize_axis_tuple(axis if isinstance(axis, (tuple, list)) else (axis,), rank)

    def dtype_of(self, statement: Assign) -> np.dtype[Any]:
        kind = statement.targets[0].type
        return kind.dtype if isinstance(kind, ArrayType) else np.dtype(kind_of(kind))

    def named_args(self, statement: Assign) -> dict[str, Any]:
        return {p.name: a for p, a in zip(statement.primitive.parameters, statement.args, strict=True)}

    def reduction(self, statement: Assign, symbol: str, each: Any = None) -> None:
        """Also of those elements alone of which a mask tells so, and with a number to begin with."""
        if symbol in ("max", "min") and self.dtype_of(statement).kind == "c":
            raise CannotBeNative("an extreme of complex numbers has no native form", self.where)
        given = self.named_args(statement)
        mask, initial = (None if n not in given or is_left_out(given[n]) else given[n] for n in ("where", "initial"))
        if mask is None and initial is None and is_left_out(given.get("dtype", Const(None))):
            return super().reduction(statement, symbol, each)
        value, dtype = self.lazy(statement.args[0]), self.dtype_of(statement)
        begin = None if initial is None else self.named(self.number(initial))
        if value.dtype.kind == "c" and dtype.kind != "c":
            raise CannotBeNative("complex numbers are made real", self.where)
        first = self.literal(dtype.type(NEUTRAL[symbol]).item()) if symbol in NEUTRAL else self.cast(begin, dtype.type) if begin else None
        operands, maps = [value], [whole(len(value.dims))]
        if mask is not None:
            found = self.take(mask)
            if first is None or not isinstance(found, Lazy):
                raise CannotBeNative(f"{statement.primitive.name} with where= of a number has no native form", self.where)
            operands.append(found.stored or found)
            maps.append(self.spread(operands[1], value.dims))

        def make(x: Node, chosen: Node | None = None) -> Node:
            x = (each or (lambda n: n if value.dtype == dtype else call(self.dtype(dtype), n)))(x)
            return x if chosen is None or first is None else ast.IfExp(chosen, x, first)

        made = Of(tuple(operands), tuple(maps), make, value.dims, dtype)
        total = self.reduced(statement, made, constants(statement.args[1]), symbol, dtype)
        self.give(statement, total if begin is None else self.begun(total, begin, symbol, dtype))

    def begun(self, total: Any, begin: Number, symbol: str, dtype: np.dtype[Any]) -> Any:
        """With the number that it begins with."""
        first = self.cast(begin, dtype.type)

        def make(x: Node) -> Node:
            return call(WAYS[symbol], x, first) if symbol in WAYS else binary(x, symbol, first)

        if isinstance(total, Number):
            return Number(make(total.node), total.kind)
        return Of((total,), (whole(len(total.dims)),), make, total.dims, dtype)

    # Running sums and products

    def form_cumsum(self, statement: Assign) -> None:
        self.running(statement, "+")

    def form_cumprod(self, statement: Assign) -> None:
        self.running(statement, "*")

    def running(self, statement: Assign, symbol: str) -> None:
        value, axis = self.lazy(statement.args[0]), constants(statement.args[1])
        dtype = self.dtype_of(statement)
        if value.dtype.kind == "c" and dtype.kind != "c":
            raise CannotBeNative("complex numbers are made real", self.where)
        value = self.in_a_row(value, statement) if axis is None else value
        axis = (axis or 0) % len(value.dims)
        self.scanned(statement, value, axis, symbol, dtype, False, False)

    def scanned(self, statement: Assign, value: Lazy, axis: int, symbol: str, dtype: Any, reverse: bool, exclusive: bool) -> None:
        """Each element with those before it along an axis, or with those after it; without itself where that is exclusive."""
        (target,) = statement.targets
        rank = len(value.dims)
        memory = self.allocate(self.hint(target), value.dims, dtype, target in self.escaping)
        label, begin = self.fresh("running"), ast.unparse(self.beginning(symbol, memory.dtype))
        order = [*(k for k in range(rank) if k != axis), axis]
        backwards: tuple[Any, ...] = (-1, *self.offset(value.dims[axis] - 1)) if reverse else ()
        turned = tuple(Along(order.index(k), *(backwards if k == axis else ())) for k in range(rank))
        source, dims = shown(value, turned, tuple(value.dims[k] for k in order)), tuple(value.dims[k] for k in order)

        def write(step: NestStep, places: Places) -> None:
            index = tuple(a.at(places) for a in turned)
            if rank > 1:
                step.lines += [f"if {ast.unparse(places[-1].node())} == 0:", [f"{label} = {begin}"]]  # type: ignore[list-item]
            if exclusive:
                step.put(item, index, name(label))
            step.lines.append(f"{label} {symbol}= {ast.unparse(step.element(source, places))}")
            if not exclusive:
                step.put(item, index, name(label))

        item = Item(source, write, "store", memory, turned, label, (f"{label} = {begin}",), location=statement.location,
                    phase=statement.phase)  # fmt: skip
        self.flush()
        self.add(item, dims)
        self.flush()
        self.bind(statement, View(memory))

    def form_exclusive_cumprod(self, statement: Assign) -> None:
        value, axis, reverse = self.lazy(statement.args[0]), self.plain(statement.args[1]), self.plain(statement.args[2])
        self.scanned(statement, value, axis % len(value.dims), "*", value.dtype, bool(reverse), True)

    def form_exclusive_scan(self, statement: Assign) -> None:
        """`s[i + 1] = v[i] + c[i] * s[i]` along an axis."""
        factors, terms = self.lazy(statement.args[0]), self.lazy(statement.args[1])
        axis, reverse = self.plain(statement.args[2]), self.plain(statement.args[3])
        rank = len(terms.dims)
        if len(factors.dims) != rank or not all(map(same, factors.dims, terms.dims)):
            raise CannotBeNative("a scan of arrays that are broadcast has no native form", self.where)
        axis %= rank
        dtype = self.dtype_of(statement)
        memory = self.allocate(self.hint(statement.targets[0]), terms.dims, dtype, True)
        order = [*(k for k in range(rank) if k != axis), axis]
        backwards: tuple[Any, ...] = (-1, *self.offset(terms.dims[axis] - 1)) if reverse else ()
        turned = tuple(Along(order.index(k), *(backwards if k == axis else ())) for k in range(rank))
        dims = tuple(terms.dims[k] for k in order)
        pair, label = [shown(v, turned, dims) for v in (factors, terms)], self.fresh("running")

        def write(step: NestStep, places: Places) -> None:
            if rank > 1:
                step.lines += [f"if {ast.unparse(places[-1].node())} == 0:", [f"{label} = 0.0"]]  # type: ignore[list-item]
            step.put(item, tuple(a.at(places) for a in turned), name(label))
            c, v = (ast.unparse(step.element(p, places)) for p in pair)
            step.lines.append(f"{label} = ({v}) + ({c}) * {label}")

        item = Item(pair[0], write, "store", memory, turned, label, (f"{label} = 0.0",), location=statement.location,
                    phase=statement.phase, extra=(pair[1],))  # fmt: skip
        self.flush()
        self.add(item, dims)
        self.flush()
        self.bind(statement, View(memory))

    # Shares of extremes

    def shares(self, statement: Assign, chosen: Lazy, axis: Any, others: Any) -> tuple[Lazy, Map]:
        """Among how many something is shared, and how that lies along the axes of what is chosen."""
        rank = len(chosen.dims)
        ones = Of((chosen,), (whole(rank),), lambda x: ast.IfExp(x, const(1), const(0)), chosen.dims, np.dtype(np.int64))
        count = self.reduced(statement, ones, axis, "+", np.dtype(np.int64))
        more = self.lazy(others)
        kept = [k for k in range(rank) if k not in self.axes(axis, rank)]
        alone = isinstance(more, Filled) and getattr(more.value, "value", None) == 0

        def most(x: Node, y: Node | None = None) -> Node:
            return call("max", x if alone or y is None else binary(x, "+", ast.IfExp(y, const(1), const(0))), const(1))

        if isinstance(count, Number):
            if not isinstance(more, Filled):
                raise CannotBeNative("an extreme that is shared with where it began has no native form", self.where)
            self.flush()
            return as_lazy(self.named(Number(most(count.node, more.value), int))), ()
        spread = tuple(Along(kept.index(k)) if k in kept else Along(None, 0) for k in range(rank))
        there = spread if len(more.dims) == rank else self.spread(more, count.dims)
        counted = Of((count, more), (whole(len(kept)), there), most, count.dims, np.dtype(np.int64))
        return counted, tuple(map(Along, kept))

    def chosen_of(self, statement: Assign) -> Lazy:
        found = self.take(statement.args[0])
        if not isinstance(found, Lazy):
            raise CannotBeNative("a number is chosen", self.where)
        return found.stored or found

    def number_where(self, statement: Assign) -> None:
        """A number that nobody shares, or 0."""
        chosen, value = self.number(statement.args[0]), self.number(statement.args[1])
        zero = self.literal(self.dtype_of(statement).type(0))
        if not isinstance(statement.args[3], Const) or statement.args[3].value != 0:
            raise CannotBeNative("an extreme that is shared with where it began has no native form", self.where)
        self.define(statement.targets[0], ast.IfExp(chosen.node, value.node, zero))

    def form_shared_where(self, statement: Assign) -> None:
        if isinstance(statement.args[0], Var) and not isinstance(statement.args[0].type, ArrayType):
            return self.number_where(statement)
        chosen, found, axis = self.chosen_of(statement), self.take(statement.args[1]), constants(statement.args[2])
        dims, rank = chosen.dims, len(chosen.dims)
        count, by = self.shares(statement, chosen, axis, statement.args[3])
        value = as_lazy(self.named(found)) if isinstance(found, Number) else found.stored or found
        kept = [k for k in range(rank) if k not in self.axes(axis, rank)]
        as_kept = axis is not None and len(value.dims) not in (0, rank)
        spread = tuple(map(Along, kept)) if as_kept else self.spread(value, dims)
        zero = self.literal(self.dtype_of(statement).type(0))

        def make(c: Node, among: Node, test: Node) -> Node:
            return ast.IfExp(test, binary(c, "/", among), zero)

        self.bind(statement, self.in_dtype(Of((value, count, chosen), (spread, by, whole(rank)), make, dims, self.dtype_of(statement), 4)))

    def in_dtype(self, value: Of) -> Of:
        """Numbers of a narrower kind are made so."""
        if value.dtype.itemsize < 8:
            inner = value.make
            value.make = lambda *nodes: call(self.dtype(value.dtype), inner(*nodes))
        return value

    def form_mean_where(self, statement: Assign) -> None:
        chosen, found, axis = self.chosen_of(statement), self.take(statement.args[1]), constants(statement.args[2])
        dims, rank = chosen.dims, len(chosen.dims)
        self.take(statement.args[3])
        count, _ = self.shares(statement, chosen, axis, statement.args[4])
        value = as_lazy(self.named(found)) if isinstance(found, Number) else found.stored or found
        dtype = self.dtype_of(statement)
        zero = self.literal(dtype.type(0))
        made = Of((value, chosen), (self.spread(value, dims), whole(rank)), lambda v, test: ast.IfExp(test, v, zero), dims, dtype)
        total = self.reduced(statement, made, axis, "+", dtype)
        if isinstance(total, Number):
            self.flush()
            return self.give(statement, Number(self.cast(Number(binary(total.node, "/", count.value), float), dtype.type), dtype.type))  # type: ignore[attr-defined]
        maps = whole(len(total.dims)), whole(len(total.dims))
        self.give(statement, self.in_dtype(Of((total, count), maps, lambda t, n: binary(t, "/", n), total.dims, dtype)))

    # Places of extremes

    def form_argmax(self, statement: Assign) -> None:
        self.extreme_place(statement, ">")

    def form_argmin(self, statement: Assign) -> None:
        self.extreme_place(statement, "<")

    def extreme_place(self, statement: Assign, symbol: str) -> None:
        """Where the first of the largest or smallest elements lies; the first NaN, if there is one."""
        value, axis = self.lazy(statement.args[0]), constants(statement.args[1])
        if not is_left_out(statement.args[2]) and self.plain(statement.args[2]) is not False:
            raise CannotBeNative("places of extremes with keepdims= have no native form", self.where)
        if value.dtype.kind not in "fi":
            raise CannotBeNative("the place of an extreme of other than real numbers has no native form", self.where)
        rank = len(value.dims)
        axis = None if axis is None else axis % rank
        self.leave_where_empty([n for k, n in enumerate(value.dims) if axis in (None, k)])
        order = list(range(rank)) if axis is None else [*(k for k in range(rank) if k != axis), axis]
        map_ = tuple(Along(order.index(k)) for k in range(rank))
        source = shown(value, map_, tuple(value.dims[k] for k in order))
        best, at = self.fresh("best"), self.fresh("place")
        kept = () if axis is None else source.dims[:-1]
        out = self.allocate(self.hint(statement.targets[0]), kept, np.int64, True) if kept else None

        def write(step: NestStep, places: Places) -> None:
            inner = places if axis is None else places[-1:]
            where = self.counted_place(inner, source.dims if axis is None else source.dims[-1:])
            element = ast.unparse(step.named(step.element(source, places), value.hint))
            first = " and ".join(f"{ast.unparse(p.node())} == 0" for p in inner)
            step.lines += [f"if {first} or {element} {symbol} {best} or ({element} != {element} and {best} == {best}):",
                           [f"{best} = {element}", f"{at} = {ast.unparse(where)}"]]  # type: ignore[list-item]  # fmt: skip
            if out is not None:
                step.lines.append(f"{out.label}[{', '.join(ast.unparse(p.node()) for p in places[:-1])}] = {at}")

        zero = ast.unparse(self.literal(value.dtype.type(0)))
        self.flush()
        self.add(Item(source, write, "fold", out, (), at, (f"{best} = {zero}", f"{at} = 0"), location=statement.location,
                      phase=statement.phase), source.dims)  # fmt: skip
        self.flush()
        if out is not None:
            return self.bind(statement, View(out))
        self.env[statement.targets[0]] = Number(name(at), np.int64)
        if statement.targets[0].size is not None:
            self.learn_number(statement.targets[0].size, at)


def is_left_out(operand: Any) -> bool:
    return isinstance(operand, Const) and (operand.value is None or operand.value is np._NoValue)
