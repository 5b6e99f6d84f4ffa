"""The functions that are drawn, with what s2sad makes of them."""

from __future__ import annotations

import linecache
from typing import Any

import s2sad

SWING = """\
def swing(angle, steps):
    speed = 0.0
    for _ in range(steps):
        speed = speed - 0.1 * math.sin(angle)
        angle = angle + 0.1 * speed
    return angle * angle
"""
SETTLE = """\
def settle(x, steps):
    s = x
    for _ in range(steps):
        s = 0.5 * s * s + x
        if s > 1.0:
            s = s - 1.0
    return s
"""


def made(name: str, text: str, **options: Any) -> Any:
    """The gradient of a function that stands in a file by itself."""
    import math

    file = f"{name}.py"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    scope: dict[str, Any] = {"math": math, "__name__": "__main__"}
    exec(compile(text, file, "exec", dont_inherit=True), scope)
    return s2sad.value_and_grad(scope[name], **options)
