"""NumPy's warnings of what compiled and followed code computes: given at the user's line, once, if the call did it.

While such code runs, NumPy's error state is the user's with one difference: where NumPy would warn, it tells us. What it tells is kept
with the user's place until the run is over, and dropped if the run is given up: the next way through the function meets it again. Foreign
code that is called meanwhile finds the user's own state.
"""
from __future__ import annotations

import contextvars
import re
import sys
import threading
import types
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad.errors import Location
from s2sad.quickly import dataclass

MACHINE = "__s2sad__"
"""The name by which lowered code knows its machine."""
TEXT = "__text__"
"""The name by which a module of generated code knows what its instructions compute."""
TEST = "s2sad.emit.arrival"
"""The module of what looks at the results of generated code, which is of no concern to the user."""
KINDS = {"divide by zero": "divide", "overflow": "over", "underflow": "under", "invalid value": "invalid"}


class PublicState:
    """NumPy's error state by its public functions, as a context variable would have it."""

    def get(self) -> Any:
        return np.geterr(), np.geterrcall()

    def set(self, new: Any) -> Any:
        before = self.get()
        np.seterr(**new[0])
        np.seterrcall(new[1])
        return before

    reset = set


SETTINGS = (np.errstate.__enter__, np.errstate.__exit__, np.seterr, np.seterrcall)
"""What changes the error state."""
OWN = frozenset({"numpy", "math", "cmath", "builtins", "_operator", "s2sad"})
"""Where functions are from that look at no context but NumPy's error state."""
state: Any
state_of: Callable[..., Any]
try:  # a context variable, which costs a tenth of what the public functions cost
    from numpy._core import umath

    state, state_of = umath._extobj_contextvar, lambda modes, call: umath._make_extobj(**modes, call=call)
except (ImportError, AttributeError):
    state, state_of = PublicState(), lambda modes, call: (modes, call)


DEAF = state_of(dict.fromkeys(KINDS.values(), "ignore"), None)


class Told:
    """What NumPy calls where it would warn, and for what the user has given a function of their own."""

    def __init__(self, user: Any, modes: Any, call: Any, again: bool = False) -> None:
        self.user, self.modes, self.call, self.again = user, modes, call, again
        kept = ("raise",) if again else ("raise", "print", "call", "log")
        told = {kind: "log" if mode == "warn" else mode if mode in kept else "ignore" for kind, mode in modes.items()}
        self.state = state_of(told, self) if "warn" in modes.values() or again else user

    def write(self, text: str) -> None:
        message = text.removeprefix("Warning: ").rstrip("\n")
        if self.modes[next(kind for start, kind in KINDS.items() if message.startswith(start))] == "warn":
            notice(message, self.again)
        else:
            self.call.write(text)

    def __call__(self, *args: Any) -> None:
        self.call(*args)


seen: list[tuple[Any, Any]] = [(None, None)]  # the user's state that was met last, and ours for it


def telling(user: Any) -> Any:
    """The state for running code of ours, where this is the present one."""
    known, ours = seen[0]
    if user is not known:
        call = np.geterrcall()
        ours = user if isinstance(call, Told) else Told(user, np.geterr(), call).state
        seen[0] = user, ours
    return ours


def context() -> Callable[..., Any] | None:
    """How to run what calls NumPy alone while the present state is the user's: in a context that has ours.

    That costs a fifth of setting the state and setting it back. A second thread cannot enter it at the same time, which raises.
    """
    if isinstance(state, PublicState):
        return None
    ours, enter = telling(state.get()), contextvars.Context().run
    enter(state.set, ours)
    return enter


def unheard(function: Callable[..., Any], *values: Any) -> Any:
    """What a function of NumPy gives, of which nobody is to hear anything."""
    token = state.set(DEAF)
    try:
        return function(*values)
    finally:
        state.reset(token)


def users(present: Any) -> Any:
    """The user's state behind the present one."""
    call = np.geterrcall()
    return call.user if isinstance(call, Told) and call.state == present else present


def sets_errors(function: Any) -> bool:
    """Whether a function changes what NumPy warns of and what it raises."""
    return any(function is f for f in SETTINGS)


