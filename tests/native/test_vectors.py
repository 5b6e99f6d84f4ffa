"""Functions of several elements at a time: as right as those that they stand for, over all numbers."""
from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad
from s2sad.native.lazy import Memory, Of, View
from s2sad.native.nests import Item, Nest
from s2sad.native.places import call, text, whole
from s2sad.native.sums_apart import sums_apart
from s2sad.native.vectors import quick_exp, quick_logaddexp, quick_tanh
from tests.native.plainly import uncompiled_fixture  # noqa: F401
from tests.native.test_emitted import agree

pytest.importorskip("numba")

RANDOM = np.random.default_rng(9)
SIZES = RANDOM.normal(size=900) * 10.0 ** RANDOM.uniform(-300, 3, 900)
EDGES = [0.0, -0.0, 5e-324, -5e-324, 1e-310, 2e-308, 709.78, 709.79, 710.0, 711.0, -708.5, -745.1, -745.2, -750.0, 1e300, -1e300,
         0.34657359, -0.34657359, 19.0, 19.1, 20.1, -19.1, math.inf, -math.inf, math.nan]  # fmt: skip
NUMBERS = np.concatenate([EDGES, SIZES, RANDOM.uniform(-745, 710, 900), RANDOM.normal(size=900)])


@pytest.mark.parametrize("quick, function", [(quick_exp, np.exp), (quick_tanh, np.tanh)])
def test_they_are_right_to_some_units_in_the_last_place(quick: Any, function: Any) -> None:
    with np.errstate(all="ignore"):
        found, wanted = np.array([quick(x) for x in NUMBERS]), function(NUMBERS)
        assert np.array_equal(np.isnan(found), np.isnan(wanted)) and np.array_equal(np.isinf(found), np.isinf(wanted))
        assert np.array_equal(np.signbit(found), np.signbit(wanted)), "a zero has its sign"
        finite = np.isfinite(wanted)
        apart = np.abs(found - wanted)[finite]
    assert np.all(apart <= 4 * np.spacing(np.abs(wanted[finite])))


def test_the_logarithm_of_a_sum_of_exponentials_is_that_of_numpy() -> None:
    edges = [0.0, -0.0, 1.0, -1.0, 1e-300, 36.8, -745.5, 1e308, -1e308, math.inf, -math.inf, math.nan]
    pairs = [(x, y) for x in edges for y in edges] + list(zip(RANDOM.normal(size=900) * 30, RANDOM.normal(size=900) * 9, strict=True))
    with np.errstate(all="ignore"):
        found, wanted = np.array([quick_logaddexp(x, y) for x, y in pairs]), np.array([np.logaddexp(x, y) for x, y in pairs])
    np.testing.assert_array_equal(np.isfinite(found), np.isfinite(wanted))
    finite = np.isfinite(wanted)
    np.testing.assert_array_equal(found[~finite], wanted[~finite])
    sizes = np.array([max(0.7, abs(w), *(abs(v) for v in pair if math.isfinite(v))) for w, pair in zip(wanted, pairs, strict=True)])
    assert np.all(np.abs(found[finite] - wanted[finite]) <= 4 * np.spacing(sizes[finite])), "where x is nearly -log(2) the sum is small"


def layers(w: Any, x: Any, n: int) -> Any:
    for _ in range(n):
        x = np.tanh(w @ x) + np.exp(-x * x)
    return np.sum(x)


W, X = RANDOM.normal(size=(4, 4)), RANDOM.normal(size=4)


def test_elements_of_doubles_take_them_and_others_do_not(uncompiled: None) -> None:
    agree(layers, (W, X, 3), argnums=(0, 1))
    derivative = value_and_grad(layers, backend="numba")
    derivative(W, X, 3)
    assert "quick_tanh(" in derivative.source and "quick_exp(" in derivative.source
    derivative(W.astype(np.float32), X.astype(np.float32), 3)
    assert "np.tanh(" in derivative.source and "quick" not in derivative.source


def test_compiled_they_give_the_same() -> None:
    agree(layers, (W, X, 3), argnums=(0, 1))
    agree(loss, (X, RANDOM.normal(size=(7, 4)), np.arange(7) % 2.0))


def loss(w: Any, x: Any, labels: Any) -> Any:
    scores = x @ w
    return np.mean(np.logaddexp(0.0, scores) - labels * scores)


def normed(x: Any, n: int) -> Any:
    total = 0.0
    for _ in range(n):
        shares = np.exp(x)
        shares = shares / np.sum(shares, axis=1, keepdims=True)
        total += np.sum(shares * x) * np.sum(shares[0])
        x = np.tanh(x - shares)
    return total


def written_over(x: Any, n: int) -> Any:
    x, total = x.copy(), 0.0
    for _ in range(n):
        total += np.sum(x * x)
        x[:] = np.exp(-x)
        total += np.sum(x)
        x[1:] += np.tanh(x[:-1])
    return total


def goes_on(x: Any, n: int) -> Any:
    total = 0.0
    for _ in range(n):
        total += np.sum(x * x)
        x = np.tanh(x)
    return total + np.sum(x)


def never_stored(x: Any) -> Any:
    return np.sum(np.exp(x) * x) + np.sum(np.sin(x) * np.exp(x))


@pytest.mark.parametrize("function, arguments", [
    (loss, (X, RANDOM.normal(size=(7, 4)), np.arange(7) % 2.0)), (loss, (X, RANDOM.normal(size=(1, 4)), np.ones(1))),
    (normed, (W, 3)), (normed, (W[:, :1].copy(), 2)), (written_over, (X, 3)), (goes_on, (X, 3)), (never_stored, (X,)),
])  # fmt: skip
def test_sums_beside_them_are_right(function: Any, arguments: Any, uncompiled: None) -> None:
    agree(function, arguments)


def test_sums_of_rows_beside_them_have_loops_of_their_own(uncompiled: None) -> None:
    derivative = value_and_grad(normed, backend="numba")
    derivative(W, 3)
    lines = [line.strip() for line in derivative.source.splitlines()]
    assert [a for a, b in itertools.pairwise(lines) if b.startswith("shares_sum[i] += ") and a.startswith("for ")]
    derivative = value_and_grad(loss, backend="numba")
    derivative(X, RANDOM.normal(size=(7, 4)), np.arange(7) % 2.0)
    assert "quick_logaddexp(" in derivative.source, "and a sum that is a number stays in the loop"


@pytest.mark.parametrize("into, apart", [("x", False), ("y", True)])
def test_a_sum_stays_where_what_it_reads_is_written_over(into: str, apart: bool) -> None:
    memory = {label: Memory(label, np.dtype(float), (9,)) for label in "xy"}
    numbers, x, y = itertools.count(), View(memory["x"]), View(memory[into])
    value = Of((x,), (whole(1),), lambda node: call("support.quick_exp", node), (9,), np.dtype(float), 10)
    items = [Item(x, lambda step, places: step.lines.append(f"total += {text(x.at(step, places))}"), "fold", label="total"),
             Item(value, lambda step, places: step.put(items[1], places, value.at(step, places)), "store", y.memory, y.map)]  # fmt: skip
    for item in items:
        item.settle(next(numbers))
    nest = Nest((9,), list(items))
    found = sums_apart(nest, ["i"], lambda: next(numbers), lambda item: False)
    assert (found is not None) == apart and len(nest.items) == 2 - apart
