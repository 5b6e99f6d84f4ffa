"""Places: those of elements that hold, of triangles and grids, in sorted tables; what these interpolate, convolutions, and ranges."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad.errors import CannotBeNative
from s2sad.ir.program import Assign, Var
from s2sad.native.arrangements import Arrangements
from s2sad.native.indices import numbered
from s2sad.native.joining import several
from s2sad.native.lazy import By, Lazy, Memory, Of, View, shown
from s2sad.native.places import Along, Node, Places, call, compared, const, name, parsed, whole
from s2sad.native.scans import is_left_out
from s2sad.native.shapes import constants
from s2sad.native.writer import Number
from s2sad.types.sizes import Size, Whole, same

WAYS_OVER = {"valid": 0, "same": 1, "full": 2}


class Grids(Arrangements):
    """The part that writes places, and what is looked up in tables."""

    # Places of elements

    @several
    def form_nonzero(self, statement: Assign) -> None:
        value = self.lazy(statement.args[0])
        self.give_places(statement, self.places_of(self.holding(value), self.dims(statement.targets[0])[0]))

    def form_flatnonzero(self, statement: Assign) -> None:
        value = self.in_a_row(self.holding(self.lazy(statement.args[0])), statement)
        self.give_places(statement, self.places_of(value, self.dims(statement.targets[0])[0]))

    def holding(self, value: Lazy) -> Lazy:
        """Which elements are not zero."""
        if value.dtype.kind == "b":
            return value
        return Of((value,), (whole(len(value.dims)),), lambda x: compared(x, "!=", const(0)), value.dims, np.dtype(bool))

    def give_places(self, statement: Assign, places: list[Lazy]) -> None:
        for target, found in zip(statement.targets, places, strict=True):
            self.env[target] = found

    def form_argwhere(self, statement: Assign) -> None:
        value = self.lazy(statement.args[0])
        places = self.places_of(self.holding(value), self.dims(statement.targets[0])[0])
        self.joined(statement, [self.with_new_axis(p, 1) for p in places], 1)

    @several
    def form_places_above(self, statement: Assign) -> None:
        self.triangle_places(statement, True)

    @several
    def form_places_below(self, statement: Assign) -> None:
        self.triangle_places(statement, False)

    def triangle_places(self, statement: Assign, upper: bool) -> None:
        """As `np.triu_indices` and its like, of a matrix or of its sizes."""
        named = {n: self.take(a) for n, a in self.named_args(statement).items()}
        array = named.get("arr")
        if array is not None:
            rows, columns = (self.size(n) for n in array.dims)
        else:
            rows = ast.unparse(self.named(named["n"], "rows").node)
            columns = rows if named["m"] is None else ast.unparse(self.named(named["m"], "columns").node)
        k = ast.unparse(self.named(named["k"], "k").node)
        labels = [self.fresh(hint) for hint in ("down", "along")]
        self.said(f"{', '.join(labels)} = support.triangle_places({rows}, {columns}, {k}, {upper})")
        size = self.counted_size(labels[0], self.dims(statement.targets[0])[0])
        self.give_places(statement, [self.found_places(label, size) for label in labels])

    @several
    def form_diag_indices(self, statement: Assign) -> None:
        self.learn_asked(self.dims(statement.targets[0]), self.take(statement.args[0]))
        for target in statement.targets:
            self.env[target] = self.counting(0, self.dims(target))

    def counting(self, axis: int, dims: tuple[Whole, ...]) -> Lazy:
        return By(lambda _, places: places[axis].node(), dims, np.dtype(np.int64))

    def form_indices(self, statement: Assign) -> None:
        """Along a new first axis the places along each of the others."""
        if self.plain(statement.args[2]) is not False:
            raise CannotBeNative("this form of np.indices has no native form", self.where)
        (target,) = statement.targets
        self.learn_asked(self.dims(target)[1:], numbered(self.take(statement.args[0])))
        dims, dtype = self.dims(target), np.dtype(self.class_of(target))

        def make(_: Any, places: Places) -> Node:
            found = places[-1].node()
            for k in range(len(dims) - 3, -1, -1):
                found = ast.IfExp(compared(places[0].node(), "==", const(k)), places[k + 1].node(), found)
            return self.in_class(found, dtype.type)

        self.bind(statement, By(make, dims, dtype))

    @several
    def form_ix_(self, statement: Assign) -> None:
        parts = self.take(statement.args[0])
        for axis, (target, part) in enumerate(zip(statement.targets, parts, strict=True)):
            part = self.listed(numbered(part))
            dims = self.dims(target)
            if part.dtype.kind == "b":
                (part,) = self.places_of(part, dims[axis])
            self.env[target] = shown(part.stored or part, (Along(axis),), tuple(part.dims[0] if k == axis else 1 for k in range(len(dims))))

    @several
    def form_unravel_index(self, statement: Assign) -> None:
        if constants(statement.args[2]) != "C":
            raise CannotBeNative("places in the order of Fortran have no native form", self.where)
        found, sizes = self.listed(numbered(self.take(statement.args[0]))), numbered(self.take(statement.args[1]))
        sizes = [n.node for n in (sizes if isinstance(sizes, (tuple, list)) else [sizes])]
        total = "*".join(f"({ast.unparse(n)})" for n in sizes)
        if isinstance(found, Number):
            found = self.named(found, "place")
            self.leave_if(parsed(f"not 0 <= {ast.unparse(found.node)} < {total}"))
        else:
            self.ask_of_all(statement, found, lambda x: parsed(f"not 0 <= {ast.unparse(x)} < {total}"))
        for axis, target in enumerate(statement.targets):
            behind = "*".join(f"({ast.unparse(n)})" for n in sizes[axis + 1 :])
            size = ast.unparse(sizes[axis])

            def make(elements: Any, behind: str = behind, size: str = size) -> Node:
                place = f"({ast.unparse(elements[0][0])})"
                return parsed(f"{place} // ({behind}) % ({size})" if behind else f"{place} % ({size})")

            self.each(statement, target, [found], make)

    # Tables

    def table(self, operand: Any, question: str = "") -> View:
        """An array that is looked up in, as whole memory; what is asked of it is asked in front of the loops that leave it as it is."""
        view = self.materialised(self.lazy(operand), "table", False)
        if len(view.dims) != 1 or view.dtype.kind not in "fi":
            raise CannotBeNative("a table of this kind has no native form", self.where)
        view = view if view.is_whole else self.copied_view(view, "table")
        self.flush()
        if question:
            self.ask_of_table(view, f"{self.size(view.dims[0])} == 0 or not support.{question}({view.memory.label})")
        return view

    def looked_up(self, statement: Assign, given: list[Any], tables: list[View], make: Callable[..., Node]) -> None:
        """Elements by what is given of them and by whole tables."""
        (target,) = statement.targets
        given = [self.array_of(g) if isinstance(g, (list, tuple)) else g for g in given]
        for table in tables:
            self.hold(table.memory)
        if not self.rank(target):
            if not all(isinstance(g, Number) for g in given):
                raise CannotBeNative("something other than a number is read here", self.where)
            return self.define(target, self.in_class(make(*(self.named(g).node for g in given)), self.class_of(target)), reads_memory=True)
        lazies = [self.as_array(g)[0] for g in given]
        dims, dtype = self.dims(target), np.dtype(self.class_of(target))
        maps = [self.spread(v, dims) for v in lazies]

        def element(step: Any, places: Places) -> Node:
            nodes = [step.element(v, tuple(a.at(places) for a in m)) for v, m in zip(lazies, maps, strict=True)]
            return self.in_class(make(*nodes), dtype.type)

        self.bind(statement, By(element, dims, dtype, 20, (*lazies, *tables)))

    def form_searchsorted(self, statement: Assign) -> None:
        side = self.plain(statement.args[2])
        if not is_left_out(statement.args[3]):
            raise CannotBeNative("np.searchsorted with sorter= has no native form", self.where)
        self.placed_in(statement, statement.args[0], statement.args[1], side == "right")

    def form_digitize(self, statement: Assign) -> None:
        self.placed_in(statement, statement.args[1], statement.args[0], self.plain(statement.args[2]) is not True)

    def placed_in(self, statement: Assign, table: Any, x: Any, right: bool) -> None:
        found, known = self.take(x), self.table(table, "is_increasing")
        label = name(known.memory.label)
        self.looked_up(statement, [found], [known], lambda v: call("support.place_in", label, v, const(right)))

    def form_interp(self, statement: Assign) -> None:
        if not is_left_out(statement.args[5]):
            raise CannotBeNative("np.interp with a period has no native form", self.where)
        x = self.take(statement.args[0])
        xp, fp = self.knots(statement.args[1], statement.args[2])
        ends = [self.end_of(a, fp, k) for a, k in zip(statement.args[3:5], (0, -1), strict=True)]
        labels = [name(t.memory.label) for t in (xp, fp)]
        self.looked_up(statement, [x, *ends], [xp, fp], lambda v, *e: call("support.interpolated", real(v), *labels, *e))

    def knots(self, xp: Any, fp: Any) -> tuple[View, View]:
        tables = self.table(xp, "is_increasing"), self.table(fp)
        one, other = (t.dims[0] for t in tables)
        if not same(one, other):
            self.ask_equal(one, other)
        return tables

    def end_of(self, operand: Any, fp: View, place: int) -> Number:
        if not is_left_out(operand):
            return self.number(operand)
        self.flush_for(fp.memory)
        return Number(call("np.float64", parsed(f"{fp.memory.label}[{place}]")), float)

    def form_interp_slope(self, statement: Assign) -> None:
        x = self.take(statement.args[0])
        tables = self.knots(statement.args[1], statement.args[2])
        labels = [name(t.memory.label) for t in tables]
        self.looked_up(statement, [x], [*tables], lambda v: call("support.interp_slope", real(v), *labels))

    def form_interp_spread(self, statement: Assign) -> None:
        sides = [str(bool(self.plain(a))) for a in statement.args[3:5]]
        self.spread_to_knots(statement, "interp_spread", *sides)

    def form_interp_slope_spread(self, statement: Assign) -> None:
        self.spread_to_knots(statement, "interp_slope_spread")

    def spread_to_knots(self, statement: Assign, function: str, *arguments: str) -> None:
        c, x = (self.as_array(self.take(a))[0] for a in statement.args[:2])
        dims = max(c.dims, x.dims, key=len)
        texts = []
        for value in (c, x):
            copy = View(self.allocate("given", dims or (1,), np.dtype(float), False))
            spread = self.spread(value, dims) if dims else ()
            self.add(self.storing(shown(value.stored or value, spread, copy.dims), copy), copy.dims)
            texts.append(copy.memory.label if len(copy.dims) == 1 else f"{copy.memory.label}.ravel()")
        xp = self.table(statement.args[2], "is_increasing")
        label = self.called(statement, function, *texts, xp.memory.label, *arguments)
        self.bind(statement, self.as_dtype(View(Memory(label, np.dtype(float), xp.dims)), statement.targets[0]))

    # Convolutions

    def form_convolve(self, statement: Assign) -> None:
        self.slid_over(statement, "convolved")

    def form_correlate(self, statement: Assign) -> None:
        self.slid_over(statement, "correlated")

    def slid_over(self, statement: Assign, function: str) -> None:
        parts, mode = [self.in_a_row(self.lazy(a), statement) for a in statement.args[:2]], self.plain(statement.args[2])
        (target,) = statement.targets
        dtype = np.dtype(self.class_of(target))
        if mode not in WAYS_OVER or dtype.kind not in "fic":
            raise CannotBeNative("this way to slide over an array has no native form", self.where)
        texts = []
        for part in parts:
            if isinstance(part.dims[0], Size):
                self.leave_if(parsed(f"{self.size(part.dims[0])} == 0"))
            copy = View(self.allocate("row", part.dims, dtype, False))
            self.add(self.storing(shown(part.stored or part, whole(1), part.dims), copy), part.dims)
            self.hold(copy.memory)
            texts.append(copy.memory.label)
        self.flush()
        label = self.called(statement, function, *texts, str(WAYS_OVER[mode]))
        self.give_sized(target, label, dtype)

    def give_sized(self, target: Var, label: str, dtype: np.dtype[Any]) -> None:
        """Let a target be an array that a function has made; its sizes are those known, or learnt of it."""
        dims = self.dims(target)
        for axis, size in enumerate(dims):
            if self.is_told(size):
                self.leave_if(parsed(f"{label}.shape[{axis}] != {self.size(size)}"))
            else:
                self.learn_number(size, f"{label}.shape[{axis}]")
        self.env[target] = View(Memory(label, dtype, dims))

    # Ranges

    def form_linspace(self, statement: Assign) -> None:
        """Numbers at equal distances, between two numbers or from each of an array to each of another."""
        ends = [self.take(a) for a in statement.args[:2]]
        number = self.take(statement.args[2])
        endpoint, _, axis = (self.plain(a) for a in statement.args[3:6])
        (target,) = statement.targets
        dims, dtype = self.dims(target), np.dtype(self.class_of(target))
        if dtype.kind != "f" or not isinstance(endpoint, bool):
            raise CannotBeNative("this form of linspace has no native form", self.where)
        axis %= len(dims)
        self.learn_asked((dims[axis],), number)
        lazies = [self.as_array(e)[0] for e in ends]
        kept = tuple(n for k, n in enumerate(dims) if k != axis)
        spreads = [self.spread(v, kept) for v in lazies]
        last = self.size(dims[axis] - 1 if endpoint else dims[axis])

        def make(step: Any, places: Places) -> Node:
            rest = tuple(p for k, p in enumerate(places) if k != axis)
            b, e = (f"({ast.unparse(step.element(v, tuple(a.at(rest) for a in m)))})" for v, m in zip(lazies, spreads, strict=True))
            p = ast.unparse(places[axis].node())
            text = f"{b} + ({p}) * (({e} - {b}) / max({last}, 1))"
            text = f"{text} if {p} < {last} else ({e} if {last} > 0 else {b})" if endpoint else text
            return self.in_class(parsed(text), dtype.type)

        self.bind(statement, By(make, dims, dtype, 4, tuple(lazies)))


def real(node: Node) -> Node:
    return call("np.float64", node)

