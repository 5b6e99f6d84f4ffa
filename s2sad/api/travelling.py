"""What goes along with a derivative to another process: the texts of the functions that go by value, which are not to be had there.

A function goes by name, and is imported where it arrives, or by value, as pickle and cloudpickle decide: those of `__main__` and of
notebooks, lambdas, closures. Their texts are read at the other end, where code is compared with them as always.
"""
from __future__ import annotations

import collections
import contextlib
import importlib
import sys
import types
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from s2sad import arrived
from s2sad.api.standing_for import Standing
from s2sad.arrived import SentText
from s2sad.errors import RuleError, SourceUnavailable
from s2sad.front import lookup
from s2sad.runtime import asking

CONTAINERS = (list, tuple, set, frozenset, collections.deque)
PLAIN = (int, float, complex, str, bytes, bytearray, type(None), np.generic, np.dtype, types.CodeType)
PICKLERS = ("cloudpickle.cloudpickle", "joblib.externals.cloudpickle.cloudpickle", "ray.cloudpickle.cloudpickle")
HELD = ("__func__", "__self__", "__wrapped__", "func", "args", "keywords", "fget", "fset", "cell_contents")
"""Attributes of methods, partials, properties and cells, in which they hold others."""


def along(*roots: Any) -> tuple[list[SentText], list[NeededRule]]:
    """The texts of the functions that go by value among what these objects reach, each once; and the rules of the user's for any of it."""
    texts, rules = dict[tuple[str, int], SentText](), dict[int, NeededRule]()
    known = _own_rules()
    for value, by_name in reached(roots):
        if id(value) in known:
            rules[id(value)] = NeededRule(known[id(value)])
        if by_name or not isinstance(value, types.FunctionType):
            continue
        try:
            source = lookup.find(value.__code__, value.__globals__)
        except SourceUnavailable:  # which is said where the derivative is called
            continue
        text = texts.setdefault((source.file, id(source.lines)), SentText(source.file, source.lines or (), ()))
        text.marks.update(arrived.marks(value.__code__))
    return [*texts.values()], [*rules.values()]


class NeededRule:
    """A rule of the user's on its way to another process, which has to have one as well: without it, it would derive something else."""

    def __init__(self, rule: Any) -> None:
        self.rule = rule

    def __reduce__(self) -> Any:
        return needed, (self.rule.callee, self.rule.name, self.rule.location.module)


def needed(function: Any, name: str, module: str) -> None:
    """Import the module that registers a rule. Raises RuleError where there is none all the same."""
    if module != "__main__":
        with contextlib.suppress(ImportError):
            importlib.import_module(module)
    if function not in {rule.callee for rule in _own_rules().values()}:
        raise RuleError(f"{name} has a rule in the process that a derivative comes from, and none in this one", None,
                        "register the rule in a module, next to the function or imported by what is sent")  # fmt: skip


def _own_rules() -> dict[int, Any]:
    """The rules of the user's, by the identity of their functions."""
    registered = sys.modules.get("s2sad.rules.registered")
    rules: dict[Any, Any] = getattr(registered, "BY_FUNCTION", {})  # another thread may be about to import it
    return {id(rule.callee): rule for rule in [*rules.values()] if registered is not None and not registered.of_the_table(rule.location)}


def reached(roots: Iterable[Any]) -> Iterator[tuple[Any, bool]]:
    """What objects hold, read and call, and whether it goes by name, and so without what it holds itself."""
    pending, seen = [*roots], dict[int, Any]()
    while pending:
        value = pending.pop()
        if id(value) in seen or isinstance(value, PLAIN):
            continue
        seen[id(value)] = value
        by_name = _goes_by_name(value)
        yield value, by_name
        if not by_name:
            pending += _parts(value)


def _parts(value: Any) -> Iterable[Any]:
    """What travels with an object."""
    if isinstance(value, types.FunctionType):
        return _parts_of_function(value)
    if isinstance(value, Standing):
        return value.held()
    if isinstance(value, type):
        return [*vars(value).values(), *value.__bases__]
    if isinstance(value, types.ModuleType):
        return [v for v in vars(value).values() if isinstance(v, (types.FunctionType, type))]
    if isinstance(value, np.ndarray):
        return value.flat if value.dtype == object else ()
    return [*_items(value), *_attributes(value), type(value)]


def _items(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return [*dict.keys(value), *dict.values(value)]
    return [*value] if type(value) in CONTAINERS else ()


def _attributes(value: Any) -> Iterator[Any]:
    yield from asking.own_names(value).values()
    yield from (asking.attribute(value, name) for name in HELD)
    for kind in type(value).__mro__:
        yield from (asking.attribute(value, n) for n, m in vars(kind).items() if isinstance(m, types.MemberDescriptorType))


def _parts_of_function(function: types.FunctionType) -> Iterator[Any]:
    names = dict.fromkeys(name for code in _codes(function.__code__) for name in code.co_names)
    read = [function.__globals__[name] for name in names if name in function.__globals__]
    for value in read:  # which grow: `np.linalg.norm`
        if isinstance(value, types.ModuleType):
            found = (vars(value).get(name) for name in names)
            read += [f for f in found if (_goes_by_name(f) or isinstance(f, np.ufunc)) and not any(f is r for r in read)]
    yield from read
    yield from function.__closure__ or ()
    yield from (function.__defaults__, function.__kwdefaults__, function.__dict__)


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            yield from _codes(inner)


def _goes_by_name(value: Any) -> bool:
    """Whether an object is imported at the other end: a module, or what is found in one under its name, as picklers look for it."""
    if isinstance(value, types.ModuleType):
        return _is_imported(value.__name__)
    name, module = asking.attribute(value, "__qualname__"), str(asking.attribute(value, "__module__"))
    if type(name) is not str or not _is_imported(module):
        return False
    found: Any = sys.modules[module]
    for part in name.split("."):
        found = getattr(found, part, None)
    return found is value


def _is_imported(module: str) -> bool:
    """Whether what stands in a module is imported at the other end."""
    return module != "__main__" and module in sys.modules and not _registered(module)


def _registered(module: str) -> bool:
    """Whether functions of a module are to go by value, as its user has told cloudpickle."""
    told = (sys.modules.get(name) for name in PICKLERS)
    names = {name for pickler in told if pickler is not None for name in pickler.list_registry_pickle_by_value()}
    return any(module == name or module.startswith(f"{name}.") for name in names)
