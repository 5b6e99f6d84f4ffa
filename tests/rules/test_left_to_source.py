"""What a rule does not cover of a function is refused, or left to the source of the function where that is followed."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.fft
import scipy.ndimage

from s2sad import MissingRule, grad
from tests.oracles import assert_close

A = np.array([1.0, 2.0, 4.0, 3.0])


def test_a_parameter_that_has_a_rule_at_its_default_alone_is_refused_at_another_value() -> None:
    with pytest.raises(MissingRule, match="no rule for the argument 'output'"):
        grad(lambda x: np.sum(scipy.ndimage.uniform_filter(x, output=np.zeros(4))))(A)


def test_it_is_not_noticed_where_its_default_is_said() -> None:
    assert_close(grad(lambda x: np.sum(scipy.ndimage.laplace(x, output=None, mode="wrap")))(A), np.zeros(4))


def test_a_derivative_that_a_rule_does_not_have_is_left_to_the_source() -> None:
    blurred = lambda sigma: scipy.ndimage.gaussian_filter1d(A, sigma)[0]
    assert_close(grad(blurred)(1.1), float(blurred(1.1 + 1e-6) - blurred(1.1 - 1e-6)) / 2e-6, rtol=1e-7)


def test_holes_that_scipy_does_not_look_at_are_refused() -> None:
    with pytest.raises(MissingRule, match="in the holes of a footprint"):
        grad(lambda x: np.sum(scipy.ndimage.median_filter(x, footprint=[1, 1, 0, 1])))(np.array([0.3, 1.2, -0.5, 2.0, 0.9, 1.7]))
