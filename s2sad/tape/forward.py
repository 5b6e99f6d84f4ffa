"""One step of a forward sweep on the tape: from tangents of an operation's arguments to those of its results.

A number with its tangent beside it is a dual number, and the rules say what becomes of the second part. The tangent of an elementwise
operation is the sum of its partials times the tangents; a linear one is applied to the tangents, with zeros for what has none; others state
theirs with `jvp=`. Of a rule that states none the tangent is what the pullback says: it is linear in the cotangent, so the tangent is what
arrives at the cotangent when the pullback itself is pulled back from the tangents of the arguments. The pairing of the two is the real part
of the sum of products, which is bilinear, so this holds for complex numbers as well, and for functions of them that are not analytic.
"""
from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.errors import RuleError
from s2sad.machine.formulas import check_tangent, lowered_formula
from s2sad.machine.traced import Traced, any_traced, strip
from s2sad.rules.rule_text import Formula
from s2sad.runtime.strong import holds_nan
from s2sad.tape.propagate import Propagate, convert, inexact, involves, parts, zeros_like

Dots = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Push:
    """The chain rule for one application of a primitive, forwards; `names` are those of its inputs, `back` is the way back."""

    back: Propagate
    names: tuple[str, ...]

    def __call__(self, tangents: list[Any], follow: bool = True) -> list[Any]:
        """The tangents of the outputs, given those of the inputs, None for zero.

        Without `follow` the formulas are evaluated on plain values. In products of tangents 0 times anything is 0.
        """
        back = self.back
        bound, answer = (back.bound, back.answer) if follow else (strip(back.bound), strip(back.answer))
        dots = {name: t for name, t in zip(self.names, tangents, strict=True) if t is not None}
        with back.machine.sweep.cotangent(list(dots.values())):
            found = self._tangent(bound, answer, dots)
            if not any_traced(dots) and holds_nan(strip(found)):  # nothing has told its products from others
                again = functools.partial(self._tangent, back.bound, back.answer)
                found = back.machine.sweep.named(again, dots, follow)
        return self._fitted(found, answer)

    def _tangent(self, bound: list[Any], answer: Any, dots: Dots) -> Any:
        primitive = self.back.primitive
        if primitive.jvp is not None:
            return self._stated(primitive.jvp, bound, answer, dots)
        if primitive.kind == "linear":
            return self.back.machine.apply(primitive, [self._dot_of(p.name, b, dots) for p, b in self._arguments(bound)])
        if primitive.kind == "elementwise":
            return self._by_partials(bound, answer, dots)
        return self._transposed(self._reached(dots), bound, answer, dots)

    def _arguments(self, bound: list[Any]) -> zip[tuple[Any, Any]]:
        return zip(self.back.primitive.parameters, bound, strict=True)

    def _reached(self, dots: Dots) -> list[tuple[str, Any]]:
        """The parameters that have a tangent, and their arguments."""
        names, rules = frozenset(dots), self.back.primitive.pullbacks
        return [(p.name, argument) for p, argument in self._arguments(self.back.bound) if p.name in rules and involves(argument, names)]

    def _dot_of(self, parameter: str, argument: Any, dots: Dots) -> Any:
        """The argument that a linear operation has in place of this one."""
        place = self.back.primitive.index(parameter)
        return dot_of(self.back.bound[place], dots) if parameter in self.back.primitive.pullbacks else argument

    def _stated(self, stated: Formula, bound: list[Any], answer: Any, dots: Dots) -> Any:
        """By `jvp=`, of which the terms with tangents of other arguments are left out."""
        reached = [name for name, _ in self._reached(dots)]
        formula = stated.without(frozenset(f"{p.name}_dot" for p, _ in self._arguments(bound) if p.name not in reached))
        given = [dot_of(argument, dots) for argument in self.back.bound]
        if formula is None:
            return None
        found = lowered_formula(self.back.machine, formula)(*bound, *given, answer, None)
        check_tangent(stated, found, answer)
        return found

    def _by_partials(self, bound: list[Any], answer: Any, dots: Dots) -> Any:
        reached = self._reached(dots)
        others = [(name, argument) for name, argument in reached if not self._is_factor(name, argument)]
        found = [self._transposed(others, bound, answer, dots)] if others else []
        for name, argument in reached:
            if name not in dict(others):
                found.append(self.back.contribution(self.back.primitive.pullbacks[name], [*bound, answer], dots[argument.name]))
        return self._sum(found)

    def _is_factor(self, name: str, argument: Any) -> bool:
        """Whether what the rule says of a cotangent is true of a tangent: it is multiplied. Not so where complex numbers are conjugated."""
        if not self.back.primitive.pullbacks[name].uses_cotangent:
            return True
        return isinstance(argument, Traced) and not any(np.iscomplexobj(strip(b)) for b in (*self.back.bound, self.back.answer))

    def _sum(self, found: list[Any]) -> Any:
        total = found[0]
        for one in found[1:]:
            total = self.back.machine.binary("+", total, one)
        return total

    def _transposed(self, reached: list[tuple[str, Any]], bound: list[Any], answer: Any, dots: Dots) -> Any:
        """By pulling back the pullbacks of these parameters; the cotangent that these are evaluated with does not matter."""
        machine = self.back.machine
        mark = machine.begin()
        try:
            leaves, structure = trees.flatten(answer)
            inputs = [machine.input(np.ones_like(strip(leaf)), mark, "g") if inexact(strip(leaf)) else None for leaf in leaves]
            g = trees.unflatten(structure, [zeros_like(leaf) if x is None else x for x, leaf in zip(inputs, leaves, strict=True)])
            outputs, seeds = [], []
            for name, argument in reached:
                formula = self.back.primitive.pullbacks[name]
                whole = self.back.contribution(formula, [*bound, answer], g)
                for target, part in parts(machine, argument, whole, frozenset(dots)):
                    if part is not None:
                        outputs.append(self.back.fit(part, target.value, formula))
                        seeds.append(dots[target.name])
            arrived = iter(machine.pull(mark, outputs, seeds, [x for x in inputs if x is not None]))
            return trees.unflatten(structure, [None if x is None else next(arrived) for x in inputs])
        finally:
            machine.end(mark)

    def _fitted(self, found: Any, answer: Any) -> list[Any]:
        """A tangent for each output, in its shape and dtype."""
        leaves = trees.flatten(answer)[0]
        tangents = [None] * len(leaves) if found is None else trees.flatten(found)[0]
        pairs = zip(leaves, tangents, strict=True)
        return [None if t is None else self._fit(t, strip(leaf)) for leaf, t in pairs if inexact(strip(leaf))]

    def _fit(self, tangent: Any, value: Any) -> Any:
        machine, shape, own = self.back.machine, np.shape(value), np.shape(strip(tangent))
        if own != shape:
            if len(own) > len(shape) or any(n not in (1, m) for n, m in zip(own[::-1], shape[::-1], strict=False)):
                raise RuleError(f"the tangent of {self.back.primitive.name} has the shape {own}, its result {shape}", machine.location())
            tangent = machine.call(np.broadcast_to, tangent, shape)
        return convert(machine, tangent, np.asarray(value).dtype)


def dot_of(argument: Any, dots: Dots) -> Any:
    """An argument with tangents in place of values; zeros of their kind where there are none."""
    if isinstance(argument, Traced):
        return dots[argument.name] if argument.name in dots else dot_of(argument.value, dots)
    if isinstance(argument, (list, tuple)):
        made = [dot_of(item, dots) for item in argument]
        return type(argument)(*made) if hasattr(argument, "_fields") else type(argument)(made)
    if isinstance(argument, np.ndarray):
        return np.zeros_like(argument)
    return type(argument)(0) if isinstance(argument, (bool, int, float, complex, np.generic)) else argument
