"""Comprehensions of functions that are walked: by the machine of Python where their length is known, as loops where it is not."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from s2sad.keep.closures import InnerUnit
from s2sad.keep.exits import FALL, Exit
from s2sad.keep.generators import Lazy, Taker
from s2sad.keep.iteration import sequence
from s2sad.keep.walk import Kept
from s2sad.machine.traced import Traced

Native = Callable[[Any], Any]


def comprehended(walk: Any, number: int, names: dict[str, Any], first: Any, native: Native) -> Any:
    """A list, or the values of a generator expression, of which `first` is what its first loop runs over."""
    (is_list, simple), items = walk.parts.kind_of(number), sequence(walk.machine, first)
    known = not isinstance(first, Lazy) if items is None else not isinstance(items.length(), Traced)
    if known and (simple or items is None):
        return native(first)
    lazy = lazily(walk, number, names, first, native, known)
    if not is_list:
        return lazy
    return walk.machine.regions.tried(lazy.listed, lambda: native(first), unwritten=True) if known else lazy.listed()


def lazily(walk: Any, number: int, names: dict[str, Any], first: Any, native: Native, known: bool) -> Lazy:
    """The comprehension as a generator that is walked."""
    inner = walk.parts.comprehension(number)
    around = InnerUnit(names, names.keys(), InnerUnit(walk.namespace, walk.parts.scope.names, walk.function.unit))
    kept = Kept(walk.machine, inner, around)
    namespace, loop = kept.names(), inner.body[0]

    def run(take: Taker) -> Exit:
        return kept.walked(namespace, lambda own: own.giving(take).loop_over(lambda: first, loop, None, []) or FALL)  # type: ignore[no-any-return]

    return Lazy(walk.machine, "a generator expression", inner.scope.names, namespace, run, lambda: native(first), known)
