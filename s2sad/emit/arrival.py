"""The short way in: a generated test whether a call is like the one before, of which the path may then run at once.

It takes the arguments apart and asks of them what the key of a call says: classes, dtypes, shapes, keys by class and bits, and which of the
containers are one object.
"""
from __future__ import annotations

import collections
import itertools
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.runtime import asking, containers

MOST = 256  # leaves, beyond which the test would take longer to compile than it saves
MISSED: Any = object()
"""What a function for calls with arguments by name gives where a call is not like the one before."""


class NotQuick(Exception):
    """There is no short way for such arguments, or they are not like those before."""


SCOPE = {"__own__": object.__getattribute__, "__dict__of__": "__dict__", "__unlike__": NotQuick}


class Taking:
    """Writes statements that take arguments apart, and leave where they are not like those that are given. Raises NotQuick.

    With `any_shape`, arrays are asked for their rank alone.
    """

    def __init__(self, args: tuple[Any, ...], kwargs: dict[str, Any], structure: Any, any_shape: bool = False) -> None:
        self.any_shape = any_shape
        self.scope: dict[str, Any] = dict(SCOPE)
        self.lines: list[str] = []
        self.leaves: list[str] = []
        self.tests: list[str] = []
        self.shapes: list[str] = []  # those of them that ask for shapes
        self.sizes_known = False  # whether all sizes are asked to be those of earlier calls
        self.numbered: list[tuple[str, list[str]]] = []  # the containers, each with the leaves in it
        self.numbers = itertools.count()
        self.names = [self.fresh() for _ in args]
        for name, value, inner in zip(self.names, args, structure.children[0].children, strict=True):
            self.part(name, value, inner)
        self.numbered.append(("", []))  # the tuple of arguments itself, as it is counted in the structure
        self.by_name = bool(kwargs)
        if kwargs:  # which come after the others
            self.names.append(self.fresh())
            self.container(self.names[-1], kwargs, structure.children[1])
        if len(self.numbered) > 2:
            ids = [f"id({name})" for name, _ in self.numbered if name]
            self.tests.append(f"len({{{', '.join(ids)}}}) == {len(ids)}")

    def fresh(self) -> str:
        return f"__a{next(self.numbers)}__"

    def known(self, value: Any) -> str:
        """A name for an object that is known now."""
        name = self.fresh()
        self.scope[name] = value
        return name

    def part(self, name: str, value: Any, node: trees.Structure) -> None:
        if node is None:
            self.leaf(name, value)
        elif node.again is not None:
            first, leaves = self.numbered[node.again]
            self.tests.append(f"{name} is {first}")
            self.leaves += leaves
        else:
            before = len(self.leaves)
            self.container(name, value, node)
            self.numbered.append((name, self.leaves[before:]))

    def leaf(self, name: str, value: Any) -> None:
        if trees.closed(value) or len(self.leaves) >= MOST:
            raise NotQuick
        self.leaves.append(name)
        self.tests.append(f"type({name}) is {self.known(type(value))}")
        if type(value) is np.ndarray:
            dtype = self.known(value.dtype)
            self.shapes.append(f"{name}.ndim == {value.ndim}" if self.any_shape else f"{name}.shape == {value.shape!r}")
            self.tests += [self.shapes[-1], f"({name}.dtype is {dtype} or {name}.dtype == {dtype})"]

    def one_of(self, names: list[str], served: set[Any], now: Any) -> None:
        """Ask whether the shapes of all arrays, with what else goes by these names, are among some: which asks for their ranks, too.
        It is quick where they are those of `now`."""
        asked = f"({', '.join(names)},) in {self.known(served)}"
        if now is not None and len(now) == len(names) and not any(name.startswith("*") for name in names):
            alike = " and ".join(f"{name} == {self.known(size)}" for name, size in zip(names, now, strict=True))
        else:
            alike = f"({', '.join(names)},) == {self.known(now)}"
        self.tests = [*(t for t in self.tests if t not in self.shapes), f"({alike} or {asked})"]
        self.sizes_known = True

    def container(self, name: str, value: Any, node: trees.Node) -> None:
        """A container: its class is asked, then its items and its attributes are taken out of it as they are stored."""
        self.leave_unless(f"type({name}) is {self.known(node.kind)}")
        held = containers.layout(node.kind)
        contents = trees.parts(value, trees.EVERY)[1]  # type: ignore[index]
        names: list[str] = []
        if isinstance(value, dict):
            count = sum(type(key) is not containers.Attribute for key in node.keys)
            names = self.items(name, value, node.keys[:count])
        elif isinstance(value, containers.ROWS):
            base = containers.row_base(value)
            names = self.unpacked(name if held is None else f"{self.known(base.__iter__)}({name})", base.__len__(value))
        if held is not None:
            names += self.attributes(name, value, held, [str(key) for key in node.keys[len(names) :]])
            if isinstance(value, collections.defaultdict):
                self.leave_unless(f"{self.known(containers.DEFAULT_FACTORY)}({name}) is {self.known(node.state[0])}")
            elif isinstance(value, collections.deque):
                self.leave_unless(f"{self.known(containers.MAXLEN)}({name}) == {self.known(node.state[0])}")
        for part in zip(names, contents, node.children, strict=True):
            self.part(*part)

    def items(self, name: str, value: Any, keys: tuple[Any, ...]) -> list[str]:
        """The items of a dict, by keys that are the same."""
        if type(value) is dict:
            found, values = self.unpacked(name, len(keys)), f"{name}.values()"
        else:
            base = collections.OrderedDict if isinstance(value, collections.OrderedDict) else dict
            found, values = self.unpacked(f"{self.known(base.__iter__)}({name})", len(keys)), f"{self.known(base.values)}({name})"
        for key, wanted in zip(found, keys, strict=True):
            self.leave_unless(self.is_key(key, wanted))
        return self.unpacked(values, len(keys))

    def is_key(self, name: str, wanted: Any) -> str:
        """Whether a key is the same; of text and whole numbers another object may be."""
        known, test = self.known(wanted), ""
        if type(wanted) in (str, int):
            test = f" or (type({name}) is {type(wanted).__name__} and {name} == {known})"
        return f"({name} is {known}{test})"

    def attributes(self, name: str, value: Any, held: containers.Layout, names: list[str]) -> list[str]:
        """The attributes that an instance holds itself, where these are all of one kind, and all there."""
        own = asking.own_names(value)
        if containers.shares_its_dict(value) or names != [*held.slots, *own]:
            raise NotQuick
        slots = [(self.fresh(), self.known(member.__get__)) for member in held.slots.values()]
        self.lines += [f"{slot} = {get}({name})" for slot, get in slots]
        found = [slot for slot, _ in slots]
        if asking.attribute(value, "__dict__") is not None:
            inner = self.fresh()
            self.lines.append(f"{inner} = __own__({name}, __dict__of__)")
            found += self.items(inner, own, tuple(own))
        return found

    def unpacked(self, source: str, count: int) -> list[str]:
        """Names for what is in an iterable; another number of them is an error, which leaves as well."""
        names = [self.fresh() for _ in range(count)]
        self.lines.append(f"[{', '.join(names)}] = {source}")
        return names

    def leave_unless(self, test: str) -> None:
        self.lines.append(f"if not {test}: raise __unlike__")
