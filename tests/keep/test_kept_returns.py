"""Branches that return on some ways: what follows is walked once, however many stand one after the other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad
from s2sad.errors import CannotKeep
from s2sad.keep import walk, walks
from tests.oracles import agrees, module

HELPER = """\
def helper(t, x, k):
    if t > x * 5.0:
        if t > x * 6.0 + k:
            return t * 2.0
        t = t * 0.5
    return t * 1.1 + x


"""
# What one link of a chain is, by the number `k` of the link.
LINKS = {
    "all return": "    if t > {k}.0:\n        return t * {k}.5\n    t = t * 1.1 + x\n",
    "some return": "    if x > {k}.0:\n        t = t * 1.5\n        if t > {k}.5:\n            return t * 3.0\n    t = t * 1.1 + x\n",
    "nested": "    if x > {k}.0:\n        if t > {k}.25:\n            if t > {k}.5:\n                return t\n            t = t - x\n"
              "        else:\n            t = t + x * x\n    t = t * 1.1\n",
    "some raise": "    if x > {k}.0:\n        t = t * 1.5\n        if t > 9000.0:\n            raise ValueError(t)\n    t = t * 1.1 + x\n",
    "a helper decides": "    if helper(t, x, {k}) > {k}.0:\n        t = helper(t, x, 2)\n"
                        "        if t > {k}.5:\n            return t\n    t = t + x\n",
    "loops": "    for _ in range(n):\n        t = t * 1.1\n        if t > {k}.0:\n            return t * x\n",
    "loops with else": "    for _ in range(n):\n        t = t * 1.1\n        if t > {k}.0:\n            break\n    else:\n"
                       "        if t > {k}.5:\n            if x > 2.0:\n                return t\n            t = t * x\n    t = t + x\n",
}  # fmt: skip
STEPS = {
    "in a loop": "        if t > {k}.0:\n            t = t - x\n            if t > {k}.5:\n                return t\n"
           "        t = t * 1.1 + x\n",
    "break": "        if t > {k}.0:\n            t = t - x\n            if t > {k}.25:\n                break\n"
           "        t = t * 1.1 + x\n",
    "continue": "        if t > {k}.0:\n            t = t - x\n            if t > {k}.25:\n                continue\n"
           "        t = t * 1.1 + x\n",
}


def chain(kind: str, links: int) -> str:
    text = LINKS.get(kind) or STEPS[kind]
    body = "".join(text.format(k=k + 1) for k in range(links))
    loop = "" if kind in LINKS else "    for _ in range(n):\n"
    return f"{HELPER}def f(x, n):\n    t = x * x\n{loop}{body}    return t\n"


def walked(text: str, monkeypatch: pytest.MonkeyPatch) -> tuple[int, Any, Any]:
    """How many statements are walked to compile the function, its derivative, and the function."""
    count = [0]
    statement = walk._Walk.statement

    def counted(self: Any, node: Any, rest: Any) -> Any:
        count[0] += 1
        return statement(self, node, rest)

    with monkeypatch.context() as patch:
        patch.setattr(walk._Walk, "statement", counted)
        function = module(text).f
        derivative = value_and_grad(function, control="keep")
        derivative(0.75, 2)
    return count[0], derivative, function


@pytest.mark.parametrize("kind", (*LINKS, *STEPS))
def test_what_follows_is_walked_once(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    two, four, six = (walked(chain(kind, links), monkeypatch) for links in (2, 4, 6))
    assert six[0] - four[0] == four[0] - two[0]
    lines = [len(each[1].source.splitlines()) for each in (two, four, six)]
    assert lines[2] - lines[1] <= 1.25 * (lines[1] - lines[0])
    for x in (0.75, 1.5, 2.25, 3.5, 5.25):
        for n in (2, 0, 3):
            agrees(four[1], four[2], x, n)
    assert [path.kept for path in four[1].paths] == [True]


def test_twelve_that_return() -> None:
    function = module(chain("some return", 12)).f
    derivative = value_and_grad(function, control="keep")
    for x in (0.5, 3.5, 8.0, 13.0):
        agrees(derivative, function, x, 1)


DEEP = "def f(x, n):\n    t = x\n" + "".join(f"{'    ' * (k + 1)}for _{k} in range(n):\n" for k in range(9)) + \
    "    " * 10 + "t = t * 1.01\n    return t\n"  # fmt: skip


def test_a_walk_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walks, "WALKED", 20)
    monkeypatch.setattr("s2sad.calls.choice.STEPS_RECORDED", 2)
    function = module(DEEP).f
    with pytest.raises(CannotKeep, match="takes more than 20 statements"):
        value_and_grad(function, control="keep")(1.5, 2)
    derivative = value_and_grad(function)
    agrees(derivative, function, 1.5, 2)
    (reason,) = derivative.reasons
    assert "to walk the loops and branches takes more than 20 statements" in reason
    assert "<cell" in reason


# What a reverse step asks of an array that only some ways through the step make: its size, and a comparison.
ASKED = {
    "a size, returned": "            return np.sum(x[v + 1:]) * v\n    return np.sum(x)\n",
    "a size, in a branch": "            w = x[1:] * x[:-1]\n            t = t + np.sum(w) * t\n    return t\n",
    "a comparison": "            w = np.tanh(x[1:] * t)\n"
                    "            t = t + np.sum(np.where(w > 0.25, x[1:], w * x[:-1]))\n    return t\n",
    "in a loop inside": "            for _ in range(v):\n                w = np.sin(x[1:] * t)\n"
                        "                t = t + np.sum(w)\n    return t\n",
}  # fmt: skip
ASKING = "import numpy as np\n\n\ndef f(x, at, n):\n    t = 0.5\n    for v in range(n):\n        if v == at:\n"


@pytest.mark.parametrize("case", ASKED)
def test_a_reverse_step_asks_where_it_knows_the_way(case: str) -> None:
    function = module(ASKING + ASKED[case]).f
    derivative = value_and_grad(function, control="keep")
    for at in (-1, 1, 0, 2, 5):
        agrees(derivative, function, np.array([0.3, -0.8, 1.1, 0.7]), at, 3)
