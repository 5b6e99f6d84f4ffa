"""Functions and classes of NumPy and SciPy that are followed: what they do is written in Python, and that says what their derivative is.

    follow("np.trapezoid", "np.gradient")

What they call of their package is followed as well where no table knows it: what is private there, and the methods of classes. Modules
of these packages stay as they are, so what they hold is read once.
"""
from __future__ import annotations

import functools
import inspect
import types
from typing import Any

import numpy as np

from s2sad.errors import RuleError
from s2sad.rules import late
from s2sad.rules.rule_text import KNOWN
from s2sad.tracebacks import entry

PACKAGES = frozenset({"numpy", "scipy"})
FOLLOWED: dict[Any, types.FunctionType | type] = {}
SOURCES: set[Any] = set()
"""What is written in Python, without what NumPy puts around a function to look for arrays of other classes."""


@entry
def follow(*names: str) -> None:
    """Say that functions or classes of NumPy or SciPy are followed into their source.

    Raises RuleError for one that is not written in Python.

    >>> follow("np.trapezoid", "np.gradient")
    >>> source_of(np.trapezoid).__name__
    'trapezoid'
    """
    for name in names:
        root, *rest = name.split(".")
        found: Any = functools.reduce(getattr, rest, KNOWN[root] if root in KNOWN else __import__(root))
        source = found if isinstance(found, type) else inspect.unwrap(found)
        if not isinstance(source, (types.FunctionType, type)):
            raise RuleError(f"{name} is not written in Python, and cannot be followed", None)
        FOLLOWED[found] = source
        SOURCES.add(source)


def source_of(function: Any) -> types.FunctionType | None:
    """The function written in Python that a function is where it is followed; None where no table says so."""
    source = FOLLOWED.get(function)
    return source if isinstance(source, types.FunctionType) else None


def is_followed(function: types.FunctionType | type) -> bool:
    """Whether a function or a class of NumPy may be followed: one of the table, a method, or what is private; what is public says a public
    module.
    """
    private = "_" in (function.__name__[0], *[part[0] for part in function.__module__.split(".")])
    return private or function in SOURCES or "." in function.__qualname__


def name_objects(*names: str) -> None:
    """Say that objects of SciPy's modules are meant by their names, as functions are: they stay as they are, and their methods have rules.

    >>> name_objects("scipy.stats.norm")
    >>> is_named(__import__("scipy.stats").stats.norm)
    True
    """
    for name in names:
        root, *rest = name.split(".")
        found: Any = functools.reduce(getattr, rest, __import__(root))
        FOLLOWED[found] = type(found)


def is_named(value: Any) -> bool:
    """Whether a value is an object that a table names."""
    kind = type(value)
    if kind.__module__.partition(".")[0] != "scipy" or not callable(value) or any("__hash__" in vars(base) for base in kind.__mro__[:-1]):
        return False
    late.load(value)
    return value in FOLLOWED


def in_packages(module: str) -> bool:
    """Whether a module is of a package whose functions are followed."""
    return module.partition(".")[0] in PACKAGES
