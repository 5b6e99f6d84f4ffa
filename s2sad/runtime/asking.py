"""What may be asked of any object without running code of its class.

A class with `__getattr__` answers to every name, and may write down that it was asked. So objects of the user's are asked for their
class, and for the attributes that the function itself asks for.
"""
from __future__ import annotations

import inspect
import types
from typing import Any

METHODS = (types.MethodType, types.BuiltinMethodType, types.MethodWrapperType)


def attribute(value: Any, name: str, default: Any = None) -> Any:
    """What is found under a name without `__getattr__` and `__getattribute__` of its class."""
    try:
        return object.__getattribute__(value, name)
    except AttributeError:
        return default


def own_names(value: Any) -> Any:
    """The attributes that an object holds itself."""
    return attribute(value, "__dict__", {})


def title(value: Any, default: str = "") -> str:
    """The name of a function, class or module."""
    return str(attribute(value, "__name__", default))


def receiver(function: Any) -> Any:
    """The object that a method is bound to; None for anything else."""
    return function.__self__ if isinstance(function, METHODS) else None


def signature(function: Any) -> inspect.Signature:
    """What a callable takes; ValueError or TypeError where it does not say."""
    if any("__getattr__" in kind.__dict__ for kind in type(function).__mro__):
        function = types.MethodType(type(function).__call__, function)
    return inspect.signature(function)
