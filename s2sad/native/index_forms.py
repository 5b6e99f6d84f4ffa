"""Parts that arrays of indices and masks name: read element by element, and written in the order of the index."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

from s2sad.errors import CannotBeNative
from s2sad.ir.program import ArrayType, Assign, Const, Display, Guard, Var
from s2sad.native.indices import filled_up, is_one, numbered, whole_number
from s2sad.native.lazy import By, Filled, Lazy, Memory, View
from s2sad.native.nests import cost_of
from s2sad.native.places import Along, Map, Node, Place, Places, parsed
from s2sad.native.shapes import rows
from s2sad.native.sums import Sums
from s2sad.native.writer import DEAR, Number
from s2sad.quickly import dataclass
from s2sad.types.indexing import part_shape
from s2sad.types.polynomials import Symbol
from s2sad.types.sizes import Size, Whole, same

ANYWHERE = Along(None, 0, 0, "?")


@dataclass
class Chosen:
    """What an index with arrays names: for each axis of the array one of its own (an Along), or an array of places with where its axes lie.

    `dims` are the sizes of the part.
    """

    axes: list[Along | tuple[Lazy, Map]]
    dims: tuple[Whole, ...]

    def places(self, step: Any, places: Places, sizes: list[str]) -> Places:
        """Where an element of the part lies in the array."""
        found = []
        for axis, size in zip(self.axes, sizes, strict=True):
            if isinstance(axis, Along):
                found.append(axis.at(places))
            else:
                node = ast.unparse(step.element(axis[0], tuple(a.at(places) for a in axis[1])))
                found.append(Place(term=f"support.wrapped({node}, {size})" if size else node))
        return tuple(found)

    @property
    def read(self) -> tuple[Lazy, ...]:
        return tuple(a[0] for a in self.axes if not isinstance(a, Along))


def is_advanced(operand: Any) -> bool:
    """Whether an index has arrays, or lists of places, in it."""
    if isinstance(operand, Var):
        return isinstance(operand.type, ArrayType) and bool(operand.type.shape)
    if isinstance(operand, Const):
        value = operand.value
        items = value if isinstance(value, tuple) else (value,)
        return any(isinstance(i, (list, np.ndarray)) for i in items)
    if isinstance(operand, Display):
        return operand.kind is list or (operand.kind is tuple and any(map(is_advanced, operand.items)))
    return False


def size_of_number(part: Any) -> Any:
    """The size that a number of an index is; None where nothing tells it."""
    known = whole_number(part)
    return known if known is not None else getattr(part, "size", None)


class Found(View):
    """Places at which a mask holds: they are inside."""


class Indexed(Sums):
    """The part that reads and writes with arrays of indices and masks."""

    def bind(self, statement: Assign, value: Lazy, hint: str = "") -> None:
        (target,) = statement.targets
        if value.dims:
            return super().bind(statement, value, hint)
        if isinstance(value, Filled):
            return self.define(target, value.value)
        if isinstance(value, View):
            self.flush_for(value.memory)
            return self.define(target, value.at(None, ()), reads_memory=True)  # type: ignore[arg-type]
        number = self.folded(statement, value, "+", value.dtype, value.dtype)
        self.flush()
        self.define(target, number.node)

    def form_getitem(self, statement: Assign) -> None:
        if not is_advanced(statement.args[1]):
            return super().form_getitem(statement)
        base = self.take(statement.args[0])
        if not isinstance(base, Lazy):
            raise CannotBeNative("a part of something other than an array is read", self.where)
        base = base.stored or base
        chosen = self.chosen(base.dims, self.take(statement.args[1]), statement.targets[0].type)
        self.bind(statement, self.picked(base, chosen))

    def picked(self, base: Lazy, chosen: Chosen) -> Lazy:
        """The elements that an index names."""
        if not isinstance(base, (View, Filled)) and cost_of(base) >= DEAR:
            base = self.materialised(base, "", False)
        sizes = self.wrapping(base)

        def make(step: Any, places: Places) -> Node:
            return step.element(base, chosen.places(step, places, sizes))

        return By(make, chosen.dims, base.dtype, 2, (base, *chosen.read))

    def wrapping(self, base: Lazy) -> list[str]:
        """For each axis its length, where a place from the end has to be made one from the front; memory takes both."""
        if isinstance(base, View):
            plain = {a.axis for a, n in zip(base.map, base.memory.dims, strict=True)
                     if a.axis is not None and a.step == 1 and not a.offset and not a.term and same(n, base.dims[a.axis])}  # fmt: skip
            return ["" if k in plain else self.size(n) for k, n in enumerate(base.dims)]
        return [self.size(n) for n in base.dims]

    # What an index names

    def chosen(self, dims: tuple[Whole, ...], index: Any, kind: Any = None) -> Chosen:
        """What an index names; it is inside the array, or the call is handed over."""
        index = numbered(index)
        given = [self.listed(p) for p in (index if isinstance(index, tuple) else [index])]
        parts = self.without_masks(given, dims, kind)
        parts = filled_up(parts, len(dims))
        several = [k for k, p in enumerate(parts) if isinstance(p, (Lazy, Number))]
        between = [p for k, p in enumerate(parts) if several[0] < k < several[-1] and not isinstance(p, (Lazy, Number))]
        together = self.broadcast([p.dims for p in parts if isinstance(p, Lazy)])
        first = 0 if between else sum(not isinstance(p, (Lazy, Number)) for p in parts[: several[0]])
        axes: list[Along | tuple[Lazy, Map]] = []
        rest: list[Whole] = []
        rank = len(together) + sum(not isinstance(p, (Lazy, Number)) for p in parts)
        axis = 0
        for part in parts:
            at = len(rest) if len(rest) < first else len(rest) + len(together)
            if part is None:
                rest.append(1)
                continue
            size = dims[axis]
            axis += 1
            if isinstance(part, slice):
                (offset, term), step = self.slice_start(part, size)
                axes.append(Along(at, step, offset, term))
                rest.append(size if part == slice(None) else self.length_of_slice(kind, at - rank, part, size))
            elif isinstance(part, Number):
                if part.kind in (bool, np.bool_):
                    raise CannotBeNative("a truth value is an index", self.where)
                offset, term = self.position(part, size)
                axes.append(Along(None, 0, offset, term))
            else:
                self.ask_inside(part, size)
                axes.append((part, tuple(Along(a.axis if a.axis is None else a.axis + first, a.step) for a in self.spread(part, together))))
        return Chosen(axes, (*rest[:first], *together, *rest[first:]))

    def length_of_slice(self, kind: Any, at: int, part: slice, size: Whole) -> Whole:
        """How long a slice is: by what is written in it, else by the array that is read or written there, whose axes are counted from the
        last."""
        ends = [None if p is None else size_of_number(p) for p in (part.start, part.stop, part.step)]
        if all(p is None or e is not None for p, e in zip((part.start, part.stop, part.step), ends, strict=True)):
            own = self.sizes_of(part_shape((size,), (slice(*ends),)))[0]
            if self.is_told(own):
                return own
        if isinstance(kind, ArrayType) and -at <= len(kind.shape) and not is_one(kind.shape[at]):
            return self.sizes_of(kind.shape)[at]
        raise CannotBeNative("an array of indices is written with beside a slice", self.where)

    def broadcast(self, shapes: list[tuple[Whole, ...]]) -> tuple[Whole, ...]:
        found: list[Whole] = [1] * max(map(len, shapes))
        for shape in shapes:
            for k, size in enumerate(shape):
                if not is_one(size):
                    found[len(found) - len(shape) + k] = size
        return tuple(found)

    def listed(self, part: Any) -> Any:
        """A list of places as an array of them."""
        if isinstance(part, (list, tuple)):
            items = rows(part) or []
            if not items or not all(isinstance(i, Number) and np.dtype(i.kind).kind in "iub" for _, i in items):
                raise CannotBeNative("an index is neither a number nor a slice nor an array", self.where)
            kinds = {np.dtype(i.kind).kind == "b" for _, i in items}
            dims = tuple(np.max([i for i, _ in items], axis=0) + 1)
            memory = self.allocate("places", tuple(map(int, dims)), np.bool_ if kinds == {True} else np.int64, False)
            for index, item in items:
                self.said(f"{memory.label}[{', '.join(map(str, index))}] = {ast.unparse(item.node)}")
            return View(memory)
        if isinstance(part, Lazy):
            part = part.stored or part
            if part.dtype.kind not in "iub" or part.dtype == np.uint64:
                raise CannotBeNative(f"an array of {part.dtype} is an index", self.where)
        return part

    def without_masks(self, parts: list[Any], dims: tuple[Whole, ...], kind: Any) -> list[Any]:
        """Masks as the places that they name."""
        found: list[Any] = []
        for part in parts:
            if not isinstance(part, Lazy) or part.dtype.kind != "b":
                found.append(part)
                continue
            at = sum(p is not None for p in found)
            if any(p is Ellipsis for p in parts) or not all(map(same, part.dims, dims[at : at + len(part.dims)])):
                raise CannotBeNative("only the run knows whether a mask has the shape of what it chooses from", self.where)
            slices = [p for p in parts if not isinstance(p, (Lazy, Number))]
            after = sum(isinstance(p, slice) for p in parts) + len(dims) - at - len(part.dims) if not slices else None
            sizes = kind.shape if isinstance(kind, ArrayType) else ()
            wanted = sizes[-1 - after] if after is not None and len(sizes) > after else None
            if slices:
                wanted = sizes[parts.index(part)] if len(sizes) > parts.index(part) else None
            found += self.places_of(part, wanted)
        return found

    def places_of(self, mask: Lazy, wanted: Whole | None) -> list[Lazy]:
        """Where a mask holds, along each of its axes; there are as many as is wanted, or the call is handed over."""
        view = self.materialised(mask, "mask", False)
        known = getattr(view, "places", None)
        if known is not None and known[0] is self.lines:
            labels, size = known[1:]
        else:
            whole_ = view if view.is_whole else self.copied_view(view, "mask")
            self.flush()
            labels = [self.fresh("place") for _ in mask.dims]
            self.said(f"{', '.join(labels)}{',' if len(labels) == 1 else ''} = np.nonzero({whole_.memory.label})")
            size = self.counted_size(labels[0], wanted)
            if mask is not view:
                view.places = (self.lines, labels, size)  # type: ignore[attr-defined]
        if wanted is not None and not is_one(wanted) and not same(size, wanted):
            self.leave_if(parsed(f"{labels[0]}.shape[0] != {self.size(wanted)}"))
            size = wanted
        return [Found(Memory(label, np.dtype(np.int64), (size,))) for label in labels]

    def counted_size(self, label: str, wanted: Whole | None) -> Whole:
        """The size that a number of places is, with a name where nothing else tells it."""
        wanted = None if wanted is None or is_one(wanted) else self.sizes_of((wanted,))[0]
        if wanted is not None and self.is_told(wanted):
            self.leave_if(parsed(f"{label}.shape[0] != {self.size(wanted)}"))
            return wanted
        size = wanted if wanted is not None else Size.of(Symbol(label))
        self.learn((size,), label)
        return size

    def copied_view(self, view: View, hint: str) -> View:
        copy = View(self.allocate(hint, view.dims, view.dtype, False))
        self.add(self.storing(view, copy), view.dims)
        return copy

    def ask_inside(self, part: Lazy, size: Whole) -> None:
        """Hand the call over where a place is outside an axis. What is asked of an array that nobody writes is asked in front of loops."""
        if isinstance(part, Found):
            return
        view = self.materialised(part, "places", False)
        if not view.is_whole:
            view = self.copied_view(view, "places")
        self.flush()
        self.ask_of_table(view, f"not support.inside({view.memory.label}, {self.size(size)})", size)

    def ask_of_table(self, view: View, question: str, size: Whole = 0) -> None:
        """Hand the call over where something holds of an array; in front of all loops where nobody writes it."""
        if self.frames and not view.memory.owned and self.level(size) == 0 and view.memory.label in self.outside:
            front = self.frames[0].front
            if f"if {question}:" not in front:
                self.leaves = True
                front += [f"if {question}:", ["@leave"]]
            return
        self.leave_if(parsed(question))

    def guard(self, guard: Guard) -> None:
        """The type of an array asks for its sizes, which have been asked for where it was made."""
        found = self.env.get(guard.atom) if isinstance(guard.atom, Var) else None
        if guard.kind == "type" and isinstance(found, Lazy) and guard.value == guard.atom.type:  # type: ignore[union-attr]
            self.take(guard.atom)
            return
        super().guard(guard)

    # Arrays of the code itself

    def constant_array(self, value: np.ndarray[Any, Any]) -> Any:
        """An array of the code itself: it is passed in."""
        label = next((label for label, known in self.constants if known is value), None)
        if label is None:
            if value.dtype.kind not in "fiubc" or value.dtype.name in ("float16", "longdouble", "clongdouble", "uint64"):
                raise CannotBeNative(f"an array of {value.dtype} is read", self.where)
            label = self.fresh("table")
            self.constants.append((label, value))
        if not value.ndim:
            return Number(parsed(f"{label}[()]"), value.dtype.type)
        return View(Memory(label, value.dtype, value.shape, owned=False, roots=frozenset({-1})))

    @property
    def outside(self) -> set[str]:
        """The arrays that are passed in: nobody writes into them here."""
        return {*self.labels.values(), *(label for label, _ in self.constants)}
