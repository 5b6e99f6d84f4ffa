"""What a function does with arguments of container classes: operators, NumPy, derivatives inside it, protocols of the class."""

from __future__ import annotations

import copy
import functools
import heapq
from collections import Counter, OrderedDict, UserList, defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import check_grads, checkpoint, grad, value_and_grad, vjp
from s2sad.errors import CannotKeep
from tests.machine.test_container_classes import AttrDict, Doubling, Params, Program, Row, Scaled, Vector, agree

WEIGHTS = np.array([1.0, 2.0, 3.0])


class Odd(dict):  # type: ignore[type-arg]
    """What Python asks of a dict has an answer of its own."""

    def __eq__(self, other: object) -> Any:
        return self["a"] > 1.0

    def __hash__(self) -> int:
        return 7

    def __contains__(self, key: object) -> bool:
        return key == "absent"

    def __bool__(self) -> Any:
        return self["a"] > 1.5

    def __len__(self) -> int:
        return 42

    def __call__(self, x: Any) -> Any:
        return x * self["a"]

    def __enter__(self) -> Any:
        self["a"] = self["a"] * 2.0
        return self

    def __exit__(self, *details: object) -> None:
        self["a"] = self["a"] * 3.0


class Checked(dict):  # type: ignore[type-arg]
    def __setitem__(self, key: str, value: Any) -> None:
        if value > 100.0:
            raise ValueError(key)
        super().__setitem__(key, value * 1.5)

    def __delitem__(self, key: str) -> None:
        self["deleted"] = 5.0
        super().__delitem__(key)


class Magic(dict):  # type: ignore[type-arg]
    def __getattribute__(self, name: str) -> Any:
        if name == "magic":
            return dict.__getitem__(self, "a") * 2.0
        return super().__getattribute__(name)


class First(list):  # type: ignore[type-arg]
    @property
    def first(self) -> Any:
        return self[0]

    @first.setter
    def first(self, value: Any) -> None:
        self[0] = value * 2.0

    @classmethod
    def both(cls, x: Any) -> Any:
        return cls([x, x])

    @functools.cached_property
    def total(self) -> Any:
        return sum(self)


def asked(p: Any) -> Any:
    found = {p: 2.0}
    t = found[p]
    t = t + (1.0 if p == 3 else 2.0)
    t = t + (5.0 if "absent" in p else 6.0)
    t = t + (7.0 if p else 8.0)
    t = t + len(p) + p(3.0)
    with p as q:
        t = t * q["a"]
    return t * p["a"]


def stored(p: Any) -> Any:
    p["b"] = p["a"] * 2.0
    del p["a"]
    return p["b"] * p["deleted"]


def rejected(p: Any) -> Any:
    try:
        p["b"] = p["a"] * 100.0
    except ValueError:
        return p["a"] * 3.0
    return p["b"]


def firsts(p: Any) -> Any:
    p.first = p.first * 3.0
    q = p.both(p[1])
    return p.first * p[1] + p.total * q.total * q[0]


def sequence(p: Any) -> Any:
    a, *_ = p
    q = p[1:] + [a]  # noqa: RUF005  the sum of lists is what is tried
    del p[0]
    p += [a * 2.0]
    p.insert(0, a)
    p.reverse()
    return sum(q) * p[0] + sum(p * 2) + max(p) * min(q) + sum(x * y for x, y in zip(p, reversed(q), strict=False))


def as_arrays(p: Any) -> Any:
    return np.sum(np.array(p)) * np.dot(p, p) + np.sum(p) + np.linalg.norm(p) + WEIGHTS @ p + np.sum(p * WEIGHTS)


def rows_of_lists(p: Any) -> Any:
    y = WEIGHTS.copy()
    y[:] = p
    return np.sum(np.array([p, p]) ** 2) + np.sum(np.concatenate([p, WEIGHTS]) ** 3) + np.sum(y * y)


def merged(p: Any) -> Any:
    q = p | {"c": p["a"]}
    p |= {"b": q["c"] * 2.0}
    return p["a"] * p["b"] * len(q) + (q["a"] if type(q) is type(p) else 2.0 * q["a"])


def counts(p: Any) -> Any:
    q = p + Counter(b=2.0)  # type: ignore[arg-type]
    p.update({"a": 1.0})
    p.subtract({"a": 0.5})
    return q["a"] * p["a"] + sum(p.values())


def groups(p: Any) -> Any:
    p["x"]["y"].append(p["s"]["v"][0] * 2.0)
    return p["x"]["y"][0] * p["s"]["v"][0]


def nested_groups(x: float) -> Any:
    value: Any = defaultdict(lambda: defaultdict(list))
    value["s"]["v"].append(x)
    return value


def queued(p: Any) -> Any:
    heapq.heapify(p)
    heapq.heappush(p, p[0] * 2.0)
    return heapq.heappop(p) * p[0]


def rebuilt(p: Any) -> Any:
    q = type(p)((k, v * 2.0) for k, v in p.items())
    return sum(q.values()) * q["a"]


def printed(p: Any) -> Any:
    return p["a"] * (2.0 if f"{p}" + str(p) + repr(p) else 3.0)


@checkpoint
def layer(p: Any, x: Any) -> Any:
    p["n"] = p["n"] + 1.0
    return np.tanh(p["w"] * x + p["b"]) * p["n"]


def layers(p: Any) -> Any:
    x = 0.5
    for _ in range(3):
        x = layer(p, x)
    return x * p["n"]


def descent(p: Any) -> Any:
    for _ in range(3):
        g = grad(lambda q: sum(v * v * v for v in q.values()))(p)
        for k in p:
            p[k] -= 0.1 * g[k]
    return sum(p.values())


