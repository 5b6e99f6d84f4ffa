"""Numbers: operands, arithmetic as Python does it, and where Python refuses what the machine computes."""

from __future__ import annotations

import ast
import cmath
import copy
import enum
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad.errors import CannotBeNative
from s2sad.ir.program import Assign, Const, Guard, Operand, Var, computed
from s2sad.native.lazy import Filled, Lazy
from s2sad.native.places import OPERATORS, Node, binary, call, compared, const, name, parsed, weight
from s2sad.native.sweeps import Sweeps
from s2sad.native.writer import LEAVE, Number
from s2sad.rules.language import Primitive
from s2sad.rules.native_forms import form_of
from s2sad.types.polynomials import Symbol
from s2sad.types.sizes import Size

PYTHON = (int, float, complex, bool)
WIDE = frozenset(map(np.dtype, (np.float64, np.int64, np.complex128, np.bool_)))
LARGEST = 9.2e18  # below which whole numbers have 64 bits
LARGEST_GIVEN = 2**31
LARGEST_STEP = 2**20
ROUND = {"+": "support.round_sum", "-": "support.round_difference", "*": "support.round_product"}  # of NumPy's whole numbers
FOLDED = 10  # operations up to which an expression is written where it is used


class Numbers(Sweeps):
    """The part that writes numbers."""

    # Operands

    constants: list[tuple[str, np.ndarray[Any, Any]]]

    def constant_array(self, value: np.ndarray[Any, Any]) -> Any:
        raise NotImplementedError

    def take(self, operand: Operand) -> Any:
        """What an operand is: a Number, a Lazy, or a plain value. It has been read once more then."""
        if isinstance(operand, Const):
            value = operand.value
            if isinstance(value, np.ndarray):
                return self.constant_array(value)
            if isinstance(value, enum.Enum) and isinstance(value, (int, float)):
                kind = int if isinstance(value, int) else float  # its operators are those
                return Number(self.literal(kind(value)), kind)
            return Number(self.literal(value), type(value), value if type(value) is int else None) if is_kind(type(value)) else value
        if isinstance(operand, Var):
            self.left[operand] -= 1
            if operand not in self.env:
                raise CannotBeNative(f"a {described(operand.type)} is read", self.where)
            found = self.env[operand]
            return replace(found, size=operand.size) if isinstance(found, Number) and operand.size is not None else found
        items = [self.take(i) for i in operand.items]
        return operand.kind(items) if operand.kind in (tuple, list) else slice(*items) if operand.kind is slice else items

    def literal(self, value: Any) -> Node:
        if type(value) is int and not -LARGEST < value < LARGEST:
            raise CannotBeNative("a whole number of more than 64 bits is read", self.where)
        if isinstance(value, np.bool_):
            return const(bool(value))
        if isinstance(value, np.generic):
            inner = self.literal(value.item())
            return inner if value.dtype in WIDE else call(f"np.{value.dtype.name}", inner)
        if isinstance(value, complex):
            return call("complex", self.literal(value.real), self.literal(value.imag))
        if isinstance(value, float) and not math.isfinite(value):
            return parsed("np.nan" if math.isnan(value) else "np.inf" if value > 0 else "-np.inf")
        return const(value)

    def number(self, operand: Operand) -> Number:
        found = self.take(operand)
        if not isinstance(found, Number):
            raise CannotBeNative("something other than a number is read here", self.where)
        return found

    def named(self, number: Number, hint: str = "") -> Number:
        """The number by a name, unless it is a name or a constant."""
        if isinstance(number.node, (ast.Name, ast.Constant)) or is_constant(number.node):
            return number
        label = self.fresh(hint)
        self.said(f"{label} = {ast.unparse(number.node)}")
        return replace(number, node=name(label))

    def define(self, var: Var, node: Node, reads_memory: bool = False) -> None:
        """Let a variable be a number: by name, or, where it is short and used once, by what it is."""
        kind = kind_of(var.type)
        once = self.left[var] == 1 and self.used_in[var] == {self.home[var]} and not reads_memory
        unnamed = var not in self.function.names or var in self.handed_on or weight(node) == 0
        if once and weight(node) <= FOLDED and unnamed:
            self.env[var] = Number(node, kind)
        elif not self.left[var]:
            self.env[var] = Number(node, kind)
        elif isinstance(node, (ast.Name, ast.Constant)) and not reads_memory:
            self.env[var] = Number(node, kind)
        else:
            label = self.labels.get(var) or self.fresh(self.hint(var))
            self.said(f"{label} = {ast.unparse(node)}")
            self.env[var] = Number(name(label), kind)
            if var.size is not None:
                self.learn_number(var.size, label)

    # Arithmetic

    def arithmetic(self, statement: Assign, primitive: Primitive, operands: Sequence[Number]) -> None:
        """A statement of numbers alone."""
        (target,) = statement.targets
        operands = [Number(o.node, o.kind) for o in operands]
        if target not in self.seen:
            self.ask_before(statement, primitive, operands)
        node = self.combined(primitive, [(o.node, o.kind) for o in operands], kind_of(target.type))
        if self.may_be_refused(statement, primitive, operands):
            shown = self.named(Number(node, kind_of(target.type)), self.hint(target))
            if target not in self.seen:
                self.late.append(call("math.isfinite", shown.node))
            node = shown.node  # in front of all that is asked of others, a sine next to a cosine
        self.define(target, node)

    late: list[Node]
    seen: frozenset[Var] = frozenset()  # what is looked at in the end

    def ask_late(self) -> None:
        """Hand the call over where a number of this step is not finite; that may wait till the end of the step, as nothing is written
        outside."""
        asked, self.late = self.late, []
        if asked:
            self.leave_if(ast.UnaryOp(ast.Not(), asked[0] if len(asked) == 1 else ast.BoolOp(ast.And(), asked)))

    def combined(self, primitive: Primitive, operands: Sequence[tuple[Node, Any]], result: Any) -> Node:
        """The expression of an operation on numbers of classes, as one of a class."""
        form = form_of(primitive)
        if form is None or form.startswith("@"):
            raise CannotBeNative(f"{primitive.name} has no native form", self.where)
        wide = is_of_floats(primitive) or "np.float64(" in form
        nodes = [n for n, _ in operands] if wide else converted(operands, result)
        names = [p.name for p in primitive.parameters]
        nodes = [widened(n, k, primitive, result) for n, (_, k) in zip(nodes, operands, strict=True)]
        node = filled_in(form, dict(zip(names, nodes, strict=False)))
        dtype = np.dtype(result)
        if dtype.kind == "b" and isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Mult)):
            return call("bool", node)  # which the machine adds up as whole numbers
        if dtype.kind in "iu" and isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            raise CannotBeNative("a quotient is a whole number", self.where)
        if dtype == np.int64 and not all(k in PYTHON for _, k in operands):
            return going_round(node)
        plain = isinstance(node, ast.BinOp) and not isinstance(node.op, ast.Pow) and dtype.kind == "f"
        return node if dtype in WIDE or plain else call(f"np.{dtype.name}", node)

    def ask_before(self, statement: Assign, primitive: Primitive, operands: Sequence[Number]) -> None:
        """What Python raises for and the machine does not."""
        if not all(o.kind in PYTHON for o in operands):
            return
        if primitive.divides:
            self.leave_unless_known(statement.args[1], operands[1].node)
        result = kind_of(statement.targets[0].type)
        if result is int and not self.is_small(statement.targets[0].size) and len(operands) == 2:
            self.ask_whole(primitive, operands)

    def is_small(self, size: Any) -> bool:
        """Whether a whole number is known to have 64 bits: it counts elements or steps, or pairs of them."""
        if size is None or not isinstance(size, Size):
            return size is not None
        return max(len(t) for t, _ in size.terms) <= 2 and all(map(self.counts, size.symbols()))

    def counts(self, symbol: Symbol) -> bool:
        """Whether a size counts elements or steps; of a number that is given the call is handed over where it is larger."""
        if symbol.operation in ("min", "max", "//", "%"):
            return all(map(self.is_small, symbol.operands))
        label = self.sizes.get(symbol, ("", 0))[0]
        return ".shape[" in label or label in self.steps or self.bounded(label)

    def bounded(self, label: str) -> bool:
        """Whether it is a whole number that was given; it has 32 bits from then on."""
        if label not in self.given_numbers:
            return False
        if label not in self.asked:
            self.asked.add(label)
            self.leaves = True
            self.front += [f"if abs({label}) > {LARGEST_GIVEN}:", [LEAVE]]
        return True

    def ask_whole(self, primitive: Primitive, operands: Sequence[Number]) -> None:
        """Hand the call over where whole numbers would need more than 64 bits, or Python raises an exception."""
        x, y = (o.node for o in operands)
        if primitive.call in ("x + y", "x - y") and (is_step(x) or is_step(y)) and not self.may_be_large(y if is_step(x) else x):
            return
        match primitive.call:
            case "x + y" | "x - y" | "x * y" | "x ** y" | "pow(base, exp)":
                if primitive.call in ("x ** y", "pow(base, exp)") and not (is_step(y) and ast.literal_eval(y) >= 0):
                    self.leave_if(compared(y, "<", const(0)))
                symbol = "**" if primitive.call.startswith("pow") else primitive.call.split()[1]
                size = binary(real(operands[0]), symbol, real(operands[1]))
                self.leave_if(compared(call("abs", size), ">", const(LARGEST)))
            case "x << y":
                self.leave_if(ast.UnaryOp(ast.Not(), ast.Compare(const(0), [ast.LtE(), ast.LtE()], [y, const(62)])))
                self.leave_if(compared(call("abs", binary(real(operands[0]), "*", binary(const(2.0), "**", y))), ">", const(LARGEST)))
            case "x >> y":
                self.leave_if(ast.UnaryOp(ast.Not(), ast.Compare(const(0), [ast.LtE(), ast.LtE()], [y, const(63)])))

    def may_be_large(self, node: Node) -> bool:
        """Whether a step more might be one too many: what is computed has been asked before."""
        return isinstance(node, ast.Name) and node.id in self.given_numbers and not self.bounded(node.id)

    def leave_unless_known(self, operand: Operand, node: Node) -> None:
        """Hand the call over where a divisor is zero."""
        size = operand.size if isinstance(operand, Var) else None
        if isinstance(node, ast.Constant) and node.value != 0:
            return
        if size is None or self.known.told("zero", size) is not False:
            self.leave_if(compared(node, "==", const(0)))

    def may_be_refused(self, statement: Assign, primitive: Primitive, operands: Sequence[Number]) -> bool:
        """Whether Python raises where the result is not finite: functions of `math`, powers, what is made whole."""
        of_math = primitive.root is not None and primitive.root[1] is math
        if kind_of(statement.targets[0].type) is not float or not (of_math or all(o.kind in PYTHON for o in operands)):
            return False
        return (of_math or primitive.may_raise is True) and not primitive.divides

    # Guards

    def guard(self, guard: Guard) -> None:
        self.where = guard.location or self.where
        atom = self.take(guard.atom)
        if not isinstance(atom, Number):
            raise CannotBeNative(f"it is asked whether something {guard.kind} here", guard.location)
        match guard.kind:
            case "truth":
                self.leave_if(ast.UnaryOp(ast.Not(), atom.node) if guard.value else atom.node)
            case "equals":
                self.leave_if(compared(atom.node, "!=", self.literal(guard.value)))
            case "same":
                shown = self.named(atom)
                self.leave_if(compared(shown.node, "!=", self.literal(guard.value)))
                if guard.value == 0 and isinstance(guard.value, float):
                    self.leave_if(compared(call("math.copysign", const(1.0), shown.node), "!=", const(math.copysign(1.0, guard.value))))
            case "type":
                pass  # a number of another class is another type of the variable
            case "is":
                raise CannotBeNative("it is asked here which object something is", guard.location)


