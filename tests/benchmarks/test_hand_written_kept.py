"""The adjoints of the kept loops checked: against the functions, differences and, where that is quick, a recording."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad

from .contestants import assert_agree
from .kept import IN_NUMBERS, KEPT, SMALL
from .kernels import Kernel
from .test_hand_written import STEP, active, central_difference, directions

every_kernel = pytest.mark.parametrize("kernel", KEPT + IN_NUMBERS + SMALL, ids=lambda kernel: kernel.name)
every_small_kernel = pytest.mark.parametrize("kernel", SMALL, ids=lambda kernel: kernel.name)


@every_kernel
def test_value_equals_the_functions_bit_for_bit(kernel: Kernel) -> None:
    value, _ = kernel.hand(*kernel.arguments)
    expected = kernel.function(*kernel.arguments)
    assert value == expected and type(value) is type(expected)


@every_kernel
def test_arguments_are_left_alone_and_gradients_have_their_shapes(kernel: Kernel) -> None:
    before = [np.copy(each) for each in kernel.arguments]
    _, gradients = kernel.hand(*kernel.arguments)
    assert all(np.array_equal(now, then) for now, then in zip(kernel.arguments, before, strict=True))
    assert [np.shape(each) for each in gradients] == [np.shape(kernel.arguments[number]) for number in kernel.argnums]


@every_small_kernel
def test_gradients_against_central_differences(kernel: Kernel) -> None:
    value, gradients = kernel.hand(*kernel.arguments)
    gradient = np.concatenate([np.ravel(each) for each in gradients])
    point = active(kernel)
    # The rounding of the values, and of the sums that they are, over the step.
    rounding = 8.0 * np.finfo(float).eps * max(1.0, abs(value)) / STEP
    for direction in directions(point.size):
        assert abs(central_difference(kernel, point, direction) - gradient @ direction) <= rounding


@every_small_kernel
def test_gradients_against_a_recording(kernel: Kernel) -> None:
    result: Any = value_and_grad(kernel.function, argnums=kernel.argnums)(*kernel.arguments)
    assert_agree(kernel, result)


@pytest.mark.parametrize("kernel", IN_NUMBERS, ids=lambda kernel: kernel.name)
def test_adjoints_in_numbers_against_those_in_arrays(kernel: Kernel) -> None:
    (arrays,) = [each for each in KEPT if each.function is kernel.function and np.array_equal(each.arguments[0], kernel.arguments[0])]
    assert_agree(arrays, kernel.hand(*kernel.arguments))
