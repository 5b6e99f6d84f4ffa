"""Functions copied by their source into a module that stands alone, with what they call and read."""
from __future__ import annotations

import ast
import builtins
import inspect
import math
import re
import sys
import textwrap
import types
from collections.abc import Iterable
from typing import Any

import numpy as np

from s2sad.export import module_text
from s2sad.export.equivalents import STAND_INS
from s2sad.export.literals import NotLiteral, literal
from s2sad.parsing import parse
from s2sad.rules import late
from s2sad.runtime import control


class NotCarried(Exception):
    """Something that cannot be taken along; the message says what it is and why."""


class Luggage:
    """What a module takes along: `name_of` packs an object and gives its name there; `text` is all that was packed.

    Raises NotCarried for what is neither NumPy's, nor SciPy's, nor `math`'s, nor a plain function or a constant.

    >>> from s2sad.runtime.functions import ratio
    >>> luggage = Luggage()
    >>> luggage.name_of(np.linalg.inv), luggage.name_of(ratio)
    ('np.linalg.inv', 'ratio')
    >>> luggage.text().splitlines()[0]
    'def ratio(a, b):'
    """

    def __init__(self, taken: set[str] | None = None) -> None:
        self.taken = {"np", "math", "scipy", "OtherPath", *(taken or ())}
        self.names: dict[int, str] = {}
        self.blocks: list[str] = []
        self.kept: list[Any] = []
        self.functions: list[types.FunctionType] = []

    def name_of(self, value: Any, hint: str = "") -> str:
        """The expression that stands for an object in the module."""
        if id(value) not in self.names:
            self.kept.append(value)
            self.names[id(value)] = self.pack(value, hint)
        return self.names[id(value)]

    def pack(self, value: Any, hint: str) -> str:
        known = well_known(value)
        if known:
            return known
        if isinstance(value, (types.FunctionType, type)):
            value = STAND_INS.get((value.__module__, value.__name__), value)
        if isinstance(value, types.FunctionType):
            name = self.fresh(value.__name__)
            self.names[id(value)] = name  # it may call itself
            self.functions.append(value)
            self.blocks.append(self.copied(value, name))
            return name
        if isinstance(value, type) and value.__module__.startswith("s2sad."):
            name = self.names[id(value)] = self.fresh(value.__name__)
            self.blocks.append(self.copied_class(value, name))
            return name
        if isinstance(value, types.ModuleType):
            raise NotCarried(f"the module {value.__name__}; an exported module imports NumPy, SciPy and math alone")
        try:
            text = literal(value)
        except NotLiteral as what:
            raise NotCarried(f"{what}, which cannot be written as source") from None
        name = self.fresh(hint or "constant")
        self.blocks.append(f"{name} = {text}")
        return name

    def fresh(self, hint: str) -> str:
        hint = hint if hint.isidentifier() else "function"
        name, number = hint, 1
        while name in self.taken or hasattr(builtins, name):
            number += 1
            name = f"{hint}_{number}"
        self.taken.add(name)
        return name

    def copied(self, function: types.FunctionType, name: str) -> str:
        """The source of a function under its new name, without annotations and with a docstring of one line."""
        try:
            tree = parse(textwrap.dedent(inspect.getsource(function))).body[0]
        except (OSError, SyntaxError, TypeError):
            raise NotCarried(f"the source of {function.__name__}() is not available") from None
        if not isinstance(tree, ast.FunctionDef) or tree.decorator_list or function.__closure__:
            raise NotCarried(f"{function.__name__}() is not a plain function of a module")
        tree.name = name
        plain = _Copied(self, f"{function.__name__}()", function.__globals__, _local_names(function.__code__)).visit(tree)
        return ast.unparse(ast.fix_missing_locations(plain))

    def copied_class(self, kind: type, name: str) -> str:
        """The source of a class of the runtime, as that of a function."""
        tree = parse(textwrap.dedent(inspect.getsource(kind))).body[0]
        assert isinstance(tree, ast.ClassDef)
        tree.name = name
        methods = [v for v in vars(kind).values() if isinstance(v, types.FunctionType)]
        local = [own for method in methods for own in _local_names(method.__code__)]
        plain = _Copied(self, kind.__name__, vars(sys.modules[kind.__module__]), local).visit(tree)
        return ast.unparse(ast.fix_missing_locations(plain))

    def text(self) -> str:
        """All that was packed, as source."""
        return "\n\n\n".join(self.blocks)


