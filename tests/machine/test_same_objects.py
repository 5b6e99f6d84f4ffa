"""What `is`, `id` and `in` say of arguments, captured objects and their parts is what they say in the plain call."""

from __future__ import annotations

import dataclasses
import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2sad import CannotKeep, UnsupportedMutation, UnsupportedSyntax, grad, tape, value_and_grad
from tests.at_random import profile, quiet
from tests.oracles import agrees, assert_close, assert_identical, differences, module

CONTROLS = ("record", "auto", "keep")
V, W = np.array([1.0, 2.0]), np.array([1.0, 2.0])
NAN, OTHER = float("nan"), float("nan")
BIG, AS_BIG = 10**6, int("1000000")
HALF, AS_HALF = 2.5, float("2.5")
KNOWN, CACHE = id(V), {id(V): 7.0}
FIRST: list[float] = [1.0, 2.0]
SECOND: list[float] = [1.0, 2.0]


class Holder:
    def __init__(self) -> None:
        self.v, self.w = V, V


HOLDER = Holder()


@dataclasses.dataclass
class Node:
    value: Any
    below: Any = None


def kernel(x: Any, y: Any) -> Any:
    d = np.outer(x, y)
    if x is y:
        d = d + np.eye(len(x)) * x
    return np.sum(d)


def of_aliases(x: Any) -> Any:
    y = x
    return np.sum(x) * (2.0 if y is x else 3.0) * (2.0 if x[:] is x else 3.0) * (2.0 if np.asarray(x) is x else 5.0)


def in_a_loop(x: Any, n: int) -> Any:
    y, total = x, 0.0
    for _ in range(n):
        if y is x:
            total = total + np.sum(y)
        y = y * 2.0
    return total


def of_loops(x: Any, y: Any) -> Any:
    total = 0.0
    for _ in range(3):
        total = total + (np.sum(x) if x is y else np.sum(y * x))
    return total


def by_default(x: Any, y: Any = V) -> Any:
    return np.sum(x) * (2.0 if x is y else 3.0)


def before_a_write(x: Any, y: Any) -> Any:
    one = x is y
    y = y * 2.0
    y[0] = 5.0
    return np.sum(x * y) * (2.0 if one else 3.0)


SHARED = Node(1.0)
PAIR = {"a": V}
FIRST_NODE, SECOND_NODE = Node(2.0, SHARED), Node(2.0, SHARED)
PROGRAMS: dict[str, tuple[Callable[..., Any], list[tuple[Any, ...]]]] = {
    "arguments": (kernel, [(V, W), (V, V), (W, W)]),
    "parts of a dict": (lambda p: np.sum(p["a"]) * (2.0 if p["a"] is p["b"] else 3.0), [({"a": V, "b": V},), ({"a": V, "b": W},)]),
    "an argument and a global": (lambda x: np.sum(x) * (2.0 if x is V else 3.0), [(V,), (W,)]),
    "an argument and an attribute": (lambda x: np.sum(x) * (2.0 if x is HOLDER.v else 3.0), [(V,), (W,)]),
    "an argument and its default": (by_default, [(V,), (W,), (W, W)]),
    "operator.is_": (lambda x, y: np.sum(x) * (2.0 if operator.is_(x, y) else 3.0), [(V, V), (V, W)]),
    "operator.is_not": (lambda x, y: np.sum(x) * (2.0 if operator.is_not(x, y) else 3.0), [(V, V), (V, W)]),
    "floats": (lambda x, y: x * (2.0 if x is y else 3.0), [(HALF, HALF), (HALF, AS_HALF)]),
    "whole numbers": (lambda x, n, m: x * (2.0 if n is m else 3.0), [(2.0, 5, 5), (2.0, BIG, BIG), (2.0, BIG, AS_BIG), (2.0, 5, 6)]),
    "id": (lambda x, y: np.sum(x) * (2.0 if id(x) == id(y) else 3.0), [(V, V), (V, W)]),
    "a known id": (lambda x: np.sum(x) * (2.0 if id(x) == KNOWN else 3.0), [(V,), (W,)]),
    "an id as a key": (lambda x: np.sum(x) * CACHE.get(id(x), 3.0), [(V,), (W,)]),
    "ids in a set": (lambda x, y: np.sum(x) * len({id(x), id(y)}), [(V, V), (V, W)]),
    "in a list, an array": (lambda x, y: np.sum(x) * (2.0 if x in [y] else 3.0), [(V, V)]),
    "in a list, a NaN": (lambda x, k, m: x * (2.0 if k in [m] else 3.0),
                         [(2.0, NAN, NAN), (2.0, NAN, OTHER), (2.0, 1.0, 1.0), (2.0, 1.0, 2.0)]),
    "list.index": (lambda x, k, m: x * ([5.0, m].index(k) if [5.0, m].count(k) else 7.0),
                   [(2.0, NAN, NAN), (2.0, NAN, OTHER), (2.0, 1.0, 1.0), (2.0, 1.0, 2.0)]),
    "any": (lambda x, y: np.sum(x) * (2.0 if any(x is z for z in (y, None)) else 3.0), [(V, V), (V, W)]),
    "several": (lambda x, *rest: np.sum(x) * sum(x is r for r in rest), [(V, V, W), (V, W, V), (V, W, W), (V, V, V)]),
    "an ellipsis": (lambda x, k: x * (2.0 if k is None else 3.0 if k is Ellipsis else 4.0), [(2.0, None), (2.0, ...), (2.0, 1.0)]),
    "names inside": (of_aliases, [(V,)]),
    "a name that changes in a loop": (in_a_loop, [(V, 3), (V, 1)]),
    "asked in a loop": (of_loops, [(V, V), (V, W)]),
    "asked before a write": (before_a_write, [(V, V), (V, W)]),
    "dicts": (lambda p, q: np.sum(p["a"]) * (2.0 if p is q else 3.0), [(PAIR, PAIR), (PAIR, {"a": V})]),
    "dataclasses": (lambda p, q: p.value * (2.0 if p is q else 3.0 if p.below is q.below else 4.0),
                    [(FIRST_NODE, FIRST_NODE), (FIRST_NODE, SECOND_NODE), (FIRST_NODE, Node(2.0, Node(1.0)))]),
    "an array of the argument itself": (lambda x: np.sum(x) * (2.0 if np.asarray(x) is x else 3.0)
                                        * (5.0 if np.asarray(x, np.float32) is x else 7.0), [(V,), (V[::-1],)]),
    "an array in an order": (lambda x: np.sum(x) * (2.0 if np.ascontiguousarray(x * 2.0) is x else 3.0)
                             * (5.0 if np.ascontiguousarray(x) is x else 7.0), [(V,), (V[::-1],)]),
    "a number of the argument itself": (lambda x: x * (2.0 if float(x) is x else 3.0), [(HALF,)]),
}  # fmt: skip


