"""One sparse derivative called ten times in a world that changes, each time against a dense one that is new."""
from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import s2sad

CONTROLS = ["record", "keep", "auto"]
pytestmark = pytest.mark.sampled(6, of="a changing world")
SCALE = 1.0
INDEX = np.array([0, 2, 1, 3])
WEIGHTS = {"shift": 1}


def signed(x: Any) -> Any:
    """Another way by the sign of what it is given; it reads a number, an array of indices and a dict from outside."""
    picked = x[INDEX] * np.roll(x, WEIGHTS["shift"])[: len(INDEX)]
    y = SCALE * picked if x[0] > 0.0 else picked**2 + x[-1]
    return np.where(y > 0.2, np.sin(y), y)


def steps(x: Any) -> Any:
    """A loop whose branch goes by the element."""
    y = np.zeros_like(x)
    for k in range(len(x)):
        if x[k] > 0.0:
            y[k] = SCALE * x[k] ** 2 + x[INDEX[k % 4]]
        else:
            y[k] = x[k - 1] * x[k]
    return y


def world() -> Iterator[np.ndarray]:
    """Ten arguments, and what is different around them: data, sign, size, dtype, a number rebound, indices and a dict changed in place."""
    global SCALE
    rng = np.random.default_rng(3)
    x = rng.uniform(0.1, 1.0, 6)
    try:
        yield x
        yield 2.0 * x
        yield -x
        yield rng.uniform(0.1, 1.0, 9)
        SCALE = 3.0
        yield x
        INDEX[:] = [3, 3, 1, 0]
        yield x
        yield x.astype(np.float32)
        WEIGHTS["shift"] = 2
        yield -x
        SCALE = np.float64(0.5)  # of another class
        yield np.where(np.arange(6) % 2, x, -x)
        INDEX[1:3] = [2, 0]
        yield rng.uniform(-1.0, 1.0, 4)
    finally:
        SCALE, INDEX[:], WEIGHTS["shift"] = 1.0, [0, 2, 1, 3], 1


def same(found: Any, wanted: Any) -> None:
    assert found.shape == wanted.shape and found.dtype == wanted.dtype
    eps = 10 * np.finfo(wanted.dtype).eps
    np.testing.assert_allclose(found.toarray(), wanted, rtol=eps, atol=eps * np.max(np.abs(wanted), initial=0.0))


@functools.cache
def expected(derived: Any, f: Callable[[Any], Any]) -> list[Any]:
    """By dense derivatives, each of which is new."""
    return [derived(f, control="record")(x) for x in world()]


def cubes(f: Callable[[Any], Any], **options: Any) -> Any:
    """The Hessian of a sum."""
    return s2sad.hessian(lambda x: np.sum(f(x) ** 3), **options)


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("f", [signed, steps])
def test_jacobians(f: Callable[[Any], Any], control: str) -> None:
    jacobian, patterns = s2sad.value_and_jacobian(f, sparse=True, control=control), set()
    for x, wanted in zip(world(), expected(s2sad.jacobian, f), strict=True):
        value, found = jacobian(x)
        assert (value == f(x)).all()
        same(found, wanted)
        patterns.add((found.indices.tobytes(), found.shape))
    assert len(patterns) > 5


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("f", [signed, steps])
def test_hessians(f: Callable[[Any], Any], control: str) -> None:
    hessian = cubes(f, sparse=True, control=control)
    for x, wanted in zip(world(), expected(cubes, f), strict=True):
        same(hessian(x), wanted)
