"""Statements of the IR in words: operations with the names of their operands, guards as what they ask."""
from __future__ import annotations

import ast
import types
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from s2sad.errors import InvalidIR, Location
from s2sad.ir.liveness import READS
from s2sad.ir.program import Assign, Block, Const, Display, Function, Guard, If, Operand, Region, Statement, Type, Var, everything
from s2sad.rules import structural
from s2sad.rules.language import Primitive
from s2sad.rules.rule_text import Parameter
from s2sad.rules.structural import ATTRIBUTE, CALL, CELL, DEFAULT, DIM, GLOBAL, OBJECT, PERFORM, SHADOWED
from s2sad.runtime import asking
from s2sad.tape.trace import FEW
from s2sad.trees import Node

Name = Callable[[Var], str]
OUTSIDE = READS | {OBJECT}  # what reads from outside the function


class Labels:
    """A name for every variable: the user's, numbered for later versions, or `v1`, `v2`, ... where there is none."""

    def __init__(self, function: Function) -> None:
        self.names = dict(function.names)
        for statement in everything(function.statements):
            if isinstance(statement, Assign) and statement.primitive in OUTSIDE:
                self.name_read(statement)
        self.labels: dict[Var, str] = {}
        self.taken: set[str] = set()
        self.versions: Counter[str | None] = Counter()  # of the last label made of a name; None for those without

    def name_read(self, statement: Assign) -> None:
        """A value from outside by its own name, also where it serves as a cotangent and is named as one."""
        (target,) = statement.targets
        if self.names.get(target, "_bar").endswith("_bar"):
            self.names[target] = read_name(statement)

    def __call__(self, var: Var) -> str:
        if var not in self.labels:
            self.labels[var] = self.fresh(self.names.get(var))
            self.taken.add(self.labels[var])
        return self.labels[var]

    def fresh(self, hint: str | None) -> str:
        label = hint
        while label is None or label in self.taken:
            self.versions[hint] += 1
            label = f"v{self.versions[hint]}" if hint is None else f"{hint}_{self.versions[hint]}"
        return label


def line_of(location: Location, quote: bool = True) -> str:
    """`model.py:3`, and the text of that line."""
    where = location.short
    return f"{where}  {location.text().strip()}".rstrip() if quote else where


def typed(name: str, kind: Type) -> str:
    return name if kind is float else f"{name}: {type_text(kind)}"


def type_text(kind: Any) -> str:
    """`float`, `float64[3]`, `Point`."""
    return kind.__name__ if isinstance(kind, type) else repr(kind)


# Statements


def statement_text(statement: Statement, label: Name) -> str:
    """One statement as it is read aloud: `c = a * b`, `guard c > 1 is true`."""
    if isinstance(statement, Guard):
        return guard_text(statement, label)
    if not isinstance(statement, Assign):
        raise InvalidIR("regions take several lines")
    right = expression_text(statement.primitive, statement.args, label)
    targets = [typed(label(t), t.type) for t in statement.targets]
    if statement.result is not None:
        return f"{_shaped(statement.result, iter(targets))} = {right}"
    return f"{targets[0]} = {right}" if targets else right


def region_text(region: Region, label: Name) -> Iterator[tuple[str, Block, str]]:
    """The blocks of a region, each with the line above it and the line at its end."""

    def names(variables: tuple[Var, ...]) -> str:
        return ", ".join(typed(label(v), v.type) for v in variables)

    def values(operands: tuple[Operand, ...]) -> str:
        return ", ".join(operand_text(o, label) for o in operands)

    before = f"{names(region.targets)} = " if region.targets else ""
    if isinstance(region, If):
        yield f"{before}if {operand_text(region.atom, label)}", region.then, f"give {values(region.then.results)}" if region.targets else ""
        yield "else", region.orelse, f"give {values(region.orelse.results)}" if region.targets else ""
        return
    parts = []
    if region.inits:
        pairs = zip(region.carried, region.inits, strict=True)
        parts.append("carry " + ", ".join(f"{label(p)} from {operand_text(i, label)}" for p, i in pairs))
    if region.scanned:
        parts.append("read " + ", ".join(f"{label(e)} of {label(s)}" for e, s in zip(region.elements, region.scanned, strict=True)))
    carried = "; ".join(parts)
    if region.test is not None:
        yield f"{before}while, {carried}", region.test, f"hold {values(region.test.results)}"
        head = "do"
    else:
        assert region.range is not None and region.index is not None
        order = "the end of range" if region.reverse else "range"
        head = f"{before}for {label(region.index)} from {order}({values(region.range)}){', ' if carried else ''}{carried}"
    results = [f"go on if {operand_text(region.body.results[0], label)}"] if region.exits else []
    results += [f"give {values(region.nexts)}"] if region.inits else []
    results += [f"save {values(region.saved)}"] if region.stacks else []
    yield head, region.body, "; ".join(results)


