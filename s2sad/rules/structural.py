"""The primitives of the front end itself: what is read from outside, calls that are not looked into, and sizes that are followed."""
from __future__ import annotations

import numpy as np

from s2sad.rules.language import Primitive
from s2sad.runtime.control import extent, negation


def front_end(name: str, *parameters: str, effect: bool = False) -> Primitive:
    """A primitive of the front end itself, without a rule; it reads from, or calls, what s2sad does not look into."""
    return Primitive(name, f"operation({', '.join(parameters)})", None, effect=effect)


GLOBAL = front_end("global", "function", "name")
CELL = front_end("cell", "cell", "name")
DEFAULT = front_end("default", "function", "key")
ATTRIBUTE = front_end("attribute", "owner", "name")
ITEM = front_end("item", "owner", "key")
CALL = front_end("call", "function", "args", "kwargs")
SHAPE = Primitive("shape", "shape(array)", np.shape)
NOT = Primitive("not", "not x", negation, cheap=True)
DIM = Primitive("dim", "dim(array, axis)", extent, result_type="own", affine=True, cheap=True)
