"""What an operation gives, told from the types of its arguments."""
from __future__ import annotations

import contextlib
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.errors import CannotKeep
from s2sad.ir.writing import Box
from s2sad.keep.deciding import Deciding
from s2sad.keep.supposed import Supposed
from s2sad.keep.variables import stand_in
from s2sad.machine.traced import Traced, strip, traced_in
from s2sad.rules.language import Primitive
from s2sad.rules.operations import GETITEM, SCATTER
from s2sad.rules.results import Unstated, is_writeable, result
from s2sad.runtime.notices import ignoring
from s2sad.types.arrays import Array, class_of, dtype_of
from s2sad.types.families import broadcast
from s2sad.types.given import listed
from s2sad.types.indexing import Chosen, is_mask, part, part_shape, read_places
from s2sad.types.questions import Undecided, undecided
from s2sad.types.sizes import Size, is_whole, product, same, value_at_hints

NOTHING: dict[Any, Any] = {}


class Unfit(ValueError):
    """What NumPy raises where a value does not fit a place, which a `try` around is to catch: the path is for sizes for which it does."""


class Results:
    """What stands for the results of operations: `of` tells it, or says why types do not. Of the machine it asks the place of a refusal."""

    def __init__(self, machine: Any, deciding: Deciding) -> None:
        self.machine, self.deciding, self.supposed = machine, deciding, Supposed(deciding)
        self.alive: list[Any] = []  # what marks name by its id
        self.masks: dict[Any, Any] = {}  # how arrays of truth values came to be: the same way gives the same one
        self.rearranged: dict[Any, Any] = {}  # for arrays that have the elements of another one in another shape, that one

    def of(self, primitive: Primitive, bound: list[Any]) -> Any:
        """What stands for a result: its arrays with sizes in the normal form, its whole numbers as sizes."""
        if _shaped_by_values(primitive, bound):
            raise CannotKeep(f"the shape of what {primitive.name} gives depends on values", None, 'use control="record"')
        self.supposed.unsure = False
        try:
            if not any(True for _ in traced_in(bound)):
                return self.of_constants(primitive, bound)
            if self.is_told(primitive, bound):
                return primitive.evaluate(strip(bound))
            found = self.supposed.told(lambda: self.stated(primitive, bound))
        except Unstated:
            found = self.at_these_sizes(primitive, bound)
        except (CannotKeep, Unfit):
            raise
        except IndexError as error:
            raise CannotKeep(str(error)) from None
        except Exception as error:
            raise CannotKeep(f"what {primitive.name} gives cannot be told from the types of its arguments ({error})") from None
        leaves, structure = (found, None) if not isinstance(found, (list, tuple)) else trees.flatten(found)
        if structure is None:
            return self.named(primitive, bound, found, 0)
        return trees.unflatten(structure, [self.named(primitive, bound, leaf, k) for k, leaf in enumerate(leaves)])

    def is_told(self, primitive: Primitive, bound: list[Any]) -> bool:
        """Whether a result is a whole number because all arguments are, and told by types."""
        return primitive.of_sizes and all(self.machine.variables.is_number(b) if isinstance(b, Traced) else is_whole(b) for b in bound)

    def is_plain(self, primitive: Primitive, bound: list[Any], value: Any) -> bool:
        """Whether a result is no value of the code: a class, or a quotient that types tell."""
        return value is None or isinstance(value, (np.dtype, type)) or (primitive.divides and self.is_told(primitive, bound))

    @property
    def unsure(self) -> bool:
        """Whether the operation that was asked about last depends on sizes that only the run knows: it may raise."""
        return self.supposed.unsure

    def stated(self, primitive: Primitive, bound: list[Any]) -> Any:
        return self.indexed(primitive, bound) if primitive.indexed else self.told(primitive, bound)

    def told(self, primitive: Primitive, bound: list[Any]) -> Any:
        """What the primitive says; arrays that say how long it is know the number."""
        measures = [self.measure(primitive, p.name, b) for p, b in zip(primitive.parameters, bound, strict=True)]
        return result(primitive, *([b if m is None else m for m, b in zip(measures, given, strict=True)]
                                   for given in (strip(bound), [shown(b) for b in bound])))  # fmt: skip

    def measure(self, primitive: Primitive, parameter: str, value: Any) -> Chosen | None:
        """An array that says how long the result is."""
        if parameter not in (primitive.counts, primitive.adds) or not isinstance(value, Box) or not isinstance(value.value, np.ndarray):
            return None
        array = value.value
        return Chosen(array.dtype, array.shape, self.count(value) if parameter == primitive.counts else self.added(value))

    def named(self, primitive: Primitive, bound: list[Any], value: Any, place: int) -> Any:
        """Sizes in the normal form; a whole number that is none yet gets a symbol, the same one for the same arguments."""
        if isinstance(value, Array):
            return Array(value.dtype, self.deciding.shape(value.shape), value.writeable and primitive.memory != "spread")
        if isinstance(value, np.ndarray):
            return Array(value.dtype, value.shape)
        if isinstance(value, Size):
            found = self.deciding.normal(value)
            return found.of_kind(value.kind) if isinstance(found, Size) else value.kind(found)
        if not is_whole(value):
            return stand_in(value) if isinstance(value, (float, complex, np.inexact)) else value
        told = f"what {primitive.name.lstrip('.')} gives"
        symbol = self.deciding.symbols.following((primitive.name, place, *map(self.mark, bound)), told)
        if symbol.hint is None and (hint := self.hint(primitive, bound, place)) is not None:
            self.deciding.learn_hint(symbol, hint)
        return self.deciding.symbols.size(symbol, type(value))

    def of_constants(self, primitive: Primitive, bound: list[Any]) -> Any:
        """What an operation on the numbers of the code gives."""
        with np.errstate(all="ignore"), ignoring(Warning):
            found = primitive.evaluate(bound)
        leaves, structure = trees.flatten(found) if isinstance(found, (list, tuple)) else ([found], None)
        made = [Array(v.dtype, v.shape, is_writeable(v)) if isinstance(v, np.ndarray) else v for v in leaves]
        return made[0] if structure is None else trees.unflatten(structure, made)

    def hint(self, primitive: Primitive, bound: list[Any], place: int) -> int | None:
        """The whole number in the present call, where it follows from whole numbers that are known there."""
        try:
            numbers = [self.hinted(b) for b in bound]
            with np.errstate(all="ignore"), ignoring(Warning):
                return int(trees.flatten(primitive.evaluate(numbers))[0][place])
        except Exception:
            return None

    def hinted(self, value: Any) -> Any:
        """A value with the numbers of the present call. Raises Undecided."""
        if isinstance(value, (list, tuple)):
            return type(value)([self.hinted(v) for v in value])
        if isinstance(value, Box) and is_whole(value.value):
            hint = value_at_hints(value.value)
            if hint is not None:
                return class_of(value.value)(hint)
        if isinstance(value, Traced):
            raise undecided("a number that is not known before")
        return value

    def at_these_sizes(self, primitive: Primitive, bound: list[Any]) -> Any:
        """A rule of the user's that does not say how shapes follow: the path is for the sizes of this call."""
        arguments = trees.flatten(strip(bound))
        known = [self.at_size(leaf) for leaf in arguments[0]]
        with np.errstate(all="ignore"), ignoring(Warning):
            return primitive.evaluate(trees.unflatten(arguments[1], known))

    def at_size(self, value: Any) -> Any:
        if isinstance(value, Array):
            return np.ones([self.deciding.number(n) if isinstance(n, Size) else n for n in value.shape], value.dtype)
        return value.kind(self.deciding.number(value)) if isinstance(value, Size) else value

    def is_safe(self, primitive: Primitive, bound: list[Any]) -> bool:
        """Whether an operation does not raise, so that it may stand in front of a loop that makes no step."""
        if primitive.indexed:
            shape = bound[2] if primitive is SCATTER else np.shape(strip(bound[0]))
            return all(self.is_within(*each) for each in read_places(strip(shape), strip(bound[1])))
        if primitive.may_raise != "sizes":
            return True
        read = [strip(b) for p, b in zip(primitive.parameters, bound, strict=True) if p.name not in primitive.plain]
        return all(self.deciding.holds(n) for n in trees.flatten(list(map(self.sizes_of, read)))[0])

    def have_some(self, primitive: Primitive, bound: list[Any]) -> None:
        """Have the code ask, if it is so in this call, that each average is of some elements: so it is a sum divided by their number."""
        array, axis = bound[0], bound[primitive.index("axis")]
        of_floats = isinstance(array, Box) and isinstance(array.value, np.ndarray) and array.value.dtype.kind == "f"
        if of_floats and (axis is None or type(axis) is int):
            shape = array.value.shape
            for size in shape if axis is None else shape[axis : axis + 1 or None]:
                self.deciding.holds(size - 1)

    def sizes_of(self, value: Any) -> list[Any]:
        """What has to be no less than zero: the numbers that are sizes, and those of elements but one of an array."""
        if isinstance(value, np.ndarray):
            return [n - 1 for n in value.shape]
        return [n for n in trees.flatten(value)[0] if is_whole(n)]

    def is_within(self, size: Any, place: Any) -> bool:
        """Whether there is an element at a place of an axis."""
        if not is_whole(place):
            return False
        counted = value_at_hints(place) if isinstance(place, Size) else place
        if counted is None or counted >= 0:
            return self.deciding.holds(place) and self.deciding.holds(size - 1 - place)
        return self.deciding.holds(size + place)

    # Parts of arrays

    def indexed(self, primitive: Primitive, bound: list[Any]) -> Any:
        """What reading or writing a part gives."""
        array, index = strip(bound[0]), self.index(bound[1])
        if primitive is GETITEM:
            return part(array, index)
        if primitive is SCATTER:
            return Array(dtype_of(array), strip(bound[2]))
        if not primitive.writes:
            return result(primitive, [array, index])
        self.fits(part_shape(array.shape, index if isinstance(index, tuple) else (index,)), np.shape(strip(bound[2])))
        return Array(array.dtype, array.shape)

    def fits(self, place: tuple[Any, ...], value: tuple[Any, ...]) -> None:
        """Whether a value of this shape can be written to a place of that one."""
        if fit(place, value):
            return
        if self.machine.forks.trying and not self.machine.sheet.phase:
            with contextlib.suppress(Undecided):
                there, given = self.deciding.numbers(place), self.deciding.numbers(value)
                if not fit(there, given):
                    raise Unfit(f"could not broadcast input array from shape {listed(given)} into shape {listed(there)}")
        raise CannotKeep(f"a value of the shape ({', '.join(map(str, value))}) is written to a place of ({', '.join(map(str, place))})",
                         self.machine.location())  # fmt: skip

    def index(self, index: Any) -> Any:
        """An index in which masks know how many elements they choose."""
        if isinstance(index, tuple):
            return tuple(map(self.index, index))
        plain = strip(index)
        if not is_mask(plain):
            return plain
        if isinstance(index, Box) and isinstance(plain, np.ndarray):
            return Chosen(bool, plain.shape, self.count(index))
        if isinstance(index, (list, np.ndarray)):
            return Chosen(bool, np.shape(plain), int(np.count_nonzero(plain)))
        raise CannotKeep("a mask chooses elements: how many depends on values", self.machine.location(), "use np.where")

    def count(self, array: Box) -> Size:
        """How many elements of an array are not zero: for a mask that came to be in the same way the same number."""
        what = "that a mask chooses" if is_mask(array.value) else "that are not zero"
        symbol = self.deciding.symbols.following(("count", self.way(array, self.rearranged)), f"the number of elements {what}", 0)
        return self.deciding.symbols.size(symbol)

    def added(self, array: Box) -> Size:
        """The sum of whole numbers that say how often each element is repeated."""
        return self.deciding.symbols.size(self.deciding.symbols.following(("sum", self.way(array)), "the sum of an array", 0))

    def note(self, primitive: Primitive, bound: list[Any], made: Any) -> None:
        """Remember how an array of truth values came to be, and which one has the elements of another in another shape; and what a
        comparison asks. In a path for one call its texts and truth values decide."""
        self.deciding.conditions.compared(primitive, bound, made)
        if self.machine.ties.exact and primitive.compares and isinstance(made, Box) and all(map(self.machine.variables.is_known, bound)):
            self.machine.variables.known.add(made.var)
        if not isinstance(made, Box) or not isinstance(made.value, np.ndarray):
            return
        if primitive.kind in ("elementwise", "zero") and is_mask(made.value) and not primitive.effect:
            self.masks[made.var] = (primitive.name, *map(self.mark, bound))
        elif primitive.memory == "layout" and isinstance(bound[0], Box):
            if same(product(made.value.shape), product(np.shape(bound[0].value))):
                source = self.machine.variables.first.get(bound[0].var, bound[0].var)
                self.rearranged[made.var] = self.rearranged.get(source, source)

    # Marks

    def way(self, array: Box, rearranged: Any = NOTHING) -> Any:
        """How an array came to be: the same way gives the same one."""
        var = self.machine.variables.first.get(array.var, array.var)
        var = rearranged.get(var, var)
        return self.masks.get(var, var)

    def mark(self, value: Any) -> Any:
        """What tells a value apart from others."""
        if isinstance(value, (list, tuple)):
            return (type(value), *map(self.mark, value))
        if isinstance(value, slice):
            return (slice, *map(self.mark, (value.start, value.stop, value.step)))
        if isinstance(value, Box):
            return ("size", value.value.terms) if isinstance(value.value, Size) else self.way(value)
        self.alive.append(value)
        return (type(value), value) if isinstance(value, (int, float, str, np.generic)) else id(value)


def _shaped_by_values(primitive: Primitive, bound: list[Any]) -> bool:
    """Whether the result has another shape for other values, and no length of its own stands for what is not known of it."""
    if primitive.dynamic == "fractions":
        return any(isinstance(b, Traced) and not is_whole(strip(b)) for b in bound)
    return primitive.dynamic is True and primitive.gives is None


def fit(place: tuple[Any, ...], value: tuple[Any, ...]) -> bool:
    """Whether a value of this shape can be written to a place of that one."""
    while len(value) > len(place) and value[0] == 1:
        value = value[1:]
    try:
        return len(value) <= len(place) and bool(broadcast(place, value) == place)
    except ValueError:
        return False


def shown(value: Any) -> Any:
    """A value as shape functions see it: of a float that is not known they cannot tell how large it is."""
    if isinstance(value, (list, tuple)):
        return type(value)([shown(v) for v in value])
    plain = strip(value)
    return type(plain)(np.nan) if isinstance(value, Traced) and isinstance(plain, (float, np.floating)) else plain
