"""The proof that the steps of a loop are independent: told by the text of the loop, which has nothing but names, indices and calls.

An array that is written is read and written by each step in its own part: at one axis, all that a step touches has the number of the step
as its index, or that and a number which is the same for all steps. A name that steps set is set before it is read, and not read after
the loop, or it is a sum: steps add to it, and read it in no other way; so it may be with arrays. What is left in the middle of a step is
left for all.
"""
from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import field

from s2sad.native.text_of_loops import Facts, assigned, loaded, makes_array, pairs
from s2sad.parsing import parse
from s2sad.quickly import dataclass

FEW = 64  # steps, of which it is known that there are no more, are not worth it
PURE = frozenset({"abs", "bool", "complex", "float", "int", "len", "max", "min", "pow", "range", "round"})
WRITES = frozenset({"copyto", "put", "place", "putmask", "fill_diagonal"})
PLAIN = frozenset({"shape", "size", "ndim", "dtype"})


class Dependent(Exception):
    """Why steps are not known to be independent; of a short loop it is not worth being said."""

    def __init__(self, reason: str, short: bool = False) -> None:
        super().__init__(reason)
        self.short = short


@dataclass
class Proof:
    """What the function of some steps takes and gives."""

    first: str
    step: int
    reads: list[str] = field(default_factory=list)
    sums: dict[str, str] = field(default_factory=dict)
    """The numbers that are added up, and what a sum begins with."""
    arrays: list[str] = field(default_factory=list)
    """The arrays into which steps add at places that are not theirs alone."""
    private: list[str] = field(default_factory=list)
    """The arrays that are made for each chunk."""
    leave: int = 0
    """The line that leaves the function; 0 where no step does."""
    inside: frozenset[str] = frozenset()
    values: dict[str, ast.expr] = field(default_factory=dict)

    def in_front(self, expression: ast.expr, depth: int = 4) -> str | None:
        """An expression as it may be evaluated in front of the loop; None where it cannot."""
        names = set(loaded(expression))
        if not names & self.inside:
            return ast.unparse(expression)
        if isinstance(expression, ast.Name) and depth and expression.id in self.values:
            return self.in_front(self.values[expression.id], depth - 1)
        return None


def proof(loop: ast.For, facts: Facts) -> Proof:
    """What there is to know of an independent loop. Raises Dependent."""
    first, step = bounds(loop)
    return Checking(loop, facts, Proof(first, step)).done()


def bounds(loop: ast.For) -> tuple[str, int]:
    """The number of the first step, and how far it is to the next."""
    call = loop.iter
    counts = isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "range"
    if not isinstance(call, ast.Call) or not counts or not isinstance(loop.target, ast.Name):
        raise Dependent("it does not count")
    step = ast.unparse(call.args[2]) if len(call.args) == 3 else "1"
    if step not in ("1", "-1"):
        raise Dependent("it does not count by one")
    ends = [a.value for a in call.args[:2] if isinstance(a, ast.Constant) and isinstance(a.value, int)]
    if len(ends) == len(call.args[:2]) and abs(ends[-1] - (ends[0] if len(ends) > 1 else 0)) <= FEW:
        raise Dependent("it has few steps", short=True)
    first = "0" if len(call.args) == 1 else f"({ast.unparse(call.args[0])})"
    return ("0" if first == "(0)" else first), int(step)


