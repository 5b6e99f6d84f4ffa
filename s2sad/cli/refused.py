"""What is said of bad input, and how much of it is repeated."""
from __future__ import annotations

import difflib
from collections.abc import Iterable

LENGTH = 40


class InputError(Exception):
    """Bad input; the message is one line that says what is wrong."""


def short(text: str, length: int = LENGTH) -> str:
    """What was written, as far as it helps.

    >>> short("[1.0, 2.0]"), short("1" * 100, 10)
    ('[1.0, 2.0]', '1111111...')
    """
    text = " ".join(text.split()) or "''"
    return text if len(text) <= length else f"{text[: length - 3]}..."


def meant(name: str, known: Iterable[str]) -> str:
    """The rest of a sentence: a name that is much like the one that is not known."""
    near = difflib.get_close_matches(name, [*known], 1)
    return f"; did you mean {near[0]}?" if near else ""
