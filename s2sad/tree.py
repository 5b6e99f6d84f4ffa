"""Containers as trees: parameters and gradients of any structure, leaf by leaf.

A tree is a list, tuple, dict, namedtuple, dataclass or deque, or of a class made of these, with such trees in it. None holds nothing, as an
empty list does. All else is a leaf: numbers, arrays, text. Leaves stand in the order in which the containers hold them. The functions are
followed where they are called in a function that is differentiated.
"""
from __future__ import annotations

import builtins
import dataclasses
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from s2sad import trees
from s2sad.runtime import containers
from s2sad.runtime.same import same_key
from s2sad.tracebacks import entry

__all__ = ["Structure", "flatten", "leaves", "map", "structure", "unflatten"]

T = TypeVar("T")
IsLeaf = Callable[[Any], bool]
NOTHING = trees.Node(type(None), (), (), ())


class _Star:
    """A leaf, as a structure is shown."""

    def __repr__(self) -> str:
        return "*"


STAR: Any = _Star()


@dataclasses.dataclass(frozen=True, repr=False)
class Structure:
    """What a tree is without its leaves: its containers, with their classes and keys. Two are equal if their trees differ only in their
    leaves.

    >>> from s2sad import tree
    >>> tree.structure({"w": [1.0, 2.0], "b": 3.0})
    Structure({'w': [*, *], 'b': *})
    """

    node: trees.Structure

    @property
    def num_leaves(self) -> int:
        """How many leaves there are."""
        return trees.count(self.node)

    def __repr__(self) -> str:
        return f"Structure({rebuilt(self.node, [STAR] * self.num_leaves)!r})"


@entry
def flatten(tree: Any, is_leaf: IsLeaf | None = None) -> tuple[list[Any], Structure]:
    """The leaves of a tree, and its structure; `is_leaf` says which containers are leaves. Raises ValueError for a
    cycle.

    >>> from s2sad import tree
    >>> tree.flatten({"w": [1.0, 2.0], "b": 3.0})
    ([1.0, 2.0, 3.0], Structure({'w': [*, *], 'b': *}))
    """
    found: list[Any] = []
    try:
        return found, Structure(_taken_apart(tree, found, is_leaf))
    except RecursionError:
        raise ValueError("a container holds itself, or is nested too deeply") from None


@entry
def unflatten(structure: Structure, leaves: Iterable[Any]) -> Any:
    """The tree of a structure with these leaves. Raises ValueError for another number of leaves.

    >>> import numpy as np
    >>> from s2sad import tree
    >>> numbers, shape = tree.flatten({"w": [1.0, 2.0], "b": 3.0})
    >>> tree.unflatten(shape, -np.array(numbers))
    {'w': [np.float64(-1.0), np.float64(-2.0)], 'b': np.float64(-3.0)}
    """
    return rebuilt(structure.node, list(leaves))


@entry
def leaves(tree: Any, is_leaf: IsLeaf | None = None) -> list[Any]:
    """The leaves of a tree, as `flatten` gives them.

    >>> from s2sad import tree
    >>> sum(leaf ** 2 for leaf in tree.leaves({"w": [1.0, 2.0], "b": 3.0, "none": None}))
    14.0
    """
    return flatten(tree, is_leaf)[0]


@entry
def structure(tree: Any, is_leaf: IsLeaf | None = None) -> Structure:
    """The structure of a tree, as `flatten` gives it.

    >>> from s2sad import tree
    >>> tree.structure((1.0, [])) == tree.structure((2.0, [])), tree.structure((1.0, [])) == tree.structure([1.0, []])
    (True, False)
    """
    return flatten(tree, is_leaf)[1]


@entry
def map(function: Callable[..., Any], tree: T, *rest: Any, is_leaf: IsLeaf | None = None) -> T:
    """The tree of the results of a function for each leaf; it also gets what further trees have in the same place.

    Each further tree has the containers of the first, and may hold anything in the place of its leaves. Keys of dicts may be in another
    order. `is_leaf` says which containers of the first tree are leaves. Raises ValueError with the place where trees differ.

    >>> from s2sad import tree
    >>> params, gradients = {"w": [1.0, 2.0], "b": 3.0}, {"w": [10.0, 20.0], "b": 30.0}
    >>> tree.map(lambda p, g: p - 0.1 * g, params, gradients)
    {'w': [0.0, 0.0], 'b': 0.0}
    """
    first, shape = flatten(tree, is_leaf)
    others = [along(shape, other) for other in rest]
    return rebuilt(shape.node, [function(*each) for each in zip(first, *others, strict=True)])  # type: ignore[no-any-return]


# Parts of these


def _taken_apart(value: Any, found: list[Any], is_leaf: IsLeaf | None) -> trees.Structure:
    if is_leaf is not None and is_leaf(value):
        found.append(value)
        return None
    if value is None:
        return NOTHING
    inside = trees.parts(value, trees.EVERY)
    if inside is None:
        found.append(value)
        return None
    keys, contents = inside
    children = tuple([_taken_apart(content, found, is_leaf) for content in contents])
    kind = type(value)
    state = None if kind in (list, tuple, dict) else containers.state(value)
    return trees.Node(kind, keys, children, (*builtins.map(_told, keys), *builtins.map(same_key, state or ())), None, state)


def _told(key: Any) -> Any:
    return key if type(key) is containers.Attribute else same_key(key)


def along(shape: Structure, other: Any) -> list[Any]:
    """What stands in another tree where one of this structure has its leaves. Raises ValueError where they differ."""
    return list(_along(shape.node, other, ""))


def _along(node: trees.Structure, other: Any, place: str) -> Iterator[Any]:
    if node is None:
        yield other
        return
    kind = type(other)
    inside = ((), []) if other is None else trees.parts(other, trees.EVERY)
    if inside is None or kind is not node.kind:
        raise ValueError(f"the trees differ{place and f' at {place}'}: {_called(node.kind)} in the first, {_called(kind)} in another")
    held = dict(zip(builtins.map(_told, inside[0]), inside[1], strict=True))
    told = [_told(key) for key in node.keys]
    if held.keys() != {*told}:
        raise ValueError(f"the trees differ{place and f' at {place}'}: {_holds(node.keys)} in the first, {_holds(inside[0])} in another")
    for key, same, child in zip(node.keys, told, node.children, strict=True):
        yield from _along(child, held[same], place + containers.step(node.kind, key))


def _called(kind: type) -> str:
    return "None" if kind is type(None) else f"a {kind.__name__}"


def _holds(keys: tuple[Any, ...]) -> str:
    """What is said of the keys of a container; of a list, how long it is."""
    return f"{len(keys)} items" if keys == tuple(range(len(keys))) else f"keys {', '.join(str(k) for k in keys)}"


def rebuilt(node: trees.Structure, contents: list[Any], adopt: Callable[[Any], Any] | None = None) -> Any:
    """The tree with these leaves; `adopt` is told of containers of other classes than Python's own."""
    if len(contents) != trees.count(node):
        raise ValueError(f"the structure has {trees.count(node)} leaves, and {len(contents)} are given")
    return trees.unflatten(node, contents, adopt)
