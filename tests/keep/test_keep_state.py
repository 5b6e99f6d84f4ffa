"""What a block may change, and putting it back: names, items, attributes, and containers that are followed as they are."""

from __future__ import annotations

import collections
import functools
import types
from typing import Any

import numpy as np
import pytest

from s2sad.errors import CannotKeep
from s2sad.ir.program import UNDEFINED, Var
from s2sad.ir.writing import Box
from s2sad.keep.keeper import Keeper
from s2sad.keep.slots import Contents, Known, changed, put, restore, same, survey


class Slotted:
    __slots__ = ("left", "right")

    def __init__(self, left: Any) -> None:
        self.left = left


class Plain:
    def __init__(self, value: Any) -> None:
        self.value = value


def box(value: Any) -> Box:
    return Box(None, value, Var(type(value)), frozenset())


def seen(frame: dict[str, Any]) -> Any:
    return survey([frame], Known({}))


def names(found: dict[Any, tuple[Any, Any, Any]]) -> dict[Any, tuple[Any, Any]]:
    """By kind and name of the slot, what it held and holds."""
    return {(key[0], key[2]): (old, new) for key, (_, old, new) in found.items()}


def test_names_that_change_appear_and_go() -> None:
    frame: dict[str, Any] = {"a": 1.0, "b": 2.0, "c": "text"}
    before = seen(frame)
    frame["a"], frame["d"] = 3.0, 4.0
    del frame["b"]
    after = seen(frame)
    assert names(changed(before, after)) == {("name", "a"): (1.0, 3.0), ("name", "d"): (UNDEFINED, 4.0), ("name", "b"): (2.0, UNDEFINED)}
    restore(before, after)
    assert frame == {"a": 1.0, "b": 2.0, "c": "text"}
    assert changed(before, seen(frame)) == {}


@pytest.mark.parametrize("make", [lambda: [1.0, [2.0, 3.0]], lambda: {"a": 1.0, "b": [2.0]}, lambda: Plain([1.0, 2.0]),
                                  lambda: Slotted([1.0]), lambda: ([1.0], {"k": 2.0}), lambda: types.SimpleNamespace(q=[1.0]),
                                  lambda: functools.partial(max, [1.0]), lambda: [Plain(1.0), Slotted(2.0)]],
                         ids=["list", "dict", "object", "slots", "tuple", "namespace", "partial", "objects"])  # fmt: skip
def test_items_and_attributes_at_any_depth_are_put_back(make: Any) -> None:
    def flat(value: Any) -> Any:
        if isinstance(value, (list, tuple)):
            return [flat(v) for v in value]
        if isinstance(value, dict):
            return {k: flat(v) for k, v in value.items()}
        if isinstance(value, functools.partial):
            return flat(value.args)
        if isinstance(value, (float, int)):
            return value
        return {k: flat(getattr(value, k)) for k in ("value", "left", "q") if hasattr(value, k)}

    def change(value: Any) -> int:
        """Change every number inside; how many."""
        if isinstance(value, (list, dict)):
            places: Any = range(len(value)) if isinstance(value, list) else list(value)
            count = 0
            for place in places:
                if isinstance(value[place], float):
                    value[place] += 100.0
                    count += 1
                else:
                    count += change(value[place])
            return count
        if isinstance(value, (tuple, functools.partial)):
            return sum(map(change, value if isinstance(value, tuple) else value.args))
        count = 0
        for name in (n for n in ("value", "left", "q") if hasattr(value, n)):
            held = getattr(value, name)
            if isinstance(held, float):
                setattr(value, name, held + 100.0)
                count += 1
            else:
                count += change(held)
        return count

    frame = {"x": make()}
    wanted, before = flat(frame["x"]), seen(frame)
    count = change(frame["x"])
    after = seen(frame)
    assert len(changed(before, after)) == count > 0
    restore(before, after)
    assert flat(frame["x"]) == wanted
    assert changed(before, seen(frame)) == {}


def test_a_list_that_grew_is_put_back_and_refused() -> None:
    values = [1.0, 2.0]
    frame = {"v": values}
    before = seen(frame)
    values.append(3.0)
    after = seen(frame)
    with pytest.raises(CannotKeep, match="a list changes its length in a loop or a branch"):
        changed(before, after)
    restore(before, after)
    assert values == [1.0, 2.0]


def test_a_dictionary_with_another_key_is_put_back_and_refused() -> None:
    table = {"a": 1.0}
    before = seen({"t": table})
    table.pop("a")
    table["b"] = 2.0
    after = seen({"t": table})
    with pytest.raises(CannotKeep, match="a dict changes its length"):
        changed(before, after)
    restore(before, after)
    assert table == {"a": 1.0}


