"""Generators and comprehensions where control flow is kept: they are walked, and each value goes to whoever takes it.

A generator is a function that is walked when its values are asked for. A `yield` in it gives the value to the body of the `for` that runs
over it, or appends it to a list. So it may interleave with that body as it does in Python, and no generator is in the code.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from typing import Any

import numpy as np

from s2sad.errors import CannotKeep
from s2sad.keep.exits import FALL, Exit
from s2sad.machine.traced import Traced, strip

Machine = Any
Taker = Callable[[Any], Exit]


class Lazy(Traced):
    """The values of a generator that nobody has taken yet. `run` walks it, with the function that takes a value; `names` are its own."""

    __slots__ = ("block", "called", "known", "names", "namespace", "native", "run", "taken")

    def __init__(self, machine: Machine, called: str, names: Set[str], namespace: dict[str, Any], run: Callable[[Taker], Exit],
                 native: Callable[[], Iterator[Any]] | None = None, known: bool = False) -> None:  # fmt: skip
        self.machine, self.called, self.names, self.namespace = machine, called, names, namespace
        self.run, self.native, self.known = run, native, known
        self.block, self.taken = machine.blocks.innermost, False

    @property
    def value(self) -> Any:
        raise CannotKeep(f"{self.called} is used by something other than a `for` or a function that takes all its values",
                         self.machine.location(), "let it return a list")  # fmt: skip

    def name(self, hint: str) -> str:
        """A name for what the machine keeps with the variables of the generator."""
        while hint in self.namespace or hint in self.names:
            hint += "_"
        return hint

    def start(self) -> None:
        if self.taken:
            raise CannotKeep(f"{self.called} is used a second time", self.machine.location(), "let it return a list")
        self.check_block()
        self.taken = True

    def check_block(self) -> None:
        """Values that are taken in a block are not there for the other side of a branch, nor for a further step."""
        if self.block is not self.machine.blocks.innermost:
            raise CannotKeep(f"{self.called} is made outside a loop or a branch and used in it", self.machine.location(),
                             "call it where it is used")  # fmt: skip

    def consume(self, body: Taker) -> Exit:
        """Give each value to the body of a loop; how the loop ended."""
        self.start()
        broke, gone = self.name("broke"), self.name("gone")
        self.namespace[broke] = self.namespace[gone] = False

        def take(value: Any) -> Exit:
            ended = body(value)
            if ended.kind in ("fall", "continue", "raise"):
                return FALL if ended.kind != "raise" else ended
            self.namespace[broke], self.namespace[gone] = ended.broke, ended.returned
            value = False if ended.kind == "break" or ended.returned is False else self.there(ended)
            if ended.kind in ("break", "return"):
                return Exit("return", value, False, True)
            left = self.machine.negated(ended.going)
            return Exit("mixed", value, ended.going, left, False, ended.going, frozenset({"fall", "return"}))

        ended = self.run(take)
        if ended.kind == "raise":
            return ended
        flags = self.namespace.pop(gone), self.namespace.pop(broke)
        return Exit("fall" if all(flag is False for flag in flags) else "mixed", ended.value, True, *flags)

    def there(self, ended: Exit) -> Any:
        """The value that is returned; a number in its place where the loop is left by a `break`."""
        value, machine = ended.value, self.machine
        if ended.broke is False:
            return value
        if not isinstance(value, Traced) or not isinstance(value.value, (int, float, complex, np.generic)):
            raise CannotKeep("a loop over a generator is left by a `break`, and by the return of something other than a number",
                             machine.location(), "return after the loop")  # fmt: skip
        return machine.choose(ended.returned, lambda: value, lambda: type(value.value)(0))

    def all(self) -> Any:
        """All the values, as a list; one by one where that is refused and their number is known."""
        return self.machine.regions.tried(self.listed, self.natively, unwritten=True) if self.known else self.listed()

    def listed(self) -> list[Any]:
        """All the values as a list, whose length may be one that is not known."""
        self.start()
        name, machine = self.name("items"), self.machine
        self.namespace[name] = []

        def take(value: Any) -> Exit:
            machine.call(machine.attribute(self.namespace[name], "append"), value)
            return FALL

        ended = self.run(take)
        if ended.kind == "raise":
            raise CannotKeep(f"{self.called} always raises", machine.location())
        return self.namespace.pop(name)  # type: ignore[no-any-return]

    def numbered(self, start: Any) -> Lazy:
        """`enumerate(values, start)`."""
        name = self.name("count")

        def run(take: Taker) -> Exit:
            self.namespace[name] = start

            def each(value: Any) -> Exit:
                number = self.namespace[name]
                self.namespace[name] = self.machine.binary("+", number, 1)
                return take((number, value))

            return self.run(each)

        return Lazy(self.machine, self.called, self.names, self.namespace, run)

    def natively(self) -> Iterator[Any]:
        """The values one by one, for code that is not walked."""
        if self.native is None:
            strip(self)  # which is refused
        assert self.native is not None
        self.check_block()
        self.taken, native = True, self.native()
        self.native = lambda: native
        return native
