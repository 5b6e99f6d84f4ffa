"""How an object that stands for a function is pickled: by name where it stands in the place of its function, else by what it is made of.

Which of the two, only the pickler knows: pickle sends functions of `__main__` by name, to a process that runs the same script, and
cloudpickle by value, to one that does not. So an object that is found under a name is made of two functions which say that they are
from there (`f._mark`, `f._content`). Picklers do with them what they do with any function: they send the name, under which the other
process finds those of its own `f`, or the function, which brings along what it holds.
"""
from __future__ import annotations

import sys
import types
from typing import Any

from s2sad.api import travelling
from s2sad.api.standing_for import Standing
from s2sad.runtime import asking

DOTTED = 4  # the first protocol that has names with dots


class Content:
    """What an object is made of; on its way it is a tuple, with what goes along."""

    def __init__(self, owner: Standing) -> None:
        self.owner = owner

    def __reduce__(self) -> Any:
        held = self.owner.held()
        return _together, (*held, travelling.along(*held))


def _together(*parts: Any) -> Any:
    return parts


def reduced(value: Standing, protocol: int) -> Any:
    """What an object is made of, as pickle wants to be told. What may hold the object itself comes second, when there is an empty one."""
    place = place_of(value, value.function)
    if place is None:
        return empty, (type(value),), Content(value)
    return (found, (type(value), value._mark), value._content) if protocol >= DOTTED else place


def place_of(wrapper: Any, function: Any) -> str | None:
    """The name under which an object is found where the function was defined, which it decorates; None if it is not."""
    name = str(asking.attribute(function, "__qualname__", ""))  # which a partial and a callable object do not have
    found: Any = sys.modules.get(asking.attribute(function, "__module__"))
    for part in name.split("."):
        found = getattr(found, part, None)
    return name if found is wrapper else None


def empty(kind: Any) -> Any:
    return kind.__new__(kind)


def found(kind: Any, mark: Any) -> Any:
    """The object that a mark belongs to, where that was found by its name; else an empty one."""
    *place, name = mark.__qualname__.split(".")
    owner: Any = sys.modules.get(mark.__module__)
    for part in place:
        owner = getattr(owner, part, None)
    return owner if isinstance(owner, Standing) and getattr(owner, name) is mark else empty(kind)


def arrived(value: Standing, content: Any) -> None:
    """Give an object its content, if it has not been found by its name, where it has its own."""
    if content is vars(value).get("_content"):
        return
    content = content() if isinstance(content, types.FunctionType) else content
    value.take(*(content.owner.held() if isinstance(content, Content) else content[:-1]))


# The two functions are to stay the same ones: pickle asks whether what it finds under a name is what it sends.


def mark(owner: Standing) -> Any:
    """Where an object was found."""

    def _mark() -> None:
        pass

    return _in_place(owner, _mark)


def content(owner: Standing) -> Any:
    """What an object is made of."""

    def _content() -> Any:
        return held

    held = Content(owner)
    return _in_place(owner, _content)


def _in_place(owner: Standing, function: Any) -> Any:
    function.__module__, function.__qualname__ = owner.__module__, f"{place_of(owner, owner.function)}.{function.__name__}"
    return function
