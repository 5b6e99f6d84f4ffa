"""The names that generated code assigns, and how many of them say nothing."""
from __future__ import annotations

import ast
import re
from collections.abc import Iterator


def assigned(source: str) -> list[str]:
    """The names that the functions of a source give values to, their parameters left out, each once."""
    return list(dict.fromkeys(_assigned(ast.parse(source))))


def _assigned(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def temporaries(source: str) -> list[str]:
    """Those of them that are called `t` and a number."""
    return [name for name in assigned(source) if re.fullmatch(r"t\d+", name)]


def numbered(source: str) -> list[str]:
    """Those of them that are a name with the number of a version."""
    return [name for name in assigned(source) if re.fullmatch(r"\w*[a-zA-Z]\w*_\d+", name)]


def share_of_temporaries(source: str) -> float:
    """How much of the assigned names is called `t` and a number."""
    return len(temporaries(source)) / max(1, len(assigned(source)))
