"""The functions of `s2sad.tree` where they are called in a function that is followed: they ask the machine, and call through it."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from s2sad import tree
from s2sad.errors import UnsupportedSyntax
from s2sad.machine.callables import SPECIAL
from s2sad.machine.objects import strip_object
from s2sad.machine.traced import Traced


def flatten(machine: Any, value: Any, is_leaf: Any = None) -> tuple[list[Any], tree.Structure]:
    """The leaves, followed, and the structure."""
    return tree.flatten(_opened(machine, value), _asking(machine, is_leaf))


def unflatten(machine: Any, structure: Any, leaves: Any) -> Any:
    return tree.rebuilt(machine.concrete(structure).node, list(machine.iterate(leaves)), machine.adopt)


def applied(machine: Any, function: Any, value: Any, *rest: Any, is_leaf: Any = None) -> Any:
    """`tree.map`."""
    first, shape = flatten(machine, value, is_leaf)
    others = [tree.along(shape, _opened(machine, other)) for other in rest]
    results = [machine.call(function, *each) for each in zip(first, *others, strict=True)]
    return tree.rebuilt(shape.node, results, machine.adopt)


def _asking(machine: Any, is_leaf: Any) -> Callable[[Any], bool] | None:
    return None if is_leaf is None else lambda value: bool(machine.truth(machine.call(is_leaf, value)))


def _opened(machine: Any, value: Any) -> Any:
    """A tree whose containers are there to be taken apart, those from outside among them."""
    if not isinstance(value, Traced):
        value = machine.opened(value)
    found, shape = tree.flatten(value, lambda part: isinstance(part, Traced))
    contents = [_contents(machine, leaf) for leaf in found]
    return value if all(a is b for a, b in zip(found, contents, strict=True)) else tree.rebuilt(shape.node, contents, machine.adopt)


def _contents(machine: Any, leaf: Any) -> Any:
    """A leaf that is one. A container that is followed as one object is refused: it would be taken for a leaf."""
    if not isinstance(leaf, Traced):
        return leaf
    plain = strip_object(leaf)
    if plain is not None and tree.structure(plain) != LEAF:
        raise UnsupportedSyntax(f"a function of s2sad.tree is given a {type(plain).__name__} whose contents are not known",
                                machine.location(), "go over its items in a loop")  # fmt: skip
    return leaf if plain is not None else None


LEAF = tree.Structure(None)
SPECIAL |= {
    tree.map: applied, tree.flatten: flatten, tree.unflatten: unflatten,
    tree.leaves: lambda machine, value, is_leaf=None: flatten(machine, value, is_leaf)[0],
    tree.structure: lambda machine, value, is_leaf=None: flatten(machine, value, is_leaf)[1],
}  # fmt: skip
