"""An argument that chooses what is computed: the number of an axis, the name of a dtype. One path serves one choice."""
from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import tape, value_and_grad
from s2sad.errors import CannotKeep
from tests.oracles import assert_close, assert_identical

X = np.ones((2, 3))
F4 = np.float32
CONTROLS = ["record", "keep", "auto", "tape"]


def length(x: Any, axis: Any) -> Any:
    return np.sum(x) * np.size(x, axis)


def lengths(x: Any, axis: Any) -> Any:
    return np.sum(x) * np.size(x) + np.size(x, axis=-1) * x[0, 0] * np.size(x, 0)


def common_type(x: Any, kind: Any) -> Any:
    return np.sum(x) * (2.0 if np.result_type(F4(1.0), kind) == np.float64 else 3.0)


def bytes_of(x: Any, kind: Any) -> Any:
    return np.sum(x) * np.zeros(2, kind).itemsize


def rounded(x: Any, kind: Any) -> Any:
    return np.sum(x) * np.full(3, 0.1, kind)[0]


def summed(x: Any, kind: Any) -> Any:
    return np.sum(x, dtype=kind) * np.ones_like(x, dtype=kind).nbytes


CASES: list[tuple[Callable[..., Any], list[Any], list[float]]] = [
    (length, [0, 1, -1, 0, None, 1], [2.0, 3.0, 3.0, 2.0, 6.0, 3.0]),
    (common_type, ["f4", "f8", "f4", np.float64, 1.0, np.dtype("f4"), "f8"], [3.0, 2.0, 3.0, 2.0, 3.0, 3.0, 2.0]),
    (bytes_of, ["f4", "f8", "f2", "f4", float], [4.0, 8.0, 2.0, 4.0, 8.0]),
    (rounded, ["f8", "f4", "f2", "f8"], [0.1, float(F4(0.1)), float(np.float16(0.1)), 0.1]),
    (summed, ["f8", "f4", "f8"], [48.0, 24.0, 48.0]),
]


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize(("function", "choices", "slopes"), CASES)
def test_each_choice_has_its_own_path(function: Callable[..., Any], choices: list[Any], slopes: list[float], control: str) -> None:
    derived = (lambda *args: tape.gradient(function, args)) if control == "tape" else value_and_grad(function, control=control)
    for choice, slope in zip(choices, slopes, strict=True):
        value, gradient = derived(X, choice)
        assert_identical(value, function(X, choice))
        assert_close(gradient, np.full(X.shape, slope), 1e-12)


@pytest.mark.parametrize("control", CONTROLS)
def test_sizes_along_axes_of_arrays_of_other_sizes(control: str) -> None:
    derived = (lambda *args: tape.gradient(lengths, args)) if control == "tape" else value_and_grad(lengths, control=control)
    for shape in [(2, 3), (4, 5), (1, 3), (3, 1)]:
        x = np.ones(shape)
        value, gradient = derived(x, 0)
        assert_identical(value, lengths(x, 0))
        expected = np.full(shape, float(x.size))
        expected[0, 0] += x.size
        assert_close(gradient, expected, 1e-12)


@pytest.mark.parametrize("control", ["record", "auto"])
def test_an_axis_that_is_not_there(control: str) -> None:
    derived = value_and_grad(length, control=control)
    derived(X, 0)
    with pytest.raises(np.exceptions.AxisError):
        derived(X, 2)


def test_builtin_functions_by_the_names_of_their_parameters() -> None:
    def f(x: float, n: int) -> float:
        return pow(x, exp=2) + pow(base=x, exp=n) + pow(2.0, exp=x) + round(number=x, ndigits=1) * x

    for x, n in ((1.5, 3), (0.5, 2)):
        value, gradient = value_and_grad(f)(x, n)
        assert_identical(value, f(x, n))
        assert_close(gradient, 2.0 * x + n * x ** (n - 1) + 2.0**x * math.log(2.0) + x, 1e-12)


@pytest.mark.parametrize("control", CONTROLS)
def test_whether_a_float_is_whole_decides(control: str) -> None:
    def f(x: Any) -> Any:
        if x.is_integer():
            return 2.0 * x
        return x * x if float.is_integer(2.0 * x) else x

    derived = (lambda x: tape.gradient(f, (x,))) if control == "tape" else value_and_grad(f, control=control)
    for x, slope in ((0.5, 1.0), (0.3, 1.0), (3.0, 2.0), (1.5, 3.0), (3.0, 2.0), (0.3, 1.0)):
        assert_identical(derived(x), (f(x), slope))
        assert derived(np.float64(x))[1] == slope


def test_a_text_is_looked_for_in_a_text() -> None:
    def f(x: float) -> float:
        text = f"{x:.1f}"
        return x * x if text in "0.5 1.5" else 3.0 * x if text[-1] not in "05" else x

    derived = value_and_grad(f)
    for x, slope in ((0.5, 1.0), (0.3, 3.0), (2.5, 1.0), (1.5, 3.0), (0.5, 1.0)):
        assert_identical(derived(x), (f(x), slope))
        assert_identical(tape.gradient(f, (x,)), (f(x), slope))


def bits_of(x: Any, n: Any) -> Any:
    return np.sum(x) * np.finfo(np.result_type(np.min_scalar_type(n), np.float16)).bits


@pytest.mark.parametrize("control", CONTROLS)
def test_a_dtype_that_is_computed_chooses_too(control: str) -> None:
    derived = (lambda *args: tape.gradient(bits_of, args)) if control == "tape" else value_and_grad(bits_of, control=control)
    for n in (3, 300, 70000, 3):
        try:
            value, gradient = derived(X, n)
        except CannotKeep as error:
            assert control == "keep" and n in (300, 70000) and "does not cover" in str(error)
        else:
            assert_identical(value, bits_of(X, n))
            assert_close(gradient, np.full(X.shape, value / np.sum(X)), 1e-12)
