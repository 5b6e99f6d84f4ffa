"""Arguments of every kind: the gradient has their structure, types and dtypes."""

from __future__ import annotations

import math
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pytest

from s2sad import (
    NotDifferentiable,
    elementwise_grad,
    grad,
    tape,
    trees,
    value_and_grad,
    vjp,
)
from tests.oracles import agrees, assert_close, assert_identical

Point = namedtuple("Point", "x y")


class Layer(NamedTuple):
    w: Any
    b: Any = 0.0


@dataclass
class Params:
    w: Any
    b: Any
    name: str = "params"


@dataclass(frozen=True)
class Frozen:
    w: Any
    steps: int = 3
    items: list = field(default_factory=list)


@dataclass(slots=True)
class Slotted:
    w: Any


@dataclass
class Checked:
    w: Any

    def __post_init__(self):
        if isinstance(self.w, float) and self.w < 0.0:
            raise ValueError("negative")


def total(value: Any) -> Any:
    """The sum of the squares of every number in a container."""
    if isinstance(value, (list, tuple, deque)):
        return sum((total(v) for v in value), 0.0)
    if isinstance(value, dict):
        return sum((total(v) for v in value.values()), 0.0)
    if isinstance(value, (Params, Slotted, Checked, Frozen)):
        return total(value.w) + (total(value.b) if isinstance(value, Params) else 0.0)
    if isinstance(value, (str, type(None), bytes)):
        return 0.0
    return np.sum(np.real(value * np.conj(value)))


# Single values

SCALARS = [2.0, -1.5, 0.0, np.float64(2.0), np.float32(2.0), np.array(2.0), np.array(2.0, np.float32), 1 + 2j,
           np.complex128(1 - 2j),
           np.complex64(1 + 1j)]  # fmt: skip
ARRAYS = [np.arange(3.0), np.ones((2, 3)), np.zeros(0), np.zeros((2, 0, 3)), np.ones((1, 1, 1)),
          np.arange(3, dtype=np.float32),
          np.ones((2, 2), np.complex128), np.array([1 + 1j, 2.0], np.complex64), np.arange(6.0).reshape(2, 3).T,
          np.arange(10.0)[::-3], np.broadcast_to(2.0, (3,)), np.asfortranarray(np.ones((2, 3))),
          np.ones(2, np.float16)]  # fmt: skip


def label(value: Any) -> str:
    return f"{type(value).__name__}-{np.asarray(value).dtype}-{np.shape(value)}"


@pytest.mark.parametrize("argument", SCALARS + ARRAYS, ids=label)
def test_a_gradient_is_of_the_type_of_its_argument(argument: Any) -> None:
    gradient = agrees(value_and_grad(total), total, argument)
    assert type(gradient) is type(argument)
    assert np.asarray(gradient).dtype == np.asarray(argument).dtype and np.shape(gradient) == np.shape(argument)
    # The convention for complex numbers: the conjugate is the direction of descent.
    assert_close(np.asarray(gradient), np.asarray(2 * np.conj(argument), np.asarray(argument).dtype))


@pytest.mark.parametrize("argument, wanted", [
    (2, 4.0), (0, 0.0), (-3, -6.0), (np.int64(2), 4.0), (np.int8(2), 4.0), (np.arange(3), np.array([0.0, 2.0, 4.0])),
    (np.arange(2, dtype=np.uint8), np.array([0.0, 2.0])), (np.array(3), np.array(6.0)), (np.zeros((0,), int),
    np.zeros(0)),
], ids=repr)  # fmt: skip
def test_integers_are_taken_as_floats(argument: Any, wanted: Any) -> None:
    def square(x):
        return np.sum(x * x)

    for gradient in (grad(square)(argument), tape.gradient(square, (argument,))[1]):
        assert type(gradient) is type(wanted)
        assert_close(gradient, wanted)