def real(number: Number) -> Node:
    """A number as a float; Numba makes none of a truth value."""
    return binary(const(1.0), "*", number.node) if np.dtype(number.kind).kind == "b" else call("np.float64", number.node)


def is_step(node: Node) -> bool:
    found: Any = ast.literal_eval(node) if is_constant(node) else LARGEST
    return bool(abs(found) <= LARGEST_STEP)


def is_constant(node: Node) -> bool:
    return all(isinstance(n, (ast.Constant, ast.UnaryOp, ast.USub)) for n in ast.walk(node))


def is_kind(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, (int, float, complex, np.number, np.bool_))


def kind_of(kind: Any) -> Any:
    """The class of numbers of a type; an array without axes is one."""
    kind = computed(kind)
    return kind if is_kind(kind) else None


def described(kind: Any) -> str:
    return getattr(kind, "__name__", str(kind))


def is_of_floats(primitive: Primitive) -> bool:
    """Whether it is a function of `math` or `cmath`, which takes every number as one of 64 bits."""
    return primitive.root is not None and primitive.root[1] in (math, cmath)


def widened(node: Node, kind: Any, primitive: Primitive, result: Any) -> Node:
    """An operand as a wider class, where the machine would give another than Python: of functions of `math`, of powers that are floats, of
    the bits of a truth value."""
    dtype, gives = np.dtype(kind), np.dtype(result).kind
    of_math = is_of_floats(primitive)
    power = (form_of(primitive) or "").endswith(("x ** y", "base ** exp")) and dtype.kind in "iub"
    if (of_math or power) and gives == "f" and dtype.kind in "fiub" and dtype != np.float64:
        return call("np.float64", node)
    return call("int", node) if kind is bool and result is int and form_of(primitive) == "~x" else node


