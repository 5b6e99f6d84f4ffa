"""The compiler as a derived function sees it. All of it is loaded with the first call that compiles, not with an import of s2sad."""
from __future__ import annotations

from s2sad.calls.call import Call, arrive
from s2sad.calls.compilation import Compilation
from s2sad.calls.looking import looked_at
from s2sad.calls.native_use import left, second_half, used
from s2sad.calls.path import Path
from s2sad.calls.running import first, strengthened
from s2sad.machine import tangents, transforms

__all__ = ["Call", "Compilation", "Path", "arrive", "first", "left", "looked_at", "second_half", "strengthened",
           "tangents", "transforms", "used"]  # fmt: skip
