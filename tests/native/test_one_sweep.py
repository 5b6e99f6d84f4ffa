"""The adjoint of a sum runs in the loop of the function where nothing in it waits for the end; else there are two loops, as ever."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pytest

from s2sad import grad, trees, value_and_grad
from tests.native.plainly import uncompiled_fixture  # noqa: F401

pytest.importorskip("numba")
pytestmark = pytest.mark.usefixtures("uncompiled")

RANDOM = np.random.default_rng(5)
X, W, A, B = RANDOM.normal(size=6), RANDOM.normal(size=6) + 2, RANDOM.normal(size=(4, 3)), RANDOM.normal(size=3)
PLACES = np.array([0, 2, 2, 1, 3])


def neighbours(x: Any) -> Any:
    total = 0.0
    for i in range(1, len(x) - 1, 2):
        total += x[i - 1] * math.sin(x[i]) * x[i + 1] ** 2
    return 3.0 * total / len(x)


def downwards(x: Any) -> Any:
    total = 0.0
    for i in range(len(x) - 1, 0, -1):
        total -= x[i - 1] * x[i] ** 2
    return total


def chosen(x: Any, places: Any) -> Any:
    total = 0.0
    for i in range(len(places)):
        total += x[places[i]] ** 2
    return total


def either(x: Any) -> Any:
    total = 0.0
    for i in range(len(x)):
        if x[i] > 0:
            total += math.log(x[i])
        else:
            total -= x[i] * 3
    return total


def several(x: Any, w: Any) -> Any:
    one, other = 0.0, 0.0
    for i in range(len(x)):
        one += x[i] * w[i]
        other += math.exp(x[i])
    return one + 2 * other


def pairs(x: Any, w: Any) -> Any:
    total = 0.0
    for i in range(len(x)):
        for j in range(i):
            apart = abs(x[i] - x[j]) + 0.3
            if apart < 2.0:
                total += w[i] * w[j] * math.exp(-apart) / apart**3
            else:
                total -= apart
    return total


def squares_of_sums(x: Any) -> Any:
    total = 0.0
    for i in range(len(x)):
        inner = 0.0
        for j in range(i):
            inner += x[j] * x[i]
        total += inner * inner
    return total


def of_rows(a: Any, b: Any) -> Any:
    total = 0.0
    for i in range(len(a)):
        total += np.sum(np.tanh(a[i] * b))
    return total


def one_after_the_other(x: Any) -> Any:
    first, second = 0.0, 0.0
    for i in range(len(x)):
        first += math.sin(x[i])
    for i in range(len(x)):
        second += math.cos(x[i]) * x[i]
    return first + second


def squared(x: Any) -> Any:
    total = 0.0
    for i in range(len(x)):
        total += math.sin(x[i]) * x[i]
    return total * total


def product(x: Any, w: Any) -> Any:
    one, other = 0.0, 0.0
    for i in range(len(x)):
        one += x[i] * w[i]
        other += math.exp(x[i])
    return one * other


def going_on(x: Any, state: Any) -> Any:
    total = 0.0
    for i in range(len(x)):
        state = 0.5 * state + x[i]
        total += state * state
    return total


def largest(x: Any) -> Any:
    total = 0.0
    for i in range(len(x)):
        total = max(total, x[i] * x[i])
    return total


def left_early(x: Any) -> Any:
    total = 0.0
    for i in range(len(x)):
        if x[i] > 1.2:
            break
        total += x[i] ** 3
    return total


def written(x: Any) -> Any:
    y, total = x.copy(), 0.0
    for i in range(len(x) - 1):
        total += y[i] * y[i + 1]
        y[i + 1] = y[i] * 2
    return total


def set_to_a_number(x: Any) -> Any:
    x, total = x.copy(), 0.0
    for i in range(len(x)):
        total += x[i] * x[i]
        x[i] = 3.0
    return total + np.sum(x)


def one_needs_the_other(x: Any) -> Any:
    first, second = 0.0, 0.0
    for i in range(len(x)):
        first += x[i] ** 2
    for i in range(len(x)):
        second += first * x[i]
    return second


def sums_of_sums(x: Any, w: Any) -> Any:
    part, total = 0.0, 0.0
    for i in range(len(x)):
        part += x[i]
        total += w[i] * part
    return total


def handed_on_beside_a_sum(x: Any, w: Any) -> Any:
    part, total = 0.0, 0.0
    for i in range(len(x)):
        double = 2 * x[i]
        if w[i] > 2:
            total += w[i] * part
            part += double
    return part + total


def begins_twice(x: Any) -> Any:
    part, total = 0.0, 0.0
    for i in range(len(x)):
        one, other = part, x[i]
        for j in range(len(x)):
            total += W[j] * one
            one = one + W[j]
            other = other * W[j]
        part = one + other
    return part + total


def read_behind(x: Any) -> Any:
    scale, total = np.arange(1.0, 4.0), 0.0
    for i in range(len(x)):
        total += x[i] ** 2
    before = np.sum(scale * scale)
    scale[0] = 5.0
    return total * np.sum(scale) + before


def of_half_of_the_pairs(x: Any, w: Any) -> Any:
    total = 0.0
    for i in range(len(x)):
        for j in range(i // 2):
            total += math.sin(x[i] * w[j])
    return total


JOINED = [
    (of_half_of_the_pairs, (X, W), 2),
    (neighbours, (X,), 1),
    (downwards, (X,), 1),
    (chosen, (X, PLACES), 1),
    (either, (X,), 1),
    (several, (X, W), 1),
    (pairs, (X, W), 2),
    (squares_of_sums, (X,), 3),
    (of_rows, (A, B), 2),
    (one_after_the_other, (X,), 2),
]
APART = [
    (sums_of_sums, (X, W), 2),
    (handed_on_beside_a_sum, (X, W), 2),
    (begins_twice, (X,), 4),
    (read_behind, (X,), 4),
    (squared, (X,), 2),
    (product, (X, W), 2),
    (going_on, (X, 0.3), 2),
    (largest, (X,), 2),
    (left_early, (X,), 2),
    (written, (X,), 3),
    (set_to_a_number, (X,), 5),
    (one_needs_the_other, (X,), 3),
]


def agree(function: Any, arguments: Any) -> str:
    """The native text of value and gradient, which are those of the code in Python for these arguments and shorter ones."""
    places = tuple(k for k, a in enumerate(arguments) if a is not PLACES)
    native, plain = value_and_grad(function, argnums=places, backend="numba"), value_and_grad(function, argnums=places)
    for given in (arguments, tuple(a[:4] if isinstance(a, np.ndarray) else a for a in arguments)):
        found, expected = (trees.flatten(f(*given))[0] for f in (native, plain))
        for one, other in zip(found, expected, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-13)
    assert native._last.interpreted is not None and native._last.interpreted.hits == 0
    return native._last.native_text


@pytest.mark.parametrize(("function", "arguments", "loops"), JOINED + APART, ids=lambda c: getattr(c, "__name__", ""))
def test_sums_and_their_adjoints_are_one_sweep(function: Any, arguments: Any, loops: int) -> None:
    text = agree(function, arguments)
    assert len(re.findall(r"^ *for ", text, re.MULTILINE)) == loops, text
    if (function, arguments, loops) in APART:
        assert re.search(r"- 1, .*-1, -1\)", text), text
    elif loops < 3:
        assert "- 1, -1, -1)" not in text and "saved" not in text and "count" not in text, text


def test_an_element_that_was_assigned_is_added_where_the_steps_come_in_another_order() -> None:
    text = agree(neighbours, (X,))
    assert "x_bar[i_next] +=" not in text and "x_bar[i_prev] +=" in text, text


def test_what_is_set_is_no_sum() -> None:
    def part_is_set(x: Any, places: Any) -> Any:
        y, total = 2 * x, 0.0
        for i in range(len(places)):
            total += math.sin(x[i])
            y[places[i]] = 3.0
        return np.dot(y, x), total

    native, plain = (grad(part_is_set, has_aux=True, backend=b) for b in ("numba", "python"))
    for n in (6, 1, 0):
        (gradient, total), wanted = native(X[:n], PLACES[:n]), plain(X[:n], PLACES[:n])
        np.testing.assert_allclose(gradient, wanted[0], rtol=1e-13)
        assert total == pytest.approx(wanted[1], rel=1e-13)
    assert native._last.interpreted is not None and native._last.interpreted.hits == 0


def test_what_is_asked_between_two_loops_is_asked_in_front_of_what_relies_on_it() -> None:
    def chosen_between(x: Any, u: Any, v: Any) -> Any:
        total = 0.0
        for i in range(len(x)):
            total += math.sin(x[i])
        chosen = u[u > 0]
        count = len(chosen)
        if count > len(v):
            raise ValueError("too many are chosen")
        return total * np.sum(chosen * v[:count])

    native, plain = (value_and_grad(chosen_between, backend=b) for b in ("numba", "python"))
    for u, v in ((X, W), (X[:0], X[:0]), (X, X[X > 0])):
        for found, expected in zip(native(X, u, v), plain(X, u, v), strict=True):
            np.testing.assert_allclose(found, expected, rtol=1e-12)
    text = native._last.native_text
    assert 0 < text.index("> v.shape[0]:") < text.index("for i in range"), text
    with pytest.raises(ValueError, match="too many are chosen"):
        native(X, X, W[:1])


def test_what_is_raised_and_second_derivatives() -> None:
    def bounded(x: Any) -> Any:
        total = 0.0
        for i in range(len(x)):
            if x[i] > 100:
                raise ValueError(f"too large at {i}")
            total += x[i] ** 1.5
        return total

    derivative = value_and_grad(bounded, backend="numba")
    np.testing.assert_allclose(derivative(W)[1], 1.5 * W**0.5, rtol=1e-13)
    with pytest.raises(ValueError, match="too large at 3"):
        derivative(np.array([1.0, 2.0, 3.0, 200.0]))
    along = value_and_grad(lambda x: value_and_grad(neighbours)(x)[1] @ np.arange(6.0), backend="numba")
    plain = value_and_grad(lambda x: value_and_grad(neighbours)(x)[1] @ np.arange(6.0))
    np.testing.assert_allclose(along(X)[1], plain(X)[1], rtol=1e-12)
