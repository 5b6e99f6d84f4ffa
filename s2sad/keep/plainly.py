"""What Python's functions do with the items of a list of unknown length, as functions that are walked like the user's."""
from __future__ import annotations

from typing import Any


def largest(items: Any) -> Any:
    if len(items) == 0:
        raise ValueError("there are no items")
    best = items[0]
    for k in range(1, len(items)):
        if items[k] > best:
            best = items[k]
    return best


def smallest(items: Any) -> Any:
    if len(items) == 0:
        raise ValueError("there are no items")
    best = items[0]
    for k in range(1, len(items)):
        if items[k] < best:
            best = items[k]
    return best


def any_of(items: Any) -> Any:
    found = False
    for item in items:
        if item:
            found = True
            break
    return found


def all_of(items: Any) -> Any:
    found = True
    for item in items:
        if not item:
            found = False
            break
    return found


def product(items: Any) -> Any:
    if len(items) == 0:
        raise ValueError("there are no items")
    result = items[0]
    for k in range(1, len(items)):
        result = result * items[k]
    return result


def extend(items: Any, more: Any) -> None:
    for item in more:
        items.append(item)


def summed(items: Any, start: Any) -> Any:
    if len(items) == 0:
        raise ValueError("there are no items")
    result = start + items[0]
    for k in range(1, len(items)):
        result = result + items[k]
    return result


def counted(items: Any, start: Any) -> Any:
    result = start
    for item in items:
        result = result + item
    return result


def part(items: Any, start: Any, stop: Any, step: Any) -> Any:
    made: Any = []
    for k in range(*bounds(len(items), start, stop, step)):
        made.append(items[k])
    return made


def bounds(length: Any, start: Any, stop: Any, step: Any) -> Any:
    """`slice(start, stop, step).indices(length)`."""
    low, high = (0, length) if step > 0 else (-1, length - 1)
    first, last = (low, high) if step > 0 else (high, low)
    if start is not None:
        first = min(start, high) if start >= 0 else max(length + start, low)
    if stop is not None:
        last = min(stop, high) if stop >= 0 else max(length + stop, low)
    return first, last, step


def set_part(items: Any, start: Any, stop: Any, more: Any) -> None:
    first, last, _ = bounds(len(items), start, stop, 1)
    added, rest = list(more), items[max(first, last) :]
    for _ in range(len(items) - first):
        items.pop()
    items.extend(added)
    items.extend(rest)


def joined(left: Any, right: Any) -> Any:
    made = left[:]
    made.extend(right)
    return made


def concatenated(pieces: Any) -> Any:
    made: Any = []
    for piece in pieces:
        made.extend(piece)
    return made


def place(items: Any, index: Any) -> Any:
    """The number of an item, counted from the front."""
    found = index if index >= 0 else len(items) + index
    if found < 0 or found >= len(items):
        raise IndexError("list index out of range")
    return found


def pop(items: Any, index: Any) -> Any:
    at = place(items, index)
    item = items[at]
    for k in range(at + 1, len(items)):
        items[k - 1] = items[k]
    items.pop()
    return item


def insert(items: Any, index: Any, value: Any) -> None:
    at = min(index, len(items)) if index >= 0 else max(len(items) + index, 0)
    items.append(value)
    for k in range(len(items) - 1, at, -1):
        items[k] = items[k - 1]
    items[at] = value


def reverse(items: Any) -> None:
    for k in range(len(items) // 2):
        items[k], items[len(items) - 1 - k] = items[len(items) - 1 - k], items[k]


# A NaN is found where it is the same object, which the code does not know: it is for other numbers.


def holds(items: Any, value: Any) -> Any:
    if value != value:
        raise ValueError("which object it is decides")
    found = False
    for item in items:
        if item == value:
            found = True
            break
    return found


def index(items: Any, value: Any) -> Any:
    if value != value:
        raise ValueError("which object it is decides")
    for k, item in enumerate(items):
        if item == value:
            return k
    raise ValueError("the value is not in the list")


def count(items: Any, value: Any) -> Any:
    if value != value:
        raise ValueError("which object it is decides")
    found = 0
    for item in items:
        if item == value:
            found = found + 1
    return found


def remove(items: Any, value: Any) -> None:
    items.pop(items.index(value))


def place_before(items: Any, value: Any, lo: Any = 0, hi: Any = None, *, key: Any = None) -> Any:
    """`bisect.bisect_left`, which asks the same of as many items."""
    low, high = lo, len(items) if hi is None else hi
    while low < high:
        middle = (low + high) // 2
        if (items[middle] if key is None else key(items[middle])) < value:
            low = middle + 1
        else:
            high = middle
    return low


def place_after(items: Any, value: Any, lo: Any = 0, hi: Any = None, *, key: Any = None) -> Any:
    low, high = lo, len(items) if hi is None else hi
    while low < high:
        middle = (low + high) // 2
        if value < (items[middle] if key is None else key(items[middle])):
            high = middle
        else:
            low = middle + 1
    return low


def insert_before(items: Any, value: Any, lo: Any = 0, hi: Any = None, *, key: Any = None) -> None:
    items.insert(place_before(items, value if key is None else key(value), lo, hi, key=key), value)


def insert_after(items: Any, value: Any, lo: Any = 0, hi: Any = None, *, key: Any = None) -> None:
    items.insert(place_after(items, value if key is None else key(value), lo, hi, key=key), value)


def reduced(function: Any, items: Any) -> Any:
    if len(items) == 0:
        raise TypeError("there are no items")
    result = items[0]
    for k in range(1, len(items)):
        result = function(result, items[k])
    return result


def reduced_from(function: Any, items: Any, initial: Any) -> Any:
    result = initial
    for item in items:
        result = function(result, item)
    return result


# Generators, with the names of what makes the same iterators in Python and NumPy.


def map(function: Any, first: Any, *others: Any) -> Any:
    if others:
        for items in zip(first, *others, strict=False):
            yield function(*items)
    else:
        for item in first:
            yield function(item)


def filter(function: Any, items: Any) -> Any:
    for item in items:
        if item if function is None else function(item):
            yield item


def ndindex(*shape: Any) -> Any:
    sizes = shape[0] if len(shape) == 1 and isinstance(shape[0], tuple) else shape
    if len(sizes) == 0:
        yield ()
    else:
        for k in range(sizes[0]):
            for rest in ndindex(sizes[1:]):
                yield (k, *rest)


def ndenumerate(array: Any) -> Any:
    for index in ndindex(array.shape):
        yield index, array[index]
