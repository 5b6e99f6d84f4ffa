"""A list, a tuple or a deque times a number: the number is made plain, the items stay followed."""

from __future__ import annotations

import collections
import functools
import itertools
import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import CannotKeep, grad, tape

N = 3


class Model:
    n = 3


MODEL = Model()


def of_deque(x: Any, n: int) -> Any:
    items = collections.deque([x])
    items *= n
    items += [x]
    return sum(items)


def in_place(x: Any, n: int) -> Any:
    items: Any = (x,)
    items *= n
    return sum(items)


PROGRAMS: dict[str, tuple[Callable[..., Any], float]] = {
    "a list times an argument": (lambda x, n: sum([x] * n), 3.0),
    "a list times a global": (lambda x, n: sum([x] * N), 3.0),
    "a list times an attribute": (lambda x, n: sum([x] * MODEL.n), 3.0),
    "a tuple": (lambda x, n: sum((x,) * n), 3.0),
    "a number times a list": (lambda x, n: sum(n * [x]), 3.0),
    "a list of lists": (lambda x, n: sum(sum(row) for row in [[x] * n]), 3.0),
    "lists of lists, repeated": (lambda x, n: sum(sum(row) for row in [[x] * n] * n), 9.0),
    "operator.mul": (lambda x, n: sum(operator.mul([x], n)), 3.0),
    "operator.imul": (lambda x, n: sum(operator.imul([x], n)), 3.0),
    "a partial of operator.mul": (lambda x, n: sum(functools.partial(operator.mul, [x])(n)), 3.0),
    "a tuple in place": (in_place, 3.0),
    "a deque": (of_deque, 4.0),
    "joined lists": (lambda x, n: sum(operator.concat([x] * n, n * [x])), 6.0),
    "an integer of NumPy": (lambda x, n: sum([x] * np.int64(n)), 3.0),
    "a truth value": (lambda x, n: sum([x] * (n > 2)), 1.0),
    "a part of it": (lambda x, n: sum(((x, x)[:n] * n)[:4]), 4.0),
    "map": (lambda x, n: sum(map(operator.mul, [x] * n, [2.0] * n)), 6.0),
    "itertools.repeat": (lambda x, n: sum(itertools.repeat(x, n)), 3.0),
    "a product": (lambda x, n: math.prod([x] * n), 12.0),
    "an array of it": (lambda x, n: np.sum(np.array([x] * n) * 2.0), 6.0),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_items_of_what_is_repeated_stay_followed(name: str) -> None:
    f, want = PROGRAMS[name]
    assert tape.gradient(f, (2.0, 3))[1] == want
    for control in ("record", "auto", "keep"):
        derivative = grad(f, control=control)
        try:
            assert derivative(2.0, 3) == want, control
        except CannotKeep:
            assert control == "keep"  # how many items there are is not known
    again = grad(f)
    assert [again(2.0, 3) for _ in range(10)] == [want] * 10


@pytest.mark.parametrize("name", PROGRAMS)
def test_so_they_do_in_a_derivative_of_a_derivative(name: str) -> None:
    f, want = PROGRAMS[name]
    if want != 12.0:
        assert grad(lambda x: grad(f)(x, 3) * x)(2.0) == want
    else:
        assert grad(lambda x: grad(f)(x, 3))(2.0) == 12.0  # of 3 x ** 2


def test_how_often_is_part_of_the_path() -> None:
    derivative = grad(lambda x, n: sum([x] * n))
    assert [derivative(2.0, n) for n in (3, 5, 1, 3)] == [3.0, 5.0, 1.0, 3.0]
