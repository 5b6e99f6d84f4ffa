"""Calls that are not looked into: with plain values, once per call of the gradient where they may have an effect."""
from __future__ import annotations

import collections
import sys
from typing import Any

import numpy as np

from s2sad.errors import MissingRule, UnsupportedMutation
from s2sad.ir.writing import Box
from s2sad.machine import foreign, objects, standard_library
from s2sad.machine.kept_outside import refuse_held
from s2sad.machine.objects import strip_object
from s2sad.machine.traced import Traced, any_traced, strip, traced_in
from s2sad.record.capture import NUMBERS
from s2sad.record.changing import IN_ORDER
from s2sad.rules import following, structural
from s2sad.rules.structural import CALL, PERFORM
from s2sad.runtime.control import subject
from s2sad.tracebacks import leave

CONTAINERS = (list, dict, set, collections.deque)
GIVES_NOTHING = frozenset({"append", "extend", "insert", "clear", "sort", "reverse", "update", "add", "discard", "remove", "appendleft",
                           "extendleft", "rotate", "__setitem__", "__delitem__"})  # fmt: skip
READING: dict[type, set[str]] = {  # methods that change nothing
    list: {"index", "count", "copy"}, dict: {"get", "keys", "values", "items", "copy"}}  # fmt: skip
COPYING = (list, tuple, dict, set, frozenset, sorted, len)


def is_followed() -> bool:
    """Asked by compiled code, whether it is the user's that runs."""
    return False


