"""Lists of unknown length in kept code: one path for all calls, pullbacks, arguments that stay as they are, single precision."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

import s2sad
from s2sad import grad, value_and_grad
from tests.oracles import assert_close, assert_identical, differences


def history(x: Any, n: Any) -> Any:
    ys = [x]
    for k in range(n):
        if k % 2:
            ys.append(ys[-1] * x)
        else:
            ys.append(x + k)
            ys[0] += ys[-1] * 0.1
    products = [ys[k] * w for k, w in enumerate(ys[1:])]
    return sum(products) + max(ys) * len(products)


def series(x: Any, n: Any) -> Any:
    return sum(math.sin(x * k) / (k + 1) for k in range(n))


CALLS = ((0.7, 5), (1.3, 4), (-0.4, 7), (0.7, 1), (2.5, 2), (0.1, 9), (1.9, 3), (-1.1, 6), (0.6, 8), (3.2, 5))


def test_one_path_serves_calls_of_every_length() -> None:
    derivative = value_and_grad(history, control="keep")
    for x, n in CALLS:
        value, slope = derivative(x, n)
        assert_identical(value, history(x, n))
        assert_close(slope, differences(lambda v, n=n: history(v, n), (x,)), 1e-6)
    assert len(derivative.paths) == 1 and derivative.paths[0].kept is not None


def test_a_short_sum_by_hand() -> None:
    value, slope = value_and_grad(series, control="keep")(0.5, 3)
    assert value == math.sin(0.0) + math.sin(0.5) / 2 + math.sin(1.0) / 3
    assert_close(slope, math.cos(0.5) / 2 + 2 * math.cos(1.0) / 3, 1e-12)


def test_a_pullback_is_called_many_times() -> None:
    value, pullback = s2sad.vjp(lambda x: history(x, 6), 0.7, control="keep")
    slope = grad(history, control="record")(0.7, 6)
    assert_identical(value, history(0.7, 6))
    for seed in (1.0, 2.0, 1.0):
        (given,) = pullback(seed) if isinstance(pullback(seed), tuple) else (pullback(seed),)
        assert_close(given, seed * slope, 1e-12)


def test_the_list_of_an_argument_is_not_changed() -> None:
    def grown(xs: Any, n: Any) -> Any:
        ys = list(xs)
        for k in range(n):
            ys.append(ys[k] * ys[-1])
        return sum(ys)

    given = [0.5, 1.5]
    value, slopes = value_and_grad(grown, control="keep")(given, 3)
    assert given == [0.5, 1.5] and value == grown([0.5, 1.5], 3)
    assert_close(slopes, grad(grown, control="record")(given, 3), 1e-12)


def test_single_precision_stays_single() -> None:
    def rows(x: Any) -> Any:
        found = []
        for v in x:
            found.append(v * v)
        return np.sum(np.array(found) * x)

    x = np.array([0.5, 1.5, -2.0], np.float32)
    value, slope = value_and_grad(rows, control="keep")(x)
    assert type(value) is np.float32 and slope.dtype == np.float32
    assert_close(slope, 3 * x * x, 1e-6)
