"""The path of one call that is looked at: made as the derivative would make it, and stored nowhere."""
from __future__ import annotations

from s2sad.calls.call import Call
from s2sad.calls.choice import Choice
from s2sad.calls.compilation import Compilation
from s2sad.calls.counts import Counts
from s2sad.calls.native_use import used
from s2sad.calls.path import Path
from s2sad.calls.report import Report
from s2sad.calls.stored_paths import StoredPaths
from s2sad.calls.walk import Observe
from s2sad.runtime import ruling
from s2sad.runtime.control import given


def looked_at(call: Call, observe: Observe) -> tuple[Path, tuple[str, ...]]:
    """The path that is made for a call, and why it is recorded if it would have been kept.

    `observe` is told of each stage, also of those of a path that does not come about.
    """
    chosen = Choice(StoredPaths(), call.derived.settings.under(ruling.state()[1]))
    chosen.tiers.at_once = True  # what is shown is what will serve
    compilation = Compilation(chosen.stored, chosen, Report(), Counts(), observe)
    before, given.containers = given.containers, call.containers
    try:
        path, _ = used(compilation, call, *compilation.new(call))
    finally:
        given.containers = before
    return path, (*chosen.trials.reasons, *chosen.tiers.reasons, *path.serial)
