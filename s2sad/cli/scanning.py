"""What `s2sad check FILE.py` prints: the calls in a file of functions that have no derivative, before anything of it runs."""
from __future__ import annotations

import ast
import importlib
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from s2sad.cli.refused import InputError
from s2sad.parsing import parse
from s2sad.rules.effects import asserts
from s2sad.shown.rule_table import row
from s2sad.version import __version__

PACKAGES = frozenset({"numpy", "scipy", "math", "cmath"})


class Call(NamedTuple):
    """A call in a file, of a function that no table knows, or that has no derivative."""

    line: int
    column: int
    name: str
    why: str


def unruled(path: str) -> list[Call]:
    """Such calls in a file, in the order of its lines. Raises InputError for what is no Python file."""
    tree = _tree(path)
    known = dict(_imported(tree))
    found = (_judged(node, known) for node in ast.walk(tree) if isinstance(node, ast.Call))
    return sorted(call for call in found if call is not None)


def _tree(path: str) -> ast.AST:
    try:
        return parse(Path(path).read_text(encoding="utf-8"))  # type: ignore[no-any-return]
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InputError(f"{path} is no text in UTF-8") from None
    except SyntaxError as error:
        raise InputError(f"{path}:{error.lineno}: {error.msg}") from None


def _imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """The names in a file that stand for modules of the packages, or for what is in them, with their full names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for each in node.names:
                full = each.name if each.asname else each.name.partition(".")[0]
                yield each.asname or full, full
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((each.asname or each.name, f"{node.module}.{each.name}") for each in node.names)


def _judged(node: ast.Call, known: dict[str, str]) -> Call | None:
    name = _full_name(node.func, known)
    if name is None:
        return None
    try:
        function = _object(name)
    except (ImportError, AttributeError):
        return Call(node.lineno, node.col_offset + 1, name, "there is no such function")
    told = row(name, function)
    if told.kind not in ("", "refused") or _needs_none(name, function):
        return None
    return Call(node.lineno, node.col_offset + 1, name, told.why or "no rule")


def _needs_none(name: str, function: Any) -> bool:
    """Whether it draws numbers, which are constants, or raises: assertions and exceptions."""
    return name.startswith("numpy.random.") or asserts(function) or (isinstance(function, type) and issubclass(function, BaseException))


def _full_name(node: ast.expr, known: dict[str, str]) -> str | None:
    """The full name of what is called, if it is of one of the packages."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or node.id not in known:
        return None
    name = ".".join([known[node.id], *parts[::-1]])
    return name if name.partition(".")[0] in PACKAGES else None


def _object(name: str) -> Any:
    """What a full name stands for: modules are imported as far as there are any."""
    first, *rest = name.split(".")
    found: Any = importlib.import_module(first)
    for k, part in enumerate(rest):
        if isinstance(found, types.ModuleType) and not hasattr(found, part):
            importlib.import_module(".".join([first, *rest[: k + 1]]))
        found = getattr(found, part)
    return found


def text(path: str, found: list[Call]) -> str:
    if not found:
        return f"{path}: every function of NumPy and SciPy that is called has a rule, or is followed"
    return "\n".join(f"{path}:{call.line}:{call.column}: {call.name}: {call.why}" for call in found)


def as_json(path: str, found: list[Call]) -> dict[str, Any]:
    return {"s2sad": __version__, "file": path, "calls": [call._asdict() for call in found]}
