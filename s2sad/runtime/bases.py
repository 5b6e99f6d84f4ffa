"""What the derivatives of eigenvectors and singular vectors are made with: equal values leave their vectors open."""
from __future__ import annotations

import sys
import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]


def inverse_gaps(w: ArrayLike) -> Array:
    """`1 / (w[j] - w[i])` for each pair, and 0 where two are equal up to rounding.

    >>> inverse_gaps(np.array([1.0, 3.0, 3.0]))
    array([[ 0. ,  0.5,  0.5],
           [-0.5,  0. ,  0. ],
           [-0.5,  0. ,  0. ]])
    """
    values = np.asarray(w)
    gaps = values[..., None, :] - values[..., :, None]
    rounding = 8 * values.shape[-1] * np.finfo(values.dtype).eps
    equal = np.abs(gaps) <= rounding * np.max(np.abs(values), axis=-1, initial=0.0)[..., None, None]
    return np.where(equal, 0.0, 1.0 / np.where(equal, 1.0, gaps))


def between_vectors(values: ArrayLike, gaps: ArrayLike, x: Any = None) -> Array:
    """`values` on the diagonal and `gaps * x` beside it: how much turning each vector to another counts.

    Vectors of equal values may be turned to one another at will. The derivative leaves that out, which is right for what depends on the
    space alone that they span. What depends on more gets a RuntimeWarning.

    >>> between_vectors(np.array([1.0, 2.0]), np.array([[0.0, 0.5], [-0.5, 0.0]]), np.ones((2, 2)))
    array([[ 1. ,  0.5],
           [-0.5,  2. ]])
    """
    own, inverse = np.asarray(values), np.asarray(gaps)
    n = own.shape[-1]
    if n and _depends(own, inverse, x):
        _warn("eigenvalues or singular values are equal: of their vectors, the derivative counts the space alone that these span")
    diagonal = own[..., None] * np.eye(n, dtype=own.dtype)
    return np.asarray(diagonal if x is None else diagonal + inverse * x)


def settled(x: ArrayLike, free: ArrayLike) -> Array:
    """`x`, with a RuntimeWarning if something that is left open counts, in that `free` is not zero."""
    given = np.asarray(x)
    if not np.all(np.abs(free) <= _rounding(given) * np.max(np.abs(given), initial=1.0)):
        _warn("the vectors that complete a basis are counted by the space alone that they span")
    return given


def _depends(values: Array, gaps: Array, x: Any) -> bool:
    """Whether a derivative depends on how vectors of equal values lie in the space that they span, or on their phase."""
    n = values.shape[-1]
    equal = (gaps == 0) & ~np.eye(n, dtype=bool)
    hermitian = values.dtype.kind == "f"  # so that phases are free
    if not np.any(equal) and not (hermitian and np.iscomplexobj(x)):
        return False
    turned = np.zeros((n, n)) if x is None else np.asarray(x)
    least = _rounding(values) * max(np.max(np.abs(turned), initial=0.0), np.max(np.abs(values), initial=0.0))
    apart = np.abs(values[..., None, :] - values[..., :, None])
    phases = np.imag(np.diagonal(turned, 0, -2, -1)) if hermitian else 0.0
    return bool(np.any(equal & ((np.abs(turned) > least) | (apart > least))) or np.any(np.abs(phases) > least))


def _rounding(x: Array) -> float:
    return float(np.finfo(x.dtype).eps) ** 0.5 if x.dtype.kind in "fc" else 1e-8


def _warn(message: str) -> None:
    """Warn at the line that has asked for the derivative."""
    frame = sys._getframe(1)
    while frame.f_back is not None and (frame.f_globals.get("__name__") or "s2sad").partition(".")[0] == "s2sad":
        frame = frame.f_back
    names = frame.f_globals
    registry = names.setdefault("__warningregistry__", {})
    warnings.warn_explicit(message, RuntimeWarning, frame.f_code.co_filename, frame.f_lineno, names.get("__name__"), registry)
