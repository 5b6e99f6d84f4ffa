"""A call: what was called and with what, made once, and handed on from part to part until there is a result."""
from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, Protocol

from s2sad import trees
from s2sad.calls.walk import Walk
from s2sad.errors import NotDifferentiable
from s2sad.machine import transforms
from s2sad.machine.foreign import meddles
from s2sad.runtime.control import Effects
from s2sad.settings import Settings


class Derived(Protocol):
    """What is called, as the parts see it: the user's function, and what a kind of derivative makes of it."""

    __name__: str
    function: Any
    settings: Settings
    stage: str

    @property
    def title(self) -> str:
        """The name of the generated function."""

    def body(self, machine: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """What is computed."""

    def leaf_names(self, args: tuple[Any, ...], structure: Any) -> list[str]:
        """A readable name for each leaf of the arguments."""

    def plainly(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """What the function itself gives."""

    def differentiated(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Any]:
        """The arguments of a call that are differentiated."""

    def finisher(self, path: Any) -> Callable[[tuple[Any, ...]], Any]:
        """From the results of a path to what a call returns."""

    def otherwise(self, tried: Any, args: Iterable[Any], kwargs: dict[str, Any]) -> Any:
        """What a call returns that the short way, which was tried, has not answered."""


class Call(NamedTuple):
    """One call. The leaves are those of `(args, kwargs)` as they were when it began; nothing of it is replaced on its way."""

    derived: Derived
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    leaves: list[Any]
    structure: Any
    key: Any
    """Which recorded paths may apply: the structure, with the class, or dtype and shape, of each leaf."""
    kind: Any
    """Which paths with kept control flow may apply: as the key, with ranks for shapes."""
    effects: Effects
    """What has happened in this call, and is not to be done again."""

    @property
    def walk(self) -> Walk:
        """What a machine is taken through to make a path for it."""
        names = self.derived.leaf_names(self.args, self.structure)
        return Walk(self.derived.function, self.derived.body, self.derived.title, self.structure, self.leaves, names, self.derived.stage)

    def containers(self) -> frozenset[int]:
        """The ids of the containers among the arguments."""
        return trees.within((self.args, self.kwargs), trees.within(self.derived.differentiated(self.args, self.kwargs)))


def arrive(derived: Derived, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Call:
    """The call of a derived function. Containers of other classes are taken apart where they are differentiated."""
    try:
        leaves, structure = trees.flatten((args, kwargs), objects=True)
        if any(map(trees.closed, leaves)) and (opened := trees.within(derived.differentiated(args, kwargs))):
            leaves, structure = trees.flatten((args, kwargs), objects=True, opened=opened)
    except NotDifferentiable as error:
        raise transforms.refused(error, derived.function) from None
    key = (structure, *map(trees.leaf_key, leaves))
    kind = (structure, *map(trees.kind_key, leaves))
    return Call(derived, args, kwargs, leaves, structure, key, kind, Effects(meddles=meddles))
