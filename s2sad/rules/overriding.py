"""Rules that hold for a while: a context in which what is registered takes the place of other rules."""
from __future__ import annotations

import types
from typing import Any

from s2sad.runtime import ruling


class Override:
    """A context in which other rules hold besides, or in place of, those that are registered: the `rules` by function."""

    def __init__(self) -> None:
        self.rules: dict[Any, Any] = {}
        self.number = next(ruling.numbers)

    def __enter__(self) -> Override:
        ruling.enter(self)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: types.TracebackType | None) -> None:
        ruling.leave(self)

    def __repr__(self) -> str:
        return f"<rules of {', '.join(sorted(rule.name for rule in self.rules.values())) or 'nothing yet'}>"


def override() -> Override:
    """A context in which newly registered rules replace others. After it, the earlier rules are valid again.

    It may be entered again, with its rules; code that was compiled under them is then used again. Contexts may be nested, and the innermost
    counts. A context applies to the thread or the asyncio task that has entered it; a thread that is started inside it begins with the
    rules that are valid everywhere. Enter it outside the function that is differentiated. In a generator, leave it in the same step in
    which it was entered.

    >>> import numpy as np, s2sad
    >>> with s2sad.rules.override() as straight:
    ...     s2sad.elementwise("np.sign(x)", x="np.ones(np.shape(x))")
    ...     s2sad.grad(lambda x: 3.0 * np.sign(x))(2.0)
    3.0
    >>> s2sad.grad(lambda x: 3.0 * np.sign(x))(2.0)
    0.0
    >>> with straight:
    ...     s2sad.grad(lambda x: 3.0 * np.sign(x))(2.0)
    3.0
    """
    return Override()
