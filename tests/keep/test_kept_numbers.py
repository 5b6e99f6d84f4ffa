"""Whole numbers and sizes that follow from others in kept code: two that are the same in one call need not be so in another."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import CannotKeep, value_and_grad
from tests.oracles import agrees, made

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def vector(size: int) -> Any:
    return np.arange(1.0, size + 1)


def checked(body: str, parameters: str, calls: tuple[tuple[Any, ...], ...], argnums: Any = 0) -> None:
    """Each call on one gradient, in this order and in the opposite one: right, or refused."""
    function = made(body, parameters)
    for order in (calls, calls[::-1]):
        derivative = value_and_grad(function, argnums=argnums, control="keep")
        for args in order:
            try:
                agrees(derivative, function, *args, argnums=argnums)
            except CannotKeep:
                continue


NUMBERS = (
    "abs(n)",
    "n % 100",
    "n % len(x)",
    "np.maximum(n, 0)",
    "n & 255",
    "n | 4",
    "n // 1",
    "int(x[0] * n)",
    "ks[0]",
    "np.argmax(x)",
    "ks.max()",
    "np.count_nonzero(x > 2)",
    "round(x[-1])",
    "len(x) // 3 + 1",
    "len(x) % 100",
    "np.minimum(len(x), 3)",
    "min(len(x), 3)",
    "np.clip(len(x), 2, 100)",
    "len(range(0, len(x), 3))",
    "np.searchsorted(x, 2.5)",
    "(n > 1) + 2",
    "n >> 1",
    "len(x) | 4",
    "divmod(len(x), 3)[1]",
    "int(np.sqrt(len(x)))",
    "len(np.diff(x)) + 1",
    "len(x[2:]) + 2",
)
USES = {
    "sizes": "w = np.zeros(abs({k}))\nfor i in range(2):\n    w = w + x[0]\nreturn np.sum(w * w) * len(w) + x[0]",
    "sizes in a loop": "s = x[0]\n"
    "for i in range(2):\n    w = np.ones(abs({k})) * x[0] * (i + 1)\n    s += np.sum(w * w) * len(w)\nreturn s",
    "sizes and an array": "w = np.zeros(abs({k}))\nreturn np.sum((w + x) ** 2)",
    "parts": "s = x[0]\nfor i in range(2):\n    w = x[:{k}]\n    s += np.sum(w * w) * len(w) + len(x[{k}:])\nreturn s",
    "zips": "s = 0.0\nfor a, b in zip(range({k}), range(n)):\n    s += x[0] * x[0]\nreturn s * x[0]",
    "zips of arrays": "s = 0.0\nfor a, b in zip(x, range({k})):\n    s += a * a\nreturn s * x[0]",
    "np.arange": "s = x[0]\nfor i in np.arange({k}):\n    s += x[0] * i\nreturn s * len(np.arange({k}))",
}
CALLS = (
    (vector(5), 3, np.array([3, 1])),
    (vector(3), -3, np.array([1, 3])),
    (vector(7), 2, np.array([2, 2])),
    (vector(2), 5, np.array([3, 1])),
    (vector(1), 1, np.array([1, 0])),
    (vector(120), 4, np.array([4, 1])),
    (vector(6), 0, np.array([0, 2])),
)


@pytest.mark.sampled(8)
@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("use", USES)
def test_numbers_that_follow_from_others(use: str, number: str) -> None:
    function = made(USES[use].format(k=number), "x, n, ks")
    calls = []
    for args in CALLS:
        try:
            function(*args)
        except (ValueError, ZeroDivisionError, IndexError):
            continue  # not legal there
        calls.append(args)
    checked(USES[use].format(k=number), "x, n, ks", tuple(calls))


ARRAYS = (
    "(x * i)[:100]",
    "np.sort(x * (i + 1))[-100:]",
    "np.diagonal(np.outer(x, np.ones(100))) * i",
    "np.append(x[3:], np.ones(3) * x[0]) * i",
    "np.diff(x * x, n=2) * np.sin(i)",
    "np.diff(x, n=3)",
    "np.array_split(x * i, 4)[1]",
    "x[1::4] * i",
    "np.pad(x * i, (0, 2), 'edge')",
    "np.split(x * i, [4])[0]",
    "np.convolve(x, np.ones(4), 'same')",
    "np.concatenate((x, x[:3])) * i",
)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("array", ARRAYS)
def test_arrays_whose_size_follows(array: str) -> None:
    body = f"s = x[0]\nfor i in range(n):\n    w = {array}\n    s += np.sum(w * w) * len(w)\nreturn s"
    checked(body, "x, n", tuple((vector(size), 2) for size in (5, 2, 9, 4, 6, 1, 200, 3)))


@pytest.mark.parametrize(
    "product",
    [
        "x[1::4] * x[2::4]",
        "np.ones(len(x) // 3 + 1) * x[::3]",
        "np.ones(np.maximum(len(x), 3)) * x",
        "np.zeros(abs(len(x) - 3) + 3) + x",
        "x[:100] * x",
    ],
)
def test_sizes_that_agree_at_times(product: str) -> None:
    function = made(f"return np.sum({product})", "x")
    calls = []
    for size in (9, 6, 5, 4, 3, 1, 2):
        try:
            function(vector(size))
        except ValueError:
            continue
        calls.append((vector(size),))
    checked(f"return np.sum({product})", "x", tuple(calls))


def test_an_axis_is_known() -> None:
    checked(
        "s = 0.0\nfor k in range(n):\n    w = np.sum(a * k, axis=-k)\n    s += np.sum(w * w) * w.shape[-1]\nreturn s",
        "a, n",
        ((np.ones((1, 1, 3)), 3), (np.ones((1, 2, 3)), 2)),
    )


def test_the_type_that_holds_a_number_is_asked_each_time() -> None:
    function = made("return x * np.iinfo(np.min_scalar_type(n)).max", "x, n")
    for control in ("record", "keep"):
        derivative = value_and_grad(function, control=control)
        for n in (3, -3, 300):
            try:
                agrees(derivative, function, 2.0, n)
            except CannotKeep:
                assert control == "keep"


def test_arrays_of_many_dimensions_are_not_made() -> None:
    """Of any sizes; the types of them take nothing."""
    function = made("s = 0.0\nfor b in range(n):\n    s += np.sum(np.tensordot(a, a, axes=0))\nreturn s", "a, n")
    derivative = value_and_grad(function, control="keep")
    agrees(derivative, function, np.ones((2, 3, 4, 5)), 2)
    assert [path.kept for path in derivative.paths] == [True]
