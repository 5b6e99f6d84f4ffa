"""From the IR to Python source: the user's names, the user's line as a comment above what it became, temporaries folded into their use."""
from __future__ import annotations

import ast
import builtins
import re
import types
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from typing import Any

import numpy as np

from s2sad.emit.breadth import FILLED, height
from s2sad.emit.grouping import grouped
from s2sad.emit.hints import is_nameless
from s2sad.emit.lines import Line, commented_once, mark, numbered, width
from s2sad.emit.lists import CHANGES
from s2sad.emit.outside import Outside
from s2sad.emit.saved_at_once import saved_at_once
from s2sad.emit.saved_together import saved_together
from s2sad.errors import Location
from s2sad.ir.liveness import READS
from s2sad.ir.program import (
    ArrayType,
    Assign,
    Guard,
    If,
    Loop,
    Region,
    StackType,
    Statement,
    Type,
    Var,
    everything,
    reads,
    shown_phase,
    targets_of,
)
from s2sad.passes.accumulate import names_once
from s2sad.passes.storage import is_write
from s2sad.quickly import dataclass
from s2sad.rules.language import Primitive
from s2sad.rules.operations import SCATTER
from s2sad.rules.structural import CALL
from s2sad.runtime import asking
from s2sad.runtime.notices import OWN

with warnings.catch_warnings():
    # astor 0.8 uses node classes that Python 3.12 deprecates; nothing of it is of concern to the user.
    warnings.simplefilter("ignore", DeprecationWarning)
from s2sad.emit.printing import ASSIGNED, UNNAMED, WRITTEN, attribute, load, store
from s2sad.emit.spelling import short_shape

NOTHING: frozenset[Any] = frozenset()
NUMBERS = (int, float, complex, np.generic)
SAVED = re.compile(r"_saved(_\d+)?$")
PLAIN_NUMBERS: frozenset[Any] = frozenset({bool, int, float, complex})
CHANGED = (ast.Add, ast.Sub, ast.Mult, ast.Div)


@dataclass
class Text:
    """Generated source: the function, the condition of its premises, what its free names stand for, what each line is made of."""

    name: str
    source: str
    premises: str
    namespace: dict[str, Any]
    lines: dict[int, Line] = field(default_factory=dict)
    effects: bool = False
    own: bool = False  # whether it calls NumPy, `math` and s2sad alone
    numbers: bool = False  # whether besides it knows Python's numbers alone, of which NumPy tells nothing


def is_number(var: Var) -> bool:
    return isinstance(var.type, type) and issubclass(var.type, NUMBERS)


def is_plain(kind: Type) -> bool:
    """Whether a value of a type is a number of Python, or a stack of them."""
    return (kind.element in PLAIN_NUMBERS and not kind.loose) if isinstance(kind, StackType) else kind in PLAIN_NUMBERS


def is_found(statement: Statement, target: Var) -> bool:
    """Whether a statement finds something outside that is no number of NumPy's and no array: a module, the code of a function."""
    kind = target.type
    return isinstance(statement, Assign) and statement.primitive in READS and isinstance(kind, type) and not issubclass(kind, np.generic)


def is_own(primitive: Primitive) -> bool:
    """Whether a primitive calls a function of NumPy, of `math` or of s2sad, or an operator on their numbers.

    Not one that passes over NaN: it may find nothing left, and says so by itself.
    """
    if primitive.hides_nan and primitive.kind == "rule":
        return False
    if primitive.root is None:
        return primitive is not CALL and not primitive.effect
    value = primitive.root[1]
    module = value.__name__ if isinstance(value, types.ModuleType) else asking.attribute(value, "__module__")
    return str(module).partition(".")[0] in OWN


