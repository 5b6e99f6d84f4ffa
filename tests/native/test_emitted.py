"""Native code gives the numbers of the code in Python, to rounding, for loops over numbers, elements, stencils and small matrices."""
from __future__ import annotations

import math
import re
import warnings
from typing import Any

import numpy as np
import pytest

from s2sad import trees, value_and_grad
from tests.benchmarks.kept import SMALL
from tests.native.plainly import compiled_at_last

pytest.importorskip("numba")

RANDOM = np.random.default_rng(3)
MATRIX, GRID, VECTOR = RANDOM.normal(size=(4, 4)), RANDOM.normal(size=(7, 6)), RANDOM.normal(size=4)


def jacobi(a: Any, steps: int) -> Any:
    b = np.zeros(a.shape)
    for _ in range(steps):
        b[1:-1, 1:-1] = 0.25 * (a[1:-1, :-2] + a[1:-1, 2:] + a[2:, 1:-1] + a[:-2, 1:-1])
        a[1:-1, 1:-1] = b[1:-1, 1:-1] * 0.9
    return np.sum(a * a)


def rosenbrock(x: Any) -> Any:
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def network(w: Any, x: Any, steps: int) -> Any:
    for _ in range(steps):
        x = np.tanh(w @ x + 0.1)
    return x.sum()


def doubled_until(x: float) -> float:
    s = 1.0
    while s < 100.0:
        s = s * x + 1.0 if s < 50.0 else 3.0 * s
    return s


def shifted(x: Any) -> Any:
    y = x.copy()
    y[1:] = y[:-1] * 2
    y[:-1] += y[1:]
    return np.sum(y**2)


CASES = [(jacobi, (GRID, 3)), (rosenbrock, (VECTOR,)), (network, (MATRIX, VECTOR, 5)), (doubled_until, (1.5,)), (shifted, (VECTOR,)),
         (lambda x, n: sum_of_sines(x, n), (0.4, 6))]  # fmt: skip


def sum_of_sines(x: float, n: int) -> float:
    total = 0.0
    for k in range(1, n):
        total += math.sin(k * x) / k
    return total


def fresh(arguments: Any) -> Any:
    return [a.copy() if isinstance(a, np.ndarray) else a for a in arguments]


def agree(function: Any, arguments: Any, **options: Any) -> None:
    with compiled_at_last():
        agree_compiled(function, arguments, **options)


def agree_compiled(function: Any, arguments: Any, **options: Any) -> None:
    native, plain = value_and_grad(function, backend="numba", **options), value_and_grad(function, **options)
    for _ in range(2):
        found, expected = trees.flatten(native(*fresh(arguments)))[0], trees.flatten(plain(*fresh(arguments)))[0]
        for one, other in zip(found, expected, strict=True):
            assert type(one) is type(other)
            np.testing.assert_allclose(one, other, rtol=1e-11, atol=1e-13)
    assert native._last.interpreted is not None and native._last.interpreted.hits == 0


@pytest.mark.parametrize(("function", "arguments"), CASES, ids=lambda c: getattr(c, "__name__", ""))
def test_native_code_gives_the_same_numbers(function: Any, arguments: Any) -> None:
    agree(function, arguments)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("kernel", SMALL, ids=lambda kernel: kernel.name)
def test_native_code_of_the_kept_kernels(kernel: Any) -> None:
    agree(kernel.function, kernel.arguments, argnums=kernel.argnums)


def diffusion(u: Any, k: float, steps: int) -> Any:
    for _ in range(steps):
        u[1:-1] += k * (u[2:] - 2 * u[1:-1] + u[:-2])
    return np.sum(u**2)


def upwind(u: Any, speed: float, steps: int) -> Any:
    for _ in range(steps):
        u[1:] = u[1:] - speed * (u[1:] - u[:-1])
    return np.sum(u**2)


def source_of(function: Any, *arguments: Any) -> str:
    with compiled_at_last():
        derivative = value_and_grad(function, backend="numba")
        derivative(*fresh(arguments))
    return str(derivative._last.native_text)


def test_what_a_stencil_adds_up_backwards_is_one_sum() -> None:
    """Each element of the cotangent is written once in a step, from values with zeros around them, made in front of the loop."""
    text = source_of(diffusion, VECTOR, 0.1, 3)
    backwards = text[text.index("# adjoint of") :]
    assert backwards.count("u_bar[i] +=") == 1 and "np.zeros(" not in backwards[backwards.rindex("for step") :]
    agree(diffusion, (VECTOR, 0.1, 3))


def test_a_sum_ends_where_it_is_read() -> None:
    agree(upwind, (VECTOR, 0.1, 4))
    agree(upwind, (VECTOR, 0.1, 4), control="record")


def test_a_value_that_is_read_in_the_same_steps_alone_is_not_stored() -> None:
    text = source_of(jacobi, GRID, 2)
    assert text.count("np.empty(") + text.count("np.zeros(") <= 7


def wave(u: Any, v: Any, steps: int) -> Any:
    for _ in range(steps):
        w = np.zeros(u.shape)
        w[1:-1] = 2 * u[1:-1] - v[1:-1] + 0.1 * (u[2:] - 2 * u[1:-1] + u[:-2])
        u, v = w, u
    return np.sum(u * u) + v[1]


