"""In a chain of derivatives 0 times anything is 0: recorded and kept, on the tape, at any order, in what is exported."""

from __future__ import annotations

import itertools
import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import s2sad
from s2sad import tape
from s2sad.calls.running import strengthened
from s2sad.export import export
from s2sad.runtime import strong
from s2sad.runtime.control import Effects
from tests.at_random import profile

NAN = math.nan
Y = np.array([1.0, NAN, 3.0])
T = np.array([1.0, 2.0, 3.0])
W = np.array([1.0, 2.0, 3.0])
A = np.array([[1.0, NAN], [3.0, 4.0]])


def residuals(a):
    return np.nansum((Y - a * T) ** 2)


def left_out_by_where(a):
    return np.sum(np.where(np.isnan(Y), 0, a * Y))


def left_out_of_the_sum(a):
    return np.sum(a * Y, where=~np.isnan(Y))


def left_out_by_an_index(a):
    return np.sum((a * Y)[~np.isnan(Y)])


def made_numbers(a):
    return np.sum(np.nan_to_num(a * Y))


def overflow(x):
    return np.sum(np.where(x > 100, 0, np.exp(x) * x))


def root_over_root(x):
    r = np.sqrt(x)
    return np.sum(np.where(x > 0, r / r, x))


def root_of_squares(x):
    return np.sum((x**2 * W**2) ** 0.5)


def logistic(x):
    return np.sum(2 / (3 + np.exp(-4 * x)))


def row_of_a_product(a):
    return np.sum((A @ (a * np.ones(2)))[1:])


def contraction(a):
    return np.sum(np.einsum("ij,j->i", A, a * np.ones(2))[1:])


def in_a_loop(a):
    s = 0.0
    for i in range(3):
        s = s + np.where(np.isnan(Y[i]), 0.0, a * Y[i] * a)
    return np.sum(s)


def in_a_helper(a):
    return left_out_by_where(a) + made_numbers(2.0 * a)


def by_a_rule_of_its_own(a):
    return np.sum(np.where(np.isnan(Y), 0.0, np.cumprod(a * np.array([1.0, 2.0, NAN]))[0] * Y))


def printing(a):
    print("called")
    return np.sum(np.where(np.isnan(Y), 0, a * Y))


def deviation_of_a_row(a):
    return np.sum(np.std(a * np.array([[1.0, 2.0], [1.0, NAN]]), axis=1)[:1])


def norm_of_a_row(a):
    return np.sum(np.linalg.norm(a * np.array([[3.0, 4.0], [1.0, NAN]]), axis=1)[:1])


def running_product(a):
    return np.cumprod(a * np.array([1.0, 2.0, NAN]))[1] * 1.0


def part_of_a_cross_product(a):
    return np.sum(np.cross(a * np.array([1.0, 2.0, 3.0]), np.array([1.0, NAN, 2.0]))[1:2])


def root_of_a_maximum(x):
    return np.sum(np.sqrt(np.maximum(x, 0.0))) + np.sum(np.sqrt(np.fmax(0.0, x)))


def root_of_a_minimum(x):
    return np.sum(np.sqrt(-np.minimum(x, 0.0))) + np.sqrt(np.maximum(x[0], 0.0))


def root_of_what_is_clipped(x):
    return np.sum(np.sqrt(np.clip(x, 0.0, 9.0)) + np.sqrt(np.clip(x, 0.0, None)) + np.sqrt(4.0 - np.clip(x, None, 4.0)))


def switched_off(x):
    return np.sum(x * x) + 0.0 * np.sum(np.sqrt(x)) + np.sum(np.sqrt(x) * 0)


def times_nothing(x):
    return np.sum(x) + np.sum(np.sqrt(np.sqrt(x * 0.0) * 3.0))


