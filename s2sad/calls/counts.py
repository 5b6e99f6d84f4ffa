"""What is counted of the calls of a derived function, and how it is shown."""
from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from s2sad.errors import S2sadError
from s2sad.quickly import dataclass


@dataclass(slots=True)
class Counts:
    """Numbers that only grow. Threads that count at the same moment may lose one of them.

    Calls that take the short way in are counted by the path alone; the others have `arrived`, and are `served` unless they raise.
    """

    arrived: int = 0
    served: int = 0
    compilations: int = 0
    recordings: int = 0
    seconds: float = 0.0
    refusals: int = 0
    checks: int = 0
    faults: int = 0

    @contextmanager
    def compiling(self, recording: bool) -> Iterator[None]:
        """A path is made, or it is refused."""
        start = time.perf_counter()
        try:
            yield
            self.compilations += 1
            self.recordings += recording
        except S2sadError:
            self.refusals += 1
            raise
        finally:
            self.seconds += time.perf_counter() - start


@dataclass(frozen=True)
class Stats:
    """What happened in the calls of a derived function, as numbers.

    `hits` says how many calls each path of `paths` has served, in the same order. `seconds` is the time of all compilations, refused ones
    included. A `recording` is a compilation that follows one call, the others keep loops and branches. `refusals` are compilations that
    ended in an error of s2sad; `control="auto"` then records where it can, and `reasons` has their texts. `checks` are the first uses of a
    kept path that were compared with the function itself, or of native code that were compared with the code in Python, and `faults` those
    that differed. `native` says which paths have native code, and `left` how many calls each path has left to Python.
    """

    calls: int
    hits: tuple[int, ...]
    kept: tuple[bool, ...]
    compilations: int
    seconds: float
    recordings: int
    refusals: int
    checks: int
    faults: int
    native: tuple[bool, ...] = ()
    left: tuple[int, ...] = ()

    @property
    def paths(self) -> int:
        """How many paths are stored."""
        return len(self.hits)

    def __str__(self) -> str:
        served = "".join(f"\n    path {n}, {self._kind(n)}: {_some(hits, 'call')}{self._left(n)}" for n, hits in enumerate(self.hits))
        compiled = f"{_some(self.compilations, 'compilation')} in {self.seconds:.2g} s, {_some(self.recordings, 'recording')}"
        checked = f"{_some(self.checks, 'check')} at first use" + (f", {_some(self.faults, 'fault')}" if self.faults else "")
        return f"{_some(self.calls, 'call')}{served}\n{compiled}, {_some(self.refusals, 'refusal')}\n{checked}"

    def _kind(self, number: int) -> str:
        return ("kept" if self.kept[number] else "recorded") + (", native" if any(self.native[number : number + 1]) else "")

    def _left(self, number: int) -> str:
        left = sum(self.left[number : number + 1])
        return f", {left} of them left to Python" if left else ""

    __repr__ = __str__


def _some(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
