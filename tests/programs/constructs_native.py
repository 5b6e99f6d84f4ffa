"""What native code of Python is given: texts, sizes, functions it calls, classes that dispatch, containers it orders."""

from __future__ import annotations

import bisect
import collections
import enum
import functools
import heapq
import itertools
import math
from collections import OrderedDict, deque, namedtuple
from dataclasses import dataclass

import numpy as np

from . import program


class Unit(enum.IntEnum):
    ONE = 1
    TWO = 2


class Constant(float, enum.Enum):
    G = 9.81


@program((0.5,), (2.0,))
def members_of_enums_as_numbers(x):
    total = x**Unit.ONE + x**Unit.TWO + Unit.TWO / x + x * Constant.G
    for _ in range(Unit.TWO):
        total = total * x
    return total + [x, x * x, 3.0 * x][Unit.ONE] * np.array([x, x, 2.0 * x])[Unit.TWO]


class Shape:
    def __init__(self, size):
        self.size = math.sin(size)


class Disc(Shape):
    pass


@functools.singledispatch
def area(value):
    return value * 2.0


@area.register
def _(value: list):
    return value[0] * value[1]


@area.register(float)
def _(value):
    return math.exp(value)


@area.register(Shape)
def _(value):
    return value.size


@area.register(Disc)
def _(value):
    return value.size**2


class Measure:
    @functools.singledispatchmethod
    def of(self, value):
        return value * 2.0

    @of.register
    def _(self, value: list):
        return value[0] * value[1]


@program((0.5,), (2.0,))
def functions_chosen_by_class(x):
    measure = Measure()
    return area(x) + area([x, x]) + area(Shape(x)) * area(Disc(x)) + area(np.array([x, x]))[1] + measure.of(x) * measure.of([x, 3.0])


def compare(a, b):
    return -1 if a > b else 1 if a < b else 0


DESCENDING = functools.cmp_to_key(compare)


@program((0.5,), (2.0,))
def ordered_by_a_comparison(x):
    items = [3.0 * x, x, 2.0 * x]
    ascending = sorted([(v, i) for i, v in enumerate(items)], key=functools.cmp_to_key(lambda a, b: compare(b[0], a[0])))
    items.sort(key=DESCENDING)
    bisect.insort(items, 1.5 * x, key=DESCENDING)
    return items[0] * items[2] * ascending[0][0] * min([x, 5.0 * x], key=DESCENDING) + heapq.nsmallest(2, items, key=DESCENDING)[1]


@program((0.5, 2), (2.0, 3), (0.5, 1))
def a_queue_of_a_given_length(x, n):
    queue, window, total = deque(maxlen=n), deque([0.0] * n, n), 0.0
    for k in range(4):
        queue.append(k * x)
        window.appendleft(k * x)
        total = total + sum(queue) * sum(window) / len(queue) * queue.maxlen
    return total


class Scaled:
    def __init__(self, value, factor=2.0):
        self.value = math.sin(value) * factor

    def __call__(self, other):
        return math.exp(other) * self.value


@program((0.5,), (2.0,))
def native_code_calls_classes_and_objects(x):
    total = sum(s.value for s in map(Scaled, [x, 2.0 * x])) + sum(map(Scaled(x), [x, 2.0]))
    total = total + sum(s.value for s in itertools.starmap(Scaled, [(x, x), (x, 3.0)]))
    kinds = list(map(type, [x, [x]]))
    held = collections.defaultdict(lambda: Scaled(x))
    return total * held["a"].value * sum(map("0110".count, ["1", "0"])) * (x if kinds == [float, list] else 1.0)


Row = namedtuple("Row", "a b")


@dataclass
class Point:
    a: float


class Named:
    def __init__(self, k):
        self.k = k

    def __repr__(self):
        return f"Named<{self.k:.2f}>"


@program((0.5,), (2.0,), (0.5,), order=1, differences=False, why="how long a text is depends on the digits of its number")
def texts_of_followed_values(x):
    values = [x, 2.0 * x]
    texts = [
        ", ".join(f"{v:.2f}" for v in values),
        "%.3f and %d" % (x, 2),
        "%(a).2f" % {"a": x},
        " ".join(map(str, values)),
        ";".join(map("{:.2f}".format, values)),
        "{:>{w}.3f} {a!r} {b[0]}".format(x, w=8, a=2.0 * x, b=[x]),
        f"{x:>{4 + 4}.2f} {x!r} {x=:.1f}",
        str(deque(values)) + repr(OrderedDict(a=x)) + str({1: x}.values()),
        f"{Row(x, 2.0)} {Point(x)} {Named(x)!r} {[Named(x)]} {Named(x)}",
        str(ValueError(x)),
    ]
    return x * x * sum(map(len, texts)) * ("\0" not in "".join(texts)) * (2.0 if "0.5" in texts[8] else 3.0)


@program((0.5,), (2.0,))
def counted_and_ordered(x):
    counter = collections.Counter()
    for key, value in (("a", x), ("b", x * x), ("a", 2.0 * x)):
        counter[key] += value
    counter.subtract({"b": 3.0 * x})
    heap = [(2.0 * x, "b"), (x, "a")]
    heapq.heapify(heap)
    heapq.heappush(heap, (0.5 * x, "c"))
    first = heapq.heapreplace(heap, (9.0 * x, "z"))
    merged = list(heapq.merge([x, 3.0 * x], [2.0 * x]))
    return counter["a"] * counter.most_common(1)[0][1] + first[0] * heapq.nlargest(2, merged)[1] * heap[0][0]
