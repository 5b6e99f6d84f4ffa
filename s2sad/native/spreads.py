"""Means, variances and norms: of numbers of any class, and of those elements alone that a mask tells."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

from s2sad.errors import CannotBeNative
from s2sad.ir.program import Assign
from s2sad.native.choices import Choices
from s2sad.native.lazy import Lazy, Of
from s2sad.native.numbers import as_lazy
from s2sad.native.places import Along, Map, Node, binary, call, compared, const, parsed, whole
from s2sad.native.scans import is_left_out
from s2sad.native.shapes import constants
from s2sad.native.writer import Number
from s2sad.types.sizes import product

INFINITIES = {np.inf: "max", -np.inf: "min"}


class Spreads(Choices):
    """The part that writes means, spreads and norms."""

    def divided(self, total: Any, length: Any, dtype: np.dtype[Any], outer: str = "") -> Any:
        """A sum by a number, or by one for each element, and a function of that."""

        def make(x: Node, by: Node | None = None) -> Node:
            x = x if by is None else binary(x, "/", by)
            return self.in_class(call(outer, x) if outer else x, dtype.type)

        several = isinstance(length, Lazy)
        by = () if several or length is None else (length,)
        if isinstance(total, Number):
            return Number(make(total.node, *by), dtype.type)
        operands = (total, length) if several else (total,)
        own = 12 if outer else 3
        return Of(operands, tuple(whole(len(o.dims)) for o in operands), lambda *nodes: make(*nodes, *by), total.dims, dtype, own)

    def masked(self, statement: Assign, value: Lazy) -> tuple[Lazy, Map] | None:
        """The mask that says which elements are meant, and how that lies along the axes of the value; None where all are."""
        where = self.named_args(statement).get("where")
        if where is None or is_left_out(where) or getattr(where, "value", None) is True:
            return None
        mask = self.lazy(where)
        return mask, self.spread(mask, value.dims)

    def meant(self, value: Lazy, mask: tuple[Lazy, Map] | None, dtype: np.dtype[Any]) -> Lazy:
        """The elements that are meant, and zeros."""
        if mask is None:
            return value
        zero = self.literal(dtype.type(0))
        maps = whole(len(value.dims)), mask[1]
        return Of((value, mask[0]), maps, lambda x, test: ast.IfExp(test, x, zero), value.dims, dtype)

    def how_many(self, statement: Assign, value: Lazy, axis: Any, mask: tuple[Lazy, Map] | None, less: int = 0) -> Any:
        """How many elements are meant, less a few."""
        if mask is None:
            length = self.size(product(value.dims[a] for a in self.axes(axis, len(value.dims))))
            return parsed(f"({length} - {less})" if less else length)
        ones = Of((mask[0],), (mask[1],), lambda test: ast.IfExp(test, const(1), const(0)), value.dims, np.dtype(np.int64))
        count = self.reduced(statement, ones, axis, "+", np.dtype(np.int64))

        def fewer(n: Node) -> Node:
            return n if not less else call("max", binary(n, "-", const(less)), const(0))

        if isinstance(count, Number):
            return fewer(count.node)
        return Of((count,), (whole(len(count.dims)),), fewer, count.dims, np.dtype(np.int64))

    def form_mean(self, statement: Assign) -> None:
        self.plainly(statement, ("dtype",))
        value, axis, dtype = self.lazy(statement.args[0]), constants(statement.args[1]), self.dtype_of(statement)
        self.leave_where_empty([value.dims[a] for a in self.axes(axis, len(value.dims))])
        self.give(statement, self.mean(statement, value, axis, self.masked(statement, value), dtype))

    def mean(self, statement: Assign, value: Lazy, axis: Any, mask: Any, dtype: np.dtype[Any]) -> Any:
        total = self.reduced(statement, self.meant(value, mask, dtype), axis, "+", dtype)
        return self.divided(total, self.how_many(statement, value, axis, mask), dtype)

    def form_var(self, statement: Assign, outer: str = "") -> None:
        self.plainly(statement, ("dtype", "mean"))
        value, axis, dtype = self.lazy(statement.args[0]), constants(statement.args[1]), self.dtype_of(statement)
        named, rank, mask = self.named_args(statement), len(value.dims), self.masked(statement, value)
        ddof = self.plain(named["ddof"] if is_left_out(named["correction"]) else named["correction"])
        if value.dtype.kind not in "fib" or not isinstance(ddof, int):
            raise CannotBeNative(f"{statement.primitive.name} of these numbers has no native form", self.where)
        axes = self.axes(axis, rank)
        if mask is None:
            length = self.size(product(value.dims[a] for a in axes))
            self.leave_if(parsed(f"{length} <= {max(ddof, 0)}"))
        mean = self.mean(statement, value, axis, mask, dtype)
        if isinstance(mean, Number):
            self.flush()
            mean = as_lazy(self.named(mean, "mean"))
        kept = tuple(Along(k) for k in range(rank) if k not in axes) if mean.dims else ()

        def squared(x: Node, m: Node) -> Node:
            return ast.BinOp(binary(x, "-", m), ast.Pow(), const(2))

        squares = self.meant(Of((value, mean), (whole(rank), kept), squared, value.dims, dtype), mask, dtype)
        total = self.reduced(statement, squares, axis, "+", dtype)
        self.give(statement, self.divided(total, self.how_many(statement, value, axis, mask, ddof), dtype, outer))

    def form_std(self, statement: Assign) -> None:
        self.form_var(statement, "np.sqrt")

    # Norms

    def form_norm(self, statement: Assign) -> None:
        value, order, axis = self.lazy(statement.args[0]), self.plain(statement.args[1]), constants(statement.args[2])
        rank, dtype = len(value.dims), self.dtype_of(statement)
        axes = self.axes(axis, rank)
        if value.dtype.kind not in "fic" or (isinstance(axis, (tuple, list)) and len(axis) > 2):
            raise CannotBeNative("np.linalg.norm of these numbers has no native form", self.where)
        if order is None or (order in ("fro", "f") and len(axes) == 2) or (order == 2 and len(axes) == 1):
            return self.give(statement, self.root_of_squares(statement, value, axis, dtype))
        if len(axes) == 1:
            return self.give(statement, self.norm_of_vectors(statement, value, order, axis, dtype))
        if len(axes) != 2 or order not in (1, -1, np.inf, -np.inf):
            raise CannotBeNative("this form of np.linalg.norm has no native form", self.where)
        rows = order in (np.inf, -np.inf)
        sums = self.reduced(statement, self.sizes_of_each(value, dtype), axes[1 if rows else 0], "+", dtype)
        left = axes[0] if rows else axes[1]
        self.flush()
        self.give(statement, self.reduced(statement, sums, left - (left > axes[1 if rows else 0]), "max" if order > 0 else "min", dtype))

    def root_of_squares(self, statement: Assign, value: Lazy, axis: Any, dtype: np.dtype[Any]) -> Any:
        def make(x: Node) -> Node:
            x = call("np.float64", x) if value.dtype.kind == "i" else x
            return call("support.square_of_size", x) if value.dtype.kind == "c" else ast.BinOp(x, ast.Pow(), const(2))

        made = Of((value,), (whole(len(value.dims)),), make, value.dims, dtype)
        return self.divided(self.reduced(statement, made, axis, "+", dtype), None, dtype, "np.sqrt")

    def sizes_of_each(self, value: Lazy, dtype: np.dtype[Any]) -> Lazy:
        return Of((value,), (whole(len(value.dims)),), lambda x: call("abs", x), value.dims, dtype)

    def norm_of_vectors(self, statement: Assign, value: Lazy, order: Any, axis: Any, dtype: np.dtype[Any]) -> Any:
        if order in INFINITIES:
            return self.reduced(statement, self.sizes_of_each(value, dtype), axis, INFINITIES[order], dtype)
        if isinstance(order, str):
            raise CannotBeNative("this form of np.linalg.norm has no native form", self.where)

        def make(x: Node) -> Node:
            if order == 0:
                return self.in_class(ast.IfExp(compared(x, "!=", const(0)), const(1.0), const(0.0)), dtype.type)
            return call("abs", x) if order == 1 else binary(call("abs", x), "**", const(order))

        made = Of((value,), (whole(len(value.dims)),), make, value.dims, dtype, 8)
        total = self.reduced(statement, made, axis, "+", dtype)
        if order in (0, 1):
            return total

        def rooted(x: Node) -> Node:
            return self.in_class(binary(x, "**", const(1.0 / order)), dtype.type)

        if isinstance(total, Number):
            return Number(rooted(total.node), dtype.type)
        return Of((total,), (whole(len(total.dims)),), rooted, total.dims, dtype, 12)
