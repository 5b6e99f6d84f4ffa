"""A meter for the calls that Python answers while native code is waited for: what they take, and what native code would have saved."""
from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from s2sad.calls.trials import NOT_NATIVE, NOT_YET
from s2sad.loading import at_first_use
from s2sad.runtime.control import OtherPath

if TYPE_CHECKING:
    from s2sad.calls import worth
    from s2sad.ir.program import Function
else:
    worth = at_first_use("s2sad.calls.worth")

SHARE = 0.3  # of the time of a call, which has to be saved: what is estimated may be wrong by as much
SIZES = 64  # of which it is remembered what they are worth

clock: Callable[[], float] = time.perf_counter
"""What time is told by."""


PRODUCTS, LARGE = ("most of its time goes into products of arrays", "most of its time goes into operations of large arrays")


class Meter:
    """The seconds that calls of a kind have taken in Python, and those of them that native code would have saved."""

    __slots__ = ("known", "lost", "place", "saved", "spent", "takes", "why")

    def __init__(self, place: Any) -> None:
        self.place, self.why = place, ""
        self.spent = self.lost = self.saved = 0.0
        self.takes = 0.0
        self.known: dict[Any, Any] = {}

    @property
    def due(self) -> bool:
        """Whether it is time to compile."""
        return self.lost > 0.0 and self.lost >= self.takes

    def look(self, key: Any, function: Function, leaves: list[Any]) -> None:
        """What native code of a list is worth for a call, which Python serves; the calls that follow may be like it."""
        found = self.known.get(key)
        if found is None:
            found = worth.worth(function, leaves)
            if len(self.known) >= SIZES:
                self.known.clear()
            self.known[key] = found
            self.takes = max(self.takes, worth.seconds_to_compile(function))
        self.saved = found.saved if found.saved >= SHARE else 0.0
        self.why = PRODUCTS if found.products else LARGE

    def add(self, seconds: float) -> None:
        """A call has taken so long."""
        self.spent += seconds
        self.lost += seconds * self.saved

    def timed(self, run: Callable[..., Any]) -> Callable[..., Any]:
        """The code of a path, which the short way in runs: its time is added, and when it is time to compile it is left."""

        def metered(*leaves: Any) -> Any:
            if self.due:
                raise OtherPath
            start = clock()
            results = run(*leaves)
            self.add(clock() - start)
            return results

        return metered

    @property
    def reason(self) -> str:
        """Why calls of this kind run in Python."""
        where = f"{self.place}: " if self.place else ""
        if not self.saved and not self.lost:
            return f"{where}{NOT_NATIVE}{self.why}"
        return (f"{where}{NOT_YET}its calls have lost {self.lost:.2g} s in Python, and it takes about "
                f"{self.takes:.2g} s to compile")  # fmt: skip
