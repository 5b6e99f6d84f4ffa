"""What native code is written with: lines, names, sizes, memory, and the nests that are not written yet."""

from __future__ import annotations

import builtins
import itertools
import keyword
from collections import Counter
from collections.abc import Iterable
from dataclasses import field
from typing import Any

import numpy as np

from s2sad.emit.breadth import beginning
from s2sad.emit.hints import identifier
from s2sad.errors import CannotBeNative, Location
from s2sad.ir.hints import described
from s2sad.ir.program import Block, Function, If, Loop, Operand, Var, shown_phase, variables
from s2sad.ir.typed import Asked, told_by_guards
from s2sad.native import nests, support
from s2sad.native.escaping import escaping
from s2sad.native.lazy import Memory
from s2sad.native.nests import Nest
from s2sad.native.places import Node, text
from s2sad.quickly import dataclass
from s2sad.types.polynomials import Symbol
from s2sad.types.sizes import Size, Whole, settled

LEAVE = "@leave"
DEAR = 6  # operations from which on an element that is needed again is stored
SUPPORT = frozenset(n for n, f in vars(support).items() if getattr(f, "__module__", "").startswith("s2sad.native."))
DTYPES = {"bool": "np.bool_"}


@dataclass(frozen=True)
class Number:
    """A number of a class: an expression without effects."""

    node: Node
    kind: Any
    size: Any = None
    at_least: Any = None  # a size that the number is not below


@dataclass(eq=False)
class Frame:
    """A loop that is being written: what stands in front of it, and which sizes are known there."""

    front: list[Any] = field(default_factory=list)