class NativeCalls:
    """Calls functions and methods that are not looked into, and writes the calls down.

    It is asked for the result, and knows of no call afterwards: an array that such code may have a hold on is marked. The machine performs
    the call as a read or as an effect, and says what a result from outside is to the function.
    """

    def __init__(self, machine: Any) -> None:
        self.machine = machine

    def call(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], pure: bool) -> Any:
        """`function(*args, **kwargs)`, as an effect unless it is pure; what it gives is as if it came from outside."""
        machine = self.machine
        if function is iter and len(args) == 1 and type(strip_object(args[0])) in IN_ORDER:
            return machine.outside_items(args[0])
        args, kwargs = machine.reached.real(args), machine.reached.real(kwargs)
        if (handled := sys.exception()) is not None and standard_library.asks_for_exception(strip(function), kwargs):
            followed_anew(machine)
            leave(handled)  # it has come through our own lines
        pure = pure or copies(function, args, kwargs)
        machine.changes.count += not pure
        result = self._call(function, args, kwargs, pure)
        if pure:
            result = machine.containers.as_own(result)
        holding = machine.changes.holding
        if holding and isinstance(result, Box) and not isinstance(result.value, (bool, str)) and function is not len:
            for box in traced_in((args, kwargs)):
                if id(box.value) in holding:
                    refuse_held(machine, box)
        return result

    def _call(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], pure: bool) -> Any:
        machine, title = self.machine, getattr(function, "__name__", function)
        arguments = [function, list(args), dict(kwargs)]
        primitive = CALL if pure else PERFORM
        machine.operand(arguments)
        plain = strip(function), foreign.guarded(strip(args)), foreign.guarded(strip(kwargs))
        before = repr(plain[1]) if any(type(a) in (list, dict, set) for a in args) else None
        if not pure:
            machine.sheet.acted = True
            machine.memo = {k: v for k, v in machine.memo.items() if k[0] in ("unfolded", "mirrored")}
        writes = not pure and machine.reached.call(*plain)
        what = plain[0], foreign.told(args, plain[1]), dict(zip(kwargs, foreign.told(kwargs.values(), plain[2].values()), strict=True))
        try:
            act = lambda: plain[0](*plain[1], **plain[2])
            value = machine.performed.reading(subject(*what), act) if pure else machine.performed.done(what, act)
        except Exception as error:
            if isinstance(error, ValueError) and "read-only" in str(error) and any(isinstance(a, np.ndarray) for a in plain[1]):
                name = getattr(plain[0], "__name__", plain[0])
                raise UnsupportedMutation(f"native code ({name}) writes into an array", machine.location(),
                                          "use a function that returns a new array") from None  # fmt: skip
            machine.sheet.raised(primitive, arguments, error)
            self.has_run(pure, plain, writes)
            raise
        if before is not None and before != repr(plain[1]):
            raise UnsupportedMutation(f"native code ({title}) changes a container of the function", machine.location(),
                                      "use a function that returns a new container")  # fmt: skip
        if any_traced(value):
            raise MissingRule(f"native code ({title}) gives what holds followed values", machine.location(),
                              "write the operation out")  # fmt: skip
        box = machine.emit(primitive, arguments, value)
        self.has_run(pure, plain, writes)
        self.handed_out(plain[0], args, kwargs, box)
        return None if value is None else machine.admit(box, value, fixed=False)

    def has_run(self, pure: bool, plain: Any, writes: bool) -> None:
        """What the function has read may be something else by now."""
        if writes:
            self.machine.reached.has_run()
        if not pure and foreign.runs_users_code(*plain):
            self.machine.containers.read_again()

    def handed_out(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], result: Box) -> None:
        """Arrays that native code may have a hold on, through what it returned, cannot be followed through a write."""
        value = result.value
        if value is None or isinstance(value, (*NUMBERS, str, bytes, type, np.dtype)):
            return
        owner = getattr(function, "__self__", None)
        if isinstance(value, np.ndarray):
            result.native = not gives_its_own(function, owner)
        for box in traced_in((args, kwargs)):
            if isinstance(box, Box) and isinstance(box.value, np.ndarray):
                if not isinstance(value, np.ndarray) or np.may_share_memory(value, box.value):
                    box.root.native = result.native = True

    def method(self, owner: Traced, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """`owner.name(*args, **kwargs)`, where the method is native code."""
        machine = self.machine
        if isinstance(owner.value, CONTAINERS) and hasattr(type(owner.value), name):
            if name in GIVES_NOTHING:
                return machine.change(f"{name}()", getattr(type(owner.value), name), owner, *args, **kwargs)
            if id(owner.value) in machine.changes.holding and name not in ("index", "count", "keys"):
                refuse_held(machine, owner)
        text = isinstance(owner.value, (str, bytes))  # what a method of it gives, a text or a number of characters, has no derivative
        if text and name == "join":
            args = tuple([a if isinstance(a, (Traced, list, tuple)) else list(machine.iterate(a)) for a in args])
        if not text and machine.active(owner, args, kwargs):
            kind = type(owner.value).__name__
            reason = f"{kind}.{name}() has no derivative rule and receives a value that is being differentiated"
            raise MissingRule(reason, machine.location(), "use a NumPy function that has a rule, or register one for your own function")
        pure = only_reads(owner.value, name, args)
        method = machine.emit(structural.ATTRIBUTE, [owner, name], machine.performed.read(getattr, owner.value, name))
        result = machine.opaque(method, args, kwargs, pure=pure)
        if isinstance(result, Box):
            self.handed_out(method.value, (owner, *args), kwargs, result)
        return result


def gives_its_own(function: Any, owner: Any) -> bool:
    """Whether nobody else holds an array that a call gives, but for its arguments: so it is of NumPy, and of what a table follows."""
    modules = getattr(function, "__module__", ""), type(owner).__module__
    return objects.hashable(function) in following.FOLLOWED or any(str(m).startswith("numpy") for m in modules)


def copies(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Whether a call makes a list, tuple, dict or set of Python's own values, or counts them."""
    return any(function is f for f in COPYING) and not foreign.runs_users_code(function, strip(args), strip(kwargs))


def only_reads(owner: Any, name: str, args: tuple[Any, ...]) -> bool:
    """Whether a method of a native object changes nothing."""
    if name in READING.get(type(owner), ()):
        return not foreign.holds_users_code([*strip(args), *owner])  # what it compares is Python's own
    return isinstance(owner, (*NUMBERS, np.ndarray, str, bytes))


def debugged(machine: Any, function: Any) -> None:
    """Each call is followed anew, so that a debugger stops in the user's code."""
    if standard_library.starts_debugger(function):
        followed_anew(machine)
        machine.opaque(is_followed, (), {})  # to stop is an effect


def followed_anew(machine: Any) -> None:
    """The path holds for no other call than this one."""
    machine.guard("truth", machine.emit(CALL, [is_followed, [], {}], True), True, premise=not machine.sheet.acted)
