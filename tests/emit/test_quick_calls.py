"""The short way into a path, for arguments in containers: taken by calls like the one before, and by no other."""

from __future__ import annotations

import copy
import dataclasses
import math
import sys
import types
from collections import OrderedDict, defaultdict, namedtuple
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import compiled, grad, trees, value_and_grad
from s2sad.api.compiled import Compiled
from tests.oracles import assert_identical

HELD, NUMBER = np.ones(2), np.float64(2.0)
Pair = namedtuple("Pair", "a b")


@dataclasses.dataclass
class Line:
    a: Any
    b: Any


@dataclasses.dataclass(slots=True)
class Tight:
    a: Any
    b: Any


class Params(dict):  # type: ignore[type-arg]
    pass


class Vector(list):  # type: ignore[type-arg]
    pass


def total(p: Any) -> Any:
    """The sum of the squares of the leaves, each with a weight that says where it stands."""
    result = 0.0
    for i, part in enumerate(parts(p)):
        result = result + (i + 1.0) * (part * part if isinstance(part, float) else np.sum(part * part))
    return result


def parts(p: Any) -> list[Any]:
    if isinstance(p, dict):
        return [leaf for key in p for leaf in parts(p[key])]
    if isinstance(p, (list, tuple)):
        return [leaf for part in p for leaf in parts(part)]
    return [*parts(p.a), *parts(p.b)] if isinstance(p, (Line, Tight, types.SimpleNamespace)) else [p]


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The calls that did not take the short way."""
    seen: list[Any] = []
    evaluate = Compiled.evaluate

    def watched(self: Any, call: Any) -> Any:
        seen.append(call.args)
        return evaluate(self, call)

    monkeypatch.setattr(Compiled, "evaluate", watched)
    return seen


MAKE: dict[str, Callable[[float], Any]] = {
    "dict": lambda x: {"a": x, "b": np.full(2, x)},
    "list": lambda x: [x, np.full(2, x)],
    "tuple": lambda x: (x, np.full(2, x)),
    "nested": lambda x: [{"w": x, "b": (x, [2.0])}, {"w": 3.0 * x, "b": ()}],
    "keys": lambda x: {1: x, True is None: 2.0, "a" + str(x)[:0]: x, (0, "b"): x},
    "namedtuple": lambda x: Pair(x, 2.0),
    "dataclass": lambda x: Line(x, [2.0]),
    "slots": lambda x: Tight([x], 2.0),
    "namespace": lambda x: types.SimpleNamespace(a=x, b=2.0),
    "OrderedDict": lambda x: OrderedDict(a=x, b=2.0),
    "defaultdict": lambda x: defaultdict(float, a=x, b=2.0),
    "dict subclass": lambda x: Params(a=x, b=Vector([x])),
    "list subclass": lambda x: Vector([x, 2.0]),
    "one container twice": lambda x: (lambda c: {"a": c, "b": c})([x]),
}


@pytest.mark.parametrize("name", MAKE)
def test_calls_alike_take_the_short_way(name: str, slow: list[Any]) -> None:
    derived = value_and_grad(total)
    for x in (0.5, 1.5, -2.0, 0.5):
        value, gradient = derived(MAKE[name](x))
        assert_identical(value, total(MAKE[name](x)))
        assert type(gradient) is type(MAKE[name](x))
        found, wanted = (trees.flatten(v, opened=trees.EVERY)[0] for v in (gradient, value_and_grad(total)(MAKE[name](x))[1]))
        for one, other in zip(found, wanted, strict=True):
            assert_identical(one, other)
    assert len(slow) == 5  # the first, and each of the fresh derivatives


def changed(value: Any, **attributes: Any) -> Any:
    vars(value).update(attributes)
    return value


SHARED = [2.0]
OTHERS: dict[str, tuple[Any, ...]] = {
    "another class": ({"a": 1.0}, OrderedDict(a=1.0), Params(a=1.0)),
    "another length": ([1.0], [1.0, 2.0], []),
    "another order": ({"a": 1.0, "b": 2.0}, {"b": 2.0, "a": 1.0}),
    "another order of an OrderedDict": (OrderedDict(a=1.0, b=2.0), OrderedDict(b=2.0, a=1.0)),
    "zeros": ({0.0: 1.0, 1: 2.0}, {-0.0: 1.0, 1: 2.0}, {0: 1.0, 1: 2.0}, {0: 1.0, True: 2.0}, {False: 1.0, 1: 2.0}),
    "a key of text of another class": ({"a": 1.0}, {np.str_("a"): 1.0}),
    "another attribute": (Line(1.0, 2.0), changed(Line(1.0, 2.0), c=4.0)),
    "an attribute of a dict": (Params(a=1.0), changed(Params(a=1.0), c=4.0), changed(Params(a=1.0), d=4.0)),
    "another type": ([1.0], [np.ones(2)], [np.ones(3)], [np.ones(2, np.float32)], [np.float32(1)], [1]),
    "another factory": (defaultdict(float, a=1.0), defaultdict(int, a=1.0), defaultdict(None, a=1.0)),
    "one or two": ([SHARED, SHARED], [[2.0], [2.0]], [SHARED, [2.0]]),
    "a leaf that is a container": ([1.0], [[1.0]]),
}  # fmt: skip


def told(p: Any) -> Any:
    """Something that depends on all that a key says of an argument."""
    if isinstance(p, dict):
        seen = [1.0 if isinstance(k, str) else np.copysign({bool: 3.0, int: 5.0, float: 7.0}[type(k)], k) for k in p]
        weight = sum(seen) + len(type(p).__name__) + (10.0 if next(iter(p)) == "a" else 20.0)
        if isinstance(p, defaultdict):
            p = copy.copy(p)
            weight = weight + (p["new"] if p.default_factory is not None else 40.0)
    else:
        weight = len(p) + (100.0 if len(p) > 1 and p[0] is p[1] else 1.0) if isinstance(p, list) else 1.0
    extra = getattr(p, "c", 50.0) * getattr(p, "d", 60.0)
    return weight * extra * sum(np.sum(v) * np.size(v) * (i + 1.0) for i, v in enumerate(parts(p)))


@pytest.mark.parametrize("name", OTHERS)
def test_other_calls_do_not(name: str) -> None:
    for function in (told, total):
        derived, arguments = value_and_grad(function), OTHERS[name]
        for argument in (*arguments, *arguments, *reversed(arguments)):
            if not parts(argument) or isinstance(parts(argument)[0], int):
                continue
            try:
                value = derived(argument)[0]
            except TypeError:
                with pytest.raises(TypeError):
                    function(argument)
            else:
                assert_identical(value, function(argument))


def test_arguments_by_name_take_it_as_well(slow: list[Any]) -> None:
    derived = value_and_grad(lambda p, x=1.0, **more: total(p) * x + sum(i * v for i, v in enumerate(more.values())), argnums=("p", "x"))
    for x in (0.5, 1.5, -2.0):
        assert derived({"a": x}, x=3.0, y=1.0, z=5.0) == (3.0 * x * x + 5.0, ({"a": 6.0 * x}, x * x))
        assert derived(x=3.0, p={"a": x}) == (3.0 * x * x, ({"a": 6.0 * x}, x * x))
    slow.clear()
    for _ in range(3):
        derived(x=3.0, p={"a": 2.0})
    assert len(slow) == 0
    assert derived({"a": 2.0}, x=3.0, z=5.0, y=1.0)[0] == 13.0  # the order of names is seen by the function
    assert derived(p={"a": 2.0}, x=3.0) == (12.0, ({"a": 12.0}, 4.0))
    assert len(slow) == 2


def test_one_container_by_position_and_by_name(slow: list[Any]) -> None:
    derived = value_and_grad(lambda p, q=(): total(p) + (5.0 if p is q else 7.0))
    one, other = [2.0], [2.0]
    found = [derived(p, q=q)[0] for p, q in ((one, one), (other, other), (one, other), (other, one), (one, one))]
    assert found == [9.0, 9.0, 11.0, 11.0, 9.0]
    assert len(slow) == 3


def called(action: Callable[[], Any], event: str) -> list[str]:
    """The functions that are called meanwhile: those of Python with `call`, others with `c_call`."""
    seen: list[str] = []

    def note(frame: types.FrameType, found: str, what: Any) -> None:
        if found == event:
            seen.append(frame.f_code.co_name if event == "call" else what.__name__)

    sys.setprofile(note)
    try:
        action()
    finally:
        sys.setprofile(None)
    return [name for name in seen if name not in ("<lambda>", "setprofile")]


def wave(x: float, y: float) -> float:
    return math.log(x) + x * math.sin(y)


@pytest.mark.parametrize("make", [value_and_grad, grad, compiled])
@pytest.mark.parametrize("control", ["record", "keep"])
def test_nothing_stands_between_a_call_and_its_code(make: Any, control: str) -> None:
    """Of Python's numbers: one generated function that asks and looks, and the code; one look at all results, no context of NumPy."""
    derived = make(wave, control=control, **({} if make is compiled else {"argnums": (0, 1)}))
    derived(2.0, 1.0)
    derived(2.0, 1.5)
    assert called(lambda: derived(3.0, 1.0), "call") == ["__at_once__", f"wave_{derived.suffix}"]
    builtin = called(lambda: derived(3.0, 1.0), "c_call")
    assert sorted(builtin) == sorted(["log", "sin", "isfinite", *(["cos"] if make is not compiled else [])])
    assert derived(3.0, 1.0) == make(wave, **({} if make is compiled else {"argnums": (0, 1)}))(3.0, 1.0)
    assert derived.stats().hits == (5,)


@pytest.mark.parametrize("function", [
    lambda x, y: np.log(x) * y,  # a number of NumPy's
    lambda x, y: x * y * float(np.sum(HELD)),
    lambda x, y: x * y * NUMBER,
])  # fmt: skip
def test_what_numpy_may_warn_of_runs_where_it_is_heard(function: Any) -> None:
    derived = grad(function)
    assert not derived(2.0, 1.0) == derived(3.0, 1.0) == 0.0
    assert not derived._last.built.text.numbers and derived.__call__.__globals__["__enter__"] is not None


def test_a_call_with_other_arguments_finds_all_of_them(slow: list[Any]) -> None:
    derived = grad(lambda *args, **more: args[0] * (1.0 + len(args)) + sum(more.values()) if args else 0.0)
    assert derived(2.0, 1.0) == derived(2.0, 1.0) == 3.0
    for args, more in (((2.0,), {}), ((2.0, 1.0, None), {}), ((2.0, 1), {}), ((2.0, 1.0), {"args": 3.0}), ((2.0, 1.0), {"__a0__": 3.0})):
        assert derived(*args, **more) == 1.0 + len(args)
        assert slow[-1] == args
    with pytest.raises(TypeError):
        derived()
