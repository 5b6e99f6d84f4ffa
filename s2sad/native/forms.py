"""New arrays, other shapes, sizes and conversions."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

from s2sad.errors import CannotBeNative
from s2sad.ir.program import ArrayType, Assign, Const, Var
from s2sad.native.indices import whole_number
from s2sad.native.lazy import By, Filled, Lazy, Of, View, shown
from s2sad.native.numbers import kind_of
from s2sad.native.places import Node, Places, binary, call, compared, const, parsed, whole
from s2sad.native.shapes import Shapes, rows
from s2sad.native.writer import Number
from s2sad.types.sizes import Size, Whole


class Forms(Shapes):
    """The part that writes what makes arrays and gives them other shapes."""

    # The same again

    def form_copied(self, statement: Assign) -> None:
        found = self.take(statement.args[0])
        if isinstance(found, Number):
            return self.define(statement.targets[0], found.node)
        self.bind(statement, self.copied(statement, found.stored or found))

    def copied(self, statement: Assign, found: Lazy) -> Lazy:
        (target,) = statement.targets
        if not isinstance(found, View):
            return shown(found, whole(len(found.dims)), found.dims)
        copy = View(self.allocate(self.hint(target), found.dims, found.dtype, target in self.escaping))
        self.add(self.storing(shown(found, whole(len(found.dims)), found.dims), copy), found.dims)
        return copy

    def form_array(self, statement: Assign) -> None:
        found = self.take(statement.args[0])
        (target,) = statement.targets
        if isinstance(found, Lazy):
            return self.bind(statement, self.as_dtype(self.copied(statement, found.stored or found), target))
        if isinstance(found, Number) and not self.rank(target):
            return self.define(target, self.cast(found, kind_of(target.type)))
        items = rows(found)
        dims = self.dims(target)
        if items is None or len(dims) > 2 or any(isinstance(n, Size) for n in dims):
            raise CannotBeNative("an array is made of something other than numbers and rows of numbers", self.where)
        memory = self.allocate(self.hint(target), dims, target.type.dtype, target in self.escaping)  # type: ignore[union-attr]
        for index, item in items:
            if not isinstance(item, Number):
                raise CannotBeNative("an array is made of something other than numbers and rows of numbers", self.where)
            self.said(f"{memory.label}[{', '.join(map(str, index))}] = {ast.unparse(self.cast(item, memory.dtype.type))}")
        self.bind(statement, View(memory))

    def as_dtype(self, value: Lazy, target: Var) -> Lazy:
        assert isinstance(target.type, ArrayType)
        dtype = target.type.dtype
        if value.dtype == dtype:
            return value
        if value.dtype.kind == "c":
            raise CannotBeNative("complex numbers are made real", self.where)
        return Of((value,), (whole(len(value.dims)),), lambda x: call(self.dtype(dtype), x), value.dims, dtype)

    # New arrays

    def filled(self, statement: Assign, value: Any) -> None:
        (target,) = statement.targets
        for number, argument in enumerate(statement.args):
            found = self.take(argument)
            if not number:
                self.learn_asked(self.dims(target), found)
        assert isinstance(target.type, ArrayType)
        dtype = target.type.dtype
        node = self.literal(dtype.type(value).item())
        self.bind(
            statement, Filled(node if dtype.itemsize == 8 or dtype.kind == "b" else call(self.dtype(dtype), node), self.dims(target), dtype)
        )

    def learn_asked(self, dims: tuple[Whole, ...], asked: Any) -> None:
        """The sizes that are asked for: those that nothing else tells are the numbers given."""
        items = asked if isinstance(asked, (tuple, list)) else [asked]
        for size, item in zip(dims, items, strict=False):
            if isinstance(item, Number) and not self.is_told(size):
                self.learn_number(size, ast.unparse(self.named(item).node))
                if item.at_least is not None and isinstance(size, Size) and size.symbol is not None:
                    self.at_least[size.symbol] = item.at_least

    def form_zeros(self, statement: Assign) -> None:
        self.filled(statement, 0)

    def form_ones(self, statement: Assign) -> None:
        self.filled(statement, 1)

    form_zeros_like, form_ones_like = form_zeros, form_ones

    def form_empty(self, statement: Assign) -> None:
        (target,) = statement.targets
        self.form_zeros(statement)
        assert isinstance(target.type, ArrayType)
        self.bind(statement, View(self.allocate(self.hint(target), self.dims(target), target.type.dtype, target in self.escaping)))

    form_empty_like = form_empty

    def form_full(self, statement: Assign) -> None:
        (target,) = statement.targets
        assert isinstance(target.type, ArrayType)
        value = self.take(statement.args[1])
        for argument in (statement.args[0], *statement.args[2:]):
            self.take(argument)
        if isinstance(value, Number):
            node = self.named(Number(self.cast(value, target.type.dtype.type), target.type.dtype.type)).node
            return self.bind(statement, Filled(node, self.dims(target), target.type.dtype))
        value = self.as_dtype(value.stored or value, target)
        self.bind(statement, shown(value, self.spread(value, self.dims(target)), self.dims(target)))

    form_full_like = form_full

    def places_say(self, statement: Assign, make: Any) -> None:
        (target,) = statement.targets
        for argument in statement.args:
            self.take(argument)
        assert isinstance(target.type, ArrayType)
        dtype = target.type.dtype

        def cast(node: Node) -> Node:
            return node if dtype.itemsize == 8 else call(self.dtype(dtype), node)

        self.bind(statement, By(lambda step, places: cast(make(places)), self.dims(target), dtype))

    def form_eye(self, statement: Assign) -> None:
        k = statement.args[2]
        if not isinstance(k, Const):
            raise CannotBeNative("only the run knows which diagonal is meant", self.where)
        one, zero = (const(1.0), const(0.0)) if np.dtype(statement.targets[0].type.dtype).kind == "f" else (const(1), const(0))  # type: ignore[union-attr]
        self.places_say(statement, lambda p: ast.IfExp(compared(p[1].node(), "==", p[0].after(1, k.value).node()), one, zero))

    def form_identity(self, statement: Assign) -> None:
        self.places_say(statement, lambda p: ast.IfExp(compared(p[1].node(), "==", p[0].node()), const(1.0), const(0.0)))

    def form_arange(self, statement: Assign) -> None:
        start, stop, step = (self.take(a) for a in statement.args[:3])
        (target,) = statement.targets
        assert isinstance(target.type, ArrayType)
        if stop is None:
            start, stop = Number(const(0), int), start
        parts = [self.named(p) for p in (start, step)]
        if not all(isinstance(p, Number) and p.kind in (int, float) for p in parts):
            raise CannotBeNative("a range of other numbers than Python's is made", self.where)

        def make(_: Any, places: Places) -> Node:
            begin, each = (p.node for p in parts)
            if target.type.dtype.kind == "f":  # type: ignore[union-attr]
                first, further = ast.unparse(begin), ast.unparse(each)
                return parsed(f"{first} + {ast.unparse(places[0].node())} * ({first} + {further} - {first})")
            known = whole_number(parts[0]), whole_number(parts[1])
            if known[1] == 1 and known[0] is not None:
                return places[0].after(1, known[0]).node()
            return binary(begin, "+", binary(places[0].node(), "*", each))

        value = By(make, self.dims(target), target.type.dtype)
        value.named = tuple(n.id for p in parts for n in ast.walk(p.node) if isinstance(n, ast.Name))
        self.bind(statement, value)

    def form_scatter(self, statement: Assign) -> None:
        """Zeros with a value added at an index."""
        v, index, shape = statement.args
        (target,) = statement.targets
        self.take(shape)
        index = self.take(index)
        dims = self.dims(target)
        memory = self.allocate(self.hint(target), dims, target.type.dtype, True, "zeros")  # type: ignore[union-attr]
        map_, part = self.placed(dims, index)
        if map_ is None:
            raise CannotBeNative("an array of indices is written with", self.where)
        base = View(memory)
        found = self.take(v)
        if isinstance(found, Number):
            if part:
                raise CannotBeNative("a number is scattered over a part", self.where)
            place = shown(base, map_, ()).at(None, ())  # type: ignore[arg-type]
            self.said(f"{ast.unparse(place)} = {ast.unparse(self.cast(found, memory.dtype.type))}")
        else:
            found = found.stored or found
            part = tuple(found.dims[k] if n == -1 else n for k, n in enumerate(part))
            self.item(statement, base, map_, part, found, "+=")
        self.env[target] = base
        base.hint = memory.label

    # Sizes

    def form_dim(self, statement: Assign) -> None:
        self.sized(statement)

    def sized(self, statement: Assign) -> None:
        """A whole number that types tell."""
        (target,) = statement.targets
        array, axis = statement.args
        found = self.take(array)
        size = target.size if target.size is not None else (found.dims[axis.value] if isinstance(found, Lazy) else None)  # type: ignore[union-attr]
        self.define_size(target, size)

    def define_size(self, target: Var, size: Any) -> None:
        if size is None:
            raise CannotBeNative("only the run knows this length", self.where)
        shown_ = self.size(size)
        if target in self.function.names and isinstance(size, Size) and not shown_.isidentifier():
            label = self.fresh(self.hint(target))
            self.said(f"{label} = {shown_}")
            shown_ = label
            if (symbol := size.symbol) is not None and not self.frames:
                self.sizes[symbol] = (label, 0)
        self.env[target] = Number(parsed(shown_), int)

    def form_shape(self, statement: Assign) -> None:
        array = statement.args[0]
        found = self.take(array)
        dims = found.dims if isinstance(found, Lazy) else ()
        self.env[statement.targets[0]] = Shape(Number(parsed(self.size(n)), int) if self.is_told(n) else None for n in dims)

    def form_count(self, statement: Assign) -> None:
        number = self.number(statement.args[0])
        self.define(statement.targets[0], call("max", number.node, const(0)))
        made = self.env[statement.targets[0]]
        self.env[statement.targets[0]] = Number(made.node, made.kind, made.size, number.size)

    def form_size(self, statement: Assign) -> None:
        (target,) = statement.targets
        found = self.take(statement.args[0])
        self.take(statement.args[1])
        size: Any = 1
        for n in found.dims:
            size = size * n
        self.define_size(target, size)

    def form_rank(self, statement: Assign) -> None:
        found = self.take(statement.args[0])
        self.env[statement.targets[0]] = Number(const(len(found.dims) if isinstance(found, Lazy) else 0), int)


class Shape(tuple[Any, ...]):
    """The sizes of an array, as numbers."""