def well_known(value: Any) -> str:
    """The name of an object of NumPy, SciPy, `math` or the builtins; empty for any other."""
    if value is np or value is math:
        return "np" if value is np else "math"
    if value is control.OtherPath or value is module_text.OtherPath:
        return "OtherPath"
    name = getattr(value, "__name__", None)
    if isinstance(value, types.BuiltinMethodType) and isinstance(value.__self__, (str, bytes)):
        return f"{value.__self__!r}.{name}"
    if of_scipy(value):
        return value.__name__  # type: ignore[no-any-return]
    if not isinstance(name, str) or not callable(value):
        return ""
    places = {"np": np, "np.linalg": np.linalg, "np.fft": np.fft, "math": math}
    if getattr(builtins, name, None) is value:
        return name
    homes = [place for place in late.TABLES if place.startswith("scipy.")] + [_public(getattr(value, "__module__", None) or "")]
    places |= {place: module for place in homes if (module := sys.modules.get(place))}
    return next((f"{place}.{name}" for place, module in places.items() if getattr(module, name, None) is value), "")


def _public(module: str) -> str:
    """The module of SciPy's that shows what one of its own defines: `scipy.spatial.transform` of `scipy.spatial.transform._rotation`."""
    return module.partition("._")[0] if module.startswith("scipy.") else ""


def of_scipy(value: Any) -> bool:
    """Whether it is SciPy, or a module of it."""
    return isinstance(value, types.ModuleType) and value.__name__.partition(".")[0] == "scipy"


def scipy_imports(text: str) -> str:
    """The lines that import the modules of SciPy a text uses."""
    used = {tuple(name.split(".")) for name in re.findall(r"\bscipy(?:\.\w+)+", text)}
    modules = {place for name in used for k in range(2, len(name) + 1) if (place := ".".join(name[:k])) in sys.modules}
    return "".join(f"import {place}\n" for place in sorted(modules))


class _Copied(ast.NodeTransformer):
    """A definition with its global names replaced by those of the module it is copied to."""

    def __init__(self, luggage: Luggage, title: str, known: dict[str, Any], local: Iterable[str]) -> None:
        self.luggage, self.title, self.known, self.local = luggage, title, known, set(local)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.returns = None
        summarised(node)
        self.generic_visit(node)
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        summarised(node)
        self.generic_visit(node)
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt | None:
        if node.value is None:
            return None
        return ast.Assign([node.target], self.visit(node.value))

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        if isinstance(node.value, ast.Name) and node.value.id not in self.local:
            owner = self.known.get(node.value.id)
            if isinstance(owner, types.ModuleType) and owner not in (np, math) and not of_scipy(owner):
                return ast.Name(self.member(owner, node.attr))
        self.generic_visit(node)
        return node

    def member(self, owner: types.ModuleType, name: str) -> str:
        value = STAND_INS.get((owner.__name__, name), getattr(owner, name, None))
        if isinstance(value, types.BuiltinFunctionType | type) and not well_known(value):
            called = f"{owner.__name__}.{name}()"
            raise NotCarried(f"{self.title} calls {called}, which NumPy, SciPy and math do not have")
        return self.luggage.name_of(value, name)

    def visit_Name(self, node: ast.Name) -> ast.Name:
        if node.id in self.local or node.id not in self.known:
            return node
        try:
            return ast.Name(self.luggage.name_of(self.known[node.id], node.id), node.ctx)
        except NotCarried as why:
            raise NotCarried(f"{self.title} uses {node.id}, {why}") from None


def summarised(node: ast.FunctionDef | ast.ClassDef) -> None:
    """Leave the first line of a docstring."""
    summary = (ast.get_docstring(node) or "").partition("\n")[0]
    if summary:
        node.body[0] = ast.Expr(ast.Constant(summary))


def _local_names(code: types.CodeType) -> list[str]:
    inner = [c for c in code.co_consts if isinstance(c, types.CodeType)]
    return [*code.co_varnames, *code.co_cellvars, *(name for c in inner for name in _local_names(c))]
