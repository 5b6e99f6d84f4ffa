"""Gradients own their memory and arguments stay as they are; a NaN or an infinity that arises is reported."""

from __future__ import annotations

import copy
import math
import warnings
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad import NonFiniteWarning, elementwise_grad, grad, nonfinite_warnings, tape, value_and_grad, vjp
from s2sad.api import Derivative
from s2sad.settings import Settings
from tests.oracles import assert_close, assert_identical, module

# Memory


MEMORY = {
    "sum": lambda x, w: np.sum(x),
    "dot": lambda x, w: np.sum(x * w),
    "constant factor": lambda x, w: np.sum(w.T.T * x),
    "both": lambda x, w: np.sum(x) + np.sum(w),
    "difference": lambda x, w: np.sum(x - w),
    "reshape": lambda x, w: np.sum(np.reshape(x, -1) * np.ravel(w)),
    "slices": lambda x, w: np.sum(x[1:] * w[:-1]) + np.sum(x[0]),
    "concatenate": lambda x, w: np.sum(np.concatenate([x, w]) * np.concatenate([w, x])),
    "broadcast": lambda x, w: np.sum(np.broadcast_to(x, (2, *x.shape))) + np.sum(x * 1.0),
    "where": lambda x, w: np.sum(np.where(x > 0, x, w)),
    "nothing": lambda x, w: 1.0,
    "max": lambda x, w: np.max(x) * np.min(w),
    "asarray": lambda x, w: np.sum(np.asarray(x) * np.asarray(w)),
}


@pytest.mark.parametrize("name", MEMORY)
@pytest.mark.parametrize("optimise", [True, False])
def test_gradients_share_no_memory(name: str, optimise: bool) -> None:
    derivative = Derivative(MEMORY[name], (0, 1), settings=Settings(optimise=optimise, verify=True))
    x, w = np.array([[1.0, -2.0], [3.0, 4.0]]), np.array([[0.5, 1.0], [2.0, -3.0]])
    before = copy.deepcopy((x, w))
    for _ in range(2):
        _, gradients = derivative(x, w)
        for gradient in gradients:
            assert gradient.flags.writeable
            assert not np.shares_memory(gradient, x) and not np.shares_memory(gradient, w)
        assert not np.shares_memory(*gradients)
        wanted = copy.deepcopy(gradients)
        gradients[0][...] = 7.0
        assert_identical(gradients[1], wanted[1])
        gradients[1][...] = 9.0
        assert_identical((x, w), before)
        assert_close(derivative(x, w)[1], wanted)


def test_gradients_of_one_container_share_no_memory() -> None:
    gradient = grad(lambda p: np.sum(p[0] + p[1]) + np.sum(p[2]))([np.ones(3), np.ones(3), np.ones(3)])
    assert not any(np.shares_memory(a, b) for i, a in enumerate(gradient) for b in gradient[i + 1 :])
    again = tape.gradient(lambda p: np.sum(p[0] + p[1]) + np.sum(p[2]), ([np.ones(3), np.ones(3), np.ones(3)],))[1]
    assert not any(np.shares_memory(a, b) for i, a in enumerate(again) for b in again[i + 1 :])


@pytest.mark.parametrize(
    "function", [lambda x: x, lambda x: x[()], lambda x: np.reshape(x, ()), lambda x: x.T], ids=range(4)
)
def test_the_value_is_not_the_argument(function: Any) -> None:
    x = np.array(2.0)
    value, gradient = value_and_grad(function)(x)
    assert value == 2.0 and gradient == 1.0
    assert not (isinstance(value, np.ndarray) and np.shares_memory(value, x))


def test_pullbacks_share_no_memory_with_the_cotangent() -> None:
    x, cotangent = np.ones(3), np.arange(3.0)
    value, pullback = vjp(lambda x: x, x)
    (gradient,) = pullback(cotangent)
    assert not np.shares_memory(gradient, cotangent) and not np.shares_memory(value, x)
    (a, b) = vjp(lambda x, y: x + y, x, x)[1](cotangent)
    assert not np.shares_memory(a, b) and not np.shares_memory(a, cotangent) and not np.shares_memory(b, cotangent)


def test_arguments_are_not_changed_and_read_only_ones_are_fine() -> None:
    x = np.arange(1.0, 4.0)
    x.flags.writeable = False
    gradient = grad(lambda x: np.sum(np.sort(x)[::-1] * np.cumsum(x)))(x)
    assert gradient.flags.writeable
    params = {"w": [np.ones(2), {"b": 1.0}], "n": 3}
    before = copy.deepcopy(params)
    elementwise_grad(lambda p: p["w"][0] * p["w"][1]["b"])(params)
    assert_identical(params, before)


# NaN and infinity

