"""Reductions, as loops that add up, and products of matrices, by the BLAS that Numba reaches."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from s2sad.errors import CannotBeNative
from s2sad.ir.program import ArrayType, Assign, Const, Var
from s2sad.native.forms import Forms
from s2sad.native.lazy import Filled, Lazy, Memory, Of, View, shown
from s2sad.native.nests import Item, Kind, NestStep, same_dims
from s2sad.native.numbers import ROUND, as_lazy, kind_of
from s2sad.native.places import Along, Node, Places, binary, call, compared, const, name, parsed, whole
from s2sad.native.shapes import constants
from s2sad.native.writer import Number
from s2sad.types.sizes import Size, Whole, same

STARTS = {"+": "0", "*": "1", "max": "-np.inf", "min": "np.inf", "or": "False", "and": "True",
          "logaddexp": "-np.inf", "logaddexp2": "-np.inf", "hypot": "0.0"}  # fmt: skip
WAYS = {"max": "support.larger", "min": "support.smaller", "logaddexp": "np.logaddexp", "logaddexp2": "support.logaddexp2",
        "hypot": "math.hypot"}  # fmt: skip


def truth(node: Node) -> Node:
    return call("bool", node)


class Sums(Forms):
    """The part that writes reductions and products."""

    def reduced(self, statement: Assign, value: Lazy, axis: Any, symbol: str, dtype: Any) -> Any:
        """The value brought together along axes: the label of a number, or a View."""
        (target,) = statement.targets
        rank = len(value.dims)
        axes = tuple(range(rank)) if axis is None else normalize_axis_tuple(axis if isinstance(axis, (tuple, list)) else (axis,), rank)
        if symbol in ("max", "min"):
            self.leave_where_empty([value.dims[a] for a in axes])
        kept = [k for k in range(rank) if k not in axes]
        exact = np.dtype(dtype)
        wide = np.dtype(np.float64) if exact == np.float32 and symbol == "+" else exact
        if not kept:
            return self.folded(statement, value, symbol, wide, exact)
        memory = self.allocate(self.hint(target), tuple(value.dims[k] for k in kept), exact, target in self.escaping)
        out = View(memory)
        self.add(self.storing(Filled(self.beginning(symbol, exact), memory.dims, exact), out), memory.dims)
        map_ = tuple(Along(k) for k in kept)

        def write(step: NestStep, places: Places) -> None:
            node, index = step.element(value, places), tuple(a.at(places) for a in map_)
            if symbol in ("+", "*") and exact != np.int64:
                return step.put(item, index, node, f"{symbol}=")
            place = f"{memory.label}[{', '.join(ast.unparse(p.node()) for p in index)}]"
            step.put(item, index, together(symbol, parsed(place), node))

        kind: Kind = "add" if symbol == "+" and exact != np.int64 else "fold"
        item = Item(value, write, kind, memory, map_, location=statement.location, phase=statement.phase)
        self.add(item, value.dims)
        if kind == "fold" and symbol not in ("or", "and"):
            self.flush()
        return out

    def leave_where_empty(self, dims: list[Whole]) -> None:
        for size in dims:
            if isinstance(size, Size):
                self.leave_if(parsed(f"{self.size(size)} == 0"))
            elif size == 0:
                raise CannotBeNative("an array without elements has no extreme", self.where)

    def beginning(self, symbol: str, dtype: np.dtype[Any]) -> Node:
        begin = STARTS[symbol]
        if dtype.kind == "f" and symbol in ("+", "*"):
            begin += ".0"
        if dtype.kind in "iu" and symbol in ("max", "min"):
            bound = np.iinfo(dtype)
            least = f"{bound.min + 1} - 1" if bound.min else "0"  # its number without a sign would be one too large
            begin = least if symbol == "max" else str(bound.max)
        if dtype.kind == "c":
            begin = f"complex({begin}.0)"
        return parsed(begin if dtype.itemsize >= 8 or dtype.kind == "b" else f"np.{dtype.name}({begin})")

    def folded(self, statement: Assign, value: Lazy, symbol: str, wide: np.dtype[Any], exact: np.dtype[Any]) -> Number:
        """A number that a nest computes."""
        (target,) = statement.targets
        label = self.fresh(self.hint(target) or "total")
        integral = exact.kind in "iu" and symbol in ("+", "*")

        def write(step: NestStep, places: Places) -> None:
            node = step.element(value, places)
            text = ast.unparse(node)
            if item.adds:
                step.lines.append(f"{label} = support.plus({label}, {text})")
            elif symbol in ("+", "*"):
                way = ROUND[symbol] if integral and value.dtype.kind != "b" else None
                step.lines.append(f"{label} = {way}({label}, {text})" if way else f"{label} {symbol}= {text}")
            else:
                step.lines.append(f"{label} = {ast.unparse(together(symbol, name(label), node))}")

        before = (f"{label} = {ast.unparse(self.beginning(symbol, wide))}",)
        item = Item(value, write, "fold", label=label, before=before, location=statement.location, phase=statement.phase,
                    adds=symbol == "+" and wide.kind == "f")  # fmt: skip
        self.add(item, value.dims)
        as_it_is = wide == exact and not (integral and exact != np.int64)  # else it goes round where it would be too large, as in NumPy
        return Number(name(label) if as_it_is else call(f"np.{exact.name}", name(label)), exact.type)

    def give(self, statement: Assign, found: Any, shape_of: Lazy | None = None) -> None:
        """Let the target be a number or an array; with the axes kept where its type has them."""
        (target,) = statement.targets
        if isinstance(found, Number):
            if isinstance(target.type, ArrayType) and target.type.shape:
                self.flush()
                return self.bind(statement, Filled(self.named(found).node, self.dims(target), target.type.dtype))
            self.env[target] = found
            self.waiting_for = {**self.waiting_for}
            return
        dims = self.dims(target)
        if len(dims) != len(found.dims):  # the axes are kept, with one element each
            found = self.reshaped(found, dims, target)
        self.bind(statement, found)

    waiting_for: dict[str, Any] = {}

    def plainly(self, statement: Assign, names: tuple[str, ...]) -> None:
        """Raise unless arguments by these names are left out."""
        for parameter, argument in zip(statement.primitive.parameters, statement.args, strict=True):
            if parameter.name in names and not (isinstance(argument, Const) and (argument.value is None or argument.value is np._NoValue)):
                raise CannotBeNative(f"{statement.primitive.name} with {parameter.name}= has no native form", self.where)

    def reduction(self, statement: Assign, symbol: str, each: Any = None) -> None:
        self.plainly(statement, ("dtype", "initial", "where", "out"))
        value = self.lazy(statement.args[0])
        (target,) = statement.targets
        dtype = target.type.dtype if isinstance(target.type, ArrayType) else np.dtype(kind_of(target.type))
        if each is not None:
            value = Of((value,), (whole(len(value.dims)),), each, value.dims, dtype)
        elif value.dtype != dtype:
            value = Of((value,), (whole(len(value.dims)),), lambda x: call(self.dtype(dtype), x), value.dims, dtype)
        self.give(statement, self.reduced(statement, value, constants(statement.args[1]), symbol, dtype))

    def form_sum(self, statement: Assign) -> None:
        self.reduction(statement, "+")

    def form_prod(self, statement: Assign) -> None:
        self.reduction(statement, "*")

    def form_max(self, statement: Assign) -> None:
        self.reduction(statement, "max")

    def form_min(self, statement: Assign) -> None:
        self.reduction(statement, "min")

    def form_any(self, statement: Assign) -> None:
        self.reduction(statement, "or", truth)

    def form_all(self, statement: Assign) -> None:
        self.reduction(statement, "and", truth)

    def form_count_nonzero(self, statement: Assign) -> None:
        self.reduction(statement, "+", lambda x: ast.IfExp(compared(x, "!=", const(0)), const(1), const(0)))

    def form_summed_to(self, statement: Assign) -> None:
        found = self.take(statement.args[0])
        self.take(statement.args[1])
        (target,) = statement.targets
        value = as_lazy(found) if isinstance(found, Number) else found.stored or found
        dims = self.dims(target) if isinstance(target.type, ArrayType) else ()
        extra = len(value.dims) - len(dims)
        axes = tuple(range(extra)) + tuple(
            k + extra for k, n in enumerate(dims) if n == 1 and not isinstance(n, Size) and not same(value.dims[k + extra], 1)
        )
        for k in [k for k in range(len(value.dims)) if k not in axes and not same(value.dims[k], dims[k - extra])]:
            self.ask_equal(value.dims[k], dims[k - extra])
        if not axes:
            return self.give(statement, found)
        self.give(statement, self.reduced(statement, value, axes, "+", value.dtype))

    # Products

    def matrix(self, value: Lazy, hint: str) -> tuple[str, View]:
        """An operand of BLAS as text: whole memory, its transpose, or a row."""
        view = value.stored or value
        if not isinstance(view, View):
            view = self.materialised(view, hint, False)
        if (found := laid_out(view)) is not None:
            return found, view
        copy = View(self.allocate(hint, view.dims, view.dtype, False))
        self.add(self.storing(shown(view, whole(len(view.dims)), view.dims), copy), view.dims)
        return copy.memory.label, copy

    def form_matmul(self, statement: Assign) -> None:
        x, y = (self.lazy(a) for a in statement.args)
        self.multiplied(statement, x, y)

    def form_dot(self, statement: Assign) -> None:
        given = [self.take(a) for a in statement.args[:2]]
        if any(isinstance(g, Number) for g in given):
            raise CannotBeNative("a product with a number is written as one of matrices", self.where)
        x, y = (g.stored or g for g in given)
        self.multiplied(statement, x, y)

    def multiplied(self, statement: Assign, x: Lazy, y: Lazy) -> None:
        (target,) = statement.targets
        if len(x.dims) > 2 or len(y.dims) > 2 or x.dtype.kind not in "fc" or x.dtype != y.dtype:
            raise CannotBeNative("this product of arrays has no native form", self.where)
        if len(x.dims) == len(y.dims) == 1:
            value = Of((x, y), (whole(1), whole(1)), lambda a, b: binary(a, "*", b), x.dims, x.dtype)
            return self.give(statement, self.reduced(statement, value, None, "+", x.dtype))
        texts = [self.matrix(v, "operand") for v in (x, y)]
        for _, view in texts:
            self.flush_for(view.memory)
        into = self.memory_of_product(target, x.dtype, [view for _, view in texts])
        self.flush_for(into.memory, written=True)
        self.said(f"np.dot({texts[0][0]}, {texts[1][0]}, {laid_out(into)})")
        self.bind(statement, into)

    def memory_of_product(self, target: Var, dtype: Any, factors: list[View]) -> View:
        """Where a product goes: not where its factors lie, nor into a part with gaps, such as a shorter row of what steps save."""
        result = Filled(const(0), self.dims(target), dtype)
        result.hint, result.lasting = self.hint(target) or "product", target in self.escaping
        held = self.becomes.get(target)
        apart = held is not None and laid_out(held) is not None and all(held.roots.isdisjoint(f.roots) for f in factors)
        result.becomes = held if apart else None
        return self.view_for(result)

    def of_matrices(self, statement: Assign, function: str, count: int, keywords: str = "") -> None:
        """A function of `np.linalg` that Numba has, of matrices."""
        given = [self.lazy(a) for a in statement.args[:count]]
        for argument in statement.args[count:]:
            self.take(argument)
        (target,) = statement.targets
        if any(len(g.dims) > 2 or g.dtype.kind not in "fc" or g.dtype != given[0].dtype for g in given) or len(given[0].dims) != 2:
            raise CannotBeNative(f"{function} of stacks of matrices has no native form", self.where)
        texts = [self.matrix(g, "operand") for g in given]
        self.flush()
        label = self.fresh(self.hint(target) or function.rpartition(".")[2])
        self.said(f"{label} = {function}({', '.join(t for t, _ in texts)}{keywords})")
        if not isinstance(target.type, ArrayType) or not target.type.shape:
            self.env[target] = Number(name(label), kind_of(target.type))
            return
        self.bind(statement, View(Memory(label, target.type.dtype, self.dims(target), owned=False)))

    def form_solve(self, statement: Assign) -> None:
        self.of_matrices(statement, "np.linalg.solve", 2)

    def form_inv(self, statement: Assign) -> None:
        self.of_matrices(statement, "np.linalg.inv", 1)

    def form_det(self, statement: Assign) -> None:
        self.of_matrices(statement, "np.linalg.det", 1)

    def form_cholesky(self, statement: Assign) -> None:
        if constants(statement.args[1]) is not False:
            raise CannotBeNative("np.linalg.cholesky with upper= has no native form", self.where)
        self.of_matrices(statement, "np.linalg.cholesky", 1)


def together(symbol: str, one: Node, other: Node) -> Node:
    if symbol in ROUND:
        return call(ROUND[symbol], one, other)
    if symbol in WAYS:
        return call(WAYS[symbol], one, other)
    return ast.BoolOp(ast.Or() if symbol == "or" else ast.And(), [one, other])


def laid_out(view: View) -> str | None:
    """What lies without gaps, in the order of C or turned round, as text; None for other parts of arrays."""
    memory, rank = view.memory, view.memory.rank
    if view.is_whole:
        return memory.label
    if is_turned(view):
        return f"{memory.label}.T"
    fixed = [a for a in view.map if a.axis is None]
    rest = view.map[len(fixed) :]
    if fixed and len(rest) == rank - len(fixed) and rest == whole(len(rest)) and same_dims(view.dims, memory.dims[len(fixed) :]):
        return f"{memory.label}[{', '.join(ast.unparse(a.at(()).node()) for a in fixed)}]"
    return None


def is_turned(view: View) -> bool:
    return view.map == (Along(1), Along(0)) and same_dims(view.dims, view.memory.dims[::-1])
