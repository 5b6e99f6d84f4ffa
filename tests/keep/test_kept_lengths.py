"""Lengths that only the run knows: how many elements are not zero, how often elements are repeated. One path serves them all."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import CannotKeep, grad, value_and_grad
from tests.oracles import agrees, assert_close, made

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")  # means of nothing

SIGNS = ([1.0, -2.0, 3.0, -0.5, 0.25], [-1.0, -2.0, -0.5], [0.5, 1.0, 2.0, 4.0], [-0.5, 3.0, -0.25], [0.5, -3.0])  # some, none, all, one

CHOSEN = {
    "the places": "return np.sum(x[np.nonzero(x > 0)] ** 2) + np.sum(x[x > 0] ** 3)",
    "where with a condition alone": "return np.sum(np.where(x > 0)[0] * x[np.where(x > 0)])",
    "what a condition chooses": "return np.sum(np.compress(x > 0, x) ** 3) + np.sum(np.extract(x > 0, x) ** 2 * x[x > 0])",
    "places one by one": "s = 0.0\nfor i in np.flatnonzero(x > 0):\n    s += x[i] ** 2 * np.sin(x[i])\nreturn s",
    "rows of places": "p = np.argwhere(x > 0)\nreturn np.sum(x[p] ** 2) + p.shape[0] * np.sum(x)",
    "places in a matrix": "m = np.outer(x, x)\ni, j = np.nonzero(m > 0.3)\nreturn np.sum(m[i, j] ** 2 * x[i] * np.cos(x[j]))",
    "rows and columns": "m = np.outer(x, x)\nreturn np.sum(np.compress(x > 0, m, axis=1) ** 2) + np.sum(m.compress(x < 0, axis=0))",
    "a mask of another shape": "return np.sum(x.reshape(1, -1)[np.reshape(x > 0, (1, -1))] * x[x > 0] * x[np.ravel(x > 0)])",
    "in a loop": ("s = 0.0\nfor k in range(len(x)):\n    m = x > x[k]\n    y = x[m]\n    s += np.sum(y ** 2) * len(y)\n"
                  "    s += np.sum(x[np.nonzero(m)] * y)\n    x = x * 1.1\nreturn s"),
    "written through": ("y = x.copy()\nfor k in range(3):\n    i = np.flatnonzero(y > 0.1)\n    y[i] = y[i] * 0.5 - 0.1 * len(i)\n"
                        "    y[y > 1.0] *= 0.5\nreturn np.sum(y ** 2)"),
    "numbers that are not zero": "y = np.maximum(x, 0.0)\nreturn np.sum(y[np.nonzero(y)] ** 2)",
    "rows by a column": "m = np.outer(x, x) + 1.0\ny = m.copy()\ny[:, x > 0] = m[:, :1] ** 2\ny[x > 0] += m[:1]\nreturn np.sum(y ** 2)",
    "what is left and what is not": "m = x > 0\ny = x * 1.0\ny[m] = x[m] ** 2\ny[~m] = 0.5 * x[~m] ** 3\nreturn np.sum(y)",
}  # fmt: skip


@pytest.mark.parametrize("body", CHOSEN.values(), ids=CHOSEN)
def test_one_path_serves_all_that_is_chosen(body: str) -> None:
    function = made(body, "x")
    derivative = value_and_grad(function, control="keep")
    for numbers in (*SIGNS, *reversed(SIGNS)):
        agrees(derivative, function, np.array(numbers))
    assert [path.kept for path in derivative.paths] == [True]


REPEATED = {
    "a number": "return np.sum(np.repeat(x, n) ** 2 * np.sin(np.repeat(x, n))) + np.sum(np.repeat(np.outer(x, x), n, axis=1)[:1])",
    "a list of one": "return np.sum(np.repeat(np.outer(x, x), [n], axis=0) ** 3)",
    "the step of a loop": "s = 0.0\nfor k in range(n):\n    s += np.sum(np.repeat(x, k) ** 2 * np.sin(x.repeat(k)))\nreturn s",
    "an array": "r = np.arange(len(x)) * n\nreturn np.sum(np.sin(np.repeat(x, r)) * np.cumsum(np.repeat(x, r)))",
    "an array along an axis": "m = np.outer(x, x)\nreturn np.sum(np.repeat(m, np.arange(len(x)) + n, axis=1) ** 2)",
    "truth values": "return np.sum(np.repeat(x, x > n) ** 2)",
}  # fmt: skip


@pytest.mark.parametrize("body", REPEATED.values(), ids=REPEATED)
def test_one_path_serves_all_repetitions(body: str) -> None:
    function = made(body)
    derivative = value_and_grad(function, control="keep")
    for n in (2, 0, 1, 3):
        for numbers in SIGNS[:3]:
            agrees(derivative, function, np.array(numbers), n)
    assert [path.kept for path in derivative.paths] == [True]


TWICE = {name: CHOSEN[name] for name in ("in a loop", "written through", "what a condition chooses", "rows by a column")}
TWICE["an array of repetitions"] = "r = np.arange(len(x))\nreturn np.sum(np.sin(np.repeat(x, r)) * np.cumsum(np.repeat(x, r)))"


@pytest.mark.parametrize("body", TWICE.values(), ids=TWICE)
def test_the_second_derivative(body: str) -> None:
    """A mask that an adjoint reads back, or computes once more, chooses as many as the first time."""
    inner = "\n    ".join(body.split("\n"))
    function = made(f"from s2sad import grad\ndef f(x):\n    {inner}\nreturn np.sum(np.sin(grad(f)(x)))", "x")
    kept, recorded = grad(function, control="keep"), grad(function, control="record")
    for numbers in SIGNS:
        assert_close(kept(np.array(numbers)), recorded(np.array(numbers)))


def test_repetitions_that_do_not_fit_are_refused_by_numpy() -> None:
    derivative = value_and_grad(made("return np.sum(np.repeat(x, n) ** 2)"), control="keep")
    agrees(derivative, made("return np.sum(np.repeat(x, n) ** 2)"), np.ones(3), np.array([2, 0, 1]))
    for n, message in ((np.array([1, 2]), "could not be broadcast"), (np.array([1, -2, 1]), "may not contain negative")):
        with pytest.raises(ValueError, match=message):
            derivative(np.ones(3), n)


def test_one_repetition_is_told_from_several() -> None:
    """An array of one number repeats each element so often, whatever their number: its sum says nothing of another length."""
    def f(x: Any, y: Any, r: Any) -> Any:
        return np.sum(np.repeat(x, r) ** 2) * np.sum(np.repeat(y, r))

    derivative = value_and_grad(f, control="keep")
    for r in (np.array([2]), np.array([0]), np.array(3), np.array([1])):
        agrees(derivative, f, np.array([1.0, 2.0, 3.0]), np.array([0.5, 4.0]), r)
    assert all(path.kept for path in derivative.paths)


# Numbers that decide about a formula


def test_the_order_of_a_norm_is_guarded() -> None:
    function = made("return np.linalg.norm(x, n) ** 2")
    derivative = value_and_grad(function, control="keep")
    for n in (1.5, np.inf, -np.inf, 0.5, 1.5, np.inf):
        agrees(derivative, function, np.array([1.0, -2.0, 3.0]), n)
    assert [path.kept for path in derivative.paths] == [True] * 4


def test_the_order_of_a_norm_is_a_number_of_a_module() -> None:
    function = made("s = 0.0\nfor k in range(1, n):\n    s += np.linalg.norm(x * k, np.inf) + np.linalg.norm(x / k, -np.inf)\nreturn s")
    derivative = value_and_grad(function, control="keep")
    for n in (4, 0, 2, 1):
        agrees(derivative, function, np.array([1.0, -2.0, 3.0]), n)
    assert [path.kept for path in derivative.paths] == [True]


@pytest.mark.parametrize("width", ["n", "(n, 1)", "[n]", "((n, 1), (0, n))", "((n,), (1,))", "((1, n),)", "[n, 1]", "((1, 2), (n, n))"])
def test_widths_of_padding(width: str) -> None:
    function = made(f"m = np.outer(x, x)\nreturn np.sum(np.pad(m, {width}) ** 2) + np.sum(np.pad(m, {width}, constant_values=0.5) ** 3)")
    derivative = value_and_grad(function, control="keep")
    for n in (2, 0, 1):
        agrees(derivative, function, np.array([1.0, -2.0, 3.0]), n)
    assert [path.kept for path in derivative.paths] == [True]


NAMED = {
    "n = len(x[x > 0])\nreturn np.median(x[x > 0]) * n": "whether n is 0",
    "return np.median(x[x > 0])": "whether the number of elements that a mask chooses is 0",
    "n = x.astype(int).tolist()[0]\nreturn np.median(np.ones(n) * x[0])": "whether n is 0",
    "return np.median(np.ones(int(np.prod(x.astype(int)))) * x[0])": "whether what np.prod gives is 0",
}


@pytest.mark.parametrize("body", NAMED)
def test_refusals_speak_of_the_names_of_the_function(body: str) -> None:
    with pytest.raises(CannotKeep, match=NAMED[body]):
        value_and_grad(made(body, "x"), control="keep")(np.array([1.5, 2.5, 3.0]))


def test_differences_and_sums_of_what_is_chosen() -> None:
    """The adjoint of a difference asks whether there are enough numbers, which is known where one has been put in front."""
    body = "s = np.sort(x[x > 0])[::-1]\nreturn np.sum(np.diff(np.concatenate([[0.0], s])) ** 2) + np.sum(np.cumsum(s) * s)"
    function = made(body, "x")
    derivative = value_and_grad(function, control="keep")
    for numbers in SIGNS:
        agrees(derivative, function, np.array(numbers))
    assert [path.kept for path in derivative.paths] == [True]
