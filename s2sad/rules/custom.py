"""The primitives by which a list holds a derivative of the user's: values that stay as they are, and ways on which cotangents go.

A function with a rule of its own is followed on values that its own differentiation does not see: each argument is `stopped` for the
differentiation with the number `level`, the innermost one that it takes part in, and for those inside. What comes out is joined to the
arguments again by the rule: `ruled` for a pullback, `tangent` and `led` for a jvp. That is linear from the one to the other, so the sweep
transposes it like anything else. Differentiations around see through `stopped`: for them the function is what was followed.

    y = f(stop(x)) + J (x - stop(x))
"""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.rules.facts import Facts
from s2sad.rules.language import Primitive
from s2sad.runtime.control import copied
from s2sad.types import own


def stopped(value: Any, level: int) -> Any:
    """The value, constant for the differentiation of this number and those inside of it."""
    return copied(value) if isinstance(value, np.ndarray) else value


def ruled(values: list[Any], inputs: list[Any], residuals: list[Any], rule: Any, level: int) -> list[Any]:
    """The values, whose derivative by the inputs is what the rule says."""
    return [stopped(value, level) for value in values]


def tangent(value: Any, level: int) -> Any:
    """What stands for a tangent of a value, as a number: what is linear does not read it, and what is not gives NaN."""
    return np.full_like(value, np.nan) if isinstance(value, np.ndarray) else type(value)(np.nan)


def led(value: Any, tangent: Any, level: int) -> Any:
    """The value, whose derivative is that of the tangent."""
    return stopped(value, level)


def around(g: Any, level: int) -> Any:
    """A cotangent for a differentiation around the one of this number, else nothing; asked of a machine."""
    raise NotImplementedError


def inside(g: Any, level: int) -> Any:
    """A cotangent for the differentiation of this number and those inside, else nothing; asked of a machine."""
    raise NotImplementedError


def by_rule(g: Any, inputs: list[Any], residuals: list[Any], rule: Any, level: int) -> Any:
    """What the rule makes of cotangents, for the differentiation of this number and those inside; asked of a machine."""
    raise NotImplementedError


def _primitive(call: str, function: Any, same: str, gives: Any, **formulas: str) -> Primitive:
    facts = Facts(same=same, stops="level" if function is stopped else "", anew=True, again=function is stopped, gives=gives).stated
    return Primitive(function.__name__, call, function, (function.__name__, function), "rule", formulas, names=globals(), **facts)


STOPPED = _primitive("stopped(value, level)", stopped, "value", lambda value: own.itself(value), value="around(g, level)")
RULED = _primitive("ruled(values, inputs, residuals, rule, level)", ruled, "values", lambda values: values,
                   values="around(g, level)", inputs="by_rule(g, inputs, residuals, rule, level)")  # fmt: skip
TANGENT = _primitive("tangent(value, level)", tangent, "", lambda value: own.itself(value), value="inside(g, level)")
LED = _primitive("led(value, tangent, level)", led, "value", lambda value: own.itself(value),
                 value="around(g, level)", tangent="inside(g, level)")  # fmt: skip
