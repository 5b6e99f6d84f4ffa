"""The two sides of a rule as text: what a left side calls is found at once, all else is read when it is first asked for.

Reading the whole table would take longer than all else that an import of s2sad does, and few of its rules are used in one
program.
"""
from __future__ import annotations

import ast
import builtins
import functools
import math
import operator
import re
from collections import ChainMap
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad.errors import Location, RuleError
from s2sad.parsing import parse
from s2sad.quickly import dataclass

REQUIRED: Any = object()
PLAIN = re.compile(r"([\w.]+)\([^()]*\)")  # a call of a name with dots, whose arguments hold no parentheses
KNOWN: dict[str, Any] = {"np": np, "math": math}  # what rules may name without importing it


@dataclass(frozen=True)
class Parameter:
    name: str
    default: Any = REQUIRED
    variadic: bool = False


@dataclass(frozen=True, eq=False)
class Formula:
    """A right side: its text, where it was registered and for what, and the names it may use beside its parameters."""

    text: str
    parameters: tuple[str, ...]
    namespace: Mapping[str, Any]
    location: Location
    of: str

    @functools.cached_property
    def uses_cotangent(self) -> bool:
        return "g" in self.named

    @functools.cached_property
    def named(self) -> frozenset[str]:
        """The names that stand in it."""
        return frozenset(n.id for n in ast.walk(parse(self.text, mode="eval")) if isinstance(n, ast.Name))

    @functools.cache  # noqa: B019  a formula lives as long as its rule
    def without(self, zero: frozenset[str]) -> Formula | None:
        """The same without the terms of its sums that name tangents of which all are zero; None if nothing is left."""
        tree = expression(self.text, self.location)
        if _vanishes(tree, zero):
            return None
        text = ast.unparse(_Without(zero).visit(tree))
        return self if text == ast.unparse(expression(self.text, self.location)) else replace(self, text=text)


class _Without(ast.NodeTransformer):
    """Leaves terms out of sums, also of those that stand inside: a tangent is linear in the tangents of the arguments."""

    def __init__(self, zero: frozenset[str]) -> None:
        self.zero = zero

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        terms = _terms(node)
        kept = [term for term in terms if not _vanishes(term, self.zero)]
        if len(kept) in (0, len(terms)):
            self.generic_visit(node)
            return node
        found: ast.expr = functools.reduce(_added, [self.visit(term) for term in kept])
        return found


def _terms(tree: ast.expr) -> list[ast.expr]:
    """The terms of a sum; those that are subtracted have a minus."""
    if not isinstance(tree, ast.BinOp) or not isinstance(tree.op, (ast.Add, ast.Sub)):
        return [tree]
    others = _terms(tree.right)
    return [*_terms(tree.left), *(others if isinstance(tree.op, ast.Add) else [ast.UnaryOp(ast.USub(), t) for t in others])]


def _added(one: ast.expr, other: ast.expr) -> ast.expr:
    negative = isinstance(other, ast.UnaryOp) and isinstance(other.op, ast.USub)
    return ast.BinOp(one, ast.Sub(), other.operand) if negative else ast.BinOp(one, ast.Add(), other)  # type: ignore[attr-defined]


def _vanishes(term: ast.expr, zero: frozenset[str]) -> bool:
    """Whether a term names tangents, and zeros alone."""
    dots = {n.id for n in ast.walk(term) if isinstance(n, ast.Name) and n.id.endswith("_dot")}
    return bool(dots) and dots <= zero


SYMBOLS: dict[type, tuple[str, Callable[..., Any]]] = {
    ast.Add: ("+", operator.add), ast.Sub: ("-", operator.sub), ast.Mult: ("*", operator.mul),
    ast.Div: ("/", operator.truediv), ast.FloorDiv: ("//", operator.floordiv), ast.Mod: ("%", operator.mod),
    ast.Pow: ("**", operator.pow), ast.MatMult: ("@", operator.matmul), ast.LShift: ("<<", operator.lshift),
    ast.RShift: (">>", operator.rshift), ast.BitAnd: ("&", operator.and_), ast.BitOr: ("|", operator.or_),
    ast.BitXor: ("^", operator.xor), ast.Lt: ("<", operator.lt), ast.LtE: ("<=", operator.le),
    ast.Eq: ("==", operator.eq), ast.NotEq: ("!=", operator.ne), ast.Gt: (">", operator.gt), ast.GtE: (">=", operator.ge),
    ast.USub: ("neg", operator.neg), ast.UAdd: ("pos", operator.pos), ast.Invert: ("~", operator.invert),
}  # fmt: skip
OPERATORS: dict[type, tuple[str, Callable[..., Any]]] = {**SYMBOLS, ast.Subscript: ("getitem", operator.getitem)}