def _shaped(structure: Node | None, names: Iterator[str]) -> str:
    if structure is None:
        return next(names)
    inner = ", ".join(_shaped(child, names) for child in structure.children)
    return f"[{inner}]" if structure.kind is list else f"({inner})"


def guard_text(guard: Guard, label: Name) -> str:
    """What has to hold; a premise is asked before the function is entered."""
    return f"{'premise' if guard.premise else 'guard'} {condition(guard, operand_text(guard.atom, label))}"


def condition(guard: Guard, subject: str) -> str:
    """What a guard asks of its subject, in words."""
    match guard.kind:
        case "truth":
            return f"{subject} is {'true' if guard.value else 'false'}"
        case "type":
            return f"{subject} is of type {type_text(guard.value)}"
        case _:
            return f"{subject} is {constant_text(guard.value)}"


# Expressions


def expression_text(primitive: Primitive, args: tuple[Operand, ...], label: Name, short: bool = False) -> str:
    """The right side of a statement. `short` leaves out the module of a function: `log(v-1)`."""
    if primitive.raised is not None:
        return f"the exception of {expression_text(primitive.raised, args, label)}"
    if primitive.structural:
        return structural_text(primitive, args, label)
    texts = [operand_text(a, label) for a in args]
    if primitive is DIM:
        return f"{grouped(texts[0])}.shape[{texts[1]}]"
    match primitive.template:
        case ast.BinOp() | ast.Compare():
            return f"{grouped(texts[0])} {primitive.name} {grouped(texts[1])}"
        case ast.UnaryOp(op=op):
            return {"UAdd": "+", "Invert": "~"}.get(type(op).__name__, "-") + grouped(texts[0])
        case ast.Subscript():
            return f"{grouped(texts[0])}[{index_text(args[1], label)}]"
    positional, named = arguments(primitive, args)
    shown = [operand_text(p, label) for p in positional]
    shown += [f"{key}={operand_text(value, label)}" for key, value in named.items()]
    if primitive.callee is None:
        return f"{grouped(shown[0])}{primitive.name}({', '.join(shown[1:])})"
    return f"{primitive.name.rpartition('.')[2] if short else primitive.name}({', '.join(shown)})"


def grouped(text: str) -> str:
    """An operand in parentheses, unless it is a name, a number or a call."""
    depth = 0
    for letter in text:
        depth += letter in "([{"
        depth -= letter in ")]}"
        if letter == " " and depth == 0:
            return f"({text})"
    return f"({text})" if text.startswith("-") else text


def arguments(primitive: Primitive, args: tuple[Operand, ...]) -> tuple[list[Operand], dict[str, Operand]]:
    """Operands as a call is written with them: by position or by name, defaults left out."""
    pairs = list(zip(primitive.parameters, args, strict=True))
    positional, named = primitive.call_arguments([_writable(p, a) for p, a in pairs])
    return [_operand(p) for p in positional], {k: _operand(v) for k, v in named.items()}


def _writable(parameter: Parameter, arg: Operand) -> Any:
    if parameter.variadic:
        return arg.items if isinstance(arg, Display) else (arg,)
    return arg.value if isinstance(arg, Const) else arg


def _operand(value: Any) -> Operand:
    return value if isinstance(value, (Var, Const, Display)) else Const(value)


