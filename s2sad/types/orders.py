"""Shapes of quantiles: those that are asked for lie in front."""
from __future__ import annotations

from typing import Any

from s2sad.types.arrays import shape_of
from s2sad.types.reductions import gathered


def quantiles(a: Any, q: Any, axis: Any, keepdims: Any) -> tuple[Any, ...]:
    return (*shape_of(q), *gathered(shape_of(a), axis, keepdims))


def along(a: Any, q: Any, axis: Any) -> tuple[Any, ...]:
    return quantiles(a, q, axis, False)
