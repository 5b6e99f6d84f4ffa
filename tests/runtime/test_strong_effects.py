"""Strong products in a function that does something outside: it is done once, and a second run still tells a masked slot from a NaN."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad import tape
from s2sad.calls.running import strengthened
from s2sad.runtime.control import Effects, Entry

X = np.array([-1.5, 0.4, 0.9, 0.0])
STATE = np.ones(4)
SEEN: list[int] = []


class Counter:
    count = 0


COUNTER = Counter()
DRAWN = random.Random(1)


def quiet(x, n):
    with np.errstate(invalid="ignore", divide="ignore"):
        root = np.sqrt(x)
    return np.sum(np.where(x > 0, root, 0.0) * x)


def quiet_in_a_loop(x, n):
    total = 0.0
    for _ in range(n):
        with np.errstate(all="ignore"):
            total = total + np.sum(np.where(x > 0, np.log(x) ** 2, x))
    return total


def masked(x):
    with np.errstate(all="ignore"):
        return np.where(x > 0, np.arcsin(x) / x, 0.0)


def quiet_in_a_helper(x, n):
    y = masked(x)
    for _ in range(n):
        y = y + 0.1 * y * masked(x)
    return np.sum(y)


def quiet_and_chosen(x, n):
    with np.errstate(all="ignore"):
        inverse = 1.0 / np.sqrt(x)
    return np.sum(inverse * x, where=x > 0) + np.sum(np.nan_to_num(np.log1p(x - 1.0)) * x)


def printing(x, n):
    print(end="")
    return np.sum(np.where(x > 0, x**1.5, 0.0))


def drawing(x, n):
    return np.sum(np.where(x > 0, np.sqrt(x), 0.0)) + 0.0 * DRAWN.gauss(0.0, 1.0)


def set_for_all(x, n):
    before = np.seterr(all="ignore")
    root = np.sqrt(x)
    np.seterr(**before)
    return np.sum(np.where(x > 0, root, 0.0))


def appending(x, n):
    SEEN.append(n)
    COUNTER.count = n
    return np.sum(np.where(x > 0, np.sqrt(x), 0.0))


KEPT: list[Callable[..., Any]] = [quiet, quiet_in_a_loop, quiet_in_a_helper, quiet_and_chosen, printing, drawing]
RECORDED: list[Callable[..., Any]] = [set_for_all, appending]


@pytest.fixture(autouse=True)
def _the_function_is_warned_of_nothing():
    with np.errstate(all="ignore"):
        yield


@pytest.mark.parametrize("order", [2, 3])
@pytest.mark.parametrize(
    "function, control",
    [(f, c) for f in KEPT for c in ("record", "keep", "auto")] + [(f, "record") for f in RECORDED],
)
def test_each_call_of_a_derivative_of_a_derivative(function: Callable[..., Any], control: str, order: int) -> None:
    """The value holds the products as well: quick code gives NaN for it, and it is no sign that an effect has changed an array."""

    def second(x, n):
        return np.sum(s2sad.grad(function)(x, n) * np.cos(x))

    def third(x, n):
        return np.sum(s2sad.grad(second)(x, n) * x)

    derivative = second if order == 2 else third
    value, gradient = tape.gradient(derivative, (X, 3))
    assert np.isfinite(value) and np.all(np.isfinite(gradient[:3]))
    found = s2sad.value_and_grad(derivative, control=control)
    for _ in range(3):
        for got, expected in zip(found(X, 3), (value, gradient), strict=True):
            np.testing.assert_allclose(got, expected, rtol=1e-12)


def grows(match):
    STATE[:] = STATE + 1.0
    return ""


def calling(x):
    value = np.sum(np.where(x > 0, np.sqrt(x), 0.0)) + np.sum(STATE)
    re.sub("a", grows, "a")  # calls what is not looked into
    return value


def writing(x):
    value = np.sum(np.where(x > 0, np.sqrt(x), 0.0)) + np.sum(STATE)
    STATE[:] = STATE + 1.0
    return value


@pytest.mark.parametrize("function", [calling, writing])
def test_an_array_that_is_written_meanwhile_is_read_as_it_was(function: Any) -> None:
    """What code that is not looked into has written cannot be read again: the products are strong in the first run."""

    def second(x):
        before = np.sum(STATE)
        return before + np.sum(s2sad.grad(function)(x) * x)

    x = np.array([-1.0, 4.0, 1.0, 9.0])
    found = s2sad.value_and_grad(second, control="record")
    for scale in (1.0, 2.0, 3.0):
        STATE[:] = scale
        value, gradient = found(x)
        assert value == 4.0 * scale + 3.0  # and half the roots of 4, 1 and 9
        np.testing.assert_array_equal(gradient, [0.0, 0.125, 0.25, 1 / 12])
        assert np.all(STATE == scale + 1.0)


def test_a_first_derivative_by_one_run() -> None:
    found = s2sad.value_and_grad(calling, control="record")
    for scale in (1.0, 2.0, 3.0):
        STATE[:] = scale
        value, gradient = found(np.array([0.0, 4.0, 1.0, 9.0]))
        assert value == 4.0 * scale + 6.0
        np.testing.assert_array_equal(gradient, [0.0, 0.25, 0.5, 1 / 6])


def test_a_call_that_may_have_written_what_was_read_answers_with_its_first_run() -> None:
    """The value of the second run tells that it has read another array."""
    found = s2sad.value_and_grad(printing, control="record")
    found(np.abs(X) + 1.0, 3)
    path, leaves = found.paths[0], [X, 3]
    effects = Effects()
    results = path.built.start(leaves, effects)
    assert np.isnan(results[1][0])
    assert strengthened(path, leaves, effects, [results[0] + 1.0, results[1]])[1][0] == results[0]
    effects.entries[1] = Entry((re.sub, ("a", grows, "a"), {}))
    assert strengthened(path, leaves, effects, [results[0] + 1.0, results[1]])[1][0] == results[0] + 1.0
