"""State outside the function changes as one call of it changes it: once, with plain numbers, in the order of the function.

Each write is an effect. A followed value that was kept outside is followed on when it is read from the same place in the same call; where
that place cannot be told, reading it is refused. In the next call it is a number like any other.
"""
from __future__ import annotations

from typing import Any, NoReturn

import numpy as np

from s2sad.errors import S2sadError
from s2sad.ir.writing import Box
from s2sad.machine import attempts, belonging
from s2sad.machine.kept_outside import check_leaves, elsewhere, place_of, reading_place, refuse_held, told_key
from s2sad.machine.objects import strip_object
from s2sad.machine.traced import Traced, any_traced, strip, traced_in
from s2sad.rules import structural
from s2sad.rules.language import Primitive
from s2sad.rules.structural import CALL, PERFORM
from s2sad.runtime import asking
from s2sad.runtime.control import VIEWS, GivenUp
from s2sad.runtime.same import same_key

IN_ORDER = (list, tuple, dict, *VIEWS)  # what is iterated over item by item


class Rewalk(GivenUp):
    """The recording begins anew: a container from outside is changed, and is read item by item instead of being taken apart.

    Or a function that needs no derivative cannot be followed, and is called as it is.
    """

    def __init__(self, container: Any) -> None:
        self.container = container


class Attempts(attempts.Attempts):
    """What cannot be followed is known in the next recording."""

    def is_known(self, function: Any) -> bool:
        return id(function) in self.machine.changes.changing

    def effects(self) -> int:
        return self.machine.performed.position  # type: ignore[no-any-return]

    def instead(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], error: S2sadError) -> NoReturn:
        raise self.machine.give_up(Rewalk(function))


