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


def part(items: Any, start: Any, stop: Any) -> Any:
    first, last, made = 0, len(items), []
    if start is not None:
        first = start if start >= 0 else max(last + start, 0)
    if stop is not None:
        last = min(stop, last) if stop >= 0 else max(last + stop, 0)
    for k in range(first, last):
        made.append(items[k])
    return made


def backwards(items: Any) -> Any:
    made: Any = []
    for k in range(len(items)):
        made.append(items[len(items) - 1 - k])
    return made
