"""Functions whose asserts pytest has rewritten, so that their code differs from their text on purpose."""
from __future__ import annotations

import ast
import contextlib
import sys
import types
from typing import Any

from s2sad.parsing import parse


def holds(code: types.CodeType) -> bool:
    """Whether pytest rewrote asserts of this function."""
    names = {*code.co_names, *code.co_varnames}
    return any(n.startswith(("@py_assert", "@pytest_ar", "@py_format")) for n in names) or any(
        holds(c) for c in code.co_consts if isinstance(c, types.CodeType)
    )


def rewritten(file: str, text: str) -> ast.Module | None:
    """The tree of a text as pytest rewrites it, by pytest itself; None where it does not."""
    rewriting: Any = sys.modules.get("_pytest.assertion.rewrite")
    tree: ast.Module = parse(text)
    with contextlib.suppress(Exception):  # of another pytest, which is called in another way
        hooks = (hook for hook in sys.meta_path if isinstance(hook, rewriting.AssertionRewritingHook))
        rewriting.rewrite_asserts(tree, text.encode(), file, getattr(next(hooks, None), "config", None))
        for node in (each for added in tree.body if added.end_lineno is None for each in ast.walk(added)):
            node.end_lineno = getattr(node, "lineno", 1)  # type: ignore[attr-defined]  # of what it imports, which stands behind a docstring
        return tree
    return None