def structural_text(primitive: Primitive, args: tuple[Operand, ...], label: Name) -> str:
    """Reads from outside the function, and calls of what s2sad does not look into."""
    first = operand_text(args[0], label)
    if primitive is OBJECT:
        return first
    if primitive in (CALL, PERFORM):
        return call_text(primitive, first, args, label)
    key = args[1].value if isinstance(args[1], Const) else operand_text(args[1], label)
    if primitive is GLOBAL:
        return f"{getattr(args[0], 'value').__module__}.{key}"  # noqa: B009  a Const holds the function
    if primitive is SHADOWED:
        return f"{key!r} is redefined"
    if primitive is CELL:
        return f"closure.{key}"
    if primitive is DEFAULT:
        return f"{first}.{'__defaults__' if isinstance(key, int) else '__kwdefaults__'}[{key!r}]"
    if primitive is ATTRIBUTE:
        return "self" if key == "__self__" else f"{grouped(first)}.{key}"
    return f"{grouped(first)}[{operand_text(args[1], label)}]"


def call_text(primitive: Primitive, first: str, args: tuple[Operand, ...], label: Name) -> str:
    assert isinstance(args[1], Display) and isinstance(args[2], Display)
    shown = [operand_text(a, label) for a in args[1].items]
    shown += [f"{k}={operand_text(v, label)}" for k, v in zip(args[2].keys, args[2].items, strict=True)]
    return f"{'perform ' if primitive.effect else ''}{first}({', '.join(shown)})"


def read_name(statement: Assign) -> str:
    """What a value read from outside is called by the user: the name of the global, attribute, default or key."""
    if statement.primitive is OBJECT:
        return "object"
    owner, key = statement.args
    name = key.value if isinstance(key, Const) else "item"
    if statement.primitive is structural.DEFAULT and isinstance(name, int) and isinstance(owner, Const):
        code = owner.value.__code__
        name = code.co_varnames[code.co_argcount - len(owner.value.__defaults__) + name]
    if isinstance(name, int):
        return f"item_{name}"
    return name if isinstance(name, str) and name.isidentifier() else "item"


def operand_text(operand: Operand, label: Name) -> str:
    """An operand by the names of its variables."""
    match operand:
        case Var():
            return label(operand)
        case Const(value=value):
            return constant_text(value)
        case Display(kind=kind, items=items, keys=keys):
            shown = [operand_text(i, label) for i in items]
    if kind is dict:
        return f"{{{', '.join(f'{k!r}: {v}' for k, v in zip(keys, shown, strict=True))}}}"
    if kind is list:
        return f"[{', '.join(shown)}]"
    if kind is tuple:
        return f"({', '.join(shown)}{',' * (len(shown) == 1)})"
    return f"{kind.__name__}({', '.join(shown)})"


def index_text(operand: Operand, label: Name) -> str:
    """What stands between the brackets of a subscript: `1:3`, `:, None`, `i`."""
    parts: list[Operand]
    match operand:
        case Display(kind=kind, items=items) if kind is slice:
            parts = list(items)
        case Const(value=slice() as value):
            parts = [Const(value.start), Const(value.stop), Const(value.step)]
        case Display(kind=kind, items=items) if kind is tuple and items:
            return ", ".join(index_text(i, label) for i in items)
        case Const(value=tuple() as value) if value:
            return ", ".join(index_text(Const(v), label) for v in value)
        case _:
            return operand_text(operand, label)
    ends = ["" if isinstance(p, Const) and p.value is None else operand_text(p, label) for p in parts]
    return ":".join(ends if ends[2] else ends[:2])


def constant_text(value: Any) -> str:
    """A constant as short as it can be recognised: code by its name, a larger array by its type."""
    if isinstance(value, np.ndarray):
        return repr(value.tolist()) if value.size <= FEW else f"{value.dtype}[{', '.join(map(str, value.shape))}]"
    if isinstance(value, (type, types.ModuleType, types.FunctionType, types.BuiltinFunctionType, np.ufunc)):
        return str(value.__name__)
    if isinstance(value, types.CodeType):
        return f"that of line {value.co_firstlineno}"
    if isinstance(value, np.generic):
        return repr(value.item())
    if type(value) in (tuple, list):
        return operand_text(Display(type(value), tuple(Const(v) for v in value)), str)
    if type(value) in (bool, int, float, complex, str, bytes, type(None), slice, type(Ellipsis), dict, range):
        return "..." if value is Ellipsis else repr(value)
    return asking.title(value) or f"<{type(value).__name__}>"
