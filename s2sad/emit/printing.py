"""Expressions of the IR as syntax, and the lines they go to."""
from __future__ import annotations

import ast
import builtins
import keyword
import math
import types
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np

from s2sad.emit import lines
from s2sad.emit.breadth import BROKEN, beginning, breadth, broken, height
from s2sad.emit.hints import TEMPORARY, Labels, identifier
from s2sad.emit.spelling import items_of, written_arguments
from s2sad.errors import Location
from s2sad.ir.hints import described
from s2sad.ir.liveness import has_effects
from s2sad.ir.program import ArrayType, Assign, Const, Display, Function, Guard, Operand, Type, Var, elements, reads, shown_phase
from s2sad.passes.storage import is_write, memory
from s2sad.rules.language import ATTRIBUTE_NAMES, METHOD_NAMES, Primitive
from s2sad.rules.operations import POWER_DERIVATIVE
from s2sad.runtime import asking
from s2sad.runtime.control import raised
from s2sad.runtime.same import same_key
from s2sad.types.sizes import Size

with warnings.catch_warnings():
    # astor 0.8 uses node classes that Python 3.12 deprecates; nothing of it is of concern to the user.
    warnings.simplefilter("ignore", DeprecationWarning)
    import astor

LEAVE = "OtherPath"
ASSIGNED = 10  # what a name and an equals sign take
WRITTEN = 7  # what stands around the name of an array and an index, with an equals sign
UNNAMED = 3  # what a name takes that is not chosen yet
BUFFER_SIZE = 512  # elements from which on an array is worth being written into again
SMALLEST_ROOT = 0.05  # of which the derivative is finite at every float but zero


def load(name: str) -> Any:
    return ast.Name(name, ast.Load())


def store(name: str) -> Any:
    return ast.Name(name, ast.Store())


def attribute(owner: Any, name: str) -> Any:
    return ast.Attribute(owner, name, ast.Load())