@pytest.mark.parametrize("argument", [
    True, np.True_, "text", None, b"x", np.array([True]), np.array(["a"]), Point, {1.0}, range(3),
    np.array([1.0, None]),
    np.datetime64(0, "s"), [], {}, [1, "a"], len], ids=repr)  # fmt: skip
def test_arguments_without_a_derivative(argument: Any) -> None:
    def f(x, y):
        return y * 2.0

    for attempt in (lambda: grad(f)(argument, 1.0), lambda: tape.gradient(f, (argument, 1.0))):
        with pytest.raises(NotDifferentiable):
            attempt()
    if not (isinstance(argument, np.ndarray) and argument.dtype == object):
        assert grad(f, argnums=1)(argument, 1.0) == 2.0


def test_subclasses_of_arrays_are_refused() -> None:
    class Tagged(np.ndarray):
        pass

    for argument in (np.ma.masked_array([1.0, 2.0], [True, False]), np.ones(2).view(Tagged)):
        with pytest.raises(NotDifferentiable, match="class"):
            grad(np.sum)(argument)


def test_an_integer_that_is_not_differentiated_stays_one() -> None:
    def f(x, n):
        assert isinstance(n, int) and not isinstance(n, bool)
        return x ** (n // 2) + [x, 2.0 * x, 3.0 * x][n % 3]

    derivative = value_and_grad(f)
    for n in (3, 4, 5, 3):
        agrees(derivative, f, 2.0, n)


# Containers

W = np.array([[1.0, 2.0], [3.0, 4.0]])
CONTAINERS = {
    "list": [1.0, 2.0],
    "tuple": (1.0, W, 3.0),
    "dict": {"w": W, "b": 2.0},
    "keys": {1: 2.0, (2, "a"): np.ones(2), None: 1.5},
    "namedtuple": Point(1.0, np.arange(2.0)),
    "typed namedtuple": Layer(W),
    "dataclass": Params(W, 1.0),
    "frozen": Frozen(np.ones(2), items=[1.0]),
    "slots": Slotted(2.0),
    "checked": Checked(2.0),
    "nested": [{"a": (1.0, [W, Point(2.0, 3.0)])}, Params([1.0, 2.0], {"b": np.ones(1)}), [[[4.0]]]],
    "mixed dtypes": [np.float32(1.0), np.ones(2, np.float32), 2.0, 1 + 1j],
    "with strings": {"w": 1.0, "name": "layer", "none": None, "flag": True, "n": 3},
    "empty parts": [[], {}, (), 2.0, np.zeros((0, 2))],
    "one": (1.0,),
    "ordered": OrderedDict(b=W, a=2.0),
    "with a factory": defaultdict(list, w=[W, 1.0], b=2.0),
    "counter": Counter(a=2.0, b=1.5),
    "deque": deque([1.0, W, [2.0]]),
    "bounded deque": {"last": deque([1.0, 2.0, np.ones(2)], 3), "all": deque(maxlen=1000)},
}


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_gradient_has_the_structure_of_its_argument(name: str) -> None:
    argument = CONTAINERS[name]

    def f(p):
        return total(p)

    gradient = agrees(value_and_grad(f), f, argument)
    leaves, structure = trees.flatten(gradient, opened=trees.EVERY)
    given, wanted = trees.flatten(argument, opened=trees.EVERY)
    assert structure == wanted and type(gradient) is type(argument)
    for leaf, original in zip(leaves, given, strict=True):
        if isinstance(original, (str, bool, type(None))):
            assert leaf is None
        elif isinstance(original, int):
            assert type(leaf) is float and leaf == 0.0
        else:
            assert type(leaf) is type(original) and np.shape(leaf) == np.shape(original)


WHOLE = {"w": 2.0, "n": 3, "name": "a", "ids": np.arange(2), "deep": [None, True, 1.0, np.uint8(1), np.array(4), np.array([True])]}


def weighted(p):
    y = 0.0
    for k in range(p["n"]):
        y = y + p["w"] * p["ids"][1] * (k + 1)
    return y


@pytest.mark.parametrize("control", ["record", "keep"])
def test_whole_numbers_in_a_container_have_zeros_of_floats_and_what_is_no_number_has_none(control: str) -> None:
    wanted: dict[str, Any] = {"w": 6.0, "n": 0.0, "name": None, "ids": np.zeros(2), "deep": [None, None, 0.0, 0.0, np.zeros(()), None]}
    _, pullback = vjp(weighted, WHOLE, argnums=0, control=control)
    elementwise, derivative = elementwise_grad(weighted, control=control), value_and_grad(weighted, control=control)
    for _ in range(2):
        for found in (derivative(WHOLE)[1], elementwise(WHOLE), pullback(1.0), tape.gradient(weighted, (WHOLE,))[1]):
            assert_identical(found, wanted)
            found["ids"][:] = 7.0  # which is nobody else's
    longer = {**WHOLE, "n": 15, "ids": np.arange(5), "deep": []}
    assert_identical(derivative(longer)[1], {**wanted, "w": 120.0, "ids": np.zeros(5), "deep": []})


def test_an_update_of_everything_in_a_container() -> None:
    """What a training loop does, also where it is differentiated itself."""

    def step(p):
        return {k: p[k] - 0.5 * g for k, g in grad(lambda q: q["w"] ** 2 * q["n"])(p).items()}

    for run in (step, lambda p: value_and_grad(lambda q: step(q)["w"])(p)[1]):
        assert_identical(run({"w": 2.0, "n": 3}), {"w": -4.0, "n": 3.0} if run is step else {"w": -2.0, "n": 0.0})
    with pytest.raises(NotDifferentiable, match="holds no floats"):
        grad(lambda p: 1.0 * p[0])([3, np.arange(2)])
    assert vjp(lambda x, p: x * p[0], 2.0, [3, "a"])[1](1.0) == (3.0, [0.0, None])


class Plain:
    a = 2.0

    def __getitem__(self, key: str) -> float:
        return self.a

    def __contains__(self, key: str) -> bool:
        return key == "a"


@pytest.mark.parametrize(
    "argument", [MappingProxyType({"a": 1.0}), Plain()], ids=lambda v: type(v).__name__
)
def test_other_containers_are_refused(argument: Any) -> None:
    """Rather than given back as something that they are not."""
    with pytest.raises(NotDifferentiable, match=type(argument).__name__):
        grad(lambda p: p["a"] ** 2 if "a" in p else p[0])(argument)


def test_the_same_array_given_twice() -> None:
    x = np.array([1.0, 2.0])
    gradients = grad(lambda a, b: np.sum(a * b * b), argnums=(0, 1))(x, x)
    assert_close(gradients, (x * x, 2.0 * x * x))
    pair = grad(lambda p: np.sum(p[0] * p[1] * p[1]))([x, x])
    assert_close(pair, [x * x, 2.0 * x * x])


def test_a_function_and_a_class_as_an_argument() -> None:
    def apply(x, f, kind):
        return f(x) * (2.0 if kind is Point else 1.0) + (kind(x, 1.0).x if kind is Point else x)

    derivative = value_and_grad(apply)
    for args in ((2.0, math.sin, Point), (2.0, lambda x: x * x, Point), (2.0, math.sin, Layer), (2.0, np.exp, Point)):
        agrees(derivative, apply, *args)


def test_instances_of_plain_classes_as_arguments() -> None:
    class Box:
        def __init__(self, k):
            self.k = k

        def times(self, x):
            return self.k * x

    def f(x, box):
        return box.times(x) + box.k

    derivative = value_and_grad(f)
    box = Box(2.0)
    assert agrees(derivative, f, 1.0, box) == 2.0
    assert agrees(derivative, f, 1.0, Box(3.0)) == 3.0
    box.k = np.float32(5.0)
    agrees(derivative, f, 1.0, box)
    box.k = np.array([1.0])
    with pytest.raises(NotDifferentiable):
        derivative(1.0, box)
    with pytest.raises(NotDifferentiable):
        grad(f, argnums=1)(1.0, box)
