"""Dispatch: the short way in, for a call like the one before it."""
from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from s2sad.emit.arrival import MISSED, NotQuick, Taking
from s2sad.loading import at_first_use
from s2sad.runtime.ruling import State

if TYPE_CHECKING:
    from s2sad.calls.call import Call
    from s2sad.calls.path import Path
    from s2sad.emit import at_once
else:
    at_once = at_first_use("s2sad.emit.at_once")


class Dispatch:
    """How calls like the last `by_position`, and like the last with arguments `by_name`, are answered at once; None where they are not.

    By a generated function for the path that served it, which a derived function stands for as long as such calls come. A path holds
    the one for the code it runs now: if it adopts other code, another function is generated.
    """

    __slots__ = ("by_name", "by_position", "rules")

    def __init__(self, rules: State) -> None:
        self.rules = rules
        self.by_position: Callable[..., Any] | None = None
        self.by_name: Callable[..., Any] | None = None

    def forget(self) -> None:
        """Let no call take the short way, until one is remembered; what paths hold for it says of this one that it has been tried."""
        self.by_position = self.by_name = None

    def remember(self, call: Call, path: Path, results: Any) -> None:
        """Let calls like this one, which the path has served, take the short way; none does where a path has an effect."""
        built = path.built
        if built.text.effects:
            return
        if path.at_once is None or path.at_once[0] is not built:
            path.at_once = built, self.generated(call, path, tuple(results))
        if call.kwargs:
            self.by_name = path.at_once[1]
        else:
            self.by_position = path.at_once[1]

    def generated(self, call: Call, path: Path, results: tuple[Any, ...]) -> Callable[..., Any] | None:
        """The function that answers calls like this one at once, if there can be one."""
        derived = call.derived
        try:
            taking = Taking(call.args, call.kwargs, call.structure, path.uses is not None)
            if path.uses is not None:
                path.uses.ask(taking, call.leaves)
            return at_once.at_once(path.built, taking, call.leaves, results, rules=self.rules, path=path, derived=derived,
                                   fixed=derived.settings.backend is not None,
                                   finish=derived.finisher(path), otherwise=derived.otherwise, tried=self)  # fmt: skip
        except NotQuick:
            return None

    def named(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """What a call with arguments by name gives at once; MISSED where it does not."""
        if self.by_name is not None:
            try:
                return self.by_name(*args, kwargs)
            except Exception:  # the arguments are others
                pass
        return MISSED
