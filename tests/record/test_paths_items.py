"""Items of containers from outside the function are read afresh at each call."""

from __future__ import annotations

import enum
import math
import sys
from collections import namedtuple
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad
from tests.oracles import Config, agrees, module

THIS = sys.modules[__name__]
TABLE: Any = {"a": 2.0, "b": [1.0, 2.0]}


@pytest.fixture(autouse=True)
def _restore_globals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(THIS, "TABLE", {"a": 2.0, "b": [1.0, 2.0]})


def test_items_of_captured_containers() -> None:
    def f(x):
        return TABLE["a"] * x + TABLE["b"][0] * x * x + TABLE["b"][-1]

    derivative = value_and_grad(f)
    assert agrees(derivative, f, 1.0) == 4.0
    TABLE["a"] = 5.0
    assert agrees(derivative, f, 1.0) == 7.0
    TABLE["b"][0] = 3.0
    assert agrees(derivative, f, 1.0) == 11.0
    TABLE["b"] = [0.5]
    assert agrees(derivative, f, 1.0) == 6.0
    TABLE["b"] = (2.0, 1, 4.0)
    assert agrees(derivative, f, 1.0) == 9.0
    TABLE["c"] = 1.0
    assert agrees(derivative, f, 1.0) == 9.0
    THIS.TABLE = {"b": [1.0], "a": np.float64(2.0)}
    assert agrees(derivative, f, 1.0) == 4.0


def test_a_captured_list_grows_and_shrinks() -> None:
    def f(x):
        total = 0.0 * x
        for k in TABLE["b"]:
            total += k * x
        return total / len(TABLE["b"])

    derivative = value_and_grad(f)
    for items in ([1.0, 2.0], [1.0, 2.0, 6.0], [4.0], [1, 2.0], [np.float32(1.0)], [float(i) for i in range(300)]):
        TABLE["b"][:] = items
        agrees(derivative, f, 1.0)
    TABLE["b"].clear()
    with pytest.raises(ZeroDivisionError):
        derivative(1.0)


@pytest.mark.parametrize("length", [3, 256, 257, 1000])
def test_one_item_of_a_captured_container_changes(length: int) -> None:
    items: list[Any] = [1.0] * length
    table: dict[int, Any] = dict(enumerate(items))

    def f(x):
        return x * items[length - 1] + x * x * table[length - 2]

    derivative = value_and_grad(f)
    assert agrees(derivative, f, 1.0) == 3.0
    items[length - 1], table[length - 2] = 4.0, 5
    assert agrees(derivative, f, 1.0) == 14.0
    items.append(2.0)
    table[-1] = 0.0
    assert agrees(derivative, f, 1.0) == 14.0


