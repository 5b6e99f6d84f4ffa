"""Syntax nodes: the few that lowered code is made of, and trees as a whole, where the general way takes too long."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import gast

MACHINE, UNIT, LOWERED = "__s2sad__", "__unit__", "s2sad.lowered"
"""The names lowered code knows the machine and its unit by, and the module it claims to be from."""


def load(name: str) -> Any:
    return gast.Name(name, gast.Load(), None, None)


def store(name: str) -> Any:
    return gast.Name(name, gast.Store(), None, None)


def constant(value: Any) -> Any:
    return gast.Constant(value, None)


def ask(question: str, *args: Any, keywords: Iterable[Any] = ()) -> Any:
    """A call of a method of the machine."""
    return gast.Call(gast.Attribute(load(MACHINE), question, gast.Load()), list(args), list(keywords))


def let_through(node: Any) -> Any:
    """A `try` with a first handler, by which a walk that is given up passes the user's by."""
    way = gast.ExceptHandler(gast.Attribute(load(MACHINE), "given_up", gast.Load()), None, [gast.Raise(None, None)])
    return gast.Try(node.body, [way, *node.handlers], node.orelse, node.finalbody) if node.handlers else node


def children(node: Any) -> list[Any]:
    """The nodes directly below a node, in order."""
    found: list[Any] = []
    for value in node.__dict__.values():
        if isinstance(value, gast.AST):
            found.append(value)
        elif type(value) is list:
            found += [v for v in value if isinstance(v, gast.AST)]
    return found


def copied(node: Any) -> Any:
    """A tree of its own that is equal to this one."""
    if type(node) is list:
        return [copied(n) for n in node]
    if not isinstance(node, gast.AST):
        return node
    new = gast.AST.__new__(type(node))
    new.__dict__.update({name: copied(value) for name, value in node.__dict__.items()})
    return new


def plain_target(target: Any) -> bool:
    """Whether a target holds names alone."""
    return all(isinstance(n, (gast.Name, gast.Tuple, gast.List, gast.Starred, gast.Store)) for n in gast.walk(target))
