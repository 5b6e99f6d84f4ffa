"""Stacks of cotangents, one for each value of a stack, where derivatives of derivatives need them whole."""
from __future__ import annotations

from typing import Any

import numpy as np


def no_cotangents(stack: Any) -> Any:
    """Zeros for the values of a stack, each of the shape and dtype of its value; None where there is none.

    >>> no_cotangents([0.5, None, np.array([1.0, 2.0])])
    [0.0, None, array([0., 0.])]
    """
    return None if stack is None else [_zero(value) for value in stack]


def _zero(value: Any) -> Any:
    if value is None or isinstance(value, list):
        return no_cotangents(value)
    return np.zeros(value.shape, value.dtype) if isinstance(value, np.ndarray) else 0.0


def added_cotangents(one: Any, other: Any) -> Any:
    """The sums of what two stacks hold. Where one of them has nothing, there is nothing to add.

    Where one is longer, its loop was left early, and nothing reads what lies beyond.

    >>> added_cotangents([0.5, None, [1.0]], [0.25, None, [2.0]])
    [0.75, None, [3.0]]
    """
    if one is None or other is None:
        return other if one is None else one
    return [added_cotangents(a, b) if _nothing(a) or _nothing(b) else a + b for a, b in zip(one, other, strict=False)]


def _nothing(value: Any) -> bool:
    return value is None or isinstance(value, list)
