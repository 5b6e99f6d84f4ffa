"""From a list to the text of a native function, and the part of the list that stays in front of it, the door."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad.errors import CannotBeNative
from s2sad.ir.hints import described
from s2sad.ir.program import ArrayType, Assign, Const, Function, Guard, Statement, Type, Var, reads, targets_of, variables
from s2sad.ir.typed import told_by_guards
from s2sad.native.branches import nothing_in
from s2sad.native.collecting import collected
from s2sad.native.homes import Homes
from s2sad.native.late_last import late_last
from s2sad.native.lazy import Lazy, Memory, View
from s2sad.native.numbers import is_kind, kind_of
from s2sad.native.one_sweep import in_one_sweep
from s2sad.native.places import name, negated, parsed
from s2sad.native.presence import say_what_is_there
from s2sad.native.reciprocals import by_reciprocals
from s2sad.native.regions import Regions
from s2sad.native.saved_turned import multiplied_from_saved
from s2sad.native.saving import save_what_is_made
from s2sad.native.seen import seen
from s2sad.native.sides_save import save_by_sides
from s2sad.native.sums_first import sums_first
from s2sad.native.writer import LEAVE, Number
from s2sad.quickly import dataclass
from s2sad.rules.native_forms import form_of
from s2sad.rules.structural import DIM, SHAPE

INDENT = "    "
SIDE = ("is", "type")
TEXTS = (str, bytes, type(None))  # of which native code knows nothing


@dataclass(frozen=True)
class Parts:
    """What stands in front, what is native, and the variables that the one hands to the other."""

    door: tuple[Statement, ...]
    core: tuple[Statement, ...]
    inputs: tuple[Var, ...]
    tables: tuple[Const, ...] = ()  # arrays of the code itself, which are handed over as well
    of_steps: frozenset[str] = frozenset()  # names of memory that holds nothing from one step of a loop to the next


def parted(function: Function) -> Parts:
    """What asks objects of Python stays in front, if it can stand there; all else is native. Raises CannotBeNative.

    What sizes tell may be computed on both sides.
    """
    native: set[Var] = set()
    door: list[Statement] = []
    core: list[Statement] = []
    for statement in function.statements:
        either = is_of_sizes(statement)
        if native.isdisjoint(reads(statement)) and (either or asks_objects(statement)):
            door.append(statement)
            if either:
                core.append(statement)
        else:
            core.append(statement)
            native.update(targets_of(statement))
    door, core = needed(door, set()), needed(core, {v for r in function.results for v in variables(r)})
    made = {t for s in core for t in targets_of(s)}
    wanted = {v for s in core for v in reads(s)} | {v for r in function.results for v in variables(r)}
    order = [*function.params, *(t for s in door for t in targets_of(s))]
    return Parts(tuple(door), tuple(core), tuple(v for v in order if v in wanted and v not in made and is_handed_over(v.type)))


def needed(statements: list[Statement], wanted: set[Var]) -> list[Statement]:
    """Without what sizes tell that nothing reads."""
    found: list[Statement] = []
    for statement in reversed(statements):
        if not is_of_sizes(statement) or not wanted.isdisjoint(targets_of(statement)):
            wanted.update(reads(statement))
            found.append(statement)
    return found[::-1]


def is_number(operand: Any) -> bool:
    """Whether a result is a number or an array; what else there is, Python gives by itself."""
    return is_handed_over(operand.type if isinstance(operand, Var) else type(operand.value))


def is_handed_over(kind: Type) -> bool:
    return isinstance(kind, ArrayType) or is_kind(kind)


def asks_objects(statement: Statement) -> bool:
    """Whether a statement asks what only Python can tell, of what is there before anything is computed."""
    if isinstance(statement, Guard):
        return True
    if not isinstance(statement, Assign):
        return False
    if statement.primitive.effect:
        raise CannotBeNative("what the function calls here has an effect", statement.location)
    objects = statement.primitive.structural and form_of(statement.primitive) is None
    return objects or any(v.type in TEXTS for v in reads(statement))


def is_of_sizes(statement: Statement) -> bool:
    """Whether a statement tells sizes, or compares whole numbers."""
    if not isinstance(statement, Assign) or form_of(statement.primitive) is None:
        return False
    if statement.primitive in (DIM, SHAPE):
        return True
    plain = all(t.type in (int, bool) for t in statement.targets)
    return plain and all(v.type in (int, bool) for v in reads(statement)) and statement.primitive.kind in ("zero", "elementwise")


class Core(Regions):
    """The native function of a list."""

    def text(self, label: str, inputs: tuple[Var, ...], core: tuple[Statement, ...], results: tuple[Any, ...]) -> str:
        self.constants = []
        self.homes, self.rooms = Homes(core), {}
        self.parameters(inputs)
        arguments = [self.labels[v] for v in inputs]
        body: list[Any] = []
        self.lines = body
        body.append(self.front)
        self.statements(core)
        given = [self.result(r) for r in results]
        self.flush()
        self.ask_late()
        self.here = (None, 0)
        self.leave_unless_finite(given)
        told = next((n for n, (_, kind) in enumerate(given) if is_float(kind)), None)
        self.says = self.leaves and told is None
        shown = ", ".join((["True"] if self.says else []) + [ast.unparse(n) for n, _ in given])
        self.line(f"return {shown}{',' if len(given) + self.says == 1 else ''}")
        arguments += [label for label, _ in self.constants]
        left = [(not_a_number if is_float(kind) else nothing)(kind) for _, kind in given]
        leave = "return " + ", ".join(["False", *left] if self.says else left) + ("," if len(left) + self.says == 1 else "")
        head = f"def {label}({', '.join(arguments)}):"
        return "\n".join([head, *laid_out(body, 1, leave)]) + "\n"

    def leave_unless_finite(self, given: list[tuple[Any, Type]]) -> None:
        """Hand the call over where arrays that are given hold a NaN or an infinity, so that nobody has to look at them."""
        arrays = [(n, k) for n, k in given if isinstance(k, ArrayType) and k.shape and k.dtype.kind in "fc"]
        asked = dict.fromkeys(f"support.finite({ast.unparse(n)})" for n, _ in arrays)
        if asked and self.looks:
            self.leave_if(negated(parsed(" and ".join(asked))))

    looks = False  # whether what is given is looked at here

    def parameters(self, inputs: tuple[Var, ...]) -> None:
        for var in inputs:
            label = self.fresh(self.hint(var) or "x")
            self.labels[var] = label
            if isinstance(var.type, ArrayType) and var.type.shape:
                if var.type.dtype.kind not in "fiubc" or var.type.dtype.name in ("float16", "longdouble", "clongdouble", "uint64"):
                    raise CannotBeNative(f"an array of {var.type.dtype} is read", None)
                dims = self.sizes_of(var.type.shape)
                self.env[var] = View(Memory(label, var.type.dtype, dims, owned=False, roots=OUTSIDE))
                self.learn(dims, label)
                self.learn(var.type.shape, label)
            elif isinstance(var.type, ArrayType):
                self.env[var] = Number(parsed(f"{label}[()]"), var.type.dtype.type)
            else:
                self.env[var] = Number(name(label), var.type)
                self.given_numbers.update([label] if var.type is int else [])
                if var.size is not None:
                    self.learn_number(var.size, label)

    def result(self, operand: Any) -> tuple[Any, Type]:
        """A result as an expression, and its type: arrays lie in memory that nobody else has."""
        if isinstance(operand, Const) and not is_kind(type(operand.value)):
            raise CannotBeNative("the function gives something other than numbers and arrays", None)
        kind = operand.type if isinstance(operand, Var) else type(operand.value)
        self.ready((operand,))
        found = self.take(operand)
        if isinstance(found, Number):
            return found.node, kind
        if not isinstance(found, Lazy):
            raise CannotBeNative("the function gives something other than numbers and arrays", None)
        view = found.stored or found
        shared = isinstance(view, View) and (not view.is_whole or not view.memory.owned or view.memory in self.given_away)
        if shared or not isinstance(view, View):
            copy = View(self.allocate(found.hint or "result", found.dims, found.dtype, True))
            self.add(self.storing(view, copy), found.dims)
            view = copy
        self.given_away.add(self.hold(view.memory))
        return name(view.memory.label), kind

    given_away: set[Memory]
    says = False  # whether the first result says if the call is answered


OUTSIDE = frozenset({-1})


def is_wide(dtype: np.dtype[Any]) -> bool:
    """Whether each real number of a dtype has 64 bits."""
    return dtype in (np.float64, np.complex128)


def is_float(kind: Type) -> bool:
    return not isinstance(kind, ArrayType) and np.dtype(kind_of(kind)).kind == "f"


def not_a_number(kind: Type) -> str:
    """A number that says that the call is handed over: what gives NaN is asked of the code in Python."""
    return "np.nan" if np.dtype(kind_of(kind)).itemsize >= 8 else f"np.{np.dtype(kind_of(kind)).name}(np.nan)"


def nothing(kind: Type) -> str:
    """What stands for a result where the call is handed over."""
    if isinstance(kind, ArrayType) and kind.shape:
        return nothing_in(Memory("", kind.dtype, kind.shape))
    zero = np.dtype(kind_of(kind))
    return (
        {"f": "0.0", "i": "0", "b": "False", "c": "0j"}.get(zero.kind, "0")
        if zero.itemsize >= 8 or zero.kind == "b"
        else f"np.{zero.name}(0)"
    )


def laid_out(lines: list[Any], depth: int, leave: str) -> list[str]:
    """Lines and blocks as text; a list that follows no head of a block is at the depth of the lines around it."""
    found: list[str] = []
    for line in lines:
        if isinstance(line, list):
            inner = bool(found) and found[-1].endswith(":") and not found[-1].lstrip().startswith("#")
            found += laid_out(line, depth + inner, leave)
        else:
            found.append(INDENT * depth + (leave if line == LEAVE else line))
    return found


def native_text(function: Function, label: str, looks: bool = False) -> tuple[str, Parts, bool, list[str]]:
    """The text of the native function, what stands in front, whether its first result says if it answers, and names for what it gives.

    One that `looks` hands over the calls in which an array that it gives is not finite.
    """
    function = late_last(by_reciprocals(collected(save_what_is_made(in_one_sweep(save_by_sides(function))))))
    function = multiplied_from_saved(sums_first(say_what_is_there(function)))
    function = replace(function, results=tuple(filter(is_number, function.results)))
    parts = parted(function)
    core = Core(Function(function.name, parts.inputs, parts.core, function.results, function.names), told_by_guards(function))
    core.carried_memory, core.late, core.looks = set(), [], looks
    core.seen = seen(replace(function, statements=parts.core)) if looks else frozenset()
    core.given_away, core.chain_of, core.widths, core.gathered_so_far, core.becomes = set(), {}, {}, {}, {}
    hints = described(function.statements, function.names)
    known = {**hints, **function.names}
    called = [known.get(r, "result") if isinstance(r, Var) else "result" for r in function.results]
    text = core.text(label, parts.inputs, parts.core, function.results)
    tables = tuple(Const(value) for _, value in core.constants)
    return text, replace(parts, tables=tables, of_steps=frozenset(core.of_steps)), core.says, called
