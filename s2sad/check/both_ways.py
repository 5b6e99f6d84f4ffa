"""Forward against reverse mode: the derivative along a direction is the sum of the products of the gradient with it.

The two add up the same products in another order, so they agree to rounding. Where they do not, the direction is halved as long as one of
its halves disagrees, which names the leaf, and the entry.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.check.differences import Array, Leaf, Probe
from s2sad.check.report import Comparison, Disagreement
from s2sad.errors import NotDifferentiable
from s2sad.runtime import asking

Directions = list[Array]


@dataclass(frozen=True)
class Forward:
    """A function whose derivative is taken along directions, one for each leaf: by `push`, which takes function, primals and tangents."""

    probe: Probe
    push: Callable[..., tuple[Any, Any]]

    def __call__(self, directions: Directions) -> tuple[Any, Any]:
        """The value and its tangent. Raises NotDifferentiable where an argument can be given by its name alone."""
        args = self._by_position()
        return self.push(self.probe.function, args, tuple(self._tangent(place, arg, directions) for place, arg in enumerate(args)))

    def _by_position(self) -> tuple[Any, ...]:
        probe = self.probe
        if not probe.kwargs:
            return probe.args
        try:
            bound = asking.signature(probe.function).bind(*probe.args, **probe.kwargs)
            if not bound.kwargs:
                return bound.args
        except (TypeError, ValueError):
            pass
        raise NotDifferentiable("arguments are passed by name", None, "pass them by position")

    def _tangent(self, place: int, argument: Any, directions: Directions) -> Any:
        moved = {leaf.position: d for leaf, d in zip(self.probe.leaves, directions, strict=True) if self._position(leaf) == place}
        if not moved:
            return None
        found, structure = trees.flatten(argument, opened=trees.EVERY)
        return trees.unflatten(structure, [like(x, moved[i]) if i in moved else None for i, x in enumerate(found)])

    def _position(self, leaf: Leaf) -> int:
        """Where the argument of a leaf stands when all are passed by position."""
        if not isinstance(leaf.place, str):
            return leaf.place
        return list(asking.signature(self.probe.function).parameters).index(leaf.place)


def like(value: Any, direction: Array) -> Any:
    """A direction in the type of the value that moves along it."""
    if isinstance(value, np.ndarray):
        return direction.astype(value.dtype if value.dtype.kind in "fc" else float)
    return direction.item()


def everywhere(leaves: list[Leaf]) -> Directions:
    """A direction in which all entries move, none of them by little."""
    rng = np.random.default_rng(0)
    found = []
    for leaf in leaves:
        steps = rng.uniform(0.5, 1.5, np.shape(leaf.value)) * rng.choice([-1.0, 1.0], np.shape(leaf.value))
        found.append(np.asarray(steps * (0.8 + 0.6j) if np.iscomplexobj(leaf.value) else steps))
    return found


def paired(gradient: list[Array], directions: Directions) -> tuple[float, float]:
    """The sum of the products of a gradient with directions, and of their sizes."""
    terms = [np.real(np.ravel(g * d)) for g, d in zip(gradient, directions, strict=True)]
    return float(sum(np.sum(t) for t in terms)), float(sum(np.sum(np.abs(t)) for t in terms))


def compare(comparison: Comparison, forward: Forward, gradient: list[Array], tangent: Any, tolerance: Callable[[float], float]) -> None:
    """Compare the derivative along the direction in which all moves; say where the two differ. `tolerance` is that for a size of terms."""
    directions = everywhere(forward.probe.leaves)
    total, size = paired(gradient, directions)
    if not np.isfinite(size):
        comparison.undecided += 1
    elif not comparison.add("along a direction", tangent, total, tolerance(size)):
        comparison.disagreements[-1] = _localised(comparison.disagreements[-1], forward, gradient, directions, tolerance)


def _localised(found: Disagreement, forward: Forward, gradient: list[Array], directions: Directions, tolerance: Callable[[float], float]
               ) -> Disagreement:  # fmt: skip
    while True:
        for half in halves(directions):
            (total, size), (_, tangent) = paired(gradient, half), forward(half)
            if not abs(tangent - total) <= tolerance(size):
                unit, directions = scale(half), half
                found = Disagreement(where(forward.probe.leaves, half), tangent / unit, total / unit, abs(tolerance(size) / unit))
                break
        else:
            return found


def halves(directions: Directions) -> Iterator[Directions]:
    """The directions with one half of what moves, and with the other; nothing if it is one entry that moves."""
    sizes = [int(np.count_nonzero(d)) for d in directions]
    moving = sum(sizes)
    for chosen in (range(moving // 2), range(moving // 2, moving)) if moving > 1 else ():
        start, half = 0, []
        for direction, size in zip(directions, sizes, strict=True):
            part = np.zeros_like(direction)
            entries = [int(e) for k, e in enumerate(np.flatnonzero(direction)) if start + k in chosen]
            part.flat[entries] = direction.flat[entries]
            half.append(part)
            start += size
        yield half


def scale(directions: Directions) -> float:
    """What turns the derivative along directions into that by the one real entry that moves."""
    moving = [d[d != 0] for d in directions if d.any()]
    return float(moving[0][0]) if len(moving) == len(moving[0]) == 1 and moving[0].dtype.kind == "f" else 1.0


def where(leaves: list[Leaf], directions: Directions) -> str:
    """What moves: an entry, or leaves."""
    moving = [(leaf, d) for leaf, d in zip(leaves, directions, strict=True) if d.any()]
    if len(moving) > 1:
        return f"{moving[0][0].name} to {moving[-1][0].name}"
    leaf, direction = moving[0]
    if np.count_nonzero(direction) > 1 or not direction.ndim:
        return leaf.name
    index = np.unravel_index(np.flatnonzero(direction)[0], direction.shape)
    return f"{leaf.name}[{', '.join(str(int(i)) for i in index)}]"
