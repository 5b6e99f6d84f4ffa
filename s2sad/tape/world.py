"""The world outside the function: it is read, and changed as one plain call changes it, but for arrays."""
from __future__ import annotations

import collections
import contextlib
import operator
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.errors import UnsupportedMutation
from s2sad.machine import belonging
from s2sad.machine.array_writes import is_array
from s2sad.machine.kept_outside import COPY, WRITTEN, check_leaves, elsewhere, place_of, reading_place, refuse_held, told_key
from s2sad.machine.traced import Traced, any_traced, check_array, strip, traced_in
from s2sad.rules.language import Primitive
from s2sad.runtime import asking
from s2sad.runtime.control import same_bits
from s2sad.tape.regions import owner_of, replicas

CONTAINERS = (list, tuple, dict, set, collections.deque)


class World:
    """What the function was given and what it has read, what it has changed there, and where it keeps followed values.

    Values from outside stay the plain objects they are; they are remembered in the machine's `external`, and what is written into one is
    plain as well. A followed value that was kept outside is followed on when it is read from the same place. The world is told what is
    read and asked what may be written; it asks the machine what a container stands for, and lets it refuse.
    """

    def __init__(self, machine: Any) -> None:
        self.machine, self.external = machine, machine.external
        self.foreign: dict[int, list[Any]] = {}  # arrays from outside, by the owner of their memory
        self.passed: dict[int, tuple[Any, list[Any]]] = {}  # copies of arguments, by owner, and the arrays copied
        self.given: dict[int, Any] = {}  # the arrays that the function was given, by their ids
        self.rewritten: set[int] = set()  # those among them that the function has written into
        self.changed: set[int] = set()  # containers among the arguments that it has changed
        self.holding: dict[int, Any] = {}  # what holds a followed value, by its id
        self.handed: dict[int, Any] = {}  # containers of the function that were kept outside
        self.placed: dict[int, list[Any]] = {}  # of dicts that hold followed values: their keys; None where one of them is not told
        self.kept_at: dict[Any, Any] = {}  # followed values, by the place outside where they are kept
        self.staying: dict[int, tuple[Any, Any]] = {}  # arrays that only the function may change, and what they hold

    def read(self, value: Any, primitive: Primitive, args: list[Any]) -> Any:
        """A value from outside, which the function reads by a primitive."""
        return self.as_kept(args[0], reading_place(primitive, args), self.outside(value))

    def outside(self, value: Any) -> Any:
        """The value, remembered as one that is not the function's own; arrays in containers as well."""
        if id(value) in self.external:
            return value
        if id(value) in self.changed:
            self.refuse_shared(value)
        if isinstance(value, np.ndarray):
            if id(owner_of(value)) not in self.passed:
                self.external[id(value)] = value
                self.foreign.setdefault(id(owner_of(value)), []).append(value)
                self.check_apart()
        elif isinstance(value, CONTAINERS) or asking.attribute(value, "__dict__") is not None:
            self.external[id(value)] = value
            for item in value.values() if isinstance(value, dict) else value if isinstance(value, CONTAINERS) else ():
                if isinstance(item, (*CONTAINERS, np.ndarray)):
                    self.outside(item)
        return value

    def admit(self, arguments: Any, opened: Any = trees.OWN) -> Any:
        """The arguments of the function: copies of the arrays in them, for their contents are not to change."""
        leaves, structure = trees.flatten(arguments, objects=True, opened=opened)
        for leaf in leaves:
            if isinstance(leaf, np.ndarray):
                check_array(leaf, None)
        arrays = [leaf for leaf in leaves if type(leaf) is np.ndarray]
        copies = replicas(arrays)
        self.given.update((id(copy), copy) for copy in copies.values())
        self.stays(arrays)
        for array in arrays:
            owner = owner_of(copies[id(array)])
            self.passed.setdefault(id(owner), (owner, []))[1].append(array)
        admitted = trees.unflatten(structure, [copies.get(id(leaf), leaf) for leaf in leaves])
        self.machine.identities.passed_on(arguments, admitted)
        for argument in admitted.values() if isinstance(admitted, dict) else admitted:
            if type(argument) is not np.ndarray:
                self.outside(argument)
        return admitted

    def check_write(self, array: Any, what: str) -> None:
        """Refuse a write into memory from outside, or into an argument that shares memory with an array from outside."""
        own = id(owner_of(array))
        for passed in (a for _, arrays in self.passed.values() for a in arrays) if own in self.foreign else ():
            if np.shares_memory(passed, array):
                self.machine.refuse_write(f"an array that is both an argument and from outside the function is changed: {what}")
        if own in self.passed and own not in self.rewritten:
            self.rewritten.add(own)
            self.check_apart()

    def check_apart(self) -> None:
        """Nothing that was read from outside may share memory with an argument that is written: the argument is a copy here."""
        for array in (array for own in self.rewritten for array in self.passed[own][1]):
            for other in self.foreign.get(id(owner_of(array)), ()):
                if np.shares_memory(array, other):
                    self.machine.refuse_write("an argument is changed that shares memory with an array from outside the function")

    def holds(self, values: Any) -> bool:
        """Whether a followed value was kept outside, in something that code can get at which is given the values."""
        return belonging.reaches(values, self.holding, self.kept_at)

    def part(self, owner: Any, value: Any, place: Any = None) -> Any:
        """A part of an object from outside is from outside as well."""
        return self.as_kept(owner, place, self.outside(value)) if id(owner) in self.external else value

    def item(self, owner: Any, index: Any, found: Any) -> Any:
        """What was found at an index."""
        if elsewhere(self.placed, owner, index):
            return self.outside(found)
        return self.part(owner, found, place_of(operator.setitem, owner, (index,)) if not is_array(owner) else None)

    def as_kept(self, owner: Any, place: Any, found: Any) -> Any:
        """What was kept at a place in this call, where that is still there."""
        if place in self.kept_at:
            kept = self.kept_at[place]
            if kept is None and isinstance(found, CONTAINERS):
                refuse_held(self.machine, owner)
            return kept if found is strip(kept) else found
        if id(owner) in self.holding and isinstance(owner, CONTAINERS) and isinstance(found, (float, complex, np.inexact, *CONTAINERS)):
            refuse_held(self.machine, owner)
        return found

    # Writes

    def outer(self, container: Any, what: str) -> bool:
        """Whether a container that is written is one from outside."""
        if id(container) in self.handed:
            self.machine.refuse_write(f"a {type(container).__name__} that is kept outside the function is changed: {what}")
        if id(container) not in self.external:
            self.machine.check_single(container, what)
        else:
            self.machine.changed_argument(container)
        return id(container) in self.external

    def changed_argument(self, container: Any) -> None:
        """A container is written, which may be an argument: the function has a copy, and nothing else may show that it has not changed."""
        outer = self.machine.identities.stands_for(container)
        if outer is not None and outer.value is not container and trees.parts(outer.value, trees.EVERY) is not None:
            self.changed.add(id(outer.value))
            if id(outer.value) in self.external:
                self.refuse_shared(outer.value)

    def stays(self, arrays: Iterable[Any]) -> None:
        """Arrays that code which is not followed may get at: what it would write there is lost to their derivative."""
        self.staying.update((id(array), (array, array.copy())) for array in arrays)

    @contextlib.contextmanager
    def staying_inside(self, arguments: Any) -> Iterator[None]:
        """A derivative is taken at these arguments, inside the function."""
        arrays = {id(leaf): leaf for leaf in trees.flatten(arguments)[0] if isinstance(leaf, np.ndarray) and id(leaf) not in self.staying}
        self.stays(arrays.values())
        try:
            yield
        finally:
            for known in arrays:
                self.staying.pop(known, None)

    def check_staying(self) -> None:
        """Code that is not followed has run: it has left alone what is differentiated."""
        if not all(same_bits(array, before) for array, before in self.staying.values()):
            raise UnsupportedMutation(WRITTEN, self.machine.location(), COPY)

    def refuse_shared(self, container: Any) -> None:
        self.machine.refuse_write(f"a {type(container).__name__} that is both an argument and an object from outside is changed")

    def change(self, function: Any, owner: Any, *args: Any, **kwargs: Any) -> Any:
        """`function(owner, *args, **kwargs)` changes an object from outside; what is followed is plain there."""
        if any(outer.value is owner and value is not owner for value, outer in self.machine.identities.outers.values()):
            self.refuse_shared(owner)
        for value in args:
            check_leaves(self.machine, value)
        place = place_of(function, owner, args)
        self.kept_at.pop(place, None)
        if any_traced(args):
            self.stays(v for v in strip([*traced_in(args)]) if isinstance(v, np.ndarray))
            self.holding[id(owner)] = owner
            self.placed.setdefault(id(owner), []).append(told_key(place, args))
            if place is not None:
                self.kept_at[place] = args[-1] if isinstance(args[-1], Traced) else None
            self.handed.update((id(a), a) for a in args if isinstance(a, CONTAINERS))  # what is kept is a copy without followed values
            args = strip(args)
        result = function(owner, *args, **kwargs)
        return None if result is None else self.part(owner, result)
