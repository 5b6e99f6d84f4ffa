"""What a statement or an expression reads: variables that hold one thing or another, or that may have no value."""
from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from s2sad.ir.program import UNDEFINED, everything, reads
from s2sad.keep.choices import Choice
from s2sad.keep.exits import Exit
from s2sad.keep.syntax import Parts

Machine = Any
Walk = Callable[[], Exit]


def told(machine: Machine, namespace: dict[str, Any], parts: Parts, node: Any, walk: Walk) -> Walk:
    """The walk of a statement or an expression, in which each variable holds what it is on this way."""
    for name in parts.read_by(node):
        value = namespace.get(name)
        if isinstance(value, Choice):
            walk = functools.partial(_apart, machine, namespace, name, value, walk)
        elif machine.variables.is_missing(value) and name in parts.surely_read_by(node):
            walk = functools.partial(_missed, machine, value, walk)
    return walk


def _apart(machine: Machine, namespace: dict[str, Any], name: str, choice: Choice, walk: Walk) -> Exit:
    """A variable holds what it is on this way, for a statement; where it has no value the name is unknown."""
    picked = machine.choices.picked(choice)
    if picked is UNDEFINED:
        del namespace[name]
    else:
        namespace[name] = picked
    ended = walk()
    if namespace.get(name, UNDEFINED) is picked:
        namespace[name] = choice
    return ended


def _missed(machine: Machine, box: Any, walk: Walk) -> Exit:
    """A variable may have no value: where the code would not read it, as its type tells all, it is asked whether it is there."""
    written = machine.sheet.statements
    before = len(written)
    ended = walk()
    if not any(box.var in reads(each) for each in everything(tuple(written[before:]))):
        machine.variables.surely_there(box)
    return ended
