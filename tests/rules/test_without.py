"""What of NumPy has no derivative is refused with the reason."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import grad
from s2sad.errors import MissingRule


@pytest.mark.parametrize(
    ("function", "why"),
    [
        (lambda x: np.sum(np.matrix(x)), "the operators of a matrix are not those of arrays; use np.block or np.asarray"),
        (lambda x: np.sum(np.lib.stride_tricks.as_strided(x, (2,))), "it reads memory by strides; use sliding_window_view, np.reshape or"),
        (lambda x: sum([v * v for v in np.nested_iters(x, [[0]])[0]]), "it makes several np.nditer at once; use np.nditer or"),
        (lambda x: np.sum(np.frombuffer(x)), "it reads memory of another object"),
        (lambda x: float(np.isfortran(x)), "it tells the memory layout of an array"),
        (lambda x: np.sum(np.array([1.0, 2.0], dtype=np.min_scalar_type(x))), "it is about dtypes"),
    ],
)
def test_a_refusal_says_why(function: Any, why: str) -> None:
    with pytest.raises(MissingRule, match=why):
        grad(function)(np.array([1.0, 3.0]))
