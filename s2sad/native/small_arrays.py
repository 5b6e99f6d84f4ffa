"""Small arrays of known sizes, which a call makes one by one, are rows of a few arrays: text to text.

    p = np.empty(3)             rows_of_3 = np.empty((2, 3))
    axis = np.empty(3)          p = rows_of_3[0]
                                axis = rows_of_3[1]

To ask for memory, and to give it back, takes as long as some dozens of operations. It is done for arrays that have no other name
(`work_arrays.apart`), as one that is given away would keep the memory of all; and outside loops, as a step would make them anew.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from s2sad.native.taking_over import taken_over
from s2sad.native.text_of_loops import Facts
from s2sad.native.work_arrays import INDENT, INDEX, Made, apart, made_by, made_once, with_zeros
from s2sad.parsing import parse

MOST = 64
"""Elements of an array that is small."""


def few_arrays(text: str) -> str:
    """The text of a native function that makes arrays as seldom as it may."""
    return taken_over(in_rows(made_once(text)))


def in_rows(text: str) -> str:
    """The text of a native function with its small arrays as rows of a few."""
    function = parse(text).body[0]
    assert isinstance(function, ast.FunctionDef)
    facts, alone = Facts(function, frozenset()), apart(function)
    groups: dict[tuple[int, ...], list[Made]] = {}
    for found in _outside_loops(function.body):
        sizes = _sizes(found)
        if sizes and alone.get(found.name) in (0, len(sizes)) and facts.makers.get(found.name) == found.line:
            groups.setdefault(sizes, []).append(found)
    groups = {sizes: group for sizes, group in groups.items() if len(group) > 1}
    return _rewritten(text, facts, groups) if groups else text


def _outside_loops(body: Sequence[ast.stmt]) -> Iterator[Made]:
    """The arrays that are made at most once in a call."""
    for statement in body:
        found = made_by(statement)
        if found is not None:
            yield found
        if isinstance(statement, ast.If):
            yield from _outside_loops([*statement.body, *statement.orelse])


def _sizes(found: Made) -> tuple[int, ...]:
    """The lengths of a small array of doubles; none where they are not all known, or it is none."""
    sizes = tuple(n.value for n in found.lengths if isinstance(n, ast.Constant) and isinstance(n.value, int))
    count = 1
    for size in sizes:
        count *= size
    return sizes if len(sizes) == len(found.lengths) and not found.rest and 0 < count <= MOST else ()


def _rewritten(text: str, facts: Facts, groups: dict[tuple[int, ...], list[Made]]) -> str:
    lines: list[list[str]] = [[line] for line in text.rstrip("\n").split("\n")]
    index = [facts.fresh(INDEX) for _ in range(max(map(len, groups)))]
    front = lines[0]
    for sizes, group in groups.items():
        label = facts.fresh(f"rows_of_{'x'.join(map(str, sizes))}")
        front.append(f"{INDENT}{label} = np.empty({(len(group), *sizes)})")
        for row, found in enumerate(group):
            line = lines[found.line - 1][0]
            named = f"{line[: len(line) - len(line.lstrip())]}{found.name} = {label}[{row}]"
            lines[found.line - 1] = [named, *(with_zeros(found, line, index) if found.zeros else ())]
    return "\n".join(line for each in lines for line in each) + "\n"
