"""The arrays that the steps of a loop save go into one array made before it: compared with lists, and with the tape, bit for bit."""

from __future__ import annotations

import re
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import grad, value_and_grad, vjp
from s2sad.api.derivatives import Derivative
from s2sad.settings import Settings
from tests.oracles import agrees, assert_close
from tests.passes.test_nested_saves import both_ways, same, shapes, source, with_lists

VECTOR = np.linspace(0.4, 1.2, 4)
MATRIX = np.linspace(-1.0, 1.5, 12).reshape(3, 4)
CALLS = [(3, 2), (1, 1), (0, 2), (-2, 1), (6, 3)]


def pair(x, n, m):
    u = np.array([x[0], x[1]])
    for _ in range(n):
        u = np.array([np.sin(u[0] * u[1]), u[0] * np.cos(u[1])])
    return u @ u


def vectors(x, n, m):
    for _ in range(n):
        x = np.sin(x) * x[::-1]
    return np.sum(x)


def from_one(x, n, m):
    for i in range(1, n):
        x = np.sin(x * i) * x[::-1]
    return np.sum(x)


def from_far(x, n, m):
    for i in range(20, n + 20):
        x = np.sin(x * i) * x[::-1]
    return np.sum(x)


def from_either(x, n, m):
    for i in range(m, n):
        x = np.sin(x * i) * x[::-1]
    return np.sum(x)


def downwards(x, n, m):
    for i in range(n - 1, -1, -1):
        x = np.sin(x * i) * x[::-1]
    return np.sum(x)


def turned(x, n, m):
    for _ in range(n):
        x = np.sin(x).T * np.cos(x.T)
        x = x.T * 1.1
    return np.sum(x)


def written(x, n, m):
    y = x * 1.0
    for _ in range(n):
        y[0] = np.sin(y[1] * y[2])
        y *= np.cos(y)
        y[1:] += y[:-1] * y[:-1]
    return np.sum(y * y)


def written_again(x, n, m):
    y = x * 1.0
    for _ in range(n):
        z = y.copy()
        z[1:] += np.exp(z[:-1])
        y[:] = np.sin(z) * y
    return np.sum(y * y)


def sided(x, n, m):
    for _ in range(n):
        if x[0] > 0.5:
            x = np.sin(x) * x[::-1]
        else:
            x = np.tanh(x * x) + 0.6
    return np.sum(x)


def in_a_branch(x, n, m):
    if m > 1:
        for _ in range(n):
            x = np.sin(x) * x[::-1]
    return np.sum(x)


def masked(x, n, m):
    total = 0.0
    for _ in range(n):
        x = np.where(np.sin(3.0 * x) > 0.3, np.sin(x) * x[::-1], np.cos(x))
        total = total + np.sum(x)
    return total


def two_loops(x, n, m):
    for _ in range(n):
        x = np.sin(x) * x[::-1]
    for _ in range(m):
        x = np.cos(x) * x[::-1]
    return np.sum(x)


def in_threes(x, n, m):
    for i in range(0, n, 3):
        x = np.sin(x * i) * x[::-1]
    return np.sum(x)


def until(x, n, m):
    while np.sum(x) > 0.3:
        x = np.sin(x) * x[::-1]
    return np.sum(x)


def left_early(x, n, m):
    for _ in range(n):
        x = np.sin(x) * x[::-1]
        if np.sum(x) < 0.3:
            break
    return np.sum(x)


def growing(x, n, m):
    for _ in range(n):
        x = np.concatenate((np.sin(x), np.cos(x[:1])))
    return np.sum(x * x)


