"""What a block may change: names, items of lists and dicts, attributes of own objects, and the contents of arrays.

A survey lists them as slots with what they hold. Walking both branches of an `if`, or the body of a loop once more, starts from the same
survey; what differs afterwards is what the branch or the loop gives.
"""
from __future__ import annotations

import collections
import functools
import gc
import operator
import types
from collections.abc import Container, Iterator
from typing import Any

import numpy as np

from s2sad.errors import CannotKeep
from s2sad.front.nodes import UNIT
from s2sad.ir.program import UNDEFINED
from s2sad.ir.writing import Box
from s2sad.keep.choices import Choice
from s2sad.keep.growing import Grown, grown, grows
from s2sad.keep.iteration import Sequence
from s2sad.machine.attributes import RESHAPED
from s2sad.machine.callables import Bound, NativeMethod, Transform
from s2sad.machine.callbacks import Callback
from s2sad.machine.standard_library import Ordered
from s2sad.machine.traced import Traced
from s2sad.quickly import dataclass
from s2sad.record.views import View
from s2sad.rules import following
from s2sad.runtime import asking, containers
from s2sad.runtime.notices import MACHINE
from s2sad.runtime.same import same_key

ITERATORS = (types.GeneratorType, enumerate, zip, map, filter, reversed)
INERT = (Traced, type, types.ModuleType, types.BuiltinFunctionType, np.generic, np.ndarray, np.dtype, np.ufunc, str, bytes, int, float,
         complex, range, slice, frozenset, type(None), type(Ellipsis), Transform, Callback, NativeMethod)  # fmt: skip
LEAVES = frozenset({bool, int, float, complex, str, type(None)})  # which lead nowhere
PLAIN = (bool, int, float, complex, str, np.generic, type(None))
CONTENTS = (set, collections.deque)
ROUND = (types.FunctionType, list, dict, *CONTENTS)  # what may lead to itself, a function by a cell
HIDDEN = frozenset({MACHINE, UNIT, "__builtins__", "__name__", "__value__", "__names__", "__walk__"})
GIVEN = "exit"  # of the keys of what blocks give
DIFFERS = "an array has different shapes on different paths through a loop or a branch"
Key = tuple[str, int, Any]
Way = tuple[str, Any, Any]


@dataclass(frozen=True)
class Contents:
    """The version of an array that an object is at."""

    value: Any
    var: Any
    levels: frozenset[int]


@dataclass(frozen=True)
class Slot:
    key: Key
    owner: Any
    value: Any


class Poison(Traced):
    """What a variable holds after branches that do not agree in kind; using it is refused, with the reason."""

    __slots__ = ("reason",)

    def __init__(self, machine: Any, reason: str) -> None:
        self.machine, self.reason = machine, reason

    @property
    def value(self) -> Any:
        raise CannotKeep(self.reason, self.machine.location())


CALLED = (types.FunctionType, types.MethodType, functools.partial, Bound, Box, tuple)
LOOKS: tuple[type, ...] = (types.MappingProxyType, type({}.keys()), type({}.values()), type({}.items()))  # which show what is in a dict


class Survey(dict[Key, Slot]):
    """Slots by their keys, and the array that each reference leads to, whether from a slot or from within an object.

    Keys hold ids of objects, which differ from walk to walk. The way to a slot from the names of the functions does not.
    """

    def __init__(self) -> None:
        super().__init__()
        self.held: list[Box] = []
        self.frames: dict[int, int] = {}  # the position of each namespace, by its id
        self.reached: dict[int, Key] = {}  # from where each object was reached first, by its id
        self.references: collections.Counter[int] = collections.Counter()  # to each object, by its id
        self.given: Any = UNDEFINED  # what the block gives that ends here

    def way_to(self, key: Key) -> Way:
        """Names, indices and attributes that lead to a slot, from the innermost to the outermost."""
        kind, owner, name = key
        if kind == "name":
            return (kind, name, self.frames[owner])
        return (kind, name, self.way_to(self.reached[owner]))

    def holds(self, key: Any) -> tuple[Any, int]:
        """What is at a place, and how many references there are to it if nothing else has it. What a block gives is at none."""
        return (self[key].value, 1) if key in self else (self.given if key[0] == GIVEN else UNDEFINED, 0)

    @functools.cached_property
    def ways(self) -> dict[Way, Key]:
        """The slots by the ways to them."""
        return {self.way_to(key): key for key in self}


