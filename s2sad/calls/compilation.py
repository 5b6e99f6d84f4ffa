"""Compilation: a path for a call that no stored one serves."""
from __future__ import annotations

import functools
from typing import Any

from s2sad.calls import choice, meters, native_paths, shared_paths, stored_paths
from s2sad.calls.call import Call
from s2sad.calls.choice import Choice, Way
from s2sad.calls.counts import Counts
from s2sad.calls.kept_paths import keep_path
from s2sad.calls.native_paths import Pure, missing, native_or_not, neither, too_long
from s2sad.calls.path import Path
from s2sad.calls.reasons import NUMERICAL, its_own, left_out
from s2sad.calls.recorded_paths import record_path
from s2sad.calls.report import Report
from s2sad.calls.running import first
from s2sad.calls.stored_paths import StoredPaths
from s2sad.calls.walk import Observe
from s2sad.errors import CannotBeNative, CannotKeep, InvalidIR, S2sadError
from s2sad.ir.liveness import is_effect
from s2sad.ir.program import Function
from s2sad.record.steps import Allowance
from s2sad.runtime import notices
from s2sad.runtime.control import OverBudget


class Compilation:
    """Makes the path of a `new` call: recorded or kept, as the choice is, then stored, and run for this very call.

    It notes in the choice's trials what came of it, and reports what is slow.
    """

    def __init__(self, stored: StoredPaths, choice: Choice, report: Report, counts: Counts, observe: Observe | None = None) -> None:
        self.stored, self.choice, self.report, self.counts, self.observe = stored, choice, report, counts, observe
        self.made: Path | None = None
        """What keeps control flow, as it was made in vain for native code."""
        self.list: Function | None = None
        """The list that was recorded last, before any pass."""

    def answered(self, call: Call) -> tuple[Path, Any]:
        """The most recent path that serves a call, or else a new one, and its results; where it is time for that, one with native code."""
        if not self.due(call):
            return self.stored_or_new(call)
        self.choice.tiers.begin(call.kind)
        for path in (*self.stored.kept(call.kind), *self.stored.recorded(call.key)):
            path.meter = path.at_once = None
        found = self.new(call)
        if found[0].kept is None and found[0].interpreted is not None:  # it serves one size, and one way through the function
            self.choice.tiers.begun.pop(call.kind, None)
        return found

    def due(self, call: Call) -> bool:
        """Whether it is time to compile native code for calls like this one."""
        waited = self.choice.settings.backend == "auto" and self.choice.tiers.due(call.kind)
        return waited and not any(path.interpreted for path in self.stored.recorded(call.key))

    def waits(self, call: Call, path: Path) -> bool:
        """Whether a path that serves a call may be given native code later."""
        if self.choice.settings.backend != "auto" or path.interpreted is not None or path.behind:
            return False
        return call.kind not in self.choice.trials.interpreted and not self.choice.tiers.wanted(call.kind)

    def stored_or_new(self, call: Call) -> tuple[Path, Any]:
        """The path that was made, or a new one, and its results."""
        found = self.first(self.stored.kept(call.kind), call) or self.first(self.stored.recorded(call.key), call)
        return found or self.shared(call) or self.new(call)

    def shared(self, call: Call) -> tuple[Path, Any] | None:
        """A path that was compiled for another function of the same code, and its results, if one serves."""
        if self.choice.wants_native(call) or call.kind in self.choice.trials.faulty:
            return None
        for path in shared_paths.bound(call):
            if (found := self.first((path,), call)) is not None:
                if path.kept is None:
                    self.stored.add_recorded(call.key, call.kind, path)
                    return found
                return self.stored.add_kept(call.kind, path), found[1]
        return None

    def first(self, paths: tuple[Path, ...], call: Call) -> tuple[Path, Any] | None:
        """The first of some paths that serves a call, and its results. What that takes is noted where native code is waited for."""
        start = meters.clock()
        found = first(paths, call.leaves, call.effects)
        if found is not None and self.waits(call, found[0]):
            self.choice.tiers.waited(call, found[0], meters.clock() - start)
        return found

    def new(self, call: Call) -> tuple[Path, Any]:
        """The path and its results. Raises what the function raises, and what refuses it."""
        way = self.choice.way(call)
        if way is Way.RECORD_IF_SHORT:
            try:
                return self.recorded(call, Allowance(choice.STEPS_RECORDED))
            except OverBudget:
                pass
        return self.recorded(call) if way is Way.RECORD else self.kept(call)

    # Kept control flow

    def kept(self, call: Call) -> tuple[Path, Any]:
        """A path that keeps loops and branches; a recorded one where that is refused or does not serve, unless it was asked for."""
        trials, settings, asked = self.choice.trials, self.choice.settings, self.choice.settings.control == "keep"
        try:
            trials.count(call.kind)
            with self.counts.compiling(recording=False):
                self.list = None
                path = self.made or keep_path(call.walk, settings, functools.partial(self.noting, call))
                known = self.stored.alike(call.kind, path)
                path = known if known is not None and known.interpreted else native_or_not(self.choice, call, known or path)
        except S2sadError as error:
            if asked or missing(error):
                raise its_own(call.walk) or error  # noqa: B904  it is the exception of the function
            trials.refuse(call.kind, error)
            return self.recorded(call)
        if settings.backend == "auto" and self.made is None and path.interpreted is None:
            self.made = path
            return self.stored_or_new(call)  # by the choice that there is for Python
        path = self.stored.add_kept(call.kind, path)
        found = self.first((path,), call)
        if found is None:
            found = self.recorded(call)  # which raises what the function raises
            reason = left_out(path, call.leaves, call.derived.function)
            trials.leave_out(call.kind, reason)
            if asked and reason.__cause__ is None and not call.effects.happened:  # what has been done is not to be done again
                self.stored.withdraw(call.key)
                raise reason
        elif self.list is not None:
            shared_paths.offer(call, path, self.list, settings)
        return found

    # Recorded paths

    def recorded(self, call: Call, allowance: Allowance | None = None) -> tuple[Path, Any]:
        """A path for the way of this call. Raises OverBudget where a loop takes more steps than are allowed."""
        with self.counts.compiling(recording=True):
            self.list = None
            path, results = self.recording(call, allowance)
            if self.list is not None:
                shared_paths.offer(call, path, self.list, self.choice.settings)
        effects = path.built.text.effects
        if allowance is not None and allowance.exceeded:
            place = next((s.location for s in path.function.statements if is_effect(s)), None)
            reason = CannotKeep("what the function calls here has an effect, which happens once in each call", place)
            self.choice.trials.postpone(call.kind, reason)
        self.store(call, path)
        # The numbers of the first call are those of every later one, to the last bit; effects are not repeated.
        # An effect may have changed an array that the function had read before: then only the recording saw it as it was.
        again = None if effects else self.again(call, path)
        return (path, results) if again is None else again

    def recording(self, call: Call, allowance: Allowance | None) -> tuple[Path, Any]:
        """The path for the way of this call and its results. Raises CannotBeNative, before anything has happened."""
        settings, native = self.choice.settings, self.choice.wants_native(call)
        if not native or settings.backend == "auto":
            path, results = record_path(call.walk, settings, call.effects, functools.partial(self.noting, call), allowance)
            return path if path.built.text.effects else native_or_not(self.choice, call, path), results
        try:
            path, results = record_path(call.walk, settings, Pure(), self.observe, allowance, native_paths.STATEMENTS_RECORDED)
            return native_or_not(self.choice, call, path), results
        except OverBudget:
            raise neither(self.choice, call, too_long(call)) from None
        except CannotBeNative as error:
            raise neither(self.choice, call, error) from error.__cause__

    def noting(self, call: Call, stage: str, what: Any) -> None:
        if stage == call.derived.stage:
            self.list = what
        if self.observe is not None:
            self.observe(stage, what)

    def again(self, call: Call, path: Path) -> tuple[Path, Any] | None:
        """The results of the code for the call that it was recorded in; None where it does not serve it."""
        with notices.again():
            results = self.first((path,), call)
        if results is None:
            why = left_out(path, call.leaves, call.derived.function)
            if not isinstance(why.__cause__, NUMERICAL):
                self.report.compiled_anew(call.derived.__name__, why)
        return results

    def instead(self, call: Call, path: Path, fault: InvalidIR) -> tuple[Path, Any]:
        """The path and the results of a recording for a call that a kept path has served wrongly, which serves no other from now on."""
        self.counts.faults += 1
        self.stored.drop(call.kind, path)
        shared_paths.withdraw(call)
        self.choice.trials.distrust(call.kind, fault)
        self.report.fault(fault)
        return self.recorded(call)

    def python_instead(self, call: Call, path: Path, fault: InvalidIR) -> None:
        """The path behind native code that is wrong serves in its place from now on."""
        self.counts.faults += 1
        self.choice.trials.interpret(call.kind, fault)
        self.stored.as_python(call, path)
        self.report.fault(fault, "its Python code is used instead")

    def store(self, call: Call, path: Path) -> None:
        """Store a recorded path. After a round of many ways it is worth another try to keep them; after the first it is said."""
        rounds = self.stored.add_recorded(call.key, call.kind, path)
        reason = self.choice.trials.reason(call.kind)
        if rounds:
            self.choice.trials.begin_again(call.kind)
        if 1 in rounds:
            self.report.many_ways(call.derived.__name__, stored_paths.PATHS_KEPT, self.choice.settings.control, reason)
