"""Shapes of the coefficients of polynomials, and of their roots."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.types.arrays import Array, dtype_of, shape_of
from s2sad.types.questions import undecided


def roots(p: Any) -> Any:
    """Their number and their dtype depend on the coefficients."""
    raise undecided("whether the roots of a polynomial are real")


def of_zeros(seq_of_zeros: Any) -> Array:
    """The dtype is that of the roots, complex ones that are not in pairs."""
    shape = shape_of(seq_of_zeros)
    if dtype_of(seq_of_zeros).kind == "c":
        raise undecided("whether complex roots are in pairs")
    if shape[0] == 0:
        raise undecided("whether there are roots")
    return Array(np.poly(np.ones(1, dtype_of(seq_of_zeros))).dtype, (shape[0] + 1,))


def powers(x: Any, N: Any) -> Array:
    """A row for each number."""
    (count,) = shape_of(x)
    return Array(np.promote_types(dtype_of(x), int), (count, count if N is None else N))
