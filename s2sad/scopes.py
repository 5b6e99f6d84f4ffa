"""Which names of a function are its own, and which are read from outside it.

Names that an inner function, class or comprehension takes from the function around it stay ordinary Python closures; only what comes
from outside the whole unit has to be read afresh at each call of a compiled gradient.
"""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gast

from s2sad.nodes import children

FUNCTIONS = (gast.FunctionDef, gast.AsyncFunctionDef, gast.Lambda)
COMPREHENSIONS = (gast.ListComp, gast.SetComp, gast.DictComp, gast.GeneratorExp)


def resolve(unit: Any) -> set[int]:
    """The ids of the Name loads that are bound inside the unit, and of the annotated assignments of class bodies."""
    found: set[int] = set()
    _function(unit, [], found, outermost=True)
    return found


def outer_scopes(unit: Any) -> list[tuple[list[Any], set[str]]]:
    """The functions of the unit that declare names which belong outside it: the nodes of the scope of each, and the names."""
    return [(nodes, names) for nodes, names in _outer_scopes(unit, frozenset()) if names]


def _outer_scopes(function: Any, around: frozenset[str]) -> Iterator[tuple[list[Any], set[str]]]:
    nodes = _own_nodes(_body(function))
    own = _parameters(function) | (_bindings(nodes) - _declared(nodes))
    yield nodes, _declared(nodes, gast.Global) | (_declared(nodes, gast.Nonlocal) - around)
    for node in nodes:
        if isinstance(node, FUNCTIONS):
            yield from _outer_scopes(node, around | own)
        elif isinstance(node, gast.ClassDef):
            for inner in _own_nodes(node.body):
                if isinstance(inner, FUNCTIONS):
                    yield from _outer_scopes(inner, around | own)


def outer_stores(unit: Any) -> set[int]:
    """The ids of the Name nodes by which a name outside the unit is assigned."""
    return {id(node) for nodes, names in outer_scopes(unit) for node in nodes
            if isinstance(node, gast.Name) and isinstance(node.ctx, gast.Store) and node.id in names}  # fmt: skip


def bound_otherwise(node: Any) -> set[str]:
    """The names that a node binds or deletes other than by an assignment."""
    if isinstance(node, gast.NamedExpr):
        return {node.target.id}
    if isinstance(node, gast.Name):
        return {node.id} if isinstance(node.ctx, gast.Del) else set()
    return _bound_by(node)


def _body(function: Any) -> list[Any]:
    return [function.body] if isinstance(function, gast.Lambda) else list(function.body)


def _parameters(function: Any) -> set[str]:
    args = function.args
    every = [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
    return {a.id for a in every if a is not None}


def _function(node: Any, outer: list[set[str]], found: set[int], outermost: bool = False) -> None:
    args, body = node.args, _body(node)
    nodes = _own_nodes(body)
    names = _parameters(node) | (_bindings(nodes) - _declared(nodes))
    if not outermost:
        for default in (*args.defaults, *(d for d in args.kw_defaults if d is not None)):
            _expressions(default, outer, found)
        for decorator in getattr(node, "decorator_list", []):
            _expressions(decorator, outer, found)
    inner = [*(around - _declared(nodes, gast.Global) for around in outer), names]
    for statement in body:
        _expressions(statement, inner, found)


def _expressions(node: Any, scopes: list[set[str]], found: set[int]) -> None:
    """Walk one scope; nested scopes are walked with a longer list."""
    if isinstance(node, gast.Name):
        if isinstance(node.ctx, gast.Load) and any(node.id in names for names in scopes):
            found.add(id(node))
        return
    if isinstance(node, FUNCTIONS):
        _function(node, scopes, found)
    elif isinstance(node, gast.ClassDef):
        _class(node, scopes, found)
    elif isinstance(node, COMPREHENSIONS):
        _comprehension(node, scopes, found)
    else:
        for child in children(node):
            _expressions(child, scopes, found)


def _class(node: Any, scopes: list[set[str]], found: set[int]) -> None:
    for part in (*node.bases, *node.keywords, *node.decorator_list):
        _expressions(part, scopes, found)
    own = _bindings(_own_nodes(node.body))
    for statement in node.body:
        # Methods do not see the names of the class body; expressions directly in it do.
        if isinstance(statement, FUNCTIONS):
            _function(statement, scopes, found)
        else:
            _expressions(statement, [*scopes, own], found)
        if isinstance(statement, gast.AnnAssign):
            found.add(id(statement))


def _comprehension(node: Any, scopes: list[set[str]], found: set[int]) -> None:
    names = {n.id for g in node.generators for n in gast.walk(g.target) if isinstance(n, gast.Name)}
    _expressions(node.generators[0].iter, scopes, found)
    inner = [*scopes, names]
    for position, generator in enumerate(node.generators):
        if position:
            _expressions(generator.iter, inner, found)
        for test in generator.ifs:
            _expressions(test, inner, found)
    for part in (node.key, node.value) if isinstance(node, gast.DictComp) else (node.elt,):
        _expressions(part, inner, found)


def _declared(nodes: list[Any], kinds: Any = (gast.Global, gast.Nonlocal)) -> set[str]:
    return {name for node in nodes if isinstance(node, kinds) for name in node.names}


def _own_nodes(body: list[Any]) -> list[Any]:
    """The nodes of a block that belong to its scope: not those of nested functions and classes."""
    pending, nodes = list(body), []
    while pending:
        node = pending.pop()
        nodes.append(node)
        if not isinstance(node, (*FUNCTIONS, gast.ClassDef)):
            pending.extend(children(node))
    return nodes


def _bindings(nodes: list[Any]) -> set[str]:
    """The names that the nodes of a scope bind."""
    names: set[str] = set()
    hidden: set[int] = set()
    for node in nodes:
        if isinstance(node, COMPREHENSIONS):
            hidden |= {id(n) for g in node.generators for n in gast.walk(g.target)}
        names |= _bound_by(node)
    # Targets of comprehensions are theirs, unless the same name is bound here as well.
    return names | {n.id for n in nodes if isinstance(n, gast.Name) and isinstance(n.ctx, (gast.Store, gast.Del)) and id(n) not in hidden}


def _bound_by(node: Any) -> set[str]:
    match node:
        case gast.FunctionDef(name=name) | gast.AsyncFunctionDef(name=name) | gast.ClassDef(name=name):
            return {name}
        case gast.Import(names=aliases) | gast.ImportFrom(names=aliases):
            return {(a.asname or a.name).partition(".")[0] for a in aliases}
        case gast.ExceptHandler(name=name) if name is not None:
            return {name.id if isinstance(name, gast.Name) else name}
        case gast.MatchAs(name=name) | gast.MatchStar(name=name) if name is not None:
            return {name}
        case gast.MatchMapping(rest=rest) if rest is not None:
            return {rest}
        case _:
            return set()
