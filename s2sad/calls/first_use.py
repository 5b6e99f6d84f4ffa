"""The check at first use: what a kept path gives for sizes, or on sides of branches, that it has not served before.

Its value is compared with the function's own, bit for bit. A difference is a fault of s2sad: the path is dropped, the call is answered by a
recording, and a warning says so. The check costs a plain call of the function. It is made where such a call leaves no trace: not where
the function has effects or fills a cache; it gets arrays that cannot be written, or else copies, and containers of its own.

Where the function takes a derivative itself, a plain call compiles that as a function of its own, and checks it: by one call of the
function inside. Its last bits depend on the order in which it is summed, so that such a value is compared but for rounding.
"""
from __future__ import annotations

import functools
import operator
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

import numpy as np

from s2sad import trees
from s2sad.calls.call import Call
from s2sad.calls.compilation import Compilation
from s2sad.calls.path import Path
from s2sad.calls.running import run, strengthened
from s2sad.calls.uses import Uses
from s2sad.errors import InvalidIR, S2sadError
from s2sad.ir.program import Assign, Const, Guard, Var, everything, reads
from s2sad.machine import foreign, transforms
from s2sad.rules.structural import CALL
from s2sad.runtime import notices
from s2sad.runtime.control import Effects, copied
from s2sad.runtime.finite import finite
from s2sad.runtime.same import same_result
from s2sad.settings import first_use_check


def used(compilation: Compilation, call: Call, path: Path, results: Any) -> tuple[Path, Any]:
    """The path and the results that answer a call, which a path has served: the same, or if they are wrong those of a recording.

    What leaves a trace is not checked, for it would happen twice.
    """
    if path.kept is None or leaves_a_trace(path) or not note(call, path) or not first_use_check() or asks_for_identity(path):
        return path, results
    compilation.counts.checks += 1
    found = difference(call, path, results)
    return (path, results) if found is None else compilation.instead(call, path, fault(call, *found))


def leaves_a_trace(path: Path) -> bool:
    """Whether a call of the function is seen later: it has effects, or fills a cache."""
    return path.built.text.effects or path.fills


def note(call: Call, path: Path) -> bool:
    """Note the sizes of a call and the sides that it has taken. Whether some of them were new."""
    built = path.built
    taken = built.sides is not None and built.sides.taken
    if taken:
        path.built = built.having_taken(taken)
    if path.uses is None:
        path.uses = Uses(path.plain.function, call.leaves, path.kept is None)
    new = path.uses.add(call.leaves)
    if new and path.uses.trusted:
        path.built = path.built.anew()  # of which short ways are made that ask for no sizes
    return new or bool(taken)


# What can be compared


def asks_for_identity(path: Path) -> bool:
    """Whether the code asks if two objects are one: the function would be called with others."""
    calls = (s.args[0] for s in everything(path.function.statements) if isinstance(s, Assign) and s.primitive is CALL)
    return any(isinstance(function, Const) and any(function.value is asks for asks in IDENTITY) for function in calls)


def holds_derivative(path: Path) -> bool:
    """Whether the value was computed with a derivative: its statements are of an adjoint, or there is an adjoint of one."""
    function, count = path.function, trees.count(value_of(path))
    wanted = {r for r in function.results[:count] if isinstance(r, Var)}
    if any(s.phase > 1 for s in everything(function.statements) if not isinstance(s, Guard)):
        return True
    for statement in reversed(function.statements):
        if not isinstance(statement, Guard) and not wanted.isdisjoint(statement.targets):
            if statement.phase:
                return True
            wanted.update(reads(statement))
    return False


def value_of(path: Path) -> trees.Structure:
    """The structure of the value of the function itself, with which the results begin."""
    assert isinstance(path.structure, trees.Node)
    return path.structure.children[0]


def fault(call: Call, given: Value, own: Value | Exception) -> InvalidIR:
    """What is wrong, in words: both values, and the arguments."""
    where = arguments_text(call)
    if not isinstance(own, Value):
        wrong = f"gives a value{where}, and the function itself raises {type(own).__name__}"
    elif given.number is None or own.number is None:
        wrong = f"gives a different value{where} than the function itself"
    else:
        wrong = f"gives {given.number}{where}, and the function itself gives {own.number}"
    code = f"the code that keeps the loops and branches of {call.derived.__name__}()"
    return InvalidIR(f"{code} {wrong}", transforms.definition(call.derived.function))


def arguments_text(call: Call) -> str:
    """The arguments of a call, as the part of a sentence; empty where there is nothing to say of them."""
    told = [text for name, leaf in zip(call.walk.names, call.leaves, strict=True) if (text := argument_text(name, leaf))]
    return f" for {', '.join(told[:ARGUMENTS_TOLD])}" if told else ""


def argument_text(name: str, leaf: Any) -> str:
    if type(leaf) is np.ndarray:
        return f"{name} of shape {leaf.shape}"
    return f"{name} = {leaf}" if isinstance(leaf, (int, float)) else ""


# The comparison


class Value(NamedTuple):
    """What a call gave, taken apart. `rounding` is what may be between two that are the same, where they are sums of derivatives."""

    leaves: list[Any]
    structure: trees.Structure
    rounding: float = 0.0

    def same(self, other: Value) -> bool:
        rounding = max(self.rounding, other.rounding)
        alike = functools.partial(same_but_for_rounding, rounding=rounding) if rounding else same_result
        return self.structure == other.structure and all(map(alike, self.leaves, other.leaves))

    @property
    def number(self) -> Any:
        """The value if it is a number, else None."""
        return self.leaves[0] if self.structure is None and isinstance(self.leaves[0], NUMBERS) else None


