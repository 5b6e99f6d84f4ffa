"""What native code gives is looked at by itself: no array with a NaN or an infinity in it comes back from it. Sizes are asked once."""
from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from s2sad import NonFiniteWarning, grad, value_and_grad
from s2sad.native.support import finite
from tests.native.plainly import uncompiled_fixture  # noqa: F401

pytest.importorskip("numba")


def roots(x: Any, n: int) -> Any:
    total = 0.0
    for _ in range(n):
        total += np.sum(np.sqrt(x))
    return total


@pytest.mark.parametrize("transform", [grad, value_and_grad])
@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_an_infinite_gradient_of_a_finite_value_is_told_of(transform: Any, kind: Any, uncompiled: None) -> None:
    good, bad = np.array([4.0, 1.0], kind), np.array([4.0, 0.0], kind)
    told = []
    for backend in ("python", "numba"):
        derivative = transform(roots, backend=backend)
        for _ in range(3):
            derivative(good, 2)  # the short way is open from now on
        arrived = derivative._counts.arrived
        derivative(good, 2)
        assert derivative._counts.arrived == arrived
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            found = derivative(bad, 2)
        gradient = found[1] if transform is value_and_grad else found
        assert gradient[1] == np.inf and gradient.dtype == kind
        told.append([(w.category, str(w.message)) for w in seen])
    assert told[0] == told[1] and NonFiniteWarning in [kind for kind, _ in told[0]]
    assert derivative.stats().left == (1,)


@pytest.mark.parametrize("bad", [np.nan, -np.nan, np.inf, -np.inf])
def test_what_is_finite_is_told_of_all_numbers(bad: float) -> None:
    for kind in (np.float64, np.float32, np.complex128, np.complex64):
        limits = np.finfo(kind)
        array = np.array([0.0, -0.0, 1.0, -1.0, limits.max, limits.min, limits.tiny, limits.smallest_subnormal], kind).reshape(2, 4)
        assert finite(array) and finite(array[:0])
        for place in np.ndindex(array.shape):
            array[place] = bad
            assert not finite(array)
            array[place] = 1j * bad if array.dtype.kind == "c" else bad
            assert not finite(array)
            array[place] = 1.0
        assert finite(array)


def weighted(a: Any, b: Any, n: int) -> Any:
    for _ in range(n):
        a = np.tanh(a @ b)
    return np.sum(a)


def test_sizes_are_asked_once_and_others_anew(uncompiled: None) -> None:
    derivative, python = value_and_grad(weighted, backend="numba"), value_and_grad(weighted)
    small, large = np.full((2, 2), 0.3), np.full((3, 3), 0.1)
    for _ in range(3):
        derivative(small, small, 2)
    path = derivative._last
    assert path.built.again is not None, "there is code that asks nothing of the sizes"
    for a, b in ((large, large), (small, small), (large, large)):
        assert np.allclose(derivative(a, b, 2)[1], python(a, b, 2)[1], rtol=1e-12)
    assert derivative._last is path
    for a, b in ((small, large), (large, small)):  # each of them was served, but not with the other
        with pytest.raises(ValueError, match="matmul"):
            derivative(a, b, 2)
    short = path.at_once[1].__globals__["__run__"]
    assert short is path.built.again


def scaled(a: Any, b: Any) -> Any:
    total = np.float32(0.0)
    for i in range(len(b)):
        total += a[i] * b[i] * b[i]
    return total


@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_the_short_way_makes_numbers_of_their_classes_itself(kind: Any, uncompiled: None) -> None:
    derivative, python = value_and_grad(scaled, backend="numba"), value_and_grad(scaled)
    a, b = np.full(3, 0.3, kind), np.full(2, 0.1, kind)
    for _ in range(3):
        found, expected = derivative(a, b), python(a, b)
        assert type(found) is type(expected) and type(found[0]) is type(expected[0]) is kind and found[1].dtype == kind
        np.testing.assert_allclose(found[0], expected[0], rtol=1e-6)
    path = derivative._last
    assert path.built.classes == (kind, None)
    assert path.at_once[1].__globals__["__run__"] is path.built.again is not path.built.run
    assert type(path.built.run(a, b)[0]) is kind
    with pytest.raises(IndexError):
        derivative(b, a)
