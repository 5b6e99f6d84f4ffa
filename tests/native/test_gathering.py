"""What is added to several parts of an array, each shifted: one sum of shifted reads, where each value fills its part."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import grad, value_and_grad
from tests.native.plainly import plain_python, uncompiled_fixture  # noqa: F401
from tests.native.test_emitted import agree, source_of

pytest.importorskip("numba")

X = np.random.default_rng(12).normal(size=9)


def added_twice(x: Any, v: Any) -> Any:
    y = x.copy()
    y[1:6] += v
    y[2:7] += v
    return np.sum(y * y)


@pytest.mark.parametrize("v, gathered", [(np.arange(5.0), True), (np.ones(1), False)])
def test_one_element_that_is_added_to_many_is_not_one_of_a_shifted_array(v: Any, gathered: bool, uncompiled: None) -> None:
    agree(added_twice, (X, v), argnums=(0, 1))
    assert ("v_1[i + 1] + v_1[i]" in source_of(added_twice, X, v)) == gathered


def averages(a: Any, b: Any, n: int) -> Any:
    a, b = a.copy(), b.copy()
    for _ in range(n):
        b[1:-1, 1:-1] = 0.2 * (a[1:-1, 1:-1] + a[1:-1, :-2] + a[1:-1, 2:] + a[2:, 1:-1] + a[:-2, 1:-1])
        a[1:-1, 1:-1] = 0.3 * (b[1:-1, 1:-1] + b[:-2, 2:] - b[2:, :-2]) * b[1:-1, 1:-1]
    return np.sum(a * a) + np.sum(b[0] * b[-1])


def along_a_line(a: Any, b: Any, n: int) -> Any:
    a, b = a.copy(), b.copy()
    for _ in range(n):
        b[1:-1] = 0.5 * (a[2:] - a[1:-1]) - 0.1 * a[:-2]
        a[:-3] = b[3:] + b[:-3] - 2.0 * b[1:-2]
    return np.sum(a * b)


def in_layers(a: Any, b: Any, n: int) -> Any:
    a, b = a.copy(), b.copy()
    for _ in range(n):
        b[1:-1, 1:-1, 1:-1] = a[1:-1, 1:-1, 1:-1] + 0.1 * (a[2:, 1:-1, 1:-1] + a[:-2, 1:-1, 1:-1] - a[1:-1, 1:-1, 2:])
        a, b = b, a
    return np.sum(a * a * b)


def by_several_numbers(a: Any, b: Any, n: int) -> Any:
    for _ in range(n):
        inside = a[1:-1, 1:-1]
        b = a.copy()
        b[1:-1, 1:-1] = inside + 0.1 * (a[:-2, 1:-1] + a[2:, 1:-1] + a[1:-1, :-2] + a[1:-1, 2:] - 4.0 * inside)
        a = b
    return np.sum(a * a)


def set_and_added(x: Any, v: Any) -> Any:
    y = x.copy()
    old = y * y
    y[1:-1] = v
    y[:-2] += 2 * v
    y[2:] -= v
    return np.sum(y * y * old)


def set_to_something_else(x: Any, v: Any) -> Any:
    y = x.copy()
    y[1:-1] = np.sin(v)
    y[:-2] += 2 * v
    y[2:] -= v
    return np.sum(y * y)


def read_between(x: Any, v: Any) -> Any:
    y = x.copy()
    y[1:-1] = v
    total = np.sum(y * y)
    y[2:] += v
    y[:-2] += v
    y[1:-1] = 2 * v
    return total * np.sum(y * y)


def made_of_itself(x: Any, v: Any) -> Any:
    y = x.copy()
    for _ in range(3):
        inner = y[1:-1] * v
        y[1:-1] = inner
        y[2:] += inner
        y[:-2] -= 0.5 * inner
        y[2:] += inner
    return np.sum(y * y)


def one_for_all(x: Any, v: Any) -> Any:
    y = x.copy()
    y[1:-1] = v
    y[2:] += v
    y[:-2] += v
    return np.sum(y * y)


def box(*shape: int, phase: float = 0.0) -> Any:
    return np.cos(np.arange(float(np.prod(shape))) * 1.3 + phase).reshape(shape)


@pytest.mark.parametrize("function, arguments", [
    *((averages, (box(*shape), box(*shape, phase=1.0), 3)) for shape in ((2, 2), (3, 3), (2, 5), (4, 3), (6, 7))),
    *((by_several_numbers, (box(*shape), box(*shape), 3)) for shape in ((2, 2), (3, 3), (4, 3), (6, 7))),
    *((along_a_line, (box(n), box(n, phase=1.0), 3)) for n in (3, 4, 5, 9)),
    *((in_layers, (box(*shape), box(*shape, phase=1.0), 3)) for shape in ((3, 3, 3), (2, 4, 5), (5, 4, 6))),
    *((function, (X, X[:7] + 1)) for function in (set_and_added, set_to_something_else, read_between, made_of_itself)),
    (one_for_all, (X, np.ones(1))), (one_for_all, (X, X[:7] * 2)),
])  # fmt: skip
def test_what_sets_the_inside_and_adds_around_it(function: Any, arguments: Any, uncompiled: None) -> None:
    agree(function, arguments, argnums=(0, 1))


def smoothed(a: Any, b: Any, n: int) -> Any:
    a, b = a.copy(), b.copy()
    for _ in range(n):
        b[1:-1] = 0.3 * (a[2:] + a[1:-1] + a[:-2])
        a[1:-1] = 0.3 * (b[2:] + b[1:-1] + b[:-2])
    return np.sum(a * a)


def test_the_inside_is_set_with_what_follows_and_the_walls_are_added_to(uncompiled: None) -> None:
    agree(smoothed, (X, X + 1, 3), argnums=(0, 1))
    with plain_python():
        derivative = value_and_grad(smoothed, argnums=(0, 1), backend="numba")
        derivative(X, X, 3)
    lines = [line.strip() for line in derivative._last.native_text.splitlines()]
    assert any(line.startswith("b_bar[0] += ") for line in lines) and not any(line.startswith("b_bar[i] += ") for line in lines)


def test_it_goes_on_with_larger_sizes_and_second_derivatives(uncompiled: None) -> None:
    native, plain = value_and_grad(averages, backend="numba"), value_and_grad(averages)
    for shape in ((6, 7), (3, 4), (9, 5)):
        for found, expected in zip(native(box(*shape), box(*shape), 2), plain(box(*shape), box(*shape), 2), strict=True):
            np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-13)

    def slope(a: Any) -> Any:
        return np.sum(grad(along_a_line)(a, box(6), 2) ** 2)

    np.testing.assert_allclose(grad(slope, backend="numba")(box(6, phase=2.0)), grad(slope)(box(6, phase=2.0)), rtol=1e-11, atol=1e-13)


def test_compiled_it_is_the_same() -> None:
    agree(averages, (box(6, 7), box(6, 7, phase=1.0), 3), argnums=(0, 1))