@pytest.mark.parametrize("name", PROGRAMS)
def test_identity_is_that_of_the_plain_call(name: str) -> None:
    f, calls = PROGRAMS[name]
    for control in CONTROLS:
        for argnums in (0, (0, 1)) if all(len(c) == 2 for c in calls) and type(calls[0][1]) is type(calls[0][0]) else (0,):
            derivative = value_and_grad(f, argnums=argnums, control=control)
            for args in [*calls, *reversed(calls)]:
                try:
                    found = derivative(*args)
                except CannotKeep:
                    assert control == "keep"
                    continue
                value, gradient = tape.gradient(f, args, argnums)
                assert_identical(found[0], f(*args))
                assert_identical(value, f(*args))
                assert_close(found[1], gradient)


def test_the_branch_that_is_taken_is_differentiated() -> None:
    derivative = value_and_grad(kernel)
    # The sum of all products is 9, its gradient by x the sum of y, 3; on the diagonal x is added.
    for y, value, slope in ((W, 9.0, 3.0), (V, 12.0, 4.0), (W, 9.0, 3.0)):
        found, gradient = derivative(V, y)
        assert found == value and gradient.tolist() == [slope, slope]


@pytest.mark.parametrize("control", CONTROLS)
def test_captured_containers_and_attributes_are_asked_in_each_call(control: str) -> None:
    made = module("A, B = [1.0], [1.0]\nclass H: pass\nh = H()\nh.a = h.b = A\n"
                  "def f(x): return x * (2.0 if A is B else 3.0) * (5.0 if h.a is h.b else 7.0) * (11.0 if A is h.a else 13.0)")
    derivative = value_and_grad(made.f, control=control)
    agrees(derivative, made.f, 2.0)
    made.B = made.A
    agrees(derivative, made.f, 2.0)
    made.h.b = [1.0]
    agrees(derivative, made.f, 2.0)
    made.h.a, made.B = [1.0], [1.0]
    agrees(derivative, made.f, 2.0)
    assert made.f(2.0) == 2.0 * 3.0 * 7.0 * 13.0


def test_in_a_derivative_inside() -> None:
    def inner(a: Any, b: Any) -> Any:
        return np.sum(a) * (2.0 if a is b else 3.0)

    def outer(x: Any) -> Any:
        y = x * 2.0
        slope = value_and_grad(inner)
        return slope(y, y)[0] + slope(y, y * 1.0)[0] + slope(x, x)[0] + slope(x, y)[0]

    assert value_and_grad(outer)(V)[0] == outer(V) == tape.gradient(outer, (V,))[0] == 12.0 + 18.0 + 6.0 + 9.0


def test_a_container_that_is_passed_twice_is_one() -> None:
    def grown(x: Any, p: Any, q: Any) -> Any:
        p.append(x)
        return sum(q)

    derivative = value_and_grad(grown)
    for _ in range(2):
        one, other = [1.0], [1.0]
        assert derivative(2.0, one, one) == (3.0, 1.0)
        assert derivative(2.0, one, other) == (1.0, 0.0)
        assert one == [1.0]
    with pytest.raises(UnsupportedMutation, match="a list that is passed twice is changed"):
        grad(grown, argnums=1)(2.0, FIRST, FIRST)