IDENTITY = (operator.is_, operator.is_not, id)  # whether arrays share memory is asked by a path itself, before it writes
NUMBERS = (bool, int, float, complex, np.generic)
NUMERICAL = (*NUMBERS, np.ndarray)
ARGUMENTS_TOLD = 6
DIGITS = 0.4  # the share of its digits in which a sum of derivatives has to agree with one in another order


def difference(call: Call, path: Path, results: Any) -> tuple[Value, Value | Exception] | None:
    """What a path gave and what the function itself did, if the one is not the other.

    Both are asked again: a function that gives now this and now that is no fault of ours.
    """
    derived = holds_derivative(path)
    if derived:
        results = answered(path, call, results)
    rounding = rounding_of([*call.leaves, *results]) if derived else 0.0
    given, own = given_by(path, results, rounding), plain(call)
    if own is None or alike(given, own):
        return None
    with notices.again():
        again = run(path, call.leaves, Effects())
        again = answered(path, call, again) if derived and again is not None else again
    steady = again is not None and given.same(given_by(path, again, 0.0)) and alike(plain(call), own)
    return (given, own) if steady else None


def answered(path: Path, call: Call, results: Any) -> Any:
    """What a call with a derivative in it is answered with: with products in which 0 times anything is 0, if that makes a difference."""
    return results if all(map(finite, results)) else strengthened(path, call.leaves, Effects(), results)[1]


def given_by(path: Path, results: Any, rounding: float) -> Value:
    structure = value_of(path)
    return Value(list(results[: trees.count(structure)]), structure, rounding)


def rounding_of(values: list[Any], digits: float = DIGITS) -> float:
    """How far numbers may be apart that are made of these in another order, and agree in a share of their digits."""
    arrays = [a for v in values if isinstance(v, NUMERICAL) and (a := np.asarray(v)).dtype.kind in "fc"]
    largest = max((float(np.max(np.abs(a), initial=0.0, where=np.isfinite(a))) for a in arrays), default=0.0)
    width = max((float(np.finfo(a.dtype).eps) for a in arrays), default=0.0)
    return float(width**digits) * (1.0 + largest)


def same_but_for_rounding(one: Any, other: Any, rounding: float) -> bool:
    """Whether two results are of the same dtype and shape, and no further apart."""
    a, b = np.asarray(one), np.asarray(other)
    if a.dtype.kind not in "fc":
        return same_result(one, other)
    return a.dtype == b.dtype and a.shape == b.shape and np.allclose(a, b, 0.0, rounding, equal_nan=True)


def alike(one: Value | Exception | None, other: Value | Exception) -> bool:
    """Whether two outcomes are the same value, or exceptions of one class."""
    if isinstance(one, Value) and isinstance(other, Value):
        return one.same(other)
    return type(one) is type(other)


def plain(call: Call) -> Value | Exception | None:
    """What the function itself gives or raises; None where it writes into arguments that overlap, or takes a derivative that is refused.

    Its arrays cannot be written. If it raises it may have tried to, and gets copies.
    """
    given = outcome(call, [foreign.guarded(leaf) for leaf in call.leaves])
    if isinstance(given, Value):
        return given
    return None if isinstance(given, S2sadError) or share_memory(call.leaves) else outcome(call, list(map(copy_of, call.leaves)))


def outcome(call: Call, leaves: list[Any]) -> Value | Exception:
    """What the function itself gives or raises for these leaves; one that stands in two places is one object."""
    objects = {id(leaf): new for leaf, new in zip(call.leaves, leaves, strict=True)}
    args, kwargs = trees.unflatten(call.structure, [objects[id(leaf)] for leaf in call.leaves])
    with unheard():
        try:
            return Value(*trees.flatten(call.derived.plainly(args, kwargs), opened=trees.EVERY))
        except Exception as error:
            return error.with_traceback(None)


def copy_of(leaf: Any) -> Any:
    if type(leaf) is not np.ndarray:
        return leaf
    copy = copied(leaf)
    copy.flags.writeable = leaf.flags.writeable
    return copy


def share_memory(leaves: list[Any]) -> bool:
    """Whether some of the arrays overlap, or may."""
    arrays = {id(leaf): leaf for leaf in leaves if type(leaf) is np.ndarray}.values()
    views = [array for array in arrays if array.base is not None]  # others own their memory
    return any(np.may_share_memory(one, other) for one in views for other in arrays if one is not other)


@contextmanager
def unheard() -> Iterator[None]:
    """A call that nobody is to hear of a second time: it warns of nothing, but raises what warnings raise here."""
    own = threading.get_ident()
    entries: list[Any] = [(wanted if wanted == "error" else "ignore", text, Here(kind, own), module, line)
                          for wanted, text, kind, module, line in warnings.filters if kind is not notices.FILTER[2]]  # fmt: skip
    entries.append(("ignore", None, Here(Warning, own), None, 0))
    warnings.filters[:0] = entries  # type: ignore[index]
    modes = {kind: mode if mode in ("raise", "warn") else "ignore" for kind, mode in np.geterr().items()}
    try:
        with np.errstate(**modes):  # type: ignore[arg-type]
            yield
    finally:
        for entry in entries:
            with suppress(ValueError):  # another thread has other filters by now
                warnings.filters.remove(entry)  # type: ignore[attr-defined]


class Here:
    """The warnings of a kind, in one thread."""

    def __init__(self, kind: Any, thread: int) -> None:
        self.kind, self.thread = kind, thread

    def __subclasscheck__(self, category: type[Warning]) -> bool:
        return threading.get_ident() == self.thread and issubclass(category, self.kind)
