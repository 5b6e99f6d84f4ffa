"""Kept control flow says what the plain call says: ranges and whole numbers, ways that raise, results that are whole numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import grad, tape, value_and_grad
from s2sad.errors import CannotKeep, MissingRule, NotDifferentiable
from tests.oracles import module

# ruff: noqa: E501

CONTROLS = ("record", "keep", "auto")
NUMBERS = (5, 0, 1, 2, -3, 7, 5, 0)
LOOP = "    s = x\n    for i in range(n):\n        s = s * x\n"
ASKED = (
    "len(range(n))", "len(range(n)[1:])", "len(range(n)[1:3])", "len(range(1, n)[-2:])", "len(range(1, n, 2)[:-1])", "range(n)[-1]",
    "range(n)[0]", "range(n, 0, -2)[1]", "range(2, n)[1:][0]", "(3 in range(n))", "(3 not in range(n))", "(range(n) == range(5))",
    "(range(n) != range(5))", "(range(5) == range(n))", "(range(n) == [])", "(range(n).start + range(1, n, 2).stop + range(n).step)",
    "n.numerator", "n.denominator", "n.real", "n.imag", "n.bit_length()", "n.conjugate()", "n.__index__()",
    "(1 if 3 in range(n) else 2)",
)  # fmt: skip
RUN_OVER = (
    "range(n)[1:]", "reversed(range(n))", "range(n)[::-1]", "range(n, 0, -1)[1:]", "range(n)[1:3]", "range(n)[:-1]", "range(n)[::2]",
    "range(n)[-2:]", "range(n, 0, -1)[1:3]", "range(n, 0, -1)[:-1]", "range(n, -n, -2)[-2:]", "range(n)[1:-1]", "range(n)[1::2]",
    "range(1, n, 2)[1:4:2]", "range(n)[-3:2]", "range(n)[2:][1:]", "reversed(range(n)[1:])", "range(n)[5:2]",
    "reversed(range(1, n, 2))",
)  # fmt: skip


def outcome(function: Any, *args: Any) -> Any:
    try:
        return function(*args)
    except (ValueError, IndexError, NameError, TypeError) as error:
        return type(error), str(error)


def check(text: str, numbers: Any = NUMBERS, x: Any = 2.0) -> None:
    """Every control gives the value of the plain call, or its exception, and the derivatives of the tape."""
    made = module("import numpy as np\n" + text)
    derivatives = [value_and_grad(made.f, control=c) for c in CONTROLS]
    for n in numbers:
        wanted = outcome(made.f, x, n)
        for derivative in derivatives:
            found = outcome(derivative, x, n)
            if isinstance(wanted, tuple):
                assert found == wanted, n
            else:
                assert found[0] == wanted and type(found[0]) is type(wanted), n
                assert found[1] == tape.gradient(made.f, (x, n))[1], n


@pytest.mark.parametrize("asked", ASKED)
def test_what_is_asked_of_ranges_and_whole_numbers(asked: str) -> None:
    check(f"def f(x, n):\n{LOOP}    return s * {asked}\n")


@pytest.mark.parametrize("over", RUN_OVER)
def test_what_a_loop_runs_over(over: str) -> None:
    text = f"def f(x, n):\n    s = x\n    for i in {over}:\n        s = s * x + i\n    return s\n"
    check(text)
    check(text, (5, 0, 7), np.float32(2.0))


WAYS = {
    "a loop of which each step raises": f"def f(x, n):\n{LOOP}    for i in range(n):\n        raise ValueError(i)\n    return s * s\n",
    "a loop with a condition that raises": "def f(x, n):\n    s = x\n    while s < n:\n        raise ValueError(s)\n    return s * s\n",
    "a name that is missing in a loop": "def f(x, n):\n    s = x\n    for i in range(n):\n        s = s * zz\n    return s * x\n",
    "a name that is missing in a branch of a loop": (
        "def f(x, n):\n    s = x\n    for i in range(n):\n        if i > 2:\n            s = s + zz\n        s = s * x\n    return s\n"),
    "a variable that some steps assign": (
        "def f(x, n):\n    s = x\n    for i in range(n):\n        if n > 3:\n            k = i\n        if i > 1:\n            s = s + k * x\n"
        "    return s\n"),
    "a variable that an earlier step assigns": (
        "def f(x, n):\n    s = x\n    for i in range(n):\n        if i > 0:\n            s = s + k * x\n        if n > 3:\n            k = i\n"
        "    return s\n"),
    "a variable that one side assigns": f"def f(x, n):\n    if n > 3:\n        k = 3.0\n{LOOP}    if n > 1:\n        s = s + k * x\n    return s\n",
    "a function that raises": f"def f(x, n):\n    if n < 2:\n        raise ValueError('few')\n{LOOP}    return s\n",
}  # fmt: skip


@pytest.mark.parametrize("name", WAYS)
def test_what_the_function_raises(name: str) -> None:
    check(WAYS[name], (4, 0, 1, 2, 4, 0))


def test_what_the_function_raises_is_raised_where_it_cannot_be_kept() -> None:
    made = module("LOG = []\ndef f(x, n):\n    LOG.append(x)\n    return x * zz\ndef g(x, n):\n    return x * zz\n")
    with pytest.raises(CannotKeep):
        grad(made.f, control="keep")(1.0, 2)
    assert made.LOG == []  # to see what it raises, nothing is done
    with pytest.raises(NameError, match="name 'zz' is not defined"):
        grad(made.g, control="keep")(1.0, 2)


@pytest.mark.parametrize("control", CONTROLS)
def test_a_rule_is_missed_where_the_way_is_taken(control: str) -> None:
    looped = module("import numpy as np\ndef f(x, n):\n    s = x\n    for i in range(n):\n        s = s + np.ma.average(np.array([s, x]))\n    return s\n")
    either = module(f"import numpy as np\ndef f(x, n):\n{LOOP}    if n > 3:\n        s = s + np.ma.average(np.array([s, x]))\n    return s\n")
    for made, n, wanted in ((looped, 0, (2.0, 1.0)), (either, 2, (8.0, 12.0))):
        derivative = value_and_grad(made.f, control=control)
        for _ in range(2):
            assert derivative(2.0, n) == wanted
            with pytest.raises(MissingRule, match="average"):
                derivative(2.0, 4)


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("result", ["s", "s * 2", "s + 1", "-s"])
def test_a_sum_of_nothing_is_a_whole_number(control: str, result: str) -> None:
    """It has no derivative in any control, whatever the sum is for other arguments."""
    made = module(f"def f(x, n):\n    s = 0\n    for i in range(n):\n        s = s + x * i\n    return {result}\n")
    for x in (2.0, np.float32(2.0)):
        derivative = value_and_grad(made.f, control=control)
        for n in (3, 0, 2, 0):
            if n:
                value, slope = derivative(x, n)
                assert value == made.f(x, n) and slope == tape.gradient(made.f, (x, n))[1] and type(value) is type(made.f(x, n))
            else:
                with pytest.raises(NotDifferentiable, match="returns an int"):
                    derivative(x, n)


def test_sequences_that_are_to_be_of_one_length() -> None:
    def f(x: Any, y: Any) -> Any:
        s = 0.0
        for a, b in zip(x, y, strict=True):
            s = s + a * b
        return s

    for control in CONTROLS:
        derivative = value_and_grad(f, control=control)  # type: ignore[call-overload]
        assert derivative(np.ones(3), np.ones(3))[0] == 3.0
        for length, what in ((4, "longer"), (2, "shorter")):
            with pytest.raises(ValueError, match=f"argument 2 is {what}"):
                derivative(np.ones(3), np.ones(length))
