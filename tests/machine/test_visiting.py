"""`np.nditer`: it goes as arrays lie in memory, in each call anew; what it raises, and what it has no rule for."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from s2sad import tape, value_and_grad
from s2sad.errors import MissingRule
from tests.oracles import assert_close, assert_identical
from tests.ways import every_way

X = np.array([[1.5, -2.5, 0.3], [-1.0, 2.0, 0.7]])
LAYOUTS = [X, np.asfortranarray(X), X[:, ::-1], X[::-1].T, np.repeat(X, 2, axis=1)[:, ::2], X[::-1, ::-1].T[:2, :1], X]


def numbered(x: Any) -> Any:
    s = np.float64(0.0)
    for k, v in enumerate(np.nditer(x)):
        s = s + (k + 1) * v * v
    return s


def numbered_in_place(x: Any) -> Any:
    y = x * 2.0
    for k, v in enumerate(np.nditer(y, op_flags=["readwrite"])):
        v[...] = (k + 1) * v
    return np.sum(y * x) / 2.0


@pytest.mark.parametrize("control", ["record", "auto", "tape"])
@pytest.mark.parametrize("f", [numbered, numbered_in_place])
def test_it_goes_as_the_array_of_each_call_lies(f: Any, control: str) -> None:
    derived = (lambda x: tape.gradient(f, (x,))) if control == "tape" else value_and_grad(f, control=control)
    for x in LAYOUTS:
        wanted = np.zeros(x.shape)
        it = np.nditer(x if f is numbered else x * 2.0, flags=["multi_index"])
        for k, _ in enumerate(it):
            wanted[it.multi_index] = 2 * (k + 1) * x[it.multi_index]
        value, gradient = derived(x)
        assert_identical(value, f(x))
        assert_close(gradient, wanted)


def test_a_loop_over_it_stays_a_loop() -> None:
    derived = value_and_grad(numbered, control="keep")
    for n in (3, 5, 2):
        assert_close(derived(np.arange(2.0 * n).reshape(2, n))[1].ravel(), 2.0 * np.arange(2 * n) * np.arange(1, 2 * n + 1))
    assert len(derived.paths) == 1  # type: ignore[attr-defined]


def test_it_is_an_iterator_that_can_be_moved() -> None:
    def f(a: Any) -> Any:
        x = a * np.array([[1.0, 2.0], [3.0, 4.0]])
        it = np.nditer(x, ["multi_index"])
        first, second = next(it), next(it)
        rest = sum([v * 2.0 for v in it])
        it.reset()
        again = next(it) ** 2
        it.multi_index = (1, 1)
        one = it.value * 3.0
        it.iterindex = 1
        other = it.copy()
        it.iternext()
        return first * second + rest + again + one + it[0] * 5.0 + other[0] * other[:][0] + it.iterindex

    every_way(lambda: f)


def test_it_goes_on_where_a_loop_was_left() -> None:
    def f(a: Any) -> Any:
        it = np.nditer(np.array([-1.0, -0.5, 0.75, 2.0]) * a)
        s = np.float64(0.0)
        for v in it:
            if v > 0:
                break
            s = s + v
        return s + sum([w * w for w in it]) * (4 if it.finished else 1)

    every_way(lambda: f, refused=("keep",))


def test_an_array_that_other_code_gives_may_lie_in_another_way_in_the_next_call() -> None:
    state = {"made": iter([X, X, np.asfortranarray(X), X.copy()])}

    def f(x: Any) -> Any:
        return sum([v * k for k, v in enumerate(np.nditer(next(state["made"])))]) * x

    derived = value_and_grad(f, control="record")
    for given in (X, X, np.asfortranarray(X), X):
        assert_close(derived(2.0)[1], float(sum(v * k for k, v in enumerate(np.nditer(given)))))


def readonly(x: Any) -> Any:
    for v in np.nditer(x):
        v[...] = 1.0


def empty(x: Any) -> Any:
    np.nditer(x[:0])


def unlike(x: Any) -> Any:
    np.nditer([x, np.ones(4)])


def narrow(x: Any) -> Any:
    np.nditer([x, x[:1] * 1.0], [], [["readonly"], ["readwrite"]])


def unknown(x: Any) -> Any:
    np.nditer(x, ["sideways"])


def ended(x: Any) -> Any:
    it = np.nditer(x)
    for _ in it:
        pass
    return it.value


def closed(x: Any) -> Any:
    with np.nditer(x) as it:
        pass
    return it.operands


def without_indices(x: Any) -> Any:
    return np.nditer(x).multi_index


def without_an_index(x: Any) -> Any:
    return np.nditer(x, ["multi_index"]).index


@pytest.mark.parametrize("f", [readonly, empty, unlike, narrow, unknown, ended, closed, without_indices, without_an_index])
def test_it_raises_what_it_does(f: Any) -> None:
    with pytest.raises((ValueError, IndexError)) as wanted:
        f(X)
    for derived in (value_and_grad(f), lambda x: tape.gradient(f, (x,))):
        with pytest.raises(type(wanted.value), match=re.escape(str(wanted.value))):
            derived(X)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ({"flags": ["external_loop"]}, "with buffers or outer loops gives parts by their place in memory"),
        ({"flags": ["buffered"]}, "with buffers or outer loops"),
        ({"op_axes": [[1, 0]]}, "with op_axes or itershape has no rule"),
        ({"op_flags": [["readonly", "contig"]]}, "with copies of operands has no rule"),
    ],
)
def test_what_has_no_rule_is_refused(arguments: Any, why: str) -> None:
    def f(x: Any) -> Any:
        return sum([np.sum(v * v) for v in np.nditer(x, **arguments)])

    for derived in (value_and_grad(f), lambda x: tape.gradient(f, (x,))):
        with pytest.raises(MissingRule, match=why):
            derived(X)


def test_its_shape_is_told_with_indices() -> None:
    def f(x: Any) -> Any:
        return x[0, 0] * len(np.nditer(x).shape)

    with pytest.raises(MissingRule, match="has axes put together"):
        value_and_grad(f)(X)
