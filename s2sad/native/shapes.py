"""Other shapes of the same elements."""

from __future__ import annotations

from typing import Any

from numpy.lib.array_utils import normalize_axis_tuple

from s2sad.errors import CannotBeNative
from s2sad.ir.program import ArrayType, Assign, Const, Var
from s2sad.native.gathering import Gathering
from s2sad.native.indices import is_one
from s2sad.native.lazy import Filled, Lazy, Memory, View, shown
from s2sad.native.places import Along
from s2sad.native.writer import Number
from s2sad.types.sizes import Whole, same


class Shapes(Gathering):
    """The part that writes what gives arrays other shapes."""

    copied: Any

    def form_same(self, statement: Assign) -> None:
        found = self.take(statement.args[0])
        if isinstance(found, Number):
            self.define(statement.targets[0], found.node)
        else:
            self.env[statement.targets[0]] = found

    def rank(self, target: Var) -> int:
        return len(target.type.shape) if isinstance(target.type, ArrayType) else 0

    def arranged(self, statement: Assign, axes: list[int | None]) -> None:
        """The array with its axes in another order; `axes` says which axis of the array each axis of the result is, None for a new one."""
        found = self.lazy(statement.args[0])
        for argument in statement.args[1:]:
            self.take(argument)
        back = {axis: k for k, axis in enumerate(axes) if axis is not None}
        map_ = tuple(Along(back[k]) if k in back else Along(None, 0) for k in range(len(found.dims)))
        dims = tuple(1 if a is None else found.dims[a] for a in axes)
        self.bind(statement, shown(found, map_, dims))

    def rank_of(self, operand: Any) -> int:
        kind = operand.type if isinstance(operand, Var) else None
        return len(kind.shape) if isinstance(kind, ArrayType) else 0

    def plain(self, operand: Any) -> Any:
        if not isinstance(operand, Const):
            raise CannotBeNative("only the run knows the axes", self.where)
        return operand.value

    def form_transpose(self, statement: Assign) -> None:
        rank, axes = self.rank_of(statement.args[0]), constants(statement.args[1])
        self.arranged(statement, [*range(rank)][::-1] if axes is None else [*normalize_axis_tuple(axes, rank)])

    def form_swap_last(self, statement: Assign) -> None:
        rank = self.rank_of(statement.args[0])
        self.arranged(statement, [*range(rank - 2), rank - 1, rank - 2])

    def form_swapaxes(self, statement: Assign) -> None:
        axes: list[int | None] = list(range(self.rank_of(statement.args[0])))
        a, b = (self.plain(x) for x in statement.args[1:3])
        axes[a], axes[b] = axes[b], axes[a]
        self.arranged(statement, axes)

    def form_moveaxis(self, statement: Assign) -> None:
        rank = self.rank_of(statement.args[0])
        given = [constants(a) for a in statement.args[1:3]]
        source, target = (normalize_axis_tuple(a if isinstance(a, (tuple, list)) else (a,), rank) for a in given)
        order: list[int | None] = [n for n in range(rank) if n not in source]
        for to, of in sorted(zip(target, source, strict=True)):
            order.insert(to, of)
        self.arranged(statement, order)

    def form_expand_dims(self, statement: Assign) -> None:
        axis = constants(statement.args[1])
        rank = self.rank(statement.targets[0])
        new = normalize_axis_tuple(axis if isinstance(axis, (tuple, list)) else (axis,), rank)
        old = iter(range(rank - len(new)))
        self.arranged(statement, [None if k in new else next(old) for k in range(rank)])

    def form_squeeze(self, statement: Assign) -> None:
        dims = statement.args[0].type.shape  # type: ignore[union-attr]
        axis = constants(statement.args[1])
        gone = (
            [k for k, n in enumerate(dims) if is_one(n)]
            if axis is None
            else normalize_axis_tuple(axis if isinstance(axis, tuple) else (axis,), len(dims))
        )
        self.arranged(statement, [k for k in range(len(dims)) if k not in gone])

    def form_broadcast_to(self, statement: Assign) -> None:
        found = self.lazy(statement.args[0])
        self.take(statement.args[1])
        dims = self.dims(statement.targets[0])
        self.bind(statement, shown(found, self.spread(found, dims), dims))

    def form_flip(self, statement: Assign) -> None:
        axis = constants(statement.args[1]) if len(statement.args) > 1 else 0
        self.turned_round(statement, axis)

    def form_flipud(self, statement: Assign) -> None:
        self.turned_round(statement, 0)

    def form_fliplr(self, statement: Assign) -> None:
        self.turned_round(statement, 1)

    def turned_round(self, statement: Assign, axis: Any) -> None:
        found = self.lazy(statement.args[0])
        rank = len(found.dims)
        axes = range(rank) if axis is None else normalize_axis_tuple(axis if isinstance(axis, tuple) else (axis,), rank)
        map_ = tuple(Along(k, -1, *self.offset(n - 1)) if k in axes else Along(k) for k, n in enumerate(found.dims))
        self.bind(statement, shown(found, map_, found.dims))

    def form_flatten(self, statement: Assign) -> None:
        if constants(statement.args[1]) != "C":
            raise CannotBeNative("an array is laid out in another order than that of C", self.where)
        self.flattened(statement)

    def flattened(self, statement: Assign) -> None:
        found = self.copied(statement, self.lazy(statement.args[0]))
        self.take(statement.args[1])
        self.bind(statement, self.reshaped(found, self.dims(statement.targets[0]), statement.targets[0]))

    def reshaped(self, found: Lazy, dims: tuple[Whole, ...], target: Var) -> Lazy:
        """The same elements in another shape: axes of one element come and go, else the memory is given another shape."""
        mine, its = [k for k, n in enumerate(found.dims) if not is_one(n)], [k for k, n in enumerate(dims) if not is_one(n)]
        if len(mine) == len(its) and all(same(found.dims[a], dims[b]) for a, b in zip(mine, its, strict=True)):
            to = dict(zip(mine, its, strict=True))
            return shown(found, tuple(Along(to[k]) if k in to else Along(None, 0) for k in range(len(found.dims))), dims)
        if isinstance(found, Filled):
            return Filled(found.value, dims, found.dtype)
        view = self.materialised(found, self.hint(target), target in self.escaping)
        if not (view.is_whole and view.memory.owned):
            copy = View(self.allocate(self.hint(target), view.dims, view.dtype, True))
            self.add(self.storing(view, copy), view.dims)
            view = copy
        self.hold(view.memory)
        self.flush()
        label = self.fresh(self.hint(target) or f"{view.memory.label}_shaped")
        self.said(f"{label} = {view.memory.label}.reshape({', '.join(map(self.size, dims))})" if len(dims) == 1 else
                  f"{label} = {view.memory.label}.reshape(({', '.join(map(self.size, dims))}))")  # fmt: skip
        return View(Memory(label, view.dtype, dims, roots=view.memory.roots))


def constants(operand: Any) -> Any:
    """A plain value that is written in the code: a number, a text, or a tuple of these."""
    if isinstance(operand, Const):
        return operand.value
    items = getattr(operand, "items", None)
    if items is None or not all(isinstance(i, Const) for i in items):
        raise CannotBeNative("only the run knows the axes")
    return tuple(i.value for i in items)


def rows(found: Any) -> list[tuple[tuple[int, ...], Any]] | None:
    """The items of a list, or of a list of lists, with their indices."""
    if not isinstance(found, (list, tuple)):
        return None
    if all(isinstance(i, (list, tuple)) for i in found):
        return [((k, *index), item) for k, row in enumerate(found) for index, item in rows(row) or []]
    return [((k,), item) for k, item in enumerate(found)]
