"""Arrays element by element: operations, parts, and writes into memory."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

from s2sad.errors import CannotBeNative
from s2sad.ir.program import ArrayType, Assign, Const, Display, Var
from s2sad.ir.spans import items
from s2sad.native.indices import Indices, is_one
from s2sad.native.lazy import Filled, Lazy, Memory, Of, View, shown
from s2sad.native.nests import Item, NestStep, reads_of
from s2sad.native.numbers import as_lazy
from s2sad.native.places import Along, Map, Node, Places, call, parsed, whole
from s2sad.native.writer import Number
from s2sad.rules.native_forms import IN_VECTORS, form_of
from s2sad.rules.operations import MULTIPLY
from s2sad.types.indexing import part_shape
from s2sad.types.sizes import Whole, same

COSTS = {ast.Pow: 4, ast.Div: 3, ast.FloorDiv: 6, ast.Mod: 6}
ACCUMULATED = {"+=": "+", "-=": "-"}


def cost(form: str) -> int:
    """About how many operations an expression takes."""
    node = parsed(form)
    own = sum(COSTS.get(type(n.op), 1) for n in ast.walk(node) if isinstance(n, ast.BinOp))
    return (
        own
        + sum(10 for n in ast.walk(node) if isinstance(n, ast.Call))
        + sum(isinstance(n, (ast.Compare, ast.IfExp)) for n in ast.walk(node))
    )


def in_vectors(node: Node, kinds: list[Any]) -> Node:
    """A function of doubles as one of which a loop takes several steps at a time, if there is such a one."""
    doubles = np.float64 in kinds and all(k in (np.float64, float, int) for k in kinds)
    quick = IN_VECTORS.get(ast.unparse(node.func)) if isinstance(node, ast.Call) and doubles else None
    return node if quick is None else ast.Call(parsed(quick), node.args, node.keywords)


class Elements(Indices):
    """The part that writes what works element by element."""

    def lazy(self, operand: Any) -> Lazy:
        """An operand as an array. A number is computed once, in front."""
        found = self.take(operand)
        if isinstance(found, Lazy):
            return found.stored or found
        if isinstance(found, (list, tuple)):
            return self.array_of(found)
        if not isinstance(found, Number):
            raise CannotBeNative("something other than numbers and arrays is read here", self.where)
        return as_lazy(self.named(found))

    def array_of(self, items: Any) -> Lazy:
        raise NotImplementedError

    def bind(self, statement: Assign, value: Lazy, hint: str = "") -> None:
        (target,) = statement.targets
        value.hint = value.hint or self.hint(target) or hint
        value.location, value.phase, value.lasting = statement.location, statement.phase, target in self.escaping
        if not isinstance(value, View):
            value.becomes = self.becomes.get(target)
        self.env[target] = value

    becomes: dict[Var, View]

    def dims(self, target: Var) -> tuple[Whole, ...]:
        assert isinstance(target.type, ArrayType)
        return self.sizes_of(target.type.shape)

    def spread(self, value: Lazy, dims: tuple[Whole, ...]) -> Map:
        """Where the axes of an operand lie in a result, by NumPy's broadcasting."""
        extra, found = len(dims) - len(value.dims), []
        for axis, size in enumerate(value.dims):
            goes = not is_one(size) or is_one(dims[axis + extra])
            if goes and not same(size, dims[axis + extra]):
                self.ask_equal(size, dims[axis + extra])
            found.append(Along(axis + extra) if goes else Along(None, 0))
        return tuple(found)

    def elementwise(self, statement: Assign) -> None:
        """An operation on arrays, or on numbers alone."""
        (target,) = statement.targets
        if not isinstance(target.type, ArrayType) or not target.type.shape:
            return self.arithmetic(statement, statement.primitive, [self.number(a) for a in statement.args])
        given = [self.taken_as(a) for a in statement.args]
        kinds = [k for _, k in given]
        operands = tuple(v for v, _ in given)
        dims, result = self.dims(target), target.type.dtype.type
        primitive = statement.primitive

        def make(*nodes: Node) -> Node:
            return in_vectors(self.combined(primitive, list(zip(nodes, kinds, strict=True)), result), kinds)

        form = form_of(primitive)
        assert form is not None
        value = Of(operands, tuple(self.spread(o, dims) for o in operands), make, dims, target.type.dtype, cost(form))
        value.strong = statement.strong and primitive is MULTIPLY
        self.bind(statement, value)

    def taken_as(self, operand: Any) -> tuple[Lazy, Any]:
        """An operand as an array, and the class of its numbers, one of Python's for such a number."""
        found = self.take(operand)
        if isinstance(found, Lazy):
            return found.stored or found, found.dtype.type
        if isinstance(found, (list, tuple)):
            made = self.array_of(found)
            return made, made.dtype.type
        if not isinstance(found, Number):
            raise CannotBeNative("something other than numbers and arrays is read here", self.where)
        return as_lazy(self.named(found)), found.kind

    # Parts

    def form_getitem(self, statement: Assign) -> None:
        (target,) = statement.targets
        base = self.take(statement.args[0])
        index = self.take(statement.args[1])
        if isinstance(base, (tuple, list)):
            return self.item_of(statement, base, index)
        if not isinstance(base, Lazy):
            raise CannotBeNative("a part of something other than an array is read", self.where)
        base = base.stored or base
        map_, dims = self.placed(base.dims, index)
        dims = self.dims(target) if isinstance(target.type, ArrayType) and len(target.type.shape) == len(dims) else dims
        if map_ is None:
            return self.bind(statement, self.gathered(base, index, dims))
        if dims:
            return self.bind(statement, shown(base, map_, dims))
        if not isinstance(base, View):
            base = self.materialised(base, lasting=False)
        self.flush_for(base.memory)
        self.define(target, shown(base, map_, ()).at(None, ()), reads_memory=True)  # type: ignore[arg-type]

    def item_of(self, statement: Assign, items: Any, index: Any) -> None:
        if not isinstance(index, Number) or not isinstance(index.node, (ast.Constant, ast.UnaryOp)):
            raise CannotBeNative("an item of a tuple is read at a place that only the run knows", self.where)
        value = items[ast.literal_eval(index.node)]
        if isinstance(value, Number):
            self.define(statement.targets[0], value.node)
        else:
            self.env[statement.targets[0]] = value

    def gathered(self, base: Lazy, index: Any, dims: tuple[Whole, ...]) -> Lazy:
        raise CannotBeNative("an array of indices is read with", self.where)

    # Writes

    def form_written(self, statement: Assign) -> None:
        """The next version of an array: a write into the memory of the one before."""
        array, index, value = statement.args
        base = self.writable(array, statement)
        index = self.take(index)
        map_, dims = self.placed(base.dims, index)
        if map_ is None:
            raise CannotBeNative("an array of indices is written with", self.where)
        self.put(statement, base, map_, dims, value)

    def put(self, statement: Assign, base: View, map_: Map, dims: tuple[Whole, ...], value: Any) -> None:
        symbol = statement.primitive.writes
        found = self.take(value)
        kind = base.dtype.type
        if isinstance(found, Number) and not dims:
            self.before_write(base.memory, statement)
            self.flush_for(base.memory, written=True)
            node = self.cast(found, kind)
            place = shown(base, map_, ()).at(None, ())  # type: ignore[arg-type]
            self.said(f"{ast.unparse(place)} {symbol} {ast.unparse(node)}")
            self.env[statement.targets[0]] = base
            return
        if isinstance(found, Number):
            found = Filled(self.cast(self.named(found), kind), (), base.dtype)
        found = found.stored or found
        dims = tuple(
            found.dims[len(found.dims) - len(dims) + k] if n == -1 and self.fills(found, dims, k) else n for k, n in enumerate(dims)
        )
        if -1 in dims:
            dims = self.part_sizes(base, statement.args[1], dims)
        self.before_write(base.memory, statement)
        self.item(statement, base, map_, dims, found, symbol)
        self.env[statement.targets[0]] = base

    def fills(self, value: Lazy, dims: tuple[Whole, ...], axis: int) -> bool:
        """Whether the size of a part along an axis is that of the value written to it."""
        own = len(value.dims) - len(dims) + axis
        return own >= 0 and not is_one(value.dims[own])

    def part_sizes(self, base: View, index: Any, dims: tuple[Whole, ...]) -> tuple[Whole, ...]:
        """The sizes of a part, from what is known of its index."""
        found = self.sizes_of(part_shape(base.dims, tuple(map(size_of, items(index)))))
        return tuple(f if n == -1 else n for f, n in zip(found, dims, strict=True))

    def item(self, statement: Assign, base: View, map_: Map, dims: tuple[Whole, ...], value: Lazy, symbol: str) -> None:
        """Write a value to a part of memory, in a nest."""
        part = View(base.memory, tuple(a.through(map_) for a in base.map), dims)
        spread = self.spread(value, dims) if len(value.dims) <= len(dims) else self.narrowed(value, dims)
        source = value if spread == whole(len(dims)) and len(value.dims) == len(dims) else shown_lazily(value, spread, dims)
        kind, own = base.dtype.type, value.dtype.type
        if any(not m.roots.isdisjoint(base.memory.roots) and (m is not base.memory or map_ != part.map) for m, map_ in reads_of(source)):
            early = View(self.allocate(source.hint or base.memory.label, dims, source.dtype, False))
            self.add(self.storing(source, early), dims)
            source = early

        def write(step: NestStep, places: Places) -> None:
            node = step.element(source, places)
            node = (
                node
                if kind == own or (np.can_cast(own, kind, "safe") and kind in (np.float64, np.complex128))
                else call(f"np.{base.dtype.name}", node)
            )
            step.put(item, part.index(places), node, symbol)

        item = Item(source, write, "store" if symbol == "=" else "add", base.memory, part.map, location=statement.location,
                    phase=statement.phase)  # fmt: skip
        self.add(item, dims)

    def narrowed(self, value: Lazy, dims: tuple[Whole, ...]) -> Map:
        extra = len(value.dims) - len(dims)
        return (*(Along(None, 0) for _ in range(extra)), *self.spread(shown(value, whole(len(dims)), value.dims[extra:]), dims))

    def cast(self, number: Number, kind: Any) -> Node:
        if number.kind == kind or (kind is np.float64 and number.kind in (float, int, bool)):
            return number.node
        return call(f"np.{np.dtype(kind).name}", number.node)

    def writable(self, array: Any, statement: Assign) -> View:
        """The memory of an array that is going to be written, as a whole."""
        found = self.take(array)
        if not isinstance(found, Lazy):
            raise CannotBeNative("something other than an array is written", self.where)
        found = found.stored or found
        last = not isinstance(array, Var) or not self.left[array]
        if isinstance(found, View) and found.is_whole and found.memory.owned and last:
            self.hold(found.memory)
            return found
        target = statement.targets[0]
        if isinstance(found, Filled) and found.is_zero:
            memory = self.allocate(self.hint(target), found.dims, found.dtype, True, "zeros")
            return View(memory)
        copy = View(self.allocate(self.hint(target), found.dims, found.dtype, True))
        apart = shown_lazily(found, whole(len(found.dims)), found.dims)  # the value itself does not lie where it is written over
        apart.location, apart.phase = found.location, found.phase
        self.add(self.storing(apart, copy), found.dims)
        return copy

    def before_write(self, memory: Memory, statement: Assign) -> None:
        """Compute what is still going to be read of memory that is written now."""
        live = [v for v, n in self.left.items() if n > 0]
        for var in sorted(live, key=lambda v: v not in self.widths):  # what others are multiples of comes first: they read it there
            found = self.env.get(var)
            if isinstance(found, Lazy) and found.stored is None and not memory.roots.isdisjoint(found.roots):
                self.rescue(var, found)

    def rescue(self, var: Var, value: Lazy) -> None:
        """Give a value memory of its own, since something is written over that it is computed from."""
        self.settle(var, value)
        if not isinstance(value, View) or not value.is_whole:
            self.lost.add(value)

    def settle(self, var: Var, value: Lazy) -> None:
        """Give a value memory of its own."""
        width = self.widths.get(var)
        if width is not None:
            view = self.room(value, self.hint(var), width, var in self.escaping)
        else:
            value.hint, value.lasting = value.hint or self.hint(var), var in self.escaping
            view = self.view_for(value)
        if view is not value.becomes:
            self.spare.add(view.memory)
        self.add(self.storing(value, view), value.dims)
        if isinstance(value, View):
            self.env[var] = view
        if not isinstance(value, View) or not value.is_whole:  # the view of a whole array is that of its next version, too
            self.keeps(value, view)

    widths: dict[Var, tuple[int, ...]]

    def room(self, value: Lazy, hint: str, width: tuple[int, ...], lasting: bool) -> View:
        raise NotImplementedError

    def flush_for(self, memory: Memory, written: bool = False) -> None:
        """Write the nests that must come before a read of memory, or a write into it, in a line of its own."""
        self.hold(memory)

        def meets(item: Item) -> bool:
            if item.memory is not None and not item.memory.roots.isdisjoint(memory.roots):
                return True
            return written and any(not m.roots.isdisjoint(memory.roots) for m, _ in item.reads)

        if any(meets(i) for nest in self.pending for i in nest.items):
            self.flush()


def size_of(item: Any) -> Any:
    """An item of an index, with sizes for what is not a number yet."""
    if isinstance(item, Const):
        return item.value
    if isinstance(item, Display):
        return slice(*map(size_of, item.items))
    return 0 if item.size is None else item.size


def shown_lazily(value: Lazy, map_: Map, dims: tuple[Whole, ...]) -> Lazy:
    made = shown(value, map_, dims)
    made.hint = value.hint
    return made
