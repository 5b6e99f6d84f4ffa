"""A derived function, compiled path by path: the cache, the dispatch, and what can be looked at."""
from __future__ import annotations

import functools
import sys
import threading
import types
import weakref
from collections.abc import Callable
from typing import Any

from s2sad import trees
from s2sad.api import nonfinite
from s2sad.api.compilation import Path, compile_path
from s2sad.api.kept_paths import NUMERICAL, its_own, keep_path, left_out, passed_by
from s2sad.api.show import listing
from s2sad.api.trials import Trials
from s2sad.emit.arrival import NotQuick, Taking
from s2sad.errors import CannotKeep, NotDifferentiable, S2sadError, SlowPathWarning, warn
from s2sad.ir.liveness import is_effect
from s2sad.machine import foreign, transforms
from s2sad.machine.callables import Transform
from s2sad.runtime import asking, notices
from s2sad.runtime.control import Effects, OverBudget, changed, given
from s2sad.runtime.finite import exactly_finite, finite, nonfinite_warnings, same_value
from s2sad.runtime.strong import holds_nan
from s2sad.settings import CONTROL, Settings

PATHS_KEPT = 64
STATEMENTS_RECORDED = 2000  # beyond which control="auto" keeps loops and branches
PATHS_RECORDED = 4  # for arguments of one kind, beyond which it does so too
KEYS_KEPT = 256
NOTHING: Any = (None, lambda *args: None, None)


