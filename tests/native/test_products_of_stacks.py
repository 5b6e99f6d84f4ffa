"""Products of stacks of matrices, as tangents of many seeds are: no memory for sums, no work for zeros, one loop for parts side by side."""
from __future__ import annotations

import re
import warnings
from typing import Any

import numpy as np
import pytest

from s2sad import compiled, jacfwd, jacrev, value_and_grad
from tests.native.plainly import plain_python

pytest.importorskip("numba")
DRAW = np.random.default_rng(31).normal
PLACES, WEIGHTS = DRAW(size=(20, 4)), DRAW(size=(20, 3))


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


def turned(x: Any, y: Any) -> Any:
    one, other = np.zeros((len(x), 2, 2)), np.zeros((len(x), 2, 2))
    one[:, 0, 1], one[:, 1, 0] = x, np.sin(x)
    other[:, 0, 0], other[:, 1, 0], other[:, 1, 1] = y, np.cos(y), x
    return one @ other


def test_a_sum_of_few_products_is_written_out() -> None:
    """Nothing is filled with zeros first, and nothing is added to."""
    found = text(compiled, turned, DRAW(size=6), DRAW(size=6))
    assert re.search(r"\+ one\[\w, \w, 1\] \* other\[\w, 1, \w\]", found)
    assert "+=" not in found
    text(jacfwd, turned, DRAW(size=6), DRAW(size=6))
    text(jacrev, turned, DRAW(size=6), DRAW(size=6))


def of_any_size(stack: Any, w: Any) -> Any:
    return np.sum(np.sin(stack @ w))


def test_a_longer_sum_is_a_loop_where_it_is_asked_for() -> None:
    found = text(value_and_grad, of_any_size, DRAW(size=(4, 5, 6)), DRAW(size=(4, 6, 3)))
    assert re.search(r"total = plus\(total, stack\[\w, \w, \w+\] \* w\[\w, \w+, \w\]\)", found)


def used_on_and_on(stack: Any, w: Any, v: Any) -> Any:
    """Each element of the product is asked for many times."""
    return np.sum(np.sin((stack @ w)[:, None] * v[:, :, None, None]))


def test_a_sum_that_is_asked_for_again_is_stored() -> None:
    arguments = DRAW(size=(4, 5, 6)), DRAW(size=(4, 6, 3)), DRAW(size=(4, 7))
    found = text(value_and_grad, used_on_and_on, *arguments)
    first = found.partition("plus(total, ")[0]
    assert first.count("for ") == 4, "three axes and the sum itself, not the axis of v as well"


def hung(angles: Any, places: Any, weights: Any) -> Any:
    """Each angle moves what hangs on it, and no other."""
    out = np.zeros((len(places), 4))
    for i in range(len(angles)):
        move = np.eye(4)
        move[0, 1] = np.sin(angles[i])
        out += weights[:, i : i + 1] * (places @ move.T)
    return out


ANGLES = np.array([0.3, -0.4, 0.9])


def test_seeds_that_do_not_reach_a_product_take_no_part_in_it() -> None:
    """Of three seeds one reaches each step: the others are looked at, and left."""
    found = text(jacfwd, hung, ANGLES, PLACES, WEIGHTS)
    assert re.search(r"for (\w) in range\(angles\.shape\[0\]\):\n +if some\(\w+\[\1\]\):\n +for \w in range\(places\.shape\[0\]\):", found)


def test_what_a_seed_does_not_reach_is_zero_beside_an_infinity() -> None:
    """0 times anything is 0 in a chain of derivatives, for the native code as for Python's, which asks for it once there is a NaN."""

    def small(angles: Any, places: Any, weights: Any) -> Any:
        return 1.0 / hung(angles, places, weights)

    places = PLACES.copy()
    places[3, 1] = np.inf
    with warnings.catch_warnings(), plain_python():
        warnings.simplefilter("ignore")
        found, expected = (jacfwd(small, backend=b, control="keep")(ANGLES, places, np.abs(WEIGHTS)) for b in ("numba", "python"))
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def written_over(angles: Any, places: Any, weights: Any) -> Any:
    """What the product is computed from is written over before it is added."""
    out, move = np.zeros((len(places), 4)), np.eye(4)
    for i in range(len(angles)):
        move[0, 1] = np.sin(angles[i])
        product = places @ move.T
        move[0, 1] = 0.0
        move[1, 2] = angles[i] ** 2
        out += weights[:, i : i + 1] * product
    return out


def test_it_is_looked_at_what_a_sum_is_computed_from() -> None:
    text(jacfwd, written_over, ANGLES, PLACES, WEIGHTS)


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
    (crossed, DRAW(size=3), DRAW(size=3)), (crossed, DRAW(size=(2, 3)), DRAW(size=(2, 3))),
    (crossed_along, DRAW(size=(3, 2)), DRAW(size=(2, 3))), (crossed_plainly, DRAW(size=(3, 2)), DRAW(size=(3, 2))),
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