NONFINITE = """\
import math
import numpy as np


def helper(x):
    return np.log(x)


def f(x):
    y = x * 2.0
    return helper(y) * 0.5


def g(x):
    return np.sqrt(x)
"""


def test_the_warning_names_the_function_and_the_line() -> None:
    made = module(NONFINITE)
    derivative = grad(made.f)
    assert derivative(1.0) == 0.5
    with np.errstate(all="ignore"), pytest.warns(NonFiniteWarning) as caught:
        derivative(0.0)
    file = made.f.__code__.co_filename
    assert len(caught) == 1
    where = f"which first arises in {file}:6: return np.log(x)"
    assert str(caught[0].message) == f"f() gives a NaN or an infinity for finite arguments, {where}"
    assert caught[0].filename == __file__
    with (
        np.errstate(all="ignore"),
        pytest.warns(NonFiniteWarning, match=rf"its adjoint of {file}:15: return np.sqrt\(x\)$"),
    ):
        assert grad(made.g)(0.0) == math.inf


def test_the_warning_can_be_switched_off() -> None:
    derivative = grad(module(NONFINITE).g)
    assert nonfinite_warnings() is True
    nonfinite_warnings(False)
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("error")
            assert derivative(0.0) == math.inf
    finally:
        nonfinite_warnings(True)
    with np.errstate(all="ignore"), pytest.warns(NonFiniteWarning):
        derivative(0.0)


@pytest.mark.parametrize("x", [math.nan, math.inf, np.array([1.0, np.nan]), np.array([np.inf, 1.0])], ids=repr)
def test_no_warning_for_arguments_that_are_not_finite(x: Any) -> None:
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("error")
        grad(lambda x: np.sum(x * x))(x)


def test_no_warning_for_large_finite_gradients() -> None:
    """The reduction that looks for infinities may overflow; the warning may not follow from that."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", NonFiniteWarning)
        with np.errstate(all="ignore"):
            for shape in ((4,), (2, 2), (1, 2, 3)):
                wide, narrow = grad(lambda x: np.sum(x * 1e308)), grad(lambda x: np.sum(x * np.float32(3e38)))
                for _ in range(3):
                    np.testing.assert_array_equal(wide(np.zeros(shape)), np.full(shape, 1e308))
                    np.testing.assert_array_equal(narrow(np.zeros(shape, np.float32)), np.full(shape, 3e38, np.float32))


def test_numpy_raises_no_warning_of_its_own_for_the_check() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(2):
            grad(lambda x: np.sum(x * 1e308))(np.zeros(4))
            grad(lambda x: np.sum(x * 1e308))(np.zeros((2, 2)))


def test_the_warning_for_results_of_every_kind() -> None:
    with np.errstate(all="ignore"):
        for function, argument in (
            (np.sqrt, 0.0),
            (lambda x: np.sum(np.sqrt(x)), np.zeros((2, 2))),
            (lambda x: np.sqrt(x), np.float32(0.0)),
            (lambda p: np.sum(np.log(p["w"])), {"w": np.zeros(2)}),
            (lambda z: abs(np.log(z)), 0j),
        ):
            derivative = grad(function)
            for _ in range(3):  # recorded, found again, and by the short way
                with pytest.warns(NonFiniteWarning) as caught:
                    derivative(argument)
                assert len(caught) == 1 and caught[0].filename == __file__


@pytest.mark.parametrize("control", ["record", "keep"])
def test_a_tangent_may_be_the_argument_or_a_view_of_it_where_that_is_written(control: str) -> None:
    def f(x: Any) -> Any:
        x[0] = x[1] * x[2]
        x[1:] *= x[0]
        return np.sum(x**2)

    x = np.array([1.0, 2.0, 3.0])
    for v in (x, x[::-1], x[:], np.broadcast_to(x[1], 3)):
        for way in (lambda v: s2sad.jvp(f, (x,), (v,), control=control), lambda v: s2sad.hvp(f, control=control)(x, v),
                    lambda v: s2sad.jvp(lambda d, y: f(d["x"]) + np.sum(y), ({"x": x}, 2.0 * v), ({"x": v}, x), control=control),
                    lambda v: s2sad.linearize(f, x, control=control)[1](v)):  # fmt: skip
            for _ in range(2):
                for one, other in zip(s2sad.tree.leaves(way(v)), s2sad.tree.leaves(way(v.copy())), strict=True):
                    np.testing.assert_array_equal(one, other)
        assert x.tolist() == [1.0, 2.0, 3.0]
    with pytest.raises(s2sad.UnsupportedMutation, match="shares memory with another array"):
        s2sad.jvp(lambda a, b: f(a) + np.sum(b), (x, x), (x, x), control=control)  # arguments that share it are another matter
    with pytest.raises(s2sad.UnsupportedMutation, match="shares memory with another array"):
        s2sad.jvp(lambda a: f(a) + np.sum(x), (x[:],), (x,), control=control)
