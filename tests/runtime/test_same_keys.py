"""Equal is not the same: keys of arguments, guards on what was read, and memories tell values by their class and their bits."""

from __future__ import annotations

import dataclasses
import enum
import math
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2sad import CannotKeep, grad, value_and_grad
from s2sad.runtime.same import same, same_key, told_by_equality
from tests.at_random import profile, quiet
from tests.oracles import agrees, assert_identical, differences, module, run

CONTROLS = ("record", "auto", "keep")


class One(enum.IntEnum):
    ONE = 1


class Pair(NamedTuple):
    one: Any
    other: Any


def told() -> None:
    """A function that is told by identity."""


class Always:
    """Equal to each other instance of its class, by value another one."""

    def __init__(self, k: float) -> None:
        self.k = k

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Always)

    def __hash__(self) -> int:
        return 1

    def __call__(self, x: Any) -> Any:
        return x * self.k


@dataclasses.dataclass(frozen=True)
class Scale:
    name: str
    k: float = dataclasses.field(compare=False)

    def __call__(self, x: Any) -> Any:
        return x * self.k


# Keys of arguments


def signs(d: dict[Any, Any]) -> Any:
    return sum(v * math.copysign(1.0, k) for k, v in d.items())


def kinds(d: dict[Any, Any]) -> Any:
    total = 0.0
    for k, v in d.items():
        total = total + v * (2.0 if type(k) is bool else 3.0 if type(k) is float else 4.0 if type(k) is int else 5.0)
    return total


def order(d: dict[Any, Any]) -> Any:
    total = 1.0
    for k, v in d.items():
        total = total * v + k
    return total


def of_objects(d: dict[Any, Any]) -> Any:
    return sum(v * k.k for k, v in d.items())


@pytest.mark.parametrize("control", CONTROLS)
def test_keys_of_a_dict_are_told_by_class_and_bits(control: str) -> None:
    derivative = value_and_grad(signs, control=control)
    for _ in range(2):
        assert derivative({0.0: 2.0}) == (2.0, {0.0: 1.0})
        assert derivative({-0.0: 2.0}) == (-2.0, {0.0: -1.0})
    derivative = value_and_grad(kinds, control=control)
    for key, factor in ((1, 4.0), (True, 2.0), (1.0, 3.0), (One.ONE, 5.0), (np.int64(1), 5.0), (1, 4.0)):
        value, gradient = derivative({key: 0.5})
        assert (value, gradient[key]) == (0.5 * factor, factor)
        assert type(next(iter(gradient))) is type(key)


@pytest.mark.parametrize("control", CONTROLS)
def test_the_order_of_keys_is_theirs(control: str) -> None:
    derivative = value_and_grad(order, control=control)
    assert derivative({1.0: 2.0, 3.0: 4.0})[0] == (2.0 + 1.0) * 4.0 + 3.0
    assert derivative({3.0: 4.0, 1.0: 2.0})[0] == (4.0 + 3.0) * 2.0 + 1.0


@pytest.mark.parametrize("control", CONTROLS)
def test_objects_as_keys_are_told_by_identity(control: str) -> None:
    derivative = grad(of_objects, control=control)
    for k in (2.0, 3.0):
        key = Always(k)
        assert derivative({key: 1.0})[key] == k
        nested = grad(lambda d: sum(v * math.copysign(1.0, k[0]) for k, v in d.items()), control=control)
    assert nested({(0.0,): 1.0}) == {(0.0,): 1.0}
    assert nested({(-0.0,): 1.0}) == {(0.0,): -1.0}


@pytest.mark.parametrize("control", CONTROLS)
def test_a_slice_and_a_range_as_arguments(control: str) -> None:
    part = value_and_grad(lambda x, s: np.sum(x[s]) * (2.0 if s.start is False else 1.0), control=control)
    steps = value_and_grad(lambda x, r: x * r.stop, control=control)
    x = np.arange(4.0)
    try:
        assert [float(part(x, s)[0]) for s in (slice(0, 3), slice(False, 3), slice(0, 2))] == [3.0, 6.0, 1.0]
        assert [steps(2.0, r)[0] for r in (range(0, 4, 2), range(0, 3, 2))] == [8.0, 6.0]
    except CannotKeep:
        assert control == "keep"


@pytest.mark.parametrize("control", CONTROLS)
def test_numbers_that_become_keys_inside(control: str) -> None:
    def of_key(x: Any, k: Any) -> Any:
        return sum(v * math.copysign(1.0, q) * (2.0 if q is True else 1.0) for q, v in {k: x}.items())

    derivative = grad(of_key, control=control)
    try:
        assert [derivative(2.0, k) for k in (0.0, -0.0, 1, True, 1.0, -0.0)] == [1.0, -1.0, 1.0, 2.0, 1.0, -1.0]
    except CannotKeep:
        assert control == "keep"


# What is read from outside

