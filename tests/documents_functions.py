"""The table of public functions of NumPy and SciPy in the documentation: what each has, and what has no derivative and why."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from importlib.metadata import version

from s2sad.shown.rule_table import NUMPY, SCIPY, Row, public, row

HEAD = ("| function | is | by | forward | complex | kept | source | at edges |", "| --- | --- | --- | --- | --- | --- | --- | --- |")


def of(module: str) -> list[Row]:
    return [row(name, function) for name, function in public(module)]


def function_counts() -> str:
    """How many public functions of each module are what."""
    lines = [f"Of {versions()}:", ""]
    lines += ["| module | with a rule | followed | zero | refused |", "| --- | --- | --- | --- | --- |"]
    for module in (*NUMPY, *SCIPY):
        kinds = [_kind(r) for r in of(module)]
        counts = " | ".join(str(kinds.count(kind)) for kind in ("rule", "followed", "zero", "refused"))
        lines.append(f"| [`{_title(module)}`](#{_title(module).replace('.', '')}) | {counts} |")
    return "\n".join([*lines, ""])


def versions() -> str:
    return f"NumPy {_minor(version('numpy'))} and SciPy {_minor(version('scipy'))}"


def _minor(found: str) -> str:
    return ".".join(found.split(".")[:2])


def _kind(row: Row) -> str:
    return "rule" if row.kind in ("elementwise", "linear", "rule") else row.kind


def _title(module: str) -> str:
    return module.replace("numpy", "np", 1)


def function_tables() -> str:
    return "\n".join(line for module in (*NUMPY, *SCIPY) for line in _section(module))


def _section(module: str) -> Iterator[str]:
    found = of(module)
    yield from (f"### {_title(module)}", "")
    if ruled := [r for r in found if _kind(r) in ("rule", "followed")]:
        yield from (*HEAD, *map(_line, ruled), "")
    if zeros := [f"`{r.name}`" for r in found if r.kind == "zero"]:
        yield from (*_wrapped("Derivative zero:", zeros), "")
    refused = sorted((r for r in found if r.kind == "refused"), key=lambda r: r.why)
    for why, same in itertools.groupby(refused, key=lambda r: r.why):
        yield from (*_wrapped(f"- Refused, {why}:", [f"`{r.name}`" for r in same], "  "), *[""] * (why == refused[-1].why))


def _line(row: Row) -> str:
    by = ", ".join(f"`{name}`" for name in row.reverse)
    cells = (f"`{row.name}`", row.kind, by, row.forward, "yes" * row.complex, "yes" * row.kept, row.source, row.note)
    return "| " + " | ".join(cells) + " |"


def _wrapped(title: str, items: list[str], indent: str = "") -> list[str]:
    """A list in running text, broken between items only."""
    lines = [title]
    for item in [f"{i}," for i in items[:-1]] + [f"{items[-1]}."]:
        if len(lines[-1]) + len(item) < 118:
            lines[-1] += f" {item}"
        else:
            lines.append(indent + item)
    return lines

