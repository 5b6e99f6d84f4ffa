"""Outside the rule table no primitive is known by its name: what is true of one is a fact, stated with its rule, and asked for."""
from __future__ import annotations

import ast
import builtins
import pathlib

import pytest

import s2sad
from s2sad.rules import operations
from s2sad.rules.language import BY_NAME, Primitive
from s2sad.rules.rule_text import OPERATORS

PACKAGE = pathlib.Path(s2sad.__file__).parent
TABLE = {"rules"}  # where names are given
TABLES = {"BY_NAME", "METHOD_NAMES", "ATTRIBUTE_NAMES"}
SYMBOLS = {symbol for symbol, _ in OPERATORS.values() if not symbol.isalpha()} | {"neg", "pos"}
NAMES = {*BY_NAME, "shadowed"} - {*dir(builtins), *SYMBOLS}  # those of Python's own may stand for classes and functions


def parts(node: ast.AST) -> list[ast.expr]:
    """What tells values apart in a syntax node: what is compared or looked up, the members or keys of a container, a case."""
    match node:
        case ast.Compare(left=left, comparators=others):
            return [left, *others]
        case ast.Subscript(slice=index):
            return [index]
        case ast.Dict(keys=keys):
            return [k for k in keys if k is not None]
        case ast.Set(elts=items) | ast.List(elts=items) | ast.Tuple(elts=items):
            return items
        case ast.MatchValue(value=value):
            return [value]
    return []


def asks_for_a_name(node: ast.AST) -> bool:
    """Whether the name of a primitive, or the function it is for, decides: it is compared, matched, or part of the name of an attribute."""
    match node:
        case ast.Compare():
            return any(is_name(p) for p in parts(node)) and not any(isinstance(p, ast.Constant) and p.value is None for p in parts(node))
        case ast.Match(subject=subject):
            return is_name(subject)
        case ast.Call(func=ast.Name(id="getattr"), args=args):
            return any(is_name(n) for a in args[1:] for n in ast.walk(a))
        case ast.Call(func=ast.Attribute(value=value, attr="startswith" | "endswith")):
            return is_name(value)
    return False


def is_name(node: ast.AST) -> bool:
    """`primitive.name`, `statement.primitive.callee`."""
    if not isinstance(node, ast.Attribute) or node.attr not in ("name", "callee"):
        return False
    owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
    return owner == "primitive"


def names_in(text: str) -> list[int]:
    """The lines of a module in which a primitive is known by its name."""
    found = []
    for node in ast.walk(ast.parse(text)):
        texts = {p.value for p in parts(node) if isinstance(p, ast.Constant) and isinstance(p.value, str)}
        table = isinstance(node, ast.Subscript) and getattr(node.value, "id", "") in TABLES
        if asks_for_a_name(node) or (table and texts) or not NAMES.isdisjoint(texts):
            found.append(node.lineno if isinstance(node, (ast.expr, ast.stmt)) else 0)
    return found


@pytest.mark.parametrize("path", [p for p in sorted(PACKAGE.rglob("*.py")) if p.relative_to(PACKAGE).parts[0] not in TABLE],
                         ids=lambda p: str(p.relative_to(PACKAGE)))  # fmt: skip
def test_outside_the_table_no_primitive_is_known_by_its_name(path: pathlib.Path) -> None:
    assert names_in(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("text", [
    'primitive.name == "np.tanh"', 'primitive.name in NAMES', 'statement.primitive.name != "call"', 'MOVED = {"np.copy", ".copy"}',
    'frozenset(["getitem"])', 'BY_NAME["+"]', 'BY_NAME["float"]', 'USE = {"np.einsum": sample}', 'ORDER["np.zeros"]',
    'match statement.primitive.name:\n    case "call":\n        pass', 'getattr(self, f"show_{primitive.name}")',
    'primitive.name.startswith("raised ")', 'primitive.callee is np.transpose', 'name == "scatter"',
])  # fmt: skip
def test_what_knows_a_primitive_by_its_name_is_found(text: str) -> None:
    assert names_in(text) == [1]


@pytest.mark.parametrize("text", ['raise Error(f"{primitive.name} is refused")', 'symbol == "+"', 'kind == "elementwise"',
                                  'binary("*", x, y)', 'primitive.callee is None', 'primitive is GETITEM'])  # fmt: skip
def test_what_speaks_of_a_primitive_is_none_of_it(text: str) -> None:
    assert names_in(text) == []


def test_what_is_imported_by_its_name_are_few_primitives() -> None:
    """What is true of more than one primitive is a fact."""
    assert len([p for p in vars(operations).values() if isinstance(p, Primitive)]) <= 34
