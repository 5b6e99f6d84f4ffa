"""The choice of control: whether a call that no stored path serves is recorded, or its loops and branches are kept."""
from __future__ import annotations

import enum
import functools
from typing import TYPE_CHECKING

from s2sad.calls.stored_paths import StoredPaths
from s2sad.calls.trials import Trials
from s2sad.loading import at_first_use
from s2sad.settings import Settings

if TYPE_CHECKING:
    from s2sad.calls import reasons, tiers
    from s2sad.calls.call import Call
else:
    reasons, tiers = at_first_use("s2sad.calls.reasons"), at_first_use("s2sad.calls.tiers")

STEPS_RECORDED = 12  # that a loop takes, with the steps of loops in it, beyond which control="auto" keeps loops and branches
PATHS_RECORDED = 4  # for arguments of one kind, beyond which it does so too


class Way(enum.Enum):
    """What is done for a call."""

    RECORD = enum.auto()
    RECORD_IF_SHORT = enum.auto()
    """Keep loops and branches where a loop takes many steps."""
    KEEP = enum.auto()


class Choice:
    """Says which `way` a call is to go, by what the user has set, by what is stored, and by what is noted in `trials`.

    Those who compile note there what came of it.
    """

    def __init__(self, stored: StoredPaths, settings: Settings) -> None:
        self.stored, self.settings, self.trials = stored, settings, Trials()

    @functools.cached_property
    def tiers(self) -> tiers.Tiers:
        """When native code is made where it is for s2sad to choose."""
        return tiers.Tiers()

    def way(self, call: Call) -> Way:
        """What is done for a call that no stored path serves. Once something has happened in it, only a recording knows what."""
        control, kind = self.settings.control, call.kind
        if call.effects.happened or control == "record" or kind in self.trials.faulty:
            return Way.RECORD
        if control == "keep":
            return Way.KEEP
        if kind in self.trials.refused or self.has_tried(call):
            return Way.RECORD
        if self.wants_native(call):  # of a loop that is unrolled there is too much to compile, and for one size
            return Way.KEEP
        few = self.stored.ways(kind) < PATHS_RECORDED and not self.stored.kept(kind)
        return Way.RECORD_IF_SHORT if few and kind not in self.trials.postponed else Way.KEEP

    def wants_native(self, call: Call) -> bool:
        """Whether the code of a path for a call is to be native, as far as it is known now."""
        backend = self.settings.backend
        wanted = backend == "numba" or (backend == "auto" and self.tiers.wanted(call.kind))
        return wanted and call.kind not in self.trials.interpreted and not call.effects.happened

    def has_tried(self, call: Call) -> bool:
        """Whether it was tried often enough to keep what calls of a kind do; then it is noted why that does not serve them."""
        kind = call.kind
        if self.trials.tries.get(kind, 0) < PATHS_RECORDED:
            return False
        known = self.stored.kept(kind)
        if known and self.trials.reason(kind) is None:
            self.trials.stop(kind, reasons.passed_by(known[0], call.leaves, call.derived.function))
        return True