X = np.array
PROGRAMS: dict[str, tuple[Callable[..., Any], Any, Any]] = {
    "residuals": (residuals, 0.5, -10.0),  # 2 (a - 1) + 6 (3 a - 3)
    "where": (left_out_by_where, 2.0, 4.0),
    "where of the sum": (left_out_of_the_sum, 2.0, 4.0),
    "index": (left_out_by_an_index, 2.0, 4.0),
    "numbers": (made_numbers, 2.0, 4.0),
    "overflow": (overflow, X([1000.0, 1.0]), [0.0, 2 * math.e]),
    "root over root": (root_over_root, X([0.0, -1.0, 2.0]), [1.0, 1.0, 0.0]),
    "root of squares": (root_of_squares, X([0.0, 1.0, 2.0]), [0.0, 2.0, 3.0]),
    "logistic": (logistic, X([-250.0, 0.0]), [0.0, 0.5]),
    "logistic of a number": (logistic, -250.0, 0.0),
    "matmul": (row_of_a_product, 1.0, 7.0),
    "einsum": (contraction, 1.0, 7.0),
    "deviation": (deviation_of_a_row, 2.0, 0.5),
    "norm": (norm_of_a_row, 2.0, 5.0),
    "running product": (running_product, 2.0, 8.0),
    "cross": (part_of_a_cross_product, 1.0, 1.0),
    "loop": (in_a_loop, 2.0, 16.0),
    "helper": (in_a_helper, 2.0, 12.0),
    "maximum": (root_of_a_maximum, X([-1.0, 4.0]), [0.0, 0.5]),
    "minimum": (root_of_a_minimum, X([-4.0, 1.0]), [-0.25, 0.0]),
    "clip": (root_of_what_is_clipped, X([-1.0, 16.0, 1.0]), [-0.5 / 5**0.5, 0.125, 1.0 - 0.5 / 3**0.5]),
    "switched off": (switched_off, X([0.0, 4.0]), [0.0, 8.0]),
    "switched off, a number": (switched_off, 0.0, 0.0),
    "times nothing": (times_nothing, X([0.0, 4.0]), [1.0, 1.0]),
    "float32": (left_out_by_where, np.float32(2.0), np.float32(4.0)),
    "float32 array": (overflow, X([1000.0, 0.0], np.float32), X([0.0, 1.0], np.float32)),
}
NOT_KEPT = {"index"}
SECOND = {
    "residuals": (residuals, 0.5, 20.0),
    "overflow": (overflow, X([1000.0, 1.0]), [0.0, 3 * math.e]),
    "root over root": (root_over_root, X([0.0, -1.0, 2.0]), [0.0, 0.0, 0.0]),
    "loop": (in_a_loop, 2.0, 8.0),
    "switched off": (switched_off, X([0.0, 4.0]), [2.0, 2.0]),
    "maximum": (root_of_a_maximum, X([-1.0, 4.0]), [0.0, -0.0625]),
}


def controls(name: str) -> list[str]:
    return ["record", "auto"] if name in NOT_KEPT else ["record", "keep", "auto"]


def agrees(found: Any, expected: Any, like: Any) -> None:
    np.testing.assert_allclose(found, expected, rtol=1e-6 if np.asarray(like).dtype == np.float32 else 1e-13, atol=1e-15)
    assert type(found) is type(like) and np.asarray(found).dtype == np.asarray(like).dtype


@pytest.fixture(autouse=True)
def _the_function_overflows():
    with np.errstate(over="ignore", invalid="ignore"):
        yield


@pytest.mark.parametrize("name", PROGRAMS)
def test_gradients(name: str) -> None:
    """A finite answer comes without any warning; warnings are errors here."""
    function, x, expected = PROGRAMS[name]
    agrees(tape.gradient(function, (x,))[1], expected, x)
    for control in controls(name):
        slope = s2sad.value_and_grad(function, control=control)
        for _ in range(3):
            value, found = slope(x)
            agrees(found, expected, x)
            assert value == function(x)


@pytest.mark.parametrize("name", SECOND)
def test_second_derivatives(name: str) -> None:
    function, x, expected = SECOND[name]

    def slope(x):
        return np.sum(s2sad.grad(function)(x))

    agrees(tape.gradient(slope, (x,))[1], expected, x)
    for control in ("record", "keep", "auto"):
        second = s2sad.grad(slope, control=control)
        agrees(second(x), expected, x)
        agrees(second(x), expected, x)


def masked_root(x):
    return np.sum(np.where(x > 0, np.sqrt(x), 0.0))


def slope_at_zero(y):
    return masked_root(y * np.array([0.0, 1.0]) + np.array([0.0, 3.0]))


def decides_by_a_slope(x):
    return 3.0 * x if s2sad.grad(slope_at_zero)(x) > 0.1 else x


def compares_slopes(x):
    return np.sum(np.where(np.isnan(s2sad.grad(masked_root)(x)), 5.0 * x, x))


def leaves_by_a_slope(x):
    for _ in range(5):
        slope = s2sad.grad(slope_at_zero)(x)
        if slope > 0.2:
            break
        x = x - slope
    return x * 2.0


