"""The primitives of the front end itself: what is read from outside, calls that are not looked into, and sizes that are followed."""
from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad.rules.language import Parameter, Primitive, parse_call
from s2sad.runtime.control import extent, negation


def front_end(name: str, *parameters: str, effect: bool = False) -> Primitive:
    """A primitive of the front end itself, without a rule; it reads from, or calls, what s2sad does not look into."""
    template = parse_call("x + y", {}).template
    return Primitive(name, template, tuple(Parameter(p) for p in parameters), None, None, "zero", effect=effect)


GLOBAL = front_end("global", "function", "name")
CELL = front_end("cell", "cell", "name")
DEFAULT = front_end("default", "function", "key")
ATTRIBUTE = front_end("attribute", "owner", "name")
ITEM = front_end("item", "owner", "key")
CALL = front_end("call", "function", "args", "kwargs")
SHAPE = Primitive("shape", parse_call("abs(x)", {}).template, (Parameter("array"),), np.shape, None)
NOT = Primitive("not", ast.UnaryOp(ast.Not(), ast.Name("x", ast.Load())), (Parameter("x"),), negation, None)
DIM = Primitive("dim", parse_call("abs(x)", {}).template, (Parameter("array"), Parameter("axis")), extent, None)

ELEMENTS = 10**8  # of a result, beyond which a sample is not made
QUICKER: dict[str, Callable[[list[Any]], Any]] = {}  # said where the rules are
