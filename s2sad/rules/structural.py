"""The primitives of the front end itself: what is read from outside, calls that are not looked into, and sizes that are followed."""
from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad.rules.language import Primitive
from s2sad.runtime.control import extent, negation
from s2sad.runtime.stacks import count


def front_end(name: str, *parameters: str, meaning: Callable[..., Any] | None = None, effect: bool = False) -> Primitive:
    """A primitive of the front end itself, without a rule; it reads from, or calls, what s2sad does not look into."""
    return Primitive(name, f"operation({', '.join(parameters)})", None, meaning=meaning, effect=effect)


GLOBAL = front_end("global", "function", "name", meaning=lambda function, name: function.__globals__[name])
CELL = front_end("cell", "cell", "name", meaning=lambda cell, name: cell.cell_contents)
DEFAULT = front_end("default", "function", "key",
                    meaning=lambda function, key: (function.__defaults__ if isinstance(key, int) else function.__kwdefaults__)[key])
ATTRIBUTE = front_end("attribute", "owner", "name", meaning=getattr)
ITEM = front_end("item", "owner", "key", meaning=operator.getitem)
CALL = front_end("call", "function", "args", "kwargs", meaning=lambda function, args, kwargs: function(*args, **kwargs))
SHADOWED = front_end("shadowed", "function", "name", meaning=lambda function, name: name in function.__globals__)
OBJECT = front_end("object", "object", meaning=lambda value: value)
PERFORM = front_end("perform", "function", "args", "kwargs", effect=True)
LEAST = front_end("least", "items", meaning=min)
GREATEST = front_end("greatest", "items", meaning=max)
SHAPE = Primitive("shape", "shape(array)", np.shape)
NOT = Primitive("not", "not x", negation, cheap=True, may_raise=True)
DIM = Primitive("dim", "dim(array, axis)", extent, result_type="own", cheap=True)
COUNT = Primitive("count", "count(number)", count, result_type="own", cheap=True)
