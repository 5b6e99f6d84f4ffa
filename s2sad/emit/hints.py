"""What variables are called that the user has not named."""
from __future__ import annotations

from collections.abc import Mapping

from s2sad.ir.program import Assign, Var
from s2sad.rules.operations import GETITEM

TEMPORARY = ""  # the hint where there is none


def identifier(hint: str) -> str:
    """The hint as a name of Python's."""
    name = "".join(c if c.isalnum() or c == "_" else "_" for c in hint)
    return f"v{name}" if name[:1].isdigit() else name


def is_nameless(statement: Assign, names: Mapping[Var, str]) -> bool:
    """Whether what a statement makes has no name, or one that says no more than that of the array it was saved in."""
    name = names.get(statement.targets[0])
    return name is None or (statement.primitive is GETITEM and names.get(statement.args[0]) == f"{name}_saved")  # type: ignore[arg-type]


class Labels(dict[Var, str]):
    """The names of variables; `holders` are the variables that go by each name."""

    def __init__(self, holders: dict[str, set[Var]]) -> None:
        super().__init__()
        self.holders = holders

    def __setitem__(self, var: Var, name: str) -> None:
        if var in self:
            self.holders[self[var]].discard(var)
        super().__setitem__(var, name)
        self.holders[name].add(var)
