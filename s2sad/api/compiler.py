"""The compiler as a derived function sees it. All of it is loaded with the first call that compiles, not with an import of s2sad."""
from __future__ import annotations

from s2sad.api.call import Call, arrive
from s2sad.api.compilation import Compilation
from s2sad.api.first_use import used
from s2sad.api.looking import looked_at
from s2sad.api.path import Path
from s2sad.api.running import first, strengthened
from s2sad.machine import tangents, transforms

__all__ = ["Call", "Compilation", "Path", "arrive", "first", "looked_at", "strengthened", "tangents", "transforms", "used"]