CAPTURED: dict[str, tuple[str, ...]] = {
    "a dict": ("G = {0.0: 1.0}\ndef f(x): return sum(x * math.copysign(v, k) for k, v in G.items())", "G = {-0.0: 1.0}", "G = {0: 1.0}"),
    "a dict of truth values": (
        "G = {1: 1.0}\ndef f(x): return sum(x * (2.0 if k is True else 3.0) for k in G)", "G = {True: 1.0}", "G = {1.0: 1.0}"),
    "the order of a dict": (
        "G = {1.0: 2.0, 3.0: 4.0}\ndef f(x):\n    t = x\n    for k in G: t = t * G[k] + k\n    return t", "G = {3.0: 4.0, 1.0: 2.0}"),
    "a set": ("G = {1}\ndef f(x):\n    t = 0.0\n    for k in G: t = t + x * (2.0 if k is True else 3.0)\n    return t", "G = {True}"),
    "a frozenset": ("G = frozenset([0.0])\ndef f(x):\n    t = 0.0\n    for k in G: t = t + x * math.copysign(1.0, k)\n    return t",
                    "G = frozenset([-0.0])"),
    "a range": ("G = range(0, 4, 2)\ndef f(x): return x * G.stop", "G = range(0, 3, 2)", "G = range(0, 4, 2)"),
    "an empty range": ("G = range(0)\ndef f(x): return x * (G.start + 1)", "G = range(1, 1)"),
    "a slice": ("G = slice(False, 2)\ndef f(x): return x * (2.0 if G.start is False else 3.0)", "G = slice(0, 2)", "G = slice(0.0, 2)"),
    "a dtype": ("G = np.dtype('f4')\ndef f(x): return x * (2.0 if isinstance(G, str) else 3.0)", "G = 'f4'", "G = np.dtype('f8')"),
    "a number": ("G = 0.0\ndef f(x): return x * math.copysign(1.0, G)", "G = -0.0", "G = False", "G = 0"),
    "a number as a key": ("G = 0.0\ndef f(x): return sum(v * math.copysign(1.0, k) for k, v in {G: x}.items())", "G = -0.0", "G = 0.0"),
    "a default": ("def f(x, k=0.0): return sum(v * math.copysign(1.0, q) for q, v in {k: x}.items())", "f.__defaults__ = (-0.0,)"),
    "a tuple": ("G = (1, 0.0)\ndef f(x): return x * (2.0 if G[0] is True else 3.0) * math.copysign(1.0, G[1])", "G = (True, 0.0)",
                "G = (1, -0.0)"),
    "a class that equals another": (
        "class M(type):\n    def __eq__(cls, other): return True\n    def __hash__(cls): return 1\n"
        "class A(metaclass=M): k = 2.0\nclass B(metaclass=M): k = 3.0\nG = A\ndef f(x): return x * G.k", "G = B"),
    "a callable that equals another": (
        "class A:\n    def __init__(self, k): self.k = k\n    def __eq__(self, other): return True\n    def __hash__(self): return 1\n"
        "    def __call__(self, x): return x * self.k\nG = A(2.0)\ndef f(x): return G(x)", "G = A(3.0)"),
    "a function with such defaults": ("def h(x, *, k=0.0): return x * math.copysign(1.0, k)\ndef f(x): return h(x)",
                                      "h.__kwdefaults__ = {'k': -0.0}"),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore::s2sad.errors.SlowPathWarning")
@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("name", CAPTURED)
def test_a_path_holds_for_what_is_the_same(name: str, control: str) -> None:
    first, *changes = CAPTURED[name]
    made = module("import math\nimport numpy as np\nG = None\n" + first + "\nKEPT = G\n")
    derivative = value_and_grad(made.f, control=control)
    try:
        for change in ("", *changes, "G = KEPT", *changes):
            run(made, change)
            agrees(derivative, made.f, 2.0)
    except CannotKeep:
        assert control == "keep"


def test_guards_on_common_values_read_as_before() -> None:
    made = module("G = {'a': 2.0}\nR = range(0, 4, 2)\ndef f(x, n): return x * sum(G.values()) * len([0.0] * n) * R.stop")
    derivative = grad(made.f)
    assert derivative(1.0, 3) == 24.0
    for part in ("not tuple(G) == ('a',)", "not n == 3", "not same(f.__globals__['R'], range(0, 4, 2)):"):
        assert part in derivative.source


@pytest.mark.parametrize("control", CONTROLS)
def test_functions_in_containers_stay_what_they_are(control: str) -> None:
    def found(x: Any) -> Any:
        known = [math.sin]
        known.append(abs)
        table = dict(first=float)  # noqa: C408  the call is wanted
        pair = Pair(np.sin, told)
        same_ones = (known[1] is abs, table["first"] is float, pair.one is np.sin, pair.other is told)
        return x * (known.index(abs) + known.count(math.sin) + sum(same_ones))

    assert value_and_grad(found, control=control)(2.0) == (12.0, 6.0)


def test_a_callable_made_inside_is_not_asked_what_it_equals() -> None:
    derivative = value_and_grad(lambda x, k: Scale("a", x * k)(x))
    assert [derivative(2.0, k) for k in (1.0, 3.0)] == [(4.0, 4.0), (12.0, 12.0)]
    assert len(derivative.paths) == 1  # its hash would have made the path one for this number


# The notion itself

VALUES: list[Any] = [
    0, False, 0.0, -0.0, 0j, complex(0.0, -0.0), 1, True, 1.0, One.ONE, np.float64(0.0), np.float64(-0.0), np.float32(0.0), np.int64(1),
    np.True_, float("nan"), -float("nan"), "a", np.str_("a"), b"a", None, Ellipsis, (), [], (0,), (0.0,), (False,), [0], {0}, {False},
    frozenset([0]), {0: 1}, {False: 1}, {0: True}, range(0, 4, 2), range(0, 3, 2), slice(0, 2), slice(False, 2), np.dtype("f4"), "f4",
    np.dtype("f8"), float, abs, Always(1.0), Always(1.0), Scale("a", 1.0).__call__, Scale("a", 2.0).__call__,
]  # fmt: skip


@pytest.mark.parametrize("place", range(len(VALUES)))
def test_no_value_is_the_same_as_another(place: int) -> None:
    value = VALUES[place]
    assert [i for i, other in enumerate(VALUES) if same(value, other)] == [place]
    assert hash(same_key(value)) == hash(same_key(value))
    if told_by_equality(value):
        assert not [other for other in VALUES if other is not value and type(other) is type(value) and other == value]


def test_what_is_made_anew_is_the_same() -> None:
    owner = Always(1.0)
    assert same(owner.__call__, owner.__call__) and same([].append, [].append) is False
    assert same(float("nan"), float("nan")) and same((1, "a", 2.5), (1, "a", 2.5)) and same(range(3), range(3))


# Generated programs

KEYS = st.sampled_from([0, 1, False, True, 0.0, -0.0, 1.0, (0,), (False,), (-0.0,), "a", None, np.float64(0.0), np.int64(1)])
NUMBERS = st.sampled_from([0, 1, False, True, 0.0, -0.0, 1.0, float("nan"), np.float64(-0.0), np.float32(0.0), np.int64(1)])
PRELUDE = """\
import math
import numpy as np

def told(k):
    if isinstance(k, tuple):
        return 7.0 + told(k[0])
    if k is None or isinstance(k, str):
        return 3.0
    kinds = (bool, int, float, np.float64, np.float32, np.int64)
    return 1.0 + kinds.index(type(k)) + 0.25 * math.copysign(1.0, k)

def f(x, d, n):
    a = x
"""
LINES = (
    "for k, v in d.items():\n        a = a * 0.5 + v * told(k)", "for k, v in G.items():\n        a = a + x * told(k)",
    "a = a + sum(v * told(k) for k, v in {n: x, N: a}.items())", "a = a * told(R.stop) + R.start", "a = a + x * told(S.start)",
    "a = a + x * sum(map(told, T))", "a = a + sum(d.values()) * told(n)", "for k in {n, N, 2}:\n        a = a + x * told(k)",
    "if n in d:\n        a = a + d[n]", "if N in G:\n        a = a * 2.0 + G[N] * x", "a = a + x * told(N)",
)  # fmt: skip
WORLD = st.fixed_dictionaries({
    "G": st.dictionaries(KEYS, st.floats(0.5, 1.5), max_size=2), "N": NUMBERS, "T": st.tuples(NUMBERS, NUMBERS),
    "R": st.sampled_from([range(0, 4, 2), range(0, 3, 2), range(True), range(1, 1)]),
    "S": st.sampled_from([slice(0, 2), slice(False, 2), slice(0.0, 2)]),
})  # fmt: skip
CALLS = st.tuples(st.dictionaries(KEYS, st.floats(0.5, 1.5), min_size=1, max_size=2), NUMBERS, WORLD)


@profile(12)
@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=3), st.lists(CALLS, min_size=2, max_size=4))
def test_programs_over_keys_and_constants_that_are_equal_and_differ(lines: list[str], calls: list[Any]) -> None:
    with quiet():
        check(lines, calls)


def check(lines: list[str], calls: list[Any]) -> None:
    """Each call in each way, against a fresh gradient, the tape and differences."""
    made = module(PRELUDE + "".join(f"    {line}\n" for line in lines) + "    return a\n")
    derivatives = [value_and_grad(made.f, control=control) for control in CONTROLS]
    for d, n, world in [*calls, *calls]:
        made.__dict__.update(world)
        wanted = value_and_grad(made.f)(0.75, d, n)
        assert_identical(wanted[0], made.f(0.75, d, n))
        for derivative in derivatives:
            try:
                found = derivative(0.75, d, n)
            except CannotKeep:
                assert derivative is derivatives[-1]
                continue
            assert_identical(found, wanted)
        gradient = agrees(derivatives[0], made.f, 0.75, d, n)
        if math.isfinite(gradient):
            assert math.isclose(gradient, differences(made.f, (0.75, d, n)), rel_tol=1e-6, abs_tol=1e-6)
