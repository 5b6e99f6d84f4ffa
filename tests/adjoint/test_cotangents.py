"""A cotangent is of the float type of what it belongs to, whatever the types of captured values, saved values and seeds."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import s2sad
from s2sad import tape
from tests.at_random import profile

CONTROL = ("record", "keep", "auto")
BYTES = np.array([200, 3, 7], np.uint8)
MASK = np.array([255, 0, 255], np.uint8)
SMALL = np.array([100, -100, 127], np.int8)
LARGE = 10**20


def gradients(function: Any, *args: Any) -> list[Any]:
    """By each control, twice by compiled code, and by the tape."""
    found = []
    for control in CONTROL:
        slope = s2sad.grad(function, control=control)
        found += [slope(*args), slope(*args)]
    return [*found, tape.gradient(function, args)[1]]


def scalar_bytes(x):
    return (1.0 - x) * np.uint8(200)


def image(p):
    return np.sum(MASK * (np.ones(3) - p))


def bytes_twice(a):
    return np.sum(a * BYTES * BYTES)


def small_twice(a):
    return np.sum(-a * SMALL * SMALL)


def large_times_array(a):
    return np.sum(a * LARGE)


def truth_of_numpy(x):
    return (1.0 - math.sin(x)) * np.bool_(x > 0)


def items_in_a_loop(x):
    s = 0.0
    for i in range(3):
        s = s + (1.0 - x) * BYTES[i] * BYTES[i]
    return s


def by_columns(a):
    return np.sum(a.reshape(3, 1) * BYTES - a)


def through_a_dot(a):
    return -(BYTES @ a) * np.uint8(2)


def number_times_bytes(x, n):
    return np.sum((-x * n) * BYTES)


PROGRAMS: dict[str, tuple[Any, tuple[Any, ...], Any]] = {
    "scalar": (scalar_bytes, (0.5,), -200.0),
    "image": (image, (np.zeros(3),), [-255.0, 0.0, -255.0]),
    "bytes twice": (bytes_twice, (np.ones(3),), [40000.0, 9.0, 49.0]),
    "small twice": (small_twice, (np.ones(3),), [-10000.0, -10000.0, -16129.0]),
    "large": (large_times_array, (np.ones(3),), [1e20, 1e20, 1e20]),
    "truth": (truth_of_numpy, (0.5,), -math.cos(0.5)),
    "loop": (items_in_a_loop, (0.5,), -40058.0),
    "columns": (by_columns, (np.ones(3),), [207.0, 207.0, 207.0]),
    "dot": (through_a_dot, (np.ones(3),), [-400.0, -6.0, -14.0]),
    "number": (number_times_bytes, (0.5, 2), -420.0),
    "float32": (bytes_twice, (np.ones(3, np.float32),), np.array([40000.0, 9.0, 49.0], np.float32)),
    "float32 number": (scalar_bytes, (np.float32(0.5),), np.float32(-200.0)),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_partials_that_are_whole_numbers(name: str) -> None:
    function, args, expected = PROGRAMS[name]
    for found in gradients(function, *args):
        np.testing.assert_array_equal(found, expected)
        assert np.asarray(found).dtype == np.asarray(expected).dtype and type(found) is type(args[0])


def test_second_order() -> None:
    def curved(x):
        return np.sum((1.0 - x) * (1.0 - x) * BYTES)

    second = s2sad.grad(lambda x: s2sad.grad(curved)(x))
    assert second(0.5) == second(0.5) == tape.gradient(lambda x: s2sad.grad(curved)(x), (0.5,))[1] == 420.0


@pytest.mark.parametrize("seed", [np.uint8(200), np.int8(100), np.int64(-3), True, 7, np.float32(0.5)])
def test_seeds_of_numbers(seed: Any) -> None:
    value, pullback = s2sad.vjp(lambda x: -x * x * 3.0, 2.0)
    assert value == -12.0
    assert pullback(seed) == pullback(seed) == (-12.0 * float(seed),)


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.uint64, bool, np.float32])
def test_seeds_of_arrays(dtype: Any) -> None:
    seed = np.array([1, 0, 100], dtype)
    (found,) = s2sad.vjp(lambda x: -x * np.array([2.0, 3.0, 4.0]), np.ones(3))[1](seed)
    np.testing.assert_array_equal(found, -seed.astype(float) * [2.0, 3.0, 4.0])
    (found,) = s2sad.vjp(lambda x: -x * np.float32(2), np.ones(3, np.float32))[1](seed)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, -2 * seed.astype(np.float32))


@pytest.mark.parametrize(
    "args, seed", [((2.0,), 1j), ((np.ones(2),), np.array([1j, 0.0])), ((np.ones(2, np.float32),), np.ones(2, complex))]
)
def test_a_complex_seed_of_a_real_value_is_refused(args: Any, seed: Any) -> None:
    _, pullback = s2sad.vjp(lambda x: -x * x, *args)
    with pytest.raises(s2sad.NotDifferentiable, match="the cotangent is complex, the value real"):
        pullback(seed)


# Programs at random: values of any type of whole numbers, held against the same program with floats.

DTYPES = (np.uint8, np.int8, np.uint16, np.int32, np.uint64, np.bool_, np.float32)


@st.composite
def steps(draw: Any) -> list[tuple[str, Any]]:
    """Operations with captured values: arrays of three, items of them, Python ints."""
    made = []
    for _ in range(draw(st.integers(1, 4))):
        dtype = draw(st.sampled_from(DTYPES))
        numbers = draw(st.lists(st.integers(0, 120), min_size=3, max_size=3))
        value = np.array(numbers).astype(dtype)
        kind = draw(st.sampled_from(["array", "item", "int"]))
        made.append((draw(st.sampled_from(["*", "-*", "*1-", "/", "where", "dot"])),
                     value if kind == "array" else value[0] if kind == "item" else int(numbers[0])))  # fmt: skip
    return made


def run(program: list[tuple[str, Any]], x: Any) -> Any:
    for operation, value in program:
        if operation == "*":
            x = x * value
        elif operation == "-*":
            x = value * -x
        elif operation == "*1-":
            x = (1.0 - x) * value
        elif operation == "/":
            x = x / (value + np.uint8(1))
        elif operation == "where":
            x = np.where(np.asarray(value) > 3, x, value * 1.0)
        else:
            x = x - np.sum(x * value) * value
    return np.sum(x)


def differences(function: Any, x: Any) -> Any:
    """By differences of the function, which is linear, or affine."""
    zero = function(0.0 * x)
    return np.array([function(np.eye(3)[i]) - zero for i in range(3)]) if np.ndim(x) else function(1.0) - zero


@profile(15)
@given(steps(), st.booleans())
def test_programs_at_random(program: list[tuple[str, Any]], scalar: bool) -> None:
    x: Any = 0.5 if scalar else np.array([0.5, -1.0, 2.0])

    def wide(value: Any) -> Any:
        return value.astype(float) if isinstance(value, (np.ndarray, np.generic)) else float(value)

    expected = tape.gradient(lambda x: run([(o, wide(v)) for o, v in program], x), (x,))[1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for control in ("record", "keep"):
            try:
                found = s2sad.grad(lambda x: run(program, x), control=control)(x)
            except s2sad.CannotKeep:  # a number that becomes an array from one step to the next
                continue
            assert np.asarray(found).dtype == np.float64
            np.testing.assert_allclose(found, expected, rtol=1e-5)
    np.testing.assert_allclose(differences(lambda x: run([(o, wide(v)) for o, v in program], x), x), expected, rtol=1e-6, atol=1e-6)