def weak(kind: Any) -> Any:
    """What stands for numbers of a class where NumPy asks which dtype comes out."""
    return {float: 0.0, int: 0, complex: 0j, bool: np.dtype(bool)}.get(kind, None) if kind in PYTHON else np.dtype(kind)


def converted(operands: Sequence[tuple[Node, Any]], result: Any) -> list[Node]:
    """The operands in the dtype in which NumPy computes, where the machine would take a wider one."""
    kinds = [k for _, k in operands]
    if all(k in PYTHON for k in kinds) or not all(map(is_kind, kinds)):
        return [n for n, _ in operands]
    dtype = np.result_type(*(weak(k) for k in kinds))
    if dtype in WIDE:
        return [n for n, _ in operands]
    return [
        n if not isinstance(k, type) or (k not in PYTHON and np.dtype(k) == dtype) else call(f"np.{dtype.name}", n) for n, k in operands
    ]


class _Fill(ast.NodeTransformer):
    def __init__(self, values: dict[str, Node]) -> None:
        self.values = values

    def visit_Name(self, node: ast.Name) -> Any:
        return self.values.get(node.id, node)


_forms: dict[str, Any] = {}


def filled_in(form: str, values: dict[str, Node]) -> Node:
    """An expression with others in place of its names."""
    if form not in _forms:
        _forms[form] = parsed(form)
    return _Fill(values).visit(copy.deepcopy(_forms[form]))


def going_round(node: Node) -> Node:
    """An operation on whole numbers of NumPy's with 64 bits. To add a number that stands in the code leads nowhere near the ends."""
    way = next((w for symbol, w in ROUND.items() if isinstance(node, ast.BinOp) and isinstance(node.op, OPERATORS[symbol])), None)
    if way is None or (way != ROUND["*"] and any(isinstance(n, ast.Constant) for n in (node.left, node.right))):
        return node
    return call(way, node.left, node.right)


def as_lazy(value: Any) -> Lazy:
    """A number as an array without axes."""
    return value if isinstance(value, Lazy) else Filled(value.node, (), np.dtype(value.kind))
