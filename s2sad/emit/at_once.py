"""The short way in: a generated function that answers a call at once if it is like the one before.

A derived function is this function while such calls come, with nothing in between: the test whether the path may be run, which `arrival`
writes, the run, the look at the results, and what is returned stand in it one after the other.
"""
from __future__ import annotations

import ast
import itertools
import types
from collections.abc import Callable
from math import isfinite
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.emit.arrival import MISSED, NotQuick, Taking
from s2sad.emit.build import Built
from s2sad.parsing import parse
from s2sad.runtime import notices, ruling
from s2sad.runtime.control import is_argument
from s2sad.runtime.finite import exactly_finite, finite, finite_test
from s2sad.tracebacks import leave

_SCOPE = {"__isfinite__": isfinite, "__finite__": finite, "__exactly_finite__": exactly_finite, "__present__": notices.state.get,
          "__noticed__": notices.noticed, "__give__": notices.give, "__warned__": notices.run, "__missed__": MISSED, "__none__": MISSED,
          "__registered__": ruling.registered, "__hold__": ruling.hold,
          "__leave__": leave, "__lenient__": notices.lenient, "__name__": notices.TEST}  # fmt: skip
_TESTED = """
def __tested__({leaves}):
    [{results}] = __r__ = __run__({leaves})
    return __r__ if {good} else None
"""
_CALL = """
def __at_once__({params}):
    try:
{lines}        if {tests}:
            [{results}] = __r__ = {run}
            if {good}:
{give}                __path__.hits += 1
                __derived__._last = __path__
                return {returned}
    except Exception:
        pass
    try:
        return {otherwise}
    except BaseException as __error__:
        __leave__(__error__)
        raise
"""
_GIVE = """                if __noticed__:
                    __give__()
"""
_RULES = "(__registered__.alone is __rules__ or __hold__(__rules__, __fixed__))"
_OTHERWISE = "__otherwise__(__tried__, [__a__ for __a__ in ({0}*__more__,) if __a__ is not __none__], __named__)"


def at_once(built: Built, taking: Taking, leaves: list[Any], results: tuple[Any, ...], **known: Any) -> Callable[..., Any]:
    """A function that runs the path for arguments of the structure and types of some, while the premises and the rules hold.

    It takes arguments by position. Where the path is not to be run, has raised, or gave a NaN or an infinity, it returns what
    `otherwise(tried, args, kwargs)` gives. One for arguments by name takes a dict of them last, gives MISSED there, and may raise where the
    arguments are others. Needs to know `rules`, whether the backend is `fixed`, `path`, `derived`, `otherwise`, `tried`, and by `finish`
    what is returned of the results. Raises NotQuick.
    """
    if any(value is is_argument for value in built.namespace.values()):  # which knows the arguments of a call that goes the long way
        raise NotQuick
    native, meter = known["path"].interpreted is not None, known["path"].meter
    enter = notices.context() if built.text.own and not built.text.numbers else None
    names = [f"__r{i}__" for i in range(len(results))]
    again = taking.sizes_known and built.again is not None
    run = built.again if again and built.again is not None else built.marked
    asked = way(built, taking, native, straight(run, built, taking, leaves))
    made = [of_class(taking, n, c) for n, c in itertools.zip_longest(names, built.classes if again else ())]
    run = run if meter is None else meter.timed(run)
    scope = {**built.namespace, **_SCOPE, **taking.scope, **{f"__{name}__": value for name, value in known.items()},
             "__run__": run, "__tested__": run, "__enter__": enter,
             "__user__": (enter or native) and notices.state.get()}  # fmt: skip
    del scope[notices.TEXT]
    named = list(zip(names, results, strict=True))
    good = finite_together([(n, r) for n, r in named if not np.ndim(r)] if native else named)  # it has looked at its arrays itself
    if not native and any(isinstance(result, np.ndarray) for result in results):  # the test may overflow, of which nobody is to hear
        taken = ", ".join(f"__x{i}__" for i in range(len(taking.leaves)))  # one may be given twice
        exec(_TESTED.format(leaves=taken, results=", ".join(names), good=good), scope)
        good = "True"
    parts = {"results": ", ".join(names), "good": good, "returned": returned(known["path"].structure, known["finish"], made),
             **arguments(taking), **asked}  # fmt: skip
    exec(_CALL.format(**parts), scope)
    call: Callable[..., Any] = scope["__at_once__"]
    return call


