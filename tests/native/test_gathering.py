"""What is added to several parts of an array, each shifted: one sum of shifted reads, where each value fills its part."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.native.plainly import uncompiled_fixture  # noqa: F401
from tests.native.test_emitted import agree, source_of

pytest.importorskip("numba")

X = np.random.default_rng(12).normal(size=9)


def added_twice(x: Any, v: Any) -> Any:
    y = x.copy()
    y[1:6] += v
    y[2:7] += v
    return np.sum(y * y)


@pytest.mark.parametrize("v, gathered", [(np.arange(5.0), True), (np.ones(1), False)])
def test_one_element_that_is_added_to_many_is_not_one_of_a_shifted_array(v: Any, gathered: bool, uncompiled: None) -> None:
    agree(added_twice, (X, v), argnums=(0, 1))
    assert ("v_1[i + 1] + v_1[i]" in source_of(added_twice, X, v)) == gathered
