"""Functions of numbers and of lists of them, natively: the same numbers, and the call handed over where Python does otherwise."""
from __future__ import annotations

import cmath
import math
from typing import Any

import numpy as np
import pytest

from s2sad import grad, value_and_grad
from s2sad.native import support
from s2sad.runtime.functions import digamma, power_derivative
from tests.native.test_emitted import agree, agree_compiled

pytest.importorskip("numba")


def functions(x: float, y: float) -> Any:
    q, r = divmod(7.0 * x, y)
    f, w = math.modf(x * 10.0)
    sums = sum([x, y * y, x * y]) + math.fsum([x, 1e16, -1e16]) + math.prod([x, y, 2.0])
    logs = math.log(x, 3.0) + math.hypot(x, y, 1.0) + math.dist([x, y], [1.0, 2.0])
    return sums * logs + x**y + r * q + f * w + math.lgamma(y) * int(3.7 * y) + max(x, y) + round(x) + math.ceil(y) * math.ldexp(x, 3)


def negative_whole_numbers(x: float, n: int) -> float:
    total = 0.0
    for k in range(-n, n):
        total += (k // 3) * x + (k % 3) * x**2 + (k // -3) + (True + (k << 2 if k > 0 else k >> 1)) * x
    return total


def circle(r: float, phi: float) -> float:
    z = cmath.rect(r, phi)
    return (cmath.exp(z) * complex(r, phi)).real + abs(cmath.log(z))


CASES = [(functions, (0.7, 1.9)), (negative_whole_numbers, (0.3, 7)), (circle, (0.8, 0.5))]


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("function", "arguments"), CASES, ids=lambda c: getattr(c, "__name__", ""))
def test_functions_of_numbers(function: Any, arguments: Any) -> None:
    agree_compiled(function, arguments, argnums=tuple(k for k, a in enumerate(arguments) if isinstance(a, float)))


def grown(x: float, n: int) -> float:
    k = 1
    for _ in range(n):
        k = k * 10
    return x * k


def test_a_whole_number_of_more_than_64_bits_is_pythons() -> None:
    native: Any = value_and_grad(grown, backend="numba")
    assert native(1.0, 12) == (1e12, 1e12)
    assert native._last.interpreted.hits == 0
    for _ in range(2):
        assert native(2.0, 30) == (2e30, 1e30)


def logarithm_of_an_item(x: Any) -> Any:
    return math.log(x[0]) + x[1]


def test_a_logarithm_that_python_refuses_of_an_element() -> None:
    native = grad(logarithm_of_an_item, backend="numba")
    np.testing.assert_allclose(native(np.array([2.0, 1.0])), [0.5, 1.0], rtol=1e-14)
    with pytest.raises(ValueError, match=r"."):
        native(np.array([0.0, 1.0]))


@pytest.mark.parametrize("x", [0.0, 0.3, 1.0, 2.5, math.inf])
@pytest.mark.parametrize("y", [-1.5, 0.0, 0.5, 1, 2, 3, 2.0])
def test_derivatives_of_powers(x: float, y: float) -> None:
    for dx in range(4):
        with np.errstate(all="ignore"):
            for dy in range(3):
                expected = power_derivative(x, y, dx, dy)
                found = _slope(x, y, dx, dy)
                np.testing.assert_allclose(found, expected, rtol=1e-12, err_msg=f"{x, y, dx, dy}")


def _slope(x: float, y: float, dx: int, dy: int) -> float:
    wide = np.float64(x)
    return float(support.power_slopes(wide, y, dx, dy) if dy else support.power_slope(wide, float(y), dx))


@pytest.mark.parametrize("x", [0.1, 1.0, 7.5, 30.0, -0.5, -3.3, 0.0, -2.0])
def test_digamma(x: float) -> None:
    np.testing.assert_allclose(support.digamma(x), digamma(x), rtol=1e-12)


def test_exact_sums() -> None:
    for items in ([1e100, 1.0, -1e100], [0.1] * 10, [1.0, 1e-16, 1e-16, -1.0], [3.0]):
        assert support.exact_sum(tuple(items)) == pytest.approx(math.fsum(items), rel=1e-15)
    for x in (2.5, -2.5, 0.0, -0.0, math.inf, -math.inf):
        assert (support.fraction(x), support.whole_part(x)) == math.modf(x)
        assert math.copysign(1.0, support.fraction(x)) == math.copysign(1.0, math.modf(x)[0])


def factor_written_over(x: Any) -> Any:
    y = np.exp(0.3 * x)
    p = y * x
    y[:] = 0.0
    q = y * x
    y[0] = x[0]
    return np.sum(p**2) + np.sum(q) + np.sum(y * p)


def test_a_factor_that_is_written_over_in_the_same_sweep() -> None:
    agree(factor_written_over, (np.array([0.4, -1.0, 2.0]),))


def part_and_whole(x: Any) -> Any:
    y = np.sin(x) * x
    head = np.sum(y[:2] ** 2)
    return head * np.sum(np.cos(y))


def test_a_sweep_over_a_part_stores_no_more_than_that() -> None:
    agree(part_and_whole, (np.array([0.4, -1.0, 2.0]),))


def part_changed_and_whole_read(x: Any) -> Any:
    y = x * x
    y[:2] += 0.1 * np.sum(x)
    z = np.cos(y) * x
    return np.sum(z[:2]) * np.sum(z)


def test_a_value_that_is_stored_before_a_sweep_reads_what_that_has_changed() -> None:
    agree(part_changed_and_whole_read, (np.array([0.4, -1.0, 2.0]),))


def as_many_as_asked(x: Any, n: int) -> Any:
    a = np.ones((n, 2)) * x[1]
    return np.sum(a * np.arange(n + 1)[1:, None]) + a[-1, 0] * x[0]


@pytest.mark.parametrize("control", ["record", "keep"])
def test_sizes_that_numbers_tell(control: Any) -> None:
    native: Any = value_and_grad(as_many_as_asked, backend="numba", control=control)
    for n in (3, 3, 4, 1):
        value, slope = native(np.array([0.5, 2.0]), n)
        assert value == pytest.approx(2.0 * n * (n + 1) + 1.0, rel=1e-14)
        np.testing.assert_allclose(slope, [2.0, n * (n + 1) + 0.5], rtol=1e-14)
    assert all(path.interpreted is not None for path in native.paths)


def with_words(x: float, n: int, word: str) -> Any:
    return x**2 * math.comb(n, 2) * math.factorial(n) / math.gcd(n, 6), {"name": word, "none": None, "slope": 2.0 * x, "yes": True}


def test_words_among_the_results() -> None:
    native: Any = value_and_grad(with_words, backend="numba", has_aux=True)
    for n in (4, 4, 25, 70):
        (value, rest), slope = native(1.5, n, "first")
        exact = math.comb(n, 2) * math.factorial(n) // math.gcd(n, 6)
        assert (value, slope) == (pytest.approx(2.25 * exact, rel=1e-14), pytest.approx(3.0 * exact, rel=1e-14))
        assert rest == {"name": "first", "none": None, "slope": 3.0, "yes": True}
    assert native.paths[0].interpreted is not None