@pytest.mark.parametrize(
    "function, x, expected",
    [
        (decides_by_a_slope, 1.0, 3.0),
        (compares_slopes, np.array([0.0, 4.0]), [1.0, 1.0]),
        (leaves_by_a_slope, -1.0, 2.0),
    ],
)
def test_what_is_decided_by_a_derivative(function: Any, x: Any, expected: Any) -> None:
    """No result is a NaN where quick code would have gone the wrong way."""
    agrees(tape.gradient(function, (x,))[1], expected, x)
    for control in ("record", "keep", "auto"):
        with np.errstate(divide="ignore"):
            slope = s2sad.value_and_grad(function, control=control)
            for _ in range(2):
                value, found = slope(x)
                agrees(found, expected, x)
                assert value == tape.gradient(function, (x,))[0]


def test_pullbacks() -> None:
    _, pullback = s2sad.vjp(lambda x: np.where(x > 0, np.sqrt(x), x), np.array([0.0, 4.0]))
    for _ in range(2):
        np.testing.assert_array_equal(pullback(np.array([3.0, 2.0]))[0], [3.0, 0.5])
    elementwise = s2sad.elementwise_grad(lambda x: np.where(x > 0, np.sqrt(x), 0.0))
    np.testing.assert_array_equal(elementwise(np.array([0.0, 4.0])), [0.0, 0.25])


def test_complex_numbers() -> None:
    def real_part(z):
        return np.sum(np.real(np.where(np.abs(z) > 0, z * z, 0) * np.where(np.abs(z) > 0, 1.0 / z, 0.0)))

    z = np.array([0.0, 1.0 + 1.0j])
    with np.errstate(divide="ignore"):
        for control in ("record", "keep"):
            np.testing.assert_allclose(s2sad.grad(real_part, control=control)(z), [0.0, 1.0], atol=1e-15)
        np.testing.assert_allclose(tape.gradient(real_part, (z,))[1], [0.0, 1.0], atol=1e-15)


# When the strong products are used


def test_quick_code_multiplies_plainly_until_a_result_is_nan() -> None:
    slope = s2sad.grad(overflow)
    np.testing.assert_allclose(slope(np.array([0.0, 1.0])), [1.0, 2 * math.e])
    assert "strong_" not in slope.source
    np.testing.assert_allclose(slope(np.array([1000.0, 1.0])), [0.0, 2 * math.e])
    assert "strong_product" in slope.source
    np.testing.assert_allclose(slope(np.array([0.0, 1.0])), [1.0, 2 * math.e])
    assert len(slope.paths) == 1


def test_a_nan_that_stays_is_reported_where_it_arises() -> None:
    def difference(x):
        r = np.where(x > 1, np.sqrt(x), x)
        return np.sum(r - np.sqrt(x) + np.sqrt(x * 1.0))

    slope = s2sad.grad(difference)
    for _ in range(2):
        with np.errstate(divide="ignore"), pytest.warns(s2sad.NonFiniteWarning, match=r"test_strong\.py:\d+: return np\.sum\(r - np\.sqrt"):
            assert math.isnan(slope(np.array([0.0, 4.0]))[0])
    assert "strong_" not in slope.source  # which would not have helped


def test_an_infinity_is_no_reason() -> None:
    slope = s2sad.grad(lambda x: np.sum(np.sqrt(x)))
    with pytest.warns(s2sad.NonFiniteWarning):
        np.testing.assert_array_equal(slope(np.array([0.0, 4.0])), [math.inf, 0.25])
    assert "strong_" not in slope.source


def test_effects_happen_once() -> None:
    drawn = itertools.count(1)

    def scaled(a, draw):
        return np.sum(np.where(np.isnan(Y), 0.0, a * Y)) * draw()

    slope = s2sad.grad(scaled)
    for n in range(1, 5):
        assert slope(2.0, lambda: float(next(drawn))) == 4.0 * n


def test_threads_that_meet_the_first_nan_together() -> None:
    """Each call finds the second text, also where another thread has made the path run it first meanwhile."""
    x = np.array([1000.0, 1.0])
    slope = s2sad.grad(overflow)
    slope(np.array([0.0, 1.0]))
    path = slope.paths[0]
    results = path.built.run(x)  # by quick code
    path.adopt(path.strong)  # by another thread
    np.testing.assert_allclose(strengthened(path, [x], Effects(), results)[1][1], [0.0, 2 * math.e])


def test_no_warnings_of_the_second_text() -> None:
    slope = s2sad.grad(root_of_squares)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(3):
            np.testing.assert_array_equal(slope(np.array([0.0, 1.0, 2.0])), [0.0, 2.0, 3.0])


