"""A machine whose function reads what is outside it and never writes there: a gradient leaves the world as it was."""
from __future__ import annotations

import collections
from typing import Any, NoReturn

import numpy as np

from s2sad import trees
from s2sad.errors import UnsupportedMutation
from s2sad.machine import INPLACE, Machine
from s2sad.primitives import Primitive
from s2sad.traced import Traced, any_traced, check_array


class ReadingMachine(Machine):
    """Values from outside stay the plain objects they are; they are remembered, and a write into one is refused."""

    def pin(self, kind: type, name: str, attribute: Any) -> None:
        """Nothing outlives the call, so what it depends on needs no guard."""

    def pin_builtin(self, function: Any, name: str) -> None:
        """As `pin`."""

    def captured(self, value: Any, primitive: Primitive, args: list[Any]) -> Any:
        return self.outside(value)

    def outside(self, value: Any) -> Any:
        """The value, remembered as one that is not the function's own."""
        if isinstance(value, (list, tuple, dict, set, collections.deque, np.ndarray)) or hasattr(value, "__dict__"):
            self.external.setdefault(id(value), value)
        return value

    def admit(self, arguments: Any) -> Any:
        """The arguments of the function: copies of the arrays in them, for their contents are not to change."""
        leaves, structure = trees.flatten(arguments)
        for leaf in leaves:
            if isinstance(leaf, np.ndarray):
                check_array(leaf, None)
        copies = {id(leaf): leaf.copy() for leaf in leaves if type(leaf) is np.ndarray}
        admitted = trees.unflatten(structure, [copies.get(id(leaf), leaf) for leaf in leaves])
        for argument in admitted.values() if isinstance(admitted, dict) else admitted:
            if type(argument) is not np.ndarray:
                self.outside(argument)
        return admitted

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

    def set_item(self, value: Any, owner: Any, index: Any) -> None:
        if isinstance(owner, np.ndarray) and owner.dtype != object and any_traced(value):
            self.refuse_array("an item of an array is assigned", "build it with np.where, np.concatenate or np.stack")
        super().set_item(value, owner, index)

    def inplace(self, symbol: str, target: Any, value: Any) -> Any:
        if type(target) is not np.ndarray:
            return super().inplace(symbol, target, value)
        if any_traced(value):
            self.write_whole(symbol, value, value)
        self.check_own(target, f"{symbol}= on it")
        return INPLACE[symbol](target, value)

    def write_item(self, value: Any, owner: Traced, index: Any) -> None:
        self.refuse_array("an item of an array is assigned", "build it with np.where, np.concatenate or np.stack")

    def write_whole(self, symbol: str, target: Traced, value: Any) -> Any:
        self.refuse_array(f"{symbol}= changes an array in place", f"write a = a {symbol} b: a new array")

    def refuse_array(self, what: str, hint: str) -> NoReturn:
        raise UnsupportedMutation(f"{what}, and it holds values that are being differentiated", self.location(), hint)
