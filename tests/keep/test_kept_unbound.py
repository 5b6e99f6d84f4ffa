"""Names that have a value on some ways only: where they are read on another way, Python raises, and so does a kept path."""

from __future__ import annotations

import math

import pytest

from s2sad import value_and_grad

# What is read is not what decides: types tell all of a text, of None, of the length of a tuple.


def text(x, c):
    if c > 0:
        name = "a"
    return x if name == "a" else 2.0 * x


def one_of_two_texts(x, c):
    if c > 0:
        name = "a"
    elif c < -1:
        name = "b"
    return 2.0 * x if name == "b" else x


def text_of_a_loop(x, c):
    for _ in range(c):
        name = "a"
    return x if name == "a" else 2.0 * x


def function(x, c):
    if c > 0:
        f = math.exp
    return f(0.0) * x


def nothing(x, c):
    if c > 0:
        p = None
    return x if p is None else 2.0 * x


def length_of_a_tuple(x, c):
    if c > 0:
        p = (x, 1.0)
    return len(p) * x * 0.5


def tuple_of_a_loop(x, c):
    for k in range(c):
        p = (k * x, 1.0)
    return len(p) * x * 0.5


def number_that_is_not_none(x, c):
    if c > 0:
        y = 2.0 * x
    return 2.0 * x if y is None else x


def class_of_a_number(x, c):
    for k in range(c):
        y = k * x
    return x if isinstance(y, float) else 2.0 * x


def read_in_the_next_step(x, c):
    for k in range(3):
        if k > 1 - c:
            name = "a"
        if k == 1:
            x = x if name == "a" else 2.0 * x
    return x


UNKNOWN = [text, one_of_two_texts, text_of_a_loop, function, nothing, length_of_a_tuple, tuple_of_a_loop, number_that_is_not_none,
           class_of_a_number, read_in_the_next_step]  # fmt: skip


@pytest.mark.parametrize("program", UNKNOWN, ids=lambda f: f.__name__)
@pytest.mark.parametrize("calls", [(1, 0), (1, -1)], ids=str)
def test_a_name_without_a_value_raises_as_in_python(program, calls) -> None:
    derivative = value_and_grad(program, control="keep")
    there, missing = calls
    assert derivative(1.5, there) == (1.5, 1.0)
    assert all(path.kept is not None for path in derivative.paths)
    with pytest.raises(UnboundLocalError):
        derivative(1.5, missing)


def test_a_name_without_a_value_that_an_inner_function_reads() -> None:
    def outer(x, c):
        if c > 0:
            name = "a"

        def inner():
            return name

        return x if inner() == "a" else 2.0 * x

    derivative = value_and_grad(outer, control="keep")
    assert derivative(1.5, 1) == (1.5, 1.0)
    with pytest.raises(NameError):
        derivative(1.5, 0)


def test_what_nobody_reads_may_have_no_value() -> None:
    def skipped(x, c):
        if c > 0:
            name, y = "a", 3.0
        return x * y if c > 0 and name == "a" and y is not None else 2.0 * x

    derivative = value_and_grad(skipped, control="keep")
    assert derivative(1.5, 1) == (4.5, 3.0)
    assert derivative(1.5, 0) == (3.0, 2.0)
    assert [path.kept is not None for path in derivative.paths] == [True]
