"""State outside the function changes as one call of it changes it: once, with plain numbers, in the order of the function.

Each write is an effect. A followed value that was kept outside is followed on when it is read from the same place in the same call; where
that place cannot be told, reading it is refused. In the next call it is a number like any other.
"""
from __future__ import annotations

import collections
import enum
import operator
import types
from typing import Any

import numpy as np

from s2sad.errors import UnsupportedMutation
from s2sad.ir.writing import Box
from s2sad.machine import belonging, foreign, objects
from s2sad.machine.foreign import is_code
from s2sad.machine.objects import strip_object
from s2sad.machine.traced import Traced, any_traced, strip, traced_in
from s2sad.record.capture import Capturing
from s2sad.rules import structural
from s2sad.rules.language import Primitive
from s2sad.rules.structural import CALL, PERFORM
from s2sad.runtime import asking
from s2sad.runtime.control import VIEWS, GivenUp
from s2sad.runtime.same import same_key

CONTAINERS = (list, dict, set, collections.deque)
GIVES_NOTHING = frozenset({"append", "extend", "insert", "clear", "sort", "reverse", "update", "add", "discard", "remove", "appendleft",
                           "extendleft", "rotate", "__setitem__", "__delitem__"})  # fmt: skip
READING: dict[type, set[str]] = {  # methods that change nothing
    list: {"index", "count", "copy"}, dict: {"get", "keys", "values", "items", "copy"}}  # fmt: skip
COPYING = (list, tuple, dict, set, frozenset, sorted, len)
IN_ORDER = (list, tuple, dict, *VIEWS)  # what is iterated over item by item


class Rewalk(GivenUp):
    """A container from outside is changed: the recording begins anew, and reads its items one by one instead of taking it apart."""

    def __init__(self, container: Any) -> None:
        self.container = container


