"""`match` as a chain of conditions: a pattern becomes a description, which `matching.py` tries against the subject."""
from __future__ import annotations

import ast
from typing import Any

import gast

from s2sad.front.nodes import LOAD, ask, constant, load, store


def lower_match(lowering: Any, node: Any) -> list[Any]:
    """The statements of a match: the subject is evaluated once, each case tests its pattern, binds, then tests its guard."""
    subject, chosen = lowering.fresh(), lowering.fresh()
    statements: list[Any] = [
        ast.Assign([store(subject)], lowering.visit(node.subject), None),
        ast.Assign([store(chosen)], constant(False), None),
    ]
    for case in node.cases:
        names: list[str] = []
        pattern = describe(lowering, case.pattern, names)
        bind = [ast.Assign([store(n)], ask("captured_as", constant(n)), None) for n in names]
        take = [ast.Assign([store(chosen)], constant(True), None), *lowering.block(case.body)]
        if case.guard is not None:
            take = [ast.If(ask("truth", lowering.visit(case.guard)), take, [])]
        test = ast.IfExp(load(chosen), constant(False), ask("matches", load(subject), pattern))
        statements.append(ast.If(test, bind + take, []))
    return statements


def describe(lowering: Any, pattern: Any, names: list[str]) -> Any:
    """A tuple display (kind, parts...) that the machine interprets; dotted names are evaluated as the pattern is tried."""
    def inside(inner: Any) -> Any:
        return describe(lowering, inner, names)

    def several(patterns: list[Any]) -> Any:
        return ast.Tuple([inside(p) for p in patterns], LOAD)

    def capture(name: Any) -> Any:
        if name is not None and name not in names:
            names.append(name)
        return constant(name)

    match pattern:
        case gast.MatchValue(value=value):
            parts = [constant("value"), lowering.visit(value)]
        case gast.MatchSingleton(value=value):
            parts = [constant("singleton"), constant(value)]
        case gast.MatchSequence(patterns=patterns):
            parts = [constant("sequence"), several(patterns)]
        case gast.MatchStar(name=name):
            parts = [constant("star"), capture(name)]
        case gast.MatchMapping(keys=keys, patterns=patterns, rest=rest):
            shown = ast.Tuple([lowering.visit(k) for k in keys], LOAD)
            parts = [constant("mapping"), shown, several(patterns), capture(rest)]
        case gast.MatchClass(cls=cls, patterns=patterns, kwd_attrs=attrs, kwd_patterns=keyword_patterns):
            parts = [constant("class"), lowering.visit(cls), several(patterns), constant(tuple(attrs)), several(keyword_patterns)]
        case gast.MatchAs(pattern=None, name=name):
            parts = [constant("capture"), capture(name)]
        case gast.MatchAs(pattern=inner, name=name):
            parts = [constant("as"), inside(inner), capture(name)]
        case gast.MatchOr(patterns=patterns):
            parts = [constant("or"), several(patterns)]
        case _:
            raise AssertionError(f"unknown pattern {pattern!r}")
    return ast.Tuple(parts, LOAD)
