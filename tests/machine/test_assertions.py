"""Assertions of numpy.testing about what is differentiated: they are performed in each call, and have no derivative."""

import numpy as np
import pytest

from s2sad import grad, tape


def asserting(x):
    np.testing.assert_array_less(x, 50.0)
    y = x * 2.0
    np.testing.assert_allclose(y, x + x)
    y[0] = 3.0
    return np.sum(y**2)


def in_steps(x):
    for _ in range(3):
        np.testing.assert_array_less(x, 50.0)
        x = x * 1.5
    return np.sum(x)


@pytest.mark.parametrize("control", ["record", "keep"])
@pytest.mark.parametrize("function", [asserting, in_steps])
def test_an_assertion_holds_in_each_call(function, control):
    gradient = grad(function, control=control)
    expected = [0.0, 16.0, 24.0] if function is asserting else [3.375] * 3
    np.testing.assert_array_equal(gradient(np.arange(1.0, 4.0)), expected)
    with pytest.raises(AssertionError, match="not strictly ordered"):
        gradient(np.arange(49.0, 52.0))


def test_an_assertion_holds_on_the_tape():
    _, found = tape.gradient(asserting, (np.arange(1.0, 4.0),))
    np.testing.assert_array_equal(found, [0.0, 16.0, 24.0])
