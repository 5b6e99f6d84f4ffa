"""Assigning the shape of an array: the object stays, views keep their shapes, and the layout decides, at each call anew."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from s2sad import grad, tape, value_and_grad
from s2sad.errors import UnsupportedMutation

Array = NDArray[Any]
RAMP = np.arange(1.0, 5.0)


def written_through_both(x: Array) -> Any:
    y = x * 2.0
    row = y[0]
    y.shape = 4
    y[0] = x[0, 1] ** 2
    row[1] = 5.0 * x[0, 0]
    return np.sum(y * RAMP) + row[0]


def test_the_array_and_its_view_write_one_memory() -> None:
    """y is b², 5a, 2c, 2d for x = [[a, b], [c, d]], so the value is 2b² + 10a + 6c + 8d."""
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    for control in ("record", "auto"):
        derivative = value_and_grad(written_through_both, control=control)
        for _ in range(8):
            value, gradient = derivative(x)
            assert value == 68.0
            assert gradient.tolist() == [[10.0, 8.0], [6.0, 8.0]]
    assert tape.gradient(written_through_both, (x,))[1].tolist() == [[10.0, 8.0], [6.0, 8.0]]


def flattened(m: Array) -> Any:
    y = m * 2.0
    y.shape = (-1,)
    return y[1] * y[1]


def test_another_layout_is_another_path() -> None:
    """In the order of Fortran the array cannot be a row without a copy, which raises as in the plain function."""
    m = np.array([[1.0, 2.0], [3.0, 4.0]])
    derivative = grad(flattened, control="record")
    for _ in range(2):
        assert derivative(m).tolist() == [[0.0, 16.0], [0.0, 0.0]]
        for call in (flattened, derivative, lambda a: tape.gradient(flattened, (a,))):
            with pytest.raises(AttributeError, match="Incompatible shape"):
                call(np.asfortranarray(m))


def of_a_size(x: Array, n: int) -> Any:
    y = x * x
    y.shape = n, -1
    return np.sum(y[-1])


def test_the_shape_of_this_call_counts() -> None:
    derivative = grad(of_a_size, control="record")
    for _ in range(2):
        assert derivative(RAMP, 2).tolist() == [0.0, 0.0, 6.0, 8.0]
        assert derivative(RAMP, 4).tolist() == [0.0, 0.0, 0.0, 8.0]
        with pytest.raises(ValueError, match="cannot reshape array of size 4"):
            derivative(RAMP, 3)


def own_memory(x: Array) -> Any:
    y = x * 3.0
    elements = y.flat
    y.shape = (2, 2)
    elements[3] = x[0]
    return y[1, 1] * (1.0 if y.base is None else 0.0) + y[0, 1]


def test_elements_and_base_are_those_of_the_array() -> None:
    assert grad(own_memory, control="record")(RAMP).tolist() == [1.0, 3.0, 0.0, 0.0]


def beyond(x: Array) -> Any:
    x[0] = x[1] * 2.0
    x.shape = (2, 2)
    return np.sum(x)


def aliased(x: Array) -> Any:
    y = np.asarray(x)
    y.shape = (2, 2)
    return np.sum(y)


def of_the_inner(x: Array) -> Any:
    def inner(u: Array) -> Any:
        u.shape = (2, 2)
        return np.sum(u * u)

    return np.sum(grad(inner)(x * 1.0))


@pytest.mark.parametrize("function", [beyond, aliased, of_the_inner])
def test_an_argument_keeps_its_shape(function: Any) -> None:
    for call in (grad(function), grad(function, control="keep"), lambda a: tape.gradient(function, (a,))):
        with pytest.raises(UnsupportedMutation, match="'shape' of an array from outside the function"):
            call(RAMP.copy())


def cubes(x: Array) -> Any:
    y = x**3
    last = y[2:]
    y.shape = (2, 2)
    last *= x[0]
    return np.sum(y[1])


def test_second_order() -> None:
    """The value is a c³ + a d³."""
    found = grad(lambda x: grad(cubes)(x)[2], control="record")(RAMP)
    assert found.tolist() == [27.0, 0.0, 18.0, 0.0]
