"""The memory that a tape follows: arrays are NumPy's own, and what was written stands under a name like any other value.

To the function an array is what it is to NumPy: a plain array, or a Variable of one, seen through all its aliases and views. The memory
of an array that is written while something in it is differentiated becomes a region. Its contents, as one flat array, have a name. A
write gives them a new name: an entry from the old contents and the written value. A read is an entry from the contents to a copy of what
the array holds now.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.errors import UnsupportedMutation
from s2sad.machine.traced import Traced, strip
from s2sad.tape import contents
from s2sad.tape.regions import Region, Regions, replicas


class Memory:
    """What was written while it was differentiated, and what was read of it since.

    It is asked for a value as it is now (`read`, `kept`, `lifted`), whether one is followed, and to write. It asks the machine for
    Variables, for names and entries of its tape, and whether a value is active; the world says what may be written at all.
    """

    def __init__(self, machine: Any) -> None:
        self.machine, self.tape = machine, machine.tape
        self.regions = Regions()
        self._loaded: dict[int, tuple[Any, str, Any]] = {}
        self._followers: dict[int, tuple[Any, Any]] = {}
        self._copies: dict[int, tuple[Any, Any]] = {}

    @property
    def written(self) -> list[Region]:
        """The regions; there are none while nothing that is differentiated was written."""
        return self.regions.written

    # Reading

    def is_followed(self, value: Any) -> bool:
        """Whether a value is a plain array in written memory that is being differentiated."""
        region = self.regions.at(value) if isinstance(value, np.ndarray) else None
        return region is not None and region.name not in self.tape.constants

    def is_active(self, variable: Any) -> bool:
        """Whether an array in written memory is being differentiated now; for others what their name says."""
        region = self.regions.at(variable.value)
        return (variable if region is None else region).name not in self.tape.constants

    def followed_in(self, value: Any) -> Iterator[Any]:
        """The plain arrays in written memory in a value, also inside containers."""
        if isinstance(value, np.ndarray):
            if self.is_followed(value):
                yield value
        elif isinstance(value, (list, tuple, set, frozenset)):
            for item in value:
                yield from self.followed_in(item)
        elif isinstance(value, dict):
            for item in value.values():
                yield from self.followed_in(item)

    def lifted(self, value: Any) -> Any:
        """A plain array in written memory as a Variable with that memory; anything else as it is."""
        if not self.regions.written or not self.is_followed(value):
            return value
        if id(value) not in self._followers:
            self._followers[id(value)] = (value, self.machine.variable(value))
        return self._followers[id(value)][1]

    def read(self, value: Any) -> Any:
        """The value as it is now: of an array in written memory a Variable with a copy of its contents."""
        array = strip_array(value)
        region = None if array is None else self.regions.at(array)
        if region is None:
            return value
        if region.name in self.tape.constants:
            return array
        self.check_fits(region, array)
        found = self._loaded.get(id(array))
        if found is not None and found[1] == region.name and found[2].value.shape == array.shape:
            return found[2]
        loaded = self.machine.variable(array.copy())
        self.tape.put((region.name,), (loaded.name,), *contents.load(self.machine, region, array))
        self._loaded[id(array)] = (array, region.name, loaded)
        return loaded

    def kept(self, value: Any) -> Any:
        """The value as it is now, whatever is written later; also inside containers."""
        if isinstance(value, (np.ndarray, Traced)):
            value = self.read(value)
            array = strip_array(value)
            if array is None or array.dtype == object:
                return value
            saved = self._copy(array)
            return self.machine.variable(saved, value.name) if isinstance(value, Traced) else saved
        if type(value) in (list, tuple):
            return type(value)([self.kept(v) for v in value])
        if isinstance(value, tuple) and hasattr(value, "_fields"):
            return type(value)(*[self.kept(v) for v in value])
        if type(value) is dict:
            return {k: self.kept(v) for k, v in value.items()}
        if type(value) is slice:
            return slice(self.kept(value.start), self.kept(value.stop), self.kept(value.step))
        return value

    def _copy(self, array: Any) -> Any:
        """A copy of the array; the one made before, if it still holds the same."""
        found = self._copies.get(id(array))
        if found is None or found[1].shape != array.shape or found[1].tobytes() != array.tobytes():
            found = self._copies[id(array)] = (array, array.copy(order="K"))
        return found[1]

    def check_fits(self, region: Region, array: Any) -> None:
        if not region.fits(array):
            raise UnsupportedMutation(
                f"an array of {region.dtype} that is being differentiated was written, and its memory is used as an array of {array.dtype}",
                self.machine.location(), "write before taking the part or the view, or work on a copy: y.copy()")  # fmt: skip

    def noted(self, variables: Iterable[Any], independent: bool = False) -> None:
        """Remember where the arrays of new Variables lie."""
        for variable in variables:
            array = strip_array(variable)
            if array is not None and array.size and self.regions.at(array) is None:
                self.regions.made(array, variable.name, independent)

    def connected(self, array: Any, source: Any) -> Any:
        """A new Variable of an array that is a copy of the source."""
        source, variable = self.read(source), self.machine.variable(array)
        self.tape.put((source.name,), (variable.name,), contents.same, contents.same)
        self.noted([variable], True)
        return variable

    def apart(self, arguments: Any) -> Any:
        """Arguments of a derivative: copies of the arrays in them, which share memory with one another just as the arrays do."""
        leaves, structure = trees.flatten(arguments)
        arrays = [a for a in map(strip_array, leaves) if a is not None and a.dtype != object]
        if not arrays:
            return arguments
        copies, new = replicas(arrays), {}
        for leaf in leaves:
            array = strip_array(leaf)
            if id(array) in copies and id(leaf) not in new:
                new[id(leaf)] = self.connected(copies[id(array)], leaf) if self.machine.active(leaf) else copies[id(array)]
        return trees.unflatten(structure, [new.get(id(leaf), leaf) for leaf in leaves])

    # Writing

    def write(self, value: Any, owner: Any, index: Any) -> None:
        """`owner[index] = value`."""
        array, index = self.target(owner, "an item of it is assigned"), strip(index)
        if array.dtype.kind == "V" and self.machine.active(value):
            self.machine.refuse_write(f"an array of dtype {array.dtype} is written")
        if isinstance(value, (list, tuple)) and self.machine.active(value) and array.dtype != object:
            value = self.machine.call(np.asarray, value)
        if array.dtype == object or not self.concerned(array, value):
            array[index] = value if array.dtype == object else strip(value)
            return
        source = self.kept(value) if self.machine.active(value) else None
        region = self.region(array)
        array[index] = strip(value)
        self.enter(region, source, contents.store(self.machine, region, array, index, strip(source)))

    def add_at(self, value: Any, owner: Any, index: Any) -> None:
        """`np.add.at(owner, index, value)`."""
        array, index = self.target(owner, "np.add.at() writes into it"), strip(index)
        if isinstance(value, (list, tuple)) and self.machine.active(value):
            value = self.machine.call(np.asarray, value)
        if array.dtype == object or not self.concerned(array, value):
            np.add.at(array, index, strip(value))
            return
        source = self.kept(value) if self.machine.active(value) else None
        region = self.region(array)
        np.add.at(array, index, strip(value))
        if source is not None:
            self.enter(region, source, contents.add(self.machine, region, array, index, strip(source)))

    def target(self, owner: Any, what: str) -> Any:
        array = strip(owner)
        if isinstance(array, np.ndarray):
            self.machine.world.check_write(array, what)
        return array

    def concerned(self, array: Any, value: Any) -> bool:
        """Whether a write changes what is differentiated; integers and truth values are constants, whatever is written into them."""
        if not isinstance(array, np.ndarray) or array.dtype.kind not in "fc" or not array.size:
            return False
        return self.machine.active(value) or self.regions.followed(array)

    def region(self, array: Any) -> Region:
        """The region that the array lies in; its first contents are what the arrays made in this memory are."""
        region = self.regions.at(array)
        if region is None:
            region, parts = self.regions.add(array)
            region.name = self.tape.fresh()
            inputs = tuple(part.name for part in parts)
            self.tape.put(inputs, (region.name,), *contents.begin(self.machine, parts, region))
        self.check_fits(region, array)
        return region

    def enter(self, region: Region, source: Any, steps: contents.Steps) -> None:
        """The contents of a region under a new name."""
        before, region.name = region.name, self.tape.fresh()
        inputs = (before,) if source is None else (before, source.name)
        self.tape.put(inputs, (region.name,), *steps)


def strip_array(value: Any) -> Any:
    """The array that a value is, followed or not; None for any other value."""
    plain = value.value if isinstance(value, Traced) else value
    return plain if isinstance(plain, np.ndarray) else None
