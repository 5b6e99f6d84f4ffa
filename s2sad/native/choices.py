"""Elements by functions that are more than an expression: bounds, choices among several, rounding, numbers made whole, parts of numbers."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad.errors import CannotBeNative
from s2sad.ir.program import ArrayType, Assign, Const, Var
from s2sad.native.indices import is_one
from s2sad.native.joining import several
from s2sad.native.lazy import Lazy, Of, View
from s2sad.native.numbers import PYTHON, converted, kind_of
from s2sad.native.places import Node, binary, call, const, whole
from s2sad.native.scalar_forms import ScalarForms
from s2sad.native.scans import is_left_out
from s2sad.native.writer import Number

Elements = Sequence[tuple[Node, Any]]
EXACT = 22  # places up to which a power of ten is a number of 64 bits


class Choices(ScalarForms):
    """The part that writes functions of elements whose parameters are read one by one."""

    def class_of(self, target: Var) -> Any:
        return target.type.dtype.type if isinstance(target.type, ArrayType) else kind_of(target.type)

    def each(self, statement: Assign, target: Var, given: Sequence[Any], make: Callable[[Elements], Node], own: int = 4) -> None:
        """Let a target be what `make` says of each element of what is given, or of numbers."""
        given = [self.array_of(g) if isinstance(g, (list, tuple)) else g for g in given]
        if not self.rank(target):
            numbers = [self.named(g) for g in given if isinstance(g, Number)]
            if len(numbers) != len(given):
                raise CannotBeNative("something other than a number is read here", self.where)
            return self.define(target, self.in_class(make([(n.node, n.kind) for n in numbers]), self.class_of(target)))
        lazies, kinds = zip(*(self.as_array(g) for g in given), strict=True)
        dims, dtype = self.dims(target), np.dtype(self.class_of(target))

        def element(*nodes: Node) -> Node:
            return self.in_class(make(list(zip(nodes, kinds, strict=True))), dtype.type)

        maps = tuple(self.spread(v, dims) for v in lazies)
        self.bind(replace(statement, targets=(target,)), Of(tuple(lazies), maps, element, dims, dtype, own))

    def in_class(self, node: Node, kind: Any) -> Node:
        """An expression as one of a class that is not as wide as the machine's numbers."""
        dtype = np.dtype(kind)
        return node if dtype.itemsize >= 8 or dtype.kind == "b" else call(self.dtype(dtype), node)

    # Bounds and choices

    def form_clip(self, statement: Assign) -> None:
        given = [None if is_left_out(a) else self.take(a) for a in statement.args]
        (target,) = statement.targets
        kind = self.class_of(target)
        if np.dtype(kind).kind not in "fib" or (np.dtype(kind).kind == "i" and np.dtype(kind).itemsize < 8):
            raise CannotBeNative(f"bounds of {np.dtype(kind)} have no native form", self.where)
        ways = [way for way, bound in (("support.larger", given[1]), ("support.smaller", given[2])) if bound is not None]

        def make(elements: Elements) -> Node:
            found, *bounds = converted(elements, kind)
            for way, bound in zip(ways, bounds, strict=True):
                found = call(way, found, bound)
            return found

        self.each(statement, target, [g for g in given if g is not None], make)

    def form_select(self, statement: Assign) -> None:
        """The first of the choices whose condition holds."""
        conditions, choices = (self.listed_arrays(a) for a in statement.args[:2])
        (target,) = statement.targets
        dtype = np.dtype(self.class_of(target))
        count = len(conditions)

        def make(elements: Elements) -> Node:
            *values, found = [self.converted_to(n, np.dtype(k), dtype) for n, k in elements[count:]]
            for (test, _), value in zip(reversed(elements[:count]), reversed(values), strict=True):
                found = ast.IfExp(test, value, found)
            return found

        self.each(statement, target, [*conditions, *choices, self.take(statement.args[2])], make)

    def listed_arrays(self, operand: Any) -> list[Any]:
        """The items of a list, or the rows of an array."""
        found = self.take(operand)
        return list(found) if isinstance(found, (list, tuple)) else self.rows_of(found)

    def form_nan_to_num(self, statement: Assign) -> None:
        found, copy = self.take(statement.args[0]), statement.args[1]
        (target,) = statement.targets
        dtype = np.dtype(self.class_of(target))
        if not isinstance(copy, Const) or copy.value is not True or dtype.kind == "c":
            raise CannotBeNative("this form of np.nan_to_num has no native form", self.where)
        if dtype.kind != "f":
            return self.copied_as_it_is(statement, found)
        largest = float(np.finfo(dtype).max)
        bounds = [Number(const(n), float) if is_left_out(a) else self.take(a)
                  for a, n in zip(statement.args[2:5], (0.0, largest, -largest), strict=True)]  # fmt: skip
        self.each(statement, target, [found, *bounds], lambda elements: call("support.made_finite", *converted(elements, dtype.type)))

    def copied_as_it_is(self, statement: Assign, found: Any) -> None:
        if isinstance(found, Number):
            return self.define(statement.targets[0], self.as_kind(found, self.class_of(statement.targets[0])))
        self.bind(statement, self.as_dtype(self.copied(statement, found.stored or found), statement.targets[0]))

    # Rounding

    def form_rounded(self, statement: Assign) -> None:
        """As `np.round`: a multiple of a power of ten is made whole."""
        found, places = self.take(statement.args[0]), statement.args[1]
        (target,) = statement.targets
        kind = self.class_of(target)
        if not isinstance(places, Const) or not isinstance(places.value, (int, np.integer)) or np.dtype(kind).kind not in "fi":
            raise CannotBeNative("this way to round has no native form", self.where)
        if np.dtype(kind).kind == "i" or isinstance(found, (list, tuple)):
            if places.value < 0 or isinstance(found, (list, tuple)):
                raise CannotBeNative("this way to round has no native form", self.where)
            return self.copied_as_it_is(statement, found)
        self.each(statement, target, [found], lambda elements: self.rounded(converted(elements, kind)[0], int(places.value), kind))

    def rounded(self, x: Node, places: int, kind: Any) -> Node:
        if not places:
            return call("np.rint", x)
        factor = self.in_class(const(10.0 ** abs(places)), kind)
        there, back = ("*", "/") if places > 0 else ("/", "*")
        return binary(call("np.rint", binary(x, there, factor)), back, factor)

    def form_round(self, statement: Assign) -> None:
        """As Python's `round`, which is exact: where a float lies half way between two decimals, all but, Python answers."""
        if kind_of(statement.targets[0].type) is int and is_left_out(statement.args[1]):
            return super().form_round(statement)
        number, places = self.named(self.number(statement.args[0])), statement.args[1]
        if number.kind not in PYTHON and np.dtype(number.kind).kind == "f":
            return self.form_rounded(statement)
        if not isinstance(places, Const) or type(places.value) is not int or not -EXACT <= places.value <= EXACT:
            raise CannotBeNative("only the run knows to how many places a number is rounded", self.where)
        if number.kind is int and places.value >= 0:
            return self.define(statement.targets[0], number.node)
        if number.kind is not float:
            raise CannotBeNative("a whole number is rounded to tens", self.where)
        there, back = ("*", "/") if places.value > 0 else ("/", "*")
        factor = const(10.0 ** abs(places.value))
        scaled = self.named(Number(binary(number.node, there, factor), float), "scaled")
        self.leave_if(call("support.is_half_way", scaled.node))
        self.define(statement.targets[0], call("math.copysign", binary(call("np.rint", scaled.node), back, factor), number.node))

    # Numbers that are made whole

    def form_astype(self, statement: Assign) -> None:
        found = self.take(statement.args[0])
        self.made_of_class(statement, found)

    form_made_whole = form_astype

    def made_of_class(self, statement: Assign, found: Any) -> None:
        """Numbers as those of another class; where one has no whole number of that, the call is handed over."""
        (target,) = statement.targets
        kind = self.class_of(target)
        found = self.array_of(found) if isinstance(found, (list, tuple)) else found
        own = np.dtype(found.kind) if isinstance(found, Number) else found.dtype
        if own.kind == "c" and np.dtype(kind).kind != "c":
            raise CannotBeNative("complex numbers are made real", self.where)
        if own.kind != "f" or np.dtype(kind).kind not in "iu":
            if isinstance(found, Number):
                return self.define(target, self.cast(found, kind))
            return self.bind(statement, self.as_dtype(self.copied(statement, found.stored or found), target))
        if isinstance(found, Number):
            shown = self.named(found)
            self.leave_if(self.has_no_whole(shown.node, np.dtype(kind)))
            return self.define(target, call(self.dtype(kind), shown.node))
        value = self.copied(statement, found.stored or found)
        self.bind(statement, Of((value,), (whole(len(value.dims)),), lambda x: call(self.dtype(kind), x), value.dims, np.dtype(kind)))
        self.ask_of_all(statement, value, lambda x: self.has_no_whole(x, np.dtype(kind)))

    def has_no_whole(self, node: Node, dtype: np.dtype[Any]) -> Node:
        bound = np.iinfo(dtype)
        low, high = (-9.2e18 if bound.min else -1.0, 9.2e18) if dtype.itemsize == 8 else (bound.min - 1.0, bound.max + 1.0)
        return ast.UnaryOp(ast.Not(), ast.Compare(const(low), [ast.Lt(), ast.Lt()], [node, const(high)]))

    def ask_of_all(self, statement: Assign, value: Lazy, question: Callable[[Node], Node]) -> None:
        """Hand the call over where something holds for an element."""
        holds = np.dtype(bool)
        asked = Of((value,), (whole(len(value.dims)),), question, value.dims, holds)
        found = self.folded(replace(statement, targets=(Var(bool),)), asked, "or", holds, holds)
        self.flush()
        self.leave_if(found.node)

    # Several results

    @several
    def form_divmod(self, statement: Assign) -> None:
        given = [self.take(a) for a in statement.args[:2]]
        if not any(self.rank(t) for t in statement.targets):
            return self.divided_numbers(statement, given)
        for target, symbol in zip(statement.targets, ("//", "%"), strict=True):
            kind = self.class_of(target)
            self.each(statement, target, given, lambda e, s=symbol, k=kind: binary(*divided(converted(e, k), s)))  # type: ignore[misc]

    def divided_numbers(self, statement: Assign, given: list[Any]) -> None:
        x, y = (self.named(g) for g in given)
        if x.kind in PYTHON and y.kind in PYTHON:
            self.leave_unless_known(statement.args[1], y.node)
        kinds = [self.class_of(t) for t in statement.targets]
        self.give_all(statement, [binary(x.node, "//", y.node), binary(x.node, "%", y.node)], kinds)

    @several
    def form_modf(self, statement: Assign) -> None:
        self.parts_of_each(statement, "support.fraction", "support.whole_part")

    @several
    def form_frexp(self, statement: Assign) -> None:
        self.parts_of_each(statement, "support.mantissa", "support.exponent")

    def parts_of_each(self, statement: Assign, *ways: str) -> None:
        found = self.take(statement.args[0])
        found = self.named(found) if isinstance(found, Number) else found
        if len(statement.targets) != len(ways):
            raise CannotBeNative(f"{statement.primitive.name} has no native form", self.where)
        if isinstance(found, Number):
            self.leave_if(ast.UnaryOp(ast.Not(), call("math.isfinite", found.node)))
        for target, way in zip(statement.targets, ways, strict=True):
            self.each(statement, target, [found], lambda e, w=way: call(w, call("np.float64", e[0][0])))  # type: ignore[misc]

    # Numbers out of arrays

    def form_item(self, statement: Assign) -> None:
        base, index = self.take(statement.args[0]), self.take(statement.args[1])
        (target,) = statement.targets
        if isinstance(base, Number):
            return self.define(target, self.as_kind(base, kind_of(target.type)))
        base = base.stored or base
        index = index[0] if len(index) == 1 and isinstance(index[0], (tuple, list)) else tuple(index)
        if not index:
            for size in [n for n in base.dims if not is_one(n)]:
                self.ask_equal(size, 1)
            index = (Number(const(0), int),) * len(base.dims)
        if len(index) == 1 and len(base.dims) != 1:
            base = self.in_a_row(base, statement)
        self.element_at(statement, base, tuple(index))

    def element_at(self, statement: Assign, base: Lazy, index: tuple[Any, ...]) -> None:
        view = self.materialised(base, "", False)
        map_, dims = self.placed(view.dims, index)
        if map_ is None or dims:
            raise CannotBeNative("something other than a number is read here", self.where)
        self.flush_for(view.memory)
        place = View(view.memory, tuple(a.through(map_) for a in view.map), ()).at(None, ())  # type: ignore[arg-type]
        (target,) = statement.targets
        self.define(target, self.as_kind(Number(place, view.dtype.type), kind_of(target.type)), reads_memory=True)

    @several
    def form_tolist(self, statement: Assign) -> None:
        """All elements, as numbers of Python."""
        base = self.take(statement.args[0])
        if isinstance(base, Number):
            return self.define(statement.targets[0], self.as_kind(base, kind_of(statement.targets[0].type)))
        sizes = base.dims
        if not all(isinstance(n, int) for n in sizes) or int(np.prod(sizes)) != len(statement.targets):
            raise CannotBeNative("a list of a length that only the run knows is made of an array", self.where)
        for target, place in zip(statement.targets, np.ndindex(*map(int, sizes)), strict=True):
            self.element_at(replace(statement, targets=(target,)), base.stored or base, tuple(Number(const(int(k)), int) for k in place))


def divided(nodes: Sequence[Node], symbol: str) -> tuple[Node, str, Node]:
    return nodes[0], symbol, nodes[1]