def called(call: str, names: dict[str, Any], here: Location) -> tuple[str, Callable[..., Any] | None, tuple[str, Any] | None]:
    """What a left side calls: its name, the function, and the name it begins with, with what that stands for.

    An operator has no such name; a method, `x.conjugate()` with an `x` that stands for nothing, has no function either.
    """
    plain = PLAIN.fullmatch(call)
    if plain is None:
        tree = expression(call, here)
        if not isinstance(tree, ast.Call):
            symbol, function = _operator(tree, call, here)
            return symbol, function, None
        name, root = ast.unparse(tree.func), next(n.id for n in ast.walk(tree.func) if isinstance(n, ast.Name))
    else:
        name, root = plain[1], plain[1].partition(".")[0]
    scope = next((known for known in (names, KNOWN, vars(builtins)) if root in known), {})
    if root not in scope and name == f"{root}.{name.rpartition('.')[2]}":
        return name.removeprefix(root), None, None
    try:
        found = functools.reduce(getattr, name.split(".")[1:], scope[root]) if plain else eval(name, {}, ChainMap(names, KNOWN))
        return name, found, (root, scope[root])
    except (KeyError, NameError, AttributeError):
        raise RuleError(f"unknown function {name}", here) from None


def expression(text: str, here: Location | None) -> ast.expr:
    try:
        tree: ast.Expression = parse(text, mode="eval")
        return tree.body
    except SyntaxError as error:
        raise RuleError(f"{text!r} is not a Python expression: {error.msg}", here) from None


def _operator(tree: ast.expr, call: str, here: Location | None) -> tuple[str, Callable[..., Any]]:
    kind = _operation(tree)[0]
    if kind not in OPERATORS:
        raise RuleError(f"{call!r} is neither a call nor an operator expression", here)
    return OPERATORS[kind]


def _operation(tree: ast.expr) -> tuple[type, list[ast.expr]]:
    """The operator of an expression, and its operands."""
    match tree:
        case ast.BinOp(left=left, op=op, right=right) | ast.Compare(left=left, ops=[op], comparators=[right]):
            return type(op), [left, right]
        case ast.UnaryOp(op=op, operand=operand):
            return type(op), [operand]
        case ast.Subscript(value=value, slice=index):
            return ast.Subscript, [value, index]
    return type(tree), []


def parameters(tree: ast.expr, call: str, names: Mapping[str, Any], here: Location | None) -> list[Parameter]:
    """What a left side is called with; the keyword arguments are the defaults."""
    if not isinstance(tree, ast.Call):
        return [Parameter(_name(o, call, here)) for o in _operation(tree)[1]]
    found = []
    for argument in tree.args:
        variadic = isinstance(argument, ast.Starred)
        inner = argument.value if isinstance(argument, ast.Starred) else argument
        found.append(Parameter(_name(inner, call, here), variadic=variadic))
    for keyword in tree.keywords:
        default = eval(compile(ast.Expression(keyword.value), "<rule>", "eval"), {**KNOWN, **names})
        found.append(Parameter(str(keyword.arg), default))
    return found


def _name(node: ast.expr, call: str, here: Location | None) -> str:
    if not isinstance(node, ast.Name):
        raise RuleError(f"the parameters of {call!r} must be names", here)
    return node.id


def pullback(text: str, parameter: str, of: str, arguments: tuple[str, ...], linear: bool, names: Mapping[str, Any], here: Location
             ) -> Formula:  # fmt: skip
    """The right side for a parameter; a `linear` one has the cotangent as a factor."""
    if parameter not in arguments:
        raise RuleError(f"{parameter!r} is not a parameter; the call has {', '.join(arguments)}", here)
    found = formula(text, of, (*arguments, "ans", "g"), names, here)
    if linear and not found.uses_cotangent:
        raise RuleError(f"the pullback for {parameter!r} does not use the cotangent g", here)
    return found


def formula(text: str, of: str, parameters: tuple[str, ...], names: Mapping[str, Any], here: Location) -> Formula:
    """A right side, which may name its parameters and what is known where it is registered."""
    tree = expression(text, here)
    bound = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
    bound |= {a.arg for n in ast.walk(tree) if isinstance(n, ast.Lambda) for a in n.args.args}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id not in bound and node.id not in parameters:
            if node.id not in names and node.id not in KNOWN and not hasattr(builtins, node.id):
                raise RuleError(f"unknown name {node.id!r} in {text!r}", here)
    return Formula(text, parameters, {**KNOWN, **names}, here, of)
