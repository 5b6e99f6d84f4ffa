"""What a step saves, as one line where a person writes it as one:

    t_saved[k], column_saved[k] = t, column

A line that saves moves down to the next one of its block, over lines that only give names values which it does not read.
"""
from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

from s2sad.emit.grouping import FAR, MOST_ALIKE, PLAIN, names, without
from s2sad.emit.lines import Comment, Line, again, indented, line


def saved_together(lines: list[str], unparse: Callable[[Any], str], breadth: int) -> list[str]:
    """The lines, with what is saved in those where the last of it is there."""
    found, gone = list(lines), set[int]()
    for last in range(len(lines) - 1, -1, -1):
        if last in gone or saved_by(found[last]) is None:
            continue
        taken = [last]
        for place in others(found, last, gone):
            new = side_by_side([found[n] for n in (place, *taken)], unparse)
            if len(taken) == MOST_ALIKE or len(new) > breadth:
                break
            taken.insert(0, place)
        if len(taken) > 1:
            found[last] = side_by_side([found[n] for n in taken], unparse)
            gone.update(taken[:-1])
    return without(found, gone) if gone else lines


def saved_by(text: Any) -> Any:
    """The assignment by which a line saves what is there by a name, or is a part of that."""
    node = getattr(text, "saves", None)
    return node if node is not None and all(isinstance(n, PLAIN) for n in ast.walk(node.value) if isinstance(n, ast.expr)) else None


def others(lines: list[str], last: int, gone: set[int]) -> Iterator[int]:
    """Where lines further up save something, which may do so where the last one does; the nearest first."""
    assigned, read = set[str](), set[str]()
    for n in range(last - 1, max(last - FAR, 0), -1):
        text: Any = lines[n]
        if isinstance(text, Comment) or n in gone:
            continue
        saves, gives = saved_by(text), text.assigned if isinstance(text, Line) else None
        if indented(text) != indented(lines[last]) or (saves is None and gives is None):
            return
        if gives is not None:
            assigned |= names(gives.targets[0])
            read |= names(gives.value)
        elif not assigned & names(saves) and saves.targets[0].value.id not in read:
            yield n


def side_by_side(lines: list[Any], unparse: Callable[[Any], str]) -> Any:
    """One line that saves what several do."""
    nodes = [again(text.saves) for text in lines]
    node = ast.Assign([ast.Tuple([n.targets[0] for n in nodes], ast.Store())], ast.Tuple([n.value for n in nodes], ast.Load()), None)
    return line(f"{lines[-1][: indented(lines[-1])]}{unparse(node)}", node, lines[-1].place)
