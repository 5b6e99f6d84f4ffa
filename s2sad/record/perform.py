"""One operation of a recording: evaluated on the real values, written down, and guarded where its type may depend on values."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.errors import MissingRule
from s2sad.ir.program import type_of
from s2sad.ir.writing import Box
from s2sad.machine.calls import with_arrays
from s2sad.machine.traced import Traced, any_traced, strip, traced_in
from s2sad.record.changing import Changing
from s2sad.rules.language import STRONG, Primitive
from s2sad.rules.operations import GETITEM
from s2sad.runtime.strong import holds_nan


class Performing(Changing):
    """The part of a recording that applies primitives."""

    def perform(self, primitive: Primitive, bound: list[Any]) -> Any:
        """Evaluate an operation and write it down."""
        if primitive.asks:
            return self.by_type(primitive, self.choosing(primitive, bound))
        bound = self._settle(primitive, with_arrays(self, primitive, bound))
        levels = self._levels_of(primitive, bound)
        try:
            if self.phase:  # what a division by zero means in an adjoint is said once, by the report of NaN and infinity
                with np.errstate(all="ignore"):
                    value = self.product(primitive, bound, primitive.evaluate(strip(bound)))
            else:
                value = primitive.evaluate(strip(bound))
        except Exception as error:
            self._raised(primitive, bound, error)
            raise
        if value is None or isinstance(value, (np.dtype, type)):
            return value
        result = self._emit(primitive, bound, value, levels, whole=not isinstance(value, (list, tuple)))
        if primitive.dynamic in (True, "fractions") or self._varies(primitive, bound):
            for box in traced_in(result):
                self.guard("type", box, type_of(box.value))
        return result

    def by_type(self, primitive: Primitive, bound: list[Any]) -> Any:
        return primitive.evaluate(strip(bound))

    def choosing(self, primitive: Primitive, bound: list[Any]) -> list[Any]:
        """The arguments of a question about types, in which the number of an axis and the name of a dtype are constants under a guard."""
        return [self._settle_shape(b) if p.name == "axis" else self._texts(b) for p, b in zip(primitive.parameters, bound, strict=True)]

    def _texts(self, value: Any) -> Any:
        if type(value) in (tuple, list):
            return type(value)(map(self._texts, value))
        return self.concrete(value) if isinstance(value, Box) and isinstance(value.value, str) else value

    def product(self, primitive: Primitive, bound: list[Any], value: Any) -> Any:
        """The value of an operation of a sweep; of a product of a cotangent that of the strong one, which the recording may decide by."""
        strong = STRONG.get(primitive) if self.sweeping else None
        if strong is None or not holds_nan(value) or not any(b.var in self.cotangents for b in traced_in(strong.factors(bound))):
            return value
        return strong.primitive.evaluate(strip(bound))

    def _settle(self, primitive: Primitive, bound: list[Any]) -> list[Any]:
        """Parameters that shape the result (an axis, a slice bound) become constants under a guard."""
        if primitive.indexed:
            return [bound[0], *(self._settle_index(b) for b in bound[1:])]
        if primitive.kind not in ("linear", "rule"):
            return bound
        return [b if p.name in primitive.pullbacks and not p.variadic else self._settle_shape(b)
                for p, b in zip(primitive.parameters, bound, strict=True)]  # fmt: skip

    def _settle_shape(self, value: Any) -> Any:
        if isinstance(value, Box):
            return self.concrete(value) if isinstance(value.value, (bool, int, str, np.integer)) else value
        if type(value) in (tuple, list):
            return type(value)(self._settle_shape(v) for v in value)
        return value

    def _settle_index(self, index: Any) -> Any:
        if isinstance(index, slice):
            return slice(*(self.concrete(p) for p in (index.start, index.stop, index.step)))
        if isinstance(index, list) and any_traced(index):
            return self.call(np.array, index)
        return tuple(self._settle_index(i) for i in index) if isinstance(index, tuple) else index

    def _levels_of(self, primitive: Primitive, bound: list[Any]) -> frozenset[int]:
        if primitive.kind == "zero":
            if primitive.real and any(np.iscomplexobj(b.value) for b in traced_in(bound)) and self.active(bound):
                raise MissingRule(f"{primitive.name} has no derivative rule for complex numbers", self.location(),
                                  "write it out, such as z / abs(z)")  # fmt: skip
            return frozenset()
        levels: frozenset[int] = frozenset()
        for parameter, value in zip(primitive.parameters, bound, strict=True):
            for box in traced_in(value):
                if not isinstance(box, Box) or not box.levels:
                    continue
                if parameter.name not in primitive.pullbacks and box.levels & self._open:
                    raise MissingRule(f"{primitive.name} has no derivative with respect to {parameter.name!r}", self.location(),
                                      "pass a constant there, or register a rule that covers it")  # fmt: skip
                levels |= box.levels
        return levels

    def _varies(self, primitive: Primitive, bound: list[Any]) -> bool:
        """Whether the type of the result may depend on values although the rule does not say so."""
        if primitive.dynamic == "exponent":
            exponent = bound[1]
            if any(isinstance(strip(b), np.ndarray) for b in bound):
                return False
            whole = isinstance(exponent, (int, float)) and float(exponent).is_integer()
            return not whole or isinstance(strip(bound[0]), int)
        if primitive is GETITEM:
            index = bound[1] if isinstance(bound[1], tuple) else (bound[1],)
            return any(isinstance(i, Traced) and np.asarray(i.value).dtype == bool for i in index)
        if primitive.kind == "elementwise" or primitive.placed or primitive.callee is None or primitive.root is None:
            return False
        others = [b for p, b in zip(primitive.parameters, bound, strict=True) if p.name not in primitive.pullbacks]
        followed = [b.value for other in others for b in traced_in(other)]
        if primitive.kind == "zero":
            return any(isinstance(v, (int, np.integer, str)) and type(v) is not bool for v in followed)
        # Numbers are constants by now; an array of them may still be a shape.
        return any(isinstance(v, np.ndarray) and v.dtype.kind in "iu" for v in followed)
