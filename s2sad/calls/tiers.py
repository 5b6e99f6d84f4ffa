"""When native code is made where `backend="auto"` chooses: once what it would have saved of the calls so far is as much as compiling takes.

Nobody knows how often a function will be called. Who compiles when the calls have lost as much time as that takes, loses at most twice what
somebody would lose who knew it. What calls in Python take is measured, on the short way in too, by a meter for each kind of arguments; what
native code saves of that is estimated (`worth.py`), as is how long it takes to compile.
"""
from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from s2sad.calls.meters import LARGE, PRODUCTS, SHARE, Meter
from s2sad.calls.trials import noted
from s2sad.loading import at_first_use

if TYPE_CHECKING:
    from s2sad.calls import worth
    from s2sad.calls.call import Call
    from s2sad.calls.path import Path
    from s2sad.machine import transforms
else:
    worth, transforms = map(at_first_use, ("s2sad.calls.worth", "s2sad.machine.transforms"))

def in_vain(path: Path, leaves: list[Any]) -> str:
    """Why native code of a path would hardly be quicker than Python for the sizes of a call; empty where it would be."""
    found = worth.worth(path.function, leaves)
    return "" if found.saved >= SHARE else PRODUCTS if found.products else LARGE


class Tiers:
    """The meters of a derived function, by the kind of arguments; native code that is made is `wanted`."""

    def __init__(self) -> None:
        self.meters: dict[Any, Meter] = {}
        self.begun: dict[Any, bool] = {}
        self.at_once = False
        """Whether it is not waited for anything: who looks at code wants to see that which will serve."""

    def wanted(self, kind: Any) -> bool:
        """Whether calls of a kind are to have native code now."""
        return self.at_once or kind in self.begun

    def due(self, kind: Any) -> bool:
        """Whether it is time to compile for a kind."""
        meter = self.meters.get(kind)
        return meter is not None and meter.due and kind not in self.begun

    def begin(self, kind: Any) -> None:
        noted(self.begun, kind, True)
        meter = self.meters.pop(kind, None)
        if meter is not None:
            meter.takes = math.inf  # the short way in may know it

    def waited(self, call: Call, path: Path, seconds: float) -> None:
        """A call was answered in Python by a path, and took so long."""
        if not path.built.text.effects:
            if call.kind not in self.meters:
                noted(self.meters, call.kind, Meter(transforms.definition(call.derived.function)))
            meter = path.meter = self.meters[call.kind]
            if path.pullback is not None:
                path.pullback.meter = meter
            meter.look(call.key, path.function, call.leaves)
            meter.add(seconds)

    @property
    def reasons(self) -> tuple[str, ...]:
        return tuple(meter.reason for meter in [*self.meters.values()])
