"""A variable that holds one list on one way and another one on another, where the length of one is not known."""
from __future__ import annotations

from dataclasses import replace
from typing import Any

from s2sad.keep.aliases import containers_in
from s2sad.keep.growing import Grown, grown, grows, is_stack, may_grow

Machine = Any
UNLIKE = "a variable holds lists of unknown length with items of several kinds"


def closed(machine: Machine, value: Any) -> Any:
    """A container in which a list of unknown length is what the code has for it: now it is a list again."""
    for each in containers_in(value):
        if type(each) is list and len(each) == 1 and is_stack(each[0]):
            box, stacks = each[0], machine.stacks
            each[0] = Grown(machine, each, box, machine.joins.box_of(stacks.likes[id(box.var.type)][1]))
            each[0].held.update(stacks.frozen)
    return value


def alike(machine: Machine, values: list[Any]) -> bool:
    """Whether lists of unknown length among the values have items of one kind."""
    first, *others = [machine.stacks.likes[id(v.var.type)][1] for v in values if is_stack(v)] or [None]
    return all(first.like(replace(other, levels=first.levels)) for other in others)


def level(machine: Machine, one: Any, other: Any) -> None:
    """A variable holds either list, of which one has a length that is not known: then that of the other is not known either."""
    for fixed, held in ((one, grown(other)), (other, grown(one))):
        if type(fixed) is list and held is not None and grown(fixed) is None and _was_there(machine, fixed):
            raise grows(fixed, (held.like,))


def lengthen(machine: Machine, one: Any, other: Any) -> None:
    """A variable holds a list before a loop, and a longer or shorter one after a step."""
    if type(one) is list and type(other) is list and len(one) != len(other) and may_grow(other) and _was_there(machine, one):
        raise grows(one, tuple(other))


def _was_there(machine: Machine, owner: list[Any]) -> bool:
    """Whether the region that is walked began with the list."""
    return ("shape", id(owner), None) in machine.regions.originals[-1]
