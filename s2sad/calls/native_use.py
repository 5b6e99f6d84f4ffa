"""The first use of native code: what it gives for sizes that it has not served before is compared with what the code in Python gives.

That is all of the results, gradients too, and they are the same but for rounding: sums are added in another order. Where they differ, the
numbers of the call are moved in their last digits: if the results move as far, nobody can tell them better. Else it is a fault of s2sad:
from then on the code in Python serves, and a warning says so. What that gives is compared with the function itself, as it always is.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.calls import first_use
from s2sad.calls.call import Call
from s2sad.calls.choice import Choice
from s2sad.calls.compilation import Compilation
from s2sad.calls.path import Path
from s2sad.calls.reasons import left_out
from s2sad.calls.report import Report
from s2sad.calls.running import run, sound
from s2sad.errors import CannotBeNative, InvalidIR
from s2sad.ir.program import everything, targets_of
from s2sad.machine import transforms
from s2sad.runtime import notices
from s2sad.runtime.control import Effects
from s2sad.runtime.finite import quiet
from s2sad.runtime.same import same_result
from s2sad.settings import first_use_check

DIGITS = 0.5  # the share of its digits in which a result has to agree
MOVED = 4  # units in the last place by which arguments are moved
LEFT = 16  # calls, before which nothing is concluded from their number
INSTEAD = "its Python code is used instead"
FURTHER = 64  # times as far as the results move by that, the results of native code may be away


def used(compilation: Compilation, call: Call, path: Path, results: Any) -> tuple[Path, Any]:
    """The path and the results that answer a call, which a path has served: the same, or if they are wrong those of another one."""
    if path.interpreted is None:
        return first_use.used(compilation, call, path, results)
    if not is_new(call, path) or not first_use_check():
        return path, results
    compilation.counts.checks += 1
    with notices.again():
        own = run(path.interpreted, call.leaves, call.effects)
    if own is None:
        return unlike(compilation, call, path, results)
    same = agree(path.interpreted, call.leaves, results, own)
    if not same:
        compilation.python_instead(call, path, fault(call, path))
    elif not all(map(same_type, results, own)):  # a sum without terms has the class of what it begins with
        other_class(compilation.choice, call, path)
        same = False
    checked, found = first_use.used(compilation, call, path.interpreted, own)
    return (path, results) if same and checked is path.interpreted else (checked, found)


def unlike(compilation: Compilation, call: Call, path: Path, results: Any) -> tuple[Path, Any]:
    """What answers a call that native code serves, and the code behind it does not: if that raises a warning, of which native code knows
    nothing, the former."""
    if isinstance(left_out(path.plain, call.leaves, call.derived.function).__cause__, Warning):
        return path, results
    compilation.python_instead(call, path, fault(call, path))
    return compilation.new(call)


def other_class(choice: Choice, call: Call, path: Path) -> None:
    """Native code gives a number of another class than the function: such sizes are asked about in each call, and Python answers."""
    if path.uses is not None:
        path.uses.forget(call.leaves)
    if path.kept is None or path.uses is None or path.uses.trusted:
        python_from_now_on(choice, call, path, "the class of a number depends on the path")


def python_from_now_on(choice: Choice, call: Call, path: Path, reason: str) -> None:
    """Have the path behind native code serve, for a reason that is no fault."""
    choice.trials.interpret(call.kind, CannotBeNative(reason, transforms.definition(call.derived.function)))
    choice.stored.as_python(call, path)


def left(choice: Choice, call: Call, plain: Path) -> None:
    """Native code has left a call to the path behind it. It serves no longer if it never answered, or if it leaves most calls and is there
    by s2sad's choice."""
    stored = (*choice.stored.kept(call.kind), *choice.stored.recorded(call.key))
    path = next((path for path in stored if path.interpreted is plain), None)
    if path is not None and (not path.hits or choice.settings.backend == "auto") and plain.hits >= max(LEFT, path.hits):
        which = "most" if path.hits else "all"
        python_from_now_on(choice, call, path, f"native code leaves {which} calls to Python: {plain.hits} of {path.served}")


