"""Functions of NumPy and SciPy that have no derivative, and why: what a refusal says where one is given a value that is differentiated."""
from __future__ import annotations

import functools
from typing import Any

from s2sad.rules.rule_text import KNOWN

REFUSED: dict[Any, str] = {}


def refuse(*names: str, why: str) -> None:
    """Say why functions have no derivative, as what follows "has no derivative: ".

    Names that this version of a package does not have are left out.

    >>> import numpy as np
    >>> refuse("np.base_repr", why="it gives text")
    >>> why_not(np.base_repr)
    'it gives text'
    """
    for name in names:
        root, *rest = name.split(".")
        try:
            found = functools.reduce(getattr, rest, KNOWN[root] if root in KNOWN else __import__(root))
        except AttributeError:
            continue
        REFUSED[found] = why


def why_not(function: Any) -> str:
    """Why a function has no derivative; empty where no table says so."""
    return REFUSED.get(function, "")
