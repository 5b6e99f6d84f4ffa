"""Lines of the user's as an error shows them: of a long one the part around the place, its carets below."""
from __future__ import annotations

import unicodedata

LONGEST, CUT = 140, "..."  # characters of a line that are shown, and what stands where it is cut
BEFORE = 24  # characters that are shown in front of a place, however long it is
WIDE, NONE = ("W", "F"), ("Mn", "Me", "Cf")  # what takes two columns of a terminal, and what takes none


def excerpt(text: str, column: int, end_column: int | None = None) -> tuple[str, str]:
    """What is shown of a line, and carets to stand below a place in it, whose columns count as in `ast`; without an end it has the rest.

    >>> print(*excerpt("y = f(x)", 4), sep="\\n")
    y = f(x)
        ^^^^
    """
    start, end = letters(text, column), letters(text, end_column)
    shown, start, end = window(text, start, max(start + 1, end))
    return shown, " " * width(shown[:start]) + "^" * max(1, width(shown[start:end]))


def quoted(text: str, column: int) -> str:
    """A line as a sentence quotes it, without its indentation; of a long one the part around a place."""
    start = letters(text, column)
    return window(text, start, start + 1)[0].strip()


def letters(text: str, column: int | None) -> int:
    """How many letters of a line stand before a column, which is a UTF-8 offset in `ast`; without one, all of them."""
    return len(text.encode()[:column].decode(errors="ignore"))


def window(text: str, start: int, end: int) -> tuple[str, int, int]:
    """What is shown of a line around a place, and where it stands in that: spaces for tabs, and of a long line a part."""
    start, end, text = len(text[:start].expandtabs()), len(text[:end].expandtabs()), text.expandtabs()
    if len(text) <= LONGEST:
        return text, start, end
    room = LONGEST - 2 * len(CUT)
    first = max(0, min(start - max(BEFORE, (room - (end - start)) // 2), len(text) - room))
    last = first + room
    before, after = CUT if first > 0 else "", CUT if last < len(text) else ""
    moved = len(before) - first
    return before + text[first:last] + after, start + moved, min(end, last) + moved


def width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.category(c) in NONE else 1 + (unicodedata.east_asian_width(c) in WIDE) for c in text)
