"""Native code. A path whose control flow is kept or recorded comes in, the same path whose text is machine code goes out:
`store` hands the text of a module to Numba, `on_disk` reads what another process compiled, from `files`, and `waiting` tells
whoever waits. It may import `emit` and all that stands before it.
"""
from __future__ import annotations

from s2sad.native.making import native_path

__all__ = ["native_path"]
