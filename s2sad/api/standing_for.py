"""An object that stands for a function of the user's: under its name, with its signature, pickled where it is found in its place."""
from __future__ import annotations

import functools
import sys
from typing import Any

from s2sad.runtime import asking


def stand_for(wrapper: Any, function: Any) -> None:
    """Give an object the name, the documentation and what else tells of a function."""
    for name in functools.WRAPPER_ASSIGNMENTS:
        if (told := asking.attribute(function, name)) is not None:
            setattr(wrapper, name, told)
    wrapper.__wrapped__ = function
    if not asking.title(function):  # a callable object, a partial
        inner = function.func if isinstance(function, functools.partial) else None
        wrapper.__name__ = asking.title(inner) or type(function).__name__


def signature_text(function: Any) -> str:
    """The parameters of a function, as they are shown."""
    try:
        return str(asking.signature(function))
    except (TypeError, ValueError):
        return "(...)"


def place_of(wrapper: Any, function: Any) -> str | None:
    """The name under which an object is found where the function was defined, which it decorates; None if it is not."""
    name = str(asking.attribute(function, "__qualname__", ""))  # which a partial and a callable object do not have
    found: Any = sys.modules.get(asking.attribute(function, "__module__"))
    for part in name.split("."):
        found = getattr(found, part, None)
    return name if found is wrapper else None
