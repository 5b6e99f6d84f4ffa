"""Right sides of rules as functions that ask a machine: so a derivative is followed like any other code."""
from __future__ import annotations

import builtins
import functools
from typing import Any

from s2sad.errors import RuleError, S2sadError
from s2sad.machine.calls import FixedUnit
from s2sad.rules.rule_text import Formula
from s2sad.source.lookup import of_text
from s2sad.source.lower import instantiate, lower


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
                raise RuleError(f"the rule {formula.text!r} of {formula.of} raises {type(error).__name__}: {error}", machine.location(),
                                f"it is given at {formula.location}") from error  # fmt: skip
            finally:
                machine.formulas -= 1

        machine.lowerings[formula] = evaluate
    return machine.lowerings[formula]


@functools.cache
def _formula_code(formula: Formula) -> Any:
    parameters = [p for p in (*formula.parameters,) if p not in ("ans", "g")]
    text = f"lambda {', '.join([*parameters, 'ans', 'g'])}: {formula.text}"
    return lower(of_text(text, f"<rule at {formula.location.file}:{formula.location.line}>"))