@dataclass(frozen=True)
class Flat:
    """A list or dict that held nothing but numbers and other plain values when it was surveyed, and the slots of it."""

    owner: Any
    items: tuple[Any, ...]
    slots: dict[Key, Slot]

    def holds(self) -> bool:
        """Whether it still holds the same, so that its slots are those of then."""
        now = _flat_items(self.owner)
        return len(now) == len(self.items) and all(map(operator.is_, now, self.items))


class Known:
    """What a survey takes from earlier ones: containers from outside, which nobody writes, flat ones that are as they were, and slots."""

    def __init__(self, made: dict[int, Any], outside: Container[int] = ()) -> None:
        self.made, self.outside = made, outside
        self.flat: dict[int, Flat] = {}
        self.slots: dict[Key, Slot] = {}

    def slot(self, key: Key, owner: Any, value: Any) -> Slot:
        """The slot that was there before where it holds the same."""
        known = self.slots.get(key)
        if known is None or known.value is not value:
            known = self.slots[key] = Slot(key, owner, value)
        return known


def survey(frames: list[dict[str, Any]], known: Known, also: Any = None) -> Survey:
    """Every slot that can be reached from the names of the functions being walked, and from one more value."""
    found = Survey()
    seen: set[int] = set()
    frames = list(frames)
    walked = set(map(id, frames))
    for position, namespace in enumerate(frames):  # which grow by those of functions that are met
        found.frames[id(namespace)] = position
        for value in list(namespace.values()):
            around = None if isinstance(value, Traced) else _names_around(value)
            if around is not None and MACHINE in around and id(around) not in walked:
                walked.add(id(around))
                frames.append(around)
        for name, value in namespace.items():
            if name not in HIDDEN:
                key = ("name", id(namespace), name)
                found[key] = known.slot(key, namespace, value)
                if type(value) not in LEAVES:
                    _look_into(value, key, found, seen, known)
    _look_into(also, ("exit", 0, None), found, seen, known)
    return found


def _names_around(value: Any) -> Any:
    """The names of the function that another one is defined in."""
    return value.__globals__ if isinstance(value, types.FunctionType) else value.around if isinstance(value, Callback) else None


def _look_into(value: Any, origin: Key, found: Survey, seen: set[int], known: Known) -> None:
    if isinstance(value, Grown):
        found.held.extend(value.held.values())
        value = value.box
        key = ("contents", id(value), None)
        found[key] = Slot(key, value, Contents(value.value, value.var, value.levels))
        found.reached.setdefault(id(value), origin)
        return
    if isinstance(value, Box):
        if isinstance(value.value, np.ndarray):
            _look_at_array(value, origin, found, seen)
        return
    found.references[id(value)] += 1
    if id(value) in seen:
        return
    found.reached.setdefault(id(value), origin)
    if type(value) in (list, dict, tuple) and (id(value) in known.outside or _is_as_it_was(value, found, known)):
        seen.add(id(value))
        return
    inside = list(_items(value, known.made))
    if id(value) in known.made or isinstance(value, ROUND):
        seen.add(id(value))
    if isinstance(value, ITERATORS) or (isinstance(value, Iterator) and not inside):
        raise CannotKeep(f"a {type(value).__name__} is held by a variable while there is a loop or a branch", None,
                         "iterate over it in a `for`")  # fmt: skip
    if _is_fixed(value):
        key = ("fixed", id(value), None)
        found[key] = Slot(key, value, tuple(value))
    if isinstance(value, (list, dict)):
        key = ("shape", id(value), None)
        found[key] = Slot(key, value, tuple(containers.items(value)))
    for kind, name, item in inside:
        key = (kind, id(value), name)
        if kind:
            found[key] = known.slot(key, value, item)
        if type(item) not in LEAVES:
            _look_into(item, key, found, seen, known)
    if type(value) in (list, dict) and all(map(_is_flat, _flat_items(value))):
        keys = [("shape", id(value), None), *((kind, id(value), name) for kind, name, _ in inside)]
        known.flat[id(value)] = Flat(value, _flat_items(value), {key: found[key] for key in keys})


