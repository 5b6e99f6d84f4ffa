"""Code that is not followed: what it is handed, and whether it may run functions of the user's."""
from __future__ import annotations

import types
from typing import Any

import numpy as np

from s2sad import objects


def guarded(value: Any) -> Any:
    """Arrays for native code: views that cannot be written."""
    if isinstance(value, np.ndarray):
        view = value.view()
        view.flags.writeable = False
        return view
    if type(value) in (list, tuple):
        return type(value)(guarded(v) for v in value)
    return {k: guarded(v) for k, v in value.items()} if type(value) is dict else value


def runs_users_code(function: Any, args: Any, kwargs: Any) -> bool:
    """Whether native code may run functions of the user's: its own, those it is given, or those of the objects it is given."""
    if not objects.is_library(getattr(function, "__module__", None) or "builtins"):
        return True
    return any(map(holds_users_code, (*args, *kwargs.values(), getattr(function, "__self__", None))))


def holds_users_code(value: Any) -> bool:
    if isinstance(value, (list, tuple, set, frozenset, dict)):
        return any(map(holds_users_code, value.values() if isinstance(value, dict) else value))
    return isinstance(value, (types.FunctionType, types.MethodType, types.GeneratorType)) or objects.is_users(type(value))