class Checking:
    """One loop that is looked at."""

    def __init__(self, loop: ast.For, facts: Facts, proof: Proof) -> None:
        self.loop, self.facts, self.proof = loop, facts, proof
        assert isinstance(loop.target, ast.Name)
        self.counter = loop.target.id
        self.set = {name for s in loop.body for name in assigned(s)}
        self.nodes = [n for s in loop.body for n in ast.walk(s)]

    def done(self) -> Proof:
        found = self.proof
        found.inside = frozenset(self.set | {self.counter})
        self.leaving()
        self.sums()
        self.names()
        self.memory()
        once = [(t.id, v) for s in self.nodes if isinstance(s, ast.stmt) for t, v in pairs(s) if isinstance(t, ast.Name)]
        found.values = {name: value for name, value in once if [n for n, _ in once].count(name) == 1}
        used = dict.fromkeys(n.id for s in self.loop.body for n in ast.walk(s) if isinstance(n, ast.Name))
        needed = [*used, *(n for label in found.private for n in loaded(self.maker(label))), *loaded(parse(found.first))]
        hidden = {*found.inside, *found.sums, *found.private, *found.arrays}
        found.reads = [n for n in dict.fromkeys(needed) if n in self.facts.local and n not in hidden]
        return found

    def maker(self, label: str) -> ast.expr:
        return self.facts.beginnings[label][0][1]

    def leaving(self) -> None:
        """A step may leave the function, but not the loop."""
        if self.loop.orelse or any(isinstance(n, (ast.Break, ast.Continue)) for n in own_loop(self.loop.body)):
            raise Dependent("a step decides whether there are others")
        left = [n for n in self.nodes if isinstance(n, ast.Return)]
        self.proof.leave = left[0].lineno if left else 0

    def sums(self) -> None:
        """The numbers that steps add to and do not look at."""
        for name in self.set - self.facts.arrays:
            added = [s for s in self.nodes if isinstance(s, ast.stmt) and any(is_sum(t, v, name) for t, v in additions(s))]
            if added and self.is_added_up(name, len(added)):
                begin = [v for line, v in self.facts.beginnings.get(name, ()) if line < self.loop.lineno]
                zero = zero_like(begin[-1]) if begin else None
                if zero is None:
                    raise Dependent(f"it adds to {name}, which is not known to begin as a number")
                self.proof.sums[name] = zero

    def is_added_up(self, name: str, added: int) -> bool:
        """Whether a name is read and set in no other way than to add to it."""
        reads = sum(n == name for s in self.loop.body for n in loaded(s))
        sets = sum(n == name for s in self.loop.body for n in assigned(s))
        plain = sum(isinstance(s, ast.AugAssign) and isinstance(s.target, ast.Name) and s.target.id == name for s in self.nodes)
        return sets == added and reads == added - plain

    def names(self) -> None:
        """Other numbers that steps set are theirs alone."""
        carried = exposed(self.loop.body, {self.counter})[0] & self.set - {*self.proof.sums}
        if carried:
            raise Dependent(f"a step needs {min(carried)} of the step before")
        later = self.facts.read_elsewhere(self.set - {*self.proof.sums}, self.loop)
        if later:
            raise Dependent(f"{min(later)} of the last step is needed after it")

    def memory(self) -> None:
        """What is written lies in the part of a step, or is added up, or is made for it."""
        made = {t.id for s in self.nodes if isinstance(s, ast.stmt) for t, v in pairs(s) if isinstance(t, ast.Name) and makes_array(v)}
        other = sorted((self.set & self.facts.arrays) - made)
        if other:
            raise Dependent(f"{other[0]} stands for other memory in each step")
        uses = [*self.uses()]
        for label in dict.fromkeys(name for name, _, kind in uses if kind != "read"):
            if label in made:
                continue
            mine = [(index, kind) for name, index, kind in uses if name in self.facts.family[label]]
            shared = len({name for name, _, _ in uses if name in self.facts.family[label]}) > 1
            if label in self.facts.parameters or shared:
                raise Dependent(f"{label} may be the same memory as something else")
            if self.has_own_part(mine):
                continue
            if all(kind == "add" for _, kind in mine):
                self.proof.arrays.append(label)
            elif self.may_be_made_anew(label):
                self.proof.private.append(label)
            else:
                raise Dependent(f"steps write and read {label} at places that are not known to be theirs alone")

    def may_be_made_anew(self, label: str) -> bool:
        """Whether an array holds nothing from step to step, and is used here alone."""
        inside = sum(n == label for s in self.loop.body for n in loaded(s))
        known = label in self.facts.of_steps and label in self.facts.makers and self.facts.reads[label] == inside
        return known and self.facts.makers[label] < self.loop.lineno and not self.set.intersection(loaded(self.maker(label)))

    def has_own_part(self, uses: list[tuple[list[ast.expr] | None, str]]) -> bool:
        """Whether there is an axis at which all uses have one and the same index, which is another one in each step."""
        if any(index is None for index, _ in uses):
            return False
        indices = [index for index, _ in uses if index is not None]
        for axis in range(min(map(len, indices))):
            texts = {ast.unparse(index[axis]) for index in indices}
            if len(texts) == 1 and self.is_own(indices[0][axis]):
                return True
        return False

    def is_own(self, index: ast.expr) -> bool:
        """Whether an index is the number of the step, or moved by what is the same for all steps."""
        if isinstance(index, ast.BinOp) and isinstance(index.op, (ast.Add, ast.Sub)):
            sides = [self.counter in loaded(side) for side in (index.left, index.right)]
            fixed = index.right if sides[0] else index.left
            return sum(sides) == 1 and not self.set.intersection(loaded(fixed)) and self.is_own(index.left if sides[0] else index.right)
        return isinstance(index, ast.Name) and index.id == self.counter

    def uses(self) -> Iterator[tuple[str, list[ast.expr] | None, str]]:
        """Where arrays are used: the name, the index if there is one, and whether it is read, written, or added to."""
        added = [n.target for n in self.nodes if isinstance(n, ast.AugAssign) and isinstance(n.op, (ast.Add, ast.Sub))]
        changed = [n.target for n in self.nodes if isinstance(n, ast.AugAssign)]
        given = {id(n) for call in self.nodes if isinstance(call, ast.Call) and not is_pure(call) for n in ast.walk(call)}
        bases = {id(n.value) for n in self.nodes if isinstance(n, ast.Subscript)}
        sizes = {id(n.value) for n in self.nodes if isinstance(n, ast.Attribute) and n.attr in PLAIN}
        for node in self.nodes:
            if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id in self.facts.arrays:
                writes = node in changed or isinstance(node.ctx, ast.Store) or id(node) in given
                yield node.value.id, indices_of(node.slice), "add" if node in added else "write" if writes else "read"
            elif isinstance(node, ast.Name) and node.id in self.facts.arrays and id(node) not in bases | sizes:
                yield node.id, None, "write" if id(node) in given else "read"