class Writer:
    """The state of what is being written."""

    def __init__(self, function: Function, known: Asked | None = None) -> None:
        self.function = function
        self.known = told_by_guards(function) if known is None else known
        self.hints = described(function.statements, function.names)
        self.left: Counter[Var] = Counter()
        self.used_in: dict[Var, set[int]] = {}
        self.handed_on: set[Var] = set()  # what blocks give
        self.home: dict[Var, int] = {}
        self.count(function.statements, 0)
        self.read(function.results, 0)
        self.escaping = escaping(function)
        self.env: dict[Var, Any] = {}
        self.labels: dict[Var, str] = {}
        self.taken = {"np", "math", "support", "prange", *SUPPORT, *keyword.kwlist, *dir(builtins)} - {"_"}
        self.given = {identifier(n) for n in function.names.values()}
        self.counted: Counter[str] = Counter()
        self.lines: list[Any] = []
        self.frames: list[Frame] = []
        self.branches: list[int] = []  # of each side of a branch around, how many loops are around that
        self.numbers = itertools.count(1)
        self.at_least: dict[Symbol, Any] = {}  # sizes that others are not below
        self.made: dict[Memory, tuple[list[Any], str]] = {}
        self.spare: set[Memory] = set()  # made for values that may turn out to be read in one nest alone
        self.lost: set[Any] = set()  # values of which something is written over that they are computed from
        self.pending: list[Nest] = []
        self.of_steps: set[str] = set()  # memory that is made in front of loops for what their steps need for themselves
        self.block = 0
        self.sizes: dict[Symbol, tuple[str, int]] = {}
        self.place: Any = None
        self.leaves = False
        self.front: list[Any] = []  # what is asked first of all
        self.given_numbers: set[str] = set()  # whole numbers that are given
        self.asked: set[str] = set()  # those of them that are asked whether they are small
        self.steps: set[str] = set()  # counters of loops
        self.counters = [c for c in (*nests.COUNTERS, *(f"{c}_{n}" for n in range(1, 4) for c in nests.COUNTERS)) if c not in self.given]
        self.taken.update(self.counters)
        self.used_counters: list[str] = []

    # How often what is read

    def count(self, statements: Iterable[Any], block: int) -> None:
        for statement in statements:
            for target in getattr(statement, "targets", ()):
                self.home[target] = block
            if isinstance(statement, Loop):
                bounds = (*(statement.range or ()), *statement.inits, *statement.scanned)
                self.read(bounds, block)
                for part in statement.blocks:
                    self.count_block(part)
            elif isinstance(statement, If):
                self.read((statement.atom,), block)
                for part in statement.blocks:
                    self.count_block(part)
            else:
                self.read(getattr(statement, "args", None) or (statement.atom,), block)

    def count_block(self, part: Block) -> None:
        for param in part.params:
            self.home[param] = id(part)
        self.count(part.statements, id(part))
        self.read(part.results, id(part))
        self.handed_on.update(v for r in part.results for v in variables(r))

    def read(self, operands: Iterable[Operand], block: int) -> None:
        for var in (v for o in operands for v in variables(o)):
            self.left[var] += 1
            self.used_in.setdefault(var, set()).add(block)

    # Names

    def hint(self, var: Var) -> str:
        hint = self.function.names.get(var)
        if hint is None:
            hint = self.hints.get(var, "")
            hint = "" if hint in self.given else hint
        return identifier(hint) if hint else ""

    def fresh(self, hint: str = "t") -> str:
        hint = identifier(hint or "t")
        label = hint
        while label in self.taken or (hint == "t" and label == "t"):
            self.counted[hint] += 1
            label = f"t{self.counted[hint]}" if hint == "t" else f"{hint}_{self.counted[hint]}"
        self.taken.add(label)
        return label

    # Lines

    def line(self, line: str) -> None:
        self.lines.append(line)

    here: tuple[Location | None, int] = (None, 0)

    def said(self, line: str) -> None:
        """A line under the user's line that it comes from."""
        self.comment(*self.here)
        self.lines.append(line)

    def inside(self) -> list[Any]:
        """A new block under the last line; what is written goes there until `self.lines` is set back."""
        block: list[Any] = []
        self.lines.append(block)
        outer, self.lines = self.lines, block
        return outer

    def comment(self, location: Location | None, phase: int) -> None:
        made = self.remark(location, phase)
        if made is not None and made != self.place:
            self.place = made
            self.line(made)

    def remark(self, location: Location | None, phase: int) -> str | None:
        if location is None or location.file.startswith("<rule"):
            return None
        location, phase = beginning(location), shown_phase(phase)
        where = location.short
        return f"# adjoint of {where}" if phase else f"# {where}  {location.text().strip()}".rstrip()

    def leave_if(self, test: Node) -> None:
        """Hand the call over where a condition holds."""
        self.leaves = True
        self.said(f"if {text(test)}:")
        self.lines.append([LEAVE])

    # Sizes

    def sizes_of(self, shape: tuple[Whole, ...]) -> tuple[Whole, ...]:
        """Sizes in the normal form that the guards of the function tell."""
        return tuple(settled(n) for n in self.known.shape(shape))

    def learn(self, dims: tuple[Whole, ...], label: str) -> None:
        """The sizes that are lengths of an array which has a name."""
        for axis, size in enumerate(dims):
            if isinstance(size, Size) and (symbol := size.symbol) is not None and symbol not in self.sizes:
                self.sizes[symbol] = (f"{label}.shape[{axis}]", len(self.frames))

    def learn_number(self, size: Any, label: str) -> None:
        if isinstance(size, Size) and (symbol := size.symbol) is not None and symbol not in self.sizes:
            self.sizes[symbol] = (label, len(self.frames))

    def size(self, size: Whole) -> str:
        """A size as text. Raises CannotBeNative where nothing that has a name tells it."""
        if not isinstance(size, Size):
            return str(int(size))
        parts: list[str] = []
        for term, factor in size.terms:
            factors = [self.symbol(s) for s in term]
            if abs(factor) != 1 or not factors:
                factors.insert(0, str(abs(factor)))
            sign = ("-" if factor < 0 else "") if not parts else (" - " if factor < 0 else " + ")
            parts.append(sign + " * ".join(factors))
        return "".join(parts)

    def symbol(self, symbol: Symbol) -> str:
        if symbol in self.sizes:
            return self.sizes[symbol][0]
        inner = [self.size(o) for o in symbol.operands]
        if symbol.operation in ("min", "max") and inner:
            return f"{symbol.operation}({', '.join(inner)})"
        if symbol.operation in ("//", "%") and inner:
            return f"(({inner[0]}) {symbol.operation} ({inner[1]}))"
        if symbol.operation == "length" and inner[3] == "1":
            return f"support.part_length({', '.join(inner[:3])})"
        raise CannotBeNative(f"the size {symbol} is not told by an argument", self.where)

    def level(self, size: Whole) -> int:
        """How many loops a size needs around it."""
        if not isinstance(size, Size):
            return 0
        return max((self.symbol_level(s) for s in size.symbols()), default=0)

    def symbol_level(self, symbol: Symbol) -> int:
        if symbol in self.sizes:
            return self.sizes[symbol][1]
        return max(map(self.level, symbol.operands), default=0)

    def forget_sizes(self) -> None:
        """After a loop, the sizes that only its steps tell."""
        self.sizes = {s: (label, level) for s, (label, level) in self.sizes.items() if level <= len(self.frames)}

    def is_told(self, size: Whole) -> bool:
        try:
            self.size(size)
        except CannotBeNative:
            return False
        return True

    where: Location | None = None

    # Memory

    def allocate(self, hint: str, dims: tuple[Whole, ...], dtype: Any, lasting: bool, filled: str = "empty") -> Memory:
        """New memory. What does not last beyond a step is made in front of all loops that its sizes allow."""
        level = len(self.frames) if lasting else min(len(self.frames), max(map(self.level, dims), default=0))
        memory = Memory(self.fresh(hint), np.dtype(dtype), dims)
        lines = self.lines if level == len(self.frames) else self.frames[level].front
        lines.append(f"{memory.label} = {self.new(dims, memory.dtype, filled)}")
        self.made[memory] = lines, lines[-1]
        if level < len(self.frames):
            self.of_steps.add(memory.label)
        return memory

    def new(self, dims: tuple[Whole, ...], dtype: np.dtype[Any], filled: str) -> str:
        shape = ", ".join(map(self.size, dims))
        shape = f"({shape},)" if len(dims) == 1 else f"({shape})"
        kind = "" if dtype == np.float64 else f", {self.dtype(dtype)}"
        return f"np.{filled}({shape if len(dims) != 1 else shape[1:-2]}{kind})"

    def dtype(self, dtype: Any) -> str:
        shown = np.dtype(dtype).name
        return DTYPES.get(shown, f"np.{shown}")
