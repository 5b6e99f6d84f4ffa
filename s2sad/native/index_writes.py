"""Writes with arrays of indices and masks, in the order of the index, and what is read and written along an axis."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

from s2sad.errors import CannotBeNative
from s2sad.ir.program import ArrayType, Assign
from s2sad.native.index_forms import ANYWHERE, Chosen, Indexed, is_advanced
from s2sad.native.indices import is_one
from s2sad.native.lazy import By, Lazy, Of, View
from s2sad.native.nests import Item, NestStep, reads_of
from s2sad.native.numbers import as_lazy
from s2sad.native.places import Along, Node, Places, binary, compared, const, parsed, whole
from s2sad.native.writer import Number
from s2sad.types.sizes import Whole, same


class IndexWrites(Indexed):
    """The part that writes to where arrays of indices and masks say."""

    def form_written(self, statement: Assign) -> None:
        array, index, value = statement.args
        if not is_advanced(index):
            return super().form_written(statement)
        base = self.writable(array, statement)
        places = self.take(index)
        found = self.take(value)
        source = as_lazy(self.named(found)) if isinstance(found, Number) else found.stored or found
        if isinstance(source, Lazy) and self.is_mask(places, base) and not source.dims:
            self.where_written(statement, base, self.listed(places), source)
        else:
            self.written_at(statement, base, places, source, statement.primitive.writes or "=")
        self.env[statement.targets[0]] = base

    form_written_at = form_written

    def is_mask(self, index: Any, base: View) -> bool:
        """Whether an index is one mask of the shape of an array."""
        mask = isinstance(index, Lazy) and index.dtype.kind == "b" and len(index.dims) == len(base.dims)
        return mask and all(map(same, index.dims, base.dims))

    def where_written(self, statement: Assign, base: View, mask: Lazy, value: Lazy) -> None:
        """Write a number wherever a mask holds."""
        symbol = (statement.primitive.writes or "=").replace("at", "+=")
        node = self.converted_to(value.value, value.dtype, base.dtype)  # type: ignore[attr-defined]
        view, rank = View(base.memory), len(base.dims)

        def make(m: Node, old: Node) -> Node:
            new = node if symbol == "=" else ast.BinOp(old, ast.Add() if symbol == "+=" else ast.Sub(), node)
            return ast.IfExp(m, new, old)

        made = Of((mask, view), (whole(rank), whole(rank)), make, base.dims, base.dtype)
        made.named = tuple(n.id for n in ast.walk(node) if isinstance(n, ast.Name))
        self.before_write(base.memory, statement)
        self.item(statement, base, whole(rank), base.dims, made, "=")

    def converted_to(self, node: Node, own: Any, dtype: np.dtype[Any]) -> Node:
        if own == dtype or (np.can_cast(own, dtype, "safe") and dtype in (np.float64, np.complex128)):
            return node
        if np.dtype(own).kind == "c" or (np.dtype(own).kind == "f" and dtype.kind in "iub"):
            raise CannotBeNative("numbers are written into an array of a narrower kind", self.where)
        return ast.Call(parsed(self.dtype(dtype)), [node], [])

    def written_at(self, statement: Assign, base: View, index: Any, source: Lazy, writes: str) -> None:
        """Write to the places that an index names, in its order; `+=` adds to what was there before, `at` to what is there."""
        kind = ArrayType(source.dtype, source.dims)
        chosen = self.chosen(base.dims, index, kind)
        if writes in ("+=", "-="):
            old, operator = self.picked(base, chosen), ast.Add() if writes == "+=" else ast.Sub()
            maps = whole(len(chosen.dims)), self.spread(source, chosen.dims)
            dtype = np.result_type(old.dtype, source.dtype)
            source = Of((old, source), maps, lambda a, b: ast.BinOp(a, operator, b), chosen.dims, dtype)
        if any(not m.roots.isdisjoint(base.memory.roots) for m, _ in reads_of(source)):
            early = View(self.allocate(source.hint or base.memory.label, source.dims, source.dtype, False))
            self.add(self.storing(source, early), source.dims)
            source = early
        self.before_write(base.memory, statement)
        self.put_at(statement, base, chosen, source, "+=" if writes == "at" else "=")

    def put_at(self, statement: Assign, base: View, chosen: Chosen, source: Lazy, symbol: str) -> None:
        """Write elements one by one to where an index says."""
        spread = self.spread(source, chosen.dims) if len(source.dims) <= len(chosen.dims) else self.narrowed(source, chosen.dims)
        map_, sizes = tuple(ANYWHERE for _ in base.dims), self.wrapping(base)

        def write(step: NestStep, places: Places) -> None:
            node = step.element(source, tuple(a.at(places) for a in spread))
            where = chosen.places(step, places, sizes)
            step.put(item, where, self.converted_to(node, source.dtype, base.dtype), symbol)

        item = Item(source, write, "add" if symbol == "+=" else "store", base.memory, map_, extra=chosen.read,
                    location=statement.location, phase=statement.phase)  # fmt: skip
        self.flush_for(base.memory, written=True)
        self.add(item, chosen.dims)
        self.flush()

    # Scattering

    def form_scatter(self, statement: Assign) -> None:
        index = statement.args[1]
        if not is_advanced(index):
            return super().form_scatter(statement)
        self.scattered(statement, "+=")

    def form_scatter_last(self, statement: Assign) -> None:
        self.scattered(statement, "=")

    def scattered(self, statement: Assign, symbol: str) -> None:
        v, index, shape = statement.args
        (target,) = statement.targets
        self.take(shape)
        places, found = self.take(index), self.take(v)
        source = as_lazy(self.named(found)) if isinstance(found, Number) else found.stored or found
        base = View(self.allocate(self.hint(target), self.dims(target), target.type.dtype, True, "zeros"))  # type: ignore[union-attr]
        chosen = self.chosen(base.dims, places, ArrayType(source.dtype, source.dims))
        self.put_at(statement, base, chosen, source, symbol)
        self.bind(statement, base)

    def form_last_written(self, statement: Assign) -> None:
        """The elements that an index names, and 0 for those that a later entry of the index names again."""
        base = self.lazy(statement.args[0])
        index = statement.args[1]
        chosen = self.chosen(base.dims, self.take(index), statement.targets[0].type)
        holder = View(self.allocate("last", base.dims, np.int64, False))
        number = By(lambda _, places: self.counted_place(places, chosen.dims), chosen.dims, np.dtype(np.int64))
        self.put_at(statement, holder, chosen, number, "=")
        sizes, plain = self.wrapping(base), self.wrapping(holder)
        zero = self.literal(base.dtype.type(0))

        def make(step: Any, places: Places) -> Node:
            last = step.element(holder, chosen.places(step, places, plain))
            one = self.counted_place(places, chosen.dims)
            return ast.IfExp(compared(last, "==", one), step.element(base, chosen.places(step, places, sizes)), zero)

        self.bind(statement, By(make, chosen.dims, base.dtype, 4, (base, holder, *chosen.read)))

    def counted_place(self, places: Places, dims: tuple[Whole, ...]) -> Node:
        """Which element a place is, in the order of C."""
        found = const(0)
        for place, size in zip(places, dims, strict=True):
            rows = binary(found, "*", parsed(self.size(size)))
            found = place.node() if getattr(found, "value", None) == 0 else binary(rows, "+", place.node())
        return found

    # Along axes

    def form_take(self, statement: Assign) -> None:
        """Elements along an axis, or of the array laid out in one."""
        base = self.lazy(statement.args[0])
        indices = self.take(statement.args[1])
        axis, mode = self.plain(statement.args[2]), self.plain(statement.args[3])
        if mode != "raise" or (axis is None and len(base.dims) != 1):
            raise CannotBeNative("this form of np.take has no native form", self.where)
        axis = (axis or 0) % len(base.dims)
        index = (*[slice(None)] * axis, indices)
        if isinstance(indices, Number):
            map_, dims = self.placed(base.dims, index)
            assert map_ is not None
            if not dims:
                view = self.materialised(base, "", False)
                self.flush_for(view.memory)
                part = View(view.memory, tuple(a.through(map_) for a in view.map), ())
                return self.define(statement.targets[0], part.at(None, ()), reads_memory=True)  # type: ignore[arg-type]
            return self.bind(statement, Of((base,), (map_,), lambda x: x, self.dims(statement.targets[0]), base.dtype, 0))
        self.bind(statement, self.picked(base, self.chosen(base.dims, index, statement.targets[0].type)))

    def along(self, base: tuple[Whole, ...], indices: Any, axis: int) -> Chosen:
        """The places that an array of indices along an axis names, beside the others."""
        if not isinstance(indices, Lazy) or indices.dtype.kind == "b":
            raise CannotBeNative("indices along an axis are an array of whole numbers", self.where)
        rank = len(base)
        axis %= rank
        dims = tuple(n if k == axis or not is_one(n) else base[k] for k, n in enumerate(indices.dims))
        if not all(k == axis or same(n, base[k]) or is_one(base[k]) for k, n in enumerate(dims)):
            raise CannotBeNative("only the run knows whether indices and an array go together", self.where)
        self.ask_inside(indices, base[axis])
        spread = tuple(Along(None, 0) if is_one(n) and not is_one(dims[k]) else Along(k) for k, n in enumerate(indices.dims))
        axes: list[Any] = [Along(None, 0) if is_one(base[k]) and not is_one(n) else Along(k) for k, n in enumerate(dims)]
        axes[axis] = (indices, spread)
        return Chosen(axes, dims)

    def form_take_along_axis(self, statement: Assign) -> None:
        base, indices = self.lazy(statement.args[0]), self.take(statement.args[1])
        axis = self.plain(statement.args[2])
        if axis is None and len(base.dims) != 1:
            raise CannotBeNative("np.take_along_axis with axis=None has no native form", self.where)
        self.bind(statement, self.picked(base, self.along(base.dims, indices, axis or 0)))

    def form_scatter_along_axis(self, statement: Assign) -> None:
        v, indices, axis, shape = statement.args
        source, indices_ = self.lazy(v), self.take(indices)
        self.take(shape)
        (target,) = statement.targets
        base = View(self.allocate(self.hint(target), self.dims(target), target.type.dtype, True, "zeros"))  # type: ignore[union-attr]
        if self.plain(axis) is None and len(base.dims) != 1:
            raise CannotBeNative("np.take_along_axis with axis=None has no native form", self.where)
        self.put_at(statement, base, self.along(base.dims, indices_, self.plain(axis) or 0), source, "+=")
        self.bind(statement, base)
