"""Which bounds hold at a solution: where one holds, the number is the bound, whatever else changes a little."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.rules.facts import Facts
from s2sad.rules.language import zero
from s2sad.types.arrays import Array, shape_of

NEAR, SAME, WEAK = 1e-7, 1e-12, 1e-6
ROUNDING = 1e-10


def sides(x: Any, falling: Any, low: Any, high: Any) -> Any:
    """Which numbers are held at their bounds, from below (-1) or above (1), where the gradient of what is least says that they would
    leave them. Raises ArithmeticError where a bound is reached that nothing holds: there the solution has two derivatives."""
    weak = max(WEAK * np.max(np.abs(falling), initial=0.0), ROUNDING)
    found = np.zeros(np.shape(x), np.intp)
    for side, bound in ((-1, low), (1, high)):
        finite = np.isfinite(bound)
        there = np.where(finite, bound, 0.0)
        apart, pressed = np.where(finite, np.abs(x - there), np.inf), -side * falling
        if np.any((apart <= SAME * np.abs(there)) & (np.abs(pressed) <= weak)):
            raise ArithmeticError("there is no derivative: a bound is reached at the solution, and nothing holds it there")
        found = np.where((apart <= NEAR * (1.0 + np.abs(there))) & (pressed > weak), side, found)
    return found


def _gives_sides(x: Any, falling: Any, low: Any, high: Any) -> Any:
    return Array(np.dtype(np.intp), shape_of(x))


zero("sides(x, falling, low, high)", facts=Facts(gives=_gives_sides, may_raise=True))


def held(x: Any, falling: Any, low: Any, high: Any) -> Any:
    """What is zero at a solution: the gradient, or the number less its bound where that holds."""
    side = sides(x, falling, low, high)
    return np.where(np.less(side, 0), x - np.where(np.isfinite(low), low, 0.0),
                    np.where(np.greater(side, 0), x - np.where(np.isfinite(high), high, 0.0), falling))  # fmt: skip
