"""Loops of few steps: kept as loops where the number of a step may be any, walked one by one where the code needs the number itself."""

from __future__ import annotations

import numpy as np
import pytest

from s2sad import value_and_grad
from s2sad.errors import CannotKeep
from tests.oracles import module

HEAD = "import numpy as np\n\n\ndef f(x, n):\n    p = [x[0], x[1] * 2.0]\n    q = {0: x[0], 1: x[1], 'w0': x[2], 'w1': x[0]}\n" \
    "    y = np.outer(x, x)\n    t = x[0] * 0.0\n    for i in range(n):\n        for k in range(2):\n            "  # fmt: skip
KEPT = {
    "a number": "t = t + x[0] * k",
    "an index": "t = t + x[k] * x[k + 1]",
    "an exponent": "t = t + x[0] ** k",
    "a size": "t = t + np.sum(np.ones(k + 1) * x[0])",
    "the bound of a part": "t = t + np.sum(x[k:])",
    "the index of a tuple of numbers": "t = t + (x[0], x[1] * x[1])[k]",
    "a condition": "t = t + x[k] if k % 2 == 0 else t * x[k]",
    "the index of a tuple": "t = t + (x[0], x[1] * x[1])[k]",
    "the end of another loop": "for j in range(k + 1):\n                t = t + x[j]",
}
ONE_BY_ONE = {
    "an axis": "t = t + np.sum(np.sum(y, axis=k) ** 2)",
    "the index of a list": "t = t + p[k]",
    "the index of a list that is written": "p[k] = p[k] * x[2]; t = t + p[k]",
    "a key": "t = t + q[k]",
    "a name": "t = t + q[f'w{k}']",
}


def kept(body: str) -> str:
    """The code for a body, whose loop around is a loop in any case."""
    function = module(HEAD + body + "\n    return t\n").f
    derivative, recorded = (value_and_grad(function, control=control) for control in ("keep", "record"))
    for n, size in ((2, 4), (0, 5), (3, 3)):
        x = np.linspace(0.5, 1.5, size)
        assert derivative(x, n)[0] == function(x, n)
        np.testing.assert_allclose(derivative(x, n)[1], recorded(x, n)[1], rtol=1e-12)
    assert [path.kept for path in derivative.paths] == [True]
    assert "in range(n)" in derivative.source
    return derivative.source


@pytest.mark.parametrize("use", KEPT)
def test_a_loop_whose_number_may_be_any_stays_a_loop(use: str) -> None:
    assert "in range(2):" in kept(KEPT[use])


@pytest.mark.parametrize("use", ONE_BY_ONE)
def test_steps_whose_number_has_to_be_known_are_walked_one_by_one(use: str) -> None:
    assert "in range(2):" not in kept(ONE_BY_ONE[use])


SIZES = {
    "the length of an array": "for k in range(len(x)):",
    "a dimension": "for k in range(1, x.shape[0] - 1):",
    "a name for it": "m = len(x) - 1\n    for k in range(m):",
    "an argument": "for k in range(n):",
}


@pytest.mark.parametrize("bound", SIZES)
def test_steps_are_not_walked_one_by_one_for_the_sizes_of_a_call(bound: str) -> None:
    step = "        seen[k] = x[k]\n        t = t + seen[k]\n"
    text = f"def f(x, n):\n    seen = {{}}\n    t = x[0]\n    {SIZES[bound]}\n{step}    return t\n"
    function, x = module(text).f, np.linspace(0.5, 1.5, 4)
    with pytest.raises(CannotKeep, match="the code depends on a number"):
        value_and_grad(function, control="keep")(x, 3)
    derivative = value_and_grad(function)
    assert derivative(x, 3)[0] == function(x, 3)
    assert [path.kept for path in derivative.paths] == [None]


NO_STEP = {
    "while": "    while j < len(x):\n",
    "for": "    for i in range(n, len(x)):\n",
    "two of them": "    for i in range(n, len(x)):\n      while j < len(x):\n",
}


@pytest.mark.parametrize("head", NO_STEP)
def test_what_a_step_would_read_first_is_not_read_where_there_is_no_step(head: str) -> None:
    text = f"def f(x, n):\n    j = n\n    t = x[0]\n{NO_STEP[head]}        t = t + x[j] * x[j]\n        j = j + 1\n    return t\n"
    function, x = module(text).f, np.linspace(0.5, 1.5, 5)
    derivative = value_and_grad(function, control="keep")
    for n in (2, 5, 4, 9):
        assert derivative(x, n)[0] == function(x, n)
    assert [path.kept for path in derivative.paths] == [True]
