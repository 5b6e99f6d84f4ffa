"""Types of what Python's functions make of numbers, of which the class alone is known."""
from __future__ import annotations

import cmath
import contextlib
import math
from typing import Any

import numpy as np
import pytest

from s2sad.rules.language import BY_FUNCTION
from s2sad.rules.results import result
from s2sad.types.arrays import Array
from s2sad.types.families import ONE_ELEMENT_PASSES
from s2sad.types.polynomials import Symbol
from s2sad.types.sizes import Size

n = Size.of(Symbol("n", 5, 2))


@pytest.mark.parametrize("function, given, kind", [
    (math.atanh, [1.0], float), (math.acosh, [0.5], float), (math.log, [1.0, (1.0,)], float), (math.log, [0.0, ()], float),
    (cmath.log, [0j, ()], complex), (math.sqrt, [-1.0], float), (cmath.phase, [1j], float), (math.hypot, [(1.0, 2)], float),
    (math.gamma, [n], float), (math.floor, [1.5], int), (math.isnan, [Array(float, ())], bool), (math.gcd, [(n, 3)], int),
    (math.exp, [Array(float, ())], float),
])  # fmt: skip
def test_a_number_that_stands_for_others_need_not_be_in_the_domain(function: Any, given: list[Any], kind: type) -> None:
    assert type(result(BY_FUNCTION[function], given)) is kind


def test_a_whole_number_stays_the_size_that_it_is() -> None:
    assert result(BY_FUNCTION[math.ceil], [n]) is n


def test_pairs_of_numbers() -> None:
    assert [type(part) for part in result(BY_FUNCTION[math.frexp], [Array(float, ())])] == [float, int]
    assert [type(part) for part in result(BY_FUNCTION[cmath.polar], [1j])] == [float, float]


def test_an_array_of_one_element_is_a_number_where_numpy_takes_it_for_one() -> None:
    with contextlib.nullcontext() if ONE_ELEMENT_PASSES else pytest.raises(TypeError):
        assert type(result(BY_FUNCTION[math.exp], [Array(float, (1, 1))])) is float


def test_an_array_of_several_elements_is_no_number() -> None:
    with pytest.raises(TypeError, match=r"of shape \(2,\) is no number"):
        result(BY_FUNCTION[math.sin], [Array(np.float64, (2,))])
