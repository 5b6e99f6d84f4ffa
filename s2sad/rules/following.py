"""Functions and classes of NumPy and SciPy that are followed: what they do is written in Python, and that says what their derivative is.

    follow("np.trapezoid", "np.gradient")

What they call of their package is followed as well where no table knows it: what is private there, and the methods of classes. Modules
of these packages stay as they are, so what they hold is read once.

What is native code, or says in a roundabout way what it does, has a function of ours that is followed in its place:

    instead("np.pad", "s2sad.rules.padding.pad", when=_pads_with_computed)
"""
from __future__ import annotations

import contextlib
import functools
import gc
import importlib
import inspect
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad.errors import RuleError
from s2sad.rules import late
from s2sad.rules.rule_text import KNOWN
from s2sad.tracebacks import entry

PACKAGES = frozenset({"numpy", "scipy"})
FOLLOWED: dict[Any, types.FunctionType | type] = {}
INSTEAD: dict[Any, tuple[Any, Callable[..., bool] | None]] = {}
ANSWERS: dict[type, dict[Any, Any]] = {}
LOOPING = ("s2sad.rules.calling", "s2sad.rules.objects", "s2sad.rules.visiting")
"""Modules of ours whose loops may stay loops, as those of users do."""
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
        found = _named(name)
        source = found if isinstance(found, type) else inspect.unwrap(found)
        if not isinstance(source, (types.FunctionType, type)):
            raise RuleError(f"{name} is not written in Python, and cannot be followed", None)
        FOLLOWED[found] = source
        SOURCES.add(source)


def instead(name: str, ours: str | Callable[..., Any], when: Callable[..., bool] | None = None) -> None:
    """Say that a function of ours, with the same parameters, is followed in place of one of NumPy's or SciPy's that is given a value which
    is differentiated: in each call, or in those of which `when` says so, which is given the arguments. The numbers are the same, bit for
    bit. Ours may be a name, and is found when it is needed."""
    INSTEAD[_named(name)] = ours, when


def replace(by: Callable[..., Any], *names: str) -> None:
    """Say that a function of ours is followed in place of functions, classes or methods that are given a value which is differentiated.
    It takes what they take. Names that this version of a package does not have are left out."""
    for name in names:
        with contextlib.suppress(AttributeError):
            INSTEAD[_named(name)] = by, None


def in_place_of(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> types.FunctionType | None:
    """The function of ours that is followed in place of one for plain arguments; None where it is followed itself, or has a rule."""
    ours, when = INSTEAD[function]
    if when is not None and not when(*args, **kwargs):
        return None
    if not isinstance(ours, str):
        return ours  # type: ignore[no-any-return]
    module, _, name = ours.rpartition(".")
    return getattr(importlib.import_module(module), name)  # type: ignore[no-any-return]


def answer(kind: type, like: Any, functions: dict[Any, Any]) -> None:
    """Say which functions of ours are followed in place of those of NumPy that are given an object of a class of ours first, and which
    object it is like where its class is asked."""
    ANSWERS[kind] = {isinstance: like, **functions}


def python_of(ufunc: np.ufunc) -> tuple[Any, tuple[Any, ...]] | None:
    """What calls the function that a ufunc of `np.frompyfunc` was made of, for each element, and that function with the numbers of its
    arguments and results; None for another ufunc."""
    held = [each for each in gc.get_referents(ufunc) if callable(each)] if set("".join(ufunc.types)) <= set("O->") else []
    return (importlib.import_module("s2sad.rules.objects").each, (held[0], ufunc.nin, ufunc.nout)) if len(held) == 1 else None


def _named(name: str) -> Any:
    root, *rest = name.split(".")
    return functools.reduce(getattr, rest, KNOWN[root] if root in KNOWN else __import__(root))


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


@entry
def means(name: str, function: Any) -> None:
    """Say that a function of NumPy or SciPy means one of ours, such as one that calls solvers with plain values: it is followed in each
    call."""
    FOLLOWED[_named(name)] = function
