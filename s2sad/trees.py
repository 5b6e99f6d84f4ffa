"""Containers as trees: an argument, a result or a gradient is a structure and a list of leaves."""
from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad.same import same_key


@dataclasses.dataclass(frozen=True)
class Node:
    """A container: its class, what tells its slots apart (keys or field names), and the structures below.

    `same` is what the keys agree in with those of the same structure: 1 and True are different keys. `again` is the number of the
    container that this one is, where it stood in another place before.
    """

    kind: type
    keys: tuple[Any, ...] = dataclasses.field(compare=False)
    children: tuple[Node | None, ...]
    same: tuple[Any, ...]
    again: int | None = None


Structure = Node | None
"""None stands for a leaf."""


def is_namedtuple(value: Any) -> bool:
    return isinstance(value, tuple) and hasattr(type(value), "_fields")


def parts(value: Any) -> tuple[tuple[Any, ...], list[Any]] | None:
    """Keys and contents of a container, or None for a leaf."""
    kind = type(value)
    if kind is list or kind is tuple:
        return tuple(range(len(value))), list(value)
    if kind is dict:
        return tuple(value), list(value.values())
    if is_namedtuple(value):
        return tuple(value._fields), list(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = tuple(f.name for f in dataclasses.fields(value))
        return names, [getattr(value, n) for n in names]
    return None


def flatten(value: Any, objects: bool = False) -> tuple[list[Any], Structure]:
    """The leaves in order, and the structure they came from; with `objects` it tells which of the containers are one object."""
    leaves: list[Any] = []
    return leaves, _flatten(value, leaves, {} if objects else None)


def _flatten(value: Any, leaves: list[Any], numbers: dict[int, int] | None) -> Structure:
    found = parts(value)
    if found is None:
        leaves.append(value)
        return None
    keys, contents = found
    same = tuple(map(same_key, keys)) if type(value) is dict else keys
    again = None if numbers is None else numbers.get(id(value))
    children = tuple([_flatten(c, leaves, numbers) for c in contents])
    if numbers is not None:
        numbers.setdefault(id(value), len(numbers))
    return Node(type(value), keys, children, same, again)


def repeated(value: Any) -> list[Any]:
    """The containers that stand in more than one place of a value."""
    seen: dict[int, Any] = {}
    twice: list[Any] = []

    def visit(part: Any) -> None:
        inner = parts(part)
        if inner is not None:
            if id(part) in seen:
                twice.append(part)
            seen[id(part)] = part
            for content in inner[1]:
                visit(content)

    visit(value)
    return twice


def count(structure: Structure) -> int:
    """How many leaves there are."""
    return 1 if structure is None else sum(map(count, structure.children))


def fits(structure: Structure, given: Structure) -> bool:
    """Whether values of one structure can stand for those of another: their keys are equal, if not the same."""
    if structure is None or given is None:
        return structure is given
    alike = structure.kind is given.kind and structure.keys == given.keys
    return alike and all(map(fits, structure.children, given.children))


def unflatten(structure: Structure, leaves: list[Any]) -> Any:
    """The container again, from its structure and as many leaves."""
    rest = iter(leaves)
    return _unflatten(structure, lambda: next(rest), [])


def _unflatten(structure: Structure, take: Callable[[], Any], made: list[Any]) -> Any:
    if structure is None:
        return take()
    contents = [_unflatten(child, take, made) for child in structure.children]
    value = rebuild(structure.kind, structure.keys, contents) if structure.again is None else made[structure.again]
    if structure.again is None:
        made.append(value)
    return value


def rebuild(kind: type, keys: tuple[Any, ...], contents: list[Any]) -> Any:
    """A container of a class from its keys and contents; dataclasses are filled without running their `__init__`."""
    if kind is list or kind is tuple:
        return kind(contents)
    if kind is dict:
        return dict(zip(keys, contents, strict=True))
    if issubclass(kind, tuple):
        return kind(*contents)
    instance = object.__new__(kind)
    for name, content in zip(keys, contents, strict=True):
        object.__setattr__(instance, name, content)
    return instance


def paths(value: Any, prefix: str) -> list[str]:
    """A readable name for each leaf: `params_w`, `params_0_b`."""
    found = parts(value)
    if found is None:
        return [prefix]
    return [name for key, content in zip(*found, strict=True) for name in paths(content, f"{prefix}_{key}")]


def kind_key(leaf: Any) -> Any:
    """What of a leaf decides which paths with kept control flow may apply: its class, or dtype and rank."""
    return (leaf.dtype, leaf.ndim) if type(leaf) is np.ndarray else type(leaf)


def leaf_key(leaf: Any) -> Any:
    """What of a leaf decides which recorded paths apply: its class, or dtype and shape."""
    return (leaf.dtype, leaf.shape) if type(leaf) is np.ndarray else type(leaf)
