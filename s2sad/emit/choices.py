"""Branches that only choose what a few names are given, which a person writes as a line.

    x_bar, y_bar = (x_bar, 0.0) if larger else (0.0, x_bar)

What a side leaves as it is has its own name there. All values are evaluated before the names are assigned, so that those of a side must
not read what it has assigned before.
"""
from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from s2sad.emit.again import is_short
from s2sad.emit.lines import Comment, width
from s2sad.emit.printing import load, store

MOST = 3  # names that are given values at once
VALUE = 24  # characters of each of the values, where there are several


def choice(test: Any, sides: list[list[str]], left: list[frozenset[str]], labels: Sequence[str]) -> Any:
    """The line that a branch is, as a tree; None where it does something else as well, or the line would be hard to read.

    `left` are the names that each side leaves as they are, where they have a value.
    """
    then, orelse = map(given, sides)
    if not then or not orelse or not (then.keys() | orelse.keys()) <= set(labels):
        return None
    names = [label for label in dict.fromkeys(labels) if label in then or label in orelse]
    if len(names) == 1:
        return ast.Assign([store(names[0])], ast.IfExp(test, then[names[0]], orelse[names[0]]), None)
    missing = any(name not in values and name not in own for values, own in zip((then, orelse), left, strict=True) for name in names)
    short = all(is_short(value) and width(value) <= VALUE for value in (*then.values(), *orelse.values()))
    if len(names) > MOST or missing or not short:
        return None
    one, other = (ast.Tuple([values.get(name) or load(name) for name in names], ast.Load()) for values in (then, orelse))
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        test, one, other = test.operand, other, one
    return ast.Assign([ast.Tuple(list(map(store, names)), ast.Store())], ast.IfExp(test, one, other), None)


def given(side: list[str]) -> dict[str, Any]:
    """What a side gives to names, if it does nothing else, and could do it at once."""
    found: dict[str, Any] = {}
    for text in side:
        if isinstance(text, Comment):
            continue
        pairs = moved(getattr(text, "assigned", None) or getattr(text, "moves", None) or getattr(text, "changes", None))
        if not pairs or any(name in found or reads(value, found) for name, value in pairs):
            return {}
        found.update(pairs)
    return found


def moved(node: Any) -> list[tuple[str, Any]]:
    """The names that a line assigns, with their values."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return [(name, value)]
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
            return [(t.id, v) for t, v in zip(targets, values, strict=True)]  # type: ignore[attr-defined]
    return []


def reads(value: Any, names: dict[str, Any]) -> bool:
    return any(isinstance(n, ast.Name) and n.id in names for n in ast.walk(value))
