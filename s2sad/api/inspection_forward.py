"""Everything there is to see of one call in forward mode."""
from __future__ import annotations

import functools
from dataclasses import replace
from typing import Any

from s2sad import trees
from s2sad.api.forward import Jvp
from s2sad.api.inspection import Inspected
from s2sad.ir.program import Function
from s2sad.machine.transforms import differentiable
from s2sad.shown import textbook_forward
from s2sad.shown.evaluation import Primal, primal
from s2sad.shown.graph import GraphError


class Forward(Inspected):
    """One call of a value with its tangent; `args` are `(primals, tangents)`, as `jvp` takes them.

    >>> import math
    >>> seen = Forward(Jvp(lambda x, y: x * math.sin(y)), (2.0, 0.0), (1.0, 3.0))
    >>> seen.value, seen.tangent
    (0.0, 6.0)
    """

    def __init__(self, derivative: Jvp, primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> None:
        super().__init__(derivative, (primals, tangents), {})
        self.primals, self.tangents = primals, tangents
        self.value, self.tangent = self.result[:2]

    @property
    def numbers(self) -> list[tuple[str, Any]]:
        """The value and the tangent."""
        return [("value", self.value), ("tangent", self.tangent)]

    @property
    def positional(self) -> tuple[Any, ...]:
        return self.primals

    @property
    def moving(self) -> tuple[int, ...]:
        """Where the arguments stand that have a tangent."""
        return tuple(k for k, tangent in enumerate(self.tangents) if tangent is not None)

    @property
    def along(self) -> dict[str, Any]:
        """The tangent of each argument that has one, under its name."""
        return {self.title(k): self.tangents[k] for k in self.moving}

    def kept_primal(self) -> Function:
        found = super().kept_primal()
        return replace(found, params=found.params[: len(trees.flatten(self.primals)[0])])

    @functools.cached_property
    def primal(self) -> Primal:
        """The function by itself."""
        names = self.names[: len(trees.flatten(self.primals)[0])]
        return primal(self.derivative.function, self.moving, self.primals, {}, names, self.derivative.has_aux, self.effects)

    def trace(self) -> textbook_forward.TangentTrace:
        """The evaluation trace, values and tangents side by side. Raises GraphError for a result of several parts."""
        self.of_one("trace")
        pairs = [pair for k in self.moving for pair in zip(*(trees.flatten(given[k])[0] for given in self.args), strict=True)]
        dots = [dot for leaf, dot in pairs if differentiable(leaf)]
        given = {v: dot for v, dot in zip(self.primal.inputs, dots, strict=True) if dot is not None}
        return textbook_forward.trace(self.primal, given)

    def graph(self, path: str) -> None:
        self.of_one("graph")
        super().graph(path)

    def of_one(self, what: str) -> None:
        if trees.parts(self.value, trees.EVERY) is not None:
            kind = type(self.value).__name__
            raise GraphError(f"the {what} is of one number or array, and {self.derivative.__name__}() returns a {kind}; "
                             "look at a function that returns one of them")  # fmt: skip
