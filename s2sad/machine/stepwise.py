"""What NumPy does step by step, as loops that are followed like those of the user's functions."""
from __future__ import annotations

from typing import Any


def apply_at(ufunc: Any, array: Any, places: Any, *others: Any) -> None:
    """`ufunc.at(array, places, other)` for places in vectors, one for each axis, and for a number."""
    for k in range(len(places[0])):
        place = places[0][k] if len(places) == 1 else tuple([p[k] for p in places])
        array[place] = ufunc(array[place], *others)


def combine_at(ufunc: Any, array: Any, places: Any, values: Any) -> None:
    """The same with a value for each place."""
    for k in range(len(places[0])):
        place = places[0][k] if len(places) == 1 else tuple([p[k] for p in places])
        array[place] = ufunc(array[place], values[k])


def folded(function: Any, items: Any, start: Any) -> Any:
    result = start
    for item in items:
        result = function(result, item)
    return result


def folded_from_the_first(function: Any, items: Any) -> Any:
    if len(items) == 0:
        raise TypeError("reduce() of empty iterable with no initial value")
    result = items[0]
    for k in range(1, len(items)):
        result = function(result, items[k])
    return result
