"""A slot that is masked out gets an exact zero, also where its local derivative is infinite, at both orders."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import grad, tape
from tests.rules.test_conventions import gradients, holds

pytestmark = pytest.mark.filterwarnings(
    "ignore::s2sad.errors.NonFiniteWarning",
    "ignore:divide by zero:RuntimeWarning",
    "ignore:invalid value:RuntimeWarning",
)

MASKED: dict[str, Callable[[Any], Any]] = {
    "where": lambda x: np.where(x > 0, np.sqrt(x), 0.0),
    "where, other side": lambda x: np.where(x <= 0, 0.0, np.log(x)),
    "where, chain": lambda x: np.where(x > 0, np.exp(np.sqrt(x) * 2.0) / x, x * 0.0),
    "where, power": lambda x: np.where(x > 0, x**0.5, 0.0),
    "where, quotient": lambda x: np.where(x > 0, 1.0 / x, 0.0),
    "where, hyperbolic": lambda x: np.where(x > 0, np.arccosh(1.0 + x), 0.0),
    "select": lambda x: np.select([x > 1.0, x > 0.0], [x * x, np.sqrt(x)], 0.0),
    "maximum": lambda x: np.maximum(np.sqrt(x) - 1.0, 0.0),
    "index": lambda x: np.sqrt(x)[x > 0],
    "sum with where": lambda x: np.atleast_1d(np.sum(np.sqrt(x), where=x > 0)),
    "product of masks": lambda x: np.where(x > 0, np.where(x > 1.0, np.log(x), np.sqrt(x)), 0.0),
    "clip": lambda x: np.clip(np.sqrt(x), 0.5, 9.0),
}  # fmt: skip


@pytest.mark.parametrize("name", MASKED)
def test_masked_slots_get_an_exact_zero(name: str) -> None:
    """Entries at 0 are masked out; the others have the gradient they have alone."""
    function, x = MASKED[name], np.array([0.0, 4.0, 0.0, 0.25, 9.0])
    alone = x > 0

    def total(x):
        return np.sum(function(x) * 3.0)

    wanted = np.zeros(5)
    wanted[alone] = tape.gradient(total, (x[alone],))[1]
    assert np.all(np.isfinite(wanted))
    for found in gradients(total, x):
        np.testing.assert_array_equal(found[~alone], 0.0)
        np.testing.assert_allclose(found, wanted, rtol=1e-14)


@pytest.mark.parametrize("name", [n for n in MASKED if n not in ("maximum", "clip")])
def test_masked_slots_at_second_order(name: str) -> None:
    function, x = MASKED[name], np.array([0.0, 4.0, 0.25])

    def slope_sum(x):
        return np.sum(grad(lambda x: np.sum(function(x)))(x) * np.array([2.0, 1.0, 3.0]))

    wanted = np.zeros(3)
    wanted[1:] = tape.gradient(
        lambda x: np.sum(grad(lambda x: np.sum(function(x)))(x) * np.array([1.0, 3.0])), (x[1:],)
    )[1]
    for found in gradients(slope_sum, x):
        assert found[0] == 0.0
        np.testing.assert_allclose(found, wanted, rtol=1e-13)


def test_a_masked_slot_whose_value_is_nan() -> None:
    x = np.array([-1.0, 4.0])
    holds(lambda x: np.sum(np.where(x > 0, np.sqrt(x), 0.0)), x, gives=np.array([0.0, 0.25]))
    holds(lambda x: np.sum(np.where(np.isnan(np.log(x)), 0.0, np.log(x))), x, gives=np.array([0.0, 0.25]))
