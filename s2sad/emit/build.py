"""From source text to a callable, registered with `linecache` so that tracebacks and debuggers show it."""
from __future__ import annotations

import builtins
import collections
import itertools
import linecache
import types
import weakref
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad.emit.lines import Instructions
from s2sad.emit.printing import LEAVE
from s2sad.emit.sides import Sides, all_sides, without
from s2sad.emit.statements import Text
from s2sad.quickly import dataclass
from s2sad.runtime import notices
from s2sad.runtime.control import Effects, OtherPath
from s2sad.runtime.same import same

_numbers = itertools.count(1)
_forgotten: collections.deque[str] = collections.deque()


@dataclass(frozen=True, eq=False)
class Built:
    """A compiled path: `run(*leaves)`, or `run(*leaves, perform, read)` where there are effects, and `applies()`, its premises.

    Where it is to be told that a side of a branch is taken for the first time, there are new `sides`, and calls run the code with marks.
    """

    run: Callable[..., tuple[Any, ...]]
    applies: Callable[[], bool] | None
    text: Text
    namespace: dict[str, Any]
    sides: Sides | None = None
    again: Callable[..., tuple[Any, ...]] | None = None
    """The same as `run`, which does not ask about sizes: for arrays of sizes that were served before."""
    classes: tuple[Any, ...] = ()
    """Of what `again` gives, what each number is still to be made; None for what is as it is. Empty where all is."""
    entry: Callable[[Any, list[Any]], Callable[..., tuple[Any, ...]] | None] | None = None
    """Of native code and arguments, the machine code that it runs for such; None where it has to look at them itself."""

    @property
    def marked(self) -> Callable[..., tuple[Any, ...]]:
        """The code that calls run."""
        return self.run if self.sides is None else self.sides.run

    def having_taken(self, sides: frozenset[int]) -> Built:
        """The same code, for which these sides are new no longer."""
        return replace(self, sides=self.sides and without(self.sides, sides, self.text.source, self.run))

    def anew(self) -> Built:
        """The same code, of which nothing is known."""
        return replace(self)

    def holds(self) -> bool:
        """Whether the premises hold; one that cannot be asked does not."""
        try:
            return self.applies is None or self.applies()
        except Exception:
            return False

    def same(self, other: Built) -> bool:
        """Whether this is the same code, which speaks of the same objects."""
        mine, its = self.text, other.text
        return (mine.source, mine.premises) == (its.source, its.premises) and same_objects(mine.namespace, its.namespace)

    def start(self, leaves: list[Any], effects: Effects) -> Any:
        """Run the path; effects that have happened in this call are handed on to it."""
        with nullcontext() if self.sides is None else self.sides.asked():
            if not self.text.effects:
                results = notices.run(self.marked, *leaves)
                if notices.noticed:
                    notices.give()
                return results
            with notices.warning(effects):
                effects.begin()
                return self.marked(*leaves, effects, effects.read)


def same_objects(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two texts speak of the same objects, and of arrays with the same numbers."""

    def alike(a: Any, b: Any) -> bool:
        if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
            return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
        if isinstance(a, types.MappingProxyType) and isinstance(b, types.MappingProxyType):
            return a == b  # the names of a class
        return same(a, b)

    return one.keys() == other.keys() and all(alike(one[k], other[k]) for k in one)


def build(text: Text, watched: bool = False) -> Built:
    """Compile generated source; of what is `watched`, and has no effects, it is told which sides are taken for the first time."""
    file = f"<s2sad {text.name} {next(_numbers)}>"
    namespace: dict[str, Any] = {**text.namespace, LEAVE: OtherPath, "__builtins__": builtins, "__name__": "s2sad.generated",
                                 notices.TEXT: Instructions(text.source, text.lines)}  # fmt: skip
    # Not when a path is collected, which may be in the middle of a walk of `linecache` over its entries.
    with suppress(IndexError):  # Empty, or another thread took the last one.
        while True:
            linecache.cache.pop(_forgotten.popleft(), None)
    linecache.cache[file] = (len(text.source), None, text.source.splitlines(keepends=True), file)
    exec(compile(text.source, file, "exec", dont_inherit=True), namespace)
    run = namespace[text.name]
    weakref.finalize(run, _forgotten.append, file)
    applies = None if text.premises == "True" else eval(f"lambda: {text.premises}", namespace)
    return Built(run, applies, text, namespace, all_sides(text.source, run) if watched and not text.effects else None)
