"""Right sides of rules as functions that ask a machine: so a derivative is followed like any other code."""
from __future__ import annotations

import builtins
import functools
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.errors import CannotKeep, RuleError, S2sadError
from s2sad.front.lookup import of_text
from s2sad.front.lower import instantiate, lower
from s2sad.machine.traced import strip
from s2sad.machine.units import FixedUnit
from s2sad.rules.registered import of_the_table
from s2sad.rules.rule_text import Formula
from s2sad.types.comparing import same_now


def lowered_formula(machine: Any, formula: Formula) -> Any:
    """The right side of a rule as a function of the parameters, the result and the cotangent, for this machine."""
    if formula not in machine.lowerings:
        code, unit = _formula_code(formula), FixedUnit(formula.namespace)
        instance = instantiate(code, machine, unit, builtins)

        def evaluate(*args: Any) -> Any:
            machine.formulas += 1
            try:
                return instance(*args)
            except (S2sadError, FloatingPointError, Warning):
                raise
            except Exception as error:
                if error is machine.raised:  # by code of the user's
                    raise
                if machine.on_types and of_the_table(formula.location):
                    why = f"the derivative of {formula.of}() depends on values that are not known ({type(error).__name__}: {error})"
                    raise CannotKeep(why, machine.location(), 'use control="record"') from error
                raise RuleError(f"the rule {formula.text!r} of {formula.of} raises {type(error).__name__}: {error}", machine.location(),
                                f"it is given at {formula.location}") from error  # fmt: skip
            finally:
                machine.formulas -= 1

        machine.lowerings[formula] = evaluate
    return machine.lowerings[formula]


def check_shape(formula: Formula, given: Any, like: Any, of_result: bool) -> None:
    """Refuse what a rule of the user's gives, at its own line, unless it has the shape of the argument; a partial that of the result, as
    far as it is not to be repeated. Raises RuleError; CannotKeep where control flow is kept, and it is not known."""
    have, want = np.shape(strip(given)), np.shape(strip(like))
    if of_the_table(formula.location) or have == want:
        return
    what, padded = ("result", (1,) * (len(want) - len(have)) + have) if of_result else ("argument", have)
    pairs = [(n, m) for n, m in zip(padded, want, strict=False) if not same_now(n, m) and not (of_result and same_now(n, 1))]
    if len(padded) != len(want) or any(isinstance(n, int) and isinstance(m, int) for n, m in pairs):
        raise RuleError(f"{formula.text!r} of {formula.of} has the shape {have}, its {what} {want}", formula.location,
                        f"let it give an array of the shape of the {what}")  # fmt: skip
    if pairs:
        raise CannotKeep(f"whether {formula.text!r} of {formula.of} has the shape of its {what} is not known", None, 'use control="record"')


def check_tangent(formula: Formula, given: Any, answer: Any) -> None:
    """Refuse the tangent that a rule of the user's states, unless there is one for each result, of the shape of that or to be repeated to
    it, or none. Raises what `check_shape` raises."""
    if of_the_table(formula.location) or given is None:
        return
    parts, results = trees.flatten(given)[0], trees.flatten(answer)[0]
    if len(parts) != len(results):
        raise RuleError(f"{formula.text!r} of {formula.of} gives {len(parts)} tangents for {len(results)} results", formula.location,
                        "let it give one for each")  # fmt: skip
    for part, result in zip(parts, results, strict=True):
        if part is not None:
            check_shape(formula, part, result, True)


@functools.cache
def _formula_code(formula: Formula) -> Any:
    parameters = [p for p in (*formula.parameters,) if p not in ("ans", "g")]
    text = f"lambda {', '.join([*parameters, 'ans', 'g'])}: {formula.text}"
    return lower(of_text(text, f"<rule at {formula.location.file}:{formula.location.line}>"))
