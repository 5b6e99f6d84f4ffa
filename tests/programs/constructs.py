"""Classes as libraries write them: `super()` in `__new__`, metaclasses, collections of `collections.abc`, copies, classes made inside."""

from __future__ import annotations

import collections
import copy
import math
from collections import UserDict, UserList, namedtuple
from collections.abc import Mapping, MutableMapping, MutableSequence, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace

import numpy as np

from . import program


class Node:
    def __new__(cls, value):
        made = super(Node, cls).__new__(cls)
        made.value = value
        return made


class Pair(tuple):
    __slots__ = ()

    def __new__(cls, first, second):
        return super().__new__(cls, (first, second))

    @property
    def area(self):
        return self[0] * self[1]


class Chosen:
    def __new__(cls, value):
        return super().__new__(Square if value > 1.0 else cls)

    def __init__(self, value):
        self.value = value

    def of(self, x):
        return self.value * x


class Square(Chosen):
    def of(self, x):
        return super(Square, self).of(x) * self.value


@program((0.5,), (2.0,), (0.5,))
def new_by_super(x):
    return Node(x).value * Pair(x, 2.0 * x).area + Chosen(x).of(x)


class Meta(type):
    def __call__(cls, *args):
        made = super().__call__(*args)
        made.rate = math.sin(made.value)
        return made

    def __len__(cls):
        return 3

    def __getitem__(cls, power):
        return cls(2.0).value ** power

    def __setattr__(cls, name, value):
        super().__setattr__(name, 2.0 * value)


class Registered(metaclass=Meta):
    def __init__(self, value):
        self.value = math.exp(value)


@program((0.5,), (0.2,))
def a_metaclass_makes_and_answers(x):
    return Registered(x).rate * len(Registered) + Registered[2] * x


@program((0.5,), (0.2,))
def attributes_of_a_class_defined_inside(x):
    class Counter:
        made = 0
        scale = x * x

        def __init__(self):
            Counter.made += 1
            self.seen = Counter.made * self.scale

    class Doubling(metaclass=Meta):
        pass

    Counter.offset = 3.0 * x
    seen = [Counter().seen for _ in range(3)]
    Doubling.k = x
    del Counter.made
    return sum(seen) * Counter.offset * Doubling.k + (x if hasattr(Counter, "made") else 2.0 * x)


@program((0.5,), (0.2,))
def subclasses_and_dataclasses_defined_inside(x):
    class Base:
        known = {}

        def __init_subclass__(cls, scale=1.0, **options):
            super().__init_subclass__(**options)
            cls.scale = scale
            Base.known[cls.__name__] = cls

    class Scaled(Base, scale=4.0 * x):
        pass

    @dataclass(order=True)
    class Point:
        a: float
        b: list[float] = field(default_factory=lambda: [x])

    Row = namedtuple("Row", "u v")
    return Scaled.scale * Base.known["Scaled"].scale + max(Point(x), Point(2.0 * x)).a * Point(x).b[0] * Row(x, 2.0).u


class Setting:
    def __set_name__(self, owner, name):
        self.name = "_" + name

    def __get__(self, owner, kind=None):
        return owner.__dict__[self.name] * 2.0

    def __set__(self, owner, value):
        owner.__dict__[self.name] = math.exp(value)

    def __delete__(self, owner):
        owner.__dict__[self.name] = 1.0


class Device:
    level = Setting()

    def __setattr__(self, name, value):
        super().__setattr__(name, value * 3.0)


@dataclass(frozen=True)
class Derived:
    a: float

    def __post_init__(self):
        object.__setattr__(self, "double", 2.0 * self.a)


@program((0.5,), (0.2,))
def attributes_are_set_by_methods(x):
    device = Device()
    device.level = x
    level = device.level
    del device.level
    device.other = x
    return level * device.level * device.other * Derived(x).double


class Table(Mapping):
    def __init__(self, items):
        self.held = items

    def __getitem__(self, key):
        return self.held[key]

    def __iter__(self):
        return iter(self.held)

    def __len__(self):
        return len(self.held)


class Store(Table, MutableMapping):
    def __setitem__(self, key, value):
        self.held[key] = value

    def __delitem__(self, key):
        del self.held[key]


class Row(Sequence):
    def __init__(self, items):
        self.held = list(items)

    def __getitem__(self, index):
        return self.held[index]

    def __len__(self):
        return len(self.held)


class Stack(Row, MutableSequence):
    def __setitem__(self, index, value):
        self.held[index] = value

    def __delitem__(self, index):
        del self.held[index]

    def insert(self, index, value):
        self.held.insert(index, value)


TABLE, ROW = Table({"a": 2.0, "b": 3.0}), Row([1.0, 2.0, 3.0])