def straight(run: Callable[..., Any], built: Built, taking: Taking, leaves: list[Any]) -> str:
    """An expression for what runs native code: the machine code itself, if it is known and arguments are as it takes them for granted,
    which of arrays is how they lie. That it lives as long as it may be called, the path sees to."""
    entry = built.entry(run, leaves) if built.entry is not None else None
    if entry is None:
        return "__run__"
    arrays = [f"{name}.flags.carray" for name, leaf in zip(taking.leaves, leaves, strict=True) if type(leaf) is np.ndarray]
    return f"({taking.known(entry)} if {' and '.join(arrays)} else __run__)" if arrays else taking.known(entry)


def of_class(taking: Taking, name: str, kind: Any) -> str:
    """An expression for a number of a class, of what machine code gives; a product is made in half the time of a call."""
    if kind is None:
        return name
    return f"{taking.known(np.float64(1.0))} * {name}" if kind is np.float64 else f"{taking.known(kind)}({name})"


def premises(built: Built, taking: Taking) -> str:
    """The premises as one test; which dict holds the globals of a function is settled."""
    return ast.unparse(_Globals(built.namespace, taking).visit(parse(built.text.premises, mode="eval")))


class _Globals(ast.NodeTransformer):
    def __init__(self, namespace: dict[str, Any], taking: Taking) -> None:
        self.namespace, self.taking = namespace, taking

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        owner = self.namespace.get(node.value.id) if isinstance(node.value, ast.Name) else None
        if node.attr == "__globals__" and isinstance(owner, types.FunctionType):
            return ast.Name(self.taking.known(owner.__globals__), ast.Load())
        return self.generic_visit(node)


def arguments(taking: Taking) -> dict[str, str]:
    """How the arguments are taken, and where others go. By position any are taken, so that others go on from there."""
    if taking.by_name:
        return {"params": ", ".join(taking.names), "otherwise": "__missed__"}
    params = "".join(f"{name}=__none__, " for name in taking.names) + "/, " * bool(taking.names)
    return {"params": f"{params}*__more__, **__named__", "otherwise": _OTHERWISE.format("".join(f"{name}, " for name in taking.names))}


def way(built: Built, taking: Taking, native: bool, runs: str) -> dict[str, str]:
    """What is asked before the path is run, how it is run, and what is done about what NumPy told. Of Python's numbers it tells nothing,
    and to native code nothing."""
    tests = [_RULES, *taking.tests] if taking.by_name else ["not __more__ and not __named__", _RULES, *taking.tests]
    if built.text.premises != "True":
        tests.append(f"({premises(built, taking)})")
    if native:
        tests.append("(__present__() is __user__ or __lenient__())")
    leaves = ", ".join(taking.leaves)
    run = f"__enter__(__tested__, {leaves}) if __present__() is __user__ else __warned__(__tested__, {leaves})"
    return {"lines": "".join(f"        {line}\n" for line in taking.lines), "tests": " and ".join(tests),
            "run": f"{runs}({leaves})" if built.text.numbers else run, "give": "" if built.text.numbers else _GIVE}  # fmt: skip


def finite_together(results: list[tuple[str, Any]]) -> str:
    """The text of a test whether results by name are finite. The sum of Python's floats is one, unless it is too large."""
    floats = [name for name, result in results if type(result) is float]
    others = [finite_test(name, result) for name, result in results if type(result) is not float]
    checks = [f"__isfinite__({' + '.join(floats)})"] * bool(floats) + [test for test in others if test]
    return f"({' and '.join(checks)}) or all(map(__exactly_finite__, __r__))" if checks else "True"


def returned(structure: trees.Structure, finish: Callable[[Any], Any], names: list[str]) -> str:
    """An expression for what a call returns: of tuples and lists the display of what it is when the results are these expressions."""
    return display(finish(tuple(names))) if displayed(structure) else f"__finish__(({', '.join(names)},))"


def displayed(structure: trees.Structure) -> bool:
    return structure is None or (structure.kind in (tuple, list) and structure.again is None and all(map(displayed, structure.children)))


def display(value: Any) -> str:
    if isinstance(value, str):
        return value
    parts = "".join(f"{display(part)}, " for part in value)
    return f"({parts})" if type(value) is tuple else f"[{parts}]"
