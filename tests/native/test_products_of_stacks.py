"""Products of stacks of matrices, as tangents of many seeds are: no memory for sums, no work for zeros, one loop for parts side by side."""
from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from s2sad import jacfwd, jacrev
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