@program((0.5,), (0.2,))
def a_mapping_of_ones_own(x):
    table = Table({"a": x, "b": x * x})
    total = table.get("a") * table.get("c", 3.0 * x) + sum(table.values()) * sum(dict(table).values())
    for key, value in table.items():
        total = total + len(key) * value
    return total * (x if "a" in table and table != TABLE else 1.0) + TABLE.get("a") * sum(TABLE.values()) * x


@program((0.5,), (0.2,))
def a_sequence_of_ones_own(x):
    row = Row([x, x * x, 3.0])
    total = sum(row) * row.index(3.0) * ROW.index(3.0) * row.count(3.0)
    for value in reversed(row):
        total = total * value
    return total + row[-1] * x * sum(ROW) * (2.0 if 3.0 in row else 1.0)


@program((0.5,), (0.2,))
def mutable_collections_of_ones_own(x):
    store, stack = Store({}), Stack([])
    store["a"] = x
    store.update(b=x * x, c=3.0)
    store.setdefault("d", x)
    stack.append(x)
    stack.extend([x * x, 2.0])
    stack += [x]
    stack.reverse()
    return store.pop("b") * sum(store.values()) * stack.pop() * stack[1]


class Defaulting(UserDict):
    def __missing__(self, key):
        return 1.5


@program((0.5,), (0.2,))
def the_user_collections(x):
    first, second, items = UserDict(a=x, b=2.0), Defaulting({"a": x}), UserList([x, 2.0])
    first["c"] = x * x
    items.append(x * x)
    total = first["c"] * second["q"] * second["a"] + sum((items + [x])[1:]) * len(items)
    for value in first.values():
        total = total * value
    return total + collections.Counter("aab").most_common(1)[0][1] * x + first.get("b") * first.get("z", x)


class Part:
    def __init__(self, k):
        self.k, self.parts, self.me = k, [k], self


class Slotted:
    __slots__ = ("a", "b")


class Doubled(Part):
    def __copy__(self):
        return Doubled(2.0 * self.k)

    def __deepcopy__(self, memo):
        return Doubled(copy.deepcopy(self.k, memo) * 3.0)


class Restored(Part):
    def __getstate__(self):
        return [self.k, self.parts]

    def __setstate__(self, state):
        self.k, self.parts = math.sin(state[0]), state[1]


@dataclass(frozen=True, slots=True)
class Frozen:
    a: float
    b: list[float]


PART = Part(2.0)
CONFIG = {"k": 2.0, "inner": {"l": [1.0, 2.0]}}
WEIGHTS = np.array([1.0, 2.0])


@program((0.5,), (0.2,))
def copies_of_numbers_arrays_and_containers(x):
    array, nested = np.array([x, 2.0 * x]), [x, [2.0 * x], {"a": (x, [x])}]
    same, own, flat, deep = copy.copy(x), copy.deepcopy(array), copy.copy(nested), copy.deepcopy(nested)
    array[0], nested[0], nested[1][0], nested[2]["a"][1][0] = 1.0, 5.0, 3.0, 7.0
    queue = copy.deepcopy(collections.deque([x, [x]], maxlen=2))
    queue.append(x)
    return same * np.sum(own) * flat[0] * flat[1][0] * deep[1][0] * deep[2]["a"][1][0] + queue[0][0] * len(queue) + array[0]


@program((0.5,), (0.2,))
def copies_of_objects(x):
    part, slotted = Part(x), Slotted()
    slotted.a = x
    shallow, deep, other = copy.copy(part), copy.deepcopy(part), copy.copy(slotted)
    part.k, part.parts[0], other.b = 1.0, 5.0, x
    deep.me.k = deep.k * 2.0
    frozen = copy.deepcopy(Frozen(x, [x]))
    return shallow.k * shallow.parts[0] * deep.k * deep.parts[0] * other.a * other.b * frozen.b[0]


@program((0.5,), (0.2,))
def copies_by_methods_and_of_what_is_outside(x):
    twice = copy.deepcopy([Doubled(x)] * 2)
    restored, part, config, weights = copy.copy(Restored(x)), copy.deepcopy(PART), copy.deepcopy(CONFIG), copy.copy(WEIGHTS)
    part.k *= x
    part.parts.append(x)
    config["inner"]["l"][0] = x
    weights[0] = x
    ones = copy.copy(Doubled(x)).k * twice[0].k * (1.0 if twice[0] is twice[1] else 2.0) * restored.k * part.k * part.parts[1]
    return ones * config["inner"]["l"][0] * CONFIG["inner"]["l"][0] * np.sum(weights)


SETTINGS = SimpleNamespace(a=2.0, b=3.0)


@program((0.5,), (0.2,))
def attributes_as_a_dictionary(x):
    found = SimpleNamespace(a=x, b=2.0 * x)
    vars(found)["c"] = found.a * found.b
    return found.c * sum(vars(found).values()) * vars(Part(x))["k"] * sum(value * x for value in vars(SETTINGS).values())