ROWS = "(n, x.shape[0])"
SAVED = {
    pair: ["(n, 2)"], vectors: [ROWS], from_one: ["(max(n - 1, 0), x.shape[0])"], from_far: [ROWS], downwards: [ROWS],
    from_either: ["(max(n - m, 0), x.shape[0])"], in_a_branch: [ROWS], written: [ROWS], sided: [ROWS, ROWS],
    two_loops: [ROWS, "(m, x.shape[0])"],
}  # fmt: skip
LISTS = (in_threes, until, left_early, growing)
ALIKE = [*SAVED, written_again, masked, *LISTS]
each = pytest.mark.parametrize("function", ALIKE, ids=lambda f: f.__name__)


@pytest.mark.sampled(4)
@each
@pytest.mark.parametrize("dtype", (np.float64, np.float32), ids=lambda d: d.__name__)
def test_arrays_give_back_what_lists_do(monkeypatch: pytest.MonkeyPatch, function: Callable[..., Any], dtype: Any) -> None:
    both_ways(monkeypatch, function, [(VECTOR.astype(dtype), n, m) for n, m in CALLS])


def waves(x, n, m):
    z = x * (1.0 + 0.2j)
    for _ in range(n):
        z = np.sin(z) * z[::-1]
    return np.sum(z).real


def test_complex_numbers_are_saved_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    both_ways(monkeypatch, waves, [(VECTOR, n, m) for n, m in CALLS])
    assert "dtype=np.complex128)" in source(waves, VECTOR, 3, 2)


def test_an_array_is_stored_in_its_own_order() -> None:
    agrees(value_and_grad(turned, control="keep"), turned, MATRIX, 4, 1)


@pytest.mark.parametrize("function", SAVED, ids=lambda f: f.__name__)
def test_what_an_array_has_in_each_step_is_a_row(function: Callable[..., Any]) -> None:
    text = source(function, VECTOR, 3, 2)
    assert shapes(text) == SAVED[function]
    assert "append" not in text and "copy" not in text


@pytest.mark.parametrize("function", LISTS, ids=lambda f: f.__name__)
def test_where_it_is_not_known_how_many_or_how_large_there_are_lists(function: Callable[..., Any]) -> None:
    text = source(function, VECTOR, 3, 2)
    assert not shapes(text) and "_saved.append(" in text


def test_a_row_is_stored_and_read_by_its_index() -> None:
    forward, backward = source(vectors, VECTOR, 3, 2).split("    value = ")
    assert re.search(r"^        x_saved\[i\] = x(_1)?$", forward, re.MULTILINE)
    assert re.search(r"    for i in range\(n - 1, -1, -1\):\n        x(_\d)? = x_saved\[i\]\n", backward)


@each
def test_types_are_those_that_primitives_tell(function: Callable[..., Any]) -> None:
    Derivative(function, 0, settings=Settings(verify=True, control="keep"))(VECTOR, 3, 2)


@each
def test_derivatives_of_derivatives(monkeypatch: pytest.MonkeyPatch, function: Callable[..., Any]) -> None:
    def second(control: str) -> Any:
        return grad(lambda x: np.sum(grad(function, control=control)(x, 3, 2) * VECTOR), control=control)(VECTOR)

    found = second("keep")
    with monkeypatch.context() as changed:
        with_lists(changed)
        assert same(found, second("keep"))
    assert_close(found, second("record"))


@each
def test_pullbacks_read_what_they_are_given(function: Callable[..., Any]) -> None:
    for n, m in CALLS:
        value, pullback = vjp(function, VECTOR, n, m, argnums=0, control="keep")
        expected, gradient = value_and_grad(function, control="record")(VECTOR, n, m)
        assert_close(value, expected)
        assert_close(pullback(1.0), gradient)
        assert_close(pullback(2.0), 2.0 * gradient)


def test_small_arrays_take_no_more_than_their_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    def peak() -> int:
        derivative = value_and_grad(pair, control="keep")
        derivative(VECTOR, 1000, 1)
        tracemalloc.start()
        try:
            derivative(VECTOR, 1000, 1)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    array = peak()
    with monkeypatch.context() as changed:
        with_lists(changed)
        lists = peak()
    assert array < 1000 * 16 + 6000 and lists > 5 * array
