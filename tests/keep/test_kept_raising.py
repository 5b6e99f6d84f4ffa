"""What raises for some sizes raises in kept code where the function raises, and nowhere else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import tape, value_and_grad
from tests.oracles import agrees, made

SIZES = (3, 0, 1, 2, 5)


def outcome(function: Any, *args: Any) -> Any:
    try:
        return function(*args)
    except Exception as error:
        return type(error), str(error)


# What stands in a loop that makes no step is not done, though it does not depend on the step.
UNREACHED = {
    "an element": "t = 0.0\nfor i in range(len(x)):\n    t = t + a[0] * x[i]\nreturn t",
    "the last": "t = 0.0\nfor i in range(len(x)):\n    t = t + a[-1] * a[len(a) - 1] * x[i]\nreturn t",
    "of a part": "v = a[1:-1]\nt = 0.0\nfor i in range(1, len(a) - 1):\n    t = t + v[0] * a[i]\nreturn t + np.sum(x)",
    "a largest": "t = 0.0\nfor i in range(len(x)):\n    t = t + np.max(a) * x[i]\nreturn t",
    "a place from outside": "t = 0.0\nfor i in range(len(x)):\n    t = t + a[n] * x[i]\nreturn t",
    "a loop inside": "t = 0.0\nfor i in range(len(x)):\n    for j in range(i):\n        t = t + a[i] * x[j]\nreturn t",
    "a size below zero": "t = 0.0\nfor i in range(len(x)):\n    t = t + np.sum(np.ones(len(a) - 2) * x[i])\nreturn t",
}


@pytest.mark.parametrize("case", UNREACHED)
def test_what_is_not_reached_does_not_raise(case: str) -> None:
    function = made(UNREACHED[case], "x, a, n")
    derivative = value_and_grad(function, argnums=(0, 1), control="keep")
    for one in SIZES:
        for other in SIZES:
            args = np.linspace(0.1, 1.0, one), np.linspace(-1.0, 2.0, other), 1
            wanted = outcome(function, *args)
            if isinstance(wanted, tuple):
                assert outcome(derivative, *args) == wanted
            else:
                agrees(derivative, function, *args, argnums=(0, 1))


# What nothing needs is read nevertheless.
UNUSED = {
    "an element": "v = x[0]\nfor i in range(n):\n    a = a * 2.0\nreturn np.sum(a)",
    "of a table": "v = np.outer(x, a)[0, 0]\nfor i in range(n):\n    a = a * 2.0\nreturn np.sum(a)",
    "in the loop": "for i in range(n):\n    v = x[-2]\n    a = a * 2.0\nreturn np.sum(a)",
    "a write": "v = x.copy()\nfor i in range(n):\n    v[-1] *= 0.5\n    a = a * 2.0\nreturn np.sum(a)",
}


@pytest.mark.parametrize("case", UNUSED)
def test_what_is_not_needed_raises(case: str) -> None:
    function = made(UNUSED[case], "x, a, n")
    derivative = value_and_grad(function, argnums=(0, 1), control="keep")
    for size in SIZES:
        args = np.ones(size), np.ones(3), 2
        wanted = outcome(function, *args)
        assert isinstance(wanted, tuple) == (size < 1 + (case == "in the loop"))
        found = outcome(derivative, *args)
        assert found == wanted if isinstance(wanted, tuple) else found[0] == wanted


# An array has a truth where it has one element, and raises elsewhere, whether something follows from the answer or not.
TRUTHS = {
    "a branch": "for i in range(n):\n    a = a * 2.0\nif x > 0.9:\n    pass\nreturn np.sum(a)",
    "in the loop": "for i in range(n):\n    if x > i:\n        pass\n    a = a * 2.0\nreturn np.sum(a)",
    "a choice": "for i in range(n):\n    a = a * 2.0\nv = 1 if x > 0.9 else 1\nreturn np.sum(a)",
    "both": "for i in range(n):\n    a = a * 2.0\nv = (x > 0.9) and (x < 2.0)\nreturn np.sum(a)",
    "an opposite": "for i in range(n):\n    v = not x > 0.9\n    a = a * 2.0\nreturn np.sum(a)",
    "an exit": "for i in range(n):\n    a = a * 2.0\nfor i in range(n):\n    if x > i + 9:\n        break\nreturn np.sum(a)",
    "a condition": "for i in range(n):\n    a = a * 2.0\nk = 0\nwhile x > k:\n    k += 1\nreturn np.sum(a)",
}


@pytest.mark.parametrize("case", TRUTHS)
def test_a_truth_that_nothing_needs_is_asked(case: str) -> None:
    function = made(TRUTHS[case], "x, a, n")
    derivative = value_and_grad(function, argnums=(0, 1), control="keep")
    for size in (1, 2, 3, 0):
        for n in (2, 0):
            args = np.ones(size), np.ones(3), n
            wanted, found = outcome(function, *args), outcome(derivative, *args)
            assert found == wanted if isinstance(wanted, tuple) else found[0] == wanted


@pytest.mark.parametrize("control", ("record", "keep", "tape"))
@pytest.mark.parametrize("body", ("x = x * 1\nx[0] += n[9]", "x = [x]\nx[1] += n[9]", "x = {}\nx[1] += n[9]", "x *= 1\nx[0] += abs(n[9])"))
def test_an_item_is_read_before_what_is_added_to_it(body: str, control: str) -> None:
    function = made(body, "x, n")
    if control == "tape":
        found = outcome(lambda *args: tape.gradient(function, args), np.zeros(0), 1)
    else:
        found = outcome(value_and_grad(function, control=control), np.zeros(0), 1)  # type: ignore[call-overload]
    assert found == outcome(function, np.zeros(0), 1)
    assert found[0] in (IndexError, KeyError)


def test_what_a_branch_says_of_a_size_holds_in_that_branch() -> None:
    """Not in a loop before it, whose adjoint is written down after that of the branch."""
    body = """\
t = 0.5
for k in range(n):
    v = np.ones(len(x))
    for i in range(len(x)):
        v[i] = np.sin(t * x[i])
    t = t + np.sum(v)
if len(x) == 0:
    return t * 2.0
return t + x[0]"""
    function = made(body, "x, n")
    derivative = value_and_grad(function, control="keep")
    for size in SIZES:
        agrees(derivative, function, np.linspace(0.1, 1.0, size), 2)


def test_a_view_is_read_after_a_loop_that_cannot_be_walked_but_makes_no_step() -> None:
    body = "n = len(x)\nv = np.zeros((n, 3))\nw = v[::-1]\nfor k in range(1, n, 3):\n    v[-1] *= 0.5\n    n[k:k]\nreturn np.sum(w) + x[0]"
    function = made(body, "x")
    agrees(value_and_grad(function, control="keep"), function, np.array([0.3]))
