"""What an operation gives, told from samples of its arguments."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.errors import CannotKeep
from s2sad.keep.blocks import Blocks
from s2sad.keep.cuts import Cuts, How
from s2sad.keep.numbers import Numbers
from s2sad.keep.samples import Samples, plain
from s2sad.keep.variables import Variables
from s2sad.machine.traced import traced_in
from s2sad.rules.language import Primitive


class Inference:
    """The samples of results: `evaluated` gives both, or says why they do not tell what a result is in another call.

    Nothing is asked of the machine; parts of arrays are left to the cuts, and numbers that follow from others to what tells them apart.
    """

    def __init__(self, samples: Samples, numbers: Numbers, cuts: Cuts, variables: Variables, blocks: Blocks, how: How) -> None:
        self.samples, self.numbers, self.cuts, self.variables, self.blocks, self.how = samples, numbers, cuts, variables, blocks, how

    def evaluated(self, primitive: Primitive, bound: list[Any]) -> tuple[Any, Any]:
        """The samples of a result."""
        if primitive.indexed:
            return self.cuts.samples_of(primitive, bound)
        known = self.is_known(bound)
        first, second = self.samples.evaluate(primitive, bound)
        if type(first) is not type(second) or getattr(first, "dtype", None) != getattr(second, "dtype", None):
            raise CannotKeep(f"the type of what {primitive.name} gives depends on values")
        if primitive.kind != "elementwise" and not self.samples.follows(primitive, bound, (first, second)):
            raise CannotKeep(f"the shape of what {primitive.name} gives depends on how large its arguments are", None,
                             'use control="record"')  # fmt: skip
        if known and not isinstance(first, np.ndarray):
            return first, second
        return self.numbers.apart(primitive, bound, (_plain(first), _plain(second)))

    def is_known(self, bound: list[Any]) -> bool:
        """Whether an operation is on numbers that are known, so that its result is as well."""
        return not self.how.generic and not self.blocks.depth and all(map(self.variables.is_known, traced_in(bound)))


def _plain(value: Any) -> Any:
    return type(value)([_plain(v) for v in value]) if type(value) in (list, tuple) else plain(value)
