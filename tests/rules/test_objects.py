"""Arrays of objects, as `np.frompyfunc` gives: what they cannot do is refused, and is never a number without its derivative."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from s2sad import grad, tape, value_and_grad
from s2sad.errors import MissingRule, NotDifferentiable, S2sadError
from tests.oracles import assert_identical

SQUARE = np.frompyfunc(lambda v: v * v, 1, 1)
PAIR = np.frompyfunc(lambda v: (v, v * v), 1, 2)
X = np.array([[1.5, 2.0, 0.25], [0.5, -1.0, 3.0]])

REFUSED = [
    (lambda x: np.mean(SQUARE(x)), "an array of objects, as np.frompyfunc gives, has no derivative here"),
    (lambda x: np.sum(np.stack([SQUARE(x), x])), "has no derivative here"),
    (lambda x: np.array([SQUARE(x), x], dtype=float).sum(), "has no derivative here"),
    (lambda x: np.sum(np.where(x > 0, SQUARE(x), x)), "has no derivative here"),
    (lambda x: np.sum(SQUARE(x)), "with several axes goes as it lies in memory"),
    (lambda x: np.sum(SQUARE(x[0]), keepdims=True)[0], "has no rule for these arguments"),
    (lambda x: np.sum(np.asarray(SQUARE(x))), "without dtype="),
    (lambda x: SQUARE(x[0]) @ x[0], "this operator has no rule for an array of objects"),
    (lambda x: SQUARE(x[0]).max(), "max of an array of objects, as np.frompyfunc gives, has no rule"),
    (lambda x: np.sum((SQUARE(x) * x[0]).astype(float)), "an array of objects meets one of another shape"),
    (lambda x: 1.0 if SQUARE(x) else 2.0, "the truth of an array of objects"),
    (lambda x: float(str(SQUARE(x))), "is made a text"),
    (lambda x: np.frompyfunc(lambda a, b: a * b, 2, 1).reduce(x[0]), "reduce of what np.frompyfunc gives has no rule"),
    (lambda x: np.frompyfunc(lambda v: v, 1, 2)(x[0])[0][0], "does not give as many values as np.frompyfunc was told"),
    (lambda x: np.sum(SQUARE(x[0], where=x[0] > 0)), "no rule for other arguments"),
]


@pytest.mark.parametrize(("function", "why"), REFUSED)
def test_what_has_no_rule_is_refused(function: Any, why: str) -> None:
    for derived in (grad(function), lambda x: tape.gradient(function, (x,))):
        with pytest.raises(MissingRule, match=why):
            derived(X)


@pytest.mark.parametrize("function", [lambda x: SQUARE(x), lambda x: copy.copy(SQUARE(x)), lambda x: {"a": SQUARE(x)}])
def test_it_is_no_result(function: Any) -> None:
    with pytest.raises(S2sadError):
        grad(function)(X)
    with pytest.raises(NotDifferentiable):
        grad(lambda x: (np.sum(x), function(x)), has_aux=True)(X)


def test_a_wrong_call_raises_what_it_does() -> None:
    for wrong in (lambda x: SQUARE(x, x, x), lambda x: SQUARE()):
        with pytest.raises(TypeError):
            wrong(X)
        with pytest.raises(TypeError):
            grad(wrong)(X)


def test_the_sum_goes_from_the_first_to_the_last() -> None:
    def f(x: Any) -> Any:
        return np.sum(SQUARE(x)) + 0.0 * x[0]

    x = np.random.default_rng(3).standard_normal(300)
    assert np.sum(SQUARE(x)) != np.sum(x * x), "which NumPy adds in pairs"
    for control in ("record", "keep"):
        value, gradient = value_and_grad(f, control=control)(x)  # type: ignore[call-overload]
        assert_identical(value, f(x))
        assert_identical(gradient, 2.0 * x)


def test_of_constants_and_in_one_another() -> None:
    def f(x: Any) -> Any:
        first, second = PAIR(np.array([1.0, 2.0]))
        return np.sum(SQUARE(SQUARE(x[0] * first[1])) if np.ndim(x) == 1 else x[0]) + x[1] * second[1]

    assert_identical(grad(f)(np.array([0.5, 3.0])), np.array([16 * 4 * 0.125, 4.0]))
