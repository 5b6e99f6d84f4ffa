"""From a text to the tree of it, by one thread at a time."""
from __future__ import annotations

import ast
import threading
from typing import Any

_parsing = threading.RLock()


def parse(text: str, mode: str = "exec", file: str = "<unknown>") -> Any:
    """`ast.parse`: CPython counts the depth of a tree it builds in one place for all threads, and fails where two build at one time.

    While it is held nothing else is waited for, so that whatever a thread holds that comes here, none waits for another for ever.
    """
    with _parsing:
        return ast.parse(text, file, mode)