@pytest.mark.parametrize(("value", "change", "kind"), [
    (collections.deque([1.0, 2.0]), lambda v: v.rotate(1), "deque"),
    (collections.deque([1.0]), lambda v: v.append(3.0), "deque"),
    ({1, 2}, lambda v: v.add(3), "set"),
], ids=lambda v: type(v).__name__ if not isinstance(v, str) and not callable(v) else "")  # fmt: skip
def test_other_containers_stay_as_they_are(value: Any, change: Any, kind: str) -> None:
    frame = {"v": value}
    before, wanted = seen(frame), repr(value)
    assert changed(before, seen(frame)) == {}
    change(value)
    after = seen(frame)
    with pytest.raises(CannotKeep, match=f"a {kind} changes in a loop or a branch"):
        changed(before, after)
    restore(before, after)
    assert repr(value) == wanted
    assert frame["v"] is value


class Doubling(list):  # type: ignore[type-arg]
    def __iter__(self) -> Any:
        return (2.0 * v for v in list.__iter__(self))


@pytest.mark.parametrize(("value", "change"), [
    (collections.OrderedDict(a=1.0), lambda v: v.update(a=2.0)),
    (collections.Counter("aab"), lambda v: v.update("b")),  # which counts what it is updated with
    (Doubling([1.0, 3.0]), lambda v: v.__setitem__(0, 5.0)),  # whatever it gives when it is iterated over
], ids=lambda v: type(v).__name__ if not callable(v) else "")  # fmt: skip
def test_items_of_lists_and_dicts_of_other_classes_are_slots(value: Any, change: Any) -> None:
    frame = {"v": value}
    before, wanted = seen(frame), repr(value)
    assert changed(before, seen(frame)) == {}
    change(value)
    after = seen(frame)
    assert [slot.key[0] for slot, _, _ in changed(before, after).values()] == ["item"]
    restore(before, after)
    assert repr(value) == wanted
    assert frame["v"] is value


def test_the_order_of_an_ordered_dictionary_is_its_shape() -> None:
    value = collections.OrderedDict(a=1.0, b=2.0)
    before = seen({"v": value})
    value.move_to_end("a")
    after = seen({"v": value})
    with pytest.raises(CannotKeep, match="a OrderedDict changes its length"):
        changed(before, after)
    restore(before, after)
    assert list(value) == ["a", "b"]


def test_attributes_that_appear_or_go_are_refused() -> None:
    one, other = Plain(1.0), Slotted(2.0)
    before = seen({"one": one, "other": other})
    other.right = 3.0
    with pytest.raises(CannotKeep, match="an attribute appears"):
        changed(before, seen({"one": one, "other": other}))
    del other.right, one.value
    with pytest.raises(CannotKeep, match="an attribute is deleted"):
        changed(before, seen({"one": one, "other": other}))


@pytest.mark.parametrize("iterator", [iter([1.0]), zip([1.0]), map(abs, [1.0]), enumerate([1.0]), (k for k in [1.0]), reversed([1.0])],
                         ids=lambda v: type(v).__name__)  # fmt: skip
def test_iterators_cannot_be_put_back(iterator: Any) -> None:
    for holder in (iterator, [iterator], Plain(iterator)):
        with pytest.raises(CannotKeep, match=f"a {type(iterator).__name__} is held by a variable"):
            seen({"i": holder})


def test_the_contents_of_an_array_are_a_slot_of_their_own() -> None:
    array = box(np.zeros(3))
    frame = {"a": array, "b": array}
    before, old = seen(frame), array.var
    array.var = Var(array.var.type)
    after = seen(frame)
    ((slot, was, now),) = changed(before, after).values()
    assert slot.key[0] == "contents" and isinstance(was, Contents) and was.var is old and now.var is array.var
    version = array.version
    restore(before, after)
    assert array.var is old and array.version == version + 1
    assert Keeper().aliases.holders(before)[id(array.root)] == 2


def test_what_is_reached_twice_is_one_slot() -> None:
    shared = [1.0]
    frame = {"a": shared, "b": (shared, {"k": shared})}
    frame["c"] = frame["b"]
    assert sum(key[0] == "item" and key[1] == id(shared) for key in seen(frame)) == 1
    ring: list[Any] = [1.0]
    ring.append(ring)
    assert seen({"r": ring})


def test_what_is_the_same() -> None:
    number = box(1.0)
    assert same(number, number) and not same(number, box(1.0))
    assert same(1.5, 1.5) and same(float("nan"), float("nan")) and not same(0.0, -0.0)
    assert not same(1, 1.0) and not same(True, 1) and not same((1, 2), (1, 2.0)) and same((1, "a"), (1, "a"))


def test_putting_undefined_takes_a_name_away() -> None:
    frame = {"a": 1.0}
    (slot,) = (s for k, s in seen(frame).items() if k[0] == "name")
    put(slot, UNDEFINED)
    assert frame == {}
    put(slot, 2.0)
    assert frame == {"a": 2.0}