def foreign(function: Any, action: Callable[[], Any]) -> Any:
    """What a call of a function gives that is not ours: it finds and sets the user's own state. A ufunc warns as it does in our code."""
    present = state.get()
    own = present if isinstance(function, np.ufunc) else users(present)
    if own is present:
        return action()
    state.set(own)
    try:
        return action()
    finally:
        state.set(telling(state.get()))


def run(code: Callable[..., Any], *values: Any) -> Any:
    """What compiled code gives for these values; the warnings of what it has done are there to be given."""
    drop()
    token = state.set(telling(state.get()))
    try:
        with caught():
            return code(*values)
    finally:
        state.reset(token)


@contextmanager
def noticing() -> Iterator[None]:
    """A run that warns of nothing until what it was told of is given, or dropped."""
    drop()
    before = state.get()
    ours = telling(before)
    state.set(ours)
    try:
        with caught():
            yield
    finally:
        present = state.get()
        state.set(before if present is ours else users(present))


def lenient() -> bool:
    """Whether NumPy is told neither to raise nor to call anything here."""
    return not {"raise", "call"}.intersection(np.geterr().values())


@contextmanager
def again() -> Iterator[None]:
    """A second run for the same arguments: nobody is told of anything, but what raises in a first run does."""
    token = state.set(Told(state.get(), np.geterr(), np.geterrcall(), again=True).state)
    try:
        yield
    finally:
        state.reset(token)


@contextmanager
def aloud() -> Iterator[None]:
    """A part of a second run that is the first to come to this: the user is told of it."""
    before = state.get()
    state.set(users(before))
    try:
        with noticing():
            yield
    finally:
        state.set(before)
    give()


@contextmanager
def warning(effects: Any = None, given_up: type[BaseException] = BaseException) -> Iterator[None]:
    """A run with the warnings of what it has done, unless an exception of this kind gives it up: then the error state is as before."""
    before = state.get()
    try:
        with noticing():
            yield
    except given_up:
        drop()
        state.set(before)
        raise
    except BaseException:
        give(effects)
        raise
    give(effects)


@dataclass(frozen=True)
class Notice:
    """A warning that is to be given if the run gets to its end."""

    message: str
    category: type[Warning]
    place: Location
    names: dict[str, Any] | None = None  # of the foreign module that stands there
    frame: types.FrameType | None = None  # of generated code
    statement: Any = None

    def reached(self) -> Location | None:
        """Where the function itself has come to this, when the run is over; None if it has not."""
        if self.frame is None:
            return self.place
        place: Location | None = self.frame.f_globals[TEXT].reached(self.statement, self.frame)
        return place if place is None or self.names is None else self.place

    def give(self, place: Location) -> None:
        names, module = self.names, sys.modules.get(place.module)
        if names is None:
            names = _elsewhere.setdefault(place.module, {}) if module is None else vars(module)
        registry = names.setdefault("__warningregistry__", {})
        warnings.warn_explicit(self.message, self.category, place.file, place.line, place.module, registry)


noticed: dict[int, dict[Any, Notice]] = {}  # by thread, in their order
_elsewhere: dict[str, dict[str, Any]] = {}


def notice(message: str, again: bool = False, category: type[Warning] | None = None) -> None:
    """NumPy has met something that the user wants to be warned of: remember it, or raise where that is what warnings do.

    Without a category it is what a ufunc has met, which foreign code may have called. Otherwise the code that it names is ours.
    """
    found = _found(message, sys._getframe(1), category)
    wanted = "ignore" if found is None else action(message, found.category, found.place.module, found.place.line)
    if found is None or wanted == "ignore":
        return
    if wanted == "error":
        raise found.category(message)
    if again:
        return
    pending = noticed.setdefault(threading.get_ident(), {})
    often = len(pending) if wanted in ("always", "all") else -1
    pending.setdefault((message, found.place, found.statement, often), found)


