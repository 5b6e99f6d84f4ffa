"""What a function that is followed reads from outside its own body: cells, globals, builtins."""
from __future__ import annotations

import builtins
import collections
import sys
import types
import typing
from collections.abc import Mapping
from typing import Any

from s2sad.front import lookup
from s2sad.machine import attributes, belonging, objects
from s2sad.rules import structural

STANDARD = frozenset(dir(builtins))


class Unit:
    """Where a lowered function finds the names that are not its own."""

    def __init__(self, function: types.FunctionType) -> None:
        self.function, self.package = function, belonging.origin(function)
        self.library = objects.is_library(function.__module__ or "") or bool(self.package)
        self.cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
        self.lines = lookup.find(function.__code__, function.__globals__).lines

    @property
    def module(self) -> str:
        """The name of the module that the function is from."""
        return str(self.function.__globals__.get("__name__", "<string>"))

    def read(self, machine: Any, name: str) -> Any:
        if name in self.cells:
            value = machine.captured(objects.contents(self.cells[name]), structural.CELL, [self.cells[name], name])
            if value is objects.MISSING:
                raise NameError(f"cannot access free variable {name!r} where it is not associated with a value in enclosing scope")
            return value
        known = hasattr(builtins, name)
        if known and name not in self.function.__globals__:
            machine.pins.builtin(self.function, name)
        else:
            value = machine.captured(objects.global_of(self.function, name), structural.GLOBAL, [self.function, name])
            if value is not objects.MISSING:
                return value
        if known and name in STANDARD:
            return getattr(builtins, name)
        try:
            return attributes.present(machine, builtins, name)
        except AttributeError:
            raise NameError(f"name {name!r} is not defined") from None

    def relative(self, module: str, name: str, level: int) -> str:
        """The full name of a module from which a name is imported; the module is imported, or the name where it is one."""
        return str(__import__(module, self.function.__globals__, None, (name,), level).__name__)

    def holder(self, name: str) -> tuple[Any, str]:
        """What holds the value of a name from outside, and under which key: a cell, a module, or a function of one that has no name."""
        if name in self.cells:
            return self.cells[name], "cell_contents"
        module = sys.modules.get(self.function.__module__ or "")
        return (module if module is not None and module.__dict__ is self.function.__globals__ else self.function), name

    def annotation(self, text: str) -> Any:
        try:
            return eval(text, self.function.__globals__)
        except Exception:
            return typing.ForwardRef(text)

    def defining_class(self) -> Any:
        return self.cells["__class__"].cell_contents


class FixedUnit(Unit):
    """For rules and their helpers, and for what is followed of NumPy and SciPy: the names of a module that does not change."""

    def __init__(self, namespace: Mapping[str, Any], cells: Mapping[str, Any] = types.MappingProxyType({})) -> None:
        self.namespace, self.library, self.package, self.lines, self.cells = namespace, True, "", None, dict(cells)

    @classmethod
    def of(cls, function: types.FunctionType) -> FixedUnit:
        cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
        return cls(collections.ChainMap({name: cell.cell_contents for name, cell in cells.items()}, function.__globals__), cells)

    @property
    def module(self) -> str:
        return str(self.namespace.get("__name__", ""))

    def read(self, machine: Any, name: str) -> Any:
        return self.namespace[name] if name in self.namespace else getattr(builtins, name)

    def relative(self, module: str, name: str, level: int) -> str:
        return str(__import__(module, dict(self.namespace), None, (name,), level).__name__)
