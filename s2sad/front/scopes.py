"""Which names of a function are its own, and which are read from outside it.

Names that an inner function, class or comprehension takes from the function around it stay ordinary Python closures; only what comes
from outside the whole unit has to be read afresh at each call of a compiled gradient.
"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Set
from typing import Any

import gast

from s2sad.front.nodes import children

FUNCTIONS = (gast.FunctionDef, gast.AsyncFunctionDef, gast.Lambda)
COMPREHENSIONS = (gast.ListComp, gast.SetComp, gast.DictComp, gast.GeneratorExp)
SCOPED = frozenset({*FUNCTIONS, gast.ClassDef})


class Scope:
    """A function or a class: its nodes by their kind, without those of the functions and classes in it, and what it does with names."""

    def __init__(self, node: Any, around: tuple[Scope, ...] = ()) -> None:
        self.node, self.is_class = node, isinstance(node, gast.ClassDef)
        self.inner: list[Any] = []  # the functions and classes in it
        self.kinds: dict[type, list[Any]] = defaultdict(list)
        nodes = [node.body] if isinstance(node, gast.Lambda) else list(node.body)
        for each in nodes:  # which grow
            kind = type(each)
            self.kinds[kind].append(each)
            if kind in SCOPED:
                self.inner.append(each)
                nodes += _evaluated_around(each)
            elif kind is not gast.Name:
                nodes += children(each)
        self.shared: Set[str] = self._declared(gast.Global)
        others = self._declared(gast.Nonlocal)
        inside = {name for name in others if any(name in scope.names for scope in around if not scope.is_class)}
        self.outside: Set[str] = self.shared | others - inside  # names that belong outside the unit
        self.names: Set[str] = _parameters(node) | self._bound() - self.shared - others

    def _declared(self, kind: type) -> set[str]:
        return {name for node in self.kinds.get(kind, ()) for name in node.names}

    def _bound(self) -> set[str]:
        """The names that the nodes bind. Targets of comprehensions are theirs, unless the same name is bound here as well."""
        comprehensions = [c for kind in COMPREHENSIONS for c in self.kinds.get(kind, ())]
        hidden = {id(n) for c in comprehensions for n in _targets(c)}
        stored = {n.id for n in self.kinds.get(gast.Name, ()) if type(n.ctx) is not gast.Load and id(n) not in hidden}
        return stored | {name for _, name in self._bound_in_words()}

    def _bound_in_words(self) -> Iterator[tuple[Any, str]]:
        for kind in BINDERS:
            for node in self.kinds.get(kind, ()):
                yield from ((node, name) for name in _bound_by(node))

    def bound_otherwise(self) -> Iterator[tuple[Any, str]]:
        """The nodes that bind or delete a name other than by an assignment, and the names."""
        yield from self._bound_in_words()
        yield from ((node, node.target.id) for node in self.kinds.get(gast.NamedExpr, ()))
        yield from ((node, node.id) for node in self.kinds.get(gast.Name, ()) if type(node.ctx) is gast.Del)


class Comprehension:
    """What a comprehension does with names."""

    is_class, outside = False, frozenset[str]()

    def __init__(self, node: Any) -> None:
        self.names = {n.id for n in _targets(node)}


def resolve(unit: Any) -> dict[int, Scope]:
    """The scopes of the unit and of the functions and classes in it, by the ids of their nodes."""
    found: dict[int, Scope] = {}
    pending: list[tuple[Any, tuple[Scope, ...]]] = [(unit, ())]
    for node, around in pending:  # which grow
        found[id(node)] = scope = Scope(node, around)
        pending += [(inner, (*around, scope)) for inner in scope.inner]
    return found


def is_own(name: str, scopes: list[Scope | Comprehension]) -> bool:
    """Whether a name is bound within the unit, for one who reads it in the last of these scopes, each of which is in the one before it."""
    innermost = scopes[-1]
    for scope in reversed(scopes):
        if name in scope.names and (scope is innermost or not scope.is_class):
            return True
        if name in scope.outside:
            return False
    return False


def _evaluated_around(node: Any) -> list[Any]:
    """The parts of a definition that the scope around it evaluates."""
    if isinstance(node, gast.ClassDef):
        return [*node.bases, *node.keywords, *node.decorator_list]
    defaults = [d for d in (*node.args.defaults, *node.args.kw_defaults) if d is not None]
    return [*defaults, *getattr(node, "decorator_list", ())]


def _parameters(node: Any) -> set[str]:
    if isinstance(node, gast.ClassDef):
        return set()
    args = node.args
    return {a.id for a in (*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg) if a is not None}


def _targets(comprehension: Any) -> Iterator[Any]:
    for generator in comprehension.generators:
        yield from (n for n in gast.walk(generator.target) if isinstance(n, gast.Name))


BINDERS = (gast.FunctionDef, gast.AsyncFunctionDef, gast.ClassDef, gast.Import, gast.ImportFrom, gast.ExceptHandler,
           gast.MatchAs, gast.MatchStar, gast.MatchMapping)  # fmt: skip


def _bound_by(node: Any) -> set[str]:
    match node:
        case gast.Import(names=aliases) | gast.ImportFrom(names=aliases):
            return {(a.asname or a.name).partition(".")[0] for a in aliases}
        case gast.MatchMapping(rest=name):
            return {name} - {None}
        case _:
            return {getattr(node.name, "id", node.name)} - {None}