class Changing(Capturing):
    """The part of a recording that changes the world around the function."""

    changing: dict[int, Any]  # containers from outside that the function changes

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.changing = {}
        self.changes = 0  # how often something outside has been changed
        self.holding: dict[int, Any] = {}  # what holds a followed value, by its id
        self.placed: dict[int, list[Any]] = {}  # of dicts that hold followed values: their keys; None where one of them is not told
        self.kept: dict[Any, Any] = {}  # followed values, by the place outside where they are kept; None for a container of them

    # Writes

    def is_outside(self, owner: Any) -> bool:
        return isinstance(owner, enum.Enum) or super().is_outside(owner)

    def change(self, what: str, function: Any, owner: Any, *args: Any, **kwargs: Any) -> Any:
        self.changed_outside(owner)
        values = [self.leaving(a) for a in args]
        arguments = [function, [owner, *values], {k: self.leaving(v) for k, v in kwargs.items()}]
        self.operand(arguments)
        self._effects = True
        self.changes += 1
        self.forget_place(strip_object(owner), args[0] if args else None)
        self.keep_place(function, strip_object(owner), args)
        try:
            value = self.performed(function, strip_object(owner), *strip(values), **strip(arguments[2]))
        except Exception as error:
            self._raised(PERFORM, arguments, error)
            raise
        box = self._emit(PERFORM, arguments, value)
        if value is not None and traced_in_any(args):
            refuse_held(self, owner)
        return None if value is None else self._admit(box, value, fixed=False)

    def forget_place(self, owner: Any, name: Any) -> None:
        """What was read from the place that is written, as far as its name tells, is read again."""
        names = asking.own_names(owner)
        if ("unfolded", id(names)) in self._memo:
            self.give_up(Rewalk(names))
        name = name if isinstance(name, str) else None
        self._memo = {k: v for k, v in self._memo.items() if k[0] not in (structural.ITEM, structural.CELL) and name not in k}

    def keep_place(self, function: Any, owner: Any, args: tuple[Any, ...]) -> None:
        """Remember where a followed value is kept, and forget what was kept there."""
        place = place_of(function, owner, args)
        self.kept.pop(place, None)
        if traced_in_any(args):
            self.holding[id(owner)] = owner
            self.placed.setdefault(id(owner), []).append(told_key(place, args))
            if place is not None:
                self.kept[place] = self.fixed(args[-1]) if isinstance(args[-1], Box) else None
                if self.kept[place] is not None:
                    self.kept[place].native = True  # where the call is walked again, another array lies there

    def leaving(self, value: Any) -> Any:
        """A value that is kept outside: of arrays and containers made here nothing may change any more."""
        for copy, box in (known for key, known in self._memo.items() if key[0] == "unfolded"):
            if copy is value:
                return box  # it is from outside itself
        if isinstance(value, Box):
            if isinstance(value.value, np.ndarray):
                value.root.native = True
        elif isinstance(value, (list, dict, set, tuple)) and type(value) in (list, dict, set, tuple):
            if type(value) is not tuple:
                self.external[id(value)] = value
            items = value.values() if isinstance(value, dict) else value
            left = [self.leaving(v) for v in items]
            return dict(zip(value, left, strict=True)) if isinstance(value, dict) else type(value)(left)
        else:
            check_leaves(self, value)
        return value

    def check_own(self, container: Any, what: str) -> None:
        for copy, box in (known for key, known in self._memo.items() if key[0] == "unfolded"):
            if copy is container and type(copy) is not tuple:
                self.give_up(Rewalk(box.value))
        if id(container) in self.external:
            self.refuse_write(f"a {type(container).__name__} that is kept outside the function is changed: {what}")
        super().check_own(container, what)

    def native_method(self, owner: Traced, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if isinstance(owner.value, CONTAINERS) and hasattr(type(owner.value), name):
            if name in GIVES_NOTHING:
                return self.change(f"{name}()", getattr(type(owner.value), name), owner, *args, **kwargs)
            if id(owner.value) in self.holding and name not in ("index", "count", "keys"):
                refuse_held(self, owner)
        return super().native_method(owner, name, args, kwargs)

    def rewalk(self, array: Any) -> None:
        """An array from outside is written: the recording begins anew, and works on one of its own in its place."""
        if id(array) not in self.changing:
            self.give_up(Rewalk(array))

    # Reads

    def holds(self, values: Any) -> bool:
        return belonging.reaches(values, self.holding, self.kept)

    def takes_apart(self, value: Any) -> bool:
        if id(value) in self.changing or not super().takes_apart(value):
            return False
        if self.performed.last or ("unfolded", id(value)) in self._memo:
            return True
        return self.performed.contents(value) is not None

    def _captured(self, value: Any, primitive: Primitive, args: list[Any]) -> Any:
        found = super()._captured(value, primitive, args)
        owner = strip_object(args[0])
        if primitive is structural.ATTRIBUTE and args[1] == "__dict__" and id(owner) in self.holding:
            self.holding[id(value)] = value
        return self.as_kept(owner, reading_place(primitive, args), found)

    def _read_item(self, owner: Box, container: Any, index: Any) -> Any:
        found = super()._read_item(owner, container, index)
        if isinstance(index, slice):
            found = self.as_own(found)
        if id(container) not in self.holding:
            return found
        place = ("item", id(container), same_key(index))
        if place in self.kept:
            return self.as_kept(owner, place, found)
        if any(True for _ in traced_in(found)) and not elsewhere(self.placed, container, index):
            refuse_held(self, owner)
        return found

    def _copies(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
        """Whether a call makes a list, tuple, dict or set of Python's own values, or counts them."""
        return any(function is f for f in COPYING) and not foreign.runs_users_code(function, strip(args), strip(kwargs))

    def as_own(self, found: Any) -> Any:
        """A list or dict that was made in the call by asking the world outside: the function may change it."""
        if isinstance(found, Box) and type(found.value) in (list, dict):
            return self._contents(found, found.value)
        if type(found) in (list, dict) and self.external.pop(id(found), None) is not None:
            self._memo = {k: v for k, v in self._memo.items() if k[0] != "unfolded" or v[0] is not found}
        return found

    def only_reads(self, owner: Any, name: str, args: tuple[Any, ...]) -> bool:
        if name not in READING.get(type(owner), ()):
            return super().only_reads(owner, name, args)
        return not foreign.holds_users_code([*strip(args), *owner])  # what it compares is Python's own

    def outside_items(self, value: Traced) -> Any:
        """The items of a container from outside, which may change on the way."""
        if type(value.value) not in IN_ORDER:
            yield from super().outside_items(value)
            return
        seen, number, length = -1, 0, 0
        while True:
            if seen != self.changes:
                seen, before = self.changes, length
                items = value if isinstance(value.value, (list, tuple)) else self.opaque(tuple, (value,), {}, pure=True)
                length = self.concrete(self.call(len, items))
                if number and length != before and items is not value:
                    raise RuntimeError("dictionary changed size during iteration")
            if number >= length:
                return
            yield self.item(items, number)
            number += 1

    def as_kept(self, owner: Any, place: Any, found: Any) -> Any:
        """What was kept at a place in this call, where that is still there."""
        if place not in self.kept or not any_traced(found):
            return found
        kept = self.kept[place]
        if kept is None or not isinstance(found, Box):
            refuse_held(self, owner)
        same = self.performed.read(still_there, found.value, kept.value)
        self.guard("truth", self._emit(CALL, [still_there, [found, kept], {}], same), same)
        return kept if same else found

    def opaque(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], pure: bool = False) -> Any:
        if function is iter and len(args) == 1 and type(strip_object(args[0])) in IN_ORDER:
            return self.outside_items(args[0])
        pure = pure or self._copies(function, args, kwargs)
        self.changes += not pure
        result = super().opaque(function, args, kwargs, pure)
        if pure:
            result = self.as_own(result)
        if self.holding and isinstance(result, Box) and not isinstance(result.value, (bool, str)) and function is not len:
            for box in traced_in((args, kwargs)):
                if id(box.value) in self.holding:
                    refuse_held(self, box)
        return result


def still_there(found: Any, kept: Any) -> bool:
    """Whether what is found is what was kept. Where a call is walked again, what the first walk has kept lies there: the same numbers."""
    if isinstance(found, np.ndarray):
        alike = found.dtype == kept.dtype and found.shape == kept.shape
        return found is kept or bool(alike and found.tobytes() == kept.tobytes())
    return bool(same_key(found) == same_key(kept))


def refuse_held(machine: Any, owner: Any) -> None:
    kind = type(strip_object(owner)).__name__
    raise UnsupportedMutation(f"a value that is being differentiated was kept in a {kind} outside the function, "
                              "and is read from it", machine.location(), "use the value itself")  # fmt: skip


def check_leaves(machine: Any, value: Any) -> None:
    """Refuse to keep an object outside that the function made, and may change."""
    if not isinstance(value, Traced) and objects.is_users(type(value)) and not is_code(value) and not machine.is_outside(value):
        raise UnsupportedMutation(f"an object of the class {type(value).__name__} that the function made is kept outside",
                                  machine.location(), "keep its numbers")  # fmt: skip


def told_key(place: Any, args: tuple[Any, ...]) -> Any:
    """The key under which a value is kept; None where it is not told."""
    return args[0] if place is not None and type(args[0]) in (str, int) else None


def elsewhere(placed: dict[int, list[Any]], container: Any, key: Any) -> bool:
    """Whether the followed values that a dict holds are surely kept under other keys."""
    keys = placed.get(id(container))
    if keys is None or None in keys or type(key) not in (str, int):
        return False
    return type(container) is dict and key not in keys


def traced_in_any(args: tuple[Any, ...]) -> bool:
    return any(isinstance(b, Box) and b.levels for b in traced_in(args))


def place_of(function: Any, owner: Any, args: tuple[Any, ...]) -> Any:
    """The place that a write is to; None where it is not to one place."""
    if function in (setattr, delattr, object.__setattr__, object.__delattr__, type.__setattr__, type.__delattr__):
        return _named(owner, args[0])
    if function is objects.assign_global:
        return "item", id(owner.__globals__), args[0]
    if function in (operator.setitem, operator.delitem, dict.__setitem__, list.__setitem__):
        key = args[0]
        if isinstance(owner, (list, collections.deque)) and isinstance(key, int):
            key %= max(len(owner), 1)
        return None if isinstance(key, (Traced, slice)) else ("item", id(owner), same_key(key))
    return None


def reading_place(primitive: Primitive, args: list[Any]) -> Any:
    owner = strip_object(args[0])
    if primitive is structural.GLOBAL:
        return "item", id(owner.__globals__), args[1]
    if primitive is structural.CELL:
        return "attribute", id(owner), "cell_contents"
    return _named(owner, args[1]) if primitive is structural.ATTRIBUTE else None


def _named(owner: Any, name: str) -> Any:
    return ("item", id(vars(owner)), name) if isinstance(owner, types.ModuleType) else ("attribute", id(owner), name)

