"""Smaller programs that show the same: statements left out, blocks in place of what holds them, parts of expressions in their place."""

from __future__ import annotations

import ast
import copy
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

Fails = Callable[[str, Sequence[str]], bool]


def variants(tree: ast.Module) -> Iterator[ast.Module]:
    """Smaller trees, those that leave out most first."""
    holders = [(node, field) for node in ast.walk(tree) for field in ("body", "orelse") if isinstance(getattr(node, field, None), list)]
    for number, (node, field) in enumerate(holders):
        for place in reversed(range(len(getattr(node, field)))):
            yield from _without(tree, number, place)
    count = sum(isinstance(node, ast.expr) for node in ast.walk(tree))
    for number in range(count):
        yield from _simpler(tree, number)


def _without(tree: ast.Module, number: int, place: int) -> Iterator[ast.Module]:
    """Without a statement, or with what is in it in its place."""
    def holder(made: ast.Module) -> list[ast.stmt]:
        found = [(n, f) for n in ast.walk(made) for f in ("body", "orelse") if isinstance(getattr(n, f, None), list)]
        return getattr(found[number][0], found[number][1])  # type: ignore[no-any-return]

    made = copy.deepcopy(tree)
    statements = holder(made)
    removed = statements.pop(place)
    if isinstance(removed, ast.Return) and isinstance(removed.value, ast.Constant):
        return
    yield made
    for inner in ("body", "orelse"):
        inside = getattr(removed, inner, [])
        if inside and not isinstance(removed, ast.FunctionDef):
            made = copy.deepcopy(tree)
            statements = holder(made)
            statements[place : place + 1] = copy.deepcopy(inside)
            yield made


def _simpler(tree: ast.Module, number: int) -> Iterator[ast.Module]:
    """With parts of an expression in its place."""
    def at(made: ast.Module) -> ast.expr:
        return [node for node in ast.walk(made) if isinstance(node, ast.expr)][number]

    node = at(tree)
    if isinstance(getattr(node, "ctx", None), ast.Store) or isinstance(node, (ast.Slice, ast.Tuple)):
        return
    inside = [each for each in ast.iter_child_nodes(node) if isinstance(each, ast.expr) and not isinstance(each, ast.Slice)]
    if isinstance(node, ast.Call):
        inside = [*node.args, *([node.func.value] if isinstance(node.func, ast.Attribute) else [])]
    for each in inside:
        yield _exchanged(tree, node, each, at)
    if not isinstance(node, (ast.Constant, ast.Name)) or (isinstance(node, ast.Name) and node.id != "np"):
        yield _exchanged(tree, node, ast.Constant(1.0), at)


def _exchanged(tree: ast.Module, node: ast.expr, by: ast.expr, at: Callable[[ast.Module], ast.expr]) -> ast.Module:
    made = copy.deepcopy(tree)
    target, new = at(made), copy.deepcopy(by)

    class Exchange(ast.NodeTransformer):
        def visit(self, each: ast.AST) -> Any:
            return new if each is target else self.generic_visit(each)

    return Exchange().visit(made)  # type: ignore[no-any-return]


def text_of(tree: ast.Module) -> str | None:
    """The text of a tree; None where it is none."""
    for node in ast.walk(tree):
        if hasattr(node, "body") and isinstance(node.body, list) and not node.body:
            node.body = [ast.Pass()]
    try:
        text = ast.unparse(ast.fix_missing_locations(tree)) + "\n"
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            compile(text, "<smaller>", "exec")
    except (SyntaxError, SyntaxWarning, ValueError, TypeError, AttributeError):
        return None
    return text


def least(text: str, texts: Sequence[str], fails: Fails) -> tuple[str, list[str]]:
    """The least program and calls found that still fail."""
    kept = [*texts]
    for each in texts[:-1]:
        fewer = [other for other in kept if other is not each]
        if len(kept) > 2 or len(fewer) == 1:
            kept = fewer if fails(text, fewer) else kept
    again = True
    while again:
        again = False
        for made in variants(ast.parse(text)):
            smaller = text_of(made)
            if smaller is not None and len(smaller) < len(text) and fails(smaller, kept):
                text, again = smaller, True
                break
    return text, kept
