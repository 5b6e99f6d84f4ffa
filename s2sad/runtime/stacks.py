"""Cotangents of stacks as a whole, and of arrays that may not be there."""
from __future__ import annotations

from typing import Any

import numpy as np


def no_cotangents(value: Any) -> Any:
    """Zeros for a value, of the shape and dtype of an array; for each of the values of a stack; None where there is none.

    >>> no_cotangents([0.5, None, np.array([1.0, 2.0])])
    [0.0, None, array([0., 0.])]
    """
    if value is None:
        return None
    if isinstance(value, list):
        return [no_cotangents(each) for each in value]
    return np.zeros(value.shape, value.dtype) if isinstance(value, np.ndarray) else 0.0


def added_cotangents(one: Any, other: Any) -> Any:
    """A sum; of stacks, those of what they hold. Where one has nothing, there is nothing to add.

    Where one stack is longer, its loop was left early, and nothing reads what lies beyond.

    >>> added_cotangents([0.5, None, [1.0]], [0.25, None, [2.0]])
    [0.75, None, [3.0]]
    """
    if one is None or other is None:
        return other if one is None else one
    if isinstance(one, list):
        return [added_cotangents(a, b) for a, b in zip(one, other, strict=False)]
    return one + other


def copied_if_there(array: Any) -> Any:
    """A copy of an array, in its layout; None where there is none."""
    return None if array is None else np.copy(array)
