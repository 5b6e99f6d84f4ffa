"""Sums and products in more forms: running ones, shares of extremes, spreads, norms, places of extremes, and sums over named axes."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from s2sad.errors import CannotBeNative
from s2sad.ir.program import ArrayType, Assign, Const
from s2sad.native.joining import Joining
from s2sad.native.lazy import Lazy, Memory, Of, View, shown
from s2sad.native.nests import Item, NestStep
from s2sad.native.numbers import as_lazy, kind_of
from s2sad.native.places import Along, Map, Node, Places, binary, call, const, name, parsed, whole
from s2sad.native.shapes import constants
from s2sad.native.writer import Number
from s2sad.types.sizes import product, same

NEUTRAL = {"+": 0, "*": 1, "or": False, "and": True}


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
            way = {"max": "support.larger", "min": "support.smaller"}.get(symbol)
            return call(way, x, first) if way else binary(x, symbol, first)

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

    # Orders

    def form_argsort(self, statement: Assign) -> None:
        self.in_rows(statement, "support.argsorted")

    def form_sort(self, statement: Assign) -> None:
        self.in_rows(statement, "support.sorted_rows")

    def in_rows(self, statement: Assign, function: str) -> None:
        """A function of rows, called with rows along an axis; it gives no rows where the code in Python is to answer."""
        value, axis = self.lazy(statement.args[0]), self.plain(statement.args[1])
        rank = len(value.dims)
        if rank > 2 or axis is None or value.dtype.kind not in "fi" or not all(map(is_left_out, statement.args[2:])):
            raise CannotBeNative(f"this form of {statement.primitive.name} has no native form", self.where)
        self.of_rows(statement, value, axis % rank, function)

    def of_rows(self, statement: Assign, value: Lazy, axis: int, function: str) -> None:
        rank = len(value.dims)
        if rank == 1:
            rows = shown(value, (Along(1),), (1, *value.dims))
        else:
            rows = value if axis == 1 else shown(value, (Along(1), Along(0)), value.dims[::-1])
        copy = View(self.allocate("rows", rows.dims, rows.dtype, False))
        self.add(self.storing(shown(rows, whole(2), rows.dims), copy), rows.dims)
        label = self.by_call(statement, function, [copy])
        self.leave_if(parsed(f"{label}.shape[0] != {self.size(rows.dims[0])}"))
        memory = Memory(label, self.dtype_of(statement), rows.dims)
        back = (Along(None, 0), Along(0)) if rank == 1 else whole(2) if axis == 1 else (Along(1), Along(0))
        self.bind(statement, View(memory, back, value.dims))

    def form_product_of_others(self, statement: Assign) -> None:
        """Of rows along an axis, or of all elements as one."""
        value, axis = self.lazy(statement.args[0]), constants(statement.args[1])
        rank = len(value.dims)
        axis = axis[0] if isinstance(axis, tuple) and len(axis) == 1 else axis
        if value.dtype != np.float64 or isinstance(axis, tuple) or (axis is not None and rank > 2):
            raise CannotBeNative("products of other elements along several axes have no native form", self.where)
        if axis is not None and rank > 1:
            return self.of_rows(statement, value, axis % rank, "support.products_of_others")
        rows = self.reshaped(value, (1, product(value.dims)), statement.targets[0])
        label = self.by_call(statement, "support.products_of_others", [rows])
        found = View(Memory(label, value.dtype, rows.dims))
        self.bind(statement, self.reshaped(found, value.dims, statement.targets[0]))

    def given_memory(self, label: str, statement: Assign) -> Any:
        return Memory(label, self.dtype_of(statement), self.dims(statement.targets[0]))

    def by_call(self, statement: Assign, function: str, given: list[Lazy]) -> str:
        """A function of whole arrays, called; the name of what it gives."""
        texts = [self.matrix(g, "operand")[0] for g in given]
        self.flush()
        label = self.fresh(self.hint(statement.targets[0]) or function.rpartition(".")[2])
        self.said(f"{label} = {function}({', '.join(texts)})")
        return label

    # Shares of extremes

    def shares(self, statement: Assign, chosen: Lazy, axis: Any, others: Any) -> tuple[Lazy, Map]:
        """Among how many something is shared, and how that lies along the axes of what is chosen."""
        rank = len(chosen.dims)
        ones = Of((chosen,), (whole(rank),), lambda x: ast.IfExp(x, const(1), const(0)), chosen.dims, np.dtype(np.int64))
        count = self.reduced(statement, ones, axis, "+", np.dtype(np.int64))
        more = self.take(others)
        if not isinstance(more, Number) or getattr(more.node, "value", None) != 0:
            raise CannotBeNative("an extreme that is shared with where it began has no native form", self.where)
        if isinstance(count, Number):
            self.flush()
            return as_lazy(self.named(Number(call("max", count.node, const(1)), int))), ()
        kept = [k for k in range(rank) if k not in self.axes(axis, rank)]
        most = Of((count,), (whole(len(kept)),), lambda x: call("max", x, const(1)), count.dims, np.dtype(np.int64))
        return most, tuple(map(Along, kept))

    def chosen_of(self, statement: Assign) -> Lazy:
        found = self.take(statement.args[0])
        if not isinstance(found, Lazy):
            raise CannotBeNative("a number is chosen", self.where)
        return found.stored or found

    def form_shared_where(self, statement: Assign) -> None:
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

    # Spreads and norms

    def divided(self, total: Any, length: str, dtype: np.dtype[Any], outer: str = "") -> Any:
        """A sum by a number, and a function of that."""

        def make(x: Node) -> Node:
            x = binary(x, "/", parsed(length)) if length else x
            x = call(outer, x) if outer else x
            return x if dtype.itemsize >= 8 else call(self.dtype(dtype), x)

        if isinstance(total, Number):
            return Number(make(total.node), dtype.type)
        return Of((total,), (whole(len(total.dims)),), make, total.dims, dtype, 12 if outer else 3)

    def form_var(self, statement: Assign, outer: str = "") -> None:
        self.plainly(statement, ("dtype", "where"))
        value, axis, dtype = self.lazy(statement.args[0]), constants(statement.args[1]), self.dtype_of(statement)
        ddof = self.plain(self.named_args(statement)["ddof"])
        rank = len(value.dims)
        if value.dtype.kind not in "fi" or dtype.itemsize < 8 or not isinstance(ddof, int):
            raise CannotBeNative(f"{statement.primitive.name} of other numbers than of 64 bits has no native form", self.where)
        axes = self.axes(axis, rank)
        length = self.size(product(value.dims[a] for a in axes))
        self.leave_if(parsed(f"{length} <= {max(ddof, 0)}"))
        mean = self.divided(self.reduced(statement, value, axis, "+", dtype), length, dtype)
        if isinstance(mean, Number):
            self.flush()
            mean = as_lazy(self.named(mean, "mean"))
        kept = tuple(Along(k) for k in range(rank) if k not in axes) if mean.dims else ()

        def squared(x: Node, m: Node) -> Node:
            return ast.BinOp(binary(x, "-", m), ast.Pow(), const(2))

        squares = Of((value, mean), (whole(rank), kept), squared, value.dims, dtype)
        total = self.reduced(statement, squares, axis, "+", dtype)
        self.give(statement, self.divided(total, f"({length} - {ddof})", dtype, outer))

    def form_std(self, statement: Assign) -> None:
        self.form_var(statement, "np.sqrt")

    def form_norm(self, statement: Assign) -> None:
        value, order, axis = self.lazy(statement.args[0]), self.plain(statement.args[1]), constants(statement.args[2])
        rank, dtype = len(value.dims), self.dtype_of(statement)
        axes = self.axes(axis, rank)
        if value.dtype.kind not in "fi" or dtype.itemsize < 8:
            raise CannotBeNative("np.linalg.norm of other numbers than of 64 bits has no native form", self.where)
        euclid = order is None or (order in ("fro", "f") and len(axes) == 2) or (order == 2 and len(axes) == 1)
        if euclid:
            made = Of((value,), (whole(rank),), lambda x: ast.BinOp(x, ast.Pow(), const(2)), value.dims, dtype)
            return self.give(statement, self.divided(self.reduced(statement, made, axis, "+", dtype), "", dtype, "np.sqrt"))
        symbols = {1: "+", np.inf: "max", -np.inf: "min"}
        if len(axes) != 1 or order not in symbols:
            raise CannotBeNative("this form of np.linalg.norm has no native form", self.where)
        made = Of((value,), (whole(rank),), lambda x: call("abs", x), value.dims, dtype)
        self.give(statement, self.reduced(statement, made, axis, symbols[order], dtype))

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
