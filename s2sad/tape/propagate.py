"""One step of a backward sweep on the tape: from cotangents of an operation's results to those of its arguments.

The rules say what an operation contributes. What is common to all of them is here, in the plainest form: the product
with the cotangent, the sums that undo broadcasting, dtypes. Everything is asked of the machine, so that a sweep over
followed values is recorded like any other computation.
"""
from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.errors import NotDifferentiable, RuleError
from s2sad.machine.formulas import check_shape, lowered_formula
from s2sad.machine.traced import Traced, any_traced, strip, traced_in
from s2sad.rules.language import Primitive
from s2sad.rules.operations import ASTYPE
from s2sad.rules.rule_text import Formula
from s2sad.runtime.functions import unbroadcast
from s2sad.runtime.strong import holds_nan


def inexact(value: Any) -> bool:
    """Whether a value is a float or complex number, or an array of them: what can have a derivative."""
    if isinstance(value, (np.ndarray, np.generic)):
        return bool(value.dtype.kind in "fc")
    return isinstance(value, (float, complex))


def as_inexact(value: Any, what: str) -> Any:
    """Floats and complex numbers as they are, integers as floats."""
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, np.ndarray) and value.dtype.kind in "iu":
        return value.astype(np.float64)
    if not inexact(value):
        raise NotDifferentiable(f"{what} is {type(value).__name__}, which has no derivative", None, "use floats")
    return value


@dataclass(frozen=True, eq=False)
class Propagate:
    """The chain rule for one application of a primitive; `inputs` are the names that were active when it was made."""

    machine: Any
    primitive: Primitive
    bound: list[Any]
    answer: Any
    inputs: frozenset[str]

    def __call__(self, cotangents: list[Any], follow: bool = True) -> list[Any]:
        """The contributions to the inputs, in their order; None where there is none.

        `cotangents` are those of the outputs, None for an output that does not reach the result. Without `follow`
        the formulas are evaluated on plain values. In products of cotangents 0 times anything is 0.
        """
        bound, answer = (self.bound, self.answer) if follow else (strip(self.bound), strip(self.answer))
        g = self._cotangent(cotangents, answer)
        contributions: list[Any] = []
        for parameter, argument in zip(self.primitive.parameters, self.bound, strict=True):
            if involves(argument, self.inputs):
                formula = self.primitive.pullbacks.get(parameter.name)
                if formula is None:  # the rule needs it, and nothing flows there
                    contributions += [None for _ in parts(self.machine, argument, None, self.inputs)]
                    continue
                with self.machine.sweep.cotangent(g):
                    whole = self.contribution(formula, [*bound, answer], g)
                    if not any_traced(g) and holds_nan(strip(whole)):  # nothing has told its products from others
                        again = functools.partial(self.contribution, formula, [*self.bound, self.answer])
                        whole = self.machine.sweep.named(again, g, follow)
                for target, part in parts(self.machine, argument, whole, self.inputs):
                    contributions.append(None if part is None else self.fit(part, target.value, formula))
        return contributions

    def _cotangent(self, cotangents: list[Any], answer: Any) -> Any:
        """One cotangent for one result; for several a structure like the result, with zeros where nothing arrived."""
        if not isinstance(answer, (list, tuple)):
            return cotangents[0]
        arrived = iter(cotangents)
        leaves, structure = trees.flatten(answer)
        full = [next(arrived) if inexact(strip(leaf)) else None for leaf in leaves]
        full = [zeros_like(x) if c is None else c for c, x in zip(full, leaves, strict=True)]
        return trees.unflatten(structure, full)

    def contribution(self, formula: Formula, arguments: list[Any], g: Any) -> Any:
        value = lowered_formula(self.machine, formula)(*arguments, g)
        if self.primitive.kind == "elementwise":
            check_shape(formula, value, self.answer, True)
        if self.primitive.kind != "elementwise" or formula.uses_cotangent:
            return value
        if type(value) in (int, float) and abs(value) == 1:
            return g if value == 1 else self.machine.unary("neg", g)
        return self.machine.binary("*", g, value)

    def fit(self, contribution: Any, value: Any, formula: Formula) -> Any:
        """The contribution in the shape and dtype of the value it belongs to."""
        shape = np.shape(value)
        if self.primitive.kind != "elementwise":
            check_shape(formula, contribution, value, False)
        if np.ndim(strip(contribution)) >= len(shape) and np.shape(strip(contribution)) != shape:
            contribution = self.machine.call(unbroadcast, contribution, shape)
        if np.shape(strip(contribution)) != shape:
            raise RuleError(f"{formula.text!r} of {self.primitive.name} has the shape {np.shape(strip(contribution))}, "
                            f"its argument {shape}", formula.location)  # fmt: skip
        return convert(self.machine, contribution, np.asarray(value).dtype)


def involves(argument: Any, names: frozenset[str]) -> bool:
    """Whether a value with one of the names is in an argument."""
    return any(variable.name in names for variable in traced_in(argument))


def parts(machine: Any, argument: Any, contribution: Any, names: frozenset[str]) -> Iterator[tuple[Any, Any]]:
    """The values with these names in an argument, each with its part of the contribution."""
    if isinstance(argument, Traced):
        if involves(argument, names):
            yield argument, contribution
    elif isinstance(argument, (list, tuple)):
        for i, item in enumerate(argument):
            if involves(item, names):
                yield from parts(machine, item, None if contribution is None else machine.item(contribution, i), names)


def zeros_like(value: Any) -> Any:
    """Plain zeros of the shape and dtype of a value."""
    return np.zeros_like(strip(value), dtype=None if inexact(strip(value)) else float)[()]


def convert(machine: Any, cotangent: Any, dtype: np.dtype[Any]) -> Any:
    """The cotangent in a dtype; of a complex one for a real value the real part."""
    if np.asarray(strip(cotangent)).dtype.kind == "c" and dtype.kind == "f":
        cotangent = machine.call(np.real, cotangent)
    plain = strip(cotangent)
    if np.asarray(plain).dtype == dtype:
        return cotangent
    if isinstance(plain, np.ndarray):
        return machine.apply(ASTYPE, ASTYPE.bind((cotangent, dtype.type), {}))
    return machine.call(dtype.type, cotangent)


def finish(machine: Any, cotangent: Any, value: Any) -> Any:
    """A gradient as it is handed out: of the class, shape and dtype of its value; zeros where nothing arrived."""
    if cotangent is None:
        return np.zeros_like(value) if isinstance(value, np.ndarray) else type(value)(0)
    kind = type(strip(cotangent))
    if isinstance(value, np.ndarray):
        return cotangent if issubclass(kind, np.ndarray) else machine.call(np.asarray, cotangent)
    return cotangent if kind is type(value) else machine.call(type(value), cotangent)
