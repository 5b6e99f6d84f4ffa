"""The paths that were compiled for a function, as far as there is room for them: found by what a call looks like, the most recent first."""
from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from s2sad.calls.call import Call
    from s2sad.calls.path import Path

PATHS_KEPT = 64
KEYS_KEPT = 256


class StoredPaths:
    """Recorded paths by the key of a call, paths with kept control flow by its kind.

    It is asked for the `recorded` and the `kept` ones that may serve a call, in a tuple that stays as it is whatever is stored meanwhile;
    it is told to `add` new ones, which stand before the others. Where there are too many, the oldest make room. Asking takes no lock.
    """

    def __init__(self) -> None:
        self._recorded: dict[Any, tuple[Path, ...]] = {}
        self._kept: dict[Any, tuple[Path, ...]] = {}
        self._kinds: dict[Any, Any] = {}  # by key
        self._dropped = 0
        self.hits_before = 0
        """How many calls were served by paths that are forgotten."""
        self._lock = threading.Lock()

    def recorded(self, key: Any) -> tuple[Path, ...]:
        return self._recorded.get(key, ())

    def kept(self, kind: Any) -> tuple[Path, ...]:
        return self._kept.get(kind, ())

    def ways(self, kind: Any) -> int:
        """How many paths are recorded for arguments of a kind."""
        with self._lock:
            return sum(len(self._recorded.get(key, ())) for key, its in self._kinds.items() if its == kind)

    def add_recorded(self, key: Any, kind: Any, path: Path) -> range:
        """Store a recorded path. Gives the numbers of the rounds that end by this; in each, as many go as a key has room for."""
        with self._lock:
            known, before = self._recorded.get(key, ()), self._dropped // PATHS_KEPT
            if len(self._recorded) >= KEYS_KEPT and key not in self._recorded:
                oldest = next(iter(self._recorded))
                self._dropped += self._forgotten(self._recorded.pop(oldest))
                self._kinds.pop(oldest, None)
            self._dropped += self._forgotten(known[PATHS_KEPT - 1 :])
            self._kinds[key] = kind
            self._recorded[key] = (path, *known[: PATHS_KEPT - 1])
            return range(before + 1, self._dropped // PATHS_KEPT + 1)

    def add_kept(self, kind: Any, path: Path) -> Path:
        """Store a path with kept control flow. Gives the one that serves: where the same code is there already, that one."""
        if (other := self.alike(kind, path)) is not None:
            return self.natively(kind, path) if other is path.plain and other is not path else other
        with self._lock:
            if len(self._kept) >= KEYS_KEPT and kind not in self._kept:
                self._forgotten(self._kept.pop(next(iter(self._kept))))
            self._forgotten(self.kept(kind)[PATHS_KEPT - 1 :])
            self._kept[kind] = (path, *self.kept(kind)[: PATHS_KEPT - 1])
        return path

    def natively(self, kind: Any, path: Path) -> Path:
        """Have a path with native code serve in the place of that in Python which it was made of."""
        with self._lock:
            self.hits_before, path.plain.hits = self.hits_before + path.plain.hits, 0
            self._kept[kind] = tuple(path if other is path.interpreted else other for other in self.kept(kind))
        return path

    def alike(self, kind: Any, path: Path) -> Path | None:
        """A stored path with the same code: another thread has compiled it, or it leaves out the way of these arguments."""
        return next((other for other in self.kept(kind) if other.plain.built.same(path.plain.built)), None)

    def _forgotten(self, paths: tuple[Path, ...]) -> int:
        """How many paths there are, which are stored no longer."""
        self.hits_before += sum(path.served for path in paths)
        return len(paths)

    def withdraw(self, key: Any) -> None:
        """Forget the paths recorded for a key, which are to serve no call."""
        with self._lock:
            self._forgotten(self._recorded.pop(key, ()))

    def drop(self, kind: Any, path: Path) -> None:
        """Forget a path with kept control flow, which is to serve no call, and native code in front of it."""
        with self._lock:
            self._forgotten((path,))
            self._kept[kind] = tuple(other for other in self.kept(kind) if other.plain is not path.plain)

    def as_python(self, call: Call, path: Path) -> None:
        """Have the path behind native code serve in its place from now on."""
        plain = path.plain
        with self._lock:
            plain.behind, plain.hits = False, path.served
            for paths, key in ((self._kept, call.kind), (self._recorded, call.key)):
                if key in paths:
                    paths[key] = tuple(plain if other is path else other for other in paths[key])

    def __iter__(self) -> Iterator[Path]:
        """All of them, those that keep their control flow first."""
        return (path for stored in (self._kept, self._recorded) for paths in list(stored.values()) for path in paths)
