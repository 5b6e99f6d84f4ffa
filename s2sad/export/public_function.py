"""The public function of an exported module: arguments checked, the path run, results in their structure."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.errors import NotDifferentiable
from s2sad.export.literals import literal
from s2sad.export.module_text import SELF_CHECK
from s2sad.export.outside_reads import Captured
from s2sad.ir.program import ArrayType, Type

WIDTH = 110


@dataclass(frozen=True)
class Entry:
    """The public function `name`, and `inner`, the generated one that takes leaves.

    `arguments` are the parameters with their values at the point of export, of which the first `positional` may be
    passed by position; `types` are those of their leaves on the path; `chosen` are those differentiated; `structure`
    and `results` are what `value_and_grad` gave.
    """

    name: str
    inner: str
    title: str
    arguments: dict[str, Any]
    types: list[Type]
    positional: int
    captured: list[Captured]
    chosen: list[str]
    single: bool
    structure: trees.Structure
    results: list[Any]
    strong: tuple[str, list[str]] | None = None
    """The text with strong products, for results that hold a NaN: its name, and what of `captured` it takes."""

    def leaves(self) -> list[tuple[str, Type]]:
        """How each leaf of the arguments is reached, and its type on the path."""
        found: list[str] = []
        for name, value in self.arguments.items():
            walk(name, value, lambda path, part: found.append(path) if trees.parts(part) is None else None)
        return list(zip(found, self.types, strict=True))

    # The function

    def source(self) -> str:
        """The definition, after the defaults that are too long to stand in it."""
        long = [f"_{c.name} = {literal(c.value)}" for c in self.captured if not is_short(c.value)]
        lines = [*long, "", ""] if long else []
        lines.append(f"{call(f'def {self.name}', self.parameters())}:")
        lines.append(f'    """The value of {self.title}() and its gradient by {", ".join(self.chosen)}."""')
        passed: list[str] = []
        types = iter(self.types)
        for name, value in self.arguments.items():
            lines += self.checks(name, value, passed, types)
        lines += [f"    {c.name} = {check(c.name, c.value, c.var.type)}" for c in self.captured]
        arguments = [*passed, *(c.name for c in self.captured)]
        flat = isinstance(self.structure, trees.Node) and self.structure.kind is tuple and not any(self.structure.children)
        if flat and self.strong is None:
            return "\n".join([*lines, call(f"    return {self.inner}", arguments)])
        lines.append(call(f"    out = {self.inner}", arguments))
        if self.strong is not None:
            name, captured = self.strong
            lines += ["    if holds_nan(out):", call(f"        out = {name}", [*passed, *captured])]
        return "\n".join([*lines, f"    return {'out' if flat else self.result()}"])

    def parameters(self) -> list[str]:
        named = list(self.arguments)
        by_name = [*named[self.positional :], *(f"{c.name}={_default(c)}" for c in self.captured)]
        return [*named[: self.positional], *(["*"] if by_name else []), *by_name]

    def checks(self, name: str, value: Any, passed: list[str], types: Iterator[Type]) -> list[str]:
        """Statements that check one argument, whose leaves have the next of the types; the expressions for them go to `passed`."""
        if trees.parts(value) is None:
            passed.append(name)
            as_float = type(value) is float and name in self.chosen
            kind = next(types)
            return [f"    {name} = {f'_checked_float({name!r}, {name})' if as_float else check(name, value, kind)}"]
        lines: list[str] = []

        def visit(path: str, part: Any) -> None:
            found = trees.parts(part)
            if found is None:
                passed.append(check(path, part, next(types)))
            else:
                lines.append(f"    _check_container({path!r}, {path}, {type(part).__name__!r}, {literal(found[0])})")

        walk(name, value, visit)
        return lines

    # Its results

    def result(self) -> str:
        """The results in the structure that `value_and_grad` gives."""
        numbers = iter(range(len(self.results)))
        assert isinstance(self.structure, trees.Node)
        value, gradient = self.structure.children
        shown = self.shaped(value, numbers, None)
        if self.single:
            return f"({shown}, {self.shaped(gradient, numbers, self.chosen[0])})"
        assert isinstance(gradient, trees.Node)
        inner = [self.shaped(child, numbers, root) for child, root in zip(gradient.children, self.chosen, strict=True)]
        return f"({shown}, {_sequence(tuple, inner)})"

    def shaped(self, structure: trees.Structure, numbers: Iterator[int], like: str | None) -> str:
        """An expression of a structure; instances of a user's class are made of the argument at `like`."""
        if structure is None:
            return f"out[{next(numbers)}]"
        kind, keys = structure.kind, structure.keys
        paths = [None if like is None else step(like, kind, key) for key in keys]
        inner = [self.shaped(child, numbers, p) for child, p in zip(structure.children, paths, strict=True)]
        if kind in (list, tuple):
            return _sequence(kind, inner)
        if kind is dict:
            return _mapping(map(literal, keys), inner)
        if like is None:
            reason = f"{self.title}() returns a {kind.__name__} beside its value, which no exported module can make"
            raise NotDifferentiable(reason, None, "return plain tuples or dicts")
        return f"_rebuilt({like}, {_mapping(map(repr, keys), inner)})"

    def self_check(self) -> str:
        """What runs when the module is run."""
        values = list(self.arguments.items())
        point = [written(v) for _, v in values[: self.positional]]
        point += [f"{k}={written(v)}" for k, v in values[self.positional :]]
        stored = written(trees.unflatten(self.structure, self.results))
        return SELF_CHECK.format(call=call(f"    found = {self.name}", point), stored=stored)