def from_parts(p: Any) -> Any:
    return grad(lambda q: q.a ** 2 * q["b"])(AttrDict(a=p["a"], b=p["b"]))["a"] * p["a"]


PROGRAMS: dict[str, Program] = {
    "answers of its own": (asked, lambda x: Odd(a=x)),
    "writes of its own": (stored, lambda x: Checked(a=x)),
    "a write that raises": (rejected, lambda x: Checked(a=x)),
    "__getattribute__": (lambda p: p.magic * p["a"] + p.get("a"), lambda x: Magic(a=x)),
    "property and cached_property": (firsts, lambda x: First([x, 2.0])),
    "operators of lists": (sequence, lambda x: Vector([x, 2.0, 0.3])),
    "an array of a list subclass": (as_arrays, lambda x: Vector([x, 2.0, 0.5])),
    "an array of a UserList": (lambda p: np.sum(np.array(p)) * np.dot(p, p), lambda x: UserList([x, 2.0, 0.5])),
    "an array of a tuple subclass": (as_arrays, lambda x: Row((x, 2.0, 0.5))),
    "an array of what iterates otherwise": (as_arrays, lambda x: Doubling([x, 2.0, 0.5])),
    "lists of lists as arrays": (rows_of_lists, lambda x: Vector([x, 2.0, 0.5])),
    "merged": (merged, lambda x: Params(a=x, b=2.0)),
    "merged in order": (merged, lambda x: OrderedDict(a=x, b=2.0)),
    "counts": (counts, lambda x: Counter(a=x, b=2.0)),  # type: ignore[arg-type]
    "groups of groups": (groups, nested_groups),
    "a heap": (queued, lambda x: Vector([x, 2.0, 1.0])),
    "made anew by its class": (rebuilt, lambda x: OrderedDict(a=x, b=2.0)),
    "its text": (printed, lambda x: Params(a=x, b=2.0)),
    "checkpoints": (layers, lambda x: Params(w=x, b=0.1, n=0.0)),
    "gradient descent": (descent, lambda x: OrderedDict(a=x, b=0.3)),
    "a derivative by what is made": (from_parts, lambda x: Params(a=x, b=2.0)),
}
NOT_KEPT = ("answers of its own", "writes of its own", "a write that raises", "operators of lists", "an array of a UserList", "counts",
            "a heap", "merged", "merged in order")  # fmt: skip


@pytest.mark.parametrize("control", ["record", "keep", "auto"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_what_is_done_with_an_argument(name: str, control: str) -> None:
    try:
        agree(PROGRAMS[name], value_and_grad(PROGRAMS[name][0], control=control))
    except CannotKeep:
        assert control == "keep" and name in NOT_KEPT


@pytest.mark.parametrize("name", PROGRAMS)
def test_differences_find_the_same(name: str) -> None:
    function, make = PROGRAMS[name]
    check_grads(function, (make(0.7),))


OUTSIDE = OrderedDict(w=2.0, b=0.5, deep=Params(c=3.0), parts=[1.0, Scaled(2.0, a=1.5)])


def loss(p: Any) -> Any:
    """By w: 2 w b; by c: 2 c; by the scale of the last part: 2 a**2 scale."""
    return p["w"] ** 2 * p["b"] + p["deep"]["c"] ** 2 + p["parts"][1]["a"] ** 2


def slopes(g: Any) -> Any:
    return g["w"] + g["deep"]["c"] + g["parts"][1].scale


@pytest.mark.parametrize("control", ["record", "keep", "auto"])
def test_a_derivative_inside_by_what_comes_from_outside(control: str, monkeypatch: pytest.MonkeyPatch) -> None:
    captured = grad(lambda x: x * slopes(grad(loss)(OUTSIDE)), control=control)
    passed = grad(lambda x, p: x * slopes(vjp(loss, p)[1](1.0)[0]), control=control)
    assert (captured(2.0), passed(2.0, OUTSIDE)) == (2.0 + 6.0 + 9.0,) * 2
    for i in range(10):
        monkeypatch.setitem(OUTSIDE, "w", 1.0 + i)
        monkeypatch.setitem(OUTSIDE["deep"], "c", 10.0 * i)  # type: ignore[arg-type]
        monkeypatch.setattr(OUTSIDE["parts"][1], "scale", 2.0 + i)  # type: ignore[index]
        wanted = (1.0 + i) + 20.0 * i + 4.5 * (2.0 + i)
        assert (captured(2.0), passed(2.0, OUTSIDE)) == (wanted, wanted)
    monkeypatch.setitem(OUTSIDE, "deep", {"c": 4.0})
    monkeypatch.setitem(OUTSIDE, "new", 1.0)
    wanted = 10.0 + 8.0 + 4.5 * 11.0
    assert (captured(2.0), passed(2.0, OUTSIDE)) == (wanted, wanted)
    assert OUTSIDE["parts"][1].reads == 0  # type: ignore[index]


@pytest.mark.parametrize("control", ["record", "keep", "auto"])
def test_a_derivative_inside_leaves_what_is_outside_as_it_is(control: str) -> None:
    def inner(q: Any) -> Any:
        q["v"][0] = q["s"] ** 2
        return np.sum(q["v"] ** 2)

    held = Params(v=np.ones(2), s=2.0)
    slope: Callable[[float], Any] = grad(lambda x: x * grad(inner)(held)["s"], control=control)
    assert [slope(1.0), slope(2.0)] == [4.0 * 2.0**3] * 2
    assert held["v"].tolist() == [1.0, 1.0]


def test_what_a_container_holds_twice_is_one_object_in_its_deep_copy() -> None:
    def f(x: float) -> Any:
        inner = [x]
        both = copy.deepcopy([inner, inner])
        both[0].append(2.0 * x)
        return sum(both[1]) * len(inner)

    assert value_and_grad(f)(2.0) == (6.0, 3.0)
