"""Native code. A path whose control flow is kept or recorded comes in, the same path whose text is machine code goes out:
`store` hands the text of a module to Numba, `on_disk` reads what another process compiled, from `files`, and `waiting` tells
whoever waits. It may import `emit` and all that stands before it.
"""
from __future__ import annotations

from typing import Any

from s2sad.errors import CannotBeNative


def native_path(path: Any, settings: Any) -> Any:
    """The same path with native code, and itself as `interpreted` behind it. Raises CannotBeNative."""
    raise CannotBeNative("there is no native code for functions in this version of s2sad")


def pays(path: Any) -> str:
    """Why native code of a path would not be quicker than Python; empty where it would be."""
    return "there is no native code for functions in this version of s2sad"