def turned_in_a_loop(x: Any, a: Any, n: int) -> Any:
    for _ in range(n):
        y = x
        for _ in range(3):
            y = np.tanh(a @ y) + 0.1 * x
        x = y[::-1] * 1.0
    return np.sum(x**3)


def test_arrays_that_take_turns_in_a_loop_are_not_copied() -> None:
    agree(wave, (VECTOR, VECTOR[::-1].copy(), 5))
    forwards = source_of(wave, VECTOR, VECTOR[::-1].copy(), 2).partition("# adjoint")[0]
    assert re.search(r"^        u_1, v_1, w = w, u_1, v_1$", forwards, re.MULTILINE)


def test_what_is_read_at_two_places_is_stored_before() -> None:
    agree(turned_in_a_loop, (VECTOR, MATRIX, 2))
    agree(turned_in_a_loop, (VECTOR, MATRIX, 2), control="record")


def two_numbers(x: float, y: float) -> float:
    return math.sin(x) * y


def test_nothing_stands_in_front_where_nothing_is_to_be_asked() -> None:
    """Calls run the native function itself; where a class of NumPy's is to be given there is a function in front."""
    derivative = value_and_grad(two_numbers, backend="numba")
    derivative(0.5, 2.0)
    built = derivative._last.built
    assert built.run is built.namespace["two_numbers_value_and_grad_native"]
    agree_compiled(two_numbers, (0.5, 2.0))
    other = value_and_grad(rosenbrock, backend="numba")
    other(VECTOR)
    assert other._last.built.run is not other._last.built.namespace["rosenbrock_value_and_grad_native"]


def either_counts_once(x: Any) -> Any:
    return np.sum(((x > 0.0) + (x > -9.0)) * x * x)


FACTORS = {"soft": 0.5, "hard": 2.0}


def scaled_by_name(x: Any, kind: str, other: str | None) -> Any:
    if kind == "none" or other is not None:
        return np.sum(x)
    return np.sum(x * x) * FACTORS[kind]


@pytest.mark.parametrize("control", ["record", "keep", "auto"])
def test_what_is_asked_of_a_text_stands_in_front(control: str) -> None:
    """Also where a path is recorded, as it is where loops and branches were kept often enough for such arguments."""
    derivative = value_and_grad(scaled_by_name, backend="numba", control=control)
    for arguments in (("soft", None), ("hard", None), ("none", None), ("soft", "x"), ("soft", None)):
        value, gradient = derivative(VECTOR, *arguments)
        np.testing.assert_allclose(value, scaled_by_name(VECTOR, *arguments), rtol=1e-15)
        np.testing.assert_allclose(gradient, value_and_grad(scaled_by_name)(VECTOR, *arguments)[1], rtol=1e-15)
    assert derivative.stats().native == (True,) * len(derivative.paths)


def test_truth_values_that_are_added_are_one_of_them() -> None:
    agree_compiled(either_counts_once, (VECTOR,))


def product(w: Any, x: Any) -> Any:
    return np.sum((w @ x) ** 2)


@pytest.mark.sampled(6)
def test_products_of_arrays_with_gaps_are_not_spoken_of() -> None:
    """Numba would say that it copies them."""
    derivative = value_and_grad(product, backend="numba")
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        for w in (MATRIX, np.asfortranarray(MATRIX), np.concatenate([MATRIX] * 2)[::2, :]):
            np.testing.assert_allclose(derivative(w, VECTOR)[1], value_and_grad(product)(w, VECTOR)[1], rtol=1e-11)
    assert not told


def computed_in_front(x: Any, n: int) -> Any:
    y = np.ones(len(x))
    for _ in range(n):
        v = np.sin(x)
        a = y
    return np.sum(v) + np.sum(a)


def of_another_length(x: Any, n: int) -> Any:
    a, y = np.zeros(len(x) - 1), np.ones(len(x))
    for _ in range(n):
        a = y
    return np.sum(a) * x[0]


def by_another_name(x: Any, n: int) -> Any:
    u = x * 1.0
    v, y = u, np.ones(len(x))
    a = v[:]
    a[1] = 1.0
    for _ in range(n):
        v = np.sin(u)
        a = y
    return np.sum(v) + np.sum(a)


@pytest.mark.parametrize("n", [2, 3])
@pytest.mark.parametrize("function", [computed_in_front, by_another_name])
def test_what_a_step_hands_on_may_come_from_in_front_of_the_loop(function: Any, n: int) -> None:
    """It stays as it is for the next step, and for who reads it by another name."""
    agree(function, (VECTOR, n))


@pytest.mark.parametrize("n", [2, 0])
def test_a_step_that_hands_on_an_array_of_another_length_is_left_to_python(n: int) -> None:
    with compiled_at_last():
        found = value_and_grad(of_another_length, backend="numba")(VECTOR, n)
    value, slope = value_and_grad(of_another_length)(VECTOR, n)
    np.testing.assert_allclose(found[0], value, rtol=1e-12)
    np.testing.assert_allclose(found[1], slope, rtol=1e-12)
