"""Items of classes and of objects of the user's, which methods of theirs answer."""
from __future__ import annotations

from typing import Any

from s2sad.machine import builtin_functions, objects

NO_METHOD = object()


def item(machine: Any, owner: Any, index: Any) -> Any:
    """What `__class_getitem__` or `__missing__` gives, where one of the user's is asked."""
    if isinstance(owner, type):
        found = objects.defined(owner, "__class_getitem__")
        machine.pins.attribute(owner, "__class_getitem__", found)
        if isinstance(found, classmethod) and objects.is_users(owner):
            return machine.call(found.__func__, owner, index)
    if isinstance(owner, dict) and (absent := machine.method(owner, "__missing__")) is not None and index not in owner:
        return machine.call(absent, owner, index)
    return NO_METHOD


def iterate(machine: Any, value: Any) -> Any:
    """An iterator over what has `__getitem__` alone."""
    if machine.method(value, "__iter__") is None and not hasattr(type(objects.strip_object(value)), "__iter__"):
        if machine.method(value, "__getitem__") is not None:
            return builtin_functions.counted(machine, value)
    return NO_METHOD
