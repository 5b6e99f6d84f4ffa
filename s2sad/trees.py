"""Containers as trees: an argument, a result or a gradient is a structure and a list of leaves."""
from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Container
from typing import Any

import numpy as np

from s2sad.errors import NotDifferentiable
from s2sad.runtime import containers
from s2sad.runtime.same import same_key


@dataclasses.dataclass(frozen=True)
class Node:
    """A container: its class, what tells its slots apart (keys or field names), and the structures below.

    `same` is what the keys agree in with those of the same structure: 1 and True are different keys. `again` is the number of the
    container that this one is, where it stood in another place before. `state` is what belongs to it beside its slots.
    """

    kind: type
    keys: tuple[Any, ...] = dataclasses.field(compare=False)
    children: tuple[Node | None, ...]
    same: tuple[Any, ...]
    again: int | None = None
    state: Any = dataclasses.field(default=None, compare=False)


Structure = Node | None
"""None stands for a leaf."""


class _Everything:
    """Every container there is."""

    def __contains__(self, item: object) -> bool:
        return True


EVERY: Container[int] = _Everything()
TEXT = frozenset({str})
OWN: Container[int] = ()
"""Containers of Python itself, namedtuples and dataclasses; those of other classes are leaves."""


def is_namedtuple(value: Any) -> bool:
    return isinstance(value, tuple) and hasattr(type(value), "_fields")


def parts(value: Any, opened: Container[int] = OWN) -> tuple[tuple[Any, ...], list[Any]] | None:
    """Keys and contents of a container, or None for a leaf; `opened` are the ids of what is taken apart, whatever its class."""
    kind = type(value)
    if kind is list or kind is tuple:
        return tuple(range(len(value))), list(value)
    if kind is dict:
        return tuple(value), list(value.values())
    held = containers.layout(kind)
    return containers.parts(value, held) if held is not None and (held.always or id(value) in opened) else None


def flatten(value: Any, objects: bool = False, opened: Container[int] = OWN) -> tuple[list[Any], Structure]:
    """The leaves in order, and the structure they came from; with `objects` it tells which of the containers are one object."""
    leaves: list[Any] = []
    try:
        return leaves, _flatten(value, leaves, {} if objects else None, opened)
    except RecursionError:
        raise NotDifferentiable("a container holds itself, or is nested too deeply", None, "pass what is in it") from None


def _flatten(value: Any, leaves: list[Any], numbers: dict[int, int] | None, opened: Container[int], among: type = object) -> Structure:
    kind = type(value)
    found = parts(value, opened) if kind not in containers.LEAVES and issubclass(kind, among) else None
    if found is None:
        leaves.append(value)
        return None
    keys, contents = found
    same, state = keys, None
    if kind is dict:
        same = keys if TEXT.issuperset(map(type, keys)) else tuple(map(same_key, keys))
    elif kind is not list and kind is not tuple:
        state = containers.state(value)
        same = (*[k if type(k) is containers.Attribute else same_key(k) for k in keys], *map(same_key, state))
    again = None if numbers is None else numbers.get(id(value))
    children = tuple([_flatten(c, leaves, numbers, opened, among) for c in contents])
    if numbers is not None:
        numbers.setdefault(id(value), len(numbers))
    if same is keys and again is None and not any(children):
        return _row(kind, keys)  # type: ignore[arg-type]
    return Node(kind, keys, children, same, again, state)


@functools.lru_cache(maxsize=1024)
def _row(kind: Any, keys: tuple[Any, ...]) -> Node:
    """The structure of a list, tuple or dict of nothing but leaves, whose keys are numbers in order or texts."""
    return Node(kind, keys, (None,) * len(keys), keys)


def flatten_tuples(value: Any) -> tuple[list[Any], Structure]:
    """The leaves in tuples, and the structure of these; containers that may be written are leaves."""
    leaves: list[Any] = []
    return leaves, _flatten(value, leaves, None, OWN, tuple)


def closed(leaf: Any) -> bool:
    """Whether a leaf is a container that may be taken apart."""
    return type(leaf) not in containers.LEAVES and containers.layout(type(leaf)) is not None


def within(values: Any, opened: Container[int] = EVERY) -> frozenset[int]:
    """The ids of the containers in a value."""
    seen: dict[int, Any] = {}
    pending = [values]
    while pending:
        value = pending.pop()
        found = parts(value, opened) if id(value) not in seen else None
        if found is not None:
            seen[id(value)] = value
            pending += found[1]
    return frozenset(seen)


def repeated(value: Any) -> list[Any]:
    """The containers that stand in more than one place of a value."""
    seen: dict[int, Any] = {}
    twice: list[Any] = []
    around: set[int] = set()

    def visit(part: Any) -> None:
        inner = parts(part, EVERY)
        if inner is None or id(part) in around:
            return
        if id(part) in seen:
            twice.append(part)
        seen[id(part)] = part
        around.add(id(part))
        for content in inner[1]:
            visit(content)
        around.remove(id(part))

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


def unflatten(structure: Structure, leaves: list[Any], adopt: Callable[[Any], Any] | None = None) -> Any:
    """The container again, from its structure and as many leaves; `adopt` is told of those that are of no class of Python itself."""
    rest = iter(leaves)
    return _unflatten(structure, lambda: next(rest), [], adopt)


def _unflatten(structure: Structure, take: Callable[[], Any], made: list[Any], adopt: Callable[[Any], Any] | None) -> Any:
    if structure is None:
        return take()
    contents = [_unflatten(child, take, made, adopt) for child in structure.children]
    if structure.again is not None:
        return made[structure.again]
    value = rebuild(structure, contents)
    if adopt is not None and structure.state is not None:
        adopt(value)
    made.append(value)
    return value


def rebuild(structure: Node, contents: list[Any]) -> Any:
    """A container with the class and keys of a structure."""
    kind, keys = structure.kind, structure.keys
    if kind is list or kind is tuple:
        return kind(contents)
    if kind is dict:
        return dict(zip(keys, contents, strict=True))
    if kind is type(None):  # which holds nothing
        return None
    return containers.rebuild(kind, keys, contents, structure.state)


def paths(structure: Structure, prefix: str) -> list[str]:
    """A readable name for each leaf: `params_w`, `params_0_b`."""
    if structure is None:
        return [prefix]
    return [name for key, inner in zip(structure.keys, structure.children, strict=True) for name in paths(inner, f"{prefix}_{key}")]


def kind_key(leaf: Any) -> Any:
    """What of a leaf decides which paths with kept control flow may apply: its class, or dtype and rank."""
    return (leaf.dtype, leaf.ndim) if type(leaf) is np.ndarray else type(leaf)


def leaf_key(leaf: Any) -> Any:
    """What of a leaf decides which recorded paths apply: its class, or dtype and shape."""
    return (leaf.dtype, leaf.shape) if type(leaf) is np.ndarray else type(leaf)