def walk(path: str, value: Any, visit: Callable[[str, Any], Any]) -> None:
    """Visit containers and leaves, each with the expression that reaches it."""
    visit(path, value)
    found = trees.parts(value)
    for key, part in zip(*found, strict=True) if found is not None else ():
        walk(step(path, type(value), key), part, visit)


def step(path: str, kind: type, key: Any) -> str:
    return f"{path}[{key!r}]" if kind in (list, tuple, dict) else f"{path}.{key}"


def check(path: str, value: Any, kept: Type) -> str:
    """An expression that gives an argument if it is of the type of a value; of an array, if it has the dimensions that the path knows."""
    if isinstance(value, np.ndarray):
        dtype = value.dtype.name if value.dtype.isnative and value.dtype.kind not in "US" else value.dtype.str
        shape = tuple(n if type(n) is int else None for n in kept.shape) if isinstance(kept, ArrayType) else value.shape
        return f"_checked_{'rank' if None in shape else 'array'}({path!r}, {path}, {dtype!r}, {shape})"
    kind = type(value)
    known = f"np.{kind.__name__}" if isinstance(value, np.generic) else "type(None)" if value is None else kind.__name__
    return f"_checked({path!r}, {path}, {known})"


def written(value: Any) -> str:
    """A literal; for an instance of a user's class an object with its name and fields."""
    found = trees.parts(value)
    if found is None:
        return literal(value)
    keys, inner = found[0], [written(part) for part in found[1]]
    if type(value) in (list, tuple):
        return _sequence(type(value), inner)
    if type(value) is dict:
        return _mapping(map(literal, keys), inner)
    return f"_stand_in({type(value).__name__!r}, {_mapping(map(repr, keys), inner)})"


def call(head: str, arguments: list[str]) -> str:
    """A call, with one argument on a line where it is long."""
    line = f"{head}({', '.join(arguments)})"
    return line if len(line) <= WIDTH else "\n        ".join([f"{head}(", *(f"{a}," for a in arguments)]) + "\n    )"


def is_short(value: Any) -> bool:
    """Whether a value can stand as a default, or in a line of the header."""
    return len(literal(value)) <= 40 and not isinstance(value, (list, dict, set, np.ndarray))


def _default(captured: Captured) -> str:
    return literal(captured.value) if is_short(captured.value) else f"_{captured.name}"


def _sequence(kind: type, items: list[str]) -> str:
    return f"[{', '.join(items)}]" if kind is list else f"({', '.join(items)}{',' * (len(items) == 1)})"


def _mapping(keys: Any, items: list[str]) -> str:
    return f"{{{', '.join(f'{k}: {v}' for k, v in zip(keys, items, strict=True))}}}"