def _look_at_array(array: Box, origin: Key, found: Survey, seen: set[int]) -> None:
    found.held.append(array)
    root = array.root
    if isinstance(array, View) and id(array) not in seen:
        seen.add(id(array))
        found.reached[id(array)] = origin
        key = ("view", id(array), None)
        found[key] = Slot(key, array, array.shaped)
    if id(root) not in seen:
        seen.add(id(root))
        found.reached[id(root)] = origin
        key = ("contents", id(root), None)
        found[key] = Slot(key, root, Contents(root.value, root.var, root.levels))


def _is_as_it_was(value: Any, found: Survey, known: Known) -> bool:
    """Whether a container is known, and has been put into the survey."""
    flat = known.flat.get(id(value))
    if flat is None or not flat.holds():
        return False
    found.update(flat.slots)
    return True


def _flat_items(value: Any) -> tuple[Any, ...]:
    return (*value, *value.values()) if type(value) is dict else tuple(value)


def _is_flat(value: Any) -> bool:
    return isinstance(value, PLAIN) or (isinstance(value, Box) and not isinstance(value, View) and not isinstance(value.value, np.ndarray))


def _items(value: Any, made: dict[int, Any]) -> Iterator[tuple[str, Any, Any]]:
    kind = type(value)
    if isinstance(value, (list, dict, tuple)):
        yield from (("" if isinstance(value, tuple) else "item", k, v) for k, v in containers.items(value))
    if kind is list or kind is dict or kind is tuple:
        return
    if _is_fixed(value):
        yield from (("", i, v) for i, v in enumerate(value))
    elif isinstance(value, Choice):
        yield from (("", k, v) for k, v in value.options.items())
    elif isinstance(value, types.MethodType):
        yield "", 0, value.__self__
    elif isinstance(value, functools.partial):
        yield "", 0, (value.args, tuple(value.keywords.values()), value.func)
    elif isinstance(value, types.FunctionType):
        yield from (("", i, c.cell_contents) for i, c in enumerate(value.__closure__ or ()) if c != types.CellType())
        yield "", -1, (value.__defaults__, value.__kwdefaults__)
        if MACHINE in value.__globals__:
            yield from (("attribute", k, v) for k, v in value.__dict__.items())
    elif isinstance(value, (Bound, Callback)):
        yield "", 0, value.owner if isinstance(value, Bound) else value.function
    elif isinstance(value, (Transform, NativeMethod)):
        names = (n for n in asking.own_names(value) if not n.startswith("_"))  # the paths of a derivative are no state
        held = (v for n in names if isinstance(v := asking.own_names(value)[n], CALLED))
        yield from (("", i, v) for i, v in enumerate(held))
    elif isinstance(value, Sequence):
        yield from (("", i, v) for i, v in enumerate(value.made_of()))
    elif isinstance(value, Ordered):
        yield "", 0, value.obj
    elif isinstance(value, LOOKS):
        yield from (("", i, v) for i, v in enumerate(gc.get_referents(value)))
    elif id(value) in made or not (isinstance(value, INERT) or following.is_named(value)):
        if not containers.shares_its_dict(value):
            yield from (("attribute", k, v) for k, v in asking.own_names(value).items())
        slots = [n for c in kind.__mro__ for n in _names(c.__dict__.get("__slots__", ()))]
        yield from (("attribute", n, held) for n in slots if n not in ("__dict__", "__weakref__")
                    if (held := asking.attribute(value, n, UNDEFINED)) is not UNDEFINED)  # fmt: skip


def arrays_in(value: Any) -> Iterator[Box]:
    """The arrays a slot holds, by itself or in tuples."""
    if isinstance(value, Box):
        if isinstance(value.value, np.ndarray):
            yield value
    elif isinstance(value, (tuple, Choice)):
        for item in value if isinstance(value, tuple) else value.options.values():
            yield from arrays_in(item)


def _is_fixed(value: Any) -> bool:
    """Containers that are followed as long as they stay as they are."""
    return isinstance(value, CONTENTS)


def _names(slots: Any) -> tuple[str, ...]:
    return (slots,) if isinstance(slots, str) else tuple(slots)


