"""What `s2sad rules` prints: the functions that a table of rules knows, by their names."""
from __future__ import annotations

from typing import Any

from s2sad.cli.refused import InputError
from s2sad.shown.rule_table import Row, rows
from s2sad.version import __version__


def seen(pattern: str) -> list[Row]:
    """The rows that a pattern chooses. Raises InputError where there are none."""
    found = list(rows(pattern))
    if not found:
        raise InputError(f"no function of NumPy or SciPy is called {pattern!r}; s2sad rules lists them all")
    return found


def text(found: list[Row]) -> str:
    """A line for each function: what it is, and by what it has derivatives or why it has none. Of one function alone all that is known."""
    if len(found) == 1:
        return alone(found[0])
    width = max(len(row.name) for row in found)
    return "\n".join(f"{row.name:<{width}}  {row.kind or 'no rule':<11}  {told(row)}".rstrip() for row in found)


def told(row: Row) -> str:
    """What is to be said of a function in a few words."""
    by = f"by {', '.join(row.reverse)}" if row.reverse else ""
    return row.why or "; ".join(part for part in (by, "complex" if row.complex else "", row.note) if part)


def alone(row: Row) -> str:
    """All that is known of a function, a line for each."""
    yes = {True: "yes", False: "no"}
    differentiated = row.kind not in ("", "zero", "refused")
    facts = {
        "rule": row.kind or "none", "why": row.why, "reverse": ", ".join(f"by {name}" for name in row.reverse), "forward": row.forward,
        "complex": yes[row.complex] if differentiated else "", "kept": yes[row.kept] if differentiated else "", "source": row.source,
        "edges": row.note,
    }  # fmt: skip
    return "\n".join([*(row.forms or (row.name,)), *[f"  {name:<8} {value}" for name, value in facts.items() if value]])


def as_json(found: list[Row]) -> dict[str, Any]:
    return {"s2sad": __version__, "rules": [{name: getattr(row, name) for name in Row.__annotations__} for row in found]}
