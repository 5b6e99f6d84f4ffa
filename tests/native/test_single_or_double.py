"""A number that is Python's on one way and of single precision on another: the code in Python answers, in the precision of the function."""

import math

import numpy as np
import pytest

import s2sad
from s2sad import CannotBeNative, value_and_grad
from tests.native.plainly import uncompiled_fixture  # noqa: F401

pytest.importorskip("numba")
pytestmark = [pytest.mark.usefixtures("uncompiled")]


def sum_of_some(x):
    total = 0.0
    for v in x:
        if v > 0:
            total += v
        total -= math.cos(0.3)
    return total


def one_or_more(x, limit):
    y = x if x > limit else 1.0
    return y * 1.1


def sum_of_all(x):
    total = 0.0
    for v in x:
        total += v * v
    return total


def ends(*values):
    return np.array(values, np.float32)


@pytest.fixture(autouse=True)
def unchecked():
    """The check at first use would find a number of another class."""
    was = s2sad.first_use_check()
    s2sad.first_use_check(False)
    yield
    s2sad.first_use_check(was)


@pytest.mark.parametrize(("function", "calls"), [
    (sum_of_some, [(ends(-1.0, 2.0, 0.5),), (ends(-1.0, -2.0, -0.5),)]),
    (one_or_more, [(np.float32(2.3), 1.5), (np.float32(0.7), 1.5)]),
])  # fmt: skip
def test_numbers_of_either_precision_are_those_of_the_function(function, calls):
    derivative = value_and_grad(function, backend="auto", control="keep")
    for args in calls:
        value, _ = derivative(*args)
        wanted = function(*args)
        assert type(value) is type(wanted) and value == wanted


@pytest.mark.parametrize(("function", "args"), [(sum_of_some, (ends(-1.0, 2.0),)), (one_or_more, (np.float32(2.3), 1.5))])
def test_kept_code_of_either_precision_is_refused(function, args):
    with pytest.raises(CannotBeNative, match="a number has single or double precision, as it comes"):
        value_and_grad(function, backend="numba", control="keep")(*args)


def test_a_sum_that_is_single_from_the_first_step_on_is_native():
    derivative = value_and_grad(sum_of_all, backend="numba", control="keep")
    value, gradient = derivative(ends(1.0, 2.0, 3.0))
    assert value == np.float32(14.0) and type(value) is np.float32
    np.testing.assert_array_equal(gradient, ends(2.0, 4.0, 6.0))