def put(slot: Slot, value: Any) -> None:
    """Let a slot hold a value; UNDEFINED takes a name away."""
    kind, _, name = slot.key
    if kind == "contents":
        box: Box = slot.owner
        if box.var is not value.var:
            box.version += 1
        box.value, box.var, box.levels = value.value, value.var, value.levels
    elif kind == "view":
        if slot.owner.shaped is not value:
            slot.owner.shaped, slot.owner.stamp = value, -1
    elif kind == "fixed":
        if not same(value, tuple(slot.owner)):
            slot.owner.clear()
            (slot.owner.extend if isinstance(slot.owner, collections.deque) else slot.owner.update)(value)
    elif kind == "shape":
        containers.fill(slot.owner, value)
    elif kind == "attribute":
        object.__setattr__(slot.owner, name, value)
    elif value is UNDEFINED:
        slot.owner.pop(name, None)
    else:
        containers.store(slot.owner, name, value)


def is_held(slot: Slot) -> bool:
    """Whether a name still holds what the slot says."""
    return slot.key[0] == "name" and slot.owner.get(slot.key[2], UNDEFINED) is slot.value


def restore(before: Survey, now: Survey) -> None:
    """Let every slot hold what it held before; names that came since go."""
    for key, slot in before.items():
        if key[0] == "shape":
            put(slot, slot.value)
    for key, slot in before.items():
        if key[0] != "shape" and not is_held(slot):
            put(slot, slot.value)
    for key, slot in now.items():
        if key[0] == "name" and key not in before:
            put(slot, UNDEFINED)


def same(one: Any, other: Any) -> bool:
    """Whether two slots hold the same thing."""
    if isinstance(one, Contents) and isinstance(other, Contents):
        return one.var is other.var
    if one is other:
        return True
    if isinstance(one, Box) and isinstance(other, Box) and not isinstance(one.value, np.ndarray):
        return one.var is other.var
    if type(one) is not type(other) or isinstance(one, Traced):
        return False
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return isinstance(one, (bool, int, float, complex, str, bytes, np.generic)) and same_key(one) == same_key(other)


def _first(shape: Slot) -> Any:
    """The first item of a list, as a survey found it."""
    return shape.value[0][1] if shape.value else None


def changed(before: Survey, after: Survey) -> dict[Key, tuple[Slot, Any, Any]]:
    """The slots that hold something else now, with what they held before, and hold now."""
    answer = {}
    for key, slot in after.items():
        if key in before:
            if key[0] == "fixed" and len(slot.value) == len(before[key].value) and all(map(same, slot.value, before[key].value)):
                continue
            if key[0] == "fixed":
                raise CannotKeep(f"a {type(slot.owner).__name__} changes in a loop or a branch", None, "use a list or an array")
            if key[0] == "shape":
                if grown(slot.owner) is not None and not isinstance(_first(before[key]), Grown):
                    raise grows(slot.owner, (slot.owner[0].like,))
                if type(slot.owner) is list and len(slot.value) != len(before[key].value):
                    raise grows(slot.owner, tuple(slot.owner))
                if [k for k, _ in before[key].value] != [k for k, _ in slot.value]:
                    raise CannotKeep(f"a {type(slot.owner).__name__} changes its length in a loop or a branch", None,
                                     "make an array before the loop and write into it")  # fmt: skip
            elif key[0] == "view":
                if slot.value is not before[key].value:
                    raise CannotKeep(DIFFERS, slot.owner.machine.reshaping.places[id(slot.owner)], RESHAPED)
            elif not same(before[key].value, slot.value):
                answer[key] = (slot, before[key].value, slot.value)
        elif key[0] == "name":
            answer[key] = (slot, UNDEFINED, slot.value)
        elif key[0] == "attribute" and any(k[1] == key[1] for k in before):
            raise CannotKeep("an attribute appears in a loop or a branch", None, "assign it before")
    for key, slot in before.items():
        if key[0] == "attribute" and key not in after and asking.attribute(slot.owner, key[2], UNDEFINED) is UNDEFINED:
            raise CannotKeep("an attribute is deleted in a loop or a branch", None, "assign None")
        if key[0] == "name" and key not in after:
            answer[key] = (slot, slot.value, UNDEFINED)
    return answer
