"""That a rule says how it is of many values at once, what it is the same as and for whom it is constant, is honoured where it is asked."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.errors import CannotBeNative
from s2sad.native.core import native_text
from s2sad.rules.facts import Facts
from s2sad.rules.language import elementwise, linear, rule, zero
from s2sad.shown.rule_table import row
from s2sad.tape.machine import TapeMachine
from s2sad.types import families
from s2sad.types.arrays import Array
from tests.rules.stating import honours, lines, rules, source


def turned(a: Any) -> Any:
    return a[..., ::-1]


def held(value: Any, level: Any) -> Any:
    return value


@honours("mapped")
def _() -> None:
    for facts, calls in ((Facts(mapped="turned(a)"), 2), (Facts(), 5)):
        with rules():
            linear("turned(a)", a="turned(g)", facts=facts)
            jacobian = s2sad.jacrev(lambda x: turned(x), control="record")
            np.testing.assert_array_equal(jacobian(np.ones(4)), np.eye(4)[::-1])
            assert "\n".join(lines(jacobian.source)).count("turned(") == calls


@honours("same")
def _() -> None:
    for facts, calls in ((Facts(same="value"), 0), (Facts(), 1)):
        with rules():
            linear("held(value, level)", value="g", facts=facts)
            assert source(lambda x: held(np.sin(x), 0) * 2.0, 1.0).count("held(") == calls


@honours("stops")
def _() -> None:
    """A constant takes no part in the differentiation."""
    for facts, parts in ((Facts(stops="level"), set()), (Facts(), {1})):
        with rules():
            linear("held(value, level)", value="g", facts=facts)
            machine = TapeMachine()
            found = machine.call(held, machine.input(1.0, machine.begin(), "x"), 1)
            assert machine.tape.numbers({found.name}) == parts


def unit(n: int, k: int = 0) -> Any:
    return np.eye(n, k=k)


def thrice(a: Any) -> Any:
    return 3.0 * a


@honours("ones")
def _() -> None:
    square = lambda n: Array(np.dtype(float), (n, n))
    for facts, made in ((Facts(gives=square, ones="k"), False), (Facts(gives=square), True)):
        with rules():
            zero("unit(n, k=0)", facts=facts)
            rule("thrice(a)", a="3.0 * (unit(4) @ g)")
            slope = s2sad.grad(lambda x: np.sum(thrice(x) * x))
            np.testing.assert_array_equal(slope(np.ones(4)), np.full(4, 6.0))
            assert ("unit(" in slope.source) == made


@honours("source")
def _() -> None:
    with rules():
        elementwise("thrice(a)", a="3.0", facts=Facts(source="a book"))
        assert row("thrice", thrice).source == "a book"


@honours("note")
def _() -> None:
    with rules():
        elementwise("thrice(a)", a="3.0", facts=Facts(note="3 also at zero"))
        assert row("thrice", thrice).note == "3 also at zero"


def stretched(a: Any, by: float = 3.0) -> Any:
    return a * by


@honours("part")
def _() -> None:
    def written(x: Any) -> Any:
        z = x * (1.0 + 2.0j)
        z.imag[0] = x[1]
        z.real *= 2.0
        return np.sum(z.real * z.imag)

    x = np.array([1.0, 3.0])
    assert s2sad.grad(written)(x).tolist() == [2.0 * 3.0, 2.0 * 1.0 + 8.0 * 3.0]
    with rules("np.imag"):
        linear("np.imag(val)", val="g * -1j", alias=True, facts=Facts(gives=families.elementwise), namespace={"np": np})
        with pytest.raises(s2sad.UnsupportedMutation, match="a part of an array of complex128 is written as float64"):
            s2sad.grad(written)(x)


@honours("fixed")
def _() -> None:
    for facts, refusal in ((Facts(fixed=("by",)), "stretched.*'by'"), (Facts(), "")):
        with rules():
            linear("stretched(a, by=3.0)", a="g * by", facts=facts)
            assert s2sad.grad(lambda x: np.sum(stretched(x)))(np.ones(2)).tolist() == [3.0, 3.0]
            if refusal:
                with pytest.raises(s2sad.MissingRule, match=refusal):
                    s2sad.grad(lambda x: np.sum(stretched(x, by=2.0)))(np.ones(2))
            else:
                assert s2sad.grad(lambda x: np.sum(stretched(x, by=2.0)))(np.ones(2)).tolist() == [2.0, 2.0]


@honours("native")
def _() -> None:
    for facts, there in ((Facts(native="abs(3.0 * a)"), True), (Facts(), False)):
        with rules():
            elementwise("thrice(a)", a="3.0", facts=facts)
            slope = s2sad.value_and_grad(lambda x: thrice(x))
            slope(2.0)
            if there:
                assert "abs(3.0 * " in native_text(slope.paths[0].function, "f")[0]
            else:
                with pytest.raises(CannotBeNative, match="thrice has no native form"):
                    native_text(slope.paths[0].function, "f")


@honours("beyond_method")
def _() -> None:
    x = np.array([1.0, 2.0, 4.0])
    assert ".var(ddof=1)" in source(lambda x: np.var(x, ddof=1), x)
    assert "np.var(x, correction=1)" in source(lambda x: np.var(x, correction=1), x)