def indices_of(node: ast.expr) -> list[ast.expr]:
    return node.elts if isinstance(node, ast.Tuple) else [node]


def is_pure(call: ast.Call) -> bool:
    """Whether a call writes into none of its arguments: a function of numbers, or one of NumPy without a place for its result."""
    function = call.func
    if ast.unparse(function).startswith("scipy.special.cython_special."):  # which takes numbers
        return True
    if isinstance(function, ast.Name):
        return function.id in PURE
    if not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Name):
        return False
    plain = len(call.args) < 3 and not call.keywords and function.attr not in WRITES
    return function.value.id in ("math", "support") or (function.value.id == "np" and plain)


def own_loop(statements: list[ast.stmt]) -> Iterator[ast.AST]:
    """The nodes of a loop that are not within another loop in it."""
    for statement in statements:
        if not isinstance(statement, (ast.For, ast.While)):
            yield statement
            for part in ("body", "orelse"):
                yield from own_loop(getattr(statement, part, []))


def additions(statement: ast.stmt) -> Iterator[tuple[ast.expr, ast.expr]]:
    """The targets of a statement with what they get, `x += y` written out."""
    if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
        yield statement.target, ast.BinOp(ast.Name(statement.target.id, ast.Load()), statement.op, statement.value)
    yield from pairs(statement)


def is_sum(target: ast.expr, value: ast.expr, name: str) -> bool:
    """Whether something is added to a name."""
    if not isinstance(target, ast.Name) or target.id != name or not isinstance(value, ast.BinOp):
        return False
    left = isinstance(value.left, ast.Name) and value.left.id == name
    right = isinstance(value.right, ast.Name) and value.right.id == name
    if isinstance(value.op, ast.Add):
        return left != right and name not in loaded(value.right if left else value.left)
    return isinstance(value.op, ast.Sub) and left and name not in loaded(value.right)


def zero_like(value: ast.expr) -> str | None:
    """The number zero of the class of a constant; None where that is not known."""
    if isinstance(value, ast.Constant) and type(value.value) in (int, float, complex):
        return {int: "0", float: "0.0", complex: "0j"}[type(value.value)]
    if isinstance(value, ast.Call) and len(value.args) == 1 and isinstance(value.args[0], ast.Constant):
        called = ast.unparse(value.func)
        if called.startswith(("np.float", "np.complex")):
            return f"{called}(0.0)"
        return "complex(0.0)" if called == "complex" else None
    return None


def exposed(statements: list[ast.stmt], known: set[str]) -> tuple[set[str], set[str]]:
    """The names that may be read before they are set, and those that are set for sure in the end."""
    needed: set[str] = set()
    known = set(known)
    for statement in statements:
        if isinstance(statement, ast.For):
            needed |= set(loaded(statement.iter)) - known
            needed |= exposed(statement.body, known | set(assigned(statement.target)))[0]
        elif isinstance(statement, ast.While):
            needed |= set(loaded(statement.test)) - known
            needed |= exposed(statement.body, known)[0]
        elif isinstance(statement, ast.If):
            needed |= set(loaded(statement.test)) - known
            sides = [exposed(side, known) for side in (statement.body, statement.orelse)]
            needed |= sides[0][0] | sides[1][0]
            ends = [{*set_, *()} for (_, set_), side in zip(sides, (statement.body, statement.orelse), strict=True) if not leaves(side)]
            known |= set.intersection(*ends) if ends else set()
        else:
            read = set(loaded(statement))
            if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
                read.add(statement.target.id)
            needed |= read - known
            known |= set(assigned(statement))
    return needed, known


def leaves(statements: list[ast.stmt]) -> bool:
    return bool(statements) and isinstance(statements[-1], ast.Return)
