"""An object that stands for a function of the user's: under its name, with its parameters, pickled where it is found in its place.

What a call of it returns is another thing, so a derivative says that of itself: in its documentation, its annotations, its signature.
"""
from __future__ import annotations

import functools
import inspect
import types
from typing import Any, get_args, get_origin

from s2sad.loading import at_first_use
from s2sad.runtime import asking

travels = at_first_use("s2sad.api.travels")  # how it is sent


def stand_for(wrapper: Any, function: Any) -> None:
    """Give an object the name, the documentation and what else tells of a function."""
    for name in functools.WRAPPER_ASSIGNMENTS:
        if (told := asking.attribute(function, name)) is not None:
            setattr(wrapper, name, told)
    wrapper.__wrapped__ = function
    if not asking.title(function):  # a method, a callable object, a partial
        wrapper.__name__ = asking.title(_inner(function)) or type(function).__name__


def _inner(function: Any) -> Any:
    """The function of a method or of a partial."""
    if isinstance(function, types.MethodType):
        return function.__func__
    return function.func if isinstance(function, functools.partial) else None


class Standing:
    """What stands for a function, and may be sent to another process: `held` is what it is made of, and `take` makes it of that again."""

    function: Any

    def held(self) -> tuple[Any, ...]:
        """What it is made of: its attributes."""
        return ({name: value for name, value in self.__dict__.items() if name not in ("_mark", "_content")},)

    def take(self, *held: Any) -> None:
        self.__dict__.update(*held)

    def __reduce_ex__(self, protocol: Any) -> Any:
        return travels.reduced(self, protocol)

    def __setstate__(self, content: Any) -> None:
        travels.arrived(self, content)

    _mark = functools.cached_property(lambda self: travels.mark(self))
    _content = functools.cached_property(lambda self: travels.content(self))


def say(wrapper: Any, what: str, returned: Any) -> None:
    """Let an object tell what it is, in front of the documentation of its function, and how what it returns is annotated."""
    own = asking.attribute(wrapper.function, "__doc__") if isinstance(wrapper.function, types.FunctionType) else None
    wrapper.__doc__ = f"{what}.{chr(10) * 2 + inspect.cleandoc(own) if own else ''}"
    wrapper.__annotations__ = {k: v for k, v in annotated(wrapper.function).items() if k != "return"}
    if returned is not UNKNOWN:
        wrapper.__annotations__["return"] = returned


class Signature:
    """`__signature__` of an object that stands for a function: its parameters, and what is returned by the annotations of the object."""

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if instance is None:
            return None
        returned = asking.attribute(instance, "__annotations__", {}).get("return", inspect.Signature.empty)
        return asking.signature(instance.function).replace(return_annotation=returned)


class _Unknown:
    """What is not annotated."""


UNKNOWN: Any = _Unknown()


def annotated(function: Any) -> dict[str, Any]:
    """The annotations that a callable has itself, or its function."""
    found = asking.attribute(function.func if isinstance(function, functools.partial) else function, "__annotations__")
    return found if isinstance(found, dict) else {}


def parameters(function: Any) -> list[str]:
    """The names of the parameters; none where they are not known."""
    if isinstance(function, types.FunctionType) and not hasattr(function, "__wrapped__"):
        code = function.__code__
        return [*code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]]
    try:
        return list(asking.signature(function).parameters)
    except (TypeError, ValueError):
        return []


def together(parts: list[Any]) -> Any:
    """The annotation of a tuple of what is annotated so: types, or texts of them."""
    if any(part is UNKNOWN for part in parts):
        return UNKNOWN
    if any(isinstance(part, str) for part in parts):
        return f"tuple[{', '.join(part if isinstance(part, str) else inspect.formatannotation(part) for part in parts)}]"
    return tuple[tuple(parts)]  # type: ignore[misc]


def second(pair: Any) -> Any:
    """What the second of a pair is annotated with."""
    held = get_args(pair)
    return held[1] if get_origin(pair) is tuple and len(held) == 2 else UNKNOWN


def signature_text(function: Any) -> str:
    """The parameters of a function, as they are shown."""
    try:
        return str(asking.signature(function))
    except (TypeError, ValueError):
        return "(...)"
