"""Functions defined inside one that is walked: their free names are its variables, which they may read and assign."""
from __future__ import annotations

from collections.abc import Set
from typing import Any

from s2sad.ir.program import UNDEFINED
from s2sad.machine import units

Machine = Any


class InnerUnit(units.Unit):
    """For a function defined inside another one, which holds its variables in `around`; `names` are all that it may have, `shared` are
    those that the function inside declares `global`."""

    def __init__(self, around: dict[str, Any], names: Set[str], unit: units.Unit, shared: Set[str] = frozenset()) -> None:
        self.around, self.names, self.unit, self.library, self.package = around, names, unit, unit.library, unit.package
        self.lines = unit.lines
        self.outermost: units.Unit = unit.outermost if isinstance(unit, InnerUnit) else unit
        self.shared = shared

    @property
    def module(self) -> str:
        return str(self.unit.module)

    def read(self, machine: Machine, name: str) -> Any:
        if name in self.shared or name not in self.names:
            return self.beyond(name).read(machine, name)
        if name not in self.around:
            raise unknown(name)
        value = machine.choices.picked(self.around[name])
        if value is UNDEFINED:
            raise unknown(name)
        return value

    def holder(self, name: str) -> tuple[Any, str]:
        return (self.around, name) if name in self.names - self.shared else self.beyond(name).holder(name)

    def beyond(self, name: str) -> units.Unit:
        """Where a name is looked for that is no variable of the function around."""
        return self.outermost if name in self.shared else self.unit

    def relative(self, module: str, name: str, level: int) -> str:
        return str(self.unit.relative(module, name, level))

    def defining_class(self) -> Any:
        return self.unit.defining_class()


def unknown(name: str) -> NameError:
    return NameError(f"cannot access free variable {name!r} where it is not associated with a value in enclosing scope")


def assigned(machine: Machine, value: Any, unit: Any, name: str) -> bool:
    """Assign a name that is declared `nonlocal`, if it is a variable of a function that was walked."""
    owner, key = unit.holder(name)
    if type(owner) is not dict:
        return False
    owner[key] = machine.name(name, value)
    return True
