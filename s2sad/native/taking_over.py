"""An array takes over the memory of one that nothing reads any more, instead of memory of its own: text to text.

    scores = np.empty(n)                    scores = np.empty(n)
    ...                                     ...
    slopes = np.empty(n)                    slopes = scores
    for i in range(n):                      for i in range(n):
        t = scores[i]                           t = scores[i]
        slopes[i] = derivative(t)               slopes[i] = derivative(t)

That is so outside loops, of arrays of as many elements of one kind, if the one has no other name and is last read before the other is first
written: before the statement that does so, or in its steps, each of which reads an element and then writes the same.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

from s2sad.native.text_of_loops import Facts, assigned, loaded
from s2sad.native.work_arrays import Made, apart, made_by
from s2sad.parsing import parse


def taken_over(text: str) -> str:
    """The text of a native function, with memory for fewer arrays."""
    lines = text.split("\n")
    for name, line in _Arrays(text).taken():
        of = line.lineno - 1
        depth = len(lines[of]) - len(lines[of].lstrip())
        lines[of] = f"{lines[of][:depth]}{ast.unparse(line.targets[0])} = {name}"
    return "\n".join(lines)


class _Arrays:
    """The arrays that a function makes outside loops, and where it names them."""

    def __init__(self, text: str) -> None:
        function = parse(text).body[0]
        assert isinstance(function, ast.FunctionDef)
        self.body, self.facts, self.apart = function.body, Facts(function, frozenset()), apart(function)
        self.stores = Counter(assigned(function))
        self.named: dict[str, list[int]] = {}
        for number, statement in enumerate(self.body):
            for name in {n.id for n in ast.walk(statement) if isinstance(n, ast.Name)}:
                self.named.setdefault(name, []).append(number)

    def taken(self) -> Iterator[tuple[str, ast.Assign]]:
        """The names of arrays whose memory is taken, each with the statement that makes the one that takes it."""
        free: list[tuple[int, Made]] = []
        for number, statement in enumerate(self.body):
            made = made_by(statement)
            if made is None or self.facts.makers.get(made.name) != made.line:
                continue
            found = None if made.zeros else next((f for f in reversed(free) if self.may_take(made, f[1])), None)
            if found is not None:
                free.remove(found)
                yield found[1].name, statement  # type: ignore[misc]
            if self.apart.get(made.name) == len(made.lengths):
                free.append((number, made))

    def may_take(self, made: Made, other: Made) -> bool:
        """Whether an array may have the memory of another one, which was made before."""
        first, last = self.named[made.name][1:2], self.named[other.name][-1]
        if not first or last > first[0] or not self.is_alike(made, other):
            return False
        return last < first[0] or _each_step_reads_first(self.body[last], other.name, made.name)

    def is_alike(self, made: Made, other: Made) -> bool:
        """Whether two arrays have the same lengths, which nothing changes, and hold numbers of the same kind."""
        alike = [*map(ast.unparse, made.lengths), "", *map(ast.unparse, made.rest)]
        names = {name for length in made.lengths for name in loaded(length)}
        unchanged = all(self.stores[n] == (n not in self.facts.parameters) for n in names - {"max", "min"})
        return unchanged and alike == [*map(ast.unparse, other.lengths), "", *map(ast.unparse, other.rest)]


def _each_step_reads_first(loop: ast.stmt, read: str, written: str) -> bool:
    """Whether each step of loops in one another reads its own element of the one array, and then writes that of the other."""
    counters: list[str] = []
    body = [loop]
    while len(body) == 1 and isinstance(body[0], ast.For) and isinstance(body[0].target, ast.Name):
        if not {read, written}.isdisjoint(loaded(body[0].iter)):
            return False
        counters.append(body[0].target.id)
        body = body[0].body
    place = ", ".join(counters)
    if len(set(counters)) != len(counters) or any(name in counters for s in body for name in assigned(s)):
        return False
    there = False
    for statement in body:
        if not isinstance(statement, (ast.Assign, ast.AugAssign)) or not _is_at(statement, place, read, written):
            return False
        uses = [n.id for n in ast.walk(statement) if isinstance(n, ast.Name)]
        if there and read in uses:
            return False
        if written in uses and not there:
            there = _is_first_write(statement, written)
            if not there:
                return False
    return there


def _is_at(statement: ast.stmt, place: str, *arrays: str) -> bool:
    """Whether a statement names arrays only where they have their element of a step."""
    at = [n for n in ast.walk(statement) if isinstance(n, ast.Subscript) and isinstance(n.value, ast.Name) and n.value.id in arrays]
    named = sum(isinstance(n, ast.Name) and n.id in arrays for n in ast.walk(statement))
    return named == len(at) and all(ast.unparse(n.slice).strip("()") == place for n in at)


def _is_first_write(statement: ast.stmt, written: str) -> bool:
    """Whether a statement gives an array an element, which it does not read."""
    return isinstance(statement, ast.Assign) and written not in loaded(statement.value) and len(statement.targets) == 1
