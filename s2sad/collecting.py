"""The garbage collector while much is built that stays, through which it would look again and again."""
from __future__ import annotations

import contextlib
import gc
import threading
from collections.abc import Iterator

SELDOM = 20_000  # objects made between two looks at the young ones
FROZEN = 1000  # objects, fewer than any program freezes, and more than Python does as it starts
_lock = threading.Lock()
_builders: list[bool] = []  # a mark for each tree that is being built: whether garbage was collected before the first of them
_recordings: list[tuple[int, int, int]] = []  # the thresholds before the first recording, once for each that is under way


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Nothing is collected in this block, in which nothing of the user's runs."""
    with _lock:
        _builders.append(_builders[0] if _builders else gc.isenabled())
        gc.disable()
    try:
        yield
    finally:
        with _lock:
            if _builders.pop() and not _builders:
                gc.enable()


@contextlib.contextmanager
def staying() -> Iterator[None]:
    """As `uncollected`, for modules that are loaded: afterwards they count as old, and are not looked through as young ones either.

    What the program has frozen stays frozen, and then nothing is done about it.
    """
    with uncollected():
        yield
        if gc.get_freeze_count() < FROZEN:
            gc.freeze()
            gc.unfreeze()


@contextlib.contextmanager
def seldom_collected() -> Iterator[None]:
    """Garbage is collected more seldom in this block, in which the user's function is followed. A threshold that it sets stays."""
    with _lock:
        before = _recordings[0] if _recordings else gc.get_threshold()
        _recordings.append(before)
        raised = (max(before[0], SELDOM) if before[0] else 0, *before[1:])
        gc.set_threshold(*raised)
    try:
        yield
    finally:
        with _lock:
            _recordings.pop()
            if not _recordings and gc.get_threshold() == raised:
                gc.set_threshold(*before)
