"""Shapes and dtypes of what summarises samples along axes; whole numbers are taken as floats."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.types.arrays import Array, dtype_of, shape_of
from s2sad.types.families import broadcast
from s2sad.types.given import one_or_array
from s2sad.types.reductions import gathered


def _float(*values: Any) -> Any:
    """The dtype of arrays together; numbers of Python go along."""
    kinds = [dtype_of(v) for v in values if isinstance(v, (Array, np.ndarray, np.generic))]
    found = np.result_type(*kinds) if kinds else np.dtype(float)
    return found if found.kind == "f" else np.dtype(float)


def summary(a: Any, axis: Any, keepdims: Any) -> Any:
    return one_or_array(_float(a), gathered(shape_of(a), axis, keepdims))


def range_of(x: Any, axis: Any, keepdims: Any) -> Any:
    return summary(x, axis, keepdims)


def weighed(a: Any, axis: Any, weights: Any, keepdims: Any) -> Any:
    return one_or_array(_float(a) if weights is None else _float(a, weights), gathered(shape_of(a), axis, keepdims))


def moments(a: Any, order: Any, axis: Any, keepdims: Any) -> Any:
    return one_or_array(_float(a), (*shape_of(order), *gathered(shape_of(a), axis, keepdims)))


def standardised(scores: Any, compare: Any) -> Any:
    return one_or_array(_float(scores, compare), broadcast(shape_of(scores), shape_of(compare)))


def same(a: Any) -> Any:
    return one_or_array(_float(a), shape_of(a))