class Printer:
    """What the emitter knows while it prints: names, folded expressions, the lines so far.

    `shown` are the primitives that are printed in ways of their own, with the methods that do so.
    """

    shown: ClassVar[Mapping[Primitive, Callable[..., Any]]] = {}

    def __init__(self, function: Function, guards_apart: bool = False) -> None:
        self.function, self.guards_apart = function, guards_apart  # whether each guard has a line of its own
        self.effects = has_effects(function)
        self.uses = Counter(v for s in function.statements for v in reads(s))
        self.uses.update(r for r in function.results if isinstance(r, Var))
        self.definitions = {t: s for s in function.statements if isinstance(s, Assign) for t in s.targets}
        self.value, self.begun = value_of(function), False  # whether its adjoint is being written
        self.premises = [s for s in function.statements if isinstance(s, Guard) and s.premise]
        self.premised = {g.atom for g in self.premises}
        self.grown = {s.args[0] for s in function.statements if is_write(s)}
        self.memory = self.memory_of(function)
        self.folded: dict[Var, Any] = {}
        self.left: Counter[Var] = Counter()  # how many uses there are still to come
        self.pending: dict[Var | None, set[Var]] = defaultdict(set)  # what is folded, by the memory it is going to read
        self.reading: dict[Var, frozenset[Any]] = {}
        self.order: dict[Var, int] = {}  # in which it was folded
        self.lengths: dict[Any, Any] = {}  # which sizes that are not known have been asked to be others
        self.namespace: dict[str, Any] = {}
        self.objects: dict[Any, str] = {}
        self.holders: dict[str, set[Var]] = defaultdict(set)  # the variables that go by each name
        self.labels: dict[Var, str] = Labels(self.holders)
        self.taken = {LEAVE, "perform", "read", "raised", *keyword.kwlist, *dir(builtins)} - {"_"}  # which is there in a prompt alone
        self.given = set(function.names.values())
        self.hints = described(function.statements, function.names)
        self.counted: Counter[str] = Counter()  # of the last name made of a hint
        self.named_by: dict[str, list[str]] = defaultdict(list)  # the names made of each hint
        self.lines: list[str] = []
        self.place: tuple[Any, ...] = ()
        self.around: Location | None = None  # the place of the loop or branch that is being written
        self.backwards = 0  # how many parts of an adjoint are around what is being written
        self.in_premise = False
        self.indent = "    "
        self.breadth = breadth(function)  # of a line, beyond which a part of it gets a line of its own
        self.generator = astor.SourceGenerator("    ", pretty_string=_plain_string)

    def memory_of(self, function: Function) -> Mapping[Var, frozenset[Any]]:
        """For each variable the memory that it may be."""
        return memory(function, in_place=True)

    # Names

    def label(self, var: Var) -> str:
        if var not in self.labels:
            self.labels[var] = self.fresh(self.hint(var))
        return self.labels[var]

    def hint(self, var: Var) -> str:
        """What a variable is called, but for the number of its version."""
        name = self.function.names.get(var)
        if name is None:
            hint = "value" if var is self.value else self.hints.get(var, TEMPORARY)
            name = TEMPORARY if hint in self.given and hint not in self.taken else hint  # the user's own comes first
        return name

    def fresh(self, hint: str = TEMPORARY) -> str:
        """A name that nothing has. Temporaries are numbered from 1, around what the user has called so."""
        name = hint = identifier(hint)
        while name in self.taken or (hint == TEMPORARY and (not name or name in self.given)):
            self.counted[hint] += 1
            name = f"t{self.counted[hint]}" if hint == TEMPORARY else f"{hint}_{self.counted[hint]}"
        self.taken.add(name)
        self.named_by[hint].append(name)
        return name

    def bind(self, hint: str, value: Any) -> str:
        """A name of the generated module for an object; NumPy's numbers that are the same have one name."""
        known = same_key(value) if isinstance(value, np.generic) else id(value)
        if known not in self.objects:
            self.objects[known] = name = self.fresh(hint)
            self.namespace[name] = value
        return self.objects[known]

    # Lines

    def comment(self, location: Location | None, phase: int, heads: bool = False) -> None:
        """The user's line, the first one of a statement, above what came from it; whether it `heads` a loop or a branch."""
        if location is None or location.file.startswith("<rule"):
            return
        location, phase = beginning(location), shown_phase(phase)
        mark = (location.file, location.line, bool(phase))
        if mark != self.place:
            self.place = mark
            where = location.short
            text = f"# adjoint of {where}" if phase else f"# {where}  {location.text().strip()}".rstrip()
            self.lines.append(lines.comment(f"{self.indent}{text}", mark, heads, again=self.backwards > 0 and not phase))

    def line(self, node: Any, location: Location | None = None) -> None:
        text = f"{self.indent}{self.unparse(node)}"
        most = self.breadth * (1 if isinstance(node, ast.Return) else BROKEN if height(location) > 1 else math.inf)
        if len(text) > most:
            text = broken(self.in_brackets(text, getattr(node, "value", None)), self.breadth)
        self.add(text, node, location)

    def add(self, text: str, node: Any, location: Location | None) -> None:
        self.lines.append(lines.line(text, node, location, (self.around, self.backwards > 0)))

    def saving(self, node: Any) -> None:
        """A line that saves a value."""
        self.line(node)
        self.lines[-1].saves = node  # type: ignore[attr-defined]

    def in_brackets(self, text: str, value: Any) -> str:
        """A line with brackets around the sum at its end, or around what is returned; a product or a call has some inside."""
        sums = isinstance(value, ast.Tuple) or (isinstance(value, ast.BinOp) and isinstance(value.op, (ast.Add, ast.Sub)))
        shown = self.unparse(value) if sums else ""
        return f"{text.removesuffix(shown)}({shown})" if shown and text.endswith(f" {shown}") else text

    def asking(self, word: str, test: Any, location: Location | None = None) -> None:
        """The line in front of what happens where a condition holds."""
        node = (ast.While if word == "while" else ast.If)(test, [ast.Pass()], [])
        self.add(f"{self.indent}{word} {self.unparse(test)}:", node, location)

    def unparse(self, node: Any) -> str:
        self.generator.visit(node)
        text = "".join(self.generator.result).strip("\n")
        self.generator.result.clear()
        return text[1:-1] if isinstance(node, ast.expr) and text.startswith("(") and lines.wraps(text) else text

    # Expressions

    def operand(self, operand: Operand) -> Any:
        match operand:
            case Var():
                return self.use(operand) if operand in self.folded else self.read(operand)
            case Const(value=value):
                return self.constant(value)
            case Display(kind=kind, items=items, keys=keys):
                return self.display(kind, [self.operand(i) for i in items], keys)

    def use(self, var: Var) -> Any:
        """What is folded, at one of its uses."""
        self.left[var] -= 1
        return lines.again(self.folded[var]) if self.left[var] else self.folded.pop(var)

    def read(self, var: Var) -> Any:
        definition = self.definitions.get(var)
        if definition is not None and var not in self.labels and var in self.premised and self.uses[var] == 1:
            return self.expression(definition)
        return load(self.label(var))

    def display(self, kind: type, items: list[Any], keys: tuple[Any, ...]) -> Any:
        if kind is list:
            return ast.List(items, ast.Load())
        if kind is dict:
            return ast.Dict([self.constant(k) for k in keys], items)
        if kind is slice:
            return ast.Call(load("slice"), items, [])
        shown = ast.Tuple(items, ast.Load())
        return shown if kind is tuple else ast.Call(load(kind.__name__), [shown], [])

    def expression(self, statement: Assign) -> Any:
        """The right side of a statement."""
        primitive = statement.primitive
        if primitive.raised is not None:
            inner = replace(statement, primitive=primitive.raised)
            self.namespace["raised"] = _raised()
            thunk = ast.Lambda(ast.arguments([], [], None, [], [], None, []), self.expression(inner))
            return ast.Call(load("raised"), [thunk], [])
        special = self.shown.get(primitive)
        if special is not None:
            return special(self, *statement.args)
        self.now = statement
        return lines.mark(self.by_template(primitive, statement.args, statement.targets[0].type), statement)

    def by_template(self, primitive: Primitive, args: tuple[Operand, ...], result: Type) -> Any:
        template = primitive.template
        if isinstance(template, ast.Call):
            root = self.root_slope(args) if primitive is POWER_DERIVATIVE else None
            return self.show_function(primitive, args, template) if root is None else root
        if isinstance(template, ast.Subscript):
            return lines.one_of(ast.Subscript(self.operand(args[0]), self.index(args[1]), ast.Load()), self.length(args[0]))
        if isinstance(template, ast.BinOp):
            reused = self.in_buffer(template, args, result)
            if reused is not None:
                return reused
        values = [self.operand(a) for a in args]
        match template:
            case ast.BinOp():
                return ast.BinOp(values[0], getattr(ast, type(template.op).__name__)(), values[1])
            case ast.Compare():
                return ast.Compare(values[0], [getattr(ast, type(template.ops[0]).__name__)()], [values[1]])
            case ast.UnaryOp():
                return ast.UnaryOp(getattr(ast, type(template.op).__name__)(), values[0])
        raise AssertionError(primitive)

    def length(self, operand: Operand) -> Any:
        """How many elements an array has along its first axis."""
        kind = operand.type if isinstance(operand, Var) else None
        return self.lengths.get(kind.shape[0], kind.shape[0]) if isinstance(kind, ArrayType) and kind.shape else None

    def in_buffer(self, template: ast.BinOp, args: tuple[Operand, ...], result: Type) -> Any:
        """`t *= y` where t is a large array that nothing else needs: no new array for the result. None where that cannot be."""
        if not isinstance(template.op, (ast.Add, ast.Sub, ast.Mult, ast.Div)):
            return None
        commutes = isinstance(template.op, (ast.Add, ast.Mult))
        for one, other in (args, args[::-1]) if commutes else (args,):
            if self.is_buffer(one) and isinstance(one, Var) and one.type == result and self.keeps_layout(other, result):
                self.comment(self.now.location, self.now.phase)
                label = self.operand(one)
                value = self.operand(other)
                if not isinstance(label, ast.Name):
                    label = self.named(label)
                self.line(lines.mark(ast.AugAssign(store(label.id), template.op, value), self.now), self.now.location)
                return load(label.id)
        return None

    def root_slope(self, args: tuple[Operand, ...]) -> Any:
        """`0.5 * x ** -0.5 if x else inf`: the derivative of a root of one of Python's floats. None for other powers.

        The power that is left is too small to overflow, and a negative x has left the path: its root is complex.
        """
        x, exponent, dx, dy = args
        n = getattr(exponent, "value", None)
        first = isinstance(dx, Const) and dx.value == 1 and isinstance(dy, Const) and dy.value == 0
        if not (first and isinstance(x, Var) and x.type is float and type(n) is float and SMALLEST_ROOT < n < 1):
            return None
        shown = self.operand(x)
        if not isinstance(shown, ast.Name):
            self.comment(self.now.location, self.now.phase)
            shown = self.named(shown)
        power = ast.BinOp(shown, ast.Pow(), self.constant(n - 1))
        return ast.IfExp(shown, ast.BinOp(self.constant(n), ast.Mult(), power), self.constant(math.inf))

    def named(self, value: Any) -> Any:
        """The value by a name of its own, in a line before."""
        name = self.fresh()
        self.line(ast.Assign([store(name)], value, None))
        return load(name)

    def keeps_layout(self, other: Operand, result: Type) -> bool:
        """Whether the result would lie in memory as the buffer does: the last bit of a sum of the function's own depends on that."""
        plain = not isinstance(other, Var) or not isinstance(other.type, ArrayType)
        return plain or self.now.phase > 0 or (isinstance(result, ArrayType) and len(result.shape) < 2)

    def is_buffer(self, operand: Operand) -> bool:
        """Whether the operand is a large array made by arithmetic, waiting to be used this once."""
        if not isinstance(operand, Var) or operand not in self.folded or not _large(operand):
            return False
        if operand not in self.definitions:
            return False
        made = self.definitions[operand].primitive
        return made.buffer and not made.alias

    def show_function(self, primitive: Primitive, args: tuple[Operand, ...], template: ast.Call) -> Any:
        positional, named = written_arguments(primitive, args)
        shown = [self.operand(a) for a in positional]
        keywords = [ast.keyword(k, self.operand(v)) for k, v in named.items()]
        first = positional[0] if positional else None
        of_array = isinstance(first, Var) and isinstance(first.type, ArrayType)
        if of_array and primitive in METHOD_NAMES and not any(name in named for name in primitive.beyond_method):
            return ast.Call(attribute(shown[0], METHOD_NAMES[primitive]), shown[1:], keywords)
        if primitive in ATTRIBUTE_NAMES and len(shown) == 1 and not keywords:
            return attribute(shown[0], ATTRIBUTE_NAMES[primitive])
        if primitive.callee is None:
            return ast.Call(attribute(shown[0], template.func.attr), shown[1:], keywords)  # type: ignore[attr-defined]
        return ast.Call(self.callee(primitive), shown, keywords)

    def callee(self, primitive: Primitive) -> Any:
        assert primitive.root is not None
        root, value = primitive.root
        name = root if getattr(builtins, root, None) is value else self.bind(root, value)
        node = load(name)
        for part in primitive.name.split(".")[1:]:
            node = attribute(node, part)
        return node

    def index(self, operand: Operand) -> Any:
        """An index as written between brackets: `1:3`, `:, None`, `i`."""
        if isinstance(operand, Display) and operand.kind is slice:
            return self.slice_of([None if isinstance(i, Const) and i.value is None else self.operand(i) for i in operand.items])
        if isinstance(operand, Const) and isinstance(operand.value, slice):
            sides = (operand.value.start, operand.value.stop, operand.value.step)
            return self.slice_of([None if p is None else self.constant(p) for p in sides])
        parts = [self.index(i) for i in items_of(operand)]
        if len(parts) == 1 and isinstance(parts[0], ast.Slice):  # which needs no comma
            return parts[0]
        return ast.Tuple(parts, ast.Load()) if parts else self.operand(operand)

    def slice_of(self, parts: list[Any]) -> Any:
        return ast.Slice(*parts)

    # Constants

    def constant(self, value: Any) -> Any:
        kind = type(value)
        if kind is float and not math.isfinite(value):
            named = attribute(load(self.bind("math", math)), "nan" if math.isnan(value) else "inf")
            return ast.UnaryOp(ast.USub(), named) if value == -math.inf else named
        if kind in (int, float) and (value < 0 or (value == 0 and math.copysign(1, value) < 0)):
            return ast.UnaryOp(ast.USub(), ast.Constant(-value, None))
        if kind in (bool, int, float, str, bytes, type(None), type(Ellipsis)):
            return ast.Constant(value, None)
        if kind is complex:
            return ast.Call(load("complex"), [self.constant(value.real), self.constant(value.imag)], [])
        if kind in (tuple, list):
            return self.display(kind, [self.constant(v) for v in value], ())
        if kind is dict:
            return self.display(dict, [self.constant(v) for v in value.values()], tuple(value))
        if kind is slice or kind is range:
            return ast.Call(load(kind.__name__), [self.constant(p) for p in (value.start, value.stop, value.step)], [])
        return self.object(value)

    def object(self, value: Any) -> Any:
        """An object by the name it is known under."""
        name = asking.title(value)
        if isinstance(value, (type, types.BuiltinFunctionType)) and getattr(builtins, name, None) is value:
            return load(name)
        if isinstance(value, type) and issubclass(value, (np.generic, np.ndarray)) and getattr(np, name, None) is value:
            return attribute(load(self.bind("np", np)), name)
        if value is np:
            return load(self.bind("np", np))
        hint = (name or type(value).__name__).rpartition(".")[2]
        return load(self.bind(hint.strip("<>") if hint != "<lambda>" else "function", value))


def value_of(function: Function) -> Var | None:
    """What a function gives that has an adjoint below it, if that is not an adjoint itself."""
    value = function.results[0] if function.results else None
    adjoint = any(shown_phase(s.phase) for s in function.statements if not isinstance(s, Guard))
    plain = (s for s in function.statements if isinstance(s, Assign) and not s.phase)
    return value if adjoint and isinstance(value, Var) and any(value in s.targets for s in plain) else None


def _large(var: Var) -> bool:
    """Whether an array is known to be large. Of any size, it is printed as a person would write it."""
    kind = var.type
    return isinstance(kind, ArrayType) and not any(isinstance(n, Size) for n in kind.shape) and elements(kind) >= BUFFER_SIZE


def _raised() -> Any:
    return raised


def _plain_string(text: str, *rest: Any, **options: Any) -> str:
    return repr(text)