def test_a_container_that_is_taken_apart_is_not_compared_with_one_from_outside() -> None:
    with pytest.raises(UnsupportedSyntax, match="whether a container among the arguments is an object from outside"):
        grad(lambda x, p: x * (2.0 if p is FIRST else 3.0))(2.0, FIRST)
    assert grad(lambda x, p: x * (2.0 if p is None else 3.0))(2.0, FIRST) == 3.0


def test_who_does_not_ask_pays_nothing() -> None:
    derivative = grad(lambda x, y: np.sum(x * y))
    derivative(V, V)
    derivative(V, W)
    assert len(derivative.paths) == 1 and " is " not in derivative.source
    derivative = grad(kernel)
    derivative(V, V)
    assert "if not x is y:" in derivative.source or "x is y" in derivative.source


# Generated programs

PRELUDE = """\
import numpy as np

def told(one, other):
    return 2.0 if one is other else 3.0

def f(x, y, p, q):
    a, z = np.sum(x) * 0.5, x
"""
LINES = (
    "a = a * told(x, y)", "a = a + np.sum(x) * told(x, G)", "a = a * told(p['u'], p['v'])", "a = a * told(p, q)", "a = a * told(p['u'], x)",
    "a = a * told(z, y)", "z = y", "z = y * 1.0", "z = x", "a = a + np.sum(p['u'] * x) * told(q['v'], H[0])", "a = a * told(H[0], G)",
    "a = a * (1.0 + len({id(x), id(y), id(p['u'])}))", "a = a * told(p['k'], q['k'])", "a = a * told(H, q['l'])",
    "a = a * told(p['l'], q['l'])",
    "if x is y:\n        a = a + np.sum(y * x)", "for w in (x, y, G):\n        a = a * told(w, z)", "x = x + 0.0", "x = np.asarray(x)",
    "a = a * (2.0 if any(x is w for w in (y, G)) else 3.0)",
)  # fmt: skip
POOL = [np.array([0.5, -1.0]), np.array([0.5, -1.0]), np.array([1.5, 0.25])]
LISTS, FLOATS = [[1.0], [1.0]], [HALF, AS_HALF]
ARRAYS = st.integers(0, 2)
DICTS = st.fixed_dictionaries({"u": ARRAYS, "v": ARRAYS, "k": st.integers(0, 1), "l": st.integers(0, 1)})
CALLS = st.tuples(ARRAYS, ARRAYS, DICTS, st.none() | DICTS, ARRAYS, ARRAYS)


def placed(call: tuple[Any, ...], made: Any) -> tuple[Any, ...]:
    """The arguments of a call, by which objects of the pool stand where; the globals are set."""
    x, y, first, second, made.G, head = call
    made.G, made.H = POOL[made.G], [POOL[head]]
    p, q = ({"u": POOL[d["u"]], "v": POOL[d["v"]], "k": FLOATS[d["k"]], "l": LISTS[d["l"]]} if d else None for d in (first, second))
    return POOL[x], POOL[y], p, p if q is None else q


@profile(12)
@given(st.lists(st.sampled_from(LINES), min_size=2, max_size=4), st.lists(CALLS, min_size=2, max_size=4),
       st.sampled_from([0, (0, 1), (0, 2)]))  # fmt: skip
def test_programs_over_arguments_that_are_one_object(lines: list[str], calls: list[Any], argnums: Any) -> None:
    with quiet():
        made = module(PRELUDE + "".join(f"    {line}\n" for line in lines) + "    return a\n")
        derivatives = [value_and_grad(made.f, argnums=argnums, control=control) for control in CONTROLS]
        for call in [*calls, *calls]:
            check(made, derivatives, placed(call, made), argnums)


def check(made: Any, derivatives: list[Any], args: tuple[Any, ...], argnums: Any) -> None:
    """One call in each way, against a fresh gradient, the tape and differences."""
    try:
        wanted = value_and_grad(made.f, argnums=argnums)(*args)
    except UnsupportedSyntax:  # a list among the arguments is compared with a captured one
        return
    assert_identical(wanted[0], made.f(*args))
    for derivative in derivatives:
        try:
            assert_identical(derivative(*args), wanted)
        except CannotKeep:
            assert derivative is derivatives[-1]
    agrees(derivatives[0], made.f, *args, argnums=argnums)
    if argnums == 0 and all(args[0] is not other for other in (*args[1:], made.G, made.H[0], *args[2].values(), *args[3].values())):
        assert_close(wanted[1], differences(made.f, args), rtol=1e-6)  # which move a copy of the argument


def test_samples_of_the_generated_programs_differ() -> None:
    assert math.isnan(NAN) and HALF is not AS_HALF and POOL[0] is not POOL[1] and FIRST is not SECOND
