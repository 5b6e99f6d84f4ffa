"""A path: compiled code, the list it was made of, and how its results become what a call returns."""
from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from s2sad import trees
from s2sad.calls.uses import Uses
from s2sad.emit.build import Built, build
from s2sad.emit.statements import Text
from s2sad.ir.program import Function
from s2sad.passes.strengthen import has_products, strengthen
from s2sad.quickly import dataclass
from s2sad.settings import Settings

if TYPE_CHECKING:
    from s2sad.calls.meters import Meter

Finish = Callable[[Function, Settings], tuple[Function, Text]]
"""Optimises and prints."""


@dataclass(eq=False)
class Path:
    """One way, or several, through a function, ready to run."""

    built: Built
    function: Function
    structure: trees.Structure
    finish: Callable[[tuple[Any, ...]], Any]
    """From the results to the structure of what the function returned."""
    kept: bool | None = None
    """Whether control flow is kept, for arrays of any shape (True) or of these shapes (False); None for a recorded path."""
    again: Callable[[], tuple[Function, Text]] | None = None
    """Makes the text with strong products, for results that hold a NaN; None where there are no such products."""
    pullback: Path | None = None
    """What waits for a cotangent, where the function is split into halves."""
    uses: Uses | None = None
    """The sizes that a kept path, or native code, has served; None before the first."""
    at_once: tuple[Built, Callable[..., Any] | None] | None = None
    """The code for which there is a function that answers calls at once, and the function; None if there can be none."""
    hits: int = 0
    """How many calls it has served."""
    catches: bool = False
    """Whether control flow is kept of a function that catches exceptions: those that the code raises may be among them."""
    fills: bool = False
    """Whether control flow is kept of a function that keeps results of calls (`functools.cache`): each call of it may fill a cache."""
    interpreted: Path | None = None
    """Where `built` runs native code, the path in Python that it was made of, which answers the calls that native code leaves."""
    native_text: str = ""
    """The module that was compiled; `built` has the text that calls it."""
    serial: tuple[str, ...] = ()
    """Why loops of native code, which were to be over threads, are not."""
    meter: Meter | None = None
    """Where native code is waited for: what adds up the time that its calls take."""
    pattern: Any = None
    """What it was made of, where it is the path of another function of the same code; its text lives as long as that."""
    behind: bool = False
    """Whether it stands behind native code: what is stored is the path with that."""

    @property
    def plain(self) -> Path:
        """The path whose code is Python."""
        return self.interpreted or self

    @property
    def source(self) -> str:
        """All that was generated for it."""
        text = self.built.text.source
        return f"{text}\n\n{self.native_text}" if self.native_text else text

    @property
    def served(self) -> int:
        """How many calls were answered by it, or by the path behind it."""
        return self.hits + (self.interpreted.hits if self.interpreted is not None else 0)

    @functools.cached_property
    def strong(self) -> Path | None:
        """The same path with strong products, compiled when it is first asked for."""
        if self.again is None:
            return None
        function, text = self.again()
        return replace(self, built=build(text, self.built.sides is not None), function=function, again=None)

    def adopt(self, strong: Path) -> None:
        """From now on this path runs the text with strong products first; a call that is under way still finds it."""
        self.built, self.function = strong.built, strong.function


def stronger(function: Function, settings: Settings, finish: Finish) -> Callable[[], tuple[Function, Text]] | None:
    """How the text with strong products is made of a list that no pass has seen; None where it has no product of a cotangent."""
    return (lambda: finish(strengthen(function), settings)) if has_products(function) else None


@functools.lru_cache(maxsize=256)
def finisher(structure: trees.Structure) -> Callable[[tuple[Any, ...]], Any]:
    """A function that puts results in place; for tuples and lists a display, which costs next to nothing."""
    if isinstance(structure, trees.Node) and structure.kind is tuple and all(c is None for c in structure.children):
        return tuple
    scope: dict[str, Any] = {"rebuild": trees.rebuild}
    shown = _display(structure, itertools.count(), scope)
    finish: Callable[[tuple[Any, ...]], Any] = eval(f"lambda r: {shown}", scope)
    return finish


def _display(structure: trees.Structure, numbers: Iterator[int], scope: dict[str, Any]) -> str:
    """An expression for a structure, of results `r`; no two parts of results are one object."""
    if structure is None:
        return f"r[{next(numbers)}]"
    parts = [_display(c, numbers, scope) for c in structure.children]
    if structure.kind is tuple:
        return f"({''.join(p + ', ' for p in parts)})"
    if structure.kind is list:
        return f"[{', '.join(parts)}]"
    known = f"k{len(scope)}"
    scope[known] = structure.keys if structure.kind is dict else structure
    if structure.kind is dict:
        return f"{{{', '.join(f'{known}[{i}]: {part}' for i, part in enumerate(parts))}}}"
    return f"rebuild({known}, [{', '.join(parts)}])"
