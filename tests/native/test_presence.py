"""Native code of what is not there on every way: returns from within loops, names that only some steps assign, None that is asked for."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import grad, value_and_grad
from tests.native.plainly import uncompiled_fixture  # noqa: F401
from tests.native.test_emitted import agree

pytest.importorskip("numba")
V = np.random.default_rng(5).normal(size=8)


def returned_early(x: Any, v: Any, n: int) -> Any:
    if x < 0:
        return x * 2.0
    for k in range(n):
        x = np.sin(x) * v[k] + 0.5
        if x > 0.9:
            return x * v[k]
    return x * x


def until_it_converges(x: Any, v: Any, n: int) -> Any:
    for _ in range(n):
        step = (x * x - v[0] ** 2) / (2.0 * x)
        x = x - step
        if abs(step) < 1e-10:
            return x * v[1]
    raise ValueError("it does not converge")


def found_in_some_step(x: Any, v: Any, n: int) -> Any:
    """An array that the first step makes which finds something, and a number that may be None."""
    best = None
    for k in range(n):
        y = v * x + 0.1 * k
        if y[k] > 0.3:
            best = y * y[k]
            where = k * x
    if best is None:
        return x * x
    return np.sum(best**2) + where


def searched_in_rows(x: Any, v: Any, n: int) -> Any:
    total = 0.0
    for i in range(n):
        for k in range(i + 1):
            y = np.cos(x * v[k]) + 0.1 * i
            if y > 1.05:
                break
        else:
            y = x * 0.5
        total += y * y
    return total


CASES = [(returned_early, (0.7, V, 6)), (until_it_converges, (0.7, V, 60)), (found_in_some_step, (0.7, V, 6)),
         (searched_in_rows, (0.7, V, 4))]


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("function", "arguments"), CASES, ids=lambda c: getattr(c, "__name__", ""))
def test_what_is_not_always_there(function: Any, arguments: Any) -> None:
    agree(function, arguments, control="keep")


@pytest.mark.parametrize(("function", "arguments"), CASES, ids=lambda c: getattr(c, "__name__", ""))
def test_it_is_asked_on_every_way(function: Any, arguments: Any, uncompiled: None) -> None:
    """Also on other ways, in single precision, and in the derivative of the derivative."""
    x, v, n = arguments
    native, plain = (value_and_grad(function, argnums=(0, 1), control="keep", backend=b) for b in ("numba", "python"))
    for call in ((x, v, n), (-x, v, n), (x, -v, n), (x * 2.0, v, n), (np.float32(x), v.astype(np.float32), n)):
        if function is until_it_converges and isinstance(call[0], np.float32):
            continue  # it does not
        one, other = native(*call), plain(*call)
        narrow = isinstance(call[0], np.float32)
        np.testing.assert_allclose(np.hstack([one[0], *one[1]]), np.hstack([other[0], *other[1]]), rtol=1e-4 if narrow else 1e-12)
    assert any(h > left for h, left in zip(native.stats().hits, native.stats().left, strict=True)) and not native.stats().faults
    one, other = (grad(grad(function, control="keep", backend=b), control="keep", backend=b)(x, v, n) for b in ("numba", "python"))
    np.testing.assert_allclose(one, other, rtol=1e-11)


def test_what_was_not_assigned_raises_as_in_python(uncompiled: None) -> None:
    def last(x: Any, v: Any, n: int) -> Any:
        for k in range(n):
            y = x * v[k]
            if y > 0.3:
                found = y * y
        return found * x

    native = value_and_grad(last, control="keep", backend="numba")
    assert native(1.7, np.abs(V), 6)[0] == pytest.approx(last(1.7, np.abs(V), 6), rel=1e-12)
    assert native.stats().left == (0,)
    with pytest.raises(UnboundLocalError):
        native(1.7, -np.abs(V), 6)
