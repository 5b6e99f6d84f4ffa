"""Refusing early what cannot be differentiated, at the user's line, with a reason and a rewrite that works."""
from __future__ import annotations

from typing import Any

import gast

from s2sad import scopes
from s2sad.errors import UnsupportedSyntax
from s2sad.source import Source

REFUSED: dict[type, tuple[str, str]] = {
    gast.AsyncFunctionDef: ("async function", "write it as a plain function"),
    gast.AsyncFor: ("async for", "collect the items first, then use a plain for"),
    gast.AsyncWith: ("async with", "use a plain with"),
    gast.Await: ("await", "await the value outside and pass it in as an argument"),
    gast.TryStar: ("try with except*", "use try with except"),
}
DYNAMIC_NAMES: dict[str, str] = {
    "eval": "write the expression itself", "exec": "write the statements themselves",
    "locals": "name the variables", "globals": "name the variables", "vars": "read the attributes by name",
    "compile": "write the code itself", "__import__": "use an import statement",
}  # fmt: skip


def check(source: Source) -> None:
    """Raise UnsupportedSyntax for the first construct that s2sad does not follow."""
    for nodes, names in scopes.outer_scopes(source.node):
        for node in nodes:
            for name in sorted(names & scopes.bound_otherwise(node)):
                raise UnsupportedSyntax(f"{name}, which belongs outside the function, is not bound by an assignment",
                                        source.location(node), f"assign it: {name} = ...")  # fmt: skip
    for node in gast.walk(source.node):
        refusal = _refusal(node)
        if refusal is not None:
            raise refusal(source.location(node))


def _refusal(node: Any) -> Any:
    if type(node) in REFUSED:
        what, hint = REFUSED[type(node)]
        return lambda location: UnsupportedSyntax(what, location, hint)
    if isinstance(node, gast.comprehension) and node.is_async:
        return lambda location: UnsupportedSyntax("async comprehension", location, "use a plain comprehension")
    if isinstance(node, gast.Call) and isinstance(node.func, gast.Name) and node.func.id in DYNAMIC_NAMES:
        name = node.func.id
        if name == "vars" and node.args:  # the attributes of an object
            return None
        return lambda location: UnsupportedSyntax(f"{name}(), which sees names that s2sad renames", location, DYNAMIC_NAMES[name])
    return None

