"""Refusing early what cannot be differentiated, at the user's line, with a reason and a rewrite that works."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gast

from s2sad.errors import UnsupportedSyntax
from s2sad.front import scopes
from s2sad.front.lookup import Source

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


def check(source: Source, found: dict[int, scopes.Scope]) -> None:
    """Raise UnsupportedSyntax for the first construct that s2sad does not follow, in these scopes of the function."""
    for scope in found.values():
        for node, name in scope.bound_otherwise() if scope.outside else ():
            if name in scope.outside:
                raise UnsupportedSyntax(f"{name}, which belongs outside the function, is not bound by an assignment",
                                        source.location(node), f"assign it: {name} = ...")  # fmt: skip
    places = [(source.location(place), refusal) for scope in found.values() for place, refusal in _refused(scope)]
    if places:
        location, (what, hint) = min(places, key=lambda each: (each[0].line, each[0].column))
        raise UnsupportedSyntax(what, location, hint)


def _refused(scope: scopes.Scope) -> Iterator[tuple[Any, tuple[str, str]]]:
    """What is refused in a scope: places, what is there, and what to write instead."""
    for kind, refusal in REFUSED.items():
        yield from ((node, refusal) for node in (scope.node, *scope.kinds.get(kind, ())) if type(node) is kind)
    for node in scope.kinds.get(gast.comprehension, ()):
        if node.is_async:
            yield node.iter, ("async comprehension", "use a plain comprehension")
    for node in scope.kinds.get(gast.Call, ()):
        name = getattr(node.func, "id", "")
        if name in DYNAMIC_NAMES and not (name == "vars" and node.args):  # which gives the attributes of an object
            yield node, (f"{name}(), which sees names that s2sad renames", DYNAMIC_NAMES[name])