class Changes:
    """What the function has changed outside, and which followed values it keeps there.

    It is asked to make a change, and for what has been read: that may be a value which was kept. `changing` are the containers and arrays
    from outside that the function is known to change. The machine performs each change as an effect, and writes it down.
    """

    def __init__(self, machine: Any) -> None:
        self.machine = machine
        self.changing: dict[int, Any] = {}
        self.count = 0  # how often something outside has been changed
        self.holding: dict[int, Any] = {}  # what holds a followed value, by its id
        self.placed: dict[int, list[Any]] = {}  # of dicts that hold followed values: their keys; None where one of them is not told
        self.kept: dict[Any, Any] = {}  # followed values, by the place outside where they are kept; None for a container of them

    # Writes

    def change(self, function: Any, owner: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """`function(owner, *args, **kwargs)` changes an object from outside."""
        machine = self.machine
        machine.containers.changed_outside(owner)
        values = [self.leaving(a) for a in args]
        arguments = [function, [owner, *values], {k: self.leaving(v) for k, v in kwargs.items()}]
        machine.operand(arguments)
        machine.sheet.acted = True
        self.count += 1
        self.forget_place(strip_object(owner), args[0] if args else None)
        self.keep_place(function, strip_object(owner), args)
        writes = machine.reached.call(function, (strip_object(owner), *strip(values)), strip(arguments[2]))
        try:
            value = machine.performed(function, strip_object(owner), *strip(values), **strip(arguments[2]))
        except Exception as error:
            machine.sheet.raised(PERFORM, arguments, error)
            raise
        box = machine.emit(PERFORM, arguments, value)
        if writes:
            machine.reached.has_run()
        if value is not None and traced_in_any(args):
            refuse_held(machine, owner)
        return None if value is None else machine.admit(box, value, fixed=False)

    def forget_place(self, owner: Any, name: Any) -> None:
        """What was read from the place that is written, as far as its name tells, is read again."""
        machine = self.machine
        names = asking.own_names(owner)
        if ("unfolded", id(names)) in machine.memo:
            machine.give_up(Rewalk(names))
        name = name if isinstance(name, str) else None
        machine.memo = {k: v for k, v in machine.memo.items() if k[0] not in (structural.ITEM, structural.CELL) and name not in k}

    def keep_place(self, function: Any, owner: Any, args: tuple[Any, ...]) -> None:
        """Remember where a followed value is kept, and forget what was kept there."""
        place = place_of(function, owner, args)
        self.kept.pop(place, None)
        if traced_in_any(args):
            self.holding[id(owner)] = owner
            self.placed.setdefault(id(owner), []).append(told_key(place, args))
            if place is not None:
                self.kept[place] = self.machine.fixed(args[-1]) if isinstance(args[-1], Box) else None
                if self.kept[place] is not None:
                    self.kept[place].native = True  # where the call is walked again, another array lies there

    def leaving(self, value: Any) -> Any:
        """A value that is kept outside: of arrays and containers made here nothing may change any more."""
        machine = self.machine
        for copy, box in (known for key, known in machine.memo.items() if key[0] == "unfolded"):
            if copy is value:
                return box  # it is from outside itself
        if isinstance(value, Box):
            if isinstance(value.value, np.ndarray):
                machine.reached.keep(value)
                value.root.native = True
                return machine.reached.real(value)
        elif isinstance(value, (list, dict, set, tuple)) and type(value) in (list, dict, set, tuple):
            if type(value) is not tuple:
                machine.external[id(value)] = value
            items = value.values() if isinstance(value, dict) else value
            left = [self.leaving(v) for v in items]
            return dict(zip(value, left, strict=True)) if isinstance(value, dict) else type(value)(left)
        else:
            check_leaves(machine, value)
        return value

    def check_own(self, container: Any, what: str) -> None:
        """Refuse a change of a container that is a copy, or kept outside; of one that was taken apart none is needed."""
        machine = self.machine
        for copy, box in (known for key, known in machine.memo.items() if key[0] == "unfolded"):
            if copy is container and type(copy) is not tuple:
                machine.give_up(Rewalk(box.value))
        if id(container) in machine.external:
            machine.refuse_write(f"a {type(container).__name__} that is kept outside the function is changed: {what}")

    # Reads

    def holds(self, values: Any) -> bool:
        """Whether code that is given the values can get at a followed value that was kept."""
        return belonging.reaches(values, self.holding, self.kept)

    def read(self, value: Any, primitive: Primitive, args: list[Any], found: Any) -> Any:
        """What has been read, or what was kept there."""
        owner = strip_object(args[0])
        if primitive is structural.ATTRIBUTE and args[1] == "__dict__" and id(owner) in self.holding:
            self.holding[id(value)] = value
        return self.as_kept(owner, reading_place(primitive, args), found)

    def read_item(self, owner: Box, container: Any, index: Any, found: Any) -> Any:
        """As `read`, for an item of a container."""
        if isinstance(index, slice):
            found = self.machine.containers.as_own(found)
        if id(container) not in self.holding:
            return found
        place = ("item", id(container), same_key(index))
        if place in self.kept:
            return self.as_kept(owner, place, found)
        if any(True for _ in traced_in(found)) and not elsewhere(self.placed, container, index):
            refuse_held(self.machine, owner)
        return found

    def items(self, value: Traced) -> Any:
        """The items of a container from outside, which may change on the way."""
        machine = self.machine
        seen, number, length = -1, 0, 0
        while True:
            if seen != self.count:
                seen, before = self.count, length
                items = value if isinstance(value.value, (list, tuple)) else machine.opaque(tuple, (value,), {}, pure=True)
                length = machine.concrete(machine.call(len, items))
                if number and length != before and items is not value:
                    raise RuntimeError("dictionary changed size during iteration")
            if number >= length:
                return
            yield machine.item(items, number)
            number += 1

    def as_kept(self, owner: Any, place: Any, found: Any) -> Any:
        """What was kept at a place in this call, where that is still there."""
        machine = self.machine
        if place not in self.kept or not any_traced(found):
            return found
        kept = self.kept[place]
        if kept is None or not isinstance(found, Box):
            refuse_held(machine, owner)
        same = machine.performed.read(still_there, found.value, kept.value)
        machine.guard("truth", machine.emit(CALL, [still_there, [found, kept], {}], same), same)
        return kept if same else found


def still_there(found: Any, kept: Any) -> bool:
    """Whether what is found is what was kept. Where a call is walked again, what the first walk has kept lies there: the same numbers."""
    if isinstance(found, np.ndarray):
        alike = found.dtype == kept.dtype and found.shape == kept.shape
        return found is kept or bool(alike and found.tobytes() == kept.tobytes())
    return bool(same_key(found) == same_key(kept))


def traced_in_any(args: tuple[Any, ...]) -> bool:
    return any(isinstance(b, Box) and b.levels for b in traced_in(args))
