"""Lists of unknown length, which the code knows as stacks; their cotangents, and those of arrays that may not be there."""
from __future__ import annotations

from typing import Any

import numpy as np


def no_cotangents(value: Any) -> Any:
    """Zeros to begin with, of the shape and dtype of an array; for a list one for each item; None where there is none.

    >>> no_cotangents([0.5, None, np.array([1.0, 2.0])])
    [0.0, None, array([0., 0.])]
    """
    if value is None:
        return None
    if isinstance(value, list):
        return [no_cotangents(each) for each in value]
    return np.zeros(value.shape, value.dtype) if isinstance(value, np.ndarray) else 0.0


def no_rows(value: Any, number: int) -> Any:
    """The same as `no_cotangents` for a number of results at once, with an axis for them in front.

    >>> no_rows([0.5, None, np.array([1.0, 2.0])], 1)
    [array([0.]), None, array([[0., 0.]])]
    """
    if value is None:
        return None
    if isinstance(value, list):
        return [no_rows(each, number) for each in value]
    return np.zeros((number, *np.shape(value)), value.dtype if isinstance(value, (np.ndarray, np.generic)) else float)


def added_cotangents(one: Any, other: Any) -> Any:
    """The sum of two cotangents; of lists item by item. Where one is None there is nothing to add.

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
    """A copy of an array, in its layout, or of a list, that later writes do not change; None where there is none."""
    return None if array is None else list(array) if isinstance(array, list) else np.copy(array)


def count(number: int) -> int:
    """How many steps `range` of a number has: none for a negative one.

    >>> count(-1)
    0
    """
    return max(number, 0)


# A list as the list after it is made of it. Generated code changes the list itself where nobody reads the one before any more.


def listed(items: Any) -> Any:
    """A list with these items, as `list(items)` makes it.

    >>> listed((0.5, 1.5))
    [0.5, 1.5]
    """
    return list(items)


def list_copied(stack: Any) -> Any:
    """A copy of a list, so that what is done to one is not seen in the other.

    >>> list_copied([0.5, 1.5])
    [0.5, 1.5]
    """
    return list(stack)


def appended(stack: Any, value: Any) -> Any:
    """The list that `append` leaves.

    >>> appended([0.5], 1.5)
    [0.5, 1.5]
    """
    return [*stack, value]


def popped(stack: Any) -> Any:
    """The list that `pop` leaves, and the item that it gives.

    >>> popped([0.5, 1.5])
    ([0.5], 1.5)
    """
    if not stack:
        raise IndexError("pop from empty list")
    return stack[:-1], stack[-1]


def stored(stack: Any, index: Any, value: Any) -> Any:
    """The list that `stack[place] = value` leaves.

    >>> stored([0.5, 1.5], -1, 2.0)
    [0.5, 2.0]
    """
    made = list(stack)
    made[index] = value
    return made


def added_item(stack: Any, index: Any, value: Any) -> Any:
    """The list that `stack[place] += value` leaves: a cotangent is added to that of an item.

    >>> added_item([0.5, 1.5], 0, 2.0)
    [2.5, 1.5]
    """
    return stored(stack, index, stack[index] + value)


def item_of(stack: Any, index: Any) -> Any:
    """The item of a list at a place.

    >>> item_of([0.5, 1.5], -1)
    1.5
    """
    return stack[index]


def filled(value: Any, stack: Any) -> Any:
    """A list of the same length with one value in each place: the adjoint of `total_of`.

    >>> filled(2.0, [0.5, 1.5])
    [2.0, 2.0]
    """
    return [value] * len(stack)


def length_of(stack: Any) -> Any:
    """The length of a list.

    >>> length_of([0.5, 1.5])
    2
    """
    return len(stack)


def stacked(stack: Any) -> Any:
    """The array that `np.array` makes of a list.

    >>> stacked([0.5, 1.5])
    array([0.5, 1.5])
    """
    return np.array(stack)


def unstacked(array: Any) -> Any:
    """The rows of an array as a list: the adjoint of `stacked`.

    >>> unstacked(np.array([[0.5], [1.5]]))
    [array([0.5]), array([1.5])]
    """
    return list(array)


def total_of(stack: Any, start: Any) -> Any:
    """The sum of a list and a start, as `sum` adds them up.

    >>> total_of([0.5, 1.5], 0)
    2.0
    """
    return sum(stack, start)