# What is exported


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", [n for n in PROGRAMS if "float32" not in n])
def test_exported_modules(name: str) -> None:
    function, x, expected = PROGRAMS[name]
    module: dict[str, Any] = {}
    with np.errstate(all="ignore"):
        exec(export(function, (x,)), module)
        _, found = module[f"{function.__name__}_value_and_grad"](x)
        np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-15)
        module["self_check"]()


def test_an_exported_module_prints_once(capsys: pytest.CaptureFixture[str]) -> None:
    module: dict[str, Any] = {}
    with np.errstate(all="ignore"):
        exec(export(printing, (2.0,)), module)
        capsys.readouterr()
        assert module["printing_value_and_grad"](2.0) == (8.0, 4.0)
    assert capsys.readouterr().out == "called\n"


# The products


def test_sums_of_strong_products() -> None:
    x = np.array([[0.0, 1.0], [2.0, 0.0]])
    y = np.array([[math.inf, NAN], [3.0, 4.0]])
    np.testing.assert_array_equal(strong.strong_matmul(x, y), [[3.0, 4.0], [math.inf, NAN]])
    np.testing.assert_array_equal(strong.strong_outer(x[0], y[0]), [[0.0, 0.0], [math.inf, NAN]])
    np.testing.assert_array_equal(strong.strong_tensordot(x, y, 2), 3.0 + NAN)
    np.testing.assert_array_equal(strong.strong_einsum("i,i,i->", x[0], y[1], y[1]), 16.0)
    np.testing.assert_array_equal(strong.strong_convolve([0.0, 1.0], [math.inf, 1.0]), [0.0, math.inf, 1.0])
    assert strong.strong_quotient(0.0, 0.0) == 0.0 and math.isnan(strong.strong_quotient(NAN, 2.0))
    assert strong.strong_dot(np.zeros(2), np.full(2, NAN)) == 0.0


# Programs at random: what is left out is left out of the gradient, whatever it holds.

STEPS: dict[str, Callable[[Any, Any], Any]] = {
    "root": lambda x, k: np.sqrt(x),
    "log": lambda x, k: np.log(x) + 2.0,
    "inverse": lambda x, k: 1.0 / x,
    "power": lambda x, k: x**0.5,
    "exp": lambda x, k: np.exp(x * 0.1),
    "times": lambda x, k: x * k,
    "over": lambda x, k: k / x,
    "hypot": lambda x, k: np.hypot(x, k),
    "norm": lambda x, k: np.linalg.norm(np.stack([x, k]), axis=0),
    "sum": lambda x, k: np.einsum("ij,ij->j", np.stack([x, k]), np.stack([k, k])),
    "maximum": lambda x, k: np.maximum(x, k),
}
ENDS: dict[str, Callable[[Any, Any], Any]] = {
    "where": lambda y, good: np.sum(np.where(good, y, 0.0)),
    "where of the sum": lambda y, good: np.sum(y, where=good),
    "zeroed": lambda y, good: np.sum(np.where(good, y, 0.0) * 3.0),
}
BAD = [0.0, -1.0, 1000.0, NAN, math.inf]


@profile(20)
@given(
    st.lists(st.sampled_from(sorted(STEPS)), min_size=1, max_size=4),
    st.sampled_from(sorted(ENDS)),
    st.sampled_from(BAD),
    st.sampled_from(BAD),
    st.sampled_from(["record", "keep"]),
)
def test_programs_at_random(steps: list[str], end: str, bad: float, beside: float, control: str) -> None:
    good, x, k = np.array([True, False, True]), np.array([1.5, bad, 2.5]), np.array([2.0, beside, 0.5])

    chosen, last = [STEPS[step] for step in steps], ENDS[end]

    def run(x, k, good):
        for step in chosen:
            x = step(x, k)
        return last(x, good)

    def slopes(x, k, good):
        return np.sum(s2sad.grad(run)(x, k, good) * np.arange(1.0, 3.1)[: len(x)])

    with np.errstate(all="ignore"):
        alone = [a[good] for a in (x, k, good)]
        expected = tape.gradient(run, tuple(alone))[1]
        for found in (s2sad.grad(run, control=control)(x, k, good), tape.gradient(run, (x, k, good))[1]):
            assert found[1] == 0.0
            np.testing.assert_allclose(found[good], expected, rtol=1e-10)
        second = s2sad.grad(slopes, control=control)(x, k, good)
        assert second[1] == 0.0
        np.testing.assert_allclose(second, tape.gradient(slopes, (x, k, good))[1], rtol=1e-9, atol=1e-12)
