"""Dispatch: the short way in, for a call like the one before it."""
from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from s2sad.emit.arrival import NotQuick, Taking

if TYPE_CHECKING:
    from s2sad.calls.call import Call
    from s2sad.calls.path import Path
    from s2sad.emit.build import Built

NOTHING: Any = (None, lambda *args: None, None)
Finish = Callable[[tuple[Any, ...]], Any]


class Dispatch:
    """For calls `by_position`, and for those with arguments `by_name`: the path that ran last, how it is run, and what makes its results
    those of the call.

    How it is run is a generated function, which gives None or raises where the arguments are unlike those of that call, or the results
    are not finite. A derived function asks it itself, for another call between would take as long. A path is here as long as it is
    stored, with the code it runs now: if it adopts other code, another function is generated.
    """

    __slots__ = ("_known", "by_name", "by_position")

    def __init__(self) -> None:
        self.by_position: Any = NOTHING
        self.by_name: Any = NOTHING
        self._known: weakref.WeakKeyDictionary[Built, Any] = weakref.WeakKeyDictionary()

    def remember(self, call: Call, path: Path, results: Any, finisher: Callable[[Path], Finish]) -> None:
        """Let calls like this one, which the path has served, take the short way; none does where a path has an effect."""
        built = path.built
        if built.text.effects:
            return
        known = self._known.get(built)
        if known is None:
            known = self._known[built] = self.generated(call, path, results, finisher(path))
        if call.kwargs:
            self.by_name = (path, *known)
        else:
            self.by_position = (path, *known)

    @staticmethod
    def generated(call: Call, path: Path, results: Any, finish: Finish) -> Any:
        """The function that runs the path for calls like this one, if there can be one, and what makes its results those of the call."""
        try:
            taking = Taking(call.args, call.kwargs, call.structure, path.uses is not None)
            if path.uses is not None:
                path.uses.ask(taking)
            return path.built.quick(taking, tuple(results)), finish
        except NotQuick:
            return NOTHING[1:]
