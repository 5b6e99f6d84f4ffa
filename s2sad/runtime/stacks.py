"""Lists of unknown length, which the code knows as stacks; their cotangents, and those of arrays that may not be there."""
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


def no_rows(value: Any, number: int) -> Any:
    """Zeros for a number of values along an axis in front, as `no_cotangents` has them for one.

    >>> no_rows([0.5, None, np.array([1.0, 2.0])], 1)
    [array([0.]), None, array([[0., 0.]])]
    """
    if value is None:
        return None
    if isinstance(value, list):
        return [no_rows(each, number) for each in value]
    return np.zeros((number, *np.shape(value)), value.dtype if isinstance(value, (np.ndarray, np.generic)) else float)


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
    """A copy of an array, in its layout, or of a stack; None where there is none."""
    return None if array is None else list(array) if isinstance(array, list) else np.copy(array)


def count(number: int) -> int:
    """How many steps there are up to a number.

    >>> count(-1)
    0
    """
    return max(number, 0)


# A list as the list after it is made of it. Generated code changes the list itself where nobody reads the one before any more.


def listed(items: Any) -> Any:
    """A list with these items.

    >>> listed((0.5, 1.5))
    [0.5, 1.5]
    """
    return list(items)


def list_copied(stack: Any) -> Any:
    """
    >>> list_copied([0.5, 1.5])
    [0.5, 1.5]
    """
    return list(stack)


def appended(stack: Any, value: Any) -> Any:
    """
    >>> appended([0.5], 1.5)
    [0.5, 1.5]
    """
    return [*stack, value]


def popped(stack: Any) -> Any:
    """What is left without the last item, and that item.

    >>> popped([0.5, 1.5])
    ([0.5], 1.5)
    """
    if not stack:
        raise IndexError("pop from empty list")
    return stack[:-1], stack[-1]


def stored(stack: Any, index: Any, value: Any) -> Any:
    """
    >>> stored([0.5, 1.5], -1, 2.0)
    [0.5, 2.0]
    """
    made = list(stack)
    made[index] = value
    return made


def added_item(stack: Any, index: Any, value: Any) -> Any:
    """
    >>> added_item([0.5, 1.5], 0, 2.0)
    [2.5, 1.5]
    """
    return stored(stack, index, stack[index] + value)


def item_of(stack: Any, index: Any) -> Any:
    """
    >>> item_of([0.5, 1.5], -1)
    1.5
    """
    return stack[index]


def filled(value: Any, stack: Any) -> Any:
    """A value in each place of a list.

    >>> filled(2.0, [0.5, 1.5])
    [2.0, 2.0]
    """
    return [value] * len(stack)


def length_of(stack: Any) -> Any:
    """
    >>> length_of([0.5, 1.5])
    2
    """
    return len(stack)


def stacked(stack: Any) -> Any:
    """
    >>> stacked([0.5, 1.5])
    array([0.5, 1.5])
    """
    return np.array(stack)


def unstacked(array: Any) -> Any:
    """
    >>> unstacked(np.array([[0.5], [1.5]]))
    [array([0.5]), array([1.5])]
    """
    return list(array)


def total_of(stack: Any, start: Any) -> Any:
    """
    >>> total_of([0.5, 1.5], 0)
    2.0
    """
    return sum(stack, start)
