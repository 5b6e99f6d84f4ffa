"""What a rule says of the numbers of its function is honoured where native code is written."""
from __future__ import annotations

import math
from typing import Any

import s2sad
from s2sad.native.core import native_text
from s2sad.rules.facts import ELEMENTWISE, Facts
from s2sad.rules.language import elementwise
from tests.rules.stating import honours, rules


def text_of(function: Any, *args: float) -> str:
    slope = s2sad.value_and_grad(function, argnums=tuple(range(len(args))), control="keep")
    slope(*args)
    return native_text(slope.paths[0].function, "f", looks=True)[0]


def text_with(form: str, derivative: str, facts: Facts, function: Any, *args: float) -> str:
    """The native text of a function, where a function of `math` has these facts."""
    with rules(form.partition("(")[0]):
        elementwise(form, x=derivative, may_raise=True, facts=facts.but(native=form))
        return text_of(function, *args)


@honours("invertible")
def _() -> None:
    for invertible in (True, False):
        text = text_with("math.sqrt(x)", "0.5 / ans", ELEMENTWISE.but(invertible=invertible), lambda x, y: y / math.sqrt(x), 4.0, 2.0)
        assert ("reciprocal" in text) == invertible


def bent(x: float) -> float:
    y = x * 2.0
    return y * math.cos(math.sin(y))


@honours("bounded")
def _() -> None:
    for bounded in (True, False):
        text = text_with("math.sin(x)", "math.sin(x + 1.5)", ELEMENTWISE.but(bounded=bounded), bent, 4.0)
        assert ("isfinite(" in text) != bounded
