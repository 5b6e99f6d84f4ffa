"""The few syntax nodes that lowered code is made of: names, constants, and questions to the machine."""
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
