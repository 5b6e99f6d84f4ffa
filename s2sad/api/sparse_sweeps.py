"""The sweeps of a sparse Jacobian: one for all rows of a colour, or for all columns of one, in forward mode, where that takes fewer."""
from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.calls.call import Call
from s2sad.errors import NotDifferentiable
from s2sad.machine import transforms
from s2sad.sparse import colouring, compression
from s2sad.sparse.arrays import Csr
from s2sad.sparse.pattern import Pattern


class Swept:
    """One call: its value, what a seed of the value is pulled back to, and what one of the arguments is pushed to.

    `forward` is the function in forward mode: each of its sweeps computes the value again.
    """

    def __init__(self, derived: Any, call: Call, forward: Any = None) -> None:
        self.function, self.call, self.forward = call.derived.function, call, forward
        value, self.pullback = derived.of(call)
        self.leaves, self.structure = trees.flatten(value, opened=trees.EVERY)
        self.floats = [transforms.differentiable(leaf) for leaf in self.leaves]
        self.sizes = [np.size(leaf) for leaf, is_float in zip(self.leaves, self.floats, strict=True) if is_float]
        chosen = derived.differentiated(call.args, call.kwargs)
        self.inputs, self.given = trees.flatten(chosen, opened=trees.EVERY)
        self.places = derived.places(call.args, call.kwargs)
        if not all(map(_real, (*self.leaves, *self.inputs))):
            raise self.refused("a sparse Jacobian is that of real numbers", "use jacobian without sparse=True")

    def refused(self, reason: str, hint: str) -> NotDifferentiable:
        return transforms.refused(NotDifferentiable(reason, None, hint), self.function)

    @property
    def shape(self) -> tuple[int, int]:
        return sum(self.sizes), sum(np.size(x) for x in self.inputs if transforms.differentiable(x))

    def jacobian(self, pattern: Pattern, symmetric: bool = False) -> Csr:
        """The Jacobian, whose elements lie where the pattern says; of one that is symmetric more rows may share a sweep."""
        if pattern.shape != self.shape:
            raise self.refused(f"the pattern passed as sparsity= is of shape {pattern.shape}, the Jacobian of {self.shape}",
                               "a row for each element of the value, a column for each of the arguments")  # fmt: skip
        whole, colours = pattern.star if symmetric else (None, None)
        if whole is not None and colouring.number(colours) < pattern.colours:
            return compression.from_star(whole, colours, self.all(self.pulled, colours))
        if self.pushes(pattern):
            return compression.from_columns(pattern.matrix, pattern.columns, self.all(self.pushed, pattern.columns))
        return compression.from_rows(pattern.matrix, pattern.rows, self.all(self.pulled, pattern.rows))

    def pushes(self, pattern: Pattern) -> bool:
        """Whether forward mode takes fewer sweeps, so many that the values are worth it; effects would happen in each."""
        if self.forward is None or self.call.kwargs or not pattern.pure or pattern.colours < 4 or len(set(self.places)) < len(self.places):
            return False
        return 2 * colouring.number(pattern.columns) < pattern.colours

    def all(self, sweep: Any, colours: Any) -> Any:
        """What the sweeps with the seeds of all colours give, a row each."""
        return np.stack([sweep(seed) for seed in compression.seeds(colours, float)] or [sweep(np.zeros(len(colours)))])

    def pulled(self, seed: Any) -> Any:
        """The product of a row with the Jacobian."""
        cotangent = trees.unflatten(self.structure, _cut(seed, self.leaves))
        return _joined(self.pullback(cotangent), self.inputs)

    def pushed(self, seed: Any) -> Any:
        """The product of the Jacobian with a column."""
        chosen = trees.unflatten(self.given, _cut(seed, self.inputs))
        tangents = dict(zip(self.places, chosen, strict=True))
        return _joined(self.forward(self.call.args, tuple(tangents.get(k) for k in range(len(self.call.args))))[1], self.leaves)

    def check(self, jacobian: Csr) -> None:
        """That a pattern which was passed has left nothing out: a row of random numbers times the Jacobian, against one sweep."""
        row = np.random.default_rng(0).uniform(1.0, 2.0, self.shape[0])
        product, bound, wanted = row @ jacobian, row @ abs(jacobian), self.pulled(row)
        slack = 1e3 * np.finfo(wanted.dtype).eps * (bound + np.abs(wanted) + np.max(bound, initial=0.0))
        wrong = np.flatnonzero(np.isfinite(wanted) & ~(np.abs(product - wanted) <= slack))
        if len(wrong):
            raise self.refused(f"the pattern passed as sparsity= leaves out what is not zero in column {wrong[0]} of the Jacobian",
                               "leave sparsity= out, or pass sparsity(f)(x).matrix")  # fmt: skip

    def blocks(self, jacobian: Csr, single: bool) -> Any:
        """In the structure of the value, and within it that of the arguments, as `jacobian` has it; one array of one array is one block."""
        given = self.given.children[0] if single and self.given is not None else self.given
        starts = _starts([np.size(x) if transforms.differentiable(x) else 0 for x in self.inputs])
        firsts = _starts([np.size(x) if f else 0 for x, f in zip(self.leaves, self.floats, strict=True)])
        whole = len(self.leaves) == len(self.inputs) == 1

        def row(first: int, last: int) -> Any:
            cut = [jacobian if whole else jacobian[first:last, a:b] if b > a else None for a, b in starts]
            return trees.unflatten(given if single else _tuple_of(self.given), cut)

        return trees.unflatten(self.structure, [row(a, b) if f else None for (a, b), f in zip(firsts, self.floats, strict=True)])


def _cut(seed: Any, leaves: list[Any]) -> list[Any]:
    """The parts of a vector that belong to the floats among some leaves, each of the shape of its leaf."""
    found, start = [], 0
    for leaf in leaves:
        size = np.size(leaf) if transforms.differentiable(leaf) else 0
        found.append(np.reshape(seed[start : start + size], np.shape(leaf)) if transforms.differentiable(leaf) else None)
        start += size
    return found


def _joined(found: Any, leaves: list[Any]) -> Any:
    """What belongs to the floats among some leaves as one vector."""
    parts = trees.flatten(found, opened=trees.EVERY)[0]
    return np.concatenate([np.ravel(c) for c, leaf in zip(parts, leaves, strict=True) if transforms.differentiable(leaf)])


def _tuple_of(given: Any) -> Any:
    """The structure of a list of arguments as that of a tuple."""
    return trees.flatten(tuple(trees.unflatten(given, [None] * trees.count(given))), opened=trees.EVERY)[1]


def _starts(sizes: list[int]) -> list[tuple[int, int]]:
    ends = np.cumsum([0, *sizes]).tolist()
    return list(itertools.pairwise(ends))


def _real(value: Any) -> bool:
    return not np.iscomplexobj(value) if isinstance(value, (complex, np.ndarray, np.generic)) else True
