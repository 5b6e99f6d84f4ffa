"""`s2sad.tree`: containers leaf by leaf, called plainly, and in functions that are differentiated in every way."""
from __future__ import annotations

import math
from collections import OrderedDict, defaultdict, deque, namedtuple
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from s2sad import UnsupportedSyntax, check_grads, grad, jvp, tape, tree, value_and_grad
from tests.oracles import agrees, assert_close

Point = namedtuple("Point", "x y")


@dataclass
class Layer:
    w: Any
    b: Any = None
    name: str = "layer"


@dataclass
class Bare:
    w: Any
    b: Any


TREES = [
    1.0, None, [], {"w": [1.0, 2.0], "b": (3.0, {})}, Point(1.0, [2.0]), OrderedDict(b=1.0, a=2.0), defaultdict(list, a=[1.0]),
    deque([1.0, {"a": 2.0}], 4), Layer(1.0, [2.0]), {1: 2.0, (2, "a"): 3.0}, [[[4.0]], None, "text"],
]  # fmt: skip


@pytest.mark.parametrize("value", TREES, ids=repr)
def test_a_tree_is_its_structure_and_its_leaves(value: Any) -> None:
    leaves, structure = tree.flatten(value)
    again = tree.unflatten(structure, leaves)
    assert again == value and type(again) is type(value) and (again is not value or not isinstance(value, (list, dict)))
    assert tree.leaves(value) == leaves and tree.structure(value) == structure and structure.num_leaves == len(leaves)
    mapped = tree.map(lambda leaf: leaf * 2, value)
    assert tree.leaves(mapped) == [leaf * 2 for leaf in leaves] and tree.structure(mapped) == structure
    assert hash(structure) == hash(tree.structure(mapped))
    if isinstance(value, deque):
        assert again.maxlen == mapped.maxlen == 4
    if isinstance(value, defaultdict):
        assert mapped.default_factory is list


def test_leaves_and_structures_as_in_jax() -> None:
    assert tree.leaves({"a": 1.0, "b": [2.0, None], "c": ()}) == [1.0, 2.0]
    pairs = {"a": (1.0, 2.0), "b": [(3.0, 4.0)]}
    assert tree.leaves(pairs, is_leaf=lambda v: isinstance(v, tuple)) == [(1.0, 2.0), (3.0, 4.0)]
    assert tree.map(sum, pairs, is_leaf=lambda v: isinstance(v, tuple)) == {"a": 3.0, "b": [7.0]}
    assert tree.leaves([None, 1.0], is_leaf=lambda v: v is None) == [None, 1.0]
    assert repr(tree.structure({"w": [1.0, None], "p": Point(1, 2)})) == "Structure({'w': [*, None], 'p': Point(x=*, y=*)})"
    structures = [tree.structure(v) for v in ([1.0], (1.0,), {0: 1.0}, {False: 1.0}, {"a": 1.0}, None, [None], Layer(1.0), deque([1.0]))]
    assert all((a == b) == (i == j) for i, a in enumerate(structures) for j, b in enumerate(structures))
    with pytest.raises(ValueError, match="the structure has 2 leaves, and 1 are given"):
        tree.unflatten(tree.structure([1.0, 2.0]), [1.0])
    within: list[Any] = []
    within.append(within)
    with pytest.raises(ValueError, match="holds itself"):
        tree.flatten(within)


def test_further_trees_go_down_to_the_leaves_of_the_first() -> None:
    assert tree.map(lambda a, b, c: a + b * c, {"a": 1.0, "b": 2.0}, {"b": 3.0, "a": 4.0}, {"a": 5.0, "b": 6.0}) == {"a": 21.0, "b": 20.0}
    assert tree.map(lambda a, b: (a, b), [1.0, "x"], [[2.0, 3.0], None]) == [(1.0, [2.0, 3.0]), ("x", None)]


@pytest.mark.parametrize("first, other, said", [
    ({"a": [1.0]}, {"a": (1.0,)}, r"the trees differ at \['a'\]: a list in the first, a tuple in another"),
    ({"a": [1.0]}, {"a": [1.0, 2.0]}, r"the trees differ at \['a'\]: 1 items in the first, 2 items in another"),
    ({"a": 1.0}, {"b": 1.0}, r"the trees differ: keys a in the first, keys b in another"),
    ([Bare({"w": 1.0}, 1.0)], [Bare({"w": 1.0, "v": 2.0}, 1.0)], r"the trees differ at \[0\].w: keys w in the first, keys w, v in another"),
    ({"a": [None]}, {"a": [1.0]}, r"the trees differ at \['a'\]\[0\]: None in the first, a float in another"),
    ({"a": [1.0]}, {"a": None}, r"the trees differ at \['a'\]: a list in the first, None in another"),
    ({1: 2.0}, {True: 2.0}, r"the trees differ: keys 1 in the first, keys True in another"),
])  # fmt: skip
def test_trees_that_differ_are_told_with_the_place(first: Any, other: Any, said: str) -> None:
    with pytest.raises(ValueError, match=f"^{said}$"):
        tree.map(lambda a, b: a, first, other)


# Followed

PARAMS = {"w": np.array([1.5, 2.0]), "b": 0.5, "deep": [Bare(np.array([0.25]), 0.75)]}
FACTORS = {"w": np.array([2.0, 3.0]), "b": 4.0, "deep": [Bare(np.array([5.0]), 6.0)]}
NAMED = {**PARAMS, "deep": [Layer(np.array([0.25]), 0.75, "first")], "none": None, "kind": "relu"}
NUMBERS = [0.5] * 300


