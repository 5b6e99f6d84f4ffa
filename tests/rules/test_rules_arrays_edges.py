"""Conventions of the rules for arrays at edges, by exact value: ties, zeros, singular matrices, empty arrays."""
from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad
from s2sad.errors import MissingRule
from s2sad.rules.language import BY_NAME
from tests.rules.test_rules_arrays import NARROW, contribution, cotangent_like, unbroadcast

pytestmark = pytest.mark.sampled(1)  # all of them: each is of another function


def pull(name: str, parameter: str, *args: Any, g: Any = 1.0, **kwargs: Any) -> Any:
    """The contribution of one call of a rule, as the engine would take it."""
    primitive = BY_NAME[name]
    bound = primitive.bind(args, kwargs)
    found = contribution(primitive, primitive.pullbacks[parameter], bound, primitive.evaluate(bound), g)
    return unbroadcast(found, bound[primitive.index(parameter)])


@pytest.mark.parametrize("name", sorted(NARROW))
def test_narrow_casts_pass_the_cotangent_on(name: str) -> None:
    g = np.array([1.5, -2.0])
    np.testing.assert_array_equal(pull(name, "x", np.array([0.5, 3.0]), g=g), g)


@pytest.mark.parametrize("name", ["np.max", "np.amax", "np.nanmax"])
def test_maximum_shares_ties_evenly(name: str) -> None:
    tied = np.array([[1.0, 3.0, 3.0], [2.0, 2.0, 2.0]])
    np.testing.assert_array_equal(pull(name, "a", tied), [[0.0, 0.5, 0.5], [0.0, 0.0, 0.0]])
    np.testing.assert_array_equal(pull(name, "a", tied, axis=1, g=np.array([2.0, 3.0])), [[0, 1, 1], [1, 1, 1]])
    np.testing.assert_array_equal(pull(name, "a", np.array([1.0, 4.0]), initial=4.0), [0.0, 0.5])
    assert pull(name, "initial", np.array([1.0, 4.0]), initial=4.0) == 0.5


@pytest.mark.parametrize("name", ["np.min", "np.amin", "np.nanmin"])
def test_minimum_shares_ties_evenly(name: str) -> None:
    np.testing.assert_array_equal(pull(name, "a", np.array([1.0, 1.0, 3.0])), [0.5, 0.5, 0.0])


def test_peak_to_peak_and_median_share_ties_evenly() -> None:
    np.testing.assert_array_equal(pull("np.ptp", "a", np.array([1.0, 1.0, 3.0])), [-0.5, -0.5, 1.0])
    np.testing.assert_array_equal(pull("np.median", "a", np.array([2.0, 2.0, 1.0])), [0.5, 0.5, 0.0])
    np.testing.assert_array_equal(pull("np.median", "a", np.array([4.0, 1.0, 2.0, 3.0])), [0.0, 0.0, 0.5, 0.5])


@pytest.mark.parametrize("name", [f"np.nan{kind}" for kind in ("sum", "mean", "prod", "var", "std", "max", "min")])
@pytest.mark.parametrize("axis", [None, 0, 1])
def test_nan_entries_get_an_exact_zero(name: str, axis: int | None) -> None:
    holes = np.array([[1.5, np.nan, -0.5], [2.0, 0.25, np.nan], [0.5, 1.0, 4.0]])
    ans = np.asarray(BY_NAME[name].evaluate(BY_NAME[name].bind((holes,), {"axis": axis})))
    found = pull(name, "a", holes, axis=axis, g=np.ones(ans.shape))
    np.testing.assert_array_equal(found[np.isnan(holes)], 0.0)
    assert np.isfinite(found).all()


def test_standard_deviation_of_equal_entries_has_derivative_zero() -> None:
    np.testing.assert_array_equal(pull("np.std", "a", np.full(4, 2.0)), np.zeros(4))
    np.testing.assert_array_equal(pull("np.std", "a", np.full((2, 3), 2.0), axis=1, g=np.ones(2)), np.zeros((2, 3)))


@pytest.mark.parametrize("order", [None, 1, 2, 3, 1.5, np.inf])
def test_norm_of_the_zero_vector_has_derivative_zero(order: Any) -> None:
    np.testing.assert_array_equal(pull("np.linalg.norm", "x", np.zeros(3), order), np.zeros(3))
    found = pull("np.linalg.norm", "x", np.zeros((2, 3)), order, axis=1, g=np.ones(2))
    np.testing.assert_array_equal(found, np.zeros((2, 3)))


@pytest.mark.parametrize("order", [None, "fro", "nuc", 1, 2, -2, np.inf])
def test_norm_of_the_zero_matrix_has_derivative_zero(order: Any) -> None:
    np.testing.assert_array_equal(pull("np.linalg.norm", "x", np.zeros((2, 3)), order), np.zeros((2, 3)))


def test_norm_ties_share_evenly() -> None:
    np.testing.assert_array_equal(pull("np.linalg.norm", "x", np.array([-3.0, 3.0, 1.0]), np.inf), [-0.5, 0.5, 0.0])
    np.testing.assert_allclose(pull("np.linalg.norm", "x", np.eye(2), 2), np.eye(2) / 2, atol=1e-15)