@pytest.mark.parametrize("length", [3, 300])
def test_sums_over_a_captured_container(length: int) -> None:
    items = [1.0] * length

    def f(x):
        return x * sum(items) + x * max(items) + x * len(items)

    derivative = value_and_grad(f)
    assert agrees(derivative, f, 1.0) == 2.0 * length + 1.0
    items[length // 2] = 5.0
    assert agrees(derivative, f, 1.0) == 2.0 * length + 9.0
    items.append(1.0)
    assert agrees(derivative, f, 1.0) == 2.0 * length + 11.0


def test_membership_and_views_of_captured_containers() -> None:
    names, table = {"sin"}, {"sin": 2.0}

    def f(x):
        total = math.sin(x) if "sin" in names else x
        for key, value in table.items():
            total += value * (x if key in names else x * x)
        return total + len(names) * x + sum(table.values())

    derivative = value_and_grad(f)
    agrees(derivative, f, 0.5)
    names.add("cos")
    agrees(derivative, f, 0.5)
    table["cos"] = 3.0
    agrees(derivative, f, 0.5)
    names.clear()
    agrees(derivative, f, 0.5)
    table["sin"] = 4
    agrees(derivative, f, 0.5)
    table.clear()
    agrees(derivative, f, 0.5)


def test_order_of_a_captured_dict_changes() -> None:
    table = {"a": 2.0, "b": 3.0}

    def f(x):
        total = x
        for value in table.values():
            total = total * value + 1.0
        return total * x

    derivative = value_and_grad(f)
    agrees(derivative, f, 1.0)
    table["a"] = table.pop("a")
    agrees(derivative, f, 1.0)


def test_the_same_list_seen_twice_and_then_split() -> None:
    shared = [2.0]
    TABLE["one"], TABLE["two"] = shared, shared

    def f(x):
        return TABLE["one"][0] * x + TABLE["two"][0] * x * x

    derivative = value_and_grad(f)
    assert agrees(derivative, f, 1.0) == 6.0
    TABLE["two"] = [5.0]
    assert agrees(derivative, f, 1.0) == 12.0
    TABLE["one"][0] = 1.0
    assert agrees(derivative, f, 1.0) == 11.0


def test_identity_of_captured_objects_that_decides() -> None:
    one, other = Config(k=1.0), Config(k=2.0)
    pair = [one, one]

    def f(x):
        return x * 10.0 if pair[0] is pair[1] else x

    derivative = value_and_grad(f)
    assert agrees(derivative, f, 1.0) == 10.0
    pair[1] = other
    assert agrees(derivative, f, 1.0) == 1.0
    pair[0] = other
    assert agrees(derivative, f, 1.0) == 10.0


def test_captured_namedtuple_and_dataclass() -> None:
    Point = namedtuple("Point", "a b")

    @dataclass
    class Pair:
        a: Any
        b: Any

    TABLE["point"], TABLE["pair"] = Point(1.0, 2.0), Pair(3.0, 4.0)

    def f(x):
        a, b = TABLE["point"]
        return (a + TABLE["point"].b * b + TABLE["pair"].a) * x + TABLE["pair"].b * x * x

    derivative = value_and_grad(f)
    assert agrees(derivative, f, 1.0) == 16.0
    TABLE["point"] = Point(2.0, 1.0)
    assert agrees(derivative, f, 1.0) == 14.0
    TABLE["pair"].b = 1.0
    assert agrees(derivative, f, 1.0) == 8.0
    TABLE["pair"] = Pair(b=2, a=0.0)
    assert agrees(derivative, f, 1.0) == 7.0


def test_an_enum_member_is_replaced() -> None:
    class Mode(enum.Enum):
        LINEAR = 1
        SQUARE = 2

    TABLE["mode"] = Mode.LINEAR

    def f(x):
        return x * x if TABLE["mode"] is Mode.SQUARE else x * TABLE["mode"].value

    derivative = value_and_grad(f)
    assert agrees(derivative, f, 3.0) == 1.0
    TABLE["mode"] = Mode.SQUARE
    assert agrees(derivative, f, 3.0) == 6.0


MISSING = {
    "an item of a deque": ("Q = collections.deque([1.0])", "Q[1]", "Q.append(5.0)", "Q.pop()"),
    "an item of a list": ("Q = [1.0]", "Q[1]", "Q.append(5.0)", "Q.pop()"),
    "an item of a long list": ("Q = [1.0] * 300", "Q[300]", "Q.append(5.0)", "Q.pop()"),
    "a key": ("Q = {}", "Q['k']", "Q['k'] = 5.0", "del Q['k']"),
    "a key of a long dict": ("Q = dict.fromkeys(range(300), 1.0)", "Q['k']", "Q['k'] = 5.0", "del Q['k']"),
    "a key of a dict of another class": ("Q = collections.OrderedDict()", "Q['k']", "Q['k'] = 5.0", "del Q['k']"),
    "a global": ("Q = 0", "K", "K = 5.0", "del K"),
    "an attribute of a module": ("Q = types.ModuleType('Q')", "Q.k", "Q.k = 5.0", "del Q.k"),
    "an attribute of a class": ("class Q: pass", "Q.k", "Q.k = 5.0", "del Q.k"),
    "an attribute of an object": ("Q = types.SimpleNamespace()", "Q.k", "Q.k = 5.0", "del Q.k"),
    "an attribute of a function": ("def Q(): pass", "Q.k", "Q.k = 5.0", "del Q.k"),
    "an item of an array": ("Q = np.ones(1)", "Q[1]", "Q = np.array([1.0, 5.0])", "Q = np.ones(1)"),
    "a number in a text": ("Q = 'none'", "float(Q)", "Q = '5.0'", "Q = 'none'"),
    "a number in a list of texts": ("Q = ['none']", "float(Q[0])", "Q[0] = '5.0'", "Q[0] = 'none'"),
    "a division": ("Q = 0.0", "1.0 / Q", "Q = 0.2", "Q = 0.0"),
    "an element of a set": ("Q = set()", "[5.0][0 if 1 in Q else 1]", "Q.add(1)", "Q.clear()"),
    "an item of an empty iterator": ("Q = []", "next(iter(Q))", "Q.append(5.0)", "Q.clear()"),
    "an unpacking": ("Q = (1.0,)", "(lambda a, b: b)(*Q)", "Q = (1.0, 5.0)", "Q = (1.0,)"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISSING)
def test_what_is_missing_at_first_and_found_later(name: str) -> None:
    """A handler of the function catches that it is missing; that is a path, which holds while it is missing."""
    setup, read, fill, empty = MISSING[name]
    made = module(
        f"import collections\nimport types\nimport numpy as np\n{setup}\n\n\n"
        f"def f(x):\n    try:\n        return {read} * x\n"
        "    except Exception:\n        return x * x\n"
    )
    derivative = value_and_grad(made.f)
    for change, slope in (("", 6.0), (fill, 5.0), (empty, 6.0), (fill, 5.0)):
        exec(change, made.__dict__)
        assert agrees(derivative, made.f, 3.0) == slope
