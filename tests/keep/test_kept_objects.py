"""Lists and objects where branches end: each stays the one that it is, under all its names."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import grad, value_and_grad
from s2sad.errors import CannotKeep
from tests.oracles import assert_close, assert_identical


class Pair:
    def __init__(self, value: Any, other: Any = None) -> None:
        self.value, self.other = value, other

    def doubled(self) -> Pair:
        return Pair(2.0 * self.value, self)


def two_names_of_a_new_list(x: Any) -> Any:
    if x > 1.0:
        a = [x, 2.0 * x]
        b = a
    else:
        a = [3.0 * x, x]
        b = a
    a[0] = 5.0 * x
    return b[0] * x + b[1]


def two_names_on_one_side(x: Any) -> Any:
    if x > 1.0:
        a = [x, 2.0 * x]
        b = a
    else:
        a = [3.0 * x, x]
        b = [x, x]
    a[0] = 5.0 * x
    return b[0] * x + b[1]


def lists_of_different_length(x: Any) -> Any:
    a = [x, 2.0 * x] if x > 1.0 else [3.0 * x, x, x * x]
    a[1] += x
    return sum(a) * len(a)


def object_made_on_one_side(x: Any) -> Any:
    v = Pair(x)
    u = v
    if x > 1.0:
        v = v.doubled()
    else:
        u = Pair(x * x, v)
    v.value += x
    if u.other is not None:
        u.value *= 3.0
    return v.value * x + u.value


def one_of_two_objects(x: Any) -> Any:
    a, b = Pair(x), Pair(1.5)
    small, large = (a, b) if x < 1.5 else (b, a)
    small.value *= 2.0
    product = small.value * a.value + large.value**2
    large.value = 0.0
    return product + a.value + b.value * 3.0


def objects_of_different_classes_in_a_ladder(x: Any) -> Any:
    if x > 2.0:
        v = Pair(x)
    elif x > 1.0:
        v = Pair(2.0 * x, Pair(x))
    elif x > 0.0:
        v = Pair(3.0 * x)
        v.other = v
    else:
        v = None
    if v is None:
        return x
    if v.other is not None:
        v.other.value = v.value * x
    return v.value


def returned_by_a_helper(x: Any) -> Any:
    v = Pair(x)

    def chosen(c: Any) -> Any:
        if c > 2.0:
            return v
        if c > 1.0:
            return Pair(c * c)
        return None

    p = chosen(x)
    if p is None:
        return 3.0 * x
    p.value = p.value * x
    return v.value + p.value


def in_the_items_of_a_list(x: Any) -> Any:
    pairs = [Pair(x), Pair(2.0 * x)]
    if x > 1.0:
        pairs[0] = Pair(7.0 * x)
    pairs[0].value *= 2.0
    for pair in pairs:
        pair.value += 1.0
    return pairs[0].value * pairs[1].value


def in_an_attribute(x: Any) -> Any:
    v = Pair([x, 1.0])
    w = v.value
    if x > 1.0:
        v.value = [x, 2.0, 3.0 * x]
    v.value[1] = x
    return sum(v.value) + w[1]


def twice_in_a_tuple(x: Any) -> Any:
    if x > 1.0:
        v = Pair(x)
        t = (v, v, [v])
    else:
        v = Pair(2.0 * x)
        t = (v, Pair(x), [v])
    t[2][0].value += x
    return t[0].value + t[1].value * 3.0 + v.value


def a_dict_or_another(x: Any) -> Any:
    d = {"a": x}
    e = {"a": 2.0 * x, "b": x} if x > 1.0 else d
    e["a"] *= x
    return e["a"] + d["a"] + (e["b"] if "b" in e else 1.0)


def which_object_it_is(x: Any) -> Any:
    a = Pair(x)
    b = a if x > 1.0 else Pair(x)
    return x if a is b else 3.0 * x


BRANCHES = [two_names_of_a_new_list, two_names_on_one_side, lists_of_different_length, object_made_on_one_side, one_of_two_objects,
            objects_of_different_classes_in_a_ladder, returned_by_a_helper, in_the_items_of_a_list, in_an_attribute, twice_in_a_tuple,
            a_dict_or_another, which_object_it_is]  # fmt: skip


@pytest.mark.parametrize("program", BRANCHES, ids=lambda f: f.__name__)
def test_what_is_written_into_an_object_is_seen_under_all_its_names(program: Any) -> None:
    derivative, recorded = value_and_grad(program, control="keep"), grad(program, control="record")
    for x in (2.5, 1.5, 0.5, -1.0):
        value, slope = derivative(x)
        assert_identical(value, program(x))
        assert_close(slope, recorded(x), 1e-12)
    assert [path.kept is not None for path in derivative.paths] == [True]


def one_in_each_step(x: Any, n: Any) -> Any:
    u, v = Pair(x), Pair(2.0 * x)
    p = u
    for k in range(n):
        p.value += v.value * 0.1
        p = v if k % 2 == 0 else u
    return p.value + u.value * 3.0 + v.value


def exchanged_in_each_step(x: Any, n: Any) -> Any:
    u, v = Pair(x), Pair(2.0 * x)
    for _ in range(n):
        u.value += v.value * 0.1
        u, v = v, u
    return u.value * 3.0 + v.value


def made_in_each_step(x: Any, n: Any) -> Any:
    total = 0.0
    for i in range(n):
        u, v = Pair(x * i), Pair(2.0 * x)
        p = u
        for k in range(i):
            p.value += v.value * 0.1
            if k > 1:
                p = v
        total += p.value + u.value
    return total


@pytest.mark.parametrize("program", [one_in_each_step, exchanged_in_each_step, made_in_each_step], ids=lambda f: f.__name__)
def test_a_loop_takes_one_object_or_another(program: Any) -> None:
    derivative, recorded = value_and_grad(program, control="keep"), grad(program, control="record")
    for n in (0, 1, 2, 5):
        value, slope = derivative(0.7, n)
        assert_identical(value, program(0.7, n))
        assert_close(slope, recorded(0.7, n), 1e-12)
    assert [path.kept is not None for path in derivative.paths] == [True]


def list_that_is_there_on_one_side_grows(x: Any) -> Any:
    a = [] if x > 1.0 else [x]
    a.append(x * x)
    return sum(a)


def which_list_it_is(x: Any) -> Any:
    a = [x]
    b = a if x > 1.0 else [x]
    return x if a is b else 3.0 * x


OUTSIDE, OTHER = [1.0, 2.0], [3.0, 4.0]


def list_from_outside_is_written(x: Any) -> Any:
    a = OUTSIDE if x > 1.0 else OTHER
    a[0] = x
    return OUTSIDE[0] * x


@pytest.mark.parametrize(("program", "reason"), [
    (list_that_is_there_on_one_side_grows, "a list changes its length in a loop or a branch"),
    (which_list_it_is, "whether two variables are one object depends on the path"),
    (list_from_outside_is_written, "a write into a list that had two names"),
])  # fmt: skip
def test_what_depends_on_which_list_it_is_is_refused(program: Any, reason: str) -> None:
    with pytest.raises(CannotKeep, match=reason):
        grad(program, control="keep")(1.5)
    assert OUTSIDE == [1.0, 2.0]


def test_arrays_in_lists_with_two_names() -> None:
    def parts(x: Any) -> Any:
        if x[0] > 1.0:
            a = [3.0 * x, x + 1.0]
        else:
            a = [x + 1.0, 2.0 * x]
        b = a
        a[0] = x * x
        return np.sum(b[0] * b[1])

    derivative, recorded = value_and_grad(parts, control="keep"), grad(parts, control="record")
    for x in (np.array([1.5, 2.0]), np.array([0.5, 2.0, 3.0])):
        value, slope = derivative(x)
        assert_identical(value, parts(x))
        assert_close(slope, recorded(x), 1e-12)
