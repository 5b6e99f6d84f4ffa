"""The functions of s2sad that generated code calls by name, as tables for the documentation."""

from __future__ import annotations

import doctest
import importlib
import inspect
import types
from collections.abc import Iterable
from typing import Any

from s2sad.machine import checkpoints, objects
from s2sad.runtime import FORMULAS, control, same

SOME = ((control, ("OtherPath", "raised", "identity", "copied", "replaced", "accumulated", "diminished", "accumulated_at", "same_bits")),
        (checkpoints, ("Snapshots", "nearest", "offer")), (objects, ("defined",)), (same, ("same",)))  # fmt: skip
NATIVE = "s2sad.native.support"


def python_helpers() -> dict[str, Any]:
    """By name: the functions for formulas, stacks and parts of arrays, what leaves a path, and what checkpoints."""
    modules = [importlib.import_module(name) for name in sorted(FORMULAS) if name != control.__name__]
    found = {name: value for module in modules for name, value in _own(module).items()}
    found["missing"] = objects.MISSING
    return {**found, **{name: getattr(module, name) for module, names in SOME for name in names}}


def native_helpers() -> dict[str, Any]:
    """By name: the functions that native code calls, each of which Numba compiles into it."""
    return {name: value for name, value in vars(importlib.import_module(NATIVE)).items() if _is_native(name, value)}


def helpers() -> str:
    rows = [(name, said(value), example(value)) for name, value in _in_order(python_helpers())]
    return _table(["name", "what it gives, and why", "for example"], rows)


def helpers_of_native_code() -> str:
    return _table(["name", "what it is"], [(name, said(value)) for name, value in _in_order(native_helpers())])


def _own(module: types.ModuleType) -> dict[str, Any]:
    return {n: v for n, v in vars(module).items() if inspect.isfunction(v) and v.__module__ == module.__name__ and not n.startswith("_")}


def _is_native(name: str, value: Any) -> bool:
    return not name.startswith("_") and callable(value) and getattr(value, "__module__", None) == NATIVE


def _in_order(found: dict[str, Any]) -> list[tuple[str, Any]]:
    return sorted(found.items(), key=lambda pair: pair[0].lower())


def _table(head: list[str], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ["---"] * len(head), *([f"`{name}`", *rest] for name, *rest in rows)]
    return "\n".join([*(f"| {' | '.join(line)} |".replace("|  |", "| |") for line in lines), "", ""])


def said(value: Any) -> str:
    """The first paragraph of a docstring."""
    return " ".join((inspect.getdoc(value) or "").partition("\n\n")[0].partition(">>>")[0].split()).replace("|", "\\|")


def example(value: Any) -> str:
    """The first example of a docstring, which the doctests run."""
    asked = list[str]()
    for each in doctest.DocTestParser().get_examples(inspect.getdoc(value) or ""):
        asked.append(each.source.strip())
        if each.want:
            return f"`{'; '.join(asked)}` gives `{' '.join(each.want.split())}`".replace("|", "\\|")
    return ""
