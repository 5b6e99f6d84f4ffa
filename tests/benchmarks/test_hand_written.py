"""The adjoints that serve as the measure are themselves checked: against the function and against differences."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from .changing import CHANGING
from .kernels import KERNELS, Array, Kernel

STEP = 1e-4
COORDINATES = 1000

every_kernel = pytest.mark.parametrize("kernel", KERNELS + CHANGING, ids=lambda kernel: kernel.name)


def active(kernel: Kernel) -> Array:
    """The differentiated arguments in one vector."""
    return np.concatenate([np.ravel(kernel.arguments[number]) for number in kernel.argnums])


def value_at(kernel: Kernel, point: Array) -> float:
    """The function with its differentiated arguments taken from a vector."""
    arguments: list[Any] = list(kernel.arguments)
    offset = 0
    for number in kernel.argnums:
        shape = np.shape(arguments[number])
        size = int(np.prod(shape))
        part = point[offset:offset + size]
        arguments[number] = part.reshape(shape) if shape else float(part[0])
        offset += size
    return float(kernel.function(*arguments))


def central_difference(kernel: Kernel, point: Array, direction: Array) -> float:
    """The derivative along a direction, by differences of fourth order in the step."""
    def change(step: float) -> float:
        return value_at(kernel, point + step * direction) - value_at(kernel, point - step * direction)

    return (8.0 * change(STEP) - change(2.0 * STEP)) / (12.0 * STEP)


def directions(size: int) -> Iterator[Array]:
    """Every coordinate where they are few; else random directions, in which every coordinate takes part."""
    if size <= COORDINATES:
        yield from np.eye(size)
    else:
        draw = np.random.default_rng(size)
        for _ in range(20):
            direction = draw.normal(size=size)
            yield direction / np.linalg.norm(direction)


@every_kernel
def test_value_equals_the_functions_bit_for_bit(kernel: Kernel) -> None:
    value, _ = kernel.hand(*kernel.arguments)
    assert value == kernel.function(*kernel.arguments)


@every_kernel
def test_gradients_have_the_shapes_of_the_arguments(kernel: Kernel) -> None:
    _, gradients = kernel.hand(*kernel.arguments)
    assert [np.shape(each) for each in gradients] == [np.shape(kernel.arguments[number]) for number in kernel.argnums]


@every_kernel
def test_gradients_against_central_differences(kernel: Kernel) -> None:
    value, gradients = kernel.hand(*kernel.arguments)
    gradient = np.concatenate([np.ravel(each) for each in gradients])
    point = active(kernel)
    # What the rounding of the values leaves of a difference; the truncation, of fourth order, lies below it.
    rounding = 4.0 * np.finfo(float).eps * abs(value) / STEP
    for direction in directions(point.size):
        assert abs(central_difference(kernel, point, direction) - gradient @ direction) <= rounding


@every_kernel
def test_arguments_are_left_alone(kernel: Kernel) -> None:
    before = [np.copy(each) for each in kernel.arguments]
    kernel.hand(*kernel.arguments)
    assert all(np.array_equal(now, then) for now, then in zip(kernel.arguments, before, strict=True))


def peer_of(kernel: Kernel) -> Any:
    """The gradient by autograd, or by mygrad for arrays that change."""
    if any(kernel is each for each in KERNELS):
        pytest.importorskip("autograd")
        from . import peers

        return peers.gradient(kernel)
    pytest.importorskip("mygrad")
    from . import peers_changing

    if (reason := peers_changing.CANNOT.get(kernel.function.__name__)) is not None:
        pytest.skip(reason)
    return peers_changing.gradient(kernel)


@every_kernel
def test_the_peer_computes_the_same(kernel: Kernel) -> None:
    value, gradients = peer_of(kernel)(*kernel.arguments)
    expected, expected_gradients = kernel.hand(*kernel.arguments)
    assert value == pytest.approx(expected, rel=1e-14)
    for found, wanted in zip(gradients, expected_gradients, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=0.0, atol=1e-13 * np.max(np.abs(wanted)))
