"""Which objects are one: what `is`, `id` and `in` say of arguments, of what is read from outside, and of what the function makes.

What values stand for is known, and asked of the objects themselves, in each call, where the function asks. A path that does not ask is
not any slower.
"""
from __future__ import annotations

import operator
from typing import Any

from s2sad import trees
from s2sad.errors import UnsupportedSyntax
from s2sad.ir.writing import Box
from s2sad.machine.standing import Outer, Standing
from s2sad.machine.traced import Traced, strip
from s2sad.rules.structural import CALL

SINGLE = (type(None), type(Ellipsis), type(NotImplemented))


class Identities(Standing):
    """What the values of a recording stand for; a box knows it itself.

    It is asked whether two values are one object, and which number `id` gives. Of what came from outside it has the code ask again, in
    each call: it writes that down through the machine, which decides about what the function has made.
    """

    def __init__(self, machine: Any) -> None:
        super().__init__()
        self.machine = machine
        self.alive: list[Any] = []  # what has been asked for its number, which is its own as long as it lives

    def stands_for(self, value: Any) -> Outer | None:
        return value.outer if isinstance(value, Box) else super().stands_for(value)

    def note(self, value: Any, outer: Outer) -> None:
        if isinstance(value, Box):
            value.outer = outer
        else:
            super().note(value, outer)

    def passed_on(self, old: Any, new: Any, twice: frozenset[int] = frozenset()) -> None:
        if self.stands_for(old) is None and (isinstance(old, Box) or trees.parts(old, trees.EVERY) is not None):
            self.note(old, Outer(old))
        super().passed_on(old, new, twice)

    def identical(self, left: Any, right: Any) -> bool | None:
        """Whether two values are one object; None for truth values and texts, of which code asks whether they are equal."""
        if left is right:
            return True
        kind = type(strip(left))
        if kind is not type(strip(right)):
            return False
        if kind in SINGLE:
            return True
        if issubclass(kind, (bool, str, bytes)) and (isinstance(left, Traced) or isinstance(right, Traced)):
            return None
        one, other = self.stands_for(left), self.stands_for(right)
        if one is not None and other is not None:
            return self.one_object(one, other)
        if kind is int:
            return self.machine.concrete(left) is self.machine.concrete(right)
        return bool(self.machine.made_as_one(left, right))

    def one_object(self, one: Outer, other: Outer) -> bool:
        """Whether what came from outside is one object: asked again in each call, where code can ask it."""
        machine = self.machine
        if one.var is not None and other.var is not None and one.var is not other.var:
            same = machine.performed.read(operator.is_, one.value, other.value)
            asked = [machine.sheet.boxes[one.var], machine.sheet.boxes[other.var]]
            machine.guard("truth", machine.emit(CALL, [operator.is_, asked, {}], same), same)
            return bool(same)
        if (one.apart and other.var is not None) or (other.apart and one.var is not None):
            raise UnsupportedSyntax("whether a container among the arguments is an object from outside", machine.location(),
                                    "compare with ==, or pass what tells them apart")  # fmt: skip
        return one.value is other.value

    def number(self, value: Any) -> Any:
        """`id(value)`."""
        outer, machine = self.stands_for(value), self.machine
        if outer is None or outer.var is None:
            self.alive.append(value)
            return id(value if outer is None else outer.value)
        return machine.emit(CALL, [id, [machine.sheet.boxes[outer.var]], {}], machine.performed.read(id, outer.value))