@pytest.mark.parametrize(
    ("entries", "expected"), [([0.0, 2.0, 5.0], [10, 0, 0]), ([0.0, 2.0, 0.0], [0, 0, 0]), ([0.0], [1])]
)
def test_product_with_zeros(entries: list[float], expected: list[float]) -> None:
    np.testing.assert_array_equal(pull("np.prod", "a", np.array(entries)), expected)


def test_second_derivative_of_a_product_with_zeros() -> None:
    # The Hessian of x y z is the product of the third: contracted with (1, 1, 1) at (0, 0, 5) it gives (5, 5, 0).
    found = pull("product_of_others", "a", np.array([0.0, 0.0, 5.0]), g=np.ones(3))
    np.testing.assert_array_equal(found, [5.0, 5.0, 0.0])


def test_running_product_with_zeros() -> None:
    x = np.array([2.0, 0.0, 3.0, 0.0])
    np.testing.assert_array_equal(pull("np.cumprod", "a", x, g=np.ones(4)), [1.0, 8.0, 0.0, 0.0])


def test_a_cotangent_of_zero_hides_a_product_that_overflows() -> None:
    x = np.array([2.0, 3.0, 1e300, 1e300, 1.0])
    with np.errstate(over="ignore", invalid="ignore"):
        found = pull("np.cumprod", "a", x, g=np.array([1.0, 1.0, 0.0, 0.0, 0.0]))
    np.testing.assert_array_equal(found[:2], [4.0, 2.0])


def test_determinant_of_singular_matrices() -> None:
    a = np.array([[1.0, 2.0], [2.0, 4.0]])
    np.testing.assert_allclose(pull("np.linalg.det", "a", a), [[4.0, -2.0], [-2.0, 1.0]], atol=1e-14)
    np.testing.assert_array_equal(pull("np.linalg.det", "a", np.zeros((2, 2))), np.zeros((2, 2)))
    # det of a 2 by 2 matrix is a00 a11 - a01 a10: its Hessian does not depend on the matrix.
    found = pull("cofactors", "a", np.zeros((2, 2)), g=np.array([[1.0, 2.0], [3.0, 5.0]]))
    np.testing.assert_allclose(found, [[5.0, -3.0], [-2.0, 1.0]], atol=1e-14)


def test_reading_an_entry_twice_adds_both_cotangents() -> None:
    found = pull("getitem", "a", np.array([1.0, 2.0, 3.0]), np.array([1, 1, -1]), g=np.array([1.0, 2.0, 4.0]))
    np.testing.assert_array_equal(found, [0.0, 3.0, 4.0])


@pytest.mark.parametrize("name", ["np.sum", "np.mean", "np.prod", "np.max", "np.var", "np.std"])
def test_reductions_of_nothing(name: str) -> None:
    args = (np.zeros((0, 3)),)
    kwargs = {"initial": 1.0} if name == "np.max" else {"axis": 1}
    ans = np.asarray(BY_NAME[name].evaluate(BY_NAME[name].bind(args, kwargs)))
    assert pull(name, "a", *args, g=np.ones(ans.shape), **kwargs).shape == (0, 3)


@pytest.mark.parametrize(
    ("name", "args", "kwargs"),
    [
        ("np.ravel", (np.ones((2, 2)),), {"order": "K"}),
        ("np.split", (np.ones(5), [3, 1]), {}),
        ("np.linalg.qr", (np.ones((4, 2)),), {"mode": "raw"}),
    ],
)
def test_forms_without_a_rule_are_refused(name: str, args: Any, kwargs: Any) -> None:
    primitive = BY_NAME[name]
    bound = primitive.bind(args, kwargs)
    ans = primitive.evaluate(bound)
    parameter = next(iter(primitive.pullbacks))
    with pytest.raises(MissingRule):
        contribution(primitive, primitive.pullbacks[parameter], bound, ans, cotangent_like(ans))


@pytest.mark.parametrize("method", [
    lambda x: np.maximum.accumulate(x), lambda x: np.hypot.accumulate(x, 0), lambda x: np.logaddexp.accumulate(x, axis=-1),
    lambda x: np.add.reduceat(x, np.zeros(0, int)), lambda x: np.subtract.reduceat(x, [], axis=1),
])  # fmt: skip
@pytest.mark.parametrize("shape", [(0, 2), (2, 0)])
def test_methods_of_ufuncs_of_nothing(method: Any, shape: tuple[int, int]) -> None:
    def f(x: Any) -> Any:
        return np.sum(method(x))

    value, slope = value_and_grad(f)(np.zeros(shape))
    assert value == 0.0
    assert slope.shape == shape


@pytest.mark.filterwarnings("ignore:Arrays of 2-dim")
def test_a_cross_product_with_a_vector_of_two_components_is_refused() -> None:
    def turned(x: Any) -> Any:
        return np.sum(np.cross(x, [1.0, 2.0, 3.0]))

    try:
        turned(np.ones(2))
    except ValueError as error:  # NumPy 2.5 has no such products itself
        expected: tuple[type[Exception], str] = ValueError, str(error)
    else:
        expected = MissingRule, "np.cross has a rule for vectors of three components"
    with pytest.raises(expected[0], match=re.escape(expected[1])):
        value_and_grad(turned)(np.ones(2))