def _found(message: str, frame: types.FrameType | None, named: type[Warning] | None) -> Notice | None:
    """Where to warn: the user's line, or where foreign code stands that it has called. None in an adjoint."""
    innermost, category = None, named or RuntimeWarning
    while frame is not None:
        names = frame.f_globals
        if TEXT in names or MACHINE in names:
            found = _generated(message, category, frame) if TEXT in names else _followed(message, category, frame)
            foreign = innermost if named is None else None
            if found is None or foreign is None:
                return found
            return replace(foreign, frame=found.frame, statement=found.statement)
        module = names.get("__name__") or "<string>"
        if module == TEST:
            return None
        if innermost is None and module.partition(".")[0] not in (("s2sad", "numpy") if named else ("s2sad",)):
            innermost = Notice(message, category, Location(frame.f_code.co_filename, frame.f_lineno, module=module), names)
        frame = frame.f_back
    return innermost


def _generated(message: str, category: type[Warning], frame: types.FrameType) -> Notice | None:
    instructions = frame.f_globals[TEXT]
    statement = instructions.at(frame)
    if statement is None or statement.location is None:
        return None
    place = instructions.reaches(statement, frame) if statement.within else statement.location
    if place is None:
        return None
    known = isinstance(place, Location)
    return Notice(message, category, place) if known else Notice(message, category, statement.location, None, frame, statement)


def _followed(message: str, category: type[Warning], frame: types.FrameType) -> Notice | None:
    place = frame.f_globals[MACHINE].location()
    return None if place is None else Notice(message, category, place)


class Overheard:
    """The parts of a filter, which Python asks one after the other: a warning that names our own code is told to us, and goes nowhere."""

    def __init__(self) -> None:
        self.asked = threading.local()
        text, module = types.SimpleNamespace(match=self.match), types.SimpleNamespace(match=self.names)
        self.filter = ("ignore", text, self, module, 0)

    def match(self, text: str) -> bool:
        self.asked.text = text
        return True

    def names(self, module: str) -> bool:
        self.asked.ours = module.partition(".")[0] == "s2sad"
        return bool(self.asked.ours)

    def __subclasscheck__(self, category: type[Warning]) -> bool:
        ours, self.asked.ours = getattr(self.asked, "ours", False), False
        if ours:
            notice(self.asked.text, getattr(np.geterrcall(), "again", False), category)
        return bool(ours)


FILTER: Any = Overheard().filter


def caught() -> AbstractContextManager[None]:
    """What NumPy warns of by itself, such as the mean of nothing, is told to us where it names our code."""
    return nullcontext() if warnings.filters and warnings.filters[0] is FILTER else filtered(FILTER)


def ignoring(category: type[Warning]) -> AbstractContextManager[None]:
    """Warnings of this kind go nowhere meanwhile."""
    return filtered(("ignore", None, category, None, 0))


@contextmanager
def filtered(entry: Any) -> Iterator[None]:
    """One more filter meanwhile. Python remembers which warnings it has given, which `warnings.catch_warnings` would undo."""
    warnings.filters.insert(0, entry)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        with suppress(ValueError):  # another thread has other filters by now
            warnings.filters.remove(entry)  # type: ignore[attr-defined]


def drop() -> None:
    """Forget what this thread's run was told, for it was given up: the next way through the function is told again."""
    if noticed:
        noticed.pop(threading.get_ident(), None)


def give(effects: Any = None) -> None:
    """Give the warnings of this thread's run so far, but for those that an earlier run of the same call has given."""
    for found in noticed.pop(threading.get_ident(), {}).values():
        place = found.reached()
        if place is not None and (effects is None or effects.warns(found.message, place)):
            found.give(place)


def action(text: str, category: type[Warning], module: str, line: int) -> str:
    """What the filters of warnings do with a warning."""
    for wanted, message, kind, where, at in warnings.filters:
        if issubclass(category, kind) and at in (0, line) and _matches(message, text) and _matches(where, module):
            return wanted
    return "default"


def _matches(pattern: str | re.Pattern[str] | None, text: str) -> bool:
    """Whether a filter's pattern, which is nothing, a text or an expression, is about the text."""
    if pattern is None or isinstance(pattern, str):
        return pattern is None or pattern == text
    return bool(pattern.match(text))
