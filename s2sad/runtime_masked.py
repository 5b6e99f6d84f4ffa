"""The product of a cotangent and a partial derivative where a mask has made the cotangent an exact zero."""
from __future__ import annotations

from math import isfinite
from typing import Any

import numpy as np


def masked_product(cotangent: Any, partial: Any) -> Any:
    """`cotangent * partial`, and an exact 0 where the cotangent is 0, whatever the partial: also infinite or NaN.

    Shapes broadcast and dtypes promote as in the product; two numbers give a number.

    >>> masked_product(np.array([0.0, 2.0, 0.0]), np.array([np.inf, 3.0, np.nan]))
    array([0., 6., 0.])
    >>> masked_product(0.0, float("inf"))
    0.0
    """
    if not isinstance(partial, np.ndarray):
        if not isinstance(cotangent, np.ndarray) or cotangent.ndim == 0:
            return cotangent * (partial if cotangent or isfinite(abs(partial)) else type(partial)(0))
    elif partial.dtype.kind == "f":
        flat = partial.ravel()
        if isfinite(flat.dot(flat)):  # the quick way to see that all partials are finite
            return cotangent * partial
    if np.ndim(cotangent) == 0 and np.ndim(partial) == 0:
        return cotangent * kept_partial(cotangent, partial)
    with np.errstate(invalid="ignore"):
        product = np.multiply(cotangent, partial)
    zeros = np.equal(cotangent, 0)
    return np.where(zeros, product.dtype.type(0), product) if zeros.any() else product


def kept_partial(cotangent: Any, partial: Any) -> Any:
    """The factor that `masked_product` multiplies by: the partial, and 0 where it is not finite and the cotangent is 0.

    It has the shape of the product.

    >>> kept_partial(np.array([0.0, 0.0, 2.0]), np.array([np.inf, 3.0, np.inf]))
    array([ 0.,  3., inf])
    """
    if np.ndim(cotangent) == 0 and np.ndim(partial) == 0:
        factor = partial[()] if isinstance(partial, np.ndarray) else partial
        return factor if cotangent or np.isfinite(factor) else type(factor)(0)
    dropped = np.equal(cotangent, 0) & ~np.isfinite(partial)
    return np.where(dropped, np.asarray(partial).dtype.type(0), partial)
