"""How wide a line may be, over how many lines a statement may stand, and where a long one is broken: as in the function itself."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from s2sad.errors import Location
from s2sad.front.lookup import extent
from s2sad.ir.program import Function, everything

LEAST, MOST = 100, 140  # characters of a line
BROKEN = 1.1  # widths of a line, beyond which it is broken: how wide it is going to be is guessed before it is written
FILLED = 0.95  # how much of several lines is written on
LOOSENESS = {", ": 0, " and ": 1, " or ": 1, " + ": 2, " - ": 2, " * ": 3, " / ": 3, " @ ": 3}
OPENING, CLOSING, QUOTES = "([{", ")]}", "'\""
Place = tuple[tuple[int, int], int, tuple[int, ...]]  # how far inside and how tight, where, and where each bracket begins


def breadth(function: Function) -> int:
    """How wide the user writes: the longest of the lines that a function is made of, within bounds."""
    places = {(s.location.file, s.location.line): s.location for s in everything(function.statements) if s.location is not None}
    return min(max([LEAST, *(len(place.text().rstrip()) for place in places.values())]), MOST)


def height(location: Location | None) -> int:
    """Over how many lines the user's statement stands."""
    first, last = extent(location) if location is not None else (0, 0)
    return last - first + 1


def beginning(location: Location) -> Location:
    """The same place, at the line where the user's statement begins."""
    first = extent(location)[0]
    return location if first == location.line else replace(location, line=first)


def broken(line: str, most: int) -> str:
    """A line as several, where it is too long: broken at operators and commas inside brackets, and not at an index."""
    found, opened, start = list[str](), tuple[int, ...](), 0
    while len(line) > most:
        places = [place for place in _places(line, opened) if start < place[1] <= most]
        # a short line in front would be a waste, but where the rest is one line
        fair = [place for place in places if 2 * place[1] > start + most or place[2][-1] + len(line) - place[1] <= most]
        if not places:
            break
        _, at, opened = min(fair or places[-1:], key=lambda place: (place[0], -place[1]))
        start = opened[-1]
        found.append(line[:at].rstrip())
        line = " " * start + line[at:].lstrip()
    return "\n".join([*found, line])


def _places(line: str, around: tuple[int, ...]) -> Iterator[Place]:
    """Where a line may be broken that stands inside brackets."""
    opened, quoted = [*around], ""  # a bracket of an index is 0
    for at, letter in enumerate(line):
        if quoted:
            quoted = "" if letter == quoted and line[at - 1] != "\\" else quoted
        elif letter in QUOTES:
            quoted = letter
        elif letter in OPENING:
            opened.append(0 if letter == "[" and (line[at - 1].isalnum() or line[at - 1] in "_])") else at + 1)
        elif letter in CLOSING:
            opened.pop()
        elif opened and all(opened):
            for word, looseness in LOOSENESS.items():
                if line.startswith(word, at):
                    yield (len(opened), looseness), at + 2 * (word == ", "), tuple(opened)
