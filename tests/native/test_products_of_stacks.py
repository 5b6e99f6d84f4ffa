"""Products of stacks of matrices, as tangents of many seeds are: no memory for sums, no work for zeros, one loop for parts side by side."""
from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from s2sad import jacfwd, jacrev, value_and_grad
from tests.native.plainly import plain_python

pytest.importorskip("numba")
DRAW = np.random.default_rng(31).normal


def text(transform: Any, function: Any, *arguments: Any, **options: Any) -> str:
    """The native text, after its numbers are those of Python."""
    with plain_python():
        native, plain = (transform(function, control="keep", backend=b, **options) for b in ("numba", "python"))
        found, expected = native(*arguments), plain(*arguments)
        for one, other in zip(np.atleast_1d(found), np.atleast_1d(expected), strict=True) if not isinstance(found, tuple) else [
            (found[0], expected[0]), (found[1], expected[1])
        ]:  # fmt: skip
            np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-13)
        assert native.stats().left == (0,) and not native.stats().faults
        return str(native.source).partition("_native(")[2].partition("\ndef ")[2]


def side_by_side(x: Any, k: int) -> Any:
    y = np.empty((len(x), 3))
    y[:, 0] = np.sin(x)
    y[:, 1] = np.cos(x)
    y[:, 2] = x * y[:, 0]
    return np.sum(y[:, 0] * y[:, 1] * y[:, 2])


def beside_the_last(x: Any, k: int) -> Any:
    """Where the run alone knows the place, it may be any."""
    y = np.empty((len(x), 3))
    y[:, 0] = np.sin(x)
    y[:, k] = np.cos(x)
    y[:, -1] = x * y[:, 0]
    return np.sum(y[:, 0] * y[:, 2])


def shifted(x: Any, k: int) -> Any:
    """Parts that lie at different places along one axis, and overlap."""
    y = np.zeros((len(x) + 1, 2))
    y[1:, 0] = np.sin(x)
    y[:-1, 0] = np.cos(x)
    y[:-1, 1] = y[1:, 0]
    return np.sum(y[:, 0] * y[:, 1])


def test_parts_side_by_side_are_written_in_one_loop() -> None:
    x = DRAW(size=6)
    found = text(value_and_grad, side_by_side, x, 0)
    assert found.count("for ") == 3, "the values, their product, and the adjoints of all"
    for k in (0, 1, 2, -3):
        text(value_and_grad, beside_the_last, x, k)
    text(value_and_grad, shifted, x, 0)


def crossed(a: Any, b: Any) -> Any:
    return np.cross(a, b)


def crossed_along(a: Any, b: Any) -> Any:
    return np.cross(a, b, axisa=0, axisb=1, axisc=1)


def crossed_plainly(a: Any, b: Any) -> Any:
    return np.linalg.cross(a, b, axis=0)


@pytest.mark.parametrize("transform", [jacrev, jacfwd])
@pytest.mark.parametrize(("function", "a", "b"), [
    (crossed, DRAW(size=3), DRAW(size=3)), (crossed, DRAW(size=(2, 3)), DRAW(size=(2, 3))), (crossed_along, DRAW(size=(3, 2)), DRAW(size=(2, 3))),
    (crossed_plainly, DRAW(size=(3, 2)), DRAW(size=(3, 2))),
])  # fmt: skip
def test_a_cross_product_is_made_of_all_seeds_at_once(transform: Any, function: Any, a: Any, b: Any) -> None:
    for argnum, given in enumerate((a, b)):
        derivative = transform(function, argnums=argnum, control="record")
        found = derivative(a, b)
        for place in np.ndindex(given.shape):
            unit = np.zeros(given.shape)
            unit[place] = 1.0
            column = function(unit, b) if argnum == 0 else function(a, unit)
            np.testing.assert_allclose(found[(..., *place)], column, rtol=1e-14, atol=1e-14)
        code = re.sub("#.*", "", derivative.source)
        assert code.count("cross(") == 2, "that of the function, and that of all seeds"
        text(transform, function, a, b, argnums=argnum)
