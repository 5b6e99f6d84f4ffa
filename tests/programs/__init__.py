"""A corpus of plain functions.

Write a function as a user would, say at which arguments to call it, and every check of `test_programs.py` applies to it.
"""
from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

PROGRAMS: list[Program] = []


@dataclass(frozen=True)
class Program:
    """A function of the corpus and how it is to be checked.

    `calls` are tuples of positional arguments; they are made one after the other on one compiled gradient, so a later call that takes
    another branch, trip count, shape or dtype shows whether the path went stale. `argnums` are differentiated. `order` is how often
    the function may be differentiated at the given points (1 at a kink). `rtol` is the relative tolerance of the comparison with
    central differences; `differences=False` is for programs where differences cannot work, with the reason in `why`.
    """

    function: Callable[..., Any]
    calls: tuple[tuple[Any, ...], ...]
    argnums: tuple[int, ...]
    order: int
    rtol: float
    differences: bool
    why: str

    @property
    def name(self) -> str:
        return f"{self.function.__module__.rpartition('.')[2]}.{self.function.__name__}"


def program(
    *calls: tuple[Any, ...],
    argnums: int | tuple[int, ...] = 0,
    order: int = 2,
    rtol: float = 1e-6,
    differences: bool = True,
    why: str = "",
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register the decorated function, unchanged, as a program of the corpus."""
    chosen = (argnums,) if isinstance(argnums, int) else argnums

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        PROGRAMS.append(Program(function, calls, chosen, order, rtol, differences, why))
        return function

    return register


def of_its_class(value: Any, wanted: Any) -> Any:
    """What native code gives, as the class that the function gives: for sizes that were served it may have that of another way
    (docs/native.md)."""
    return type(wanted)(value) if isinstance(value, float) and isinstance(wanted, float) else value


def load() -> list[Program]:
    """Every program of every module in this folder, in a stable order."""
    for module in sorted(found.name for found in pkgutil.iter_modules(__path__)):
        importlib.import_module(f"{__name__}.{module}")
    return PROGRAMS
