"""The recursion limit: recording takes more frames for each of the user's, and the function sees and sets the limit that is the user's."""
from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterator

from s2sad.machine.callables import SPECIAL

FRAMES = 20  # frames of the interpreter that one call of the user's takes while it is recorded
_lock, _recordings, _limit = threading.Lock(), [0], [0]


@contextlib.contextmanager
def deep() -> Iterator[None]:
    """Room for the frames that recording adds to each of the user's."""
    with _lock:
        _recordings[0] += 1
        if _recordings[0] == 1:
            _limit[0] = sys.getrecursionlimit()
            sys.setrecursionlimit(_limit[0] * FRAMES)
    try:
        yield
    finally:
        with _lock:
            _recordings[0] -= 1
            if _recordings[0] == 0:
                sys.setrecursionlimit(_limit[0])


def recursion_limit() -> int:
    """What `sys.getrecursionlimit()` is without the room for recording."""
    with _lock:
        return _limit[0] if _recordings[0] else sys.getrecursionlimit()


def set_recursion_limit(limit: int) -> None:
    """`sys.setrecursionlimit(limit)`, which outlives the recording as it outlives a call of the function."""
    with _lock:
        sys.setrecursionlimit(limit * FRAMES if _recordings[0] else limit)  # raises what Python raises
        _limit[0] = limit


SPECIAL |= {
    sys.getrecursionlimit: lambda machine: machine.opaque(recursion_limit, (), {}),
    sys.setrecursionlimit: lambda machine, limit: machine.opaque(set_recursion_limit, (limit,), {}),
}
