"""Functions of whole rows and matrices, called: orders, sums by segments, products of others, and what LAPACK computes of stacks.

What lies along axes comes in rows of memory, by a copy where it does not lie so; the function gives rows, which are shown in the old order
of axes. A function that gives no rows hands the call over.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from s2sad.errors import CannotBeNative
from s2sad.ir.program import ArrayType, Assign, Const, Display, Var
from s2sad.native.joining import several
from s2sad.native.lazy import Lazy, Memory, View, shown
from s2sad.native.numbers import kind_of
from s2sad.native.places import Along, compared, parsed, whole
from s2sad.native.shapes import constants
from s2sad.native.spreads import Spreads
from s2sad.native.writer import Number
from s2sad.rules.language import STRONG
from s2sad.rules.native_forms import form_of
from s2sad.types.sizes import Whole, product

STABLE = ("stable", "mergesort")


class Rows(Spreads):
    """The part that calls functions of rows and of stacks of matrices."""

    # Rows there and back

    def in_rows(self, value: Lazy, axes: tuple[int, ...]) -> tuple[str, list[int]]:
        """The value as rows along axes, which may be written over, as text; and which of its axes is which of theirs."""
        order = [*(k for k in range(len(value.dims)) if k not in axes), *axes]
        return self.laid_in_order(value, order, len(axes)), order

    def laid_in_order(self, value: Lazy, order: list[int], last: int) -> str:
        """A copy with axes in an order, of which all but the last are brought together into one, and these as well."""
        dims = tuple(value.dims[k] for k in order)
        map_ = tuple(Along(order.index(k)) for k in range(len(order)))
        copy = View(self.allocate("rows", dims, value.dtype, False))
        self.add(self.storing(shown(value.stored or value, map_, dims), copy), dims)
        self.hold(copy.memory)
        self.flush()
        if len(dims) == 2 and last == 1:
            return copy.memory.label
        split = len(dims) - last
        return f"{copy.memory.label}.reshape({self.shown_shape((product(dims[:split]), product(dims[split:])))})"

    def shown_shape(self, dims: tuple[Whole, ...]) -> str:
        return f"({', '.join(map(self.size, dims))}{',' if len(dims) == 1 else ''})"

    def back(self, label: str, dtype: Any, order: list[int], last: int, dims: tuple[Whole, ...]) -> View:
        """What a function gives, of rows along axes in an order, with these in their places again."""
        laid = tuple(dims[k] for k in order)
        if len(laid) != 2 or last != 1:
            self.said(f"{(shaped := self.fresh(label))} = {label}.reshape({self.shown_shape(laid)})")
            label = shaped
        return View(Memory(label, np.dtype(dtype), laid), tuple(map(Along, order)), dims)

    def called(self, statement: Assign, function: str, *arguments: str) -> str:
        label = self.fresh(self.hint(statement.targets[0]) or function)
        self.said(f"{label} = support.{function}({', '.join(arguments)})")
        return label

    def of_rows(self, statement: Assign, value: Lazy, axes: tuple[int, ...], function: str, *arguments: str,
                length: Whole | None = None) -> None:  # fmt: skip
        """A function of rows along axes; of another length where that is said."""
        dims = tuple(n if length is None or k not in axes else length for k, n in enumerate(value.dims))
        rows, order = self.in_rows(value, axes)
        label = self.called(statement, function, rows, *arguments)
        self.leave_if(parsed(f"{label}.shape[0] != {self.size(product(value.dims[k] for k in order[: len(order) - len(axes)]))}"))
        self.bind(statement, self.back(label, self.dtype_of(statement), order, len(axes), dims))

    # Orders

    def form_argsort(self, statement: Assign) -> None:
        kind, stable = (self.plain(a) for a in statement.args[2:4])
        self.arranged_rows(statement, "argsorted", str(kind in STABLE or stable is True))

    def form_sort(self, statement: Assign) -> None:
        self.arranged_rows(statement, "sorted_rows")

    def arranged_rows(self, statement: Assign, function: str, *arguments: str) -> None:
        value, axis = self.lazy(statement.args[0]), self.plain(statement.args[1])
        if value.dtype.kind not in "fi":
            raise CannotBeNative(f"this form of {statement.primitive.name} has no native form", self.where)
        value = self.in_a_row(value, statement) if axis is None else value
        self.of_rows(statement, value, ((axis or 0) % len(value.dims),), function, *arguments)

    def form_product_of_others(self, statement: Assign) -> None:
        value, axis = self.lazy(statement.args[0]), constants(statement.args[1])
        if value.dtype.kind not in "fc":
            raise CannotBeNative("products of other elements of whole numbers have no native form", self.where)
        if not value.dims:
            return self.define(statement.targets[0], self.literal(self.dtype_of(statement).type(1)))
        self.of_rows(statement, value, self.axes(axis, len(value.dims)), "products_of_others")

    def form_reduceat(self, statement: Assign) -> None:
        value, places, axis = self.lazy(statement.args[0]), self.whole_places(statement.args[1]), self.plain(statement.args[2])
        if value.dtype != self.dtype_of(statement):
            raise CannotBeNative("sums by segments of another class have no native form", self.where)
        self.of_rows(statement, value, (axis % len(value.dims),), "added_by_segments", places.memory.label, length=places.dims[0])

    def form_scatter_segments(self, statement: Assign) -> None:
        value, places, axis = self.lazy(statement.args[0]), self.whole_places(statement.args[1]), self.plain(statement.args[2])
        self.take(statement.args[3])
        axis %= len(value.dims)
        length = self.dims(statement.targets[0])[axis]
        self.of_rows(statement, value, (axis,), "spread_to_segments", places.memory.label, self.size(length), length=length)

    def whole_places(self, operand: Any) -> View:
        """An array of places, as whole memory."""
        found = self.listed(self.take(operand))
        if not isinstance(found, Lazy) or len(found.dims) != 1 or found.dtype.kind not in "iu":
            raise CannotBeNative("places of this kind have no native form", self.where)
        view = self.materialised(found, "places", False)
        view = view if view.is_whole else self.copied_view(view, "places")
        self.flush()
        return view

    def form_scatter_along_axis(self, statement: Assign) -> None:
        if self.plain(statement.args[2]) is not None or len(self.dims(statement.targets[0])) == 1:
            return super().form_scatter_along_axis(statement)
        source, indices = self.lazy(statement.args[0]), self.take(statement.args[1])
        self.take(statement.args[3])
        (target,) = statement.targets
        dims = self.dims(target)
        base = View(self.allocate(self.hint(target), (product(dims),), self.dtype_of(statement), True, "zeros"))
        self.put_at(statement, base, self.along(base.dims, indices, 0), source, "+=")
        self.bind(statement, self.reshaped(base, dims, target))

    def form_take_along_axis(self, statement: Assign) -> None:
        if self.plain(statement.args[2]) is not None or self.rank_of(statement.args[0]) == 1:
            return super().form_take_along_axis(statement)
        base, indices = self.in_a_row(self.lazy(statement.args[0]), statement), self.take(statement.args[1])
        self.bind(statement, self.picked(base, self.along(base.dims, indices, 0)))

    # Products in which 0 times anything is 0

    def form_strong(self, statement: Assign) -> None:
        """The product as it is; where that holds a NaN, as 0 times infinity is, Python answers."""
        (target,) = statement.targets
        plain = next(p for p, made in STRONG.items() if made.primitive is statement.primitive)
        self.written_as(replace(statement, primitive=plain))
        found = self.env[target]
        if isinstance(found, Number):
            shown = self.named(found)
            self.env[target] = shown
            return self.leave_if(compared(shown.node, "!=", shown.node))
        self.ask_of_all(statement, found.stored or found, lambda x: compared(x, "!=", x))

    def written_as(self, statement: Assign) -> None:
        form = form_of(statement.primitive) or ""
        if not form.startswith("@") or not hasattr(self, f"form_{form[1:]}"):
            raise CannotBeNative(f"{statement.primitive.name} has no native form", self.where)
        getattr(self, f"form_{form[1:]}")(statement)

    # Reductions by other functions

    def form_reduced_by_logaddexp(self, statement: Assign) -> None:
        self.reduced_by(statement, "logaddexp")

    def form_reduced_by_logaddexp2(self, statement: Assign) -> None:
        self.reduced_by(statement, "logaddexp2")

    def form_reduced_by_hypot(self, statement: Assign) -> None:
        self.reduced_by(statement, "hypot")

    def reduced_by(self, statement: Assign, function: str) -> None:
        value = statement.args[0].type if isinstance(statement.args[0], Var) else None
        if not isinstance(value, ArrayType) or value.dtype.kind != "f":
            raise CannotBeNative(f"{statement.primitive.name} of these numbers has no native form", self.where)
        self.reduction(statement, function)

    # Matrices

    def stack_of(self, value: Lazy, dtype: Any, stack: tuple[Whole, ...] | None = None) -> str:
        """Matrices one behind the other, as text; those of fewer are the same for all."""
        return self.matrices(value if stack is None else self.broadcast_stack(value, stack), dtype)

    def matrices(self, value: Lazy, dtype: Any) -> str:
        rank = len(value.dims)
        copy = View(self.allocate("matrices", value.dims, dtype, False))
        self.add(self.storing(shown(value.stored or value, whole(rank), value.dims), copy), value.dims)
        self.hold(copy.memory)
        self.flush()
        if rank == 3:
            return copy.memory.label
        return f"{copy.memory.label}.reshape({self.shown_shape((product(value.dims[:-2]), *value.dims[-2:]))})"

    def is_of_stacks(self, statement: Assign, count: int = 1) -> bool:
        """Whether matrices come in stacks, or are of another class than the result."""
        kinds = [a.type for a in statement.args[:count] if isinstance(a, Var)]
        arrays = [k for k in kinds if isinstance(k, ArrayType)]
        (target, *_) = statement.targets
        own = target.type.dtype if isinstance(target.type, ArrayType) else np.dtype(kind_of(target.type))
        return len(arrays) != count or any(len(k.shape) > 2 or k.dtype != own for k in arrays)

    def by_matrix(self, statement: Assign, function: str, *arguments: str) -> None:
        """A function of each matrix of a stack, with one result or several."""
        value = self.lazy(statement.args[0])
        for argument in statement.args[1:]:
            self.take(argument)
        own = self.target_dtype(statement.targets[0])
        if own.kind != "f" or value.dtype.kind not in "fib":
            raise CannotBeNative(f"{statement.primitive.name} of these numbers has no native form", self.where)
        texts = (self.stack_of(value, own), *arguments)
        labels = [self.fresh(self.hint(t) or "part") for t in statement.targets]
        self.said(f"{', '.join(labels)} = support.{function}({', '.join(texts)})")
        for target, label in zip(statement.targets, labels, strict=True):
            self.give_stacked(target, label, len(value.dims) - 2)

    def target_dtype(self, target: Var) -> np.dtype[Any]:
        return target.type.dtype if isinstance(target.type, ArrayType) else np.dtype(kind_of(target.type))

    def give_stacked(self, target: Var, label: str, counts: int) -> None:
        """Let a target be what is computed for each matrix."""
        if not self.rank(target):
            self.env[target] = Number(parsed(f"{label}[0]"), kind_of(target.type))
            return
        dims = self.dims(target)
        if counts != 1:
            self.said(f"{(shaped := self.fresh(label))} = {label}.reshape({self.shown_shape(dims)})")
            label = shaped
        self.env[target] = View(Memory(label, self.target_dtype(target), dims))

    def form_inv(self, statement: Assign) -> None:
        self.by_matrix(statement, "inverses") if self.is_of_stacks(statement) else super().form_inv(statement)

    def form_det(self, statement: Assign) -> None:
        self.by_matrix(statement, "determinants") if self.is_of_stacks(statement) else super().form_det(statement)

    def form_cholesky(self, statement: Assign) -> None:
        if constants(statement.args[1]) is not False:
            raise CannotBeNative("np.linalg.cholesky with upper= has no native form", self.where)
        self.by_matrix(statement, "factors") if self.is_of_stacks(statement) else super().form_cholesky(statement)

    @several
    def form_slogdet(self, statement: Assign) -> None:
        self.by_matrix(statement, "signs_and_logarithms")

    @several
    def form_eigh(self, statement: Assign) -> None:
        self.by_matrix(statement, "values_and_vectors", str(constants(statement.args[1]) in ("U", "u")))

    def form_eigvalsh(self, statement: Assign) -> None:
        self.by_matrix(statement, "eigenvalues", str(constants(statement.args[1]) in ("U", "u")))

    @several
    def form_svd(self, statement: Assign) -> None:
        if constants(statement.args[2]) is False:
            raise CannotBeNative("singular values alone have no native form", self.where)
        if constants(statement.args[3]) is not False:
            raise CannotBeNative("np.linalg.svd with hermitian= has no native form", self.where)
        self.by_matrix(statement, "singular_parts", str(bool(constants(statement.args[1]))))

    @several
    def form_qr(self, statement: Assign) -> None:
        if constants(statement.args[1]) != "reduced" or len(statement.targets) != 2:
            raise CannotBeNative("this form of np.linalg.qr has no native form", self.where)
        self.by_matrix(statement, "orthogonal_parts")

    def form_cofactors(self, statement: Assign) -> None:
        given = statement.args[1]
        if not ((isinstance(given, Display) and not given.items) or (isinstance(given, Const) and given.value == ())):
            raise CannotBeNative("derivatives of cofactors have no native form", self.where)
        value = self.lazy(statement.args[0])
        text = self.stack_of(value, self.dtype_of(statement))
        label = self.called(statement, "cofactors_of_regular", text)
        self.leave_if(parsed(f"{label}.shape[0] != {self.size(product(value.dims[:-2]))}"))
        self.give_stacked(statement.targets[0], label, len(value.dims) - 2)

    def form_inverse_gaps(self, statement: Assign) -> None:
        """Where two values are equal, Python says what is left out."""
        value = self.lazy(statement.args[0])
        label = self.called(statement, "gaps_apart", self.stack_of(value, self.dtype_of(statement)))
        self.leave_if(parsed(f"{label}.shape[0] != {self.size(product(value.dims[:-1]))}"))
        self.give_stacked(statement.targets[0], label, len(value.dims) - 1)

    def form_between_vectors(self, statement: Assign) -> None:
        (target,), dtype = statement.targets, self.dtype_of(statement)
        values, gaps, *turned = (self.lazy(a) for a in statement.args if not (isinstance(a, Const) and a.value is None))
        dims = self.dims(target)
        if dtype.kind != "f":
            raise CannotBeNative("between_vectors of these numbers has no native form", self.where)
        texts = [self.stack_of(v, dtype, dims[:-2]) for v in (gaps, *turned)]
        own = self.matrices(shown(values.stored or values, self.spread(values, dims[:-1]), dims[:-1]), dtype)
        label = self.called(statement, "turned_apart" if turned else "diagonals_alone", own, *texts)
        self.give_stacked(target, label, len(dims) - 2)

    def form_solve(self, statement: Assign) -> None:
        """Right sides are vectors where there is one alone; else matrices, and stacks of them broadcast with each other."""
        if not self.is_of_stacks(statement, 2):
            return super().form_solve(statement)
        a, b = (self.lazy(x) for x in statement.args)
        dtype, (target,) = self.dtype_of(statement), statement.targets
        if dtype.kind != "f":
            raise CannotBeNative("np.linalg.solve of these numbers has no native form", self.where)
        dims = self.dims(target)
        vector = len(b.dims) == 1
        wanted = (*dims, 1) if vector else dims
        if vector:
            b = shown(b, (Along(0),), (*b.dims, 1))
        texts = [self.stack_of(v, dtype, wanted[:-2]) for v in (a, b)]
        label = self.called(statement, "solutions", *texts)
        self.said(f"{(shaped := self.fresh(label))} = {label}.reshape({self.shown_shape(dims)})")
        self.env[target] = View(Memory(shaped, dtype, dims))

    def broadcast_stack(self, value: Lazy, stack: tuple[Whole, ...]) -> Lazy:
        dims = (*stack, *value.dims[-2:])
        return shown(value.stored or value, self.spread(value, dims), dims)

