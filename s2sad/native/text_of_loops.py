"""What the text of a native function says of its names: which are arrays, where they are made, which may be one memory, who reads them."""
from __future__ import annotations

import ast
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator

MAKERS = frozenset({"empty", "zeros", "ones", "full"})


class _Sums(ast.NodeTransformer):
    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        match node:
            case ast.Assign(targets=[ast.Name(id=one) as target], value=ast.Call(func=func, args=[ast.Name(id=other), term])):
                if one == other and ast.unparse(func) == "support.plus":
                    return ast.copy_location(ast.AugAssign(target, ast.Add(), term), node)
        return node


def with_sums(module: ast.Module) -> ast.Module:
    """A text, in which a number that is added up in any order is added up like others."""
    made: ast.Module = _Sums().visit(module)
    return made


def loaded(node: ast.AST) -> list[str]:
    """The names that are read in a node, in order."""
    return [n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]


def assigned(node: ast.AST) -> list[str]:
    """The names that are given a value in a node."""
    return [n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]


def pairs(statement: ast.stmt) -> Iterator[tuple[ast.expr, ast.expr]]:
    """The targets of an assignment with what each gets, as far as they stand side by side."""
    if isinstance(statement, ast.Assign):
        for target in statement.targets:
            both = isinstance(target, ast.Tuple) and isinstance(statement.value, ast.Tuple)
            if both and len(target.elts) == len(statement.value.elts):  # type: ignore[attr-defined]
                yield from zip(target.elts, statement.value.elts, strict=True)  # type: ignore[attr-defined]
            else:
                yield target, statement.value


def makes_array(value: ast.expr) -> bool:
    """Whether an expression makes new memory."""
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr in MAKERS


class Facts:
    """Of one function. `arrays` are the names that are indexed or have a shape; `makers` the line on which each is made, if there is one
    such line; `of_steps` those that hold nothing from one step of a loop to the next."""

    def __init__(self, function: ast.FunctionDef, of_steps: frozenset[str]) -> None:
        self.function, self.of_steps = function, of_steps
        self.parameters = {a.arg for a in function.args.args}
        nodes = [*ast.walk(function)]
        self.local = self.parameters | {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        self.arrays = {n.value.id for n in nodes if isinstance(n, (ast.Subscript, ast.Attribute)) and isinstance(n.value, ast.Name)}
        self.arrays &= self.local
        self.reads = Counter(n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load))
        self.counters = {n.target.id for n in nodes if isinstance(n, ast.For) and isinstance(n.target, ast.Name)}
        self.makers: dict[str, int] = {}
        self.beginnings: dict[str, list[tuple[int, ast.expr]]] = {}
        self.family: dict[str, set[str]] = {name: {name} for name in self.local}
        stores = Counter(n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
        for statement in (n for n in nodes if isinstance(n, ast.Assign)):
            self.note(statement, stores)
        self.taken = {n.id for n in nodes if isinstance(n, ast.Name)} | self.parameters

    def note(self, statement: ast.Assign, stores: Counter[str]) -> None:
        both = [*pairs(statement)]
        turned = {ast.unparse(t) for t, _ in both} == {ast.unparse(v) for _, v in both}
        for target, value in both:
            if not isinstance(target, ast.Name):
                if isinstance(target, ast.Tuple):
                    for one in target.elts:
                        self.related(ast.unparse(one), value)
                continue
            if makes_array(value) and stores[target.id] == 1 and len(both) == 1:
                self.makers[target.id] = statement.lineno
            self.beginnings.setdefault(target.id, []).append((statement.lineno, value))
            if not makes_array(value) and not turned:
                self.related(target.id, value)

    def related(self, name: str, value: ast.expr) -> None:
        """A name that gets something made of others may be one memory with them, if all are arrays."""
        if name in self.arrays:
            for other in self.arrays.intersection(loaded(value)):
                both = self.family.get(name, {name}) | self.family[other]
                for one in both:
                    self.family[one] = both

    def fresh(self, hint: str) -> str:
        label = next(n for n in itertools.chain([hint], (f"{hint}_{k}" for k in itertools.count(1))) if n not in self.taken)
        self.taken.add(label)
        return label

    def read_elsewhere(self, names: Iterable[str], loop: ast.For) -> set[str]:
        """Those of some names that are read outside a loop; a counter that each loop sets anew is not."""
        inside = Counter(loaded(loop))
        return {name for name in names if self.reads[name] > inside[name] and name not in self.counters}
