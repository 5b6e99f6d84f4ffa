"""Containers from outside: short ones of Python's own are taken apart, and one that is changed is not to be an argument as well."""
from __future__ import annotations

import functools
import operator
from typing import Any

from s2sad import trees
from s2sad.ir.program import Var
from s2sad.ir.writing import Box
from s2sad.machine.standing import Outer
from s2sad.rules.structural import CALL
from s2sad.runtime import containers as classes
from s2sad.runtime.control import is_argument

LONG = 256  # a container from outside with more items than this is read item by item, not copied


class Containers:
    """The lists, tuples and dicts from outside that the function has met, and the copies of those that were taken apart.

    It is asked for such a copy, or for an instance of another class of containers with its contents; told when a container is changed, it
    has the machine make sure that this one is no argument; told when code ran that is not followed, it reads the contents again.
    """

    def __init__(self, machine: Any) -> None:
        self.machine = machine
        self.met: dict[Var, Box] = {}
        self.changed_kinds: set[type] = set()  # of the containers among the arguments that are changed
        self.alive: list[Any] = []  # what is known by its id

    def meet(self, box: Box) -> None:
        """A container from outside is seen; it may be one of the arguments, of which the function has a copy."""
        self.met[box.var] = box
        if type(box.value) in self.changed_kinds:
            self.machine.once(("apart", box.var), lambda: self.machine.check_apart(box))

    def changed_argument(self, container: Any) -> None:
        """A container is changed; it may be one of the arguments."""
        machine = self.machine
        outer, kind = machine.identities.stands_for(container), type(container)
        if outer is not None and outer.apart:
            self.changed_kinds.add(kind)
            for box in [box for box in self.met.values() if type(box.value) is kind]:
                machine.once(("apart", box.var), functools.partial(machine.check_apart, box))

    def changed_outside(self, owner: Any) -> None:
        """An object from outside is changed."""
        machine = self.machine
        if isinstance(owner, Box) and any(o.apart and type(v) is type(owner.value) for v, o in machine.identities.outers.values()):
            machine.once(("apart", owner.var), lambda: machine.check_apart(owner))

    def check_apart(self, box: Box) -> None:
        """A container from outside is not to be one of the arguments: a change of one would have to be seen in the other."""
        machine = self.machine
        found = machine.performed.read(is_argument, box.value)
        if found:
            machine.refuse_write(f"a {type(box.value).__name__} that is both an argument and an object from outside is changed")
        machine.guard("truth", machine.emit(CALL, [is_argument, [box], {}], found), found)

    def takes_apart(self, value: Any) -> bool:
        """Whether a value is a container that is copied, with its items, rather than read item by item."""
        machine = self.machine
        if id(value) in machine.changes.changing or type(value) not in (list, tuple, dict) or len(value) > LONG:
            return False
        if machine.performed.last or ("unfolded", id(value)) in machine.memo:
            return True
        return machine.performed.contents(value) is not None

    def unfold(self, box: Box, value: Any) -> Any:
        """A container from outside as one of ours: its length and keys are guarded, its items are read afresh."""
        machine = self.machine
        copy, first = machine.once(("unfolded", id(value)), lambda: (self._copy(box, value), box))
        if first is not box:
            same = machine.performed.read(operator.is_, box.value, first.value)
            machine.guard("truth", machine.emit(CALL, [operator.is_, [box, first], {}], same), same)
        return copy

    def _copy(self, box: Box, value: Any) -> Any:
        items = self.contents(box, value)
        copy = items if type(value) is not tuple else tuple(items)
        self.machine.external[id(copy)] = copy
        self.machine.identities.note(copy, Outer(value, box.var))
        self.alive.append(value)
        return copy

    def contents(self, box: Box, value: Any) -> Any:
        """The items of a list or tuple as a list, those of a dict as a dict."""
        machine = self.machine
        function: Any = len if type(value) is not dict else tuple
        shape = machine.performed.read(function, value)
        machine.sheet.guard_value(machine.emit(CALL, [function, [box], {}], shape), shape)
        keys = shape if type(value) is dict else range(shape)
        items = [machine.world.item(box, value, k) for k in keys]
        return dict(zip(keys, items, strict=True)) if type(value) is dict else items

    def opened(self, argument: Any) -> Any:
        leaves, structure = trees.flatten(argument, opened=trees.EVERY)
        if not any(isinstance(leaf, Box) and trees.closed(leaf.value) for leaf in leaves):
            return argument
        return trees.unflatten(structure, [self._opened(leaf) for leaf in leaves])

    def _opened(self, value: Any) -> Any:
        """A container of another class from outside, as an instance whose items and attributes are read afresh."""
        machine = self.machine
        if not isinstance(value, Box) or not trees.closed(value.value):
            return value
        keys, names, state = told = machine.performed.read(classes.told, value.value)
        machine.sheet.guard_value(machine.emit(CALL, [classes.told, [value], {}], told), told)
        contents = []
        for i in range(len(keys) + len(names)):
            part = machine.performed.read(classes.part, value.value, i)
            contents.append(machine.opened(machine.admit(machine.emit(CALL, [classes.part, [value, i], {}], part), part, fixed=True)))
        every = (*keys, *map(classes.Attribute, names))
        return classes.rebuild(type(value.value), every, contents, state)

    def read_again(self) -> None:
        """After code that is not followed: functions may be others, lists and dicts that were taken apart may hold other items."""
        self.machine.lowerings.clear()
        for key, known in list(self.machine.memo.items()):
            if key[0] == "unfolded" and type(known[0]) is not tuple:
                copy, box = known
                contents = self.contents(box, box.value)
                copy.clear()
                copy.update(contents) if type(copy) is dict else copy.extend(contents)

    def as_own(self, found: Any) -> Any:
        """A list or dict that was made in the call by asking the world outside: the function may change it."""
        machine = self.machine
        if isinstance(found, Box) and type(found.value) in (list, dict):
            return self.contents(found, found.value)
        if type(found) in (list, dict) and machine.external.pop(id(found), None) is not None:
            machine.memo = {k: v for k, v in machine.memo.items() if k[0] != "unfolded" or v[0] is not found}
        return found
