"""Broadcasting undone: every pair of shapes, and cotangents that are themselves smaller than their values."""

from __future__ import annotations

import contextlib
from typing import Any

import numpy as np
import pytest

from s2sad import tape, value_and_grad

SHAPES = ((), (1,), (3,), (1, 1), (1, 3), (2, 1), (2, 3), (4, 1, 1), (4, 1, 3), (1, 2, 1), (4, 2, 1), (4, 2, 3))
LOSSES: Any = {
    "sum of a product": lambda a, b: np.sum(a * b) + np.sum(a - b),
    "mean of a quotient": lambda a, b: np.mean(np.exp(a) / b),
    "weighted": lambda a, b: np.sum((a - b) ** 2 * np.cos(a)),
    "sum along an axis": lambda a, b: np.sum(np.sum(np.atleast_1d(a * b), axis=-1) ** 2),
    "column of sums": lambda a, b: np.sum(np.sum(np.atleast_1d(a / b), axis=0, keepdims=True) * a),
    "power": lambda a, b: np.sum(b**a) + np.sum(a),
    "chosen": lambda a, b: np.sum(np.where(a > 0.5, a * b, b)),
    "larger": lambda a, b: np.sum(np.maximum(a, b) * a),
}


def partners(first: tuple[int, ...]) -> list[tuple[int, ...]]:
    """The shapes that an array of this one can be added to."""
    found = []
    for second in SHAPES:
        with contextlib.suppress(ValueError):
            np.broadcast_shapes(first, second)
            found.append(second)
    return found


@pytest.mark.sampled(16)
@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
@pytest.mark.parametrize("first", SHAPES, ids=str)
def test_gradients_have_the_shapes_of_their_arguments(first: tuple[int, ...], loss: Any) -> None:
    rng = np.random.default_rng(0)
    for second in partners(first):
        args = rng.uniform(0.1, 1.0, first), rng.uniform(0.5, 1.5, second)
        args = tuple(float(a) if a.shape == () else a for a in args)
        for argnums in ((0,), (1,), (0, 1)):
            value, gradients = value_and_grad(loss, argnums=argnums)(*args)
            assert value == loss(*args)
            for found, wanted in zip(gradients, tape.gradient(loss, args, argnums)[1], strict=True):
                assert np.shape(found) == np.shape(wanted), (first, second, argnums)
                np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-14, err_msg=f"{first} {second} {argnums}")


@pytest.mark.parametrize("control", ["record", "keep"])
def test_a_number_that_is_added_to_each_entry(control: str) -> None:
    x = np.arange(6.0).reshape(2, 3)
    for start, wanted in ((2.0, 6.0), (np.ones(3), [2.0, 2.0, 2.0]), (np.ones((2, 1)), [[3.0], [3.0]])):
        assert np.array_equal(value_and_grad(lambda s: np.sum(x + s), control=control)(start)[1], wanted)  # type: ignore[call-overload]
