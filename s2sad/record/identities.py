"""Which objects are one: what `is`, `id` and `in` say of arguments, of what is read from outside, and of what the function makes.

What values stand for is known, and asked of the objects themselves, in each call, where the function asks. A path that does not ask is
not any slower.
"""
from __future__ import annotations

import operator
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.errors import UnsupportedSyntax
from s2sad.ir.writing import Box, Writer
from s2sad.machine.standing import Outer
from s2sad.machine.traced import Traced, strip
from s2sad.rules.structural import CALL

SINGLE = (type(None), type(Ellipsis), type(NotImplemented))


class Identities(Writer):
    """The part of a recording that answers which objects are one."""

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

    def identical(self, left: Any, right: Any) -> bool:
        if left is right:
            return True
        kind = type(strip(left))
        if kind is not type(strip(right)):
            return False
        if kind in SINGLE:
            return True
        if issubclass(kind, (bool, str, bytes)) and (isinstance(left, Traced) or isinstance(right, Traced)):
            return super().identical(left, right)
        one, other = self.stands_for(left), self.stands_for(right)
        if one is not None and other is not None:
            return self.one_object(one, other)
        if kind is int:
            return self.concrete(left) is self.concrete(right)
        return self.made_as_one(left, right)

    def one_object(self, one: Outer, other: Outer) -> bool:
        """Whether what came from outside is one object: asked again in each call, where code can ask it."""
        if one.var is not None and other.var is not None and one.var is not other.var:
            same = self.performed.read(operator.is_, one.value, other.value)
            asked = [self.boxes[one.var], self.boxes[other.var]]
            self.guard("truth", self._emit(CALL, [operator.is_, asked, {}], same), same)
            return bool(same)
        if (one.apart and other.var is not None) or (other.apart and one.var is not None):
            raise UnsupportedSyntax("whether a container among the arguments is an object from outside", self.location(),
                                    "compare with ==, or pass what tells them apart")  # fmt: skip
        return one.value is other.value

    def made_as_one(self, left: Any, right: Any) -> bool:
        """Whether what the function made is one object: `float(x)` of a float is; an array would be one here as well."""
        return strip(left) is strip(right) and not isinstance(strip(left), np.ndarray)

    def identity(self, value: Any) -> Any:
        outer = self.stands_for(value)
        if outer is None or outer.var is None:
            self._alive.append(value)  # the number is its own as long as it lives
            return id(value if outer is None else outer.value)
        return self._emit(CALL, [id, [self.boxes[outer.var]], {}], self.performed.read(id, outer.value))