class Compiled(Transform):
    """A function derived from the user's, compiled path by path as it is called."""

    suffix = "compiled"
    __name__: str

    def __init__(self, function: Callable[..., Any], settings: Settings = Settings()) -> None:
        if not callable(function):
            raise TypeError(f"{function!r} is not callable")
        if settings.control not in CONTROL:
            raise ValueError(f"control is one of {', '.join(map(repr, CONTROL))}, not {settings.control!r}")
        self.function, self.settings = function, settings
        for name in functools.WRAPPER_ASSIGNMENTS:
            if (told := asking.attribute(function, name)) is not None:
                setattr(self, name, told)
        self.__wrapped__ = function
        if not asking.title(function):  # a callable object, a partial
            inner = function.func if isinstance(function, functools.partial) else None
            self.__name__ = asking.title(inner) or type(function).__name__
        self._paths: dict[Any, tuple[Path, ...]] = {}
        self._kept: dict[Any, tuple[Path, ...]] = {}
        self._kinds: dict[Any, Any] = {}
        self._trials = Trials()
        self._dropped = 0
        self._quick: Any = NOTHING
        self._quick_by_name: Any = NOTHING
        self._quicks: weakref.WeakKeyDictionary[Path, Any] = weakref.WeakKeyDictionary()
        self._origins: nonfinite.Origins = weakref.WeakKeyDictionary()
        self._lock = threading.Lock()
        self._last: Path | None = None

    # What a kind of derivative says

    def trace(self, machine: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return self.body(machine, args, kwargs)

    def body(self, machine: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return machine.call(machine.entry(self.function), *args, **kwargs)

    def select(self, result: Any) -> Any:
        return result

    def differentiated(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Any]:
        """The arguments of a call that are differentiated."""
        return []

    # Calling

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        # The common case, kept short: a call like the last one, which the generated test of its path tells.
        path, run_path, finish = self._quick if not kwargs else self._quick_by_name
        try:
            results = run_path(*args) if not kwargs else run_path(*args, kwargs)
            if results is not None:
                self._last = path
                return finish(results)
        except Exception:
            pass
        return self.select(self.evaluate(args, kwargs))

    def evaluate(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        effects = Effects(meddles=foreign.meddles)
        path, leaves, results = self.served(args, kwargs, effects)
        if not all(map(finite, results)):
            results = self.strongly(path, leaves, results, effects)
        if not path.built.text.effects:
            self.remember(args, kwargs, path, results)
        return path.finish(tuple(results))

    def flat(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[list[Any], Any]:
        """The leaves of the arguments and their structure; containers of other classes are taken apart where they are differentiated."""
        try:
            leaves, structure = trees.flatten((args, kwargs), objects=True)
            if any(map(trees.closed, leaves)) and (opened := trees.within(self.differentiated(args, kwargs))):
                leaves, structure = trees.flatten((args, kwargs), objects=True, opened=opened)
        except NotDifferentiable as error:
            raise transforms.refused(error, self.function) from None
        return leaves, structure

    def served(self, args: tuple[Any, ...], kwargs: dict[str, Any], effects: Effects) -> tuple[Path, list[Any], Any]:
        """Run the most recent path that applies, or record a new one: the path, the leaves of the arguments, the results."""
        before, given.containers = given.containers, functools.partial(self.taken_apart, args, kwargs)
        try:
            return self.serve(args, kwargs, effects)
        finally:
            given.containers = before

    def taken_apart(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> frozenset[int]:
        return trees.within((args, kwargs), trees.within(self.differentiated(args, kwargs)))

    def serve(self, args: tuple[Any, ...], kwargs: dict[str, Any], effects: Effects) -> tuple[Path, list[Any], Any]:
        leaves, structure = self.flat(args, kwargs)
        key = (structure, *map(trees.leaf_key, leaves))
        kind = (structure, *map(trees.kind_key, leaves))
        path, results = (self.run_kept(kind, leaves, effects) or self.run_known(key, leaves, effects)
                         or self.extend(args, kwargs, key, kind, leaves, effects))  # fmt: skip
        return path, leaves, results

    def strongly(self, path: Path, leaves: list[Any], results: Any, effects: Effects) -> Any:
        """The results of a path that has given a NaN or an infinity, with products in which 0 times anything is 0 if that changes them."""
        strong = path.strong if holds_nan(results) else None
        found = None
        if strong is not None:
            with notices.again():
                found = self.run_path(strong, leaves, effects)
        # An effect may have changed an array that the path had read before: then the value comes out as another one.
        if strong is not None and found is not None and (not path.built.text.effects or same_value(found[0], results[0])):
            if not all(map(same_value, found, results)):
                path.adopt(strong)
                self._quicks.pop(path, None)
            results = found
        if not all(map(exactly_finite, results)):
            self.report(strong or path, leaves, results)
        return results

    # Kept control flow

    def run_kept(self, kind: Any, leaves: list[Any], effects: Effects) -> tuple[Path, Any] | None:
        """The results of a path that keeps its control flow, where one applies."""
        return None if effects.happened else self.run_paths(self._kept.get(kind, ()), leaves, effects)

    def extend(self, args: Any, kwargs: Any, key: Any, kind: Any, leaves: list[Any], effects: Effects) -> tuple[Path, Any]:
        """A path for arguments that none applies to: recorded, or kept where the recording would be long or is one of many."""
        control = self.settings.control
        if effects.happened or (control == "auto" and (kind in self._trials.refused or self.has_tried(kind, leaves))):
            control = "record"
        with self._lock:
            several = sum(len(self._paths.get(other, ())) for other, its in self._kinds.items() if its == kind)
        if control == "auto" and several < PATHS_RECORDED and kind not in self._kept:
            try:
                return self.record(args, kwargs, key, kind, effects, STATEMENTS_RECORDED)
            except OverBudget:
                pass
        if control == "record":
            return self.record(args, kwargs, key, kind, effects)
        try:
            path = self.keep(args, kwargs, kind, leaves)
        except S2sadError as error:
            if control == "keep":
                raise its_own(self.body, kind[0], leaves, STATEMENTS_RECORDED) or error  # noqa: B904  it is the exception of the function
            self._trials.refuse(kind, error)
            return self.record(args, kwargs, key, kind, effects)
        found = self.run_paths((path,), leaves, effects)
        if found is None:
            found = self.record(args, kwargs, key, kind, effects)  # which raises what the function raises
            reason = left_out(path, leaves, self.body)
            self._trials.leave_out(kind, reason)
            if control == "keep" and not isinstance(reason.__cause__, NUMERICAL):
                with self._lock:
                    self._paths.pop(key, None)  # which is to serve no call
                raise reason
        return found

    def has_tried(self, kind: Any, leaves: list[Any]) -> bool:
        """Whether it was tried often enough to keep what arguments of a kind do; then `reasons` says why that does not serve them."""
        if self._trials.tries.get(kind, 0) < PATHS_RECORDED:
            return False
        known = self._kept.get(kind, ())
        if known and self._trials.reason(kind) is None:
            self._trials.stop(kind, passed_by(known[0], leaves, self.body))
        return True

    def keep(self, args: Any, kwargs: Any, kind: Any, leaves: list[Any]) -> Path:
        """A path that keeps its control flow, compiled and stored."""
        self._trials.count(kind)
        path = keep_path(self.body, self.title, kind[0], leaves, self.leaf_names(args, kind[0]), self.settings)
        known = self._kept.get(kind, ())
        same = [other for other in known if other.built.same(path.built)]
        if same:  # another thread has compiled it, or it leaves out the way of these arguments
            return same[0]
        with self._lock:
            if len(self._kept) >= KEYS_KEPT and kind not in self._kept:
                self._kept.pop(next(iter(self._kept)))
            self._kept[kind] = (path, *known)[:PATHS_KEPT]
        return path

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why `control="auto"` has recorded what it would have kept, each reason with its line; empty where it has not."""
        return self._trials.reasons

    # Recorded paths

    def run_known(self, key: Any, leaves: list[Any], effects: Effects) -> tuple[Path, Any] | None:
        return self.run_paths(self._paths.get(key, ()), leaves, effects)

    def run_paths(self, paths: tuple[Path, ...], leaves: list[Any], effects: Effects) -> tuple[Path, Any] | None:
        for path in paths:
            results = self.run_path(path, leaves, effects)
            if results is not None:
                self._last = path
                return path, results
        return None

    def run_path(self, path: Path, leaves: list[Any], effects: Effects) -> Any:
        """The results of a path, None where it does not apply."""
        built = path.built
        if not built.holds() or (effects.happened and not built.text.effects):  # which would read what has been changed by now
            return None
        try:
            return built.start(leaves, effects)
        except Exception:  # whatever it is, recording the call anew gives the right answer or the user's exception
            if effects.happened and not built.holds():
                raise changed(next(s.location for s in path.function.statements if is_effect(s))) from None
            return None

    def remember(self, args: tuple[Any, ...], kwargs: dict[str, Any], path: Path, results: tuple[Any, ...]) -> None:
        """Let the short case run this path next, for arguments of these types."""
        if path not in self._quicks:
            try:
                taking = Taking(args, kwargs, self.flat(args, kwargs)[1])
                self._quicks[path] = path.built.quick(taking, tuple(results)), self.finisher(path)
            except NotQuick:
                self._quicks[path] = NOTHING[1:]
        if kwargs:
            self._quick_by_name = (path, *self._quicks[path])
        else:
            self._quick = (path, *self._quicks[path])

    def finisher(self, path: Path) -> Callable[[tuple[Any, ...]], Any]:
        """From the results of a path to what a call returns."""
        finish = path.finish
        return lambda results: self.select(finish(results))

    @property
    def title(self) -> str:
        """The name of the generated function."""
        return f"{self.__name__ if self.__name__.isidentifier() else 'function'}_{self.suffix}"

    def record(self, args: Any, kwargs: Any, key: Any, kind: Any, effects: Effects, budget: int | None = None) -> tuple[Path, Any]:
        """Record a path for these arguments, and store it."""
        leaves, structure = self.flat(args, kwargs)
        names = self.leaf_names(args, structure)
        path, results = compile_path(self.body, self.title, structure, leaves, names, effects, self.settings, budget=budget)
        if budget is not None and path.built.text.effects and len(path.function.statements) > budget:
            place = next(s.location for s in path.function.statements if is_effect(s))
            reason = CannotKeep("what the function calls here has an effect, which happens once in each call", place)
            self._trials.refuse(kind, reason)
        self.store(path, key, kind)
        # The numbers of the first call are those of every later one, to the last bit; effects are not repeated.
        # An effect may have changed an array that the function had read before: then only the recording saw it as it was.
        if path.built.text.effects:
            return path, results
        with notices.again():
            again = self.run_path(path, leaves, effects)
        if again is None:
            why = left_out(path, leaves, self.body)
            if not isinstance(why.__cause__, NUMERICAL):
                warn(f"{self.__name__}() is compiled anew in each call like this one: {why.line}", SlowPathWarning)
        return path, results if again is None else again

    def store(self, path: Path, key: Any, kind: Any) -> None:
        """Put a recorded path before the others for arguments of its types; the oldest make room."""
        with self._lock:
            known, before = self._paths.get(key, ()), self._dropped
            why = self._trials.reason(kind)
            if len(self._paths) >= KEYS_KEPT and key not in self._paths:
                oldest = next(iter(self._paths))
                self._dropped += len(self._paths.pop(oldest))
                self._kinds.pop(oldest, None)
            self._dropped += len(known) >= PATHS_KEPT
            self._kinds[key] = kind
            self._paths[key] = (path, *known)[:PATHS_KEPT]
            self._last = path
            if self._dropped // PATHS_KEPT > before // PATHS_KEPT:
                self._trials.begin_again(kind)  # so many ways are worth another try to keep them
        if before < PATHS_KEPT <= self._dropped:
            self.warn_of_many(why)

    def warn_of_many(self, reason: str | None) -> None:
        """Say that calls take more ways than there is room for, so that they are compiled again and again."""
        text = f"{self.__name__}() takes more ways than the {PATHS_KEPT} that are remembered, so calls are compiled anew again and again"
        if self.settings.control == "record":
            text += '; control="auto" keeps loops and branches'
        elif reason is not None:
            text += f"; they are not kept: {reason}"
        warn(text, SlowPathWarning)

    def leaf_names(self, args: Any, structure: Any) -> list[str]:
        """A readable name for each leaf of the arguments."""
        return transforms.leaf_names(self.function, args, structure)

    def report(self, path: Path, leaves: Any, results: Any) -> None:
        """Warn of a NaN or an infinity that the arguments do not have."""
        if nonfinite_warnings() and all(map(exactly_finite, leaves)):
            nonfinite.warn(self.__name__, path, leaves, self._origins)

    # Looking

    @property
    def paths(self) -> tuple[Path, ...]:
        """The compiled paths, those that keep their control flow first, the most recent first."""
        return tuple(p for known in (self._kept, self._paths) for paths in known.values() for p in paths)

    @property
    def source(self) -> str:
        """The generated code of the path that ran last; empty before the first call."""
        return self._last.built.text.source if self._last is not None else ""

    @property
    def wengert(self) -> str:
        """The Wengert list of the path that ran last, as recorded and optimised."""
        return listing(self._last.function) if self._last is not None else ""

    def stages(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """What each stage makes of a call: `adjoint` and `optimised` Functions, `code` a Text.

        >>> import s2sad
        >>> sorted(s2sad.grad(lambda x: x * x).stages(3.0))
        ['adjoint', 'code', 'optimised']
        """
        seen: dict[str, Any] = {}
        leaves, structure = self.flat(args, kwargs)
        names = self.leaf_names(args, structure)
        if self.settings.control == "keep":
            keep_path(self.body, self.title, structure, leaves, names, self.settings, seen.__setitem__)
        else:
            compile_path(self.body, self.title, structure, leaves, names, None, self.settings, seen.__setitem__)
        return seen

    def clear(self) -> None:
        """Forget every recorded path."""
        with self._lock:
            self._paths.clear()
            self._kept.clear()
            self._kinds.clear()
            self._trials = Trials()
            self._dropped = 0
            self._quick = self._quick_by_name = NOTHING
            self._last = None

    def __repr__(self) -> str:
        try:
            signature = str(asking.signature(self.function))
        except (TypeError, ValueError):
            signature = "(...)"
        kept = sum(path.kept is not None for path in self.paths)
        number = len(self.paths) - kept
        also = f", {kept} kept" if kept else ""
        return f"<{self.describe()} of {self.__name__}{signature}, {number} recorded path{'' if number == 1 else 's'}{also}>"

    def describe(self) -> str:
        return self.suffix.replace("_", " ")

    def __reduce__(self) -> Any:
        name = str(asking.attribute(self.function, "__qualname__", ""))  # which a partial and a callable object do not have
        found: Any = sys.modules.get(asking.attribute(self.function, "__module__"))
        for part in name.split("."):
            found = getattr(found, part, None)
        if found is self:
            return name  # decorated: found again under its own name
        return _restore, (type(self), self.function, self.options())

    def options(self) -> dict[str, Any]:
        return {"settings": self.settings}

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else types.MethodType(self.for_methods(), instance)

    def for_methods(self) -> Any:
        return self


def _restore(kind: Any, function: Any, options: dict[str, Any]) -> Any:
    return kind(function, **options)
