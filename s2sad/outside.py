"""A machine whose function reads what is outside it and never writes there: a gradient leaves the world as it was."""
from __future__ import annotations

import collections
from typing import Any

import numpy as np

from s2sad import asking, trees
from s2sad.machine import Machine
from s2sad.primitives import Primitive
from s2sad.tape_memory import owner_of, replicas
from s2sad.traced import check_array

CONTAINERS = (list, tuple, dict, set, collections.deque)


class ReadingMachine(Machine):
    """Values from outside stay the plain objects they are; they are remembered, and a write into one is refused."""

    def __init__(self) -> None:
        super().__init__()
        self.foreign: dict[int, list[Any]] = {}  # arrays from outside, by the owner of their memory
        self.passed: dict[int, tuple[Any, list[Any]]] = {}  # copies of arguments, by owner, and the arrays copied
        self.rewritten: set[int] = set()  # those among them that the function has written into

    def pin(self, kind: type, name: str, attribute: Any) -> None:
        """Nothing outlives the call, so what it depends on needs no guard."""

    def pin_builtin(self, function: Any, name: str) -> None:
        """As `pin`."""

    def captured(self, value: Any, primitive: Primitive, args: list[Any]) -> Any:
        return self.outside(value)

    def outside(self, value: Any) -> Any:
        """The value, remembered as one that is not the function's own; arrays in containers as well."""
        if id(value) in self.external:
            return value
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

    def admit(self, arguments: Any) -> Any:
        """The arguments of the function: copies of the arrays in them, for their contents are not to change."""
        leaves, structure = trees.flatten(arguments, objects=True)
        for leaf in leaves:
            if isinstance(leaf, np.ndarray):
                check_array(leaf, None)
        arrays = [leaf for leaf in leaves if type(leaf) is np.ndarray]
        copies = replicas(arrays)
        for array in arrays:
            owner = owner_of(copies[id(array)])
            self.passed.setdefault(id(owner), (owner, []))[1].append(array)
        admitted = trees.unflatten(structure, [copies.get(id(leaf), leaf) for leaf in leaves])
        self.passed_on(arguments, admitted)
        for argument in admitted.values() if isinstance(admitted, dict) else admitted:
            if type(argument) is not np.ndarray:
                self.outside(argument)
        return admitted

    def check_write(self, array: Any, what: str) -> None:
        """Refuse a write into memory from outside, or into an argument that shares memory with an array from outside."""
        own = id(owner_of(array))
        if own in self.foreign:
            self.refuse_write(f"an array from outside the function is changed: {what}")
        if own in self.passed and own not in self.rewritten:
            self.rewritten.add(own)
            self.check_apart()

    def check_apart(self) -> None:
        """Nothing that was read from outside may share memory with an argument that is written: the argument is a copy here."""
        for array in (array for own in self.rewritten for array in self.passed[own][1]):
            for other in self.foreign.get(id(owner_of(array)), ()):
                if np.shares_memory(array, other):
                    self.refuse_write("an argument is changed that shares memory with an array from outside the function")

    def cached_outside(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return self.outside(super().cached_outside(function, args, kwargs))

    def part(self, owner: Any, value: Any) -> Any:
        """A part of an object from outside is from outside as well."""
        return self.outside(value) if id(owner) in self.external else value

    def attribute(self, owner: Any, name: str) -> Any:
        return self.part(owner, super().attribute(owner, name))

    def item(self, owner: Any, index: Any) -> Any:
        return self.part(owner, super().item(owner, index))

    def iterate(self, value: Any, hint: Any = None) -> Any:
        items = super().iterate(value, hint)
        return map(self.outside, items) if id(value) in self.external else items

    def set_attribute(self, value: Any, owner: Any, name: str) -> None:
        self.check_own(owner, f"its attribute {name!r} is assigned")
        super().set_attribute(value, owner, name)

    def delete_attribute(self, owner: Any, name: str) -> None:
        self.check_own(owner, f"its attribute {name!r} is deleted")
        super().delete_attribute(owner, name)
