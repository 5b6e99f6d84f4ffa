"""Texts that are given for functions whose text Python does not keep."""
from __future__ import annotations

import textwrap
import types
from typing import Any, TypeVar

from s2sad import texts
from s2sad.errors import SourceUnavailable
from s2sad.front import lookup
from s2sad.tracebacks import entry

F = TypeVar("F")


@entry
def source(function: F, text: str) -> F:
    """The function itself, whose text is this one from now on: for one that was typed at a prompt or made by `exec`.

    `text` is the definition as it was written, or any text that has it. It is compiled, and the code compared with that of the function;
    lines and columns do not matter. Raises SourceUnavailable for the text of another function, and TypeError for what is not written in
    Python and for a text that is no string.

    >>> import s2sad
    >>> text = "def area(r):\\n    return 3.0 * r * r\\n"
    >>> scope = {}
    >>> exec(text, scope)
    >>> area = s2sad.source(scope["area"], text)
    >>> s2sad.grad(area)(2.0)
    12.0
    """
    inner = texts.innermost(function)
    if not isinstance(inner, types.FunctionType):
        raise TypeError(f"{function!r} is not a function that is written in Python")
    if not isinstance(text, str):
        raise TypeError(f"the text of a function is a string, not {type(text).__name__}: s2sad.source(f, text)")
    if not _taken(inner, textwrap.dedent(text)):
        name = inner.__name__
        raise SourceUnavailable(f"the text is not the one that {name}() was compiled from", None,
                                f"give the definition as it was when {name}() was made, with its decorators")  # fmt: skip
    return function


def _taken(function: Any, text: str) -> bool:
    try:
        return lookup.given(function.__code__, text)
    except SyntaxError as error:
        raise SourceUnavailable(f"the text of {function.__name__}() does not parse: {error}", None, "give the whole definition") from None
