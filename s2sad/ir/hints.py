"""What variables may be called that have no name in the source, by what they are: an element `x[i]` is `x_i`, `x[i - 1]` is `x_prev`,
`np.exp(z)` is `exp_z`, the rows of `A` are `A_rows`, `K @ H` is `K_times_H`, `u[1:-1, 1:-1]` is `u_inner`, `net.bias` is `net_bias`.

What is not told by that may be told by its use: what is added to `p_bar[2:]` is the `p_tail_bar` of what is read there, and what others
are divided by is a denominator. An array that is multiplied by numbers is `p_scaled`, where that is all that can be said.

Such a name is no promise that the variable gets a line of its own, as a name of the user's is.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from s2sad.ir.program import ArrayType, Assign, Block, Const, Display, If, Loop, Operand, Statement, Var, everything, variables
from s2sad.rules.language import BY_FUNCTION, METHOD_NAMES
from s2sad.rules.operations import ADD, COPY, COPY_IN_ORDER, DIVIDE, FLOAT, GETITEM, MATMUL, MULTIPLY, NEGATE, POWER, SCATTER, SUBTRACT
from s2sad.rules.structural import ATTRIBUTE, CELL, DEFAULT, DIM, GLOBAL, ITEM

SAME = frozenset({COPY, COPY_IN_ORDER, FLOAT})  # which give what they are given
ENDINGS = ("_bar", "_dot")
SAVED = "_saved"
AXES = ("rows", "cols")
POWERS = {2: "squared", 3: "cubed"}
JOINED = {ADD: "plus", SUBTRACT: "minus", MULTIPLY: "times", DIVIDE: "over", MATMUL: "times"}
MOST = 16  # characters of what is called after two others
MOST_SCALED = 18
SIDES = {1: (("head", "tail"),), 2: (("above", "below"), ("left", "right"))}  # of an array with so many axes, along each
OUTSIDE = frozenset({GLOBAL, CELL, DEFAULT, ATTRIBUTE, ITEM})
TRANSPOSE = BY_FUNCTION[np.transpose]


def described(statements: Sequence[Statement], names: Mapping[Var, str]) -> dict[Var, str]:
    """What the variables of statements without names may be called."""
    return _Describing(names).run(statements)


class _Describing:
    def __init__(self, names: Mapping[Var, str]) -> None:
        self.names = names
        self.found: dict[Var, str] = {}
        self.made: dict[Var, Assign] = {}
        self.indices: set[Var | None] = set()
        self.expressions: set[Operand] = set()  # which are called after what they join
        self.products: dict[Var, str] = {}  # what cotangents that are joined with others may be called, where their use tells nothing
        self.scaled: dict[Var, str] = {}  # the array that has been multiplied by numbers
        self.divisors: set[Var] = set()
        self.read: set[Var] = set()  # otherwise than as a divisor

    def run(self, statements: Sequence[Statement]) -> dict[Var, str]:
        for statement in everything(tuple(statements)):
            match statement:
                case Assign():
                    self.assign(statement)
                case Loop():
                    self.indices.add(statement.index)
                    for element, stack in zip(statement.elements, statement.scanned, strict=True):
                        self.give(element, _before_it_was_saved(self.called(stack)))
                    self.note_results(statement.body)
                case If():
                    self.note_results(statement.then)
                    self.note_results(statement.orelse)
        for var in self.divisors - self.read:
            self.give(var, "denominator")
        for var, name in (*self.products.items(), *self.scaled.items()):
            self.give(var, name)
        return self.found

    def assign(self, statement: Assign) -> None:
        self.made.update(dict.fromkeys(statement.targets, statement))
        self.note_reads(statement)
        self.store(statement)
        if len(statement.targets) == 1:
            name = self.of(statement)
            if statement.primitive in JOINED and ENDINGS[0] in name:
                self.products[statement.targets[0]] = name
            else:
                self.give(statement.targets[0], name)
            self.note_scaled(statement)

    def note_reads(self, statement: Assign) -> None:
        """What is read, as a divisor or in another way."""
        divides = statement.primitive is DIVIDE
        self.divisors.update(v for v in statement.args[1:] if divides and isinstance(v, Var))
        self.read.update(v for a in (statement.args[:1] if divides else statement.args) for v in variables(a))

    def note_results(self, block: Block) -> None:
        self.read.update(v for r in block.results for v in variables(r))

    def note_scaled(self, statement: Assign) -> None:
        """An array times numbers, or divided by them, is called after the array, if nothing else is known of it."""
        if statement.primitive is MULTIPLY or statement.primitive is DIVIDE:
            arrays = [a for a in statement.args if isinstance(a, Var) and isinstance(a.type, ArrayType)]
            if len(arrays) == 1 and (statement.primitive is MULTIPLY or arrays[0] is statement.args[0]):
                name = self.called(arrays[0]) if arrays[0] in self.names or arrays[0] not in self.expressions else ""
                name = f"{name}_scaled" if name else self.scaled.get(arrays[0], "")
                self.scaled.update({statement.targets[0]: name} if 0 < len(name) <= MOST_SCALED else {})

    def give(self, var: Operand | None, name: str) -> None:
        if isinstance(var, Var) and name and var not in self.names:
            self.found.setdefault(var, name)

    def called(self, operand: Any) -> str:
        return self.names.get(operand) or self.found.get(operand, "") if isinstance(operand, Var) else ""

    def store(self, statement: Assign) -> None:
        """A value that is put into an array is that element of it; what is added to a cotangent is that of what is read there."""
        if statement.primitive is SCATTER:
            self.give(statement.args[0], self.part(self.called(statement.targets[0]), statement.args[1], _rank(statement.targets[0])))
        if statement.primitive.writes not in ("=", "+="):
            return
        array, index, value = statement.args
        name = self.called(array)
        if statement.primitive.writes == "=" or name.endswith(ENDINGS[0]):
            self.give(value, self.part(name, index, _rank(array)))

    def of(self, statement: Assign) -> str:
        primitive, args = statement.primitive, statement.args
        if primitive in SAME:
            return self.called(args[0])
        if primitive is GETITEM:
            return self.part(self.called(args[0]), args[1], _rank(args[0]))
        if primitive is DIM:
            return self.length(args[0], args[1])
        if primitive in OUTSIDE:
            return self.outside(*args)
        if primitive is ADD or primitive is SUBTRACT:
            return self.beside(statement) or self.joined(statement)
        if primitive is POWER or primitive is MULTIPLY:
            return self.times(statement) or self.joined(statement)
        if primitive in JOINED:
            return self.joined(statement)
        if primitive is NEGATE:
            return self.short(args[0]) and f"minus_{self.short(args[0])}"
        if primitive is TRANSPOSE and isinstance(args[1], Const) and args[1].value is None:
            return self.called(args[0]) and f"{self.called(args[0])}_T"
        if primitive.kind == "elementwise" and primitive.root is not None and len(args) == 1:
            name = getattr(primitive.callee, "__name__", "")
            return f"{name}_{self.called(args[0])}" if self.called(args[0]) and args[0] not in self.expressions else name
        if primitive in METHOD_NAMES and any(p.name == "axis" for p in primitive.parameters):  # a sum, an extreme, where that is
            return self.short(args[0]) and f"{self.short(args[0])}_{METHOD_NAMES[primitive]}"
        return ""

    def outside(self, owner: Operand, key: Operand) -> str:
        """What is read from outside: by its own name, behind that of the owner where that is no longer than a word."""
        value = getattr(key, "value", None)
        if isinstance(value, int) and self.called(owner):
            return f"{self.called(owner)}_{value}" if value >= 0 else ""
        if not isinstance(value, str) or not value.isidentifier():
            return ""
        return f"{self.called(owner)}_{value}" if self.called(owner) and len(self.called(owner)) + len(value) < MOST else value

    def joined(self, statement: Assign) -> str:
        """The sum, the product, ... of two things that have names."""
        if statement.primitive not in JOINED:
            return ""
        one, other = statement.args
        if statement.primitive is MULTIPLY and _is_half(one, other):
            return self.short(other) and f"half_{self.short(other)}"
        word, names = JOINED[statement.primitive], [self.short(one), self.short(other)]
        if statement.primitive is MATMUL and all(len(getattr(a.type, "shape", ())) == 1 for a in (one, other) if isinstance(a, Var)):
            word = "dot"
        name = f"{names[0]}_{word}_{names[1]}"
        if one is other and statement.primitive is MULTIPLY:
            return names[0] and f"{names[0]}_squared"
        if not all(names) or len(name) > MOST:
            return ""
        self.expressions.add(statement.targets[0])
        return name

    def short(self, operand: Operand) -> str:
        """What an operand is called that is no expression of others."""
        name = self.called(operand)
        plain = operand in self.names or operand not in self.expressions
        return name if plain and len(name) <= MOST // 2 and not name.endswith(SAVED) else ""

    def beside(self, statement: Assign) -> str:
        """The number before an index or after it, or one less or more than another."""
        one, other = statement.args
        if not (isinstance(one, Var) and _is_whole(one) and isinstance(other, Const) and type(other.value) is int and self.called(one)):
            return ""
        more = statement.primitive is ADD
        if one in self.indices and other.value == 1:
            return f"{self.called(one)}_{'next' if more else 'prev'}"
        return f"{self.called(one)}_{'plus' if more else 'minus'}_{other.value}" if other.value > 0 else ""

    def times(self, statement: Assign) -> str:
        """A square, a cube, a multiple of a whole number."""
        one, other = sorted(statement.args, key=lambda a: isinstance(a, Const)) if statement.primitive is MULTIPLY else statement.args
        number = other.value if isinstance(other, Const) and type(other.value) is int else 0
        if statement.primitive is POWER:
            return self.called(one) and POWERS.get(number, "") and f"{self.called(one)}_{POWERS[number]}"
        if number > 1 and isinstance(one, Var) and _is_whole(one):
            return self.called(one) and f"{self.called(one)}_times_{number}"
        twice = isinstance(other, Const) and type(other.value) in (int, float) and other.value == 2
        return self.short(one) and f"twice_{self.short(one)}" if twice else ""

    def length(self, array: Operand, axis: Operand) -> str:
        name = self.called(array)
        rank, k = _rank(array), getattr(axis, "value", 0)
        return name and f"{name}_{'len' if rank == 1 else AXES[k] if rank == 2 else f'dim{k}'}"

    # Elements

    def part(self, name: str, index: Operand, rank: int) -> str:
        """An element or a part of a named array with so many axes."""
        if not name or name.endswith(SAVED):
            return _before_it_was_saved(name)
        for ending in ENDINGS:
            if name.endswith(ending):
                return f"{self.part(name.removesuffix(ending), index, rank)}{ending}"
        words = _sides(index, rank) or [w for w in map(self.word, _parts(index)) if w]
        if not words:
            return f"{name}_part"
        if all(w.isdigit() for w in words):
            return f"{name}{'_' if name[-1].isdigit() else ''}{''.join(words)}"
        return f"{name}_{('' if all(len(w) == 1 for w in words) else '_').join(words)}"

    def word(self, index: Any) -> str:
        """How an index along one axis shows in a name; not at all that of a slice."""
        value = index.value if isinstance(index, Const) else index
        if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
            return str(value) if value >= 0 else "last" if value == -1 else f"last{-value}"
        if not isinstance(value, Var) or isinstance(value.type, ArrayType):
            return ""
        made = self.made.get(value)
        beside = "" if made is None or value in self.names or made.primitive not in (ADD, SUBTRACT) else self.beside(made)
        if beside.endswith(("_prev", "_next")):
            return beside[-4:]
        return self.called(value)


def _before_it_was_saved(name: str) -> str:
    return name.removesuffix(SAVED) if name.endswith(SAVED) and name != f"t{SAVED}" else ""


def _parts(index: Operand) -> tuple[Any, ...]:
    if isinstance(index, Display) and index.kind is tuple:
        return index.items
    if isinstance(index, Const) and isinstance(index.value, tuple):
        return index.value
    return (index,)


def _sides(index: Operand, rank: int) -> list[str]:
    """Where the part lies that slices name, in words: inside, or at an end of some of the axes; nothing if it cannot be said so."""
    if rank not in SIDES or len(_parts(index)) > rank:
        return []
    ends = [_end(part) for part in _parts(index)]
    if any(end is None for end in ends):
        return []
    sides = [words[end] for words, end in zip(SIDES[rank], ends, strict=False) if isinstance(end, int)]
    return [] if len(sides) > 1 else sides or ["inner"] * ("inner" in ends)


def _end(index: Any) -> int | str | None:
    """Whether a slice along one axis is at the front (0), at the back (1), inside, or all of it (""); None if it is none of these."""
    value: Any = index.value if isinstance(index, Const) else index
    start: Any
    stop: Any
    if isinstance(value, Display) and value.kind is slice:
        start, stop, step = [i.value if isinstance(i, Const) else i for i in value.items]
    elif isinstance(value, slice):
        start, stop, step = value.start, value.stop, value.step
    else:
        return None
    if step not in (None, 1):
        return None
    bounded = [not (bound is None or (isinstance(bound, int) and bound == 0)) for bound in (start, stop)]
    if all(bounded):
        inside = all(isinstance(bound, int) for bound in (start, stop)) and start > 0 > stop
        return "inner" if inside else None
    return 0 if bounded[1] else 1 if bounded[0] else ""


def _rank(array: Operand) -> int:
    kind = getattr(array, "type", None)
    return len(kind.shape) if isinstance(kind, ArrayType) else 0


def _is_half(one: Operand, other: Operand) -> bool:
    return isinstance(one, Const) and type(one.value) is float and one.value == 0.5 and isinstance(other, Var)


def _is_whole(var: Var) -> bool:
    return isinstance(var.type, type) and issubclass(var.type, (int, np.integer))