def loss(p):
    return np.sum((p["w"] - 1.0) ** 2) + p["b"] ** 2 * p["deep"][0].w[0] + math.exp(p["deep"][0].b)


def trained(p, rate, n):
    for _ in range(n):
        slope = grad(loss)(p)
        p = tree.map(lambda a, g: a if g is None else a - rate * g, p, slope)
    return loss(p)


def scaled(p, n):
    """The tree changes in a loop, and what leaves are known in it is asked there."""
    total = 0.0
    for k in range(n):
        p = tree.map(lambda a, k=k: 0.9 * a + 0.01 * k, p)
        if p["b"] > 0.4:
            total = total + np.sum(tree.leaves(p)[0])
        else:
            p = tree.map(lambda a: a * 1.5, p)
    return total + tree.leaves(p)[1]


def apart(p):
    leaves, structure = tree.flatten(p["deep"])
    again = tree.unflatten(structure, (2.0 * leaf if leaf is not leaves[1] else leaf for leaf in leaves))
    pairs = {"a": (p["b"], p["b"]), "c": (p["b"], 2.0)}
    products = tree.map(lambda v: v[0] * v[1], pairs, is_leaf=lambda v: isinstance(v, tuple))
    return again[0].w[0] * again[0].b + products["a"] * products["c"] * structure.num_leaves


def from_outside(p):
    both = tree.map(lambda a, o: a * o, p, FACTORS)
    return np.sum(both["w"]) * both["b"] + sum(np.sum(v) for v in tree.leaves(tree.map(np.sum, FACTORS["w"])))


def written(p):
    """Leaves that are handed on are the same objects; containers are others."""
    same = tree.map(lambda a: a, {"w": p["w"] * 1.0, "items": [p["b"]]})
    copy = tree.map(lambda a: a, same)
    same["w"][0] = 7.0 * p["b"]
    same["items"].append(p["b"] * 3.0)
    return np.sum(copy["w"]) * len(copy["items"]) * same["items"][1]


CALLS = [(trained, (PARAMS, 0.1, 2)), (scaled, (PARAMS, 20)), (apart, (PARAMS,)), (from_outside, (PARAMS,)),
         (written, (PARAMS,))]  # fmt: skip


@pytest.mark.parametrize("control", ["record", "keep"])
@pytest.mark.parametrize("function, arguments", CALLS, ids=lambda v: getattr(v, "__name__", ""))
def test_the_functions_are_followed(function: Any, arguments: Any, control: str) -> None:
    derivative = value_and_grad(function, control=control)
    gradient = agrees(derivative, function, *arguments)
    agrees(derivative, function, tree.map(lambda a: a * 1.25, arguments[0]), *arguments[1:])
    assert type(gradient["deep"][0]) is Bare
    ones = tree.map(lambda a: np.ones_like(a) if isinstance(a, np.ndarray) else 1.0, arguments[0])
    _, tangent = jvp(lambda p: function(p, *arguments[1:]), (arguments[0],), (ones,))
    assert_close(np.float64(tangent), np.float64(sum(np.sum(leaf) for leaf in tree.leaves(gradient))))
    assert all(path.kept for path in derivative.paths) or control == "record"


@pytest.mark.sampled(3)
def test_the_gradients_are_those_of_differences() -> None:
    for function, arguments in CALLS[:1] + CALLS[2:3]:
        assert check_grads(function, arguments, modes=("compiled", "differences")).ok
    slope = grad(lambda r: trained(PARAMS, r, 2))
    second = grad(lambda rate: grad(lambda r: trained(PARAMS, r, 2))(rate))
    step = 1e-5
    assert second(0.1) == pytest.approx((slope(0.1 + step) - slope(0.1 - step)) / (2 * step), rel=1e-6)


def test_a_tree_with_text_in_it_is_trained() -> None:
    gradient = agrees(value_and_grad(trained), trained, NAMED, 0.1, 3)
    assert gradient["kind"] is None and gradient["deep"][0].name is None
    kept = grad(trained, control="keep")
    assert_close(gradient["w"], kept(PARAMS, 0.1, 3)["w"])
    assert_close(kept(PARAMS, 0.1, 20)["w"], grad(trained, control="record")(PARAMS, 0.1, 20)["w"])
    assert len(kept.paths) == 1 and kept.paths[0].kept


def test_what_differs_is_told_in_followed_code_as_well() -> None:
    def f(p):
        return tree.map(lambda a, b: a, p, {"w": 1.0})["w"]

    for derived in (grad(f, control="record"), grad(f, control="keep"), lambda p: tape.gradient(f, (p,))):
        with pytest.raises(ValueError, match="the trees differ: keys w, b in the first, keys w in another"):
            derived({"w": 1.0, "b": 2.0})


def test_a_container_that_is_not_taken_apart_is_refused() -> None:
    def f(x):
        return x * sum(tree.leaves(NUMBERS))

    assert f(1.0) == tape.gradient(f, (1.0,))[1] == 150.0
    for control in ("record", "keep"):
        with pytest.raises(UnsupportedSyntax, match=r"test_tree.py:.*s2sad\.tree is given a list whose contents are not known"):
            grad(f, control=control)(1.0)
