"""Adjoints of NumPy's functions, as a person would write them."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
import pytest

from s2sad import grad, value_and_grad
from s2sad.api import Derivative
from s2sad.settings import Settings
from tests.oracles import agrees

X = np.array([[1.0, 3.0, 3.0], [2.0, 0.5, 2.0]])


def largest_of_columns(x):
    top = x.max(axis=0)
    return np.sum(top**2)


def largest_of_rows(x):
    return np.sum(x.max(axis=1) ** 2)


def largest_of_all(x):
    return x.max() ** 2


def with_a_first_value(x):
    return np.sum(np.max(x, axis=1, initial=2.0, where=x < 2.5) ** 2)


@pytest.mark.parametrize("control", ["record", "keep"])
@pytest.mark.parametrize(
    ("function", "text"),
    [
        (largest_of_columns, "shared_where(x == top, 2.0 * top, axis=0)"),
        (largest_of_rows, "axis=1)"),
        (largest_of_all, "shared_where(x == x_max, 2 * x_max)"),
        (with_a_first_value, "others="),
    ],
)
def test_what_is_largest_shares_the_cotangent_in_one_call(function: Any, text: str, control: Any) -> None:
    slope = value_and_grad(function, control=control)
    agrees(slope, function, X)
    assert slope.source.count("shared_where(") == 1 and text in slope.source
    assert not any(name in slope.source for name in ("np.equal", "np.where", "keepdims"))
    total = value_and_grad(lambda x: np.sum(grad(function)(x) ** 2), control=control)
    agrees(total, lambda x: np.sum(grad(function)(x) ** 2), X)


def test_ties_share_in_the_precision_of_what_they_are_of() -> None:
    slope = value_and_grad(largest_of_rows, control="keep")
    _, x_bar = slope(X.astype(np.float32))
    assert x_bar.dtype == np.float32
    np.testing.assert_array_equal(x_bar, [[0, 3, 3], [2, 0, 2]])


def test_a_largest_that_is_no_number_shares_nothing() -> None:
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        value, x_bar = value_and_grad(largest_of_all, control="keep")(np.array([[1.0, np.nan]]))
    assert np.isnan(value)
    np.testing.assert_array_equal(x_bar, [[0.0, 0.0]])


def deviations(x):
    return np.sum(x.std(axis=0)) + x.var() + np.sum(x.var(axis=(0, 1), keepdims=True))


def masked_deviations(x):
    return np.var(x, where=x < 2.5) + np.sum(np.mean(x, axis=1, where=x < 2.5))


@pytest.mark.parametrize("function", [deviations, masked_deviations])
def test_what_is_counted_is_written_as_it_is(function: Any) -> None:
    slope = value_and_grad(function, control="keep")
    agrees(slope, function, X)
    for needless in ("math.prod", " - 0", "np.subtract", "math.nan", "broadcast_to"):
        assert needless not in slope.source


def mean_beside_largest(x):
    return x.max() * np.mean(x * x)


def test_a_length_that_is_known_not_to_be_zero_divides_as_it_is() -> None:
    slope = value_and_grad(mean_beside_largest, control="keep")
    agrees(slope, mean_beside_largest, X[0])
    assert "max(" not in slope.source.replace("x.max()", "")
    agrees(slope, mean_beside_largest, X)
    assert "max(" not in slope.source.replace("x.max()", "")


def mean_of_any(x):
    return np.sum(np.mean(x, axis=1)) + np.sum(x.var(axis=1))


def test_of_no_entries_nothing_is_divided_by_zero() -> None:
    slope = value_and_grad(mean_of_any, control="keep")
    agrees(slope, mean_of_any, X)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert slope(X[:, :0])[1].shape == (2, 0)


def scaled_by_columns(x):
    return np.sum(x.sum(axis=0) ** 2 * x)


def test_axes_in_front_come_by_themselves() -> None:
    slope = value_and_grad(scaled_by_columns, control="keep")
    agrees(slope, scaled_by_columns, X)
    assert "expand_dims" not in slope.source


Y = np.array([[0.5, 1.0, -2.0], [1.5, 2.0, 0.25]])


def normalised(x, y):
    return np.sum(np.sin(x / y.sum(axis=1, keepdims=True)))


def scaled_sums(x, s):
    return np.sum(np.sin(x) / s) + np.sum((x * s - 1.0) ** 2)


def lowered(x, s):
    return np.sum((x - s) * x) - 0.5 * s * np.sum(np.cos(x) * x)


def halves(x, s):
    return np.sum((0.5 * (x * 3.0) ** 2) * x) + s


def cyclic(x, y):
    c = np.array([[1.5]])
    return np.sum((x + c) * y) + np.sum(np.transpose(x) ** 2)


@pytest.mark.parametrize("control", ["record", "keep"])
@pytest.mark.parametrize(
    ("function", "given", "needless", "texts"),
    [
        (normalised, Y + 3.0, (")).sum(", "axis=(1,)"), ("axis=1, keepdims=True)",)),
        (scaled_sums, 0.7, ("(-", "-("), ()),
        (lowered, 0.7, ("+ -", "(-x"), ()),
        (halves, 0.7, ("* 3.0 *", "1.0 *"), ()),
        (cyclic, Y, ("keepdims", "np.full"), ()),
    ],
)
def test_signs_and_numbers_meet_outside(function: Any, given: Any, needless: Any, texts: Any, control: Any) -> None:
    slope = value_and_grad(function, argnums=(0, 1), control=control)
    agrees(slope, function, X, given, argnums=(0, 1))
    adjoint = slope.source.partition("# adjoint")[2]
    assert not [text for text in needless if text in adjoint]
    assert all(text in adjoint for text in texts)


def quotients(x, y):
    return np.sum(np.tanh(x / y))


def test_a_quotient_divides_the_cotangent_once() -> None:
    slope = value_and_grad(quotients, argnums=(0, 1), control="keep")
    agrees(slope, quotients, X, Y + 3.0, argnums=(0, 1))
    assert slope.source.partition("# adjoint")[2].count(" / ") == 1


def contracted(a, b):
    return np.einsum("ij,jk,ki", a, b, a) + np.sum(np.einsum("ij->j", a) ** 2) + np.einsum("ij,ij->", a, a)


def traced(a, v):
    return np.einsum("ii", a) ** 2 + np.sum(np.einsum("ji", a) * a) + np.einsum("i,ij->j", v, a) @ v


def spread_out(a, v):
    return np.sum(np.einsum("...i->...", a) ** 2) + np.einsum("ij,j->", a, v) + np.tensordot(a, a) * np.tensordot(v, v, 1)


def with_axes_of_one(a, v):
    return np.sum(np.einsum("ij,kj->ik", a, v[None]) ** 2) + np.sum(np.einsum("ij,ij->ij", a, v[None]) ** 2)


S = np.array([[0.5, 1.0, -2.0], [1.5, 2.0, 0.25], [0.1, -1.0, 0.75]])


@pytest.mark.parametrize("control", ["record", "keep"])
@pytest.mark.parametrize(("function", "given"), [(contracted, S.T), (traced, S[0]), (spread_out, S[1]), (with_axes_of_one, S[2])])
def test_contractions_ask_nothing_and_have_no_ones(function: Any, given: Any, control: Any) -> None:
    slope = value_and_grad(function, argnums=(0, 1), control=control)
    agrees(slope, function, S, given, argnums=(0, 1))
    for needless in ("np.ones", "(',", "1.0,", "np.full"):
        assert needless not in slope.source
    assert function is with_axes_of_one or "== 1:" not in slope.source
    total = value_and_grad(lambda a, b: np.sum(np.sin(grad(function)(a, b))), argnums=(0, 1), control=control)
    agrees(total, lambda a, b: np.sum(np.sin(grad(function)(a, b))), S, given, argnums=(0, 1))


def powers(x, n):
    total = 0.0
    for k in range(n):
        total = total + math.comb(n, k) * x**k
    return total + np.sum(np.float64(x) ** 0.5)


def test_what_is_always_of_one_class_is_not_asked() -> None:
    slope = value_and_grad(powers, control="keep")
    agrees(slope, powers, 1.3, 4)
    assert "type(" not in slope.source


def test_twice_an_array_without_axes_is_a_number() -> None:
    def f(x):
        one, other = np.ravel(x), np.ravel(x)
        x = np.sum(x) + 0.5 * np.sum(one)
        x = np.sum(x) + 0.5 * np.sum(other)
        return np.sum(x) * 0.5

    assert Derivative(f, settings=Settings(verify=True))(0.25) == (0.25, 1.0)