class Emitter(Outside):
    """The statements of a function, its premises, and what it reads from outside."""

    def text(self, title: str) -> Text:
        self.reserve()
        params = [self.label(p) for p in self.function.params]
        if self.effects:
            params += ["perform", "read"]
        self.lines += [f"# {title}"] if title else []
        self.lines.append(f"def {self.function.name}({', '.join(params)}):")
        asked = self.asked_before()
        self.in_premise = True
        premises = " and ".join(f"({self.unparse(self.condition(g))})" for g in self.premises) or "True"
        self.in_premise = False
        self.statements(tuple(s for s in self.function.statements if not any(t in asked for t in targets_of(s))))
        place = self.comment_results()
        results = [self.operand(r) for r in self.function.results]
        self.line(ast.Return(ast.Tuple(results, ast.Load())), place)
        self.lines = grouped(commented_once(self.lines), self.unparse, self.breadth, self.effects, spare=not self.holders["_"])
        self.lines = saved_at_once(self.lines, self.unparse, self.breadth)
        self.lines = saved_together(self.lines, self.unparse, self.breadth)
        source = "\n".join(self.lines) + "\n"
        words = set(re.findall(r"\w+", source)) | set(re.findall(r"\w+", premises))
        namespace = {name: value for name, value in self.namespace.items() if name in words}  # what is written in place is not called
        own = all(is_own(s.primitive) for s in everything(self.function.statements) if isinstance(s, Assign))
        numbers = own and self.of_numbers()
        return Text(self.function.name, source, premises, namespace, numbered(self.lines), self.effects, own, numbers)

    def of_numbers(self) -> bool:
        """Whether all that is given and computed are numbers of Python."""
        made = [(s, t) for s in everything(self.function.statements) for t in targets_of(s)]
        return all(is_plain(p.type) for p in self.function.params) and all(is_plain(t.type) or is_found(s, t) for s, t in made)

    def statements(self, statements: tuple[Statement, ...]) -> None:
        for statement in statements:
            match statement:
                case Guard():
                    if not statement.premise:
                        self.guard(statement)
                case Assign():
                    self.assign(statement)
                case Loop() | If():
                    self.region(statement)

    def region(self, region: Region) -> None:
        raise NotImplementedError

    def comment(self, location: Location | None, phase: int, heads: bool = False) -> None:
        """A comment, and at the beginning of the adjoint the value before it; the first of the adjoint is that of the value."""
        phase = shown_phase(phase)
        if phase and location is not None and self.value is not None and not self.begun:
            self.begun = True
            if self.value in self.folded:
                self.settle(self.value)
            super().comment(self.definitions[self.value].location, phase)
        super().comment(location, phase, heads)

    def comment_results(self) -> Location | None:
        """The user's line above the return, where the value is computed there."""
        value = self.function.results[0] if self.function.results else None
        made = self.definitions.get(value) if isinstance(value, Var) and value in self.folded else None
        if made is None:  # or a choice between expressions
            return None
        self.comment(made.location, made.phase)
        return made.location

    def reserve(self) -> None:
        """Names of modules and functions first, so that a local of the user's takes another name."""
        for statement in everything(self.function.statements):
            if isinstance(statement, Assign) and statement.primitive.root is not None and statement.primitive.callee is not None:
                root, value = statement.primitive.root
                if getattr(builtins, root, None) is not value:
                    self.bind(root, value)

    def asked_before(self) -> set[Var]:
        """The reads that only premises need; they are asked before the function is entered."""
        asked: set[Var] = set()
        for guard in self.premises:
            if isinstance(guard.atom, Var) and self.uses[guard.atom] == 1:
                asked.add(guard.atom)
        return asked

    # Statements

    def assign(self, statement: Assign) -> None:
        self.make_room(statement)
        if is_write(statement):
            return self.in_place(statement)
        if statement.primitive is SCATTER and statement.targets[0] in self.grown and names_once(statement.args[1]):
            return self.scattered(statement)
        touched = self.touched(reads(statement))
        value = self.expression(statement)
        if self.folds(statement, value):
            self.fold(statement.targets[0], value, touched)
            return
        if statement.primitive.effect:  # which may write into arrays from outside
            self.flush(frozenset({None}))
        self.comment(statement.location, statement.phase)
        used = any(self.uses[t] for t in statement.targets)
        if statement.targets and used and statement.result is None:
            self.line(ast.Assign([store(self.label(statement.targets[0]))], value, None), statement.location)
        elif statement.result is not None:
            self.line(ast.Assign([self.target(statement.result, iter(statement.targets))], value, None), statement.location)
        else:
            self.line(ast.Expr(value), statement.location)

    def touched(self, read: Iterable[Var]) -> frozenset[Any]:
        """The memory that evaluating an expression of variables reads, through what is folded into it as well. A number is no memory."""
        return NOTHING.union(*(self.reading.get(v, NOTHING) | (NOTHING if is_number(v) else self.memory[v]) for v in read))

    @property
    def room(self) -> int:
        """How long a line may be, without its indent: far inside, as long as somewhat further out, as rungs of a ladder move there."""
        return max(self.breadth - len(self.indent), self.breadth // 2)

    def room_for(self, statement: Assign) -> float:
        """The same, where the user's statement stands over several lines: as many, with what is lost where they are broken."""
        lines = 1 if statement.phase else height(statement.location)
        return self.room if lines == 1 else FILLED * lines * self.room

    def make_room(self, statement: Assign) -> None:
        """Give the longest of what goes into a statement lines of their own, until the rest fits one."""
        if is_write(statement) and not statement.phase and height(statement.location) > 1:
            return  # what is written may take as many lines by itself
        around = WRITTEN if is_write(statement) else ASSIGNED + len(statement.primitive.name)
        self.make_room_for(reads(statement), self.room_for(statement) - around)

    def make_room_for(self, read: Sequence[Var], room: float) -> None:
        """Give the longest of what is folded and read lines of its own, until the rest fits in so many characters."""
        parts = {v: width(self.folded[v]) for v in read if v in self.folded}
        room -= sum(len(self.labels.get(v, "")) or UNNAMED for v in read if v not in parts)
        for var in sorted(parts, key=parts.__getitem__, reverse=True):
            if sum(parts.values()) > room and var in self.folded:  # one that was settled may have brought others with it
                self.settle(var)
                parts[var] = UNNAMED

    def settle(self, var: Var) -> None:
        """Give what is folded a line of its own, now."""
        value, made = self.folded.pop(var), self.definitions.get(var)
        self.reading.pop(var, None)
        if made is not None:
            self.comment(made.location, made.phase)
        self.line(ast.Assign([store(self.label(var))], value, None), None if made is None else made.location)

    def fold(self, var: Var, value: Any, touched: frozenset[Any]) -> None:
        self.folded[var], self.left[var] = value, self.uses[var]
        self.reading[var], self.order[var] = touched, len(self.order)
        for root in touched:
            self.pending[root].add(var)

    def flush(self, written: frozenset[Any]) -> None:
        """Evaluate what is folded and reads this memory, before it is written."""
        due = NOTHING.union(*(self.pending.pop(root, ()) for root in written))
        for var in sorted(due & self.folded.keys(), key=self.order.__getitem__):
            if var in self.folded:
                self.settle(var)

    def scattered(self, statement: Assign) -> None:
        """`x_bar = np.zeros(shape)`, `x_bar[index] = value`."""
        target = statement.targets[0]
        value, place = self.apart(target, self.operand(statement.args[0]), self.index(statement.args[1]))
        self.comment(statement.location, statement.phase)
        dtype = target.type.dtype  # type: ignore[union-attr]
        named = [] if dtype == np.float64 else [ast.keyword("dtype", self.constant(dtype.type))]
        zeros = ast.Call(attribute(load(self.bind("np", np)), "zeros"), [self.operand(short_shape(statement.args[2]))], named)
        self.line(ast.Assign([store(self.label(target))], zeros, None), statement.location)
        self.line(ast.Assign([ast.Subscript(load(self.label(target)), place, ast.Store())], value, None), statement.location)

    def apart(self, target: Var, value: Any, place: Any) -> tuple[Any, Any]:
        """The value and the place of a part, evaluated before the name of the array is assigned where they read that name."""
        return value, place

    def in_place(self, statement: Assign) -> None:
        """`y[index] = value`, `y[index] += value`, `y[index] -= value`, `np.add.at(y, index, value)`."""
        if statement.primitive.writes in CHANGES:
            return self.list_in_place(statement)
        (target,), (base, index, value), written = statement.targets, statement.args, statement.primitive.writes
        assert isinstance(base, Var)
        shown, array = self.operand(value), self.operand(base)
        place = self.operand(index) if written == "at" else self.index(index)
        self.flush(self.memory[base])
        self.comment(statement.location, statement.phase)
        self.written_in_place(target, array.id)
        into = ast.Subscript(array, place, ast.Store())
        node: Any
        if written == "=":
            node = ast.AugAssign(into, shown.op, shown.right) if self.changes(statement, into, shown) else ast.Assign([into], shown, None)
        elif written == "at":
            node = ast.Expr(ast.Call(attribute(attribute(load(self.bind("np", np)), "add"), "at"), [array, place, shown], []))
        else:
            node = ast.AugAssign(into, ast.Add() if written == "+=" else ast.Sub(), shown)
        if isinstance(node, ast.Assign) and statement.phase > 0 and statement.location is None and SAVED.search(array.id):
            return self.saving(node)  # an array of what steps have made
        self.line(mark(node, statement), statement.location)

    def changes(self, statement: Assign, into: Any, shown: Any) -> bool:
        """Whether what is written is what was there, with something added to it, or times something: `y[i] *= 2`."""
        base, _, value = statement.args
        if not (isinstance(shown, ast.BinOp) and isinstance(shown.op, CHANGED) and isinstance(shown.left, ast.Subscript)):
            return False
        if not isinstance(value, Var) or self.unparse(shown.left) != self.unparse(into):
            return False
        if not isinstance(value.type, ArrayType):
            return True
        made = self.definitions[value].args[0]  # a part of an array takes numbers of its own kind, and as many
        return isinstance(made, Var) and made.type == value.type and value.type.dtype == base.type.dtype  # type: ignore[union-attr]

    def written_in_place(self, target: Var, label: str) -> None:
        """The version of an array that a write has made goes by the name of the array."""
        self.labels[target] = label

    def target(self, structure: Any, targets: Iterator[Var]) -> Any:
        if structure is None:
            return store(self.label(next(targets)))
        if structure.kind is list:
            return ast.List(self.read_of_list(structure.children, targets), ast.Store())
        return ast.Tuple([self.target(c, targets) for c in structure.children], ast.Store())

    def read_of_list(self, parts: Any, targets: Iterator[Var]) -> list[Any]:
        """The targets of what is taken out of a list; those at its end which nothing reads go by one name."""
        if any(part is not None for part in parts):
            return [self.target(part, targets) for part in parts]
        given = [next(targets) for _ in parts]
        read = max((i for i, t in enumerate(given, 1) if self.uses[t]), default=0)
        if len(given) - read < 2 or "_" in self.taken:
            read = len(given)
        rest = [ast.Starred(store("_"), ast.Store())] if read < len(given) else []
        return [store(self.label(t)) for t in given[:read]] + rest

    def folds(self, statement: Assign, value: Any) -> bool:
        """Whether the expression goes to its only use: a temporary, or a value without a name of the user's."""
        if not statement.targets or statement.result is not None or self.uses[statement.targets[0]] != 1:
            return False
        target, primitive = statement.targets[0], statement.primitive
        if target in self.grown or primitive.raised is not None or width(value) + ASSIGNED > self.room_for(statement):
            return False
        if primitive.effect or (self.effects and (primitive in READS or primitive is CALL)):
            return False
        named = self.function.names.get(target, "").rpartition("_bar")
        return is_nameless(statement, self.function.names) or (statement.phase > 0 and bool(named[1]))