def second_half(report: Report, name: str, path: Path, leaves: list[Any]) -> Any:
    """What the native code of a second half gives; None where the path behind it is to answer."""
    results = run(path, leaves, Effects())
    if not sound(results) or path.hits < 0:
        return None
    path.hits += 1
    if path.hits == 1 and first_use_check() and path.interpreted is not None:
        own = run(path.interpreted, leaves, Effects())
        if own is None or not agree(path.interpreted, leaves, results, own) or not all(map(same_type, results, own)):
            path.hits = -1
            report.fault(InvalidIR(f"the native code of the linear map of {name}() gives other results than its Python code"), INSTEAD)
            return None
    return results


def is_new(call: Call, path: Path) -> bool:
    """Whether the sizes of a call are new to a path. What is recorded should have those of its first call alone, and is not trusted."""
    return not first_use.leaves_a_trace(path.plain) and first_use.note(call, path)


def agree(path: Path, leaves: list[Any], given: Any, own: Any) -> bool:
    """Whether native code gave what the code in Python gives, as far as that can be told."""
    if len(given) != len(own) or not all(map(same_kind, given, own)):
        return False
    rounding = first_use.rounding_of([*leaves, *own, *precisions(path)], DIGITS)
    far = [distance(one, other) for one, other in zip(given, own, strict=True)]
    if all(d <= rounding for d in far):
        return True
    moves = moved(path, leaves, own)
    return all(d <= rounding + FURTHER * m for d, m in zip(far, moves, strict=True))


def precisions(path: Path) -> list[Any]:
    """A nothing of each precision that the code computes in: arrays of the function's own may have a lower one than what it is given."""
    kinds = {getattr(t.type, "dtype", t.type) for s in everything(path.function.statements) for t in targets_of(s)}
    return [np.zeros((), k) for k in kinds if isinstance(k, np.dtype) or (isinstance(k, type) and issubclass(k, np.generic))]


def same_type(one: Any, other: Any) -> bool:
    """Whether two results are of one class."""
    return type(one) is type(other)


def same_kind(one: Any, other: Any) -> bool:
    """Whether two results are numbers, or both arrays of one dtype and shape."""
    if isinstance(one, (float, np.floating)) and isinstance(other, (float, np.floating)):
        return True
    return same_type(one, other) and (not isinstance(one, np.ndarray) or (one.dtype, one.shape) == (other.dtype, other.shape))


def distance(one: Any, other: Any) -> float:
    """How far two numbers, or two arrays, are apart at most; what is no float is the same or is not."""
    a = np.asarray(one)
    if a.dtype.kind not in "fc" or not a.size:
        return 0.0 if same_result(one, other) else np.inf
    with quiet():
        far = np.abs(a - np.asarray(other))
    return float(np.max(np.where(a == other, 0.0, far)))  # a NaN is what the code in Python is asked for


def moved(path: Path, leaves: list[Any], own: Any) -> list[float]:
    """How far each result moves if the floats that it is given do, by some units in the last place."""
    found = [0.0] * len(own)
    for way in (MOVED, -MOVED):
        with notices.again():
            results = run(path, [in_last_places(leaf, way) for leaf in leaves], Effects())
        if results is not None:
            found = [max(m, distance(one, other)) for m, one, other in zip(found, results, own, strict=True)]
    return found


def in_last_places(leaf: Any, way: int) -> Any:
    """A float or an array of them, moved; what else there is stays as it is."""
    values = np.asarray(leaf)
    if values.dtype.kind not in "fc" or (type(leaf) not in (float, complex, np.ndarray) and not isinstance(leaf, np.inexact)):
        return leaf
    moved = values * values.dtype.type(1.0 + way * float(np.finfo(values.dtype).eps))
    return moved if isinstance(leaf, np.ndarray) else type(leaf)(moved)


def fault(call: Call, path: Path) -> InvalidIR:
    """What is wrong, in words."""
    where = first_use.arguments_text(call)
    what = f"the native code of {call.derived.__name__}() gives other results{where} than its Python code"
    return InvalidIR(what, transforms.definition(call.derived.function))
